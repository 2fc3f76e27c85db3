//! Softmax and cross-entropy of one row of logits, with the row's maximum subtracted so that no logit can overflow.

use crate::nn::{Loss, exp};

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

/// The loss and whether the first largest logit is at `label`; writes dz. Formulas and target as
/// [`crate::backend::Backend::softmax_loss`] says.
pub fn loss(loss: Loss, z: &[f32], label: usize, smoothing: f32, scale: f32, dz: &mut [f32]) -> (f32, bool) {
    let max = z.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let first = z.iter().position(|&z| z == max);
    let mut sum = 0.0;
    for (dz, z) in dz.iter_mut().zip(z) {
        *dz = exp(z - max);
        sum += *dz;
    }
    // Of the target, so much is spread over all classes; all of it where the image shows none of them.
    let spread = if label < z.len() { smoothing } else { 1.0 };
    let value = match loss {
        Loss::CrossEntropy => {
            for dz in dz.iter_mut() {
                *dz *= scale / sum;
            }
            let mut aimed = 0.0;
            if spread > 0.0 {
                let each = spread / z.len() as f32;
                dz.iter_mut().for_each(|dz| *dz -= each * scale);
                aimed += z.iter().sum::<f32>() * each;
            }
            if let Some(z) = z.get(label) {
                dz[label] -= (1.0 - spread) * scale;
                aimed += (1.0 - spread) * z;
            }
            sum.ln() + max - aimed
        }
        Loss::MeanSquaredError => {
            let classes = z.len() as f32;
            let off = |i: usize, p: f32| p - spread / classes - if i == label { 1.0 - spread } else { 0.0 };
            let (mut squares, mut along) = (0.0, 0.0);
            for (i, p) in dz.iter_mut().enumerate() {
                *p /= sum;
                squares += off(i, *p) * off(i, *p);
                along += off(i, *p) * *p;
            }
            for (i, p) in dz.iter_mut().enumerate() {
                *p *= 2.0 / classes * scale * (off(i, *p) - along);
            }
            squares / classes
        }
    };
    (value, first == Some(label))
}
