//! Activation functions: each with its derivative, its name and its number in WGSL. To add one: a variant here, its two
//! formulas here, and its two formulas in `backend/gpu/activation.wgsl`; the tests run over [`Activation::ALL`].

use super::exp;
use crate::wire::{Decode, Encode};
use crate::{Error, Result};

/// The function a = f(z) that follows a Dense layer's weighted sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Activation {
    /// f(z) = z. The last layer's: softmax follows it.
    Linear,
    /// f(z) = 1 / (1 + e^-z), as on the slides.
    Sigmoid,
    /// f(z) = max(0, z).
    Relu,
    /// f(z) = (e^z - e^-z) / (e^z + e^-z).
    Tanh,
}

impl Activation {
    /// Every activation; tests compare CPU, GPU and the f64 oracle over this list.
    pub const ALL: [Activation; 4] = [Activation::Linear, Activation::Sigmoid, Activation::Relu, Activation::Tanh];

    /// What a person can choose for hidden layers; the slides' sigmoid first.
    pub const HIDDEN: [Activation; 3] = [Activation::Sigmoid, Activation::Relu, Activation::Tanh];

    /// Keras's name.
    pub fn name(self) -> &'static str {
        match self {
            Activation::Linear => "linear",
            Activation::Sigmoid => "sigmoid",
            Activation::Relu => "relu",
            Activation::Tanh => "tanh",
        }
    }

    /// The hidden activation of that name.
    ///
    /// Errors when there is none.
    pub fn parse(name: &str) -> Result<Activation> {
        Activation::HIDDEN.into_iter().find(|a| a.name() == name).ok_or_else(|| Error::Setting {
            name: "activation".into(),
            value: name.into(),
            allowed: Activation::HIDDEN.map(Activation::name).join(", "),
        })
    }

    /// a = f(z).
    #[inline(always)]
    pub fn apply(self, z: f32) -> f32 {
        match self {
            Activation::Linear => z,
            Activation::Sigmoid => sigmoid(z),
            Activation::Relu => z.max(0.0),
            // The same as (e^z - e^-z) / (e^z + e^-z), with one exponential.
            Activation::Tanh => 2.0 * sigmoid(2.0 * z) - 1.0,
        }
    }

    /// f'(z) in terms of a = f(z): all of these functions allow it, so z need not be stored.
    #[inline(always)]
    pub fn derivative(self, a: f32) -> f32 {
        match self {
            Activation::Linear => 1.0,
            Activation::Sigmoid => a * (1.0 - a),
            Activation::Relu => {
                if a > 0.0 {
                    1.0
                } else {
                    0.0
                }
            }
            Activation::Tanh => 1.0 - a * a,
        }
    }

    /// Replaces every z by f(z). The choice stands outside the loop, so that each loop becomes SIMD.
    #[inline(never)]
    pub fn apply_all(self, values: &mut [f32]) {
        match self {
            Activation::Linear => {}
            Activation::Sigmoid => values.iter_mut().for_each(|z| *z = Activation::Sigmoid.apply(*z)),
            Activation::Relu => values.iter_mut().for_each(|z| *z = Activation::Relu.apply(*z)),
            Activation::Tanh => values.iter_mut().for_each(|z| *z = Activation::Tanh.apply(*z)),
        }
    }

    /// Multiplies every gradient by f'(z), given a = f(z).
    #[inline(never)]
    pub fn chain_all(self, gradients: &mut [f32], a: &[f32]) {
        let pairs = gradients.iter_mut().zip(a);
        match self {
            Activation::Linear => {}
            Activation::Sigmoid => pairs.for_each(|(g, a)| *g *= Activation::Sigmoid.derivative(*a)),
            Activation::Relu => pairs.for_each(|(g, a)| *g *= Activation::Relu.derivative(*a)),
            Activation::Tanh => pairs.for_each(|(g, a)| *g *= Activation::Tanh.derivative(*a)),
        }
    }

    /// The number by which the shaders know this activation.
    pub fn wgsl_code(self) -> u32 {
        match self {
            Activation::Linear => 0,
            Activation::Sigmoid => 1,
            Activation::Relu => 2,
            Activation::Tanh => 3,
        }
    }
}

#[inline(always)]
fn sigmoid(z: f32) -> f32 {
    1.0 / (1.0 + exp(-z))
}
