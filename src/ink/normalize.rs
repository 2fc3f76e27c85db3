//! The size rule: moves and scales a drawing so that its ink just fits MNIST's 20x20 box.
//!
//! Works in f64, where the extremes of f32 neither overflow nor vanish.

use super::Stroke;
use super::raster::BOX;

/// A point in pixels of the 20x20 box; pixel (column, row) covers `[column, column + 1] x [row, row + 1]`.
pub type Point = [f64; 2];

/// Points nearer than this to the last one kept are left out, in pixels: it bounds the work that a slow hand and a fast
/// pointer make, and moves an edge by 0.02 pixels, 5 of 255 levels.
const SPACING: f64 = 0.02;

/// Where a drawing lies in the 20x20 box.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Placement {
    /// The point of the drawing that comes to the middle of the box.
    middle: Point,
    /// Pixels of the box a unit of the drawing; 0 for a drawing without extent.
    scale: f64,
}

impl Placement {
    /// A point of the drawing, in pixels of the box.
    fn to_box(self, point: Point) -> Point {
        [0, 1].map(|axis| (point[axis] - self.middle[axis]) * self.scale + BOX as f64 / 2.0)
    }

    /// A point of the box, in the drawing's unit. A drawing without extent is there as one point.
    pub fn to_drawing(self, point: Point) -> Point {
        let unit = if self.scale > 0.0 { 1.0 / self.scale } else { 0.0 };
        [0, 1].map(|axis| (point[axis] - BOX as f64 / 2.0) * unit + self.middle[axis])
    }
}

/// The strokes' paths in the 20x20 box, each with at least one point, and how they came there; `None` if no point is finite.
///
/// The longer side of the ink, which is the points' extent and the pen's width, is 20 pixels; the shorter one is centred.
pub fn paths(strokes: &[Stroke], pen: f64) -> Option<(Placement, Vec<Vec<Point>>)> {
    let finite: Vec<Vec<Point>> = strokes.iter().map(finite_points).filter(|points| !points.is_empty()).collect();
    if finite.is_empty() {
        return None;
    }
    let (mut low, mut high) = ([f64::INFINITY; 2], [f64::NEG_INFINITY; 2]);
    for point in finite.iter().flatten() {
        for axis in 0..2 {
            low[axis] = low[axis].min(point[axis]);
            high[axis] = high[axis].max(point[axis]);
        }
    }
    let middle = [(low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0];
    let extent = (high[0] - low[0]).max(high[1] - low[1]);
    // No extent: all points are one, in the middle of the box at any scale.
    let scale = if extent > 0.0 { (BOX as f64 - pen) / extent } else { 0.0 };
    let placement = Placement { middle, scale };
    let place = |points: &Vec<Point>| thin_out(points.iter().map(|&point| placement.to_box(point)));
    Some((placement, finite.iter().map(place).collect()))
}

fn finite_points(stroke: &Stroke) -> Vec<Point> {
    stroke.points.iter().filter(|p| p.iter().all(|v| v.is_finite())).map(|p| p.map(f64::from)).collect()
}

/// The points without those that are hardly anywhere else than the last one kept.
fn thin_out(points: impl Iterator<Item = Point>) -> Vec<Point> {
    let mut kept: Vec<Point> = Vec::new();
    for point in points {
        if !kept.last().is_some_and(|&last| near(last, point)) {
            kept.push(point);
        }
    }
    kept
}

fn near(a: Point, b: Point) -> bool {
    (b[0] - a[0]).powi(2) + (b[1] - a[1]).powi(2) < SPACING * SPACING
}
