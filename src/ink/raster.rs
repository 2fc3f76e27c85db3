//! The pen: how much of each pixel of the 20x20 box a round pen that follows the paths covers.
//!
//! Greys are areas, as in MNIST, whose 20x20 images are averages over a black and white scan. Within a pixel the nearest edge
//! counts, and counts as straight: exact along a stroke, within a few hundredths at its ends, up to a third too light in
//! the notch between two strokes.

use super::normalize::Point;

/// Side of the box that MNIST fits a digit into, in pixels.
pub const BOX: usize = 20;

/// Diameter of the pen, in pixels of the box: the median stroke width of MNIST's test images (ink / length of the skeleton).
///
/// With it, 7,494 digits written on a tablet have the mean ink of MNIST's 10,000 test images: medians 33.3 and 33.0 of 255
/// (at 2.4 and 2.6 pixels: 32.1 and 34.4), 40 and 38 % of the inked pixels full, 18 and 18 % below a quarter.
pub const PEN: f64 = 2.5;

/// The share of each pixel that ink covers, 0..=1, row-major.
pub type Frame = [f64; BOX * BOX];

/// Half the diagonal of a pixel: an edge further than this from a pixel's centre does not cross it.
const HALF_DIAGONAL: f64 = std::f64::consts::FRAC_1_SQRT_2;

/// The vector from the nearest point of the paths to a pixel's centre, and its squared length.
#[derive(Clone, Copy)]
struct Nearest {
    away: [f64; 2],
    squared: f64,
}

/// The ink of the paths: round ends, round joins, a dot for a path of one point.
pub fn coverage(paths: &[Vec<Point>], pen: f64) -> Frame {
    let mut frame = [0.0; BOX * BOX];
    frame.copy_from_slice(&coverage_of(BOX, paths, pen));
    frame
}

/// The same in a square of `side` pixels.
pub fn coverage_of(side: usize, paths: &[Vec<Point>], pen: f64) -> Vec<f64> {
    // Ink reaches no pixel whose centre is further than this from the path.
    let reach = pen / 2.0 + HALF_DIAGONAL;
    let mut field = vec![Nearest { away: [0.0; 2], squared: reach * reach }; side * side];
    for path in paths {
        if let [only] = path[..] {
            draw(&mut field, side, reach, only, only);
        }
        for pair in path.windows(2) {
            draw(&mut field, side, reach, pair[0], pair[1]);
        }
    }
    field.into_iter().map(|nearest| covered(nearest, pen)).collect()
}

/// Takes the segment from `a` to `b` into the field, at the pixels that its ink can reach.
fn draw(field: &mut [Nearest], side: usize, reach: f64, a: Point, b: Point) {
    let along = [b[0] - a[0], b[1] - a[1]];
    let squared_length = along[0] * along[0] + along[1] * along[1];
    let inverse = if squared_length > 0.0 { 1.0 / squared_length } else { 0.0 };
    let (left, right) = pixels(side, a[0].min(b[0]) - reach, a[0].max(b[0]) + reach);
    let (top, bottom) = pixels(side, a[1].min(b[1]) - reach, a[1].max(b[1]) + reach);
    for row in top..bottom {
        for column in left..right {
            let from_a = [column as f64 + 0.5 - a[0], row as f64 + 0.5 - a[1]];
            let t = ((from_a[0] * along[0] + from_a[1] * along[1]) * inverse).clamp(0.0, 1.0);
            let away = [from_a[0] - t * along[0], from_a[1] - t * along[1]];
            let squared = away[0] * away[0] + away[1] * away[1];
            let nearest = &mut field[row * side + column];
            if squared < nearest.squared {
                *nearest = Nearest { away, squared };
            }
        }
    }
}

/// The pixels, first and one past the last, whose centres lie between the coordinates `low` and `high`.
fn pixels(side: usize, low: f64, high: f64) -> (usize, usize) {
    let index = |v: f64| (v - 0.5).ceil().clamp(0.0, side as f64) as usize;
    (index(low), index(high))
}

/// The share of a pixel on the pen's side of the pen's edge.
///
/// The edge is a line across `away`: it cuts off a trapezium if it meets two opposite sides of the pixel, else a triangle.
fn covered(Nearest { away, squared }: Nearest, pen: f64) -> f64 {
    let distance = squared.sqrt();
    let inside = pen / 2.0 - distance;
    let nearer = if inside > 0.0 { 1.0 } else { 0.0 };
    if inside.abs() >= HALF_DIAGONAL {
        return nearer;
    }
    // The larger and smaller part of the edge's normal: mirroring or transposing a pixel does not change the area.
    let (x, y) = (away[0].abs() / distance, away[1].abs() / distance);
    let (large, small) = (x.max(y), x.min(y));
    // How far the edge is past the first corner, along its normal; past the second one it meets opposite sides.
    let past = (large + small) / 2.0 - inside.abs();
    if past <= 0.0 {
        return nearer;
    }
    if past >= small {
        return 0.5 + inside / large;
    }
    let triangle = past * past / (2.0 * large * small);
    (nearer - triangle).abs()
}
