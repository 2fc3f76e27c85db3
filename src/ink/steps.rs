//! What [`super::image`] makes on its way from strokes to pixels, for those who show how it is done.

use super::normalize::{Placement, Point};
use super::raster::BOX;
use super::{Image, Stroke, center, normalize, raster};

/// The steps of one drawing, each made from those before it.
#[derive(Clone, Debug, PartialEq)]
pub struct Steps {
    /// How the drawing lies in the 20x20 box.
    pub placement: Placement,
    /// The strokes in pixels of the box, each with at least one point.
    pub paths: Vec<Vec<Point>>,
    /// The box's pixels, row-major; the largest is 255.
    pub levels: [u8; BOX * BOX],
    /// The centre of mass of those, in pixels of the box from its corner.
    pub center: Point,
    /// Column and row of the image where the box's corner is.
    pub offset: [usize; 2],
    /// What the network sees.
    pub image: Image,
}

/// The steps by a pen of that diameter in pixels of the box, or `None` where there is no ink.
pub fn steps_by_pen(strokes: &[Stroke], pen: f64) -> Option<Steps> {
    let (placement, paths) = normalize::paths(strokes, pen)?;
    let levels = center::levels(&raster::coverage(&paths, pen));
    let center = center::of_mass(&levels);
    let offset = center::offset(center);
    Some(Steps { placement, paths, levels, center, offset, image: center::paste(&levels, offset) })
}
