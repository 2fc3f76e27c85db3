//! A run as the page knows it: what was asked for, and everything the worker has reported about it.

use super::recovery::Recovery;
use crate::history::{History, Point};
use crate::protocol::{Evaluation, Progress};
use crate::settings::Settings;
use crate::stopwatch::Stopwatch;

/// What the page is doing, as `data-state` says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// The shipped network, the worker or the training set is on its way.
    Loading,
    Ready,
    Training,
    Paused,
    Done,
    Failed,
}

impl Phase {
    /// Stable name: `data-state`, and `state-<name>` in the locale files.
    pub fn name(self) -> &'static str {
        match self {
            Phase::Loading => "loading",
            Phase::Ready => "ready",
            Phase::Training => "training",
            Phase::Paused => "paused",
            Phase::Done => "done",
            Phase::Failed => "failed",
        }
    }
}

/// See the module's documentation.
pub struct Run {
    pub id: u32,
    /// What it was begun with.
    pub settings: Settings,
    /// The learning rate was changed by hand while it ran.
    pub rate_changed: bool,
    /// One step was asked for, rather than training on.
    pub single_step: bool,
    /// Whether the workers have its network.
    pub created: bool,
    pub progress: Progress,
    pub validation: Option<Evaluation>,
    pub test: Option<Evaluation>,
    pub history: History,
    /// Counts from the click that began it.
    pub stopwatch: Stopwatch,
    /// Seconds from the click until images, workers and network were there.
    pub preparing: Option<f64>,
    /// What it goes on from, until the workers have it.
    pub kept: Option<Vec<u8>>,
    /// Its number among the runs that are over, once it is.
    pub recorded: Option<u32>,
    pub recovery: Recovery,
}

impl Run {
    /// A run of which nothing is known yet; `now` is the time of the click.
    pub fn new(id: u32, settings: Settings, single_step: bool, now: f64) -> Run {
        Run {
            id,
            settings,
            rate_changed: false,
            single_step,
            created: false,
            progress: Progress::default(),
            validation: None,
            test: None,
            history: History::default(),
            stopwatch: Stopwatch::start(now),
            preparing: None,
            kept: None,
            recorded: None,
            recovery: Recovery::default(),
        }
    }

    /// Takes a report on training.
    pub fn report(&mut self, progress: Progress, now: f64) {
        self.progress = progress;
        if progress.step <= self.recovery.known_step {
            return;
        }
        let Progress { loss, accuracy, .. } = progress;
        self.history.push_training(Point { loss, accuracy, ..self.place(progress.step, now) });
    }

    /// Takes an evaluation after `step` steps, which were reported before.
    pub fn report_validation(&mut self, step: u64, validation: Evaluation, now: f64) {
        self.validation = Some(validation);
        if self.history.validation().last().is_some_and(|last| last.step >= step as f64) {
            return;
        }
        let Evaluation { loss, accuracy } = validation;
        self.history.push_validation(Point { loss, accuracy, ..self.place(step, now) });
    }

    /// A point after `step` steps.
    fn place(&self, step: u64, now: f64) -> Point {
        let (epoch, seconds) = (self.epochs_after(step), self.stopwatch.seconds(now));
        Point { step: step as f64, epoch, seconds, loss: 0.0, accuracy: 0.0 }
    }

    /// Images a second on average, while it trained.
    pub fn samples_per_second(&self) -> f64 {
        let images = self.progress.step as f64 * self.settings.batch_size as f64;
        if self.progress.seconds > 0.0 { images / self.progress.seconds } else { 0.0 }
    }

    /// Epochs since the beginning, with fraction.
    pub fn epochs_done(&self) -> f64 {
        self.epochs_after(self.progress.step)
    }

    /// The same after `step` steps.
    pub fn epochs_after(&self, step: u64) -> f64 {
        step as f64 / f64::from(self.progress.steps_per_epoch.max(1))
    }

    /// Share of the run that is over, 0 to 1.
    pub fn share_done(&self) -> f64 {
        (self.epochs_done() / f64::from(self.settings.epochs.max(1))).min(1.0)
    }

    /// Seconds of training left, at the speed so far; `None` before the first report.
    pub fn seconds_left(&self) -> Option<f64> {
        let done = self.share_done();
        (done > 0.0 && self.progress.seconds > 0.0).then(|| self.progress.seconds * (1.0 - done) / done)
    }
}
