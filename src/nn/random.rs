//! Random numbers without a generator's state: a hash of where and when, so that every device can draw any of them by itself.
//! `backend/gpu/random.wgsl` is the twin of the hash.

/// The PCG hash (Jarzynski and Olano 2020): an integer to one that looks random.
pub fn hash(x: u32) -> u32 {
    let state = x.wrapping_mul(747_796_405).wrapping_add(2_891_336_453);
    let word = ((state >> ((state >> 28) + 4)) ^ state).wrapping_mul(277_803_737);
    (word >> 22) ^ word
}

/// Which numbers a Dropout sets to zero in a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Noise {
    /// The same for all numbers of the layer in that step.
    pub key: u32,
    /// The share that becomes zero, 0 to 1.
    pub rate: f32,
}

impl Noise {
    /// That of the layer with this number in a step of a run with this seed.
    pub fn new(seed: u64, step: u64, layer: usize, rate: f32) -> Noise {
        let seed = hash((seed ^ (seed >> 32)) as u32);
        Noise { key: hash(layer as u32 ^ hash(step as u32 ^ seed)), rate }
    }

    /// What number `index` of the layer (row by row) is multiplied by: 0, or 1 / (1 - rate).
    #[inline(always)]
    pub fn factor(self, index: u32) -> f32 {
        if hash(self.key.wrapping_add(index)) >> 8 < self.threshold() { 0.0 } else { 1.0 / (1.0 - self.rate) }
    }

    /// Numbers whose 24 highest bits of the hash are below this become zero.
    pub fn threshold(self) -> u32 {
        (self.rate * (1 << 24) as f32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn so_many_become_zero_and_the_mean_stays() {
        for (step, rate) in [(0, 0.0), (1, 0.2), (2, 0.5), (3, 0.9)] {
            let noise = Noise::new(7, step, 1, rate);
            let n = 100_000;
            let factors: Vec<f32> = (0..n).map(|i| noise.factor(i)).collect();
            let zeros = factors.iter().filter(|f| **f == 0.0).count() as f64 / f64::from(n);
            let mean = factors.iter().map(|&f| f64::from(f)).sum::<f64>() / f64::from(n);
            assert!((zeros - f64::from(rate)).abs() < 0.005, "{rate}: {zeros}");
            assert!((mean - 1.0).abs() < 0.03, "{rate}: mean {mean}");
        }
    }

    #[test]
    fn every_step_layer_and_seed_draws_others() {
        let drawn =
            |seed, step, layer| -> Vec<bool> { (0..64).map(|i| Noise::new(seed, step, layer, 0.5).factor(i) > 0.0).collect() };
        let all = [drawn(1, 1, 1), drawn(2, 1, 1), drawn(1, 2, 1), drawn(1, 1, 2), drawn(3 << 32, 1, 1)];
        for (i, a) in all.iter().enumerate() {
            assert!(all[i + 1..].iter().all(|b| a != b));
        }
        assert_eq!(drawn(1, 1, 1), drawn(1, 1, 1));
    }
}
