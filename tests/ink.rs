//! From strokes to 28x28: MNIST's statistics hold for whatever is drawn, wherever and however large; nothing panics.
#![cfg(not(target_arch = "wasm32"))]

use inkling::Error;
use inkling::ink::jsonl::{Drawing, parse_labelled, parse_line, to_line};
use inkling::ink::{Image, PIXELS, SIDE, Stroke, image, to_input};
use proptest::prelude::*;

fn stroke(points: &[[f32; 2]]) -> Stroke {
    Stroke { points: points.to_vec() }
}

fn map(strokes: &[Stroke], f: impl Fn([f32; 2]) -> [f32; 2]) -> Vec<Stroke> {
    strokes.iter().map(|s| Stroke { points: s.points.iter().map(|&p| f(p)).collect() }).collect()
}

/// A 2, and the bar of a Z through it.
fn drawing() -> Vec<Stroke> {
    let arc = (0..=20).map(|i| (i as f32 * 0.18 - 3.0).sin_cos()).map(|(sin, cos)| [60.0 + 40.0 * cos, 50.0 + 40.0 * sin]);
    let two = arc.chain([[20.0, 150.0], [110.0, 148.0]]).collect();
    vec![Stroke { points: two }, stroke(&[[30.0, 100.0], [90.0, 95.0]])]
}

/// First and last (column, row) with ink.
fn extent(image: &Image) -> ([usize; 2], [usize; 2]) {
    let (mut first, mut last) = ([SIDE; 2], [0; 2]);
    for i in (0..PIXELS).filter(|&i| image[i] > 0) {
        for (axis, at) in [i % SIDE, i / SIDE].into_iter().enumerate() {
            first[axis] = first[axis].min(at);
            last[axis] = last[axis].max(at);
        }
    }
    (first, last)
}

/// The centre of mass in pixel indices (column, row).
fn center_of_mass(image: &Image) -> [f64; 2] {
    let total: f64 = image.iter().map(|&ink| f64::from(ink)).sum();
    let moment = |index: fn(usize) -> usize| -> f64 { (0..PIXELS).map(|i| f64::from(image[i]) * index(i) as f64).sum() };
    [moment(|i| i % SIDE) / total, moment(|i| i / SIDE) / total]
}

/// What is true of every MNIST image but a few: largest ink 255, the longer side 20 pixels, centre of mass around 14.
fn assert_like_mnist(image: &Image) {
    assert_eq!(image.iter().max(), Some(&255));
    let (first, last) = extent(image);
    assert_eq!((last[0] - first[0]).max(last[1] - first[1]) + 1, 20, "longer side");
    for (axis, center) in center_of_mass(image).into_iter().enumerate() {
        // Ink so uneven that it would leave the image is moved as far as the edge.
        let stopped = (first[axis] == 0 && center > 14.0) || (last[axis] == SIDE - 1 && center < 14.0);
        assert!((center > 13.5 && center <= 14.52) || stopped, "centre of mass {center} along axis {axis}");
    }
}

/// The largest difference of a pixel once `b` is moved by (right, down).
fn difference(a: &Image, b: &Image, right: i32, down: i32) -> u8 {
    let at = |image: &Image, column: i32, row: i32| match ((0..28).contains(&column), (0..28).contains(&row)) {
        (true, true) => image[(row * 28 + column) as usize],
        _ => 0,
    };
    (-1..29)
        .flat_map(|row| (-1..29).map(move |column| (column, row)))
        .map(|(column, row)| at(a, column, row).abs_diff(at(b, column - right, row - down)))
        .max()
        .unwrap()
}

/// The same image up to `levels` of 255 in a pixel.
///
/// Where the centre of mass lies on the border between two places, within what that many levels can move it, no rule
/// by whole pixels can be steady: there, and only there, the image may be one pixel aside.
fn assert_same(a: &Image, b: &Image, levels: u8) {
    let border = 13.5 + 0.01;
    let steps = |axis: usize| -> &'static [i32] {
        let past = center_of_mass(a)[axis] - border;
        match () {
            _ if past.abs() < 0.03 => &[0, -1],
            _ if (past - 1.0).abs() < 0.03 => &[0, 1],
            _ => &[0],
        }
    };
    let moves = steps(0).iter().flat_map(|&right| steps(1).iter().map(move |&down| (right, down)));
    let nearest = moves.map(|(right, down)| difference(a, b, right, down)).min().unwrap();
    assert!(nearest <= levels, "a pixel differs by {nearest} levels");
}

/// Brute force: 20x20 pixels of 32x32 samples each, inked within 1.25 pixels of a path that is given in pixels of the box.
fn oracle(strokes: &[Stroke]) -> [[f64; 20]; 20] {
    const N: usize = 32;
    let segments: Vec<_> =
        strokes.iter().flat_map(|s| s.points.windows(2).map(|w| (w[0].map(f64::from), w[1].map(f64::from)))).collect();
    let inked = |x: f64, y: f64| {
        segments.iter().any(|(a, b)| {
            let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
            let t = (((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy)).clamp(0.0, 1.0);
            (x - a[0] - t * dx).hypot(y - a[1] - t * dy) < 1.25
        })
    };
    let sample = |i: usize, k: usize| i as f64 + (k as f64 + 0.5) / N as f64;
    std::array::from_fn(|row| {
        std::array::from_fn(|column| {
            let hits = (0..N * N).filter(|k| inked(sample(column, k % N), sample(row, k / N))).count();
            hits as f64 / (N * N) as f64
        })
    })
}

#[test]
fn greys_are_areas() {
    // Already of the box's size, so that the oracle needs no scaling: from 1.25 to 18.75 downwards, centred across.
    let slanted = stroke(&[[7.0, 1.25], [13.0, 18.75]]);
    let curve =
        Stroke { points: (0..=50).map(|i| i as f32 / 50.0).map(|t| [10.0 + 6.0 * (t * 9.0).sin(), 1.25 + 17.5 * t]).collect() };
    let crossed =
        [stroke(&[[3.0, 1.25], [17.0, 18.75]]), stroke(&[[17.0, 2.0], [3.0, 16.0]]), stroke(&[[3.5, 9.0], [16.5, 9.0]])];
    // In a notch the nearest edge alone is seen, and the pixel is too light.
    for (strokes, tolerance) in [(&[slanted][..], 0.05), (&[curve][..], 0.35), (&crossed[..], 0.35)] {
        let (got, want) = (image(strokes).unwrap(), oracle(strokes));
        let (first, _) = extent(&got);
        let ink = |column: usize, row: usize| want[row][column] > 0.0;
        let left = (0..20).find(|&column| (0..20).any(|row| ink(column, row))).unwrap();
        let top = (0..20).find(|&row| (0..20).any(|column| ink(column, row))).unwrap();
        let (mut largest, mut sum) = (0.0f64, 0.0);
        for (row, values) in want.iter().enumerate() {
            for (column, share) in values.iter().enumerate() {
                let pixel = got[(row + first[1] - top) * SIDE + column + first[0] - left];
                let error = f64::from(pixel) / 255.0 - share;
                largest = largest.max(error.abs());
                sum += error;
            }
        }
        let total: f64 = want.iter().flatten().sum();
        assert!(largest < tolerance, "a pixel's coverage is off by {largest}");
        assert!((sum / total).abs() < 0.01, "the ink is off by {}", sum / total);
    }
}

#[test]
fn no_ink_is_no_image() {
    assert_eq!(image(&[]), None);
    assert_eq!(image(&[Stroke::default(), Stroke::default()]), None);
    assert_eq!(image(&[stroke(&[[f32::NAN, 1.0], [1.0, f32::INFINITY]])]), None);
}

#[test]
fn a_tap_is_a_dot_in_the_middle() {
    let dot = image(&[stroke(&[[123.0, -4.0]])]).unwrap();
    let (first, last) = extent(&dot);
    assert_eq!((first, last), ([13, 13], [16, 16]));
    assert_eq!(dot[14 * SIDE + 14], 255);
    for i in 0..PIXELS {
        let (row, column) = (i / SIDE, i % SIDE);
        assert_eq!(dot[i], dot[column * SIDE + row], "not round");
    }
    // Wherever, however long, and however often it is repeated.
    let repeated = [stroke(&[[1e38, 1e38]; 50]), stroke(&[[1e38, 1e38]])];
    assert_eq!(image(&repeated), Some(dot));
}

#[test]
fn a_straight_line_is_20_pixels_long_and_as_wide_as_the_pen() {
    let line = image(&[stroke(&[[5.0, 0.0], [5.0, 1000.0]])]).unwrap();
    assert_like_mnist(&line);
    let (first, last) = extent(&line);
    assert_eq!((first, last), ([13, 5], [16, 24]));
    // 2.5 pixels in the middle of two: a quarter of each neighbour.
    assert_eq!(line[14 * SIDE + 13..][..4], [64, 255, 255, 64]);
    let level = image(&[stroke(&[[1000.0, 7.0], [0.0, 7.0]])]).unwrap();
    assert!((0..PIXELS).all(|i| level[i] == line[i % SIDE * SIDE + i / SIDE]));
}

#[test]
fn extremes_of_f32_are_drawn_like_any_other_numbers() {
    let unit = image(&[stroke(&[[-1.0, -1.0], [1.0, 1.0], [1.0, -1.0]])]).unwrap();
    for size in [f32::MAX, f32::MIN_POSITIVE, f32::from_bits(1)] {
        let extreme = image(&[stroke(&[[-size, -size], [size, size], [size, -size]])]).unwrap();
        assert_eq!(extreme, unit, "{size:e}");
    }
}

#[test]
fn points_that_are_not_finite_are_left_out() {
    let mut strokes = drawing();
    let want = image(&strokes);
    strokes[0].points.insert(3, [f32::NAN, 5.0]);
    strokes[1].points.push([f32::NEG_INFINITY, f32::INFINITY]);
    strokes.insert(1, stroke(&[[0.0, f32::NAN]]));
    strokes.push(Stroke::default());
    assert_eq!(image(&strokes), want);
}

#[test]
fn ink_far_out_of_balance_stays_inside_the_image() {
    // A long tail, and a scribble at its end: the centre of mass is so far down that 28 pixels can't hold both.
    let mut strokes = vec![stroke(&[[50.0, 0.0], [50.0, 100.0]])];
    strokes.extend((0..=25).map(|i| stroke(&[[0.0, 75.0 + i as f32], [100.0, 75.0 + i as f32]])));
    let got = image(&strokes).unwrap();
    assert_like_mnist(&got);
    assert_eq!(extent(&got).0[1], 0);
}

#[test]
fn a_symmetric_drawing_has_one_place() {
    // Its centre of mass lies exactly between two places: where f32 rounds to must not choose one.
    for k in 1..200 {
        let (size, start) = (k as f32 * 0.37, k as f32 * 0.1);
        let angles = (0..=100).map(|i| start + i as f32 * std::f32::consts::TAU / 100.0);
        let zero = Stroke { points: angles.map(|t| [5.0 + size * t.cos(), 7.0 + 1.5 * size * t.sin()]).collect() };
        let (first, last) = extent(&image(&[zero]).unwrap());
        assert_eq!((first[0] + last[0], first[1] + last[1]), (29, 29), "drawn {size} large from {start}");
    }
}

#[test]
fn inputs_run_from_0_to_1() {
    let mut picture = [0; PIXELS];
    picture[1] = 255;
    picture[2] = 51;
    assert_eq!(to_input(&picture)[..4], [0.0, 1.0, 0.2, 0.0]);
}

/// Drawings on a grid of 300 x 300 with some extent.
fn drawings() -> impl Strategy<Value = Vec<Stroke>> {
    let point = (0..300i16, 0..300i16).prop_map(|(x, y)| [f32::from(x), f32::from(y)]);
    let stroke = prop::collection::vec(point, 1..30).prop_map(|points| Stroke { points });
    prop::collection::vec(stroke, 1..5).prop_filter("some extent", |strokes| {
        let points = || strokes.iter().flat_map(|s| &s.points);
        points().any(|p| points().any(|q| (p[0] - q[0]).abs() > 20.0))
    })
}

fn anything() -> impl Strategy<Value = Vec<Stroke>> {
    let number = prop_oneof![
        4 => -500.0f32..500.0,
        1 => any::<f32>(),
        1 => prop::sample::select(vec![f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN, 1e38, 1e-45, -0.0]),
    ];
    let stroke = prop::collection::vec([number.clone(), number], 0..40).prop_map(|points| Stroke { points });
    prop::collection::vec(stroke, 0..6)
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn every_drawing_is_like_mnist(strokes in drawings()) {
        assert_like_mnist(&image(&strokes).unwrap());
    }

    #[test]
    fn anything_is_an_image_or_none(strokes in anything()) {
        let finite = strokes.iter().flat_map(|s| &s.points).any(|p| p[0].is_finite() && p[1].is_finite());
        let got = image(&strokes);
        prop_assert_eq!(got.is_some(), finite);
        prop_assert!(got.is_none_or(|image| image.contains(&255)));
    }

    /// Powers of two and whole numbers: f32 holds the moved drawing exactly, so the image is the same to the last bit.
    #[test]
    fn moving_and_scaling_change_nothing(strokes in drawings(), dx in -9999..9999i16, dy in -9999..9999i16, power in -10..=10i32) {
        let (dx, dy, scale) = (f32::from(dx), f32::from(dy), 2f32.powi(power));
        let moved = map(&strokes, |[x, y]| [(x + dx) * scale, (y + dy) * scale]);
        prop_assert_eq!(image(&moved), image(&strokes));
    }

    /// Any factor: f32 rounds the points, which moves them by less than 1e-4 pixels of the image.
    #[test]
    fn scaling_by_any_factor_changes_nothing_that_can_be_seen(strokes in drawings(), power in -3f32..3.0, dx in -500f32..500.0) {
        let scale = 10f32.powf(power);
        let scaled = map(&strokes, |[x, y]| [x * scale + dx * scale, y * scale]);
        assert_same(&image(&strokes).unwrap(), &image(&scaled).unwrap(), 12);
    }

    /// A pen that rests, and a pointer that reports each point twice.
    #[test]
    fn repeated_points_change_nothing(strokes in drawings(), times in 2..5usize) {
        let repeated: Vec<Stroke> = strokes.iter()
            .map(|s| Stroke { points: s.points.iter().flat_map(|&p| vec![p; times]).collect() })
            .collect();
        prop_assert_eq!(image(&repeated), image(&strokes));
    }

    /// A pointer that reports more often along the same path.
    #[test]
    fn more_points_on_the_same_path_change_little(strokes in drawings(), parts in 2..100u16) {
        let dense: Vec<Stroke> = strokes.iter().map(|s| {
            let mut points = vec![s.points[0]];
            for pair in s.points.windows(2) {
                points.extend((1..=parts).map(|k| f32::from(k) / f32::from(parts)).map(|t| {
                    [0, 1].map(|axis| pair[0][axis] + (pair[1][axis] - pair[0][axis]) * t)
                }));
            }
            Stroke { points }
        }).collect();
        assert_same(&image(&strokes).unwrap(), &image(&dense).unwrap(), 16);
    }

    #[test]
    fn strokes_survive_json(strokes in drawings()) {
        let points: Vec<_> = strokes.iter().map(|s| &s.points).collect();
        let line = format!("{{\"strokes\": {points:?}}}");
        let drawing = Drawing { label: None, strokes };
        prop_assert_eq!(parse_line(&to_line(&drawing)), Ok(drawing.clone()));
        prop_assert_eq!(parse_line(&line), Ok(drawing));
    }
}

#[test]
fn thousands_of_points_are_drawn() {
    let angle = |i: usize| i as f32 / 5000.0 * std::f32::consts::TAU;
    let eight = |n: usize| Stroke {
        points: (0..=n).map(|i| angle(i * 5000 / n)).map(|t| [t.sin() * 100.0, (2.0 * t).sin() * 140.0]).collect(),
    };
    let got = image(&[eight(5000)]).unwrap();
    assert_like_mnist(&got);
    assert_same(&image(&[eight(500)]).unwrap(), &got, 16);
}

#[test]
fn a_line_of_strokes_is_read() {
    let line = r#"{"label": 3, "strokes": [[[1, 2.5], [-3e2, 4, 0.7, "later"]], []], "writer": {"name": [null]}}"#;
    let strokes = vec![stroke(&[[1.0, 2.5], [-300.0, 4.0]]), Stroke::default()];
    assert_eq!(parse_line(line), Ok(Drawing { label: Some(3), strokes: strokes.clone() }));
    assert_eq!(parse_line(&to_line(&Drawing { label: Some(3), strokes: strokes.clone() })).unwrap().strokes, strokes);
    assert_eq!(parse_line(r#"{"strokes": []}"#), Ok(Drawing { label: None, strokes: vec![] }));
    for label in ["10", "-1", "3.5", "\"3\"", "null", "[3]", "{}"] {
        let line = format!(r#"{{"label": {label}, "strokes": []}}"#);
        assert_eq!(parse_line(&line).map(|drawing| drawing.label), Ok(None), "{line}");
    }
}

#[test]
fn labelled_drawings_are_read_or_the_bad_line_is_named() {
    let good = r#"{"strokes": [[[1, 2], [3, 4]]], "label": 7, "writer": "wri01"}"#;
    let read = parse_labelled(&format!("{good}\r\n\n{good}")).unwrap();
    assert_eq!(read, vec![parse_line(good).unwrap(); 2]);
    let lines: Vec<String> = read.iter().map(to_line).collect();
    assert_eq!(parse_labelled(&lines.join("\n")), Ok(read));
    for (bad, reason) in [
        (r#"{"strokes": [[[1, 2]]]}"#, "label"),
        (r#"{"label": 7, "strokes": []}"#, "ink"),
        (r#"{"label": 7}"#, "strokes"),
        ("7", "object"),
    ] {
        let error = parse_labelled(&format!("{good}\n\n{bad}\n{good}")).unwrap_err().to_string();
        assert!(error.contains("line 3") && error.contains(reason), "{bad}: {error}");
    }
}

#[test]
fn a_bad_line_is_refused_with_its_reason() {
    for (line, part) in [
        ("", r#"expected an object {"strokes": ...}"#),
        ("[[[[1, 2]]]]", "expected an object"),
        (r#""strokes""#, "expected an object"),
        ("{}", "missing field `strokes`"),
        (r#"{"strokes": null}"#, "null"),
        (r#"{"strokes": [[1, 2]]}"#, "expected a point [x, y]"),
        (r#"{"strokes": [[[1]]]}"#, "expected a point [x, y]"),
        (r#"{"strokes": [[[]]]}"#, "invalid length 0"),
        (r#"{"strokes": [[[1, null]]]}"#, "null"),
        (r#"{"strokes": [[["1", 2]]]}"#, "string"),
        (r#"{"strokes": [[[NaN, 2]]]}"#, "expected value"),
        (r#"{"strokes": [[[1e39, 2]]]}"#, "too large"),
        (r#"{"strokes": [[[1, -1e999]]]}"#, "out of range"),
        (r#"{"strokes": [[[1, 2]]]} {}"#, "trailing characters"),
        (r#"{"strokes": [[[1, 2]]"#, "(column 21)"),
    ] {
        match parse_line(line) {
            Err(Error::Malformed { what, reason }) => {
                assert_eq!(what, "the drawing");
                assert!(reason.contains(part), "{line}: {reason}");
                assert!(!reason.contains("line 1"), "{line}: {reason}");
            }
            other => panic!("{line}: {other:?}"),
        }
    }
}

#[test]
fn more_than_a_million_points_are_refused() {
    let line = |n: usize| format!("{{\"strokes\": [[{}[1,2]]]}}", "[1,2],".repeat(n - 1));
    assert!(parse_line(&line(1_000_000)).is_ok());
    let refused = parse_line(&line(1_000_001));
    assert_eq!(refused, Err(Error::TooLarge { what: "a drawing (points)".into(), limit: 1_000_000, got: 1_000_001 }));
    assert!(matches!(parse_line(&" ".repeat(64_000_001)), Err(Error::TooLarge { .. })));
}
