//! Random changes of images: a network that has seen digits turned, slanted, stretched, shifted, bent, thinned and thickened is
//! not fooled by them.
//!
//! A change depends on the seed, the epoch and the image's number alone, by a hash rather than by a generator with a state, so
//! that every device can draw any image's change by itself.

/// How much an image may change. Everything is drawn evenly, from both ways.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Augmentation {
    /// Largest rotation, in radians; below pi.
    pub rotation: f32,
    /// Largest slant: x moves by this share of y.
    pub shear: f32,
    /// Smallest and largest size, next to the image's own.
    pub scale: [f32; 2],
    /// Largest change of the width against the height: 0.2 is from 1 / 1.2 to 1.2 times, of each.
    pub stretch: f32,
    /// Largest shift along each axis, in pixels.
    pub shift: f32,
    /// Elastic deformation (Simard, Steinkraus and Platt 2003): largest displacement of the points of a coarse grid, in pixels, that
    /// carry the pixels between them along. Four is about as strong as in the paper.
    pub elastic: f32,
    /// Largest widening or narrowing of the strokes on each side, in pixels. What is drawn above 1 counts as 1: with 2, half of all
    /// images get as wide or narrow as can be.
    pub thickness: f32,
}

impl Augmentation {
    /// Leaves every image as it is.
    pub const NONE: Augmentation =
        Augmentation { rotation: 0.0, shear: 0.0, scale: [1.0, 1.0], stretch: 0.0, shift: 0.0, elastic: 0.0, thickness: 0.0 };
}

/// Which change is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    pub seed: u32,
    pub epoch: u32,
    pub image: u32,
}

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

impl Draw {
    /// A well mixed number for all of the draw.
    fn key(self) -> u32 {
        hash(self.image ^ hash(self.epoch ^ hash(self.seed)))
    }
}

/// The PCG hash (Jarzynski and Olano 2020): an integer to one that looks random.
fn hash(x: u32) -> u32 {
    let state = x.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
    let word = ((state >> ((state >> 28) + 4)) ^ state).wrapping_mul(277_803_737);
    (word >> 22) ^ word
}

/// Number `index` of the draw with this key, from -1 to 1.
fn even(key: u32, index: u32) -> f32 {
    (hash(key.wrapping_add(index)) >> 8) as f32 / (1 << 23) as f32 - 1.0
}

/// Writes a randomly changed copy of `image` (square, row-major) to `out`, by bilinear interpolation; outside is paper.
///
/// `(x, y)` of the copy comes from A (x, y) + elastic displacement, where A undoes rotation after slant after size, about the
/// centre, and then the shift.
pub fn augment(image: &[u8], out: &mut [u8], by: Augmentation, draw: Draw) {
    let side = image.len().isqrt();
    debug_assert_eq!(side * side, image.len());
    let key = draw.key();
    let (place, source) =
        (Placement::new(by, key), Padded::new(image, side, (by.thickness * even(key, THICKNESS)).clamp(-1.0, 1.0)));
    let bend = Bend::new(by.elastic, key, side);
    let centre = (side as f32 - 1.0) / 2.0;
    for (row, out) in out.chunks_exact_mut(side).enumerate() {
        let bent = bend.row(row);
        for (column, out) in out.iter_mut().enumerate() {
            let [across, down] = bent.at(column);
            let [x, y] = place.back(column as f32 - centre, row as f32 - centre);
            *out = source.at(x + centre + across, y + centre + down);
        }
    }
}

/// The affine part, backwards: where a pixel of the copy comes from.
struct Placement {
    matrix: [f32; 4],
    shift: [f32; 2],
}

impl Placement {
    fn new(by: Augmentation, key: u32) -> Placement {
        let even = |index| even(key, index);
        // The half angle's tangent gives sine and cosine without a function that devices compute differently.
        let half = (by.rotation / 2.0).tan() * even(ROTATION);
        let (sin, cos) = (2.0 * half / (1.0 + half * half), (1.0 - half * half) / (1.0 + half * half));
        let shear = by.shear * even(SHEAR);
        let [small, large] = by.scale;
        let (size, stretch) = (small + (large - small) * (even(SCALE) + 1.0) / 2.0, factor(by.stretch * even(STRETCH)));
        let (across, down) = (1.0 / (size * stretch), stretch / size);
        Placement {
            matrix: [cos * across, (sin + shear * cos) * across, -sin * down, (cos - shear * sin) * down],
            shift: [0, 1].map(|axis| by.shift * even(SHIFT + axis)),
        }
    }

    fn back(&self, x: f32, y: f32) -> [f32; 2] {
        let [a, b, c, d] = self.matrix;
        let (x, y) = (x - self.shift[0], y - self.shift[1]);
        [a * x + b * y, c * x + d * y]
    }
}

/// 1.5 for 0.5, and 1 / 1.5 for -0.5.
fn factor(change: f32) -> f32 {
    if change < 0.0 { 1.0 / (1.0 - change) } else { 1.0 + change }
}

/// The elastic part: displacements on a coarse grid, and cubic B-splines between.
struct Bend {
    grid: [[[f32; 2]; POINTS]; POINTS],
    side: usize,
}

/// The displacements along one row.
struct BentRow {
    points: [[f32; 2]; POINTS],
    side: usize,
}

impl Bend {
    fn new(most: f32, key: u32, side: usize) -> Bend {
        let number = |row: usize, column: usize, axis: usize| GRID + ((row * POINTS + column) * 2 + axis) as u32;
        let grid = if most == 0.0 {
            Default::default()
        } else {
            std::array::from_fn(|row| {
                std::array::from_fn(|column| [0, 1].map(|axis| most * even(key, number(row, column, axis))))
            })
        };
        Bend { grid, side }
    }

    fn row(&self, row: usize) -> BentRow {
        let (first, weights) = spline(row, self.side);
        let rows = &self.grid[first..first + 4];
        let points = std::array::from_fn(|column| {
            [0, 1].map(|axis| rows.iter().zip(weights).map(|(row, weight)| weight * row[column][axis]).sum())
        });
        BentRow { points, side: self.side }
    }
}

impl BentRow {
    fn at(&self, column: usize) -> [f32; 2] {
        let (first, weights) = spline(column, self.side);
        let points = &self.points[first..first + 4];
        [0, 1].map(|axis| points.iter().zip(weights).map(|(point, weight)| weight * point[axis]).sum())
    }
}

/// The first of the four points that pixel `i` of `side` lies between, and their weights.
fn spline(i: usize, side: usize) -> (usize, [f32; 4]) {
    let along = i as f32 * INTERVALS as f32 / side as f32;
    let first = along as usize;
    let t = along - first as f32;
    let s = 1.0 - t;
    let weights = [s * s * s, 3.0 * t * t * t - 6.0 * t * t + 4.0, 3.0 * s * s * s - 6.0 * s * s + 4.0, t * t * t];
    (first, weights.map(|w| w / 6.0))
}

/// The image with a border of paper, its strokes widened or narrowed.
pub(super) struct Padded {
    pixels: Vec<f32>,
    width: usize,
}

impl Padded {
    /// Ink spreads to the four neighbours of a pixel (`wider` > 0), or paper does: as far as `wider` says, up to a pixel.
    pub(super) fn new(image: &[u8], side: usize, wider: f32) -> Padded {
        // Two pixels: one for what strokes grow by, and one that is paper for certain.
        let width = side + 4;
        let mut pixels = vec![0.0; width * width];
        for (row, values) in image.chunks_exact(side).enumerate() {
            let to = &mut pixels[(row + 2) * width + 2..][..side];
            to.iter_mut().zip(values).for_each(|(to, value)| *to = f32::from(*value));
        }
        if wider == 0.0 {
            return Padded { pixels, width };
        }
        let mut changed = vec![0.0; width * width];
        let pick = if wider > 0.0 { f32::max } else { f32::min };
        for row in 1..width - 1 {
            let at = |row: usize| &pixels[row * width..][..width];
            let (above, here, below) = (at(row - 1), at(row), at(row + 1));
            for column in 1..width - 1 {
                let beside = pick(here[column - 1], here[column + 1]);
                let most = pick(here[column], pick(beside, pick(above[column], below[column])));
                changed[row * width + column] = here[column] + wider.abs() * (most - here[column]);
            }
        }
        Padded { pixels: changed, width }
    }

    /// The ink at a place between pixels, in coordinates of the image.
    pub(super) fn at(&self, x: f32, y: f32) -> u8 {
        let most = (self.width - 2) as f32;
        // A place far outside is moved to the border, which is paper.
        let (x, y) = ((x + 2.0).clamp(0.0, most), (y + 2.0).clamp(0.0, most));
        let (left, top) = (x as usize, y as usize);
        let (part_x, part_y) = (x - left as f32, y - top as f32);
        let upper = &self.pixels[top * self.width + left..][..2];
        let lower = &self.pixels[(top + 1) * self.width + left..][..2];
        let (above, below) = (upper[0] + part_x * (upper[1] - upper[0]), lower[0] + part_x * (lower[1] - lower[0]));
        (above + part_y * (below - above) + 0.5) as u8
    }
}
