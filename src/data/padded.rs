//! An image in a margin of paper, its strokes as they are or widened or narrowed, and its ink at any place.

/// Paper around the image: one pixel for what strokes grow by, and one that is paper for certain.
const MARGIN: usize = 2;

/// An image, and memory for others of its size.
#[derive(Default)]
pub struct Padded {
    side: usize,
    /// The image with its margin.
    plain: Vec<u8>,
    /// The same with the strokes that were asked for.
    inked: Vec<f32>,
    /// For each of a row's places the pixel above and to the left of it.
    at: Vec<u32>,
}

impl Padded {
    /// Takes a square image. Ink spreads to the four neighbours of a pixel (`wider` > 0), or paper does: as far as `wider` says,
    /// up to a pixel.
    pub fn set(&mut self, image: &[u8], wider: f32) {
        let side = image.len().isqrt();
        let width = side + 2 * MARGIN;
        if side != self.side {
            *self = Padded { side, plain: vec![0; width * width], inked: vec![0.0; width * width], at: vec![0; side] };
        }
        for (row, values) in image.chunks_exact(side).enumerate() {
            self.plain[(row + MARGIN) * width + MARGIN..][..side].copy_from_slice(values);
        }
        if wider == 0.0 {
            self.inked.iter_mut().zip(&self.plain).for_each(|(to, &value)| *to = f32::from(value));
        } else if wider > 0.0 {
            self.spread(wider, u8::max);
        } else {
            self.spread(-wider, u8::min);
        }
    }

    #[inline(always)]
    fn spread(&mut self, share: f32, pick: impl Fn(u8, u8) -> u8) {
        let width = self.side + 2 * MARGIN;
        let inside = width - 2;
        for row in 1..=inside {
            let line = |row: usize, column: usize| &self.plain[row * width + column..][..inside];
            let (left, here, right) = (line(row, 0), line(row, 1), line(row, 2));
            let (above, below) = (line(row - 1, 1), line(row + 1, 1));
            let inked = &mut self.inked[row * width + 1..][..inside];
            for i in 0..inside {
                let most = pick(pick(left[i], right[i]), pick(here[i], pick(above[i], below[i])));
                let here = f32::from(here[i]);
                inked[i] = here + share * (f32::from(most) - here);
            }
        }
    }

    /// The ink at a row of places between pixels, in coordinates of the image, by bilinear interpolation. The places are used up.
    /// In three loops, of which the first and the last become SIMD.
    pub fn fetch(&mut self, x: &mut [f32], y: &mut [f32], out: &mut [u8]) {
        let width = self.side + 2 * MARGIN;
        // A place far outside is moved to the border, which is paper.
        let most = (width - 1) as f32;
        let last = width as i32 - 2;
        let inside = |place: f32| (place + MARGIN as f32).clamp(0.0, most);
        for ((x, y), at) in x.iter_mut().zip(y.iter_mut()).zip(&mut self.at) {
            let (inside_x, inside_y) = (inside(*x), inside(*y));
            let (left, top) = ((inside_x as i32).min(last), (inside_y as i32).min(last));
            *at = (top * width as i32 + left) as u32;
            (*x, *y) = (inside_x - left as f32, inside_y - top as f32);
        }
        for ((x, y), at) in x.iter_mut().zip(y.iter()).zip(&self.at) {
            let at = *at as usize;
            let (upper, lower) = (&self.inked[at..at + 2], &self.inked[at + width..at + width + 2]);
            let (above, below) = (upper[0] + *x * (upper[1] - upper[0]), lower[0] + *x * (lower[1] - lower[0]));
            *x = above + *y * (below - above);
        }
        out.iter_mut().zip(x.iter()).for_each(|(out, ink)| *out = (ink + 0.5) as i32 as u8);
    }
}
