//! The network that answers in the page: on the CPU, for one image at a time.

use super::{Layer, Model, Workspace};
use crate::backend::Backend;
use crate::backend::cpu::{Buffer, Cpu};
use crate::nn::{Activation, ModelSpec};
use crate::{Error, Result};

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

    /// Sets one of the parameters, by its place in the flat vector; whether it is a number that can be used.
    pub fn set_parameter(&mut self, place: usize, value: f32) -> bool {
        let parameter = self.model.parameters.values_mut().get_mut(place).filter(|_| value.is_finite());
        if let Some(parameter) = parameter {
            *parameter = value;
            return true;
        }
        false
    }

    /// Takes newer weights of the same network.
    ///
    /// Errors as [`Model::new`]; the weights in use then stay.
    pub fn set_parameters(&mut self, parameters: &[f32]) -> Result<()> {
        self.model.set_parameters(&mut self.backend, parameters)
    }

    /// The probability of each class for one input (0 to 1 each number).
    ///
    /// Errors when the input has another size.
    pub fn predict(&mut self, input: &[f32]) -> Result<Vec<f32>> {
        self.forward(input)?;
        let classes = self.model.spec().classes();
        let logits = &self.workspace.outputs[self.workspace.outputs.len() - 1];
        self.backend.softmax(1, classes, logits, &mut self.probabilities);
        Ok(self.probabilities.to_vec(classes))
    }

    /// What leaves every layer for one input: first the input itself, last the logits. A Dropout passes on what it gets.
    ///
    /// Errors as [`Predictor::predict`].
    pub fn outputs(&mut self, input: &[f32]) -> Result<Vec<Vec<f32>>> {
        self.forward(input)?;
        let mut outputs: Vec<Vec<f32>> = vec![input.to_vec()];
        for ((layer, output), width) in
            self.model.layers.iter().zip(&self.workspace.outputs[1..]).zip(&self.model.spec.widths()[1..])
        {
            outputs.push(match layer {
                Layer::Dropout { .. } => outputs.last().cloned().unwrap_or_default(),
                Layer::Dense { .. } | Layer::BatchNormalization(_) => output.to_vec(*width),
            });
        }
        Ok(outputs)
    }

    /// The slope of one class's logit along each number of the input.
    ///
    /// Errors as [`Predictor::predict`], and when there is no such class.
    pub fn input_gradient(&mut self, input: &[f32], class: usize) -> Result<Vec<f32>> {
        self.forward(input)?;
        let classes = self.model.spec().classes();
        if class >= classes {
            return Err(Error::Shape { what: "number of classes".into(), expected: classes as u64, got: class as u64 + 1 });
        }
        let mut logit = vec![0.0; classes];
        logit[class] = 1.0;
        let gradient = self.model.input_gradient(&mut self.backend, Buffer::from(logit), &self.workspace);
        Ok(gradient.to_vec(input.len()))
    }

    fn forward(&mut self, input: &[f32]) -> Result<()> {
        let spec = self.model.spec();
        if input.len() != spec.inputs() {
            return Err(Error::Shape {
                what: "pixels of an image".into(),
                expected: spec.inputs() as u64,
                got: input.len() as u64,
            });
        }
        self.workspace.outputs[0].set_rows(input.len(), |batch| batch.push_row(input));
        self.model.forward(&mut self.backend, 1, &mut self.workspace);
        Ok(())
    }
}

impl Model<Cpu> {
    /// The way back through [`Model::forward`] of one image: from a gradient with respect to the logits to the one with respect
    /// to the input. The layers are as they answer: a Dropout does nothing, a normalization goes by its moving mean and variance.
    fn input_gradient(&self, backend: &mut Cpu, logits: Buffer, workspace: &Workspace<Cpu>) -> Buffer {
        let Workspace { outputs, kept, .. } = workspace;
        let mut gradient = logits;
        for (i, layer) in self.layers.iter().enumerate().rev() {
            match *layer {
                Layer::Dropout { .. } => {}
                Layer::Dense { shape, activation, .. } => {
                    let a = if activation.keeps_z() { &kept[i] } else { &outputs[i + 1] };
                    backend.chain(activation, shape.units, a, &mut gradient);
                    let (dz, mut dx) = (gradient, backend.zeros(shape.inputs));
                    // The layer before multiplies by its own slope when its turn comes.
                    let x = backend.zeros(shape.inputs);
                    backend.dense_input_gradient(shape, Activation::Linear, 1, &x, &dz, &self.parameters, &mut dx);
                    gradient = dx;
                }
                Layer::BatchNormalization(norm) => {
                    // Linear now: what it does to a difference is what it does without mean and beta.
                    let mut statistics = kept[i].to_vec(4 * norm.units);
                    statistics[..norm.units].fill(0.0);
                    statistics[3 * norm.units..].fill(0.0);
                    let (dy, mut dx) = (gradient, backend.zeros(norm.units));
                    backend.normalize(norm, 1, &dy, &Buffer::from(statistics), &mut dx);
                    gradient = dx;
                }
            }
        }
        gradient
    }
}
