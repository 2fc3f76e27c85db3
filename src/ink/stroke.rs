//! One pen stroke, as the pointer or a file gave it: any unit, any number, nothing checked.

use serde::{Deserialize, Serialize};

/// What a pen drew between touching and leaving the paper.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Stroke {
    /// Points `[x, y]` in the order they were drawn, in any unit; `y` grows downwards.
    pub points: Vec<[f32; 2]>,
}
