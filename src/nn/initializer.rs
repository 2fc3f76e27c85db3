//! How weights start. Biases always start at zero.

use crate::wire::{Decode, Encode};

/// The distribution that a Dense layer's weights are drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Initializer {
    /// Uniform on +-sqrt(6 / (inputs + units)) (Glorot and Bengio 2010; Keras's default).
    GlorotUniform,
    /// Uniform on +-sqrt(6 / inputs) (He et al. 2015), for ReLU.
    HeUniform,
}

impl Initializer {
    /// Fills `weights` of a layer with that many inputs and units.
    pub fn fill(self, weights: &mut [f32], inputs: usize, units: usize, rng: &mut fastrand::Rng) {
        let limit = match self {
            Initializer::GlorotUniform => (6.0 / (inputs + units) as f32).sqrt(),
            Initializer::HeUniform => (6.0 / inputs as f32).sqrt(),
        };
        for w in weights {
            *w = (rng.f32() * 2.0 - 1.0) * limit;
        }
    }
}
