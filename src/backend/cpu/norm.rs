//! Batch normalization (Ioffe and Szegedy 2015) of some columns of a matrix, row by row, so that the loops become SIMD.

use crate::backend::{EPSILON, MOMENTUM};
use crate::nn::NormShape;
use std::ops::Range;

/// Mean, 1 / sqrt(variance + epsilon), gamma and beta of a normalization's columns.
fn parts(statistics: &[f32], units: usize) -> [&[f32]; 4] {
    [0, 1, 2, 3].map(|part| &statistics[part * units..(part + 1) * units])
}

/// The columns' statistics, and the moving averages' step.
pub fn batch_statistics(norm: NormShape, own: Range<usize>, x: &[f32], parameters: &mut [f32], statistics: &mut [f32]) {
    let units = norm.units;
    let rows = (x.len() / units) as f32;
    let (mean, rest) = statistics.split_at_mut(units);
    let (mean, variance) = (&mut mean[own.clone()], &mut rest[own.clone()]);
    mean.fill(0.0);
    for row in x.chunks_exact(units) {
        mean.iter_mut().zip(&row[own.clone()]).for_each(|(mean, x)| *mean += x / rows);
    }
    variance.fill(0.0);
    for row in x.chunks_exact(units) {
        for ((variance, x), mean) in variance.iter_mut().zip(&row[own.clone()]).zip(&*mean) {
            *variance += (x - mean) * (x - mean) / rows;
        }
    }
    let (moving_mean, moving_variance) = parameters[norm.moving..norm.moving + 2 * units].split_at_mut(units);
    for (moving, now) in moving_mean[own.clone()].iter_mut().zip(&*mean) {
        *moving += (1.0 - MOMENTUM) * (now - *moving);
    }
    for (moving, now) in moving_variance[own.clone()].iter_mut().zip(&*variance) {
        *moving += (1.0 - MOMENTUM) * (now - *moving);
    }
    finish(norm, own, parameters, statistics);
}

/// The same from the moving averages.
pub fn moving_statistics(norm: NormShape, own: Range<usize>, parameters: &[f32], statistics: &mut [f32]) {
    statistics[..2 * norm.units].copy_from_slice(&parameters[norm.moving..norm.moving + 2 * norm.units]);
    finish(norm, own, parameters, statistics);
}

/// From the variance to what is multiplied by, and gamma and beta beside it.
fn finish(norm: NormShape, own: Range<usize>, parameters: &[f32], statistics: &mut [f32]) {
    let (averages, learned) = statistics[..4 * norm.units].split_at_mut(2 * norm.units);
    averages[norm.units..][own].iter_mut().for_each(|variance| *variance = 1.0 / (*variance + EPSILON).sqrt());
    learned.copy_from_slice(&parameters[norm.gamma..norm.gamma + 2 * norm.units]);
}

/// y = gamma (x - mean) / deviation + beta.
pub fn normalize(norm: NormShape, own: Range<usize>, x: &[f32], statistics: &[f32], y: &mut [f32]) {
    let [mean, inverse, gamma, beta] = parts(statistics, norm.units);
    for (y, x) in y.chunks_exact_mut(norm.units).zip(x.chunks_exact(norm.units)) {
        for i in own.clone() {
            y[i] = gamma[i] * (x[i] - mean[i]) * inverse[i] + beta[i];
        }
    }
}

/// dgamma and dbeta, and dx in the place of dy.
pub fn gradient(norm: NormShape, own: Range<usize>, x: &[f32], statistics: &[f32], dy: &mut [f32], gradients: &mut [f32]) {
    let units = norm.units;
    let rows = (x.len() / units) as f32;
    let [mean, inverse, gamma, _] = parts(statistics, units);
    let (dgamma, dbeta) = gradients[norm.gamma..norm.gamma + 2 * units].split_at_mut(units);
    dgamma[own.clone()].fill(0.0);
    dbeta[own.clone()].fill(0.0);
    for (dy, x) in dy.chunks_exact(units).zip(x.chunks_exact(units)) {
        for i in own.clone() {
            dgamma[i] += dy[i] * (x[i] - mean[i]) * inverse[i];
            dbeta[i] += dy[i];
        }
    }
    for (dy, x) in dy.chunks_exact_mut(units).zip(x.chunks_exact(units)) {
        for i in own.clone() {
            let normal = (x[i] - mean[i]) * inverse[i];
            dy[i] = gamma[i] * inverse[i] * (dy[i] - (dbeta[i] + normal * dgamma[i]) / rows);
        }
    }
}
