//! One training step of a network on one image, with every number: the forward pass, which stores what each neuron got; dC/dz
//! from the output back to the input; each gradient as the product that it is; its check by (C(w + h) - C(w - h)) / 2h; and the
//! update.
//!
//! For networks of Dense layers with softmax and cross-entropy behind the last; Dropout, which does nothing when a network
//! answers, is left out. In f64, so that the check has digits to show;
//! activations and update are the ones that train. Its gradients are those of `crate::model` (`tests/explain.rs`).

use crate::nn::{Activation, DenseShape, LayerSpec, ModelSpec, Optimizer};
use crate::{Error, Result};

/// A network and its weights, which steps change.
#[derive(Clone, Debug, PartialEq)]
pub struct Network {
    spec: ModelSpec,
    layers: Vec<(DenseShape, Activation)>,
    parameters: Vec<f32>,
}

/// What a layer's neurons got and gave; stored on the way forward because the way back needs it.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    /// The outputs of the neurons before.
    pub x: Vec<f64>,
    /// x1 w1 + x2 w2 + ... + b of each neuron.
    pub z: Vec<f64>,
    /// f(z) of each neuron.
    pub a: Vec<f64>,
}

/// The forward pass.
#[derive(Clone, Debug, PartialEq)]
pub struct Forward {
    pub layers: Vec<Layer>,
    /// y_hat: softmax of the last layer's z.
    pub probabilities: Vec<f64>,
    /// The class that is right.
    pub label: usize,
    /// C = -ln of the right class's probability.
    pub loss: f64,
}

/// The slopes at a layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Slopes {
    /// dC/da of each neuron: the sum of w dC/dz over the neurons that it feeds. Empty at the output layer, whose dC/dz is
    /// known at once.
    pub da: Vec<f64>,
    /// da/dz = f'(z) of each neuron; empty at the output layer.
    pub slope: Vec<f64>,
    /// dC/dz of each neuron: y_hat - y at the output, f'(z) dC/da before it.
    pub dz: Vec<f64>,
}

/// A weight or a bias.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Place {
    /// From neuron `input` of what comes in to neuron `unit` of layer `layer` (0 is the first that has weights).
    Weight {
        layer: usize,
        input: usize,
        unit: usize,
    },
    Bias {
        layer: usize,
        unit: usize,
    },
}

impl Place {
    /// Whose weight or bias it is.
    pub fn layer(self) -> usize {
        match self {
            Place::Weight { layer, .. } | Place::Bias { layer, .. } => layer,
        }
    }
}

/// A gradient as the product that it is: dC/dw = x dC/dz; for a bias x is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Product {
    pub x: f64,
    pub dz: f64,
    pub gradient: f64,
}

/// How far a weight is moved to both sides for a check.
pub const H: f64 = 1e-4;

/// Whether a gradient is the slope that was found by trying, as far as a difference over 2h can tell.
pub fn agrees(gradient: f64, tried: f64) -> bool {
    (gradient - tried).abs() <= 1e-7 + 1e-4 * gradient.abs()
}

impl Network {
    /// A network with these weights.
    ///
    /// Errors when it has other layers than Dense and Dropout, or another number of weights.
    pub fn new(spec: ModelSpec, parameters: Vec<f32>) -> Result<Network> {
        let layout = spec.layout();
        if parameters.len() != layout.parameters {
            let (expected, got) = (layout.parameters as u64, parameters.len() as u64);
            return Err(Error::Shape { what: "number of weights".into(), expected, got });
        }
        let activation = |layer: &LayerSpec| match layer {
            LayerSpec::Dense(dense) => Some(Ok(dense.activation)),
            LayerSpec::Dropout { .. } => None,
            other => Some(Err(Error::State { reason: format!("only Dense layers are spelled out, not {other:?}") })),
        };
        let activations = spec.layers().iter().filter_map(activation).collect::<Result<Vec<_>>>()?;
        let layers = layout.layers.into_iter().zip(activations).collect();
        Ok(Network { spec, layers, parameters })
    }

    /// The slides' example network, 2-2-2-2 with sigmoid, with softmax behind its last layer.
    pub fn slides() -> Network {
        let hidden = LayerSpec::Dense(crate::nn::DenseSpec::new(2, Activation::Sigmoid));
        let output = LayerSpec::Dense(crate::nn::DenseSpec::new(2, Activation::Linear));
        let spec = ModelSpec::new(2, vec![hidden, hidden, output]);
        // W (inputs, units) then b, layer by layer; the last weight of the second layer is the -1 that the slide's outputs need.
        let parameters = [1.0, -1.0, -2.0, 1.0, 1.0, 0.0, 2.0, -2.0, -1.0, -1.0, 0.0, 0.0, 3.0, -1.0, -1.0, 4.0, -2.0, 2.0];
        spec.and_then(|spec| Network::new(spec, parameters.to_vec())).expect("three Dense layers and their weights")
    }

    /// The slides' input.
    pub const SLIDES_INPUT: [f64; 2] = [1.0, -1.0];

    /// What it is.
    pub fn spec(&self) -> &ModelSpec {
        &self.spec
    }

    /// Its weights, in the order of the layout.
    pub fn parameters(&self) -> &[f32] {
        &self.parameters
    }

    /// The activation of a layer.
    pub fn activation(&self, layer: usize) -> Activation {
        self.layers[layer].1
    }

    /// Its layers' sizes.
    pub fn shapes(&self) -> impl Iterator<Item = DenseShape> {
        self.layers.iter().map(|(shape, _)| *shape)
    }

    /// Every weight and bias, layer by layer, neuron by neuron, its weights first.
    pub fn places(&self) -> Vec<Place> {
        let neuron = |layer: usize, unit: usize, inputs: usize| {
            (0..inputs).map(move |input| Place::Weight { layer, input, unit }).chain([Place::Bias { layer, unit }])
        };
        let shapes = self.shapes().enumerate();
        shapes.flat_map(|(layer, shape)| (0..shape.units).flat_map(move |unit| neuron(layer, unit, shape.inputs))).collect()
    }

    /// The weight or bias at that place.
    pub fn at(&self, place: Place) -> f32 {
        self.parameters[self.index(place)]
    }

    /// Puts another weight or bias there.
    pub fn set(&mut self, place: Place, value: f32) {
        let index = self.index(place);
        self.parameters[index] = value;
    }

    /// From the input to the loss. `label` is the right class.
    ///
    /// Errors when the input has another size, or there is no such class.
    pub fn forward(&self, input: &[f64], label: usize) -> Result<Forward> {
        self.check(input, label)?;
        Ok(self.pass(input, label, None))
    }

    /// From the loss to the first layer.
    pub fn backward(&self, forward: &Forward) -> Vec<Slopes> {
        // Case 1, the output layer: y_hat - y.
        let target = |i: usize| if i == forward.label { 1.0 } else { 0.0 };
        let dz = forward.probabilities.iter().enumerate().map(|(i, p)| p - target(i)).collect();
        let mut slopes = vec![Slopes { da: Vec::new(), slope: Vec::new(), dz }];
        // Case 2, each layer before it, by recursion.
        for layer in (0..self.layers.len() - 1).rev() {
            let (next, activation) = (self.layers[layer + 1].0, self.layers[layer].1);
            let Layer { z, a, .. } = &forward.layers[layer];
            let dz_next = &slopes[slopes.len() - 1].dz;
            let da: Vec<f64> =
                (0..next.inputs).map(|i| (0..next.units).map(|k| self.weight(next, i, k) * dz_next[k]).sum()).collect();
            let slope: Vec<f64> =
                z.iter().zip(a).map(|(z, a)| activation.derivative(if activation.keeps_z() { *z } else { *a })).collect();
            let dz = slope.iter().zip(&da).map(|(slope, da)| slope * da).collect();
            slopes.push(Slopes { da, slope, dz });
        }
        slopes.reverse();
        slopes
    }

    /// The gradient at that place.
    pub fn gradient(&self, forward: &Forward, slopes: &[Slopes], place: Place) -> Product {
        let (x, dz) = match place {
            Place::Weight { layer, input, unit } => (forward.layers[layer].x[input], slopes[layer].dz[unit]),
            Place::Bias { layer, unit } => (1.0, slopes[layer].dz[unit]),
        };
        Product { x, dz, gradient: x * dz }
    }

    /// (C(w + h) - C(w - h)) / 2h with [`H`]: the same slope, found by trying.
    pub fn central_difference(&self, forward: &Forward, place: Place) -> f64 {
        let loss = |h: f64| self.pass(&forward.layers[0].x, forward.label, Some((self.index(place), h))).loss;
        (loss(H) - loss(-H)) / (2.0 * H)
    }

    /// The weight of this layer on whose way the loss changes most, whichever way.
    pub fn steepest(&self, forward: &Forward, slopes: &[Slopes], layer: usize) -> Place {
        let largest = |values: &[f64]| {
            let larger = |a: &(usize, f64), b: &(usize, f64)| a.1.total_cmp(&b.1);
            values.iter().map(|value| value.abs()).enumerate().max_by(larger).map_or(0, |(i, _)| i)
        };
        // A gradient is x dC/dz: largest where both are.
        Place::Weight { layer, input: largest(&forward.layers[layer].x), unit: largest(&slopes[layer].dz) }
    }

    /// x -= slope * learning rate, for all weights and biases at once.
    pub fn update(&mut self, forward: &Forward, slopes: &[Slopes], learning_rate: f32) {
        let mut gradients = vec![0.0; self.parameters.len()];
        for place in self.places() {
            gradients[self.index(place)] = self.gradient(forward, slopes, place).gradient as f32;
        }
        let step = Optimizer::Sgd.at_step(learning_rate, 1);
        Optimizer::Sgd.update(step, &mut self.parameters, &gradients, &mut [], &mut []);
    }

    fn check(&self, input: &[f64], label: usize) -> Result<()> {
        let sizes = [
            ("numbers of an input", self.spec.inputs(), input.len(), input.len() != self.spec.inputs()),
            ("class", self.spec.classes() - 1, label, label >= self.spec.classes()),
        ];
        match sizes.into_iter().find(|(.., wrong)| *wrong) {
            Some((what, expected, got, _)) => Err(Error::Shape { what: what.into(), expected: expected as u64, got: got as u64 }),
            None => Ok(()),
        }
    }

    /// The forward pass, with one parameter moved by that much.
    fn pass(&self, input: &[f64], label: usize, moved: Option<(usize, f64)>) -> Forward {
        let mut layers = Vec::with_capacity(self.layers.len());
        let mut x = input.to_vec();
        for (shape, activation) in &self.layers {
            let mut z: Vec<f64> = (0..shape.units).map(|unit| f64::from(self.parameters[shape.bias + unit])).collect();
            for (i, x) in x.iter().enumerate().filter(|(_, x)| **x != 0.0) {
                let row = &self.parameters[shape.weights + i * shape.units..][..shape.units];
                z.iter_mut().zip(row).for_each(|(z, w)| *z += x * f64::from(*w));
            }
            if let Some((index, h)) = moved {
                if (shape.weights..shape.bias).contains(&index) {
                    let (i, unit) = ((index - shape.weights) / shape.units, (index - shape.weights) % shape.units);
                    z[unit] += x[i] * h;
                } else if (shape.bias..shape.bias + shape.units).contains(&index) {
                    z[index - shape.bias] += h;
                }
            }
            let a: Vec<f64> = z.iter().map(|z| activation.apply(*z)).collect();
            layers.push(Layer { x: std::mem::replace(&mut x, a.clone()), z, a });
        }
        let (probabilities, loss) = softmax(&x, label);
        Forward { layers, probabilities, label, loss }
    }

    fn weight(&self, shape: DenseShape, input: usize, unit: usize) -> f64 {
        f64::from(self.parameters[shape.weights + input * shape.units + unit])
    }

    fn index(&self, place: Place) -> usize {
        match place {
            Place::Weight { layer, input, unit } => {
                let shape = self.layers[layer].0;
                shape.weights + input * shape.units + unit
            }
            Place::Bias { layer, unit } => self.layers[layer].0.bias + unit,
        }
    }
}

/// e^z of each over their sum, and -ln of the right one's.
fn softmax(z: &[f64], label: usize) -> (Vec<f64>, f64) {
    let max = z.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let powers: Vec<f64> = z.iter().map(|z| (z - max).exp()).collect();
    let sum: f64 = powers.iter().sum();
    (powers.iter().map(|power| power / sum).collect(), sum.ln() + max - z[label])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn two_decimals(got: &[f64], want: &[f64]) {
        assert!(got.len() == want.len() && got.iter().zip(want).all(|(g, w)| (g - w).abs() <= 0.005), "{got:?}, want {want:?}");
    }

    #[test]
    fn the_slides_numbers_come_forward() {
        let forward = Network::slides().forward(&Network::SLIDES_INPUT, 0).expect("it fits");
        assert_eq!(forward.layers[0].z, [4.0, -2.0]);
        two_decimals(&forward.layers[0].a, &[0.98, 0.12]);
        two_decimals(&forward.layers[1].a, &[0.86, 0.11]);
        let sigmoid: Vec<f64> = forward.layers[2].z.iter().map(|z| Activation::Sigmoid.apply(*z)).collect();
        two_decimals(&sigmoid, &[0.62, 0.83]);
        assert!((forward.probabilities.iter().sum::<f64>() - 1.0).abs() < 1e-12);
        assert!((forward.loss + forward.probabilities[0].ln()).abs() < 1e-12);
    }

    #[test]
    fn the_output_layer_is_case_1_and_the_others_case_2() {
        let network = Network::slides();
        let forward = network.forward(&Network::SLIDES_INPUT, 0).expect("it fits");
        let slopes = network.backward(&forward);
        let y = &forward.probabilities;
        assert_eq!(slopes[2].dz, [y[0] - 1.0, y[1]]);
        // dC/da = w3 dC/dz' + w4 dC/dz'' with the weights 3 and -1 of the first neuron of the layer before.
        assert_eq!(slopes[1].da[0], 3.0 * slopes[2].dz[0] - slopes[2].dz[1]);
        assert_eq!(slopes[1].dz[0], slopes[1].slope[0] * slopes[1].da[0]);
    }

    #[test]
    fn every_gradient_is_the_slope_found_by_trying() {
        for label in [0, 1] {
            let network = Network::slides();
            let forward = network.forward(&Network::SLIDES_INPUT, label).expect("it fits");
            let slopes = network.backward(&forward);
            assert_eq!(network.places().len(), 18);
            for place in network.places() {
                let (product, tried) = (network.gradient(&forward, &slopes, place), network.central_difference(&forward, place));
                assert!((product.gradient - tried).abs() < 1e-8, "{place:?}: {product:?}, found by trying {tried}");
                assert!(agrees(product.gradient, tried) && !agrees(product.gradient * 1.01 + 1e-5, tried));
            }
        }
    }

    #[test]
    fn no_gradient_of_the_layer_is_larger_than_the_steepest() {
        let network = Network::slides();
        for (input, label) in [(Network::SLIDES_INPUT, 0), ([0.0, 2.0], 1)] {
            let forward = network.forward(&input, label).expect("it fits");
            let slopes = network.backward(&forward);
            let size = |place| network.gradient(&forward, &slopes, place).gradient.abs();
            for layer in 0..3 {
                let steepest = size(network.steepest(&forward, &slopes, layer));
                let weights = network.places().into_iter().filter(|place| matches!(place, Place::Weight { .. }));
                let of_layer = weights.filter(|place| place.layer() == layer);
                assert_eq!(of_layer.map(size).fold(0.0, f64::max), steepest);
            }
        }
    }

    #[test]
    fn a_step_lowers_the_loss() {
        let mut network = Network::slides();
        let before = network.forward(&Network::SLIDES_INPUT, 0).expect("it fits");
        let slopes = network.backward(&before);
        let bias = Place::Bias { layer: 2, unit: 0 };
        network.update(&before, &slopes, 0.5);
        let after = network.forward(&Network::SLIDES_INPUT, 0).expect("it fits");
        assert!(after.loss < before.loss, "{} to {}", before.loss, after.loss);
        assert!((f64::from(network.at(bias)) - (-2.0 - 0.5 * slopes[2].dz[0])).abs() < 1e-6);
    }

    #[test]
    fn dropout_is_left_out_and_other_layers_are_refused() {
        let slides = Network::slides();
        let with = |layer: LayerSpec| {
            let mut layers = slides.spec().layers().to_vec();
            layers.insert(1, layer);
            let spec = ModelSpec::new(2, layers).expect("valid");
            let mut parameters = slides.parameters().to_vec();
            parameters.resize(spec.layout().parameters, 1.0);
            Network::new(spec, parameters)
        };
        let thinned = with(LayerSpec::Dropout { rate: 0.5 }).expect("Dropout has no weights");
        let forward = |network: &Network| network.forward(&Network::SLIDES_INPUT, 0).expect("it fits");
        assert_eq!(forward(&thinned), forward(&slides));
        assert!(with(LayerSpec::BatchNormalization).is_err());
    }

    #[test]
    fn what_does_not_fit_is_said() {
        let network = Network::slides();
        assert!(network.forward(&[1.0], 0).is_err());
        assert!(network.forward(&Network::SLIDES_INPUT, 2).is_err());
        assert!(Network::new(network.spec().clone(), vec![0.0; 17]).is_err());
    }
}
