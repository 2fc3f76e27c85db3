//! Strokes on an image that is there already: a test image on the sheet, on which a person draws on.

use super::normalize::Point;
use super::raster::{PEN, coverage_of};
use super::{Image, SIDE, Stroke};

/// The image, and over it the strokes, whose points are shares of its side. Where there are no strokes it stays as it is to the
/// last level: an image of the data set is boxed and centred already, so nothing is scaled or moved. What is drawn beside it is
/// lost.
pub fn over(image: &Image, strokes: &[Stroke]) -> Image {
    let path = |stroke: &Stroke| -> Vec<Point> {
        let finite = stroke.points.iter().filter(|point| point.iter().all(|v| v.is_finite()));
        finite.map(|point| point.map(|v| f64::from(v) * SIDE as f64)).collect()
    };
    let paths: Vec<Vec<Point>> = strokes.iter().map(path).filter(|path| !path.is_empty()).collect();
    let mut out = *image;
    for (level, share) in out.iter_mut().zip(coverage_of(SIDE, &paths, PEN)) {
        *level = (*level).max((255.0 * share).round() as u8);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn without_strokes_the_image_stays_and_a_stroke_only_adds_ink() {
        let mut image = [0; SIDE * SIDE];
        image[5 * SIDE + 20] = 130;
        image[14 * SIDE + 14] = 90;
        assert_eq!(over(&image, &[]), image);
        let nothing = Stroke { points: vec![[f32::NAN, 0.5]] };
        assert_eq!(over(&image, &[nothing]), image);
        // Along the middle of row 14, from column 10 to 18.
        let line = Stroke { points: vec![[10.5 / 28.0, 14.5 / 28.0], [18.5 / 28.0, 14.5 / 28.0]] };
        let drawn = over(&image, &[line]);
        assert_eq!(drawn[5 * SIDE + 20], 130);
        // The pen covers a row and three quarters of each neighbour.
        assert_eq!([12, 13, 14, 15, 16].map(|row| drawn[row * SIDE + 14]), [0, 191, 255, 191, 0]);
        assert!(drawn.iter().zip(image).all(|(after, before)| *after >= before));
    }
}
