//! One image on its way through a network: what every neuron says, how one came to say it, and which connections carry most.
//!
//! The letters are the slides': z = sum of w x + b, a = f(z). A [`Trace`] has a *stage* for each layer that has numbers of its
//! own, Dense and batch normalization; a Dropout does nothing when the network answers.

use crate::Result;
use crate::model::Predictor;
use crate::nn::{Activation, DenseShape, LayerSpec, ModelSpec, NormShape};

/// What a stage computes.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    Dense { shape: DenseShape, activation: Activation },
    BatchNormalization(NormShape),
}

/// One layer and what it answers: `x` comes in, `a` goes out.
#[derive(Clone, Debug, PartialEq)]
pub struct Stage {
    pub kind: Kind,
    pub x: Vec<f32>,
    pub a: Vec<f32>,
}

/// One image's way through a network.
#[derive(Clone, Debug, PartialEq)]
pub struct Trace {
    pub stages: Vec<Stage>,
}

/// What one input adds to a neuron's sum.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Term {
    /// Which input: a pixel, or a neuron of the stage before.
    pub input: usize,
    pub x: f32,
    pub w: f32,
    /// Where w is in the flat vector of parameters; none where it is made of several.
    pub place: Option<usize>,
}

impl Term {
    /// w x.
    pub fn product(self) -> f64 {
        f64::from(self.w) * f64::from(self.x)
    }
}

/// How a neuron came to its answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Sum {
    /// Every term, the one with the largest product (whatever its sign) first.
    pub terms: Vec<Term>,
    pub bias: f32,
    /// Where the bias is in the flat vector of parameters; none where it is made of several.
    pub bias_place: Option<usize>,
    /// The exact sum of the terms and the bias.
    pub z: f64,
    pub activation: Activation,
    /// a = f(z), as the network has it.
    pub a: f32,
}

/// A line of the drawing: from an input to a neuron.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Connection {
    pub from: usize,
    pub to: usize,
    /// w x.
    pub product: f32,
}

/// The stages of a network, without an image.
pub fn kinds(spec: &ModelSpec) -> Vec<Kind> {
    let layout = spec.layout();
    let (mut shapes, mut norms) = (layout.layers.iter(), layout.norms.iter());
    let kind = |layer: &LayerSpec| match layer {
        LayerSpec::Dense(dense) => shapes.next().map(|shape| Kind::Dense { shape: *shape, activation: dense.activation }),
        LayerSpec::BatchNormalization => norms.next().copied().map(Kind::BatchNormalization),
        LayerSpec::Dropout { .. } => None,
    };
    spec.layers().iter().filter_map(kind).collect()
}

impl Kind {
    /// Neurons.
    pub fn units(self) -> usize {
        match self {
            Kind::Dense { shape, .. } => shape.units,
            Kind::BatchNormalization(norm) => norm.units,
        }
    }

    /// What follows the weighted sum; nothing follows a normalization.
    pub fn activation(self) -> Activation {
        match self {
            Kind::Dense { activation, .. } => activation,
            Kind::BatchNormalization(_) => Activation::Linear,
        }
    }

    /// Where its weights are in the flat vector, without the biases: W, or a normalization's gamma.
    pub fn weights(self) -> std::ops::Range<usize> {
        match self {
            Kind::Dense { shape, .. } => shape.weights..shape.bias,
            Kind::BatchNormalization(norm) => norm.gamma..norm.gamma + norm.units,
        }
    }

    /// The weight from an input to a neuron, and where it is in the flat vector. Batch normalization multiplies each number by
    /// gamma / deviation.
    fn weight(self, parameters: &[f32], input: usize, unit: usize) -> (f32, Option<usize>) {
        match self {
            Kind::Dense { shape, .. } => {
                let place = shape.weights + input * shape.units + unit;
                (parameters[place], Some(place))
            }
            Kind::BatchNormalization(norm) if input == unit => {
                let deviation = (parameters[norm.moving + norm.units + unit] + crate::backend::EPSILON).sqrt();
                (parameters[norm.gamma + unit] / deviation, None)
            }
            Kind::BatchNormalization(_) => (0.0, None),
        }
    }

    /// The inputs that a neuron is connected to.
    fn inputs(self, unit: usize) -> std::ops::Range<usize> {
        match self {
            Kind::Dense { shape, .. } => 0..shape.inputs,
            Kind::BatchNormalization(_) => unit..unit + 1,
        }
    }
}

impl Trace {
    /// Runs one image (0 to 1 each pixel) through the network.
    ///
    /// Errors as [`Predictor::predict`].
    pub fn of(predictor: &mut Predictor, input: &[f32]) -> Result<Trace> {
        let outputs = predictor.outputs(input)?;
        let kinds = kinds(predictor.spec());
        let with_numbers = |layer: &LayerSpec| !matches!(layer, LayerSpec::Dropout { .. });
        let layers = predictor.spec().layers().iter().enumerate().filter(|(_, layer)| with_numbers(layer));
        let stage =
            |(kind, (i, _)): (Kind, (usize, &LayerSpec))| Stage { kind, x: outputs[i].clone(), a: outputs[i + 1].clone() };
        Ok(Trace { stages: kinds.into_iter().zip(layers).map(stage).collect() })
    }
}

impl Stage {
    /// The `most` neurons that say most, whatever the sign, in their own order; `also` is among them.
    pub fn most_active(&self, most: usize, also: Option<usize>) -> Vec<usize> {
        let mut units: Vec<usize> = (0..self.a.len()).collect();
        let place = most.min(units.len());
        let order = |&i: &usize, &j: &usize| self.a[j].abs().total_cmp(&self.a[i].abs()).then(i.cmp(&j));
        if place < units.len() {
            units.select_nth_unstable_by(place, order);
            units.truncate(place);
        }
        if let Some(also) = also.filter(|also| *also < self.a.len() && !units.contains(also))
            && let Some(least) = (0..units.len()).min_by(|&i, &j| order(&units[j], &units[i]))
        {
            units[least] = also;
        }
        units.sort_unstable();
        units
    }

    /// The exact sum of one neuron, `parameters` being the network's.
    pub fn sum(&self, parameters: &[f32], unit: usize) -> Sum {
        let mut terms: Vec<Term> = self.kind.inputs(unit).map(|input| self.term(parameters, input, unit)).collect();
        terms.sort_by(|a, b| b.product().abs().total_cmp(&a.product().abs()));
        let (bias, bias_place, activation) = match self.kind {
            Kind::Dense { shape, activation } => (parameters[shape.bias + unit], Some(shape.bias + unit), activation),
            Kind::BatchNormalization(norm) => {
                let (w, _) = self.kind.weight(parameters, unit, unit);
                let beta = parameters[norm.gamma + norm.units + unit];
                (beta - w * parameters[norm.moving + unit], None, Activation::Linear)
            }
        };
        let z = terms.iter().map(|term| term.product()).sum::<f64>() + f64::from(bias);
        Sum { terms, bias, bias_place, z, activation, a: self.a[unit] }
    }

    /// Of the connections between these inputs and these neurons, the `most` to each neuron that carry most.
    pub fn strongest(&self, parameters: &[f32], inputs: &[usize], units: &[usize], most: usize) -> Vec<Connection> {
        let mut strongest = Vec::new();
        for &unit in units {
            let wanted = self.kind.inputs(unit);
            let mut to: Vec<Connection> = inputs
                .iter()
                .filter(|from| wanted.contains(from))
                .map(|&from| Connection { from, to: unit, product: self.term(parameters, from, unit).product() as f32 })
                .filter(|connection| connection.product != 0.0)
                .collect();
            to.sort_by(|a, b| b.product.abs().total_cmp(&a.product.abs()));
            to.truncate(most);
            strongest.extend(to);
        }
        strongest
    }

    fn term(&self, parameters: &[f32], input: usize, unit: usize) -> Term {
        let (w, place) = self.kind.weight(parameters, input, unit);
        Term { input, x: self.x[input], w, place }
    }
}

/// The weights from every input to one neuron.
pub fn weights(kind: Kind, parameters: &[f32], unit: usize) -> Vec<f32> {
    kind.inputs(unit).map(|input| kind.weight(parameters, input, unit).0).collect()
}
