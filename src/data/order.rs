//! In which order an epoch sees the images. The same seed and epoch give the same order everywhere.

/// A shuffle of 0..n that depends on `seed` and `epoch` alone, so that any epoch can be begun without the ones before it.
pub fn epoch_order(n: usize, seed: u64, epoch: u32) -> Vec<u32> {
    let mut order: Vec<u32> = (0..n as u32).collect();
    // The odd constant (2^64 / golden ratio) keeps (seed, epoch + 1) from being (seed + 1, epoch).
    let mut rng = fastrand::Rng::with_seed(seed ^ u64::from(epoch + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15));
    rng.shuffle(&mut order);
    order
}
