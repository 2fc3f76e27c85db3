//! One network, one data set, one backend: steps, sums and evaluation. Everything here is deterministic: the same
//! specification, configuration, data and number of group members give the same bits on the CPU.

use super::config::check_learning_rate;
use super::{Data, Place, Position, TrainConfig};
use crate::backend::{Backend, BackendInfo};
use crate::data::{Augmentation, RandomChanges, epoch_order};
use crate::model::{Gradients, Model, Training, Workspace};
use crate::nn::ModelSpec;
use crate::protocol::Evaluation;
use crate::wire::{Decode, Encode};
use crate::{Error, Result};
use std::collections::VecDeque;

/// Images evaluated at a time: enough rows for a good matrix product, little memory.
const EVALUATION_ROWS: usize = 500;

/// Images to evaluate on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum Split {
    Validation,
    Test,
}

/// Sums over the images since the last [`Trainer::take_sums`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub struct Sums {
    pub loss: f64,
    pub hits: f64,
    pub images: u64,
}

impl Sums {
    /// Adds the sums over other images.
    pub fn add(&mut self, other: Sums) {
        self.loss += other.loss;
        self.hits += other.hits;
        self.images += other.images;
    }
}

/// See the module's documentation.
pub struct Trainer<B: Backend> {
    backend: B,
    model: Model<B>,
    config: TrainConfig,
    gradients: Gradients<B>,
    workspace: Workspace<B>,
    evaluation: Option<Workspace<B>>,
    data: Option<OnDevice<B>>,
    order: Option<(B::Order, usize)>,
    position: usize,
    /// The pass over images that was begun last, from 0: where passes are epochs, the epoch.
    pass: u32,
    step: u64,
    /// Images since sums were last asked for.
    images: u64,
    /// Sums on their way from the device, each over so many images; the oldest first.
    sums: VecDeque<(B::Reading, u64)>,
    /// Weights on their way from the device, as they were after so many steps.
    parameters: Option<(B::Reading, u64)>,
}

struct OnDevice<B: Backend> {
    host: Data,
    training: B::Data,
    test: B::Data,
}

impl<B: Backend> Trainer<B> {
    /// A network that begins with `initial` weights, or with weights drawn by the configuration's seed.
    ///
    /// Errors when a setting is out of range or the weights do not fit.
    pub fn new(mut backend: B, spec: ModelSpec, config: TrainConfig, initial: Option<&[f32]>) -> Result<Trainer<B>> {
        let config = config.check()?;
        if config.augment && spec.inputs().isqrt().pow(2) != spec.inputs() {
            return Err(Error::Setting {
                name: "augment".into(),
                value: format!("on, for images of {} pixels", spec.inputs()),
                allowed: "square images".into(),
            });
        }
        let drawn;
        let initial = match initial {
            Some(given) => given,
            None => {
                drawn = spec.initialize(config.seed);
                &drawn
            }
        };
        Ok(Trainer {
            gradients: Gradients::new(&backend, &spec, config.optimizer),
            workspace: Workspace::new(&backend, &spec, config.batch_size),
            model: Model::new(&mut backend, spec, initial)?,
            backend,
            config,
            evaluation: None,
            data: None,
            order: None,
            position: 0,
            pass: 0,
            step: 0,
            images: 0,
            sums: VecDeque::new(),
            parameters: None,
        })
    }

    /// What computes.
    pub fn info(&self) -> BackendInfo {
        self.backend.info()
    }

    /// What computes, to look at.
    pub fn backend(&self) -> &B {
        &self.backend
    }

    /// Ends training and gives the backend back.
    pub fn into_backend(self) -> B {
        self.backend
    }

    /// The network's specification.
    pub fn spec(&self) -> &ModelSpec {
        self.model.spec()
    }

    /// Steps taken.
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The weights as they are now.
    ///
    /// Errors when the device is lost.
    pub async fn parameters(&mut self) -> Result<Vec<f32>> {
        // Older ones have become useless.
        self.parameters = None;
        let reading = self.model.start_read(&mut self.backend);
        self.backend.finish_read(reading).await
    }

    /// Asks for the weights as they are now, rather than for those that were asked for before;
    /// [`Trainer::take_known_parameters`] gives them later.
    pub fn ask_for_parameters(&mut self) {
        self.parameters = Some((self.model.start_read(&mut self.backend), self.step));
    }

    /// Whether weights that were asked for are still on their way.
    pub fn is_reading_parameters(&self) -> bool {
        self.parameters.is_some()
    }

    /// The weights that were asked for, and after how many steps they were so, if they have come.
    ///
    /// Errors when the device is lost.
    pub async fn take_known_parameters(&mut self) -> Result<Option<(u64, Vec<f32>)>> {
        let backend = &mut self.backend;
        match self.parameters.take_if(|(reading, _)| backend.has_arrived(reading)) {
            Some((reading, step)) => Ok(Some((step, backend.finish_read(reading).await?))),
            None => Ok(None),
        }
    }

    /// Everything that training goes on from: the parameters, then the optimizer's numbers. What was summed up must have been
    /// taken.
    ///
    /// Errors when the device is lost.
    pub async fn numbers(&mut self) -> Result<Vec<f32>> {
        let layout = self.spec().layout();
        let mut numbers = self.parameters().await?;
        for slot in self.gradients.slots() {
            self.backend.complete(&layout, slot);
            let reading = self.backend.start_read(slot, layout.trainable);
            numbers.extend(self.backend.finish_read(reading).await?);
        }
        Ok(numbers)
    }

    /// Where it is.
    pub fn position(&self) -> Position {
        Position {
            pass: self.order.as_ref().map(|_| self.pass),
            images: self.position as u64,
            step: self.step,
            learning_rate: self.config.learning_rate,
        }
    }

    /// Goes on from where another trainer with the same network, configuration and images was, with its [`Trainer::numbers`].
    ///
    /// Errors when their number is another one, one of the parameters is not finite, there is no data, or it has no such place.
    pub fn restore(&mut self, position: Position, numbers: &[f32]) -> Result<()> {
        let layout = self.spec().layout();
        let expected = numbers_of(self.spec(), &self.config);
        if numbers.len() != expected {
            let what = "numbers of a kept run".into();
            return Err(Error::Shape { what, expected: expected as u64, got: numbers.len() as u64 });
        }
        let (parameters, slots) = numbers.split_at(layout.parameters);
        self.model.set_parameters(&mut self.backend, parameters)?;
        for (slot, values) in self.gradients.slots().zip(slots.chunks_exact(layout.trainable.max(1))) {
            self.backend.write(slot, values);
        }
        self.set_learning_rate(position.learning_rate)?;
        if let Some(pass) = position.pass {
            self.begin_epoch(pass)?;
            let most = self.order.as_ref().map_or(0, |(_, len)| *len);
            self.position = usize::try_from(position.images).ok().filter(|images| *images <= most).ok_or_else(|| {
                let allowed = format!("0 to {most}");
                Error::Setting { name: "images of a kept run's epoch".into(), value: position.images.to_string(), allowed }
            })?;
        }
        self.step = position.step;
        self.images = 0;
        self.sums.clear();
        Ok(())
    }

    /// Gives it images.
    ///
    /// Errors when they do not fit the network or the device.
    pub fn set_data(&mut self, data: &Data) -> Result<()> {
        for set in [&data.training, &data.test] {
            if set.inputs() != self.spec().inputs() {
                return Err(Error::Shape {
                    what: "pixels of an image".into(),
                    expected: self.spec().inputs() as u64,
                    got: set.inputs() as u64,
                });
            }
            // One more: images that show none of the classes.
            if let Some(label) = set.labels().iter().find(|&&l| usize::from(l) > self.spec().classes()) {
                return Err(Error::Setting {
                    name: "label".into(),
                    value: label.to_string(),
                    allowed: format!("0 to {}", self.spec().classes()),
                });
            }
        }
        let training = self.backend.data(&data.training)?;
        let test = self.backend.data(&data.test)?;
        self.data = Some(OnDevice { host: data.clone(), training, test });
        Ok(())
    }

    /// Sets the learning rate from the next step on; the schedule goes on from it.
    ///
    /// Errors when it is out of range.
    pub fn set_learning_rate(&mut self, rate: f32) -> Result<()> {
        self.config.learning_rate = check_learning_rate(rate)?;
        Ok(())
    }

    /// Begins epoch number `epoch` (from 0): the learning images in the order that the seed gives.
    ///
    /// Errors when there is no data.
    pub fn begin_epoch(&mut self, epoch: u32) -> Result<()> {
        let images = self.data()?.host.learning_images(self.config.validation);
        self.begin_order(&epoch_order(images, self.config.seed, epoch))?;
        self.pass = epoch;
        Ok(())
    }

    /// Begins one pass over these image numbers.
    ///
    /// Errors when there is no data or a number is not below the number of training images.
    pub fn begin_order(&mut self, order: &[u32]) -> Result<()> {
        let images = self.data()?.host.training.len();
        if let Some(number) = order.iter().find(|&&i| i as usize >= images) {
            return Err(Error::Setting {
                name: "image number".into(),
                value: number.to_string(),
                allowed: format!("0 to {}", images.saturating_sub(1)),
            });
        }
        self.pass = if self.order.is_some() { self.pass + 1 } else { 0 };
        self.order = Some((self.backend.order(order), order.len()));
        self.position = 0;
        Ok(())
    }

    /// Mini-batches left in the pass that was begun.
    pub fn steps_left(&self) -> usize {
        self.order.as_ref().map_or(0, |(_, len)| (len - self.position).div_ceil(self.config.batch_size))
    }

    /// Learns from the next `steps` mini-batches of the pass, or from those that are left. Waits only while the device has enough
    /// to do.
    ///
    /// Errors when there is no data or the device is lost.
    pub async fn steps(&mut self, steps: usize) -> Result<()> {
        for _ in 0..steps.min(self.steps_left()) {
            self.one_step()?;
            self.backend.pace().await?;
        }
        Ok(())
    }

    /// As [`Trainer::steps`], but each step is summed alone, and all are waited for.
    ///
    /// Errors as [`Trainer::steps`].
    pub async fn steps_one_by_one(&mut self, steps: usize) -> Result<Vec<Sums>> {
        let before = self.sums.len();
        for _ in 0..steps.min(self.steps_left()) {
            self.one_step()?;
            self.ask_for_sums();
            self.backend.pace().await?;
        }
        let mut each = Vec::new();
        for (reading, images) in self.sums.split_off(before) {
            each.push(total(self.backend.finish_read(reading).await?, images));
        }
        Ok(each)
    }

    fn one_step(&mut self) -> Result<()> {
        let (Some(data), Some((order, len))) = (&self.data, &self.order) else {
            return Err(no_data());
        };
        let rows = self.config.batch_size.min(len - self.position);
        let (backend, workspace) = (&mut self.backend, &mut self.workspace);
        let Workspace { outputs, labels, .. } = workspace;
        if self.config.augment {
            let seed = (self.config.seed ^ (self.config.seed >> 32)) as u32;
            let changes = RandomChanges { by: Augmentation::HANDWRITING, seed, epoch: self.pass };
            backend.gather_augmented(&data.training, order, self.position, rows, changes, &mut outputs[0], labels);
        } else {
            backend.gather(&data.training, order, self.position, rows, &mut outputs[0], labels);
        }
        let training = Training { seed: self.config.seed, step: self.step };
        self.model.forward_in_training(backend, rows, training, workspace);
        // The gradient of the mean loss over the mini-batch.
        let TrainConfig { loss, label_smoothing, .. } = self.config;
        self.model.loss(backend, loss, rows, label_smoothing, 1.0 / rows as f32, workspace);
        self.model.backward(backend, rows, training, workspace, &mut self.gradients);
        let place =
            Place { step: self.step, steps_per_epoch: len.div_ceil(self.config.batch_size) as u64, epochs: self.config.epochs };
        let rate = self.config.schedule.rate(self.config.learning_rate, place);
        self.step += 1;
        self.model.update(backend, self.config.optimizer, rate, self.step, &mut self.gradients);
        self.position += rows;
        self.images += rows as u64;
        Ok(())
    }

    /// Waits for the steps so far; loss and hits over the images that were not in a sum taken before.
    ///
    /// Errors when the device is lost or a group member does not answer.
    pub async fn take_sums(&mut self) -> Result<Sums> {
        self.ask_for_sums();
        let mut sums = Sums::default();
        while let Some((reading, images)) = self.sums.pop_front() {
            sums.add(total(self.backend.finish_read(reading).await?, images));
        }
        Ok(sums)
    }

    /// As [`Trainer::take_sums`], but only what is known without waiting; later steps' sums come with a later call.
    ///
    /// Errors as [`Trainer::take_sums`].
    pub async fn take_known_sums(&mut self) -> Result<Sums> {
        if self.sums.is_empty() {
            self.ask_for_sums();
        }
        let mut sums = Sums::default();
        while let Some((reading, images)) = self.sums.pop_front() {
            if !self.backend.has_arrived(&reading) {
                self.sums.push_front((reading, images));
                break;
            }
            sums.add(total(self.backend.finish_read(reading).await?, images));
        }
        Ok(sums)
    }

    /// Begins to read the sums over the steps so far; they then begin at zero again.
    fn ask_for_sums(&mut self) {
        if self.images > 0 {
            let reading = read_sums(&mut self.backend, &mut self.workspace);
            self.sums.push_back((reading, std::mem::take(&mut self.images)));
        }
    }

    /// Loss and accuracy on a whole split; learns nothing.
    ///
    /// Errors when there is no data, the split is empty, the device is lost, or a group member does not answer.
    pub async fn evaluate(&mut self, split: Split) -> Result<Evaluation> {
        let data = self.data.as_ref().ok_or_else(no_data)?;
        let (set, first, images) = match split {
            Split::Validation => {
                let one_in = self.config.validation;
                (&data.training, data.host.learning_images(one_in), data.host.validation_images(one_in))
            }
            Split::Test => (&data.test, 0, data.host.test.len()),
        };
        if images == 0 {
            return Err(Error::State { reason: "there are no images to evaluate on".into() });
        }
        let (backend, model, loss) = (&mut self.backend, &self.model, self.config.loss);
        let workspace = self.evaluation.get_or_insert_with(|| Workspace::new(backend, model.spec(), EVALUATION_ROWS));
        let numbers: Vec<u32> = (first as u32..(first + images) as u32).collect();
        let order = backend.order(&numbers);
        for start in (0..images).step_by(EVALUATION_ROWS) {
            let rows = EVALUATION_ROWS.min(images - start);
            backend.gather(set, &order, start, rows, &mut workspace.outputs[0], &mut workspace.labels);
            model.forward(backend, rows, workspace);
            model.loss(backend, loss, rows, 0.0, 1.0, workspace);
            backend.pace().await?;
        }
        let reading = read_sums(backend, workspace);
        let Sums { loss, hits, .. } = total(backend.finish_read(reading).await?, images as u64);
        Ok(Evaluation { loss: (loss / images as f64) as f32, accuracy: (hits / images as f64) as f32 })
    }

    fn data(&self) -> Result<&OnDevice<B>> {
        self.data.as_ref().ok_or_else(no_data)
    }
}

/// How many numbers such a run goes on from: its parameters and the optimizer's.
pub fn numbers_of(spec: &ModelSpec, config: &TrainConfig) -> usize {
    let layout = spec.layout();
    layout.parameters + config.optimizer.slots() * layout.trainable
}

fn no_data() -> Error {
    Error::State { reason: "there are no images yet: load the data set first".into() }
}

/// Begins to read the sums of loss and hits; they then begin at zero again.
fn read_sums<B: Backend>(backend: &mut B, workspace: &mut Workspace<B>) -> B::Reading {
    let len = 2 * workspace.rows;
    let reading = backend.start_read(&workspace.sums, len);
    backend.clear(&mut workspace.sums);
    reading
}

/// Loss and hits summed over rows.
fn total(sums: Vec<f32>, images: u64) -> Sums {
    let total = |parity: usize| sums.iter().skip(parity).step_by(2).map(|&s| f64::from(s)).sum();
    Sums { loss: total(0), hits: total(1), images }
}
