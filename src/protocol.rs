//! What the page says to the worker and what it hears back: two closed enums, bincode over `postMessage`.
//!
//! A *run* is one network being trained with one set of settings; its number goes with every command and comes back with
//! every event, so that the page drops what belongs to a run that is over. Large arrays travel beside the message as one
//! transferred payload (`Option<Vec<u8>>`), so that nothing is encoded number by number.

use crate::backend::{BackendInfo, Tuning};
use crate::diagnosis::Diagnosis;
use crate::error::Error;
use crate::explain::neighbours::Neighbour;
use crate::nn::ModelSpec;
use crate::robustness::Score;
use crate::train::{Split, TrainConfig};
use crate::wire::{Decode, Encode};

/// Page to worker.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum Command {
    /// Open the worker's device, have it prove itself, and tune it for such a network, if it is not `known` how; answered by
    /// [`Event::Probed`].
    Probe { spec: ModelSpec, config: TrainConfig, known: Option<Tuning> },
    /// Train such a network on made-up images for a moment, to learn how fast that is; answered by [`Event::Measured`]. Whatever
    /// ran before ends.
    Measure { spec: ModelSpec, config: TrainConfig },
    /// Begin run `run` with a fresh network: the payload's weights (f32, little-endian) if there is one, else drawn with
    /// `config.seed`. Whatever ran before ends. Answered by [`Event::Created`], or by [`Event::Failed`].
    Create { run: u32, spec: ModelSpec, config: TrainConfig },
    /// Take the data set of this folder of the site: the attachment is an array of its four compressed files
    /// ([`FILES`](crate::data::FILES)). [`Event::DataReady`], or [`Event::DataRefused`]. Data stays over runs.
    LoadData { base: String },
    /// The data set itself as payload: training images, training labels, test images, test labels, one after the other.
    SetData { inputs: u32, classes: u32, training: u32, test: u32 },
    /// Train on, epoch after epoch, until paused or done.
    Train { run: u32 },
    /// Train on exactly one mini-batch, then pause.
    Step { run: u32 },
    /// Keep everything and wait.
    Pause { run: u32 },
    /// End the run here: test accuracy, [`Event::Finished`].
    Stop { run: u32 },
    /// Change the learning rate from the next step on.
    SetLearningRate { run: u32, learning_rate: f32 },
    /// How robust the network of this specification with the payload's weights is: [`Event::Robust`] for each kind of change.
    /// Concerns no run.
    Robustness { spec: ModelSpec },
    /// What the network of this specification with the payload's weights makes of every test image: [`Event::Judged`], which
    /// brings the number back. Concerns no run.
    Judge { number: u32, spec: ModelSpec },
    /// From now on look at every layer now and then while a run trains, [`Event::Diagnosed`], and at once if it waits; or no
    /// longer. Concerns no run.
    Diagnose { on: bool },
    /// The pixels of the images with these numbers: [`Event::Images`]. Concerns no run.
    Images { split: Split, numbers: Vec<u32> },
    /// The labels of all images, as the payload of [`Event::Labels`]. Concerns no run.
    Labels { split: Split },
    /// The training images that are nearest to the payload's image, so many: [`Event::Neighbours`]. Concerns no run.
    Neighbours { count: u32 },
    /// Has the run learn from a part of the images, and from wrong labels if asked for:
    /// [`Data::sample`](crate::train::Data::sample).
    Sample { run: u32, images: u32, shuffle_labels: bool },
    /// One pass over the payload's image numbers (u32, little-endian) in mini-batches: [`Event::Trained`].
    TrainOrder { run: u32 },
    /// Accuracy on the test set: [`Event::Evaluated`].
    Evaluate { run: u32 },
    /// Everything that the run goes on from, as the payload of [`Event::State`]; nothing, if it is over.
    TakeState { run: u32 },
    /// Go on from where the run was whose [`Event::State`] is the payload: the same settings, and the same images, which must be
    /// there. Weights follow.
    Restore { run: u32 },
    /// Learn from the payload's drawings, [`crate::train::teach::copies`]: [`Event::Weights`], then [`Event::Taught`].
    Teach { run: u32 },
}

impl Command {
    /// The run that it is meant for; `None` for those that begin one or concern none.
    pub fn run(&self) -> Option<u32> {
        match self {
            Command::Probe { .. }
            | Command::Measure { .. }
            | Command::Create { .. }
            | Command::LoadData { .. }
            | Command::SetData { .. }
            | Command::Robustness { .. }
            | Command::Judge { .. }
            | Command::Diagnose { .. }
            | Command::Images { .. }
            | Command::Labels { .. }
            | Command::Neighbours { .. } => None,
            Command::Train { run }
            | Command::Step { run }
            | Command::Pause { run }
            | Command::Stop { run }
            | Command::SetLearningRate { run, .. }
            | Command::Sample { run, .. }
            | Command::TrainOrder { run }
            | Command::Evaluate { run }
            | Command::TakeState { run }
            | Command::Restore { run }
            | Command::Teach { run } => Some(*run),
        }
    }
}

/// Progress of a run.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub struct Progress {
    /// Epochs completed.
    pub epoch: u32,
    /// Steps (mini-batches) since the beginning of the run.
    pub step: u64,
    /// Steps in one epoch.
    pub steps_per_epoch: u32,
    /// Mean cross-entropy over the mini-batches since the last event, in nats; at the end of an epoch over its last ones, a
    /// fixed number, so that the same run says the same.
    pub loss: f32,
    /// Share of those images that were read right before they were learned from.
    pub accuracy: f32,
    /// Images a second, over the time since the last event that was spent training.
    pub samples_per_second: f32,
    /// Seconds spent training since the beginning of the run (pauses and evaluation not counted).
    pub seconds: f64,
}

/// Loss and accuracy on a whole split.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub struct Evaluation {
    /// Mean cross-entropy, in nats.
    pub loss: f32,
    /// Share of images read right, 0 to 1.
    pub accuracy: f32,
}

/// Worker to page.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
pub enum Event {
    /// wasm is loaded; commands are answered. The engine is `relaxed` or `simd128`, by its build, or `webgpu`.
    Started { engine: String },
    /// Whether the worker's device is there and computes what it should, and how it is tuned.
    Probed { outcome: Result<Tuning, Error> },
    /// How many images a second such a network trains on.
    Measured { images_per_second: Result<u64, Error> },
    /// The run exists.
    Created { run: u32, backend: BackendInfo, parameters: u64 },
    /// The data set is there.
    DataReady { training: u32, test: u32 },
    /// The files of that folder are damaged.
    DataRefused { base: String, error: Error },
    /// Training went on. Many of these a second, one at the end of each epoch.
    Progress { run: u32, progress: Progress },
    /// The payload holds the run's weights as they are after `step` steps (f32, little-endian, flat layout).
    Weights { run: u32, step: u64 },
    /// Accuracy and loss on the validation split after `step` steps: at the end of each epoch, and more often at first. What
    /// there was to report up to that step has been reported before.
    Validated { run: u32, step: u64, validation: Evaluation },
    /// Training waits: after `Pause` or `Step`.
    Paused { run: u32 },
    /// The run is over: all epochs done or stopped. Accuracy and loss on the test set.
    Finished { run: u32, test: Evaluation },
    /// The payload is a [`Snapshot`](crate::train::Snapshot) of the run after `step` steps, which took so many seconds to make.
    State { run: u32, step: u64, seconds: f64 },
    /// The pass over the given order is over. Weights follow.
    Trained { run: u32 },
    /// Accuracy and loss on the test set.
    Evaluated { run: u32, test: Evaluation },
    /// The drawings were learned from. Accuracy and loss on the validation split, before and after.
    Taught { run: u32, before: Evaluation, after: Evaluation },
    /// The score of the kind of change with this place in [`crate::robustness::Kind::ALL`]; the last one ends the report.
    Robust { kind: u32, score: Score },
    /// The payload is a [`Judgement`](crate::judge::Judgement) of so many images and classes, as its `to_bytes` gives it.
    Judged { number: u32, images: u32, classes: u32 },
    /// The payload holds the pixels of these images of the split, of so many pixels each.
    Images { split: Split, numbers: Vec<u32>, inputs: u32 },
    /// How each layer of the run's network is doing.
    Diagnosed { run: u32, diagnosis: Diagnosis },
    /// The payload holds the labels of the split's images, a byte each.
    Labels { split: Split },
    /// The nearest training images; the payload holds their pixels one after the other.
    Neighbours { found: Vec<Neighbour> },
    /// Something went wrong; `run` is 0 if it concerns no run.
    Failed { run: u32, error: Error },
}
