//! Random affine changes of images: a network that has seen digits turned, slanted, stretched and shifted is not fooled by
//! them.

/// How much an image may change.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Augmentation {
    /// Largest rotation either way, in radians.
    pub rotation: f32,
    /// Largest slant either way: x moves by this share of y.
    pub shear: f32,
    /// Largest relative change of width and of height, each on its own.
    pub scale: f32,
    /// Largest shift along each axis, in pixels.
    pub shift: f32,
}

/// Farther than any pixel comes from.
const FAR: f32 = 1024.0;

/// Writes a randomly changed copy of `image` (square, row-major) to `out`, by bilinear interpolation; outside is paper.
pub fn augment(image: &[u8], out: &mut [u8], by: Augmentation, rng: &mut fastrand::Rng) {
    let side = image.len().isqrt();
    debug_assert_eq!(side * side, image.len());
    let mut uniform = |most: f32| (rng.f32() * 2.0 - 1.0) * most;
    let (sin, cos) = uniform(by.rotation).sin_cos();
    let shear = uniform(by.shear);
    let (scale_x, scale_y) = (1.0 + uniform(by.scale), 1.0 + uniform(by.scale));
    let (shift_x, shift_y) = (uniform(by.shift), uniform(by.shift));
    // For each pixel of the copy, where it comes from: rotation after slant after scale, about the centre.
    let matrix = [cos / scale_x, (sin + shear * cos) / scale_x, -sin / scale_y, (cos - shear * sin) / scale_y];
    let centre = (side as f32 - 1.0) / 2.0;
    let pixel = |x: i32, y: i32| {
        let inside = (0..side as i32).contains(&x) && (0..side as i32).contains(&y);
        if inside { f32::from(image[y as usize * side + x as usize]) } else { 0.0 }
    };
    for (i, out) in out.iter_mut().enumerate() {
        let (x, y) = ((i % side) as f32 - centre - shift_x, (i / side) as f32 - centre - shift_y);
        let (from_x, from_y) = (matrix[0] * x + matrix[1] * y + centre, matrix[2] * x + matrix[3] * y + centre);
        // Truncation of a positive number is its floor, without a call to a function.
        let (left, top) = ((from_x + FAR) as i32 - FAR as i32, (from_y + FAR) as i32 - FAR as i32);
        let (part_x, part_y) = (from_x - left as f32, from_y - top as f32);
        let upper = pixel(left, top) * (1.0 - part_x) + pixel(left + 1, top) * part_x;
        let lower = pixel(left, top + 1) * (1.0 - part_x) + pixel(left + 1, top + 1) * part_x;
        *out = (upper * (1.0 - part_y) + lower * part_y).round() as u8;
    }
}
