//! One pen stroke, as the pointer or a file gave it: any unit, any number, nothing checked.

/// What a pen drew between touching and leaving the paper.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Stroke {
    /// Points `[x, y]` in the order they were drawn, in any unit; `y` grows downwards.
    pub points: Vec<[f32; 2]>,
}
