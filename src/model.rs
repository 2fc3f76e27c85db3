//! The multilayer perceptron: forward pass, backward pass and update, written once for every backend.
//!
//! Backpropagation as on the slides: at the output dC/dz = y_hat - y (softmax with cross-entropy), then recursively
//! dC/dz of a layer = (dC/dz of the next layer times its weights) * f'(z); dC/dW = x^T dC/dz, dC/db = its column sums.

use crate::backend::Backend;
use crate::backend::cpu::{Buffer, Cpu};
use crate::nn::{Activation, Layout, ModelSpec, Optimizer};
use crate::{Error, Result};

/// A network on a device.
pub struct Model<B: Backend> {
    spec: ModelSpec,
    layout: Layout,
    parameters: B::Buffer,
}

/// Memory for one batch of at most `rows` images: every layer's output (`outputs[0]` is the network's input), its z where the
/// activation needs it, dC/dz of every layer, labels, and per row the sums of loss and of hits.
pub struct Workspace<B: Backend> {
    pub outputs: Vec<B::Buffer>,
    z: Vec<B::Buffer>,
    dz: Vec<B::Buffer>,
    pub labels: B::Buffer,
    pub sums: B::Buffer,
    pub rows: usize,
}

/// Gradients and the optimizer's state.
pub struct Gradients<B: Backend> {
    values: B::Buffer,
    m: B::Buffer,
    v: B::Buffer,
}

impl<B: Backend> Workspace<B> {
    /// Memory for batches of at most `rows` images through `spec`.
    pub fn new(backend: &B, spec: &ModelSpec, rows: usize) -> Workspace<B> {
        Workspace {
            outputs: spec.sizes().into_iter().map(|size| backend.zeros(rows * size)).collect(),
            z: spec.layers().iter().map(|l| backend.zeros(if l.activation.keeps_z() { rows * l.units } else { 0 })).collect(),
            dz: spec.layers().iter().map(|layer| backend.zeros(rows * layer.units)).collect(),
            labels: backend.zeros(rows),
            sums: backend.zeros(2 * rows),
            rows,
        }
    }
}

impl<B: Backend> Gradients<B> {
    /// Memory for training `spec` with `optimizer`.
    pub fn new(backend: &B, spec: &ModelSpec, optimizer: Optimizer) -> Gradients<B> {
        let len = spec.layout().parameters;
        let slot = |number: usize| backend.zeros(if optimizer.slots() > number { len } else { 0 });
        Gradients { values: backend.zeros(len), m: slot(0), v: slot(1) }
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
        Ok(Model { spec, layout, parameters: buffer })
    }

    /// What it is.
    pub fn spec(&self) -> &ModelSpec {
        &self.spec
    }

    /// Begins to read the parameters as they are now.
    pub fn start_read(&mut self, backend: &mut B) -> B::Reading {
        backend.complete(&self.layout, &mut self.parameters);
        backend.start_read(&self.parameters, self.layout.parameters)
    }

    /// Runs the first `rows` images of `outputs[0]` through all layers: `outputs[i]` are activations, the last one logits.
    pub fn forward(&self, backend: &mut B, rows: usize, workspace: &mut Workspace<B>) {
        for (i, (shape, layer)) in self.layout.layers.iter().zip(self.spec.layers()).enumerate() {
            let (before, after) = workspace.outputs.split_at_mut(i + 1);
            if layer.activation.keeps_z() {
                backend.dense(*shape, Activation::Linear, rows, &before[i], &self.parameters, &mut workspace.z[i]);
                backend.activate(layer.activation, rows * layer.units, &workspace.z[i], &mut after[0]);
            } else {
                backend.dense(*shape, layer.activation, rows, &before[i], &self.parameters, &mut after[0]);
            }
        }
    }

    /// Loss and hits of the logits, added to the workspace's sums, and dC/dz of the output layer, where C is `scale` times the
    /// sum of the rows' losses with that label smoothing.
    pub fn loss(&self, backend: &mut B, rows: usize, smoothing: f32, scale: f32, workspace: &mut Workspace<B>) {
        let last = self.layout.layers.len();
        let Workspace { outputs, dz, labels, sums, .. } = workspace;
        backend.softmax_cross_entropy(
            rows,
            self.spec.classes(),
            smoothing,
            scale,
            &outputs[last],
            labels,
            &mut dz[last - 1],
            sums,
        );
    }

    /// Gradients of all parameters, from dC/dz of the output layer back to the first.
    pub fn backward(&self, backend: &mut B, rows: usize, workspace: &mut Workspace<B>, gradients: &mut Gradients<B>) {
        let Workspace { outputs, z, dz, .. } = workspace;
        for (i, shape) in self.layout.layers.iter().enumerate().rev() {
            backend.dense_weight_gradient(*shape, rows, &outputs[i], &dz[i], &mut gradients.values);
            if i > 0 {
                // The images need no gradient: the recursion ends at the first layer.
                let activation = self.spec.layers()[i - 1].activation;
                let kept = if activation.keeps_z() { &z[i - 1] } else { &outputs[i] };
                let (before, after) = dz.split_at_mut(i);
                backend.dense_input_gradient(*shape, activation, rows, kept, &after[0], &self.parameters, &mut before[i - 1]);
            }
        }
    }

    /// Applies the optimizer's step number `t` (from 1).
    pub fn update(&mut self, backend: &mut B, optimizer: Optimizer, learning_rate: f32, t: u64, gradients: &mut Gradients<B>) {
        let Gradients { values, m, v } = gradients;
        let step = optimizer.at_step(learning_rate, t);
        backend.update(optimizer, step, &self.layout, values, m, v, &mut self.parameters);
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

/// A network that answers for one image at a time, at once, on the CPU: what the canvas asks while training goes on elsewhere.
pub struct Predictor {
    backend: Cpu,
    model: Model<Cpu>,
    workspace: Workspace<Cpu>,
    probabilities: Buffer,
}

impl Predictor {
    /// Errors as [`Model::new`].
    pub fn new(spec: ModelSpec, parameters: &[f32]) -> Result<Predictor> {
        let mut backend = Cpu::new();
        let workspace = Workspace::new(&backend, &spec, 1);
        let probabilities = backend.zeros(spec.classes());
        let model = Model::new(&mut backend, spec, parameters)?;
        Ok(Predictor { backend, model, workspace, probabilities })
    }

    /// What it is.
    pub fn spec(&self) -> &ModelSpec {
        self.model.spec()
    }

    /// The weights that it answers with.
    pub fn parameters(&self) -> &[f32] {
        self.model.parameters.values()
    }

    /// Takes newer weights of the same network.
    ///
    /// Errors as [`Model::new`]; the weights in use then stay.
    pub fn set_parameters(&mut self, parameters: &[f32]) -> Result<()> {
        check_parameters(&self.model.layout, parameters)?;
        self.backend.write(&mut self.model.parameters, parameters);
        Ok(())
    }

    /// The probability of each class for one input (0 to 1 each number).
    ///
    /// Errors when the input has another size.
    pub fn predict(&mut self, input: &[f32]) -> Result<Vec<f32>> {
        let spec = self.model.spec();
        if input.len() != spec.inputs() {
            return Err(Error::Shape {
                what: "pixels of an image".into(),
                expected: spec.inputs() as u64,
                got: input.len() as u64,
            });
        }
        let classes = spec.classes();
        self.workspace.outputs[0].set_rows(input.len(), |batch| batch.push_row(input));
        self.model.forward(&mut self.backend, 1, &mut self.workspace);
        let logits = &self.workspace.outputs[self.workspace.outputs.len() - 1];
        self.backend.softmax(1, classes, logits, &mut self.probabilities);
        Ok(self.probabilities.to_vec(classes))
    }
}
