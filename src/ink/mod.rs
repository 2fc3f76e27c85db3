//! Pen strokes to the image that the network sees: the only pixel -> input rule of the project.
//!
//! MNIST was made from scanned ink; this module repeats its steps on the pen's path itself, in the order of the QMNIST
//! reconstruction (Yadav and Bottou 2019): tight box, 20x20 pixels with the aspect kept, largest ink 255, and a shift by
//! whole pixels that brings the centre of mass to the middle of 28x28. The image depends on the drawing's shape alone: not on
//! where or how large it was drawn, nor on the screen. It knows nothing of canvases.

mod center;
pub mod jsonl;
mod normalize;
mod over;
mod raster;
mod resize;
pub mod sheet;
mod steps;
mod stroke;

use crate::data::pixel_to_input;

pub use normalize::{Placement, Point};
pub use over::over;
pub use raster::{BOX, PEN};
pub use resize::resized;
pub use steps::Steps;
pub use stroke::Stroke;

/// Rows, and columns, of the image.
pub const SIDE: usize = 28;

/// Pixels of the image: the network's inputs.
pub const PIXELS: usize = SIDE * SIDE;

/// Row-major; 0 is paper, 255 is ink.
pub type Image = [u8; PIXELS];

/// The image that the network sees, or `None` where there is no ink: no stroke has a finite point.
///
/// Never fails and never panics, whatever the numbers. Points that are not finite are left out, and their neighbours joined.
/// A drawing without extent (a tap) is a dot as wide as the pen, a straight line is 20 pixels long.
pub fn image(strokes: &[Stroke]) -> Option<Image> {
    image_by_pen(strokes, PEN)
}

/// As [`image`], by a pen of that diameter in pixels of the 20x20 box: above 0 and below 20.
pub fn image_by_pen(strokes: &[Stroke], pen: f64) -> Option<Image> {
    Some(steps::steps_by_pen(strokes, pen)?.image)
}

/// As [`image`], with what is made on the way.
pub fn steps(strokes: &[Stroke]) -> Option<Steps> {
    steps::steps_by_pen(strokes, PEN)
}

/// The network's inputs for an image, MNIST's or drawn: 0 is paper, 1 is full ink.
pub fn to_input(image: &Image) -> [f32; PIXELS] {
    image.map(pixel_to_input)
}
