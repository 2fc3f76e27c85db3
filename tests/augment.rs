//! Random changes of images: they stay within what was asked, go both ways, and depend on nothing but the draw.
#![cfg(not(target_arch = "wasm32"))]

use inkling::data::{Augmentation, Draw, augment};

const SIDE: usize = 28;
const DRAWS: u32 = 500;

fn draw(image: u32) -> Draw {
    Draw { seed: 5, epoch: 3, image }
}

fn changed(image: &[u8], by: Augmentation, draw: Draw) -> Vec<u8> {
    let mut out = vec![7; image.len()];
    augment(image, &mut out, by, draw);
    out
}

fn image(ink: impl Fn(f32, f32) -> f32) -> Vec<u8> {
    (0..SIDE * SIDE).map(|i| ink((i % SIDE) as f32 - 13.5, (i / SIDE) as f32 - 13.5) as u8).collect()
}

/// A soft ellipse, 10 wide and 5 high, a little beside the middle.
fn blob() -> Vec<u8> {
    image(|x, y| 255.0 * (-((x - 1.0) / 5.0).powi(2) - (y / 2.5).powi(2)).exp())
}

/// Ink, its mean place, and its spread: variances of x and y, and their covariance.
fn moments(image: &[u8]) -> (f64, [f64; 2], [f64; 3]) {
    let sum = |f: &dyn Fn(f64, f64) -> f64| -> f64 {
        let at = |i: usize| f((i % SIDE) as f64 - 13.5, (i / SIDE) as f64 - 13.5);
        image.iter().enumerate().map(|(i, ink)| f64::from(*ink) * at(i)).sum()
    };
    let ink = sum(&|_, _| 1.0);
    let [x, y] = [sum(&|x, _| x) / ink, sum(&|_, y| y) / ink];
    let spread = [sum(&|u, _| (u - x).powi(2)) / ink, sum(&|_, v| (v - y).powi(2)) / ink, sum(&|u, v| (u - x) * (v - y)) / ink];
    (ink, [x, y], spread)
}

/// Least, mean and greatest of a number over many draws.
fn over_draws(by: Augmentation, number: impl Fn(&[u8]) -> f64) -> (f64, f64, f64) {
    let all: Vec<f64> = (0..DRAWS).map(|i| number(&changed(&blob(), by, draw(i)))).collect();
    let mean = all.iter().sum::<f64>() / f64::from(DRAWS);
    (all.iter().copied().fold(f64::INFINITY, f64::min), mean, all.iter().copied().fold(f64::NEG_INFINITY, f64::max))
}

/// The numbers fill a range evenly: they come near both ends, pass neither, and their mean is the middle.
fn assert_even((least, mean, greatest): (f64, f64, f64), low: f64, high: f64, slack: f64) {
    let range = high - low;
    assert!(low - slack <= least && least <= low + 0.05 * range, "least {least}, should be {low}");
    assert!(high - 0.05 * range <= greatest && greatest <= high + slack, "greatest {greatest}, should be {high}");
    assert!((mean - (low + high) / 2.0).abs() <= 0.07 * range, "mean {mean} of {low} to {high}");
}

#[test]
fn nothing_asked_nothing_changed() {
    assert_eq!(changed(&blob(), Augmentation::NONE, draw(1)), blob());
}

#[test]
fn a_change_depends_on_seed_epoch_and_image_alone() {
    let by = Augmentation { shift: 3.0, elastic: 4.0, ..Augmentation::NONE };
    let first = changed(&blob(), by, draw(1));
    assert_eq!(first, changed(&blob(), by, draw(1)));
    for other in [draw(2), Draw { seed: 6, ..draw(1) }, Draw { epoch: 4, ..draw(1) }, Draw { seed: 3, epoch: 5, image: 1 }] {
        assert_ne!(first, changed(&blob(), by, other), "{other:?}");
    }
}

#[test]
fn shifts_go_evenly_to_all_sides() {
    let by = Augmentation { shift: 3.0, ..Augmentation::NONE };
    assert_even(over_draws(by, |image| moments(image).1[0]), -2.0, 4.0, 0.02);
    assert_even(over_draws(by, |image| moments(image).1[1]), -3.0, 3.0, 0.02);
}

#[test]
fn sizes_are_between_smallest_and_largest() {
    let by = Augmentation { scale: [0.5, 1.2], ..Augmentation::NONE };
    let (_, _, [across, ..]) = moments(&blob());
    assert_even(over_draws(by, |image| (moments(image).2[0] / across).sqrt()), 0.5, 1.2, 0.03);
    let ratio = |image: &[u8]| (moments(image).2[0] / moments(image).2[1]).ln();
    let (least, mean, greatest) = over_draws(by, ratio);
    assert!(greatest - least < 0.15, "size alone changes no proportion: {least}, {mean}, {greatest}");
}

#[test]
fn stretching_changes_the_proportion_both_ways() {
    let by = Augmentation { stretch: 0.25, ..Augmentation::NONE };
    let proportion = |image: &[u8]| (moments(image).2[0] / moments(image).2[1]).sqrt();
    let (own, (least, _, greatest)) = (proportion(&blob()), over_draws(by, proportion));
    assert!((least / own - 1.0 / 1.5625).abs() < 0.04, "{least} of {own}");
    assert!((greatest / own - 1.5625).abs() < 0.04, "{greatest} of {own}");
}

#[test]
fn rotation_and_slant_turn_both_ways() {
    let angle = |image: &[u8]| {
        let (_, _, [across, down, both]) = moments(image);
        (2.0 * both).atan2(across - down) / 2.0
    };
    let turned = Augmentation { rotation: 0.5, ..Augmentation::NONE };
    assert_even(over_draws(turned, angle), -0.5, 0.5, 0.01);
    // x moves by a share of y: the covariance is that share of the variance of y.
    let slanted = Augmentation { shear: 0.3, ..Augmentation::NONE };
    assert_even(over_draws(slanted, |image| moments(image).2[2] / moments(image).2[1]), -0.3, 0.3, 0.01);
}

/// Of each pixel and its four neighbours the darkest, or the lightest.
fn cross(image: &[u8], pick: fn(u8, u8) -> u8) -> Vec<u8> {
    let at = |x: i32, y: i32| {
        let inside = (0..SIDE as i32).contains(&x) && (0..SIDE as i32).contains(&y);
        if inside { image[y as usize * SIDE + x as usize] } else { 0 }
    };
    let pixel = |i: i32| {
        let (x, y) = (i % SIDE as i32, i / SIDE as i32);
        [at(x - 1, y), at(x + 1, y), at(x, y - 1), at(x, y + 1)].into_iter().fold(at(x, y), pick)
    };
    (0..(SIDE * SIDE) as i32).map(pixel).collect()
}

#[test]
fn strokes_become_wider_and_narrower_by_a_pixel_at_most() {
    let by = Augmentation { thickness: 1.0, ..Augmentation::NONE };
    let (thin, thick) = (cross(&blob(), u8::min), cross(&blob(), u8::max));
    let ink = |image: &[u8]| image.iter().map(|ink| f64::from(*ink)).sum::<f64>();
    for i in 0..DRAWS {
        let image = changed(&blob(), by, draw(i));
        assert!(image.iter().zip(thin.iter().zip(&thick)).all(|(ink, (least, most))| (least..=most).contains(&ink)));
    }
    let (least, _, greatest) = over_draws(by, ink);
    assert!(least < ink(&thin) * 1.02 && greatest > ink(&thick) * 0.98, "{least} to {greatest}");
}

#[test]
fn elastic_deformation_is_smooth_and_as_strong_as_asked() {
    const MOST: f32 = 4.0;
    let by = Augmentation { elastic: MOST, ..Augmentation::NONE };
    // A ramp tells where each pixel came from.
    let ramp = image(|x, _| (x + 13.5) * 9.0);
    let mut squares = 0.0;
    let inside = 6..SIDE - 6;
    for i in 0..DRAWS {
        let bent = changed(&ramp, by, draw(i));
        let moved = |column: usize, row: usize| f32::from(bent[row * SIDE + column]) / 9.0 - column as f32;
        for row in inside.clone() {
            for column in inside.clone() {
                let here = moved(column, row);
                assert!(here.abs() <= MOST, "{here}");
                let beside = (moved(column + 1, row) - here).abs().max((moved(column, row + 1) - here).abs());
                assert!(beside < 0.2 * MOST, "neighbours {beside} apart");
                squares += f64::from(here * here);
            }
        }
    }
    // Of even numbers with standard deviation MOST / sqrt(3), the spline's mean over cells keeps 0.479 squared: the
    // integral of the sum of its four squared weights (151 / 315).
    let deviation = (squares / f64::from(DRAWS) / (inside.len() * inside.len()) as f64).sqrt();
    let wanted = f64::from(MOST) / 3f64.sqrt() * 151.0 / 315.0;
    assert!((deviation / wanted - 1.0).abs() < 0.1, "{deviation}, should be {wanted}");
}

#[test]
fn what_leaves_the_image_is_paper() {
    let full = vec![255; SIDE * SIDE];
    let is_gone = |by, i| changed(&full, by, draw(i)).iter().all(|ink| *ink == 0);
    assert!((0..20).all(|i| is_gone(Augmentation { shift: 1e6, ..Augmentation::NONE }, i)));
    // What is gone to one side, two pixels further and a pixel wider is gone, too.
    let near = Augmentation { shift: 54.0, ..Augmentation::NONE };
    let gone: Vec<u32> = (0..100).filter(|&i| is_gone(near, i)).collect();
    assert!((50..90).contains(&gone.len()), "{} of 100", gone.len());
    assert!(gone.into_iter().all(|i| is_gone(Augmentation { shift: 60.0, thickness: 2.0, ..near }, i)));
}
