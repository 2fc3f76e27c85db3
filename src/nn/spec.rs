//! The specification of a network: what is written in a model file, sent to the worker and shown to people.
//! A `ModelSpec` that exists is valid: every way to make one checks it.

use super::{Activation, Initializer, Layout};
use crate::wire::{Decode, DecodeError, Decoder, Encode, impl_borrow_decode};
use crate::{Error, Result};

/// Most units in one layer.
pub const MAX_UNITS: usize = 4096;
/// Most hidden layers.
pub const MAX_HIDDEN_LAYERS: usize = 8;
/// Most parameters in all: with gradients and Adam's two moments this is 1 GiB of f32, about what a tab can have.
pub const MAX_PARAMETERS: usize = 64 * 1024 * 1024;
/// Most inputs: images up to 64x64.
const MAX_INPUTS: usize = 64 * 64;
/// Most classes.
const MAX_CLASSES: usize = 100;

/// One Dense layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub struct DenseSpec {
    /// Neurons.
    pub units: usize,
    /// What follows the weighted sum.
    pub activation: Activation,
}

/// A multilayer perceptron: inputs -> Dense layers -> softmax. The last layer is linear; softmax follows it.
#[derive(Clone, Debug, PartialEq, Eq, Encode)]
pub struct ModelSpec {
    inputs: usize,
    layers: Vec<DenseSpec>,
}

/// Checked like any other.
impl<C> Decode<C> for ModelSpec {
    fn decode<D: Decoder<Context = C>>(decoder: &mut D) -> std::result::Result<ModelSpec, DecodeError> {
        let (inputs, layers) = Decode::decode(decoder)?;
        ModelSpec::new(inputs, layers).map_err(|error| DecodeError::OtherString(error.to_string()))
    }
}

impl_borrow_decode!(ModelSpec);

impl ModelSpec {
    /// Checks and makes a specification.
    ///
    /// Errors when there is no layer, too many, one without or with too many units, or too many parameters, or when the
    /// last layer is not linear.
    pub fn new(inputs: usize, layers: Vec<DenseSpec>) -> Result<ModelSpec> {
        let range = |name: &str, value: usize, low: usize, high: usize| {
            if (low..=high).contains(&value) {
                return Ok(());
            }
            Err(Error::Setting { name: name.into(), value: value.to_string(), allowed: format!("{low} to {high}") })
        };
        range("inputs", inputs, 1, MAX_INPUTS)?;
        range("layers", layers.len(), 1, MAX_HIDDEN_LAYERS + 1)?;
        let (last, hidden) = layers.split_last().ok_or(Error::NotA { what: "a network".into() })?;
        for layer in hidden {
            range("units", layer.units, 1, MAX_UNITS)?;
        }
        range("classes", last.units, 2, MAX_CLASSES)?;
        if last.activation != Activation::Linear {
            return Err(Error::Setting {
                name: "activation of the last layer".into(),
                value: last.activation.name().into(),
                allowed: Activation::Linear.name().into(),
            });
        }
        let spec = ModelSpec { inputs, layers };
        range("parameters", spec.layout().parameters, 1, MAX_PARAMETERS)?;
        Ok(spec)
    }

    /// The usual form: `sizes` such as `[784, 128, 10]`, one activation for all hidden layers.
    ///
    /// Errors as [`ModelSpec::new`].
    pub fn mlp(sizes: &[usize], activation: Activation) -> Result<ModelSpec> {
        let Some((&inputs, units)) = sizes.split_first() else {
            return Err(Error::Setting { name: "layers".into(), value: String::new(), allowed: "2 or more sizes".into() });
        };
        let layers = units
            .iter()
            .enumerate()
            .map(|(i, &units)| DenseSpec {
                units,
                activation: if i + 2 == sizes.len() { Activation::Linear } else { activation },
            })
            .collect();
        ModelSpec::new(inputs, layers)
    }

    /// Numbers that come in: pixels.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// Numbers that go out: classes.
    pub fn classes(&self) -> usize {
        self.layers[self.layers.len() - 1].units
    }

    /// The Dense layers, input side first.
    pub fn layers(&self) -> &[DenseSpec] {
        &self.layers
    }

    /// Inputs and units, for example `[784, 128, 10]`.
    pub fn sizes(&self) -> Vec<usize> {
        std::iter::once(self.inputs).chain(self.layers.iter().map(|l| l.units)).collect()
    }

    /// Where each parameter lives.
    pub fn layout(&self) -> Layout {
        Layout::new(&self.sizes())
    }

    /// Fresh parameters drawn with `seed`: Glorot, and He before ReLU and its kin.
    pub fn initialize(&self, seed: u64) -> Vec<f32> {
        let layout = self.layout();
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut parameters = vec![0.0; layout.parameters];
        for (shape, layer) in layout.layers.iter().zip(&self.layers) {
            let initializer = match layer.activation {
                Activation::Relu | Activation::LeakyRelu | Activation::Gelu => Initializer::HeUniform,
                _ => Initializer::GlorotUniform,
            };
            initializer.fill(&mut parameters[shape.weights..shape.bias], shape.inputs, shape.units, &mut rng);
        }
        parameters
    }
}
