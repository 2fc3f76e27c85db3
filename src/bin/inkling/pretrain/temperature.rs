//! Temperature scaling: C. Guo, G. Pleiss, Y. Sun, K. Weinberger, "On Calibration of Modern Neural Networks", ICML 2017.
//! Dividing z of the last layer by one number changes no answer; it makes the probabilities say how often the answer is right.

use inkling::Result;
use inkling::data::{Dataset, pixel_to_input};
use inkling::model::Predictor;
use inkling::nn::ModelSpec;
use std::ops::Range;

/// Temperatures that are tried: 0.2 to 3, each 1 % above the one before.
const TRIED: i32 = 272;

/// Divides the last layer by the temperature with which these images' labels are most likely; returns that temperature.
pub fn calibrate(spec: &ModelSpec, parameters: &mut [f32], set: &Dataset, images: Range<usize>) -> Result<f64> {
    let mut predictor = Predictor::new(spec.clone(), parameters)?;
    let mut rows = Vec::with_capacity(images.len());
    for image in images {
        let input: Vec<f32> = set.image(image).iter().copied().map(pixel_to_input).collect();
        // z but for a constant, which softmax doesn't see.
        let z: Vec<f64> = predictor.predict(&input)?.iter().map(|&p| f64::from(p.max(f32::MIN_POSITIVE)).ln()).collect();
        rows.push((z, usize::from(set.labels()[image])));
    }
    let loss = |temperature: f64| rows.iter().map(|(z, label)| cross_entropy(z, *label, temperature)).sum::<f64>();
    let tried = (0..TRIED).map(|power| 0.2 * 1.01_f64.powi(power));
    let best = tried.map(|t| (loss(t), t)).min_by(|a, b| a.0.total_cmp(&b.0)).map_or(1.0, |(_, t)| t);
    if let Some(last) = spec.layout().layers.last() {
        parameters[last.weights..last.bias + last.units].iter_mut().for_each(|w| *w = (f64::from(*w) / best) as f32);
    }
    Ok(best)
}

/// -ln p of the label, p = softmax(z / temperature).
fn cross_entropy(z: &[f64], label: usize, temperature: f64) -> f64 {
    let most = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let sum: f64 = z.iter().map(|z| ((z - most) / temperature).exp()).sum();
    sum.ln() - (z[label] - most) / temperature
}

#[cfg(test)]
mod tests {
    use super::*;
    use inkling::nn::Activation;

    /// Eight of ten images of class 0 and two of class 1 look the same: the right probability is 0.8.
    #[test]
    fn the_probability_becomes_the_share_that_is_right() {
        let spec = ModelSpec::mlp(&[1, 2], Activation::Relu).unwrap();
        let set = Dataset::new(vec![255; 10], [vec![0; 8], vec![1; 2]].concat(), 1, 2).unwrap();
        for z in [0.3, 3.0] {
            let mut parameters = vec![z, 0.0, 0.0, 0.0];
            let temperature = calibrate(&spec, &mut parameters, &set, 0..10).unwrap();
            let p = Predictor::new(spec.clone(), &parameters).unwrap().predict(&[1.0]).unwrap()[0];
            assert!((p - 0.8).abs() < 0.003, "{z}: {p} with temperature {temperature}");
        }
    }
}
