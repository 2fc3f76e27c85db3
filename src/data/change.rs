//! Changes of an image that leave its digit the same, each by an exact amount: what robustness is measured with.

use super::Padded;

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
        let (mut source, centre) = (Padded::default(), (side as f32 - 1.0) / 2.0);
        source.set(image, wider);
        let (mut from_x, mut from_y) = (vec![0.0; side], vec![0.0; side]);
        for (row, out) in out.chunks_exact_mut(side).enumerate() {
            for column in 0..side {
                let (x, y) = self.back(column as f32 - centre, row as f32 - centre);
                (from_x[column], from_y[column]) = (x + centre, y + centre);
            }
            source.fetch(&mut from_x, &mut from_y, out);
        }
    }

    /// Where a pixel of the changed image comes from.
    fn back(self, x: f32, y: f32) -> (f32, f32) {
        match self {
            Change::Shift { right, down } => (x - right, y - down),
            Change::Scale(scale) => (x / scale, y / scale),
            Change::Rotation(degrees) => {
                let (sin, cos) = degrees.to_radians().sin_cos();
                (cos * x + sin * y, cos * y - sin * x)
            }
            Change::Thickness(_) => (x, y),
        }
    }
}
