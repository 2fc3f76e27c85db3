//! What the lesson on broken networks remembers of each failure: its runs, and what was heard of them.

use super::controls::figure;
use crate::explain::symptoms;
use crate::failures::{Experiment, Failure, Outcome, Remedy};
use crate::web::l10n::percent;

/// A run and what was heard of it.
pub(super) struct Run {
    pub(super) experiment: Experiment,
    /// Hundredths of the training that are over, and of the images that were read right.
    pub(super) training: Vec<[f32; 2]>,
    pub(super) validation: Vec<[f32; 2]>,
    pub(super) loss: f32,
    /// The first weights and the last.
    pub(super) before: Vec<f32>,
    pub(super) after: Vec<f32>,
    /// The steps of all epochs.
    pub(super) steps: u64,
    pub(super) is_over: bool,
    pub(super) shifted: Option<f32>,
    /// Of hidden neurons, when it is over.
    pub(super) dead: f32,
}

impl Run {
    pub(super) fn new(experiment: Experiment) -> Run {
        Run {
            experiment,
            training: Vec::new(),
            validation: Vec::new(),
            loss: f32::NAN,
            before: Vec::new(),
            after: Vec::new(),
            steps: 0,
            is_over: false,
            shifted: None,
            dead: 0.0,
        }
    }

    /// Whether all that there is to know is known.
    pub(super) fn is_complete(&self, failure: Failure) -> bool {
        self.is_over && (self.shifted.is_some() || failure != Failure::NoAugmentation)
    }

    pub(super) fn outcome(&self) -> Outcome {
        let validation = self.validation.last().map_or(0.0, |[_, right]| right / 100.0);
        Outcome { validation, shifted: self.shifted.unwrap_or(0.0) }
    }

    /// What the table says in this row; nothing while it is not known.
    pub(super) fn figure(&self, row: &str) -> String {
        let last = |curve: &[[f32; 2]]| curve.last().map(|[_, right]| percent(right / 100.0)).unwrap_or_default();
        let Ok(spec) = self.experiment.settings.spec() else { return String::new() };
        match row {
            "training" => last(&self.training),
            "validation" => last(&self.validation),
            "loss" if self.loss.is_nan() => String::new(),
            "loss" => figure(self.loss, 3),
            "shifted" => self.shifted.map(percent).unwrap_or_default(),
            _ if !self.is_over || self.after.len() != self.before.len() => String::new(),
            "different" => format!("{} / {}", symptoms::different_neurons(&spec, &self.after), spec.sizes()[1]),
            "dead" => percent(self.dead),
            _ => {
                let moved = symptoms::moved(&spec, &self.before, &self.after);
                format!("{} → {}", figure(moved[0], 4), figure(moved[moved.len() - 1], 4))
            }
        }
    }
}

/// A failure's two runs: as it is, and with the remedy that was tried last.
#[derive(Default)]
pub(super) struct Case {
    pub(super) broken: Option<Run>,
    pub(super) remedied: Option<(Remedy, Run)>,
}

impl Case {
    /// Whether all that is to be seen of the failure is there.
    pub(super) fn is_seen(&self, failure: Failure) -> bool {
        self.broken.as_ref().is_some_and(|run| run.is_complete(failure))
    }
}
