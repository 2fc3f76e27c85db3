//! The place rule: scales the ink so that the darkest pixel is 255, and pastes the 20x20 box into 28x28 by its centre of mass.

use super::normalize::Point;
use super::raster::{BOX, Frame};
use super::{Image, PIXELS, SIDE};

/// Where MNIST puts the centre of mass at most, in coordinates: pixel `i` has its centre at `i + 0.5`. The shift is by whole
/// pixels, so that the centre of mass falls anywhere in (14, 15]: indices (13.5, 14.5], around 14.
const TARGET: f64 = 15.0;

/// A centre of mass that is over a whole coordinate by less than this counts as on it, in pixels. A symmetric drawing
/// has its centre of mass exactly there, and rounding must not choose between two places for it.
const SNAP: f64 = 0.01;

/// The levels of a frame that holds ink.
pub fn levels(frame: &Frame) -> [u8; BOX * BOX] {
    let largest = frame.iter().fold(0.0, |a: f64, &b| a.max(b));
    frame.map(|share| (share / largest * 255.0).round() as u8)
}

/// The centre of mass of levels that are not all 0, (across, down) from the box's corner, in pixels.
pub fn of_mass(levels: &[u8; BOX * BOX]) -> Point {
    let (mut total, mut moment) = (0.0, [0.0; 2]);
    for (i, &level) in levels.iter().enumerate() {
        total += f64::from(level);
        moment[0] += f64::from(level) * ((i % BOX) as f64 + 0.5);
        moment[1] += f64::from(level) * ((i / BOX) as f64 + 0.5);
    }
    moment.map(|moment| moment / total)
}

/// Where the box's corner goes, (column, row), given the box's centre of mass: the 20 go into the image's 28.
///
/// Ink so uneven that it would leave the image stops at its edge.
pub fn offset(center: Point) -> [usize; 2] {
    center.map(|center| (TARGET + SNAP - center).floor().clamp(0.0, (SIDE - BOX) as f64) as usize)
}

/// The image with the box's corner at that column and row.
pub fn paste(levels: &[u8; BOX * BOX], [across, down]: [usize; 2]) -> Image {
    let mut image = [0; PIXELS];
    for (row, values) in levels.chunks_exact(BOX).enumerate() {
        image[(row + down) * SIDE + across..][..BOX].copy_from_slice(values);
    }
    image
}
