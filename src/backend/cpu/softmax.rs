//! Softmax and cross-entropy of one row of logits, with the row's maximum subtracted so that no logit can overflow.

use crate::nn::exp;

/// Replaces a row of logits by probabilities.
pub fn softmax(row: &mut [f32]) {
    let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let mut sum = 0.0;
    for z in row.iter_mut() {
        *z = exp(*z - max);
        sum += *z;
    }
    for z in row.iter_mut() {
        *z /= sum;
    }
}

/// The loss -ln softmax(z)[target] and whether the first largest logit is at `target`; writes
/// dz = (softmax(z) - onehot(target)) * scale.
pub fn cross_entropy(z: &[f32], target: usize, scale: f32, dz: &mut [f32]) -> (f32, bool) {
    let max = z.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let first = z.iter().position(|&z| z == max);
    let mut sum = 0.0;
    for (dz, z) in dz.iter_mut().zip(z) {
        *dz = exp(z - max);
        sum += *dz;
    }
    for dz in dz.iter_mut() {
        *dz *= scale / sum;
    }
    dz[target] -= scale;
    (sum.ln() + max - z[target], first == Some(target))
}
