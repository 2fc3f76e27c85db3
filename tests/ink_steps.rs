//! The steps from strokes to 28x28 are those of the image: each is what the next one is made of.
#![cfg(not(target_arch = "wasm32"))]

use inkling::ink::{BOX, PEN, SIDE, Steps, Stroke, image, steps};
use proptest::prelude::*;

/// Strokes anywhere, of any size.
fn strokes() -> impl Strategy<Value = Vec<Stroke>> {
    let points = prop::collection::vec([-3.0..9.0f32, -100.0..0.5f32], 1..30);
    prop::collection::vec(points.prop_map(|points| Stroke { points }), 1..4)
}

/// The image is the box's levels at the offset, and black around them.
fn assert_pasted(steps: &Steps) {
    let [across, down] = steps.offset;
    for (i, &pixel) in steps.image.iter().enumerate() {
        let (column, row) = ((i % SIDE).wrapping_sub(across), (i / SIDE).wrapping_sub(down));
        let expected = if column < BOX && row < BOX { steps.levels[row * BOX + column] } else { 0 };
        assert_eq!(pixel, expected, "pixel {i}, offset {:?}", steps.offset);
    }
}

proptest! {
    #[test]
    fn the_steps_lead_to_the_image(strokes in strokes()) {
        let steps = steps(&strokes).expect("it has ink");
        prop_assert_eq!(Some(steps.image), image(&strokes));
        assert_pasted(&steps);
        for (center, offset) in steps.center.into_iter().zip(steps.offset) {
            let at = center + offset as f64;
            let stopped = offset == 0 || offset == SIDE - BOX;
            prop_assert!((at > 14.0 && at <= 15.02) || stopped, "centre of mass {center} moved to {at}");
        }
    }

    #[test]
    fn a_path_leads_back_to_what_was_drawn(strokes in strokes()) {
        let steps = steps(&strokes).expect("it has ink");
        prop_assert_eq!(steps.paths.len(), strokes.len());
        for (path, stroke) in steps.paths.iter().zip(&strokes) {
            // The first point of a stroke is always kept.
            let (back, drawn) = (steps.placement.to_drawing(path[0]), stroke.points[0]);
            for axis in 0..2 {
                prop_assert!((back[axis] - f64::from(drawn[axis])).abs() < 1e-6, "{back:?} for {drawn:?}");
            }
        }
    }
}

#[test]
fn the_box_on_the_drawing_is_the_square_that_just_holds_it() {
    // 4 wide and 16 high: with the pen, whose 2.5 of 20 pixels are as much of the drawing, 16 / 17.5 * 20.
    let drawing = [Stroke { points: vec![[10.0, 100.0], [14.0, 116.0]] }];
    let steps = steps(&drawing).expect("it has ink");
    let rows: Vec<f64> = steps.paths.iter().flatten().map(|point| point[1]).collect();
    assert_eq!((rows[0], rows[1]), (PEN / 2.0, BOX as f64 - PEN / 2.0), "the ink touches the box above and below");
    let (from, to) = (steps.placement.to_drawing([0.0; 2]), steps.placement.to_drawing([BOX as f64; 2]));
    let side = 16.0 / 17.5 * 20.0;
    for (got, expected) in [(from, [12.0 - side / 2.0, 108.0 - side / 2.0]), (to, [12.0 + side / 2.0, 108.0 + side / 2.0])] {
        for axis in 0..2 {
            assert!((got[axis] - expected[axis]).abs() < 1e-9, "{got:?}, expected {expected:?}");
        }
    }
}

#[test]
fn a_tap_has_its_steps_and_nothing_has_none() {
    let tap = steps(&[Stroke { points: vec![[0.25, 0.75]] }]).expect("it has ink");
    assert_eq!(tap.paths, [[[10.0, 10.0]]]);
    assert_eq!(tap.placement.to_drawing([0.0, 20.0]), [0.25, 0.75]);
    assert_pasted(&tap);
    assert_eq!(steps(&[Stroke { points: vec![[f32::NAN, 0.0]] }]), None);
}
