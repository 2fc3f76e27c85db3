//! The image for a network that reads images of another size: each pixel of the new one is the mean of the area of the old one
//! that it covers. A drawing is so brought to any data set's size, and is as large and as centred there as in MNIST.

/// A square image in `side` x `side` pixels, row-major.
pub fn resized(image: &[u8], side: usize) -> Vec<u8> {
    let old_side = image.len().isqrt();
    if side == old_side {
        return image.to_vec();
    }
    let step = old_side as f64 / side as f64;
    // Which old pixels a new one covers along an axis, and how much of each.
    let covered = |new: usize| {
        let (low, high) = (new as f64 * step, (new + 1) as f64 * step);
        let last = (high.ceil() as usize).min(old_side);
        (low as usize..last).map(move |old| (old, (high.min(old as f64 + 1.0) - low.max(old as f64)).max(0.0)))
    };
    let mut pixels = Vec::with_capacity(side * side);
    for row in 0..side {
        for column in 0..side {
            let of = |(y, height): (usize, f64)| {
                covered(column).map(|(x, width)| height * width * f64::from(image[y * old_side + x])).sum::<f64>()
            };
            pixels.push((covered(row).map(of).sum::<f64>() / (step * step)).round() as u8);
        }
    }
    pixels
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ink::{PIXELS, SIDE};

    #[test]
    fn ink_keeps_its_place_and_its_amount() {
        let mut image = [0; PIXELS];
        for row in 7..14 {
            image[row * SIDE + 14..][..7].fill(200);
        }
        assert_eq!(resized(&image, SIDE), image);
        let small = resized(&image, 8);
        let inked: Vec<usize> = (0..64).filter(|&i| small[i] == 200).collect();
        assert_eq!(inked, [2 * 8 + 4, 2 * 8 + 5, 3 * 8 + 4, 3 * 8 + 5]);
        assert_eq!(small.iter().filter(|&&ink| ink > 0).count(), 4);
        let large = resized(&image, 56);
        assert_eq!(large.iter().filter(|&&ink| ink == 200).count(), 4 * 49);
        for side in [1, 3, 27, 29, 64] {
            let mean = resized(&image, side).iter().map(|&ink| f64::from(ink)).sum::<f64>() / (side * side) as f64;
            assert!((mean - 200.0 / 16.0).abs() < 0.51, "{side}: {mean}");
        }
        assert_eq!(resized(&[255; PIXELS], 33), vec![255; 33 * 33]);
        // And from another size: twice as large and back.
        let other: Vec<u8> = (0..196).map(|i| (i * 7 % 256) as u8).collect();
        assert_eq!(resized(&resized(&other, SIDE), 14), other);
    }
}
