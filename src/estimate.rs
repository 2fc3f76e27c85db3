//! What training a network will cost, before it is begun.

use crate::nn::{ModelSpec, Optimizer};
use crate::train::TrainConfig;
use crate::{Error, Result};

/// Bytes that training may take: 32-bit WebAssembly has 4 GiB, but phones end a tab long before that.
pub const MAX_MEMORY: u64 = 1 << 30;

/// Multiply-adds of one image's training step: forward, back to the weights, and, but for the first Dense layer, back to the
/// inputs.
pub fn multiply_adds(spec: &ModelSpec) -> u64 {
    let layout = spec.layout();
    let of = |(i, layer): (usize, &crate::nn::DenseShape)| {
        let products = if i == 0 { 2 } else { 3 };
        products * layer.inputs as u64 * layer.units as u64
    };
    layout.layers.iter().enumerate().map(of).sum()
}

/// Bytes that training needs in each worker: parameters, gradients, the optimizer's state, and a mini-batch's activations and
/// gradients.
pub fn memory(spec: &ModelSpec, optimizer: Optimizer, batch_size: usize) -> u64 {
    let layout = spec.layout();
    let parameters = layout.parameters + (1 + optimizer.slots()) * layout.trainable;
    let numbers: usize = spec.widths().iter().sum();
    4 * (parameters as u64 + 2 * numbers as u64 * batch_size as u64)
}

/// Seconds of an epoch of so many images, where `rate` multiply-adds a second were measured or guessed.
pub fn seconds(spec: &ModelSpec, images: usize, rate: f64) -> f64 {
    multiply_adds(spec) as f64 * images as f64 / rate.max(1.0)
}

/// Multiply-adds a second of a run that trained on so many images a second.
pub fn rate(spec: &ModelSpec, images_per_second: f64) -> f64 {
    multiply_adds(spec) as f64 * images_per_second
}

/// What a processor's core does a second, as a first guess: about what old laptops do.
pub const GUESS: f64 = 8e9;

/// Whether such a run fits into a tab.
///
/// Errors when it does not.
pub fn check(spec: &ModelSpec, config: &TrainConfig) -> Result<()> {
    let got = memory(spec, config.optimizer, config.batch_size);
    if got <= MAX_MEMORY {
        return Ok(());
    }
    Err(Error::TooLarge { what: "training's memory".into(), limit: MAX_MEMORY, got })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Activation;

    #[test]
    fn a_small_network_is_counted_by_hand() {
        let spec = ModelSpec::mlp(&[4, 3, 2], Activation::Relu).unwrap();
        assert_eq!(multiply_adds(&spec), 2 * 12 + 3 * 6);
        // 23 parameters, as many gradients and two moments each; 9 numbers for each of 5 images, twice.
        let adam = Optimizer::parse("adam").unwrap();
        assert_eq!(memory(&spec, adam, 5), 4 * (4 * 23 + 2 * 9 * 5));
        assert_eq!(memory(&spec, Optimizer::Sgd, 5), 4 * (2 * 23 + 2 * 9 * 5));
        assert_eq!(seconds(&spec, 100, rate(&spec, 50.0)), 2.0);
    }

    #[test]
    fn the_largest_networks_do_not_fit() {
        let config = TrainConfig { optimizer: Optimizer::parse("adam").unwrap(), batch_size: 4096, ..TrainConfig::PLAIN };
        let spec = |sizes: &[usize]| ModelSpec::mlp(sizes, Activation::Relu).unwrap();
        assert!(check(&spec(&[784, 4096, 10]), &config).is_ok());
        assert!(check(&spec(&[784, 4096, 4096, 4096, 4096, 10]), &config).is_err());
    }
}
