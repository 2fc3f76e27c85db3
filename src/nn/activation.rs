//! Activation functions: each with its derivative, its name and its number in WGSL. To add one: a variant here, its two
//! formulas here, and its two formulas in `backend/gpu/activation.wgsl`; the tests run over [`Activation::ALL`].

use super::Real;
use crate::wire::{Decode, Encode};
use crate::{Error, Result};

/// The function a = f(z) that follows a Dense layer's weighted sum.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Activation {
    /// f(z) = z. The last layer's: softmax follows it. In a hidden layer it adds nothing that one layer could not do.
    Linear,
    /// f(z) = 1 / (1 + e^-z), as on the slides.
    Sigmoid,
    /// f(z) = max(0, z).
    Relu,
    /// f(z) = (e^z - e^-z) / (e^z + e^-z).
    Tanh,
    /// f(z) = z for z > 0, else z / 100 (Maas et al. 2013): a neuron that is off still learns. PyTorch's `LeakyReLU()`, Keras's
    /// `LeakyReLU(negative_slope=0.01)`.
    LeakyRelu,
    /// f(z) = z (1 + tanh(sqrt(2 / pi) (z + 0.044715 z^3))) / 2 (Hendrycks and Gimpel 2016). PyTorch's
    /// `GELU(approximate="tanh")`, Keras's `gelu(approximate=True)`.
    Gelu,
}

/// What a leaky ReLU lets through of a negative sum.
const LEAK: f32 = 0.01;
/// GELU's 2 sqrt(2 / pi), and the factor of its cube.
const GELU: (f32, f32) = (1.595_769, 0.044_715);

impl Activation {
    /// Every activation; tests compare CPU, GPU and the f64 oracle over this list.
    pub const ALL: [Activation; 6] =
        [Activation::Linear, Activation::Sigmoid, Activation::Relu, Activation::Tanh, Activation::LeakyRelu, Activation::Gelu];

    /// What a person can choose for hidden layers; the slides' sigmoid first.
    pub const HIDDEN: [Activation; 6] =
        [Activation::Sigmoid, Activation::Tanh, Activation::Relu, Activation::LeakyRelu, Activation::Gelu, Activation::Linear];

    /// Keras's name.
    pub fn name(self) -> &'static str {
        match self {
            Activation::Linear => "linear",
            Activation::Sigmoid => "sigmoid",
            Activation::Relu => "relu",
            Activation::Tanh => "tanh",
            Activation::LeakyRelu => "leaky-relu",
            Activation::Gelu => "gelu",
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
    pub fn apply<R: Real>(self, z: R) -> R {
        let number = R::from;
        match self {
            Activation::Linear => z,
            Activation::Sigmoid => sigmoid(z),
            Activation::Relu => z.max(number(0.0)),
            // The same as (e^z - e^-z) / (e^z + e^-z), with one exponential.
            Activation::Tanh => number(2.0) * sigmoid(number(2.0) * z) - number(1.0),
            Activation::LeakyRelu => z.max(number(LEAK) * z),
            // (1 + tanh(u)) / 2 is sigmoid(2 u).
            Activation::Gelu => z * sigmoid(number(GELU.0) * (z + number(GELU.1) * z * z * z)),
        }
    }

    /// Whether f'(z) can't be told from f(z), so that z has to be kept.
    pub fn keeps_z(self) -> bool {
        matches!(self, Activation::Gelu)
    }

    /// f'(z) in terms of what is kept of the forward pass: a = f(z), or z where [`Activation::keeps_z`].
    #[inline(always)]
    pub fn derivative<R: Real>(self, kept: R) -> R {
        let number = R::from;
        let a = kept;
        match self {
            Activation::Linear => number(1.0),
            Activation::Sigmoid => a * (number(1.0) - a),
            Activation::Relu => number(if a > number(0.0) { 1.0 } else { 0.0 }),
            Activation::Tanh => number(1.0) - a * a,
            Activation::LeakyRelu => number(if a > number(0.0) { 1.0 } else { LEAK }),
            Activation::Gelu => {
                let z = kept;
                let share = sigmoid(number(GELU.0) * (z + number(GELU.1) * z * z * z));
                share + z * share * (number(1.0) - share) * number(GELU.0) * (number(1.0) + number(3.0 * GELU.1) * z * z)
            }
        }
    }

    /// Replaces every z by f(z). The choice stands outside the loop, so that each loop becomes SIMD, with the caller's registers.
    #[inline(always)]
    pub fn apply_all(self, values: &mut [f32]) {
        match self {
            Activation::Linear => {}
            Activation::Sigmoid => values.iter_mut().for_each(|z| *z = Activation::Sigmoid.apply(*z)),
            Activation::Relu => values.iter_mut().for_each(|z| *z = Activation::Relu.apply(*z)),
            Activation::Tanh => values.iter_mut().for_each(|z| *z = Activation::Tanh.apply(*z)),
            Activation::LeakyRelu => values.iter_mut().for_each(|z| *z = Activation::LeakyRelu.apply(*z)),
            Activation::Gelu => values.iter_mut().for_each(|z| *z = Activation::Gelu.apply(*z)),
        }
    }

    /// Multiplies every gradient by f'(z), given what is kept of the forward pass.
    #[inline(always)]
    pub fn chain_all(self, gradients: &mut [f32], kept: &[f32]) {
        let pairs = gradients.iter_mut().zip(kept);
        match self {
            Activation::Linear => {}
            Activation::Sigmoid => pairs.for_each(|(g, a)| *g *= Activation::Sigmoid.derivative(*a)),
            Activation::Relu => pairs.for_each(|(g, a)| *g *= Activation::Relu.derivative(*a)),
            Activation::Tanh => pairs.for_each(|(g, a)| *g *= Activation::Tanh.derivative(*a)),
            Activation::LeakyRelu => pairs.for_each(|(g, a)| *g *= Activation::LeakyRelu.derivative(*a)),
            Activation::Gelu => pairs.for_each(|(g, z)| *g *= Activation::Gelu.derivative(*z)),
        }
    }

    /// The number by which the shaders know this activation.
    pub fn wgsl_code(self) -> u32 {
        match self {
            Activation::Linear => 0,
            Activation::Sigmoid => 1,
            Activation::Relu => 2,
            Activation::Tanh => 3,
            Activation::LeakyRelu => 4,
            Activation::Gelu => 5,
        }
    }
}

#[inline(always)]
fn sigmoid<R: Real>(z: R) -> R {
    (R::from(1.0) + (-z).exp()).inverse()
}
