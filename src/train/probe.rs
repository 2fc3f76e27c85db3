//! Looks at a network while it learns: its weights, copied, on a processor of its own, over a few of the images that it learns
//! from. The training itself is left alone, so that it computes the same bits whether somebody looks or not.

use super::{Data, TrainConfig};
use crate::Result;
use crate::backend::{Backend, Cpu};
use crate::data::Dataset;
use crate::diagnosis::{Diagnosis, Histogram, LayerState, Stuck, rms};
use crate::error::Error;
use crate::explain::inside::{Kind, kinds};
use crate::model::{Gradients, Model, Training, Workspace};
use crate::nn::{LayerSpec, ModelSpec, Optimizer};
use std::sync::Arc;

/// Most images that are looked at, and least.
const IMAGES: [usize; 2] = [200, 20];
/// Weights times images: what a processor's core does in about a tenth of a second, forward and back. Larger networks are looked
/// at over fewer images.
const WORK: usize = 400_000_000;

/// Least time between two looks, in seconds.
const EVERY: f64 = 0.25;
/// After a look, so many times as long passes without one: together they cost less than 5 % of the time.
const REST: f64 = 19.0;

/// See the module's documentation.
pub struct Probe {
    cpu: Cpu,
    model: Model<Cpu>,
    workspace: Workspace<Cpu>,
    gradients: Gradients<Cpu>,
    config: TrainConfig,
    images: <Cpu as Backend>::Data,
    rows: usize,
    /// After how many steps the weights were looked at that are in `model`; `None` before the first look.
    step: Option<u64>,
}

impl Probe {
    /// A probe for such a network, which learns from these images. It holds the weights twice.
    ///
    /// Errors when the images do not fit the network, or there is none to learn from.
    pub fn new(spec: &ModelSpec, config: &TrainConfig, data: &Data) -> Result<Probe> {
        if !data.fits(spec) {
            let (expected, got) = (spec.inputs() as u64, data.training.inputs() as u64);
            return Err(Error::Shape { what: "pixels of an image".into(), expected, got });
        }
        let learning = data.learning_images(config.validation);
        let most = (WORK / spec.layout().parameters.max(1)).clamp(IMAGES[1], IMAGES[0]);
        let rows = most.min(learning);
        if rows == 0 {
            return Err(Error::State { reason: "there are no images to learn from".into() });
        }
        let set = &data.training;
        let numbers = (0..rows).map(|i| i * learning / rows);
        let pixels: Vec<u8> = numbers.clone().flat_map(|i| set.image(i).into_owned()).collect();
        let labels = numbers.map(|i| set.labels()[i]).collect();
        // One more class: images that show none of them.
        let images = Arc::new(Dataset::new(pixels, labels, set.inputs(), spec.classes() + 1)?);
        let mut cpu = Cpu::new();
        let workspace = Workspace::new(&cpu, spec, rows);
        // An optimizer that keeps nothing: nothing is updated here.
        let gradients = Gradients::new(&cpu, spec, Optimizer::Sgd);
        let model = Model::new(&mut cpu, spec.clone(), &vec![0.0; spec.layout().parameters])?;
        let images = cpu.data(&images)?;
        Ok(Probe { cpu, model, workspace, gradients, config: *config, images, rows, step: None })
    }

    /// How each layer is doing with these weights, which the run had after `step` steps. [`Diagnosis::first_loss`] is not known
    /// here.
    ///
    /// Errors when the weights do not fit the network or one is not finite.
    pub fn look(&mut self, step: u64, parameters: &[f32]) -> Result<Diagnosis> {
        let kinds = kinds(self.model.spec());
        let updates = self.updates(&kinds, step, parameters);
        self.model.set_parameters(&mut self.cpu, parameters)?;
        self.step = Some(step);
        let loss = self.forward_and_back(step);
        let layers = self.model.spec().layers().iter().enumerate();
        let with_numbers = layers.filter(|(_, layer)| !matches!(layer, LayerSpec::Dropout { .. })).map(|(i, _)| i);
        let state = |((kind, i), updates): ((&Kind, usize), Option<f32>)| {
            let (activation, numbers) = (kind.activation(), self.rows * kind.units());
            let gradients = &self.gradients.values().values()[kind.weights()];
            LayerState {
                weights: rms(parameters[kind.weights()].iter().copied()),
                gradients: rms(gradients.iter().copied()),
                updates,
                stuck: Stuck::share(activation, &self.workspace.kept(i, activation).values()[..numbers], kind.units()),
                outputs: Histogram::of(activation, &self.workspace.outputs[i + 1].values()[..numbers]),
            }
        };
        let layers = kinds.iter().zip(with_numbers).zip(updates).map(state).collect();
        Ok(Diagnosis { step, images: self.rows as u32, loss, first_loss: loss, layers })
    }

    /// How far each layer's weights have gone a step since the look before.
    fn updates(&self, kinds: &[Kind], step: u64, parameters: &[f32]) -> Vec<Option<f32>> {
        let steps = self.step.and_then(|before| step.checked_sub(before)).filter(|steps| *steps > 0);
        let Some(steps) = steps.filter(|_| parameters.len() == self.model.spec().layout().parameters) else {
            return vec![None; kinds.len()];
        };
        let before = self.model.parameters().values();
        let way = |kind: &Kind| {
            let pairs = parameters[kind.weights()].iter().zip(&before[kind.weights()]);
            Some(rms(pairs.map(|(now, before)| now - before)) / steps as f32)
        };
        kinds.iter().map(way).collect()
    }

    /// The mean loss, and the gradients of what is trained on.
    fn forward_and_back(&mut self, step: u64) -> f32 {
        let Probe { cpu, model, workspace, gradients, config, images, rows, .. } = self;
        let order: Vec<u32> = (0..*rows as u32).collect();
        cpu.gather(images, &order, 0, *rows, &mut workspace.outputs[0], &mut workspace.labels);
        let training = Training { seed: config.seed, step };
        model.forward_in_training(cpu, *rows, training, workspace);
        cpu.clear(&mut workspace.sums);
        model.loss(cpu, config.loss, *rows, config.label_smoothing, 1.0 / *rows as f32, workspace);
        model.backward(cpu, *rows, training, workspace, gradients);
        let sums = workspace.sums.values().iter().step_by(2);
        (sums.map(|loss| f64::from(*loss)).sum::<f64>() / *rows as f64) as f32
    }
}

/// When a run is looked at, and with what.
#[derive(Default)]
pub struct Watch {
    probe: Option<Probe>,
    not_before: f64,
}

impl Watch {
    /// Whether it is time for a look.
    pub fn is_due(&self, now: f64) -> bool {
        now >= self.not_before
    }

    /// Whether the last look was at the weights after so many steps.
    pub fn has_seen(&self, step: u64) -> bool {
        self.probe.as_ref().is_some_and(|probe| probe.step == Some(step))
    }

    /// A look from `began` to `ended` is over.
    pub fn rest(&mut self, began: f64, ended: f64) {
        self.not_before = ended + EVERY.max(REST * (ended - began));
    }

    /// Another run begins.
    pub fn forget(&mut self) {
        *self = Watch::default();
    }

    /// Looks at a run's weights.
    ///
    /// Errors as [`Probe::new`] and [`Probe::look`].
    pub fn look(
        &mut self,
        spec: &ModelSpec,
        config: &TrainConfig,
        data: &Data,
        step: u64,
        parameters: &[f32],
    ) -> Result<Diagnosis> {
        let probe = match self.probe.take() {
            Some(probe) => probe,
            None => Probe::new(spec, config, data)?,
        };
        self.probe.insert(probe).look(step, parameters)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn looks_take_less_than_a_twentieth_of_the_time() {
        for cost in [0.0, 0.001, 0.05, 1.5] {
            let (mut watch, mut now, mut looking) = (Watch::default(), 0.0, 0.0);
            let until = 100.0;
            while now < until {
                if watch.is_due(now) {
                    watch.rest(now, now + cost);
                    looking += cost;
                    now += cost;
                }
                now += 0.01;
            }
            // The first look comes before any rest.
            assert!(looking <= 0.05 * until + cost, "{looking} s of {until} s, {cost} s each");
            assert!(cost == 0.0 || looking > 0.0, "it looks at all");
        }
        let mut watch = Watch::default();
        watch.rest(7.0, 7.001);
        assert!(!watch.is_due(7.25) && watch.is_due(7.26), "four times a second at most");
        watch.forget();
        assert!(watch.is_due(0.0), "another run is looked at from its beginning");
    }
}
