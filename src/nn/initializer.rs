//! How weights start. Biases always start at zero.

use super::Activation;
use crate::wire::{Decode, Encode};
use crate::{Error, Result};

/// The distribution that a Dense layer's weights are drawn from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Initializer {
    /// Uniform on +-sqrt(6 / (inputs + units)) (Glorot and Bengio 2010; Keras's default).
    GlorotUniform,
    /// Uniform on +-sqrt(6 / inputs) (He et al. 2015), for ReLU.
    HeUniform,
    /// Normal with mean 0 and standard deviation 0.05, Keras's `RandomNormal`: small, whatever the layer's size.
    Normal,
    /// All zero: every neuron of a layer then computes the same and gets the same gradient, so that they never differ.
    Zeros,
}

/// Keras's `RandomNormal`.
const DEVIATION: f32 = 0.05;

impl Initializer {
    /// Every initializer.
    pub const ALL: [Initializer; 4] =
        [Initializer::GlorotUniform, Initializer::HeUniform, Initializer::Normal, Initializer::Zeros];

    /// Short name, as settings use it.
    pub fn name(self) -> &'static str {
        match self {
            Initializer::GlorotUniform => "glorot",
            Initializer::HeUniform => "he",
            Initializer::Normal => "normal",
            Initializer::Zeros => "zeros",
        }
    }

    /// The initializer of that name.
    ///
    /// Errors when there is none.
    pub fn parse(name: &str) -> Result<Initializer> {
        Initializer::ALL.into_iter().find(|i| i.name() == name).ok_or_else(|| Error::Setting {
            name: "initializer".into(),
            value: name.into(),
            allowed: Initializer::ALL.map(Initializer::name).join(", "),
        })
    }

    /// The one that goes with an activation: Glorot, and He for ReLU and its kin.
    pub fn usual(activation: Activation) -> Initializer {
        match activation {
            Activation::Relu | Activation::LeakyRelu | Activation::Gelu => Initializer::HeUniform,
            _ => Initializer::GlorotUniform,
        }
    }

    /// Fills `weights` of a layer with that many inputs and units.
    pub fn fill(self, weights: &mut [f32], inputs: usize, units: usize, rng: &mut fastrand::Rng) {
        let limit = match self {
            Initializer::GlorotUniform => (6.0 / (inputs + units) as f32).sqrt(),
            Initializer::HeUniform => (6.0 / inputs as f32).sqrt(),
            Initializer::Normal => {
                weights.iter_mut().for_each(|w| *w = DEVIATION * normal(rng));
                return;
            }
            Initializer::Zeros => 0.0,
        };
        for w in weights {
            *w = (rng.f32() * 2.0 - 1.0) * limit;
        }
    }
}

/// A number from the standard normal distribution (Box and Muller 1958).
fn normal(rng: &mut fastrand::Rng) -> f32 {
    let (radius, turn) = (1.0 - rng.f32(), rng.f32());
    (-2.0 * radius.ln()).sqrt() * (std::f32::consts::TAU * turn).cos()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Mean, standard deviation and largest size of a layer's first weights.
    fn drawn(initializer: Initializer, inputs: usize, units: usize) -> (f64, f64, f64) {
        let mut weights = vec![9.0; inputs * units];
        initializer.fill(&mut weights, inputs, units, &mut fastrand::Rng::with_seed(1));
        let n = weights.len() as f64;
        let mean = weights.iter().map(|&w| f64::from(w)).sum::<f64>() / n;
        let variance = weights.iter().map(|&w| (f64::from(w) - mean).powi(2)).sum::<f64>() / n;
        (mean, variance.sqrt(), weights.iter().fold(0.0, |most, &w| f64::from(w).abs().max(most)))
    }

    #[test]
    fn each_draws_from_its_distribution() {
        let (inputs, units) = (400, 100);
        // A uniform distribution on +-limit has the standard deviation limit / sqrt 3.
        let uniform = |limit: f64| (limit / 3f64.sqrt(), limit);
        for (initializer, (deviation, most)) in [
            (Initializer::GlorotUniform, uniform((6.0 / 500f64).sqrt())),
            (Initializer::HeUniform, uniform((6.0 / 400f64).sqrt())),
            (Initializer::Normal, (0.05, f64::INFINITY)),
            (Initializer::Zeros, (0.0, 0.0)),
        ] {
            let got = drawn(initializer, inputs, units);
            assert!(got.0.abs() <= 0.02 * deviation, "{initializer:?}: mean {}", got.0);
            assert!((got.1 - deviation).abs() <= 0.01 * deviation, "{initializer:?}: deviation {}", got.1);
            assert!(got.2 <= most * 1.000_001, "{initializer:?}: largest {}", got.2);
        }
        // 40,000 normal numbers reach beyond 3.5 deviations, uniform ones would not.
        assert!(drawn(Initializer::Normal, inputs, units).2 > 3.5 * 0.05);
    }
}
