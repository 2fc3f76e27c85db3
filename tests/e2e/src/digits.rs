//! A few digits as a person draws them: pen strokes in the unit square, y down.

/// Points of one stroke, from pen down to pen up.
pub type Stroke = Vec<(f64, f64)>;

/// Points between two of the points below.
const SMOOTHNESS: usize = 5;

/// The strokes of a digit, for those that are drawn here.
pub fn strokes(digit: usize) -> Vec<Stroke> {
    let strokes: &[&[(f64, f64)]] = match digit {
        0 => &[&[
            (0.54, 0.16),
            (0.38, 0.22),
            (0.29, 0.40),
            (0.29, 0.60),
            (0.37, 0.79),
            (0.52, 0.85),
            (0.66, 0.76),
            (0.72, 0.57),
            (0.70, 0.36),
            (0.62, 0.21),
            (0.53, 0.16),
        ]],
        1 => &[&[(0.53, 0.14), (0.52, 0.38), (0.50, 0.62), (0.49, 0.86)]],
        2 => &[&[
            (0.29, 0.34),
            (0.36, 0.20),
            (0.52, 0.15),
            (0.67, 0.23),
            (0.68, 0.39),
            (0.56, 0.56),
            (0.41, 0.70),
            (0.28, 0.83),
            (0.48, 0.82),
            (0.74, 0.82),
        ]],
        3 => &[&[
            (0.30, 0.22),
            (0.44, 0.14),
            (0.62, 0.19),
            (0.66, 0.34),
            (0.56, 0.46),
            (0.42, 0.49),
            (0.58, 0.52),
            (0.70, 0.64),
            (0.64, 0.80),
            (0.47, 0.87),
            (0.28, 0.79),
        ]],
        4 => &[
            &[(0.36, 0.16), (0.32, 0.34), (0.28, 0.54), (0.46, 0.55), (0.74, 0.52)],
            &[(0.63, 0.18), (0.61, 0.42), (0.59, 0.64), (0.58, 0.87)],
        ],
        7 => &[&[(0.26, 0.20), (0.44, 0.19), (0.72, 0.18), (0.64, 0.36), (0.55, 0.54), (0.48, 0.70), (0.43, 0.87)]],
        _ => panic!("{digit} is not drawn here"),
    };
    strokes.iter().map(|points| smooth(points)).collect()
}

/// A Catmull-Rom curve through the points.
fn smooth(points: &[(f64, f64)]) -> Stroke {
    let at = |i: usize| points[i.clamp(1, points.len()) - 1];
    let mut stroke = vec![points[0]];
    for i in 1..points.len() {
        let (before, from, to, after) = (at(i - 1), at(i), at(i + 1), at(i + 2));
        for k in 1..=SMOOTHNESS {
            let t = k as f64 / SMOOTHNESS as f64;
            let curve = |a: f64, b: f64, c: f64, d: f64| {
                b + 0.5 * t * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
            };
            stroke.push((curve(before.0, from.0, to.0, after.0), curve(before.1, from.1, to.1, after.1)));
        }
    }
    stroke
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strokes_go_through_their_points_and_stay_in_the_square() {
        for digit in [0, 1, 2, 3, 4, 7] {
            for stroke in strokes(digit) {
                assert!(stroke.iter().all(|&(x, y)| (0.0..=1.0).contains(&x) && (0.0..=1.0).contains(&y)), "{digit}");
            }
        }
        let seven = &strokes(7)[0];
        assert_eq!(seven.len(), 6 * SMOOTHNESS + 1);
        let corner = seven[2 * SMOOTHNESS];
        assert_eq!(seven[0], (0.26, 0.20));
        assert!((corner.0 - 0.72).abs() < 1e-9 && (corner.1 - 0.18).abs() < 1e-9, "{corner:?}");
    }
}
