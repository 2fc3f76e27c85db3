//! A run as the page knows it: what was asked for, and everything the worker has reported about it.

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
        }
    }

    /// Takes a report on training.
    pub fn report(&mut self, progress: Progress) {
        self.progress = progress;
        let epoch = self.epochs_done();
        self.history.push_training(Point { epoch, loss: progress.loss, accuracy: progress.accuracy });
    }

    /// Takes an evaluation after `step` steps, which were reported before.
    pub fn report_validation(&mut self, step: u64, validation: Evaluation, now: f64) {
        self.validation = Some(validation);
        let Evaluation { loss, accuracy } = validation;
        let epoch = self.epochs_after(step);
        self.history.push_validation(Point { epoch, loss, accuracy }, self.stopwatch.seconds(now));
    }

    /// Epochs since the beginning, with fraction.
    pub fn epochs_done(&self) -> f64 {
        self.epochs_after(self.progress.step)
    }

    fn epochs_after(&self, step: u64) -> f64 {
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
