//! The specification of a network: what is written in a model file, sent to the worker and shown to people.
//! A `ModelSpec` that exists is valid: every way to make one checks it.

use super::layout::Part;
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

/// Most layers in all, with those that have no neurons of their own.
pub const MAX_LAYERS: usize = 40;
/// Largest share of numbers that a Dropout may set to zero.
pub const MAX_DROPOUT: f32 = 0.95;
/// Largest factor of the L2 penalty.
pub const MAX_L2: f32 = 1.0;

/// One Dense layer.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct DenseSpec {
    /// Neurons.
    pub units: usize,
    /// What follows the weighted sum.
    pub activation: Activation,
    /// How its weights start.
    pub initializer: Initializer,
    /// The loss that is trained on has this times the sum of the squares of its weights added (Keras's `L2`; PyTorch's weight
    /// decay in SGD is twice as much); losses that are shown have not.
    pub l2: f32,
}

impl DenseSpec {
    /// A layer with the initializer that goes with its activation, and no penalty.
    pub fn new(units: usize, activation: Activation) -> DenseSpec {
        DenseSpec { units, activation, initializer: Initializer::usual(activation), l2: 0.0 }
    }
}

/// One layer.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub enum LayerSpec {
    Dense(DenseSpec),
    /// Brings each number to mean 0 and variance 1 over the mini-batch, then times gamma plus beta, which are learned (Ioffe and
    /// Szegedy 2015). When the network answers, moving averages of mean and variance stand for the mini-batch's. Momentum 0.99
    /// and epsilon 0.001, Keras's.
    BatchNormalization,
    /// While it trains, each number is zero with this probability, and the others are divided by 1 - rate, so that their mean
    /// stays (Srivastava et al. 2014). When the network answers it does nothing.
    Dropout {
        rate: f32,
    },
}

/// A multilayer perceptron: inputs -> layers -> softmax. The last layer is Dense and linear; softmax follows it.
#[derive(Clone, Debug, PartialEq, Encode)]
pub struct ModelSpec {
    inputs: usize,
    layers: Vec<LayerSpec>,
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
    /// Errors when there is no layer, too many, one without or with too many units, or too many parameters, when a rate is out of
    /// range, or when the last layer is not Dense and linear.
    pub fn new(inputs: usize, layers: Vec<LayerSpec>) -> Result<ModelSpec> {
        let spec = ModelSpec { inputs, layers };
        range("inputs", inputs, 1, MAX_INPUTS)?;
        range("blocks", spec.layers.len(), 1, MAX_LAYERS)?;
        range("layers", spec.dense().count().saturating_sub(1), 0, MAX_HIDDEN_LAYERS)?;
        let Some((LayerSpec::Dense(last), hidden)) = spec.layers.split_last() else {
            return Err(Error::Setting { name: "last layer".into(), value: "no Dense".into(), allowed: "Dense".into() });
        };
        for layer in hidden {
            match layer {
                LayerSpec::Dense(dense) => range("units", dense.units, 1, MAX_UNITS)?,
                LayerSpec::BatchNormalization => {}
                LayerSpec::Dropout { rate } => range("dropout", *rate, 0.0, MAX_DROPOUT)?,
            }
        }
        for dense in spec.dense() {
            range("l2", dense.l2, 0.0, MAX_L2)?;
        }
        range("classes", last.units, 2, MAX_CLASSES)?;
        if last.activation != Activation::Linear {
            return Err(Error::Setting {
                name: "activation of the last layer".into(),
                value: last.activation.name().into(),
                allowed: Activation::Linear.name().into(),
            });
        }
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
            .map(|(i, &units)| {
                let activation = if i + 2 == sizes.len() { Activation::Linear } else { activation };
                LayerSpec::Dense(DenseSpec::new(units, activation))
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
        self.dense().last().map_or(0, |last| last.units)
    }

    /// The layers, input side first.
    pub fn layers(&self) -> &[LayerSpec] {
        &self.layers
    }

    /// The Dense layers, input side first.
    pub fn dense(&self) -> impl Iterator<Item = &DenseSpec> {
        self.layers.iter().filter_map(|layer| match layer {
            LayerSpec::Dense(dense) => Some(dense),
            LayerSpec::BatchNormalization | LayerSpec::Dropout { .. } => None,
        })
    }

    /// Whether it has nothing but Dense layers.
    pub fn is_plain(&self) -> bool {
        self.dense().count() == self.layers.len()
    }

    /// Inputs and units of the Dense layers, for example `[784, 128, 10]`.
    pub fn sizes(&self) -> Vec<usize> {
        std::iter::once(self.inputs).chain(self.dense().map(|l| l.units)).collect()
    }

    /// How many numbers leave each layer; the inputs first.
    pub fn widths(&self) -> Vec<usize> {
        let mut widths = vec![self.inputs];
        for layer in &self.layers {
            widths.push(match layer {
                LayerSpec::Dense(dense) => dense.units,
                LayerSpec::BatchNormalization | LayerSpec::Dropout { .. } => widths[widths.len() - 1],
            });
        }
        widths
    }

    /// Where each parameter lives.
    pub fn layout(&self) -> Layout {
        let parts = self.layers.iter().filter_map(|layer| match layer {
            LayerSpec::Dense(dense) => Some(Part::Dense(dense.units)),
            LayerSpec::BatchNormalization => Some(Part::BatchNormalization),
            LayerSpec::Dropout { .. } => None,
        });
        Layout::of(self.inputs, parts)
    }

    /// Fresh parameters drawn with `seed`, each layer's weights by its initializer. A normalization starts with gamma 1, beta 0,
    /// mean 0 and variance 1.
    pub fn initialize(&self, seed: u64) -> Vec<f32> {
        let layout = self.layout();
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut parameters = vec![0.0; layout.parameters];
        for (shape, layer) in layout.layers.iter().zip(self.dense()) {
            layer.initializer.fill(&mut parameters[shape.weights..shape.bias], shape.inputs, shape.units, &mut rng);
        }
        for norm in &layout.norms {
            parameters[norm.gamma..norm.gamma + norm.units].fill(1.0);
            parameters[norm.moving + norm.units..norm.moving + 2 * norm.units].fill(1.0);
        }
        parameters
    }
}

/// Errors unless low <= value <= high; NaN is not.
fn range<T: PartialOrd + ToString + std::fmt::Display>(name: &str, value: T, low: T, high: T) -> Result<()> {
    if (&low..=&high).contains(&&value) {
        return Ok(());
    }
    Err(Error::Setting { name: name.into(), value: value.to_string(), allowed: format!("{low} to {high}") })
}
