//! Changes of images do what they say, and the report is right for a network that can be worked out by hand.

use inkling::data::{Change, Dataset};
use inkling::nn::{Activation, ModelSpec};
use inkling::robustness::{IMAGES, Kind, measure};

const SIDE: usize = 28;

/// A bar of ink, 3 wide and 9 high, whose upper left corner is there.
fn bar(left: usize, top: usize) -> Vec<u8> {
    let inside = |x: usize, y: usize| (left..left + 3).contains(&x) && (top..top + 9).contains(&y);
    (0..SIDE * SIDE).map(|i| 255 * u8::from(inside(i % SIDE, i / SIDE))).collect()
}

fn changed(change: Change, image: &[u8]) -> Vec<u8> {
    let mut out = vec![7; image.len()];
    change.apply(image, &mut out);
    out
}

#[test]
fn a_shift_moves_by_whole_pixels() {
    let shift = |right, down| changed(Change::Shift { right, down }, &bar(10, 6));
    assert_eq!(shift(0.0, 0.0), bar(10, 6));
    assert_eq!(shift(3.0, 0.0), bar(13, 6));
    assert_eq!(shift(-2.0, 1.0), bar(8, 7));
    // What leaves the image is gone, and paper comes in.
    assert!(shift(28.0, 0.0).iter().all(|&ink| ink == 0));
}

#[test]
fn a_quarter_turn_goes_clockwise() {
    let turned = changed(Change::Rotation(90.0), &bar(10, 6));
    // (x, y) about the middle comes from (y, -x): rows 6 to 14 become columns 13 to 21, columns 10 to 12 rows 10 to 12.
    let want: Vec<u8> =
        (0..SIDE * SIDE).map(|i| 255 * u8::from((13..22).contains(&(i % SIDE)) && (10..13).contains(&(i / SIDE)))).collect();
    let differs = turned.iter().zip(&want).filter(|(a, b)| a.abs_diff(**b) > 2).count();
    assert_eq!(differs, 0, "{turned:?}");
}

#[test]
fn scaling_keeps_the_middle_and_changes_the_ink_by_the_square() {
    let middle = |image: &[u8]| -> [f64; 3] {
        let sum = |at: &dyn Fn(usize) -> f64| image.iter().enumerate().map(|(i, ink)| f64::from(*ink) * at(i)).sum::<f64>();
        let ink = sum(&|_| 1.0);
        [ink, sum(&|i| (i % SIDE) as f64) / ink, sum(&|i| (i / SIDE) as f64) / ink]
    };
    let image = bar(12, 9);
    let [ink, x, y] = middle(&image);
    for scale in [0.6, 0.8, 1.3] {
        let [scaled, to_x, to_y] = middle(&changed(Change::Scale(scale), &image));
        let scale = f64::from(scale);
        assert!((scaled / ink / scale.powi(2) - 1.0).abs() < 0.1, "{scale}: {}", scaled / ink);
        for (from, to) in [(x, to_x), (y, to_y)] {
            assert!((to - 13.5 - scale * (from - 13.5)).abs() < 0.3, "{scale}: {from} became {to}");
        }
    }
}

#[test]
fn strokes_get_thinner_and_thicker_by_a_pixel_on_each_side() {
    let ink = |image: &[u8]| image.iter().filter(|&&ink| ink == 255).count();
    assert_eq!(ink(&changed(Change::Thickness(-1.0), &bar(10, 6))), 7);
    // All but the four corners.
    assert_eq!(ink(&changed(Change::Thickness(1.0), &bar(10, 6))), 5 * 11 - 4);
    assert_eq!(changed(Change::Thickness(0.0), &bar(10, 6)), bar(10, 6));
}

/// Class 1 if there is ink at one pixel, else class 0.
#[test]
fn the_report_counts_every_direction() {
    let spec = ModelSpec::mlp(&[SIDE * SIDE, 2], Activation::Relu).unwrap();
    let mut parameters = vec![0.0; spec.layout().parameters];
    parameters[2 * (10 * SIDE + 11) + 1] = 1.0;
    parameters[2 * SIDE * SIDE] = 0.5;
    // Half of the images show the bar there, with one column of it to spare on each side, half show nothing.
    let images = [bar(10, 6), vec![0; SIDE * SIDE]];
    let pixels: Vec<u8> = (0..2 * IMAGES).flat_map(|i| images[i % 2].clone()).collect();
    let labels = (0..2 * IMAGES).map(|i| 1 - (i % 2) as u8).collect();
    let set = Dataset::new(pixels, labels, SIDE * SIDE, 2).unwrap();
    let mut scores = Vec::new();
    measure(&spec, &parameters, &set, IMAGES, |kind, score| scores.push((kind, score))).unwrap();
    assert_eq!(scores.iter().map(|(kind, _)| *kind).collect::<Vec<_>>(), Kind::ALL);
    let score = |wanted: Kind| scores.iter().find(|(kind, _)| *kind == wanted).unwrap().1;
    assert_eq!([score(Kind::None).mean, score(Kind::None).worst], [1.0, 1.0]);
    assert_eq!([score(Kind::Shift(1)).mean, score(Kind::Shift(1)).worst], [1.0, 1.0]);
    // Two pixels to a side and the bar is beside the pixel: of eight directions only up and down are read right.
    assert_eq!([score(Kind::Shift(2)).mean, score(Kind::Shift(2)).worst], [(2.0 + 6.0 * 0.5) / 8.0, 0.5]);
    assert_eq!(score(Kind::Thin).worst, 1.0);
}

#[test]
fn names_are_stable() {
    let names: Vec<String> = Kind::ALL.into_iter().map(Kind::name).collect();
    let want = "none shift-1 shift-2 shift-3 scale-60 scale-80 scale-120 scale-130 rotation-15 rotation-30 thin thick";
    assert_eq!(names.join(" "), want);
}
