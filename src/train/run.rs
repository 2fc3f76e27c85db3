//! One run as the session keeps it: its trainer, how far it is, how long it took, and what was not yet reported.

use super::{Past, Sums, TrainConfig, Trainer};
use crate::backend::Backend;
use crate::protocol::Progress;
use crate::{Error, Result};

/// A slice of training lasts about this long, in seconds: a command waits no longer than this.
const SLICE: f64 = 0.03;
/// Least time between two reports, in seconds.
const REPORT_EVERY: f64 = 0.05;

/// The last mini-batches of an epoch are summed one by one, and the epoch's last report is about them alone: so it does not
/// depend on where slices of time happened to end, and the same run reports the same loss.
pub const TAIL: usize = 16;

/// What a run is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    Waiting,
    Training,
    Done,
}

/// See the module's documentation.
pub struct Run<B: Backend> {
    pub id: u32,
    pub trainer: Trainer<B>,
    pub config: TrainConfig,
    pub state: State,
    /// Epochs completed.
    pub epoch: u32,
    pub steps_per_epoch: u32,
    /// The least validation loss at the end of an epoch, and how many epochs ago that was.
    best: Option<(f32, u32)>,
    /// The mean loss of the first mini-batch, at the weights that the run began with; `None` before it.
    pub first_loss: Option<f32>,
    seconds: f64,
    seconds_per_step: f64,
    unreported: Sums,
    tail: Sums,
    unreported_steps: u32,
    unreported_seconds: f64,
    samples_per_second: f32,
    last_report: f64,
}

impl<B: Backend> Run<B> {
    /// A run that has not begun.
    pub fn new(id: u32, trainer: Trainer<B>, config: TrainConfig) -> Run<B> {
        Run {
            id,
            trainer,
            config,
            state: State::Waiting,
            epoch: 0,
            steps_per_epoch: 0,
            best: None,
            first_loss: None,
            seconds: 0.0,
            // So that the first slice is one step, which measures it.
            seconds_per_step: SLICE,
            unreported: Sums::default(),
            tail: Sums::default(),
            unreported_steps: 0,
            unreported_seconds: 0.0,
            samples_per_second: 0.0,
            last_report: f64::NEG_INFINITY,
        }
    }

    /// What it remembers besides the trainer's place.
    pub fn past(&self) -> Past {
        Past {
            epoch: self.epoch,
            steps_per_epoch: self.steps_per_epoch,
            best: self.best,
            first_loss: self.first_loss,
            seconds: self.seconds,
            unreported: self.unreported,
            unreported_steps: self.unreported_steps,
            unreported_seconds: self.unreported_seconds,
            tail: self.tail,
        }
    }

    /// Remembers what another run did, which it goes on with.
    pub fn restore(&mut self, past: Past) {
        self.epoch = past.epoch;
        self.steps_per_epoch = past.steps_per_epoch;
        self.best = past.best;
        self.first_loss = past.first_loss;
        self.seconds = past.seconds;
        self.unreported = past.unreported;
        self.unreported_steps = past.unreported_steps;
        self.unreported_seconds = past.unreported_seconds;
        self.tail = past.tail;
    }

    /// How many steps to take before the next command is heard.
    pub fn steps_in_a_slice(&self) -> u32 {
        (SLICE / self.seconds_per_step).clamp(1.0, 10_000.0) as u32
    }

    /// Notes a validation loss; whether it has been a patient wait for a smaller one in vain. Counts at the end of an epoch.
    pub fn is_over_early(&mut self, loss: f32) -> bool {
        if self.trainer.steps_left() > 0 {
            return false;
        }
        let waited = match self.best {
            Some((best, waited)) if loss >= best => {
                self.best = Some((best, waited + 1));
                waited + 1
            }
            _ => {
                self.best = Some((loss, 0));
                0
            }
        };
        self.config.patience > 0 && waited >= self.config.patience
    }

    /// Notes that so many steps took so long; none if only steps from before were waited for.
    pub fn note_time(&mut self, steps: u32, seconds: f64) {
        self.seconds += seconds;
        self.unreported_seconds += seconds;
        self.unreported_steps += steps;
        if steps == 0 {
            return;
        }
        // A coarse clock can say that no time passed, and a device may only have been given the first steps, not done them: a
        // slice has at most twice the steps of the one before.
        self.seconds_per_step = (seconds / f64::from(steps)).max(self.seconds_per_step / 2.0);
    }

    /// Notes sums over steps.
    ///
    /// Errors when the loss is no longer a number.
    pub fn note_sums(&mut self, sums: Sums) -> Result<()> {
        if sums.images > 0 {
            // The first slice is one step.
            self.first_loss.get_or_insert((sums.loss / sums.images as f64) as f32);
        }
        self.unreported.add(sums);
        if self.unreported.loss.is_finite() { Ok(()) } else { Err(Error::NotFinite { what: "the loss".into() }) }
    }

    /// Notes the sums of some of the epoch's last mini-batches.
    ///
    /// Errors as [`Run::note_sums`].
    pub fn note_tail(&mut self, each: &[Sums]) -> Result<()> {
        for &sums in each {
            self.tail.add(sums);
            self.note_sums(sums)?;
        }
        Ok(())
    }

    /// What happened since the last report, if anything did and it is time for one or it has to be `now`.
    pub fn report(&mut self, time: f64, now: bool) -> Option<Progress> {
        if self.unreported.images == 0 || !now && time - self.last_report < REPORT_EVERY {
            return None;
        }
        self.last_report = time;
        let sums = std::mem::take(&mut self.unreported);
        // By steps, not by sums, which come later; a report on sums alone tells the speed of the one before.
        let steps = std::mem::take(&mut self.unreported_steps);
        let seconds = std::mem::take(&mut self.unreported_seconds);
        if steps > 0 && seconds > 0.0 {
            self.samples_per_second = (f64::from(steps) * self.config.batch_size as f64 / seconds) as f32;
        }
        let about = if self.trainer.steps_left() == 0 { std::mem::take(&mut self.tail) } else { sums };
        let mean = |sum: f64| (sum / about.images as f64) as f32;
        Some(Progress {
            epoch: self.epoch,
            step: self.trainer.step(),
            steps_per_epoch: self.steps_per_epoch,
            loss: mean(about.loss),
            accuracy: mean(about.hits),
            samples_per_second: self.samples_per_second,
            seconds: self.seconds,
        })
    }
}
