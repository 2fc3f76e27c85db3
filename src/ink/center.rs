//! The place rule: scales the ink so that the darkest pixel is 255, and pastes the 20x20 box into 28x28 by its centre of mass.

use super::raster::{BOX, Frame};
use super::{Image, PIXELS, SIDE};

/// Where MNIST puts the centre of mass at most, in coordinates: pixel `i` has its centre at `i + 0.5`. The shift is by whole
/// pixels, so that the centre of mass falls anywhere in (14, 15]: indices (13.5, 14.5], around 14.
const TARGET: f64 = 15.0;

/// A centre of mass that is over a whole coordinate by less than this counts as on it, in pixels. A symmetric drawing
/// has its centre of mass exactly there, and rounding must not choose between two places for it.
const SNAP: f64 = 0.01;

/// The frame in levels of ink, the darkest 255.
pub fn levels(frame: &Frame) -> [u8; BOX * BOX] {
    let largest = frame.iter().fold(0.0, |a: f64, &b| a.max(b));
    frame.map(|share| (share / largest * 255.0).round() as u8)
}

/// The column and the row of the 28x28 image where the box's first pixel goes.
pub fn place(ink: &[u8; BOX * BOX]) -> [usize; 2] {
    let (mut columns, mut rows) = ([0; BOX], [0; BOX]);
    for (i, &value) in ink.iter().enumerate() {
        columns[i % BOX] += u32::from(value);
        rows[i / BOX] += u32::from(value);
    }
    [shift(&columns), shift(&rows)]
}

/// The 28x28 image of a frame that holds ink.
pub fn paste(ink: &[u8; BOX * BOX], [across, down]: [usize; 2]) -> Image {
    let mut image = [0; PIXELS];
    for (row, values) in ink.chunks_exact(BOX).enumerate() {
        image[(row + down) * SIDE + across..][..BOX].copy_from_slice(values);
    }
    image
}

/// How many pixels to move by along one axis, given the ink of each row or column: the box's 20 go into the image's 28.
///
/// Ink so uneven that it would leave the image stops at its edge.
fn shift(profile: &[u32; BOX]) -> usize {
    let (mut total, mut moment) = (0.0, 0.0);
    for (i, &ink) in profile.iter().enumerate() {
        total += f64::from(ink);
        moment += f64::from(ink) * (i as f64 + 0.5);
    }
    let wanted = (TARGET + SNAP - moment / total).floor();
    wanted.clamp(0.0, (SIDE - BOX) as f64) as usize
}
