//! The multilayer perceptron: forward pass, backward pass and update, written once for every backend.
//!
//! Backpropagation as on the slides: at the output dC/dz = y_hat - y (softmax with cross-entropy), then recursively
//! dC/dz of a layer = (dC/dz of the next layer times its weights) * f'(z); dC/dW = x^T dC/dz, dC/db = its column sums.

mod predictor;

use crate::backend::Backend;
use crate::nn::{Activation, DenseShape, LayerSpec, Layout, Loss, ModelSpec, Noise, NormShape, Optimizer};
use crate::{Error, Result};

pub use predictor::Predictor;

/// A layer with its place in the flat vector.
#[derive(Clone, Copy)]
enum Layer {
    Dense { shape: DenseShape, activation: Activation, l2: f32 },
    BatchNormalization(NormShape),
    Dropout { rate: f32 },
}

impl Layer {
    fn activation(self) -> Activation {
        match self {
            Layer::Dense { activation, .. } => activation,
            Layer::BatchNormalization(_) | Layer::Dropout { .. } => Activation::Linear,
        }
    }
}

/// A network on a device.
pub struct Model<B: Backend> {
    spec: ModelSpec,
    layout: Layout,
    layers: Vec<Layer>,
    /// Numbers that leave each layer; the inputs first.
    widths: Vec<usize>,
    parameters: B::Buffer,
}

/// Memory for one batch of at most `rows` images: every layer's output (`outputs[0]` is the network's input), what it keeps
/// besides, gradients with respect to the layers' outputs or, of Dense layers, z, labels, and per row the sums of loss and of
/// hits.
pub struct Workspace<B: Backend> {
    pub outputs: Vec<B::Buffer>,
    /// Of each layer: z where the activation needs it, or a normalization's statistics.
    kept: Vec<B::Buffer>,
    /// `gradients[i]` is what comes back to `outputs[i]`.
    gradients: Vec<B::Buffer>,
    pub labels: B::Buffer,
    pub sums: B::Buffer,
    pub rows: usize,
}

/// Gradients and the optimizer's state.
pub struct Gradients<B: Backend> {
    values: B::Buffer,
    m: B::Buffer,
    v: B::Buffer,
    /// How many of m and v the optimizer keeps.
    slots: usize,
}

/// What makes one step's Dropout differ from another's.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Training {
    pub seed: u64,
    pub step: u64,
}

impl Training {
    fn noise(self, layer: usize, rate: f32) -> Noise {
        Noise::new(self.seed, self.step, layer, rate)
    }
}

impl<B: Backend> Workspace<B> {
    /// Memory for batches of at most `rows` images through `spec`.
    pub fn new(backend: &B, spec: &ModelSpec, rows: usize) -> Workspace<B> {
        let widths = spec.widths();
        let kept = |(layer, width): (&LayerSpec, &usize)| match layer {
            LayerSpec::Dense(dense) if dense.activation.keeps_z() => rows * width,
            LayerSpec::BatchNormalization => 4 * width,
            LayerSpec::Dense(_) | LayerSpec::Dropout { .. } => 0,
        };
        // Nothing before the first parameters needs a gradient, and a normalization's takes the place of what came to it.
        let first = spec.layers().iter().position(|layer| !matches!(layer, LayerSpec::Dropout { .. })).unwrap_or(0);
        let gradient = |(i, width): (usize, &usize)| {
            let same = matches!(spec.layers().get(i), Some(LayerSpec::BatchNormalization));
            backend.zeros(if i > first && !same { rows * width } else { 0 })
        };
        Workspace {
            outputs: widths.iter().map(|width| backend.zeros(rows * width)).collect(),
            kept: spec.layers().iter().zip(&widths[1..]).map(|pair| backend.zeros(kept(pair))).collect(),
            gradients: widths.iter().enumerate().map(gradient).collect(),
            labels: backend.zeros(rows),
            sums: backend.zeros(2 * rows),
            rows,
        }
    }
}

impl<B: Backend> Workspace<B> {
    /// What the derivative of layer `i`'s activation is computed from: its output, or its z.
    pub fn kept(&self, i: usize, activation: Activation) -> &B::Buffer {
        if activation.keeps_z() { &self.kept[i] } else { &self.outputs[i + 1] }
    }
}

impl<B: Backend> Gradients<B> {
    /// Memory for training `spec` with `optimizer`.
    pub fn new(backend: &B, spec: &ModelSpec, optimizer: Optimizer) -> Gradients<B> {
        let len = spec.layout().trainable;
        let slot = |number: usize| backend.zeros(if optimizer.slots() > number { len } else { 0 });
        Gradients { values: backend.zeros(len), m: slot(0), v: slot(1), slots: optimizer.slots() }
    }

    /// The optimizer's numbers, as many in each as there are trainable parameters.
    pub fn slots(&mut self) -> impl Iterator<Item = &mut B::Buffer> {
        [&mut self.m, &mut self.v].into_iter().take(self.slots)
    }

    /// The gradient with respect to every trainable parameter, flat, in the order of [`Layout`].
    pub fn values(&self) -> &B::Buffer {
        &self.values
    }
}

impl<B: Backend> Model<B> {
    /// A network with these parameters (flat, in the order of [`Layout`]).
    ///
    /// Errors when their number does not fit the specification or one is not finite.
    pub fn new(backend: &mut B, spec: ModelSpec, parameters: &[f32]) -> Result<Model<B>> {
        let layout = spec.layout();
        let mut buffer = backend.zeros(layout.parameters);
        check_parameters(&layout, parameters)?;
        backend.write(&mut buffer, parameters);
        let (mut shapes, mut norms) = (layout.layers.iter(), layout.norms.iter());
        let place = |layer: &LayerSpec| match layer {
            LayerSpec::Dense(dense) => {
                shapes.next().map(|shape| Layer::Dense { shape: *shape, activation: dense.activation, l2: dense.l2 })
            }
            LayerSpec::BatchNormalization => norms.next().copied().map(Layer::BatchNormalization),
            LayerSpec::Dropout { rate } => Some(Layer::Dropout { rate: *rate }),
        };
        let layers = spec.layers().iter().filter_map(place).collect();
        Ok(Model { widths: spec.widths(), spec, layout, layers, parameters: buffer })
    }

    /// What it is.
    pub fn spec(&self) -> &ModelSpec {
        &self.spec
    }

    /// The parameters, flat, in the order of [`Layout`].
    pub fn parameters(&self) -> &B::Buffer {
        &self.parameters
    }

    /// Takes other parameters of the same network.
    ///
    /// Errors as [`Model::new`]; the parameters in use then stay.
    pub fn set_parameters(&mut self, backend: &mut B, parameters: &[f32]) -> Result<()> {
        check_parameters(&self.layout, parameters)?;
        backend.write(&mut self.parameters, parameters);
        Ok(())
    }

    /// Begins to read the parameters as they are now.
    pub fn start_read(&mut self, backend: &mut B) -> B::Reading {
        backend.complete(&self.layout, &mut self.parameters);
        backend.start_read(&self.parameters, self.layout.parameters)
    }

    /// Runs the first `rows` images of `outputs[0]` through all layers, as the network answers: `outputs[i + 1]` is layer i's
    /// output, the last one logits. A Dropout has none.
    pub fn forward(&self, backend: &mut B, rows: usize, workspace: &mut Workspace<B>) {
        // Where the newest output is.
        let mut at = 0;
        for (i, layer) in self.layers.iter().enumerate() {
            let Workspace { outputs, kept, .. } = workspace;
            let (before, after) = outputs.split_at_mut(i + 1);
            match *layer {
                Layer::Dropout { .. } => continue,
                Layer::Dense { shape, activation, .. } => {
                    dense(backend, shape, activation, rows, &before[at], &self.parameters, &mut kept[i], &mut after[0]);
                }
                Layer::BatchNormalization(norm) => {
                    backend.moving_statistics(norm, &self.parameters, &mut kept[i]);
                    backend.normalize(norm, rows, &before[at], &kept[i], &mut after[0]);
                }
            }
            at = i + 1;
        }
    }

    /// The same as the network learns: with Dropout, and normalized by the mini-batch, whose mean and variance the moving ones
    /// follow. Every layer has its output.
    pub fn forward_in_training(&mut self, backend: &mut B, rows: usize, training: Training, workspace: &mut Workspace<B>) {
        for (i, layer) in self.layers.iter().enumerate() {
            let Workspace { outputs, kept, .. } = workspace;
            let (before, after) = outputs.split_at_mut(i + 1);
            match *layer {
                Layer::Dropout { rate } => {
                    backend.dropout(training.noise(i, rate), rows * self.widths[i], &before[i], &mut after[0]);
                }
                Layer::Dense { shape, activation, .. } => {
                    dense(backend, shape, activation, rows, &before[i], &self.parameters, &mut kept[i], &mut after[0]);
                }
                Layer::BatchNormalization(norm) => {
                    backend.batch_statistics(norm, rows, &before[i], &mut self.parameters, &mut kept[i]);
                    backend.normalize(norm, rows, &before[i], &kept[i], &mut after[0]);
                }
            }
        }
    }

    /// Loss and hits of the logits, added to the workspace's sums, and dC/dz of the output layer, where C is `scale` times the
    /// sum of the rows' losses with that label smoothing.
    pub fn loss(&self, backend: &mut B, loss: Loss, rows: usize, smoothing: f32, scale: f32, workspace: &mut Workspace<B>) {
        let last = self.layers.len();
        let Workspace { outputs, gradients, labels, sums, .. } = workspace;
        let classes = self.spec.classes();
        backend.softmax_loss(loss, rows, classes, smoothing, scale, &outputs[last], labels, &mut gradients[last], sums);
    }

    /// Gradients of all parameters, from dC/dz of the output layer back to the first, after [`Model::forward_in_training`].
    pub fn backward(
        &self,
        backend: &mut B,
        rows: usize,
        training: Training,
        workspace: &mut Workspace<B>,
        gradients: &mut Gradients<B>,
    ) {
        let Workspace { outputs, kept, gradients: back, .. } = workspace;
        // The layers before the first with parameters need no gradient: the recursion ends there.
        let first = self.layers.iter().position(|layer| !matches!(layer, Layer::Dropout { .. })).unwrap_or(0);
        // Where what comes back to the layer's output is.
        let mut at = self.layers.len();
        for (i, layer) in self.layers.iter().enumerate().skip(first).rev() {
            let before = i.checked_sub(1).map(|before| self.layers[before].activation()).unwrap_or(Activation::Linear);
            match *layer {
                Layer::Dense { shape, l2, .. } => {
                    backend.dense_weight_gradient(shape, rows, &outputs[i], &back[at], &mut gradients.values);
                    if l2 > 0.0 {
                        backend.l2_gradient(shape, l2, &self.parameters, &mut gradients.values);
                    }
                    if i > first {
                        let x = if before.keeps_z() { &kept[i - 1] } else { &outputs[i] };
                        let (to, from) = back.split_at_mut(i + 1);
                        backend.dense_input_gradient(shape, before, rows, x, &from[at - i - 1], &self.parameters, &mut to[i]);
                        at = i;
                    }
                    continue;
                }
                Layer::BatchNormalization(norm) => {
                    backend.normalize_gradient(norm, rows, &outputs[i], &kept[i], &mut back[at], &mut gradients.values);
                }
                Layer::Dropout { rate } => {
                    let (to, from) = back.split_at_mut(i + 1);
                    backend.dropout(training.noise(i, rate), rows * self.widths[i], &from[at - i - 1], &mut to[i]);
                    at = i;
                }
            }
            if before != Activation::Linear {
                let x = if before.keeps_z() { &kept[i - 1] } else { &outputs[i] };
                backend.chain(before, rows * self.widths[i], x, &mut back[at]);
            }
        }
    }

    /// Applies the optimizer's step number `t` (from 1).
    pub fn update(&mut self, backend: &mut B, optimizer: Optimizer, learning_rate: f32, t: u64, gradients: &mut Gradients<B>) {
        let Gradients { values, m, v, .. } = gradients;
        let step = optimizer.at_step(learning_rate, t);
        backend.update(optimizer, step, &self.layout, values, m, v, &mut self.parameters);
    }
}

/// a = f(x W + b), with z in `kept` where the activation needs it.
#[expect(clippy::too_many_arguments, reason = "an operation on buffers: each argument is one of the formula's letters")]
fn dense<B: Backend>(
    backend: &mut B,
    shape: DenseShape,
    activation: Activation,
    rows: usize,
    x: &B::Buffer,
    parameters: &B::Buffer,
    kept: &mut B::Buffer,
    a: &mut B::Buffer,
) {
    if activation.keeps_z() {
        backend.dense(shape, Activation::Linear, rows, x, parameters, kept);
        backend.activate(activation, rows * shape.units, kept, a);
    } else {
        backend.dense(shape, activation, rows, x, parameters, a);
    }
}

fn check_parameters(layout: &Layout, parameters: &[f32]) -> Result<()> {
    if parameters.len() != layout.parameters {
        return Err(Error::Shape {
            what: "number of weights".into(),
            expected: layout.parameters as u64,
            got: parameters.len() as u64,
        });
    }
    if !parameters.iter().all(|p| p.is_finite()) {
        return Err(Error::NotFinite { what: "the weights".into() });
    }
    Ok(())
}
