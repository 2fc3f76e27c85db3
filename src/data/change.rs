//! Changes of an image that leave its digit the same, each by an exact amount: what robustness is measured with.

use super::augment::Padded;

/// One change, about the middle of the image; between pixels the ink is interpolated (bilinear), from outside comes paper.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Change {
    /// To the right and down, in pixels.
    Shift { right: f32, down: f32 },
    /// So many times as large.
    Scale(f32),
    /// Clockwise, in degrees.
    Rotation(f32),
    /// Each pixel becomes the largest (1), or the smallest (-1), of itself and its four neighbours; between, a share of that.
    Thickness(f32),
}

impl Change {
    /// `image`, square, so changed, to `out`.
    pub fn apply(self, image: &[u8], out: &mut [u8]) {
        let side = image.len().isqrt();
        let wider = if let Change::Thickness(wider) = self { wider } else { 0.0 };
        let (source, centre) = (Padded::new(image, side, wider), (side as f32 - 1.0) / 2.0);
        for (i, out) in out.iter_mut().enumerate() {
            let (x, y) = ((i % side) as f32 - centre, (i / side) as f32 - centre);
            // Where this pixel comes from.
            let (x, y) = match self {
                Change::Shift { right, down } => (x - right, y - down),
                Change::Scale(scale) => (x / scale, y / scale),
                Change::Rotation(degrees) => {
                    let (sin, cos) = degrees.to_radians().sin_cos();
                    (cos * x + sin * y, cos * y - sin * x)
                }
                Change::Thickness(_) => (x, y),
            };
            *out = source.at(x + centre, y + centre);
        }
    }
}
