//! Makes randomly changed copies of images: where each pixel comes from, and how wide the strokes are.

use super::Padded;
use super::augment::{Augmentation, Draw, even};

/// Intervals of the elastic grid along a side. Its cubic B-splines are as wide as the paper's Gaussian of 4 of 28 pixels.
const INTERVALS: usize = 4;
/// Points of the grid along a side: a cubic spline reaches one interval back and two ahead.
const POINTS: usize = INTERVALS + 3;

/// The numbers of a draw, by their use.
const ROTATION: u32 = 0;
const SHEAR: u32 = 1;
const SCALE: u32 = 2;
const STRETCH: u32 = 3;
const SHIFT: u32 = 4;
const THICKNESS: u32 = 6;
const GRID: u32 = 8;

/// Changes images, and keeps its memory between them.
#[derive(Default)]
pub struct Augmenter {
    side: usize,
    /// How much of each grid point a pixel of a row (or column) gets: for each point a list over the pixels.
    splines: [Vec<f32>; POINTS],
    source: Padded,
    /// Where the pixels of a row come from.
    from: [Vec<f32>; 2],
}

impl Augmenter {
    /// Writes a randomly changed copy of `image` (square, row-major) to `out`; outside is paper.
    ///
    /// `(x, y)` of the copy comes from A (x, y) + elastic displacement, where A undoes rotation after slant after size, about the
    /// centre, and then the shift.
    pub fn augment(&mut self, image: &[u8], out: &mut [u8], by: Augmentation, draw: Draw) {
        let side = image.len().isqrt();
        debug_assert_eq!(side * side, image.len());
        let key = draw.key();
        self.prepare(side);
        self.source.set(image, (by.thickness * even(key, THICKNESS)).clamp(-1.0, 1.0));
        let (place, grid) = (Placement::new(by, key), grid(by.elastic, key));
        for (row, out) in out.chunks_exact_mut(side).enumerate() {
            self.aim(row, &place, &grid);
            let [x, y] = &mut self.from;
            self.source.fetch(x, y, out);
        }
    }

    /// Memory and splines for images of that side.
    fn prepare(&mut self, side: usize) {
        if side == self.side {
            return;
        }
        let along = |pixel: usize| pixel as f32 * INTERVALS as f32 / side as f32;
        for (point, weights) in self.splines.iter_mut().enumerate() {
            *weights = (0..side).map(|pixel| spline(along(pixel) - (point as f32 - 1.0))).collect();
        }
        self.from = [vec![0.0; side], vec![0.0; side]];
        self.side = side;
    }

    /// Where the pixels of a row come from.
    fn aim(&mut self, row: usize, place: &Placement, grid: &[[[f32; POINTS]; POINTS]; 2]) {
        let centre = (self.side as f32 - 1.0) / 2.0;
        let start = place.back(-centre, row as f32 - centre);
        for axis in 0..2 {
            let (first, step) = (start[axis] + centre, place.matrix[axis][0]);
            let from = &mut self.from[axis];
            from.iter_mut().zip(0u16..).for_each(|(from, column)| *from = first + step * f32::from(column));
            // The row's points: each a mean over its column of the grid.
            for (column, weights) in self.splines.iter().enumerate() {
                let point: f32 = (0..POINTS).map(|above| self.splines[above][row] * grid[axis][above][column]).sum();
                from.iter_mut().zip(weights).for_each(|(from, weight)| *from += weight * point);
            }
        }
    }
}

/// The affine part, backwards: where a pixel of the copy comes from.
struct Placement {
    matrix: [[f32; 2]; 2],
    shift: [f32; 2],
}

impl Placement {
    fn new(by: Augmentation, key: u32) -> Placement {
        let even = |index| even(key, index);
        // The half angle's tangent gives sine and cosine without a function that devices compute differently.
        let half = by.half_turn() * even(ROTATION);
        let (sin, cos) = (2.0 * half / (1.0 + half * half), (1.0 - half * half) / (1.0 + half * half));
        let shear = by.shear * even(SHEAR);
        let [small, large] = by.scale;
        let (size, stretch) = (small + (large - small) * (even(SCALE) + 1.0) / 2.0, factor(by.stretch * even(STRETCH)));
        let (across, down) = (1.0 / (size * stretch), stretch / size);
        Placement {
            matrix: [[cos * across, (sin + shear * cos) * across], [-sin * down, (cos - shear * sin) * down]],
            shift: [0, 1].map(|axis| by.shift * even(SHIFT + axis)),
        }
    }

    fn back(&self, x: f32, y: f32) -> [f32; 2] {
        let (x, y) = (x - self.shift[0], y - self.shift[1]);
        self.matrix.map(|[a, b]| a * x + b * y)
    }
}

/// 1.5 for 0.5, and 1 / 1.5 for -0.5.
fn factor(change: f32) -> f32 {
    if change < 0.0 { 1.0 / (1.0 - change) } else { 1.0 + change }
}

/// The elastic part: along each axis the displacements of a coarse grid's points, with cubic B-splines between them.
fn grid(most: f32, key: u32) -> [[[f32; POINTS]; POINTS]; 2] {
    if most == 0.0 {
        return Default::default();
    }
    let number = |axis: usize, row: usize, column: usize| GRID + ((row * POINTS + column) * 2 + axis) as u32;
    std::array::from_fn(|axis| {
        std::array::from_fn(|row| std::array::from_fn(|column| most * even(key, number(axis, row, column))))
    })
}

/// The cubic B-spline: the weight of a point that is so many intervals away.
fn spline(distance: f32) -> f32 {
    let d = distance.abs();
    let near = 4.0 - 6.0 * d * d + 3.0 * d * d * d;
    let far = (2.0 - d).max(0.0).powi(3);
    if d < 1.0 { near / 6.0 } else { far / 6.0 }
}
