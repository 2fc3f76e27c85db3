//! What becomes of a run whose workers fail: it goes on from its last state, on other workers. Which device is to be trusted, and
//! when it is enough, is decided here; how a state is taken and restored is known to the session.

use super::app::{App, Data};
use super::notes::Note;
use super::run::Phase;
use crate::backend::BackendKind;
use crate::choice::BackendChoice;
use crate::data::Origin;
use crate::error::GpuReason;
use crate::protocol::{Event, Progress};
use crate::web::Wish;
use crate::{Error, Result, estimate};
use std::collections::VecDeque;

/// A run is begun again on other workers so many times; then something is wrong that they do not help against.
const MOST: u32 = 3;
/// Seconds without a word from workers that train before they count as frozen, and multiply-adds a second of the slowest device:
/// a network that takes long to evaluate is given that time as well.
const PATIENCE: f64 = 60.0;
const SLOWEST: f64 = 2.5e8;
/// Times the loss of a guess among as many classes: what training on WebGPU does not come to unless something is wrong, or the
/// learning rate is; the CPU shows which.
const LOST: f32 = 10.0;

/// What a run goes on from, and how often it had to.
#[derive(Default)]
pub struct Recovery {
    /// The newest state is the last one.
    states: VecDeque<State>,
    mishaps: u32,
    /// The step that was reported before the last mishap: what is reported up to there is known.
    pub known_step: u64,
    was_paused: bool,
    /// Seconds since the workers were last heard of.
    quiet: f64,
}

struct State {
    step: u64,
    bytes: Vec<u8>,
}

impl Recovery {
    /// Whether there is no state to go on from.
    pub fn is_empty(&self) -> bool {
        self.states.is_empty()
    }
}

impl App {
    /// Holds a state that the run can go on from.
    pub(super) fn hold_state(&mut self, step: u64, state: &[u8]) {
        let Some(run) = &mut self.run else { return };
        let recovery = &mut run.recovery;
        if recovery.states.back().is_some_and(|newest| newest.step == step) {
            return;
        }
        recovery.states.push_back(State { step, bytes: state.to_vec() });
        // One more, since the newest may have been taken when the numbers were wrong already.
        if recovery.states.len() > 2 {
            recovery.states.pop_front();
        }
    }

    /// Whether the report says what can only be an error of the graphics device.
    pub(super) fn doubts(&self, progress: &Progress) -> bool {
        let Some(run) = &self.run else { return false };
        self.is_on_gpu() && progress.loss > LOST * (run.settings.subject().count() as f32).ln()
    }

    fn is_on_gpu(&self) -> bool {
        self.chosen.as_ref().is_some_and(|chosen| chosen.backend.kind == BackendKind::WebGpu)
    }

    /// Whether another try may help: the workers or the device failed, or WebGPU's numbers are wrong.
    pub(super) fn can_recover(&self, error: &Error) -> bool {
        let is_active = matches!(self.phase, Phase::Loading | Phase::Training | Phase::Paused);
        let may_help = matches!(error, Error::Device { .. }) || matches!(error, Error::NotFinite { .. }) && self.is_on_gpu();
        is_active && may_help && self.run.as_ref().is_some_and(|run| run.recovery.mishaps < MOST)
    }

    /// Begins the run again where it was, on other workers: the CPU's after WebGPU, and only one of them the second time.
    pub(super) fn recover(&mut self, error: Error) {
        let is_on_gpu = self.is_on_gpu();
        let is_wrong = matches!(error, Error::NotFinite { .. });
        self.robustness.give_up();
        self.judge.give_up();
        self.time.give_up();
        let Some(run) = &mut self.run else { return };
        let recovery = &mut run.recovery;
        recovery.mishaps += 1;
        if is_wrong && recovery.states.len() > 1 {
            recovery.states.pop_back();
        }
        recovery.quiet = 0.0;
        let step = recovery.states.back().map_or(0, |state| state.step);
        // What an earlier visit kept is still there if the workers failed before they had it.
        if let Some(state) = recovery.states.back() {
            run.kept = Some(state.bytes.clone());
        }
        recovery.known_step = recovery.known_step.max(run.progress.step);
        // Also if the same happens again before it has gone on.
        recovery.was_paused |= self.phase == Phase::Paused;
        run.created = false;
        let (id, mishaps) = (run.id, recovery.mishaps);
        let settings = run.settings.clone();
        let mut reason = self.l10n.error(&error);
        if is_on_gpu {
            let why = error.to_string();
            let distrust = if is_wrong { GpuReason::WrongLoss(why) } else { GpuReason::Lost(why) };
            reason = self.l10n.gpu(&distrust);
            self.client.distrust(Some(distrust));
        }
        self.begin_keeping();
        self.phase = Phase::Loading;
        let begun = self.wish(&settings).and_then(|mut wish| {
            if mishaps > 1 && !is_on_gpu {
                (wish.workers, wish.choice) = (1, BackendChoice::Cpu);
            }
            self.begin_on_new_workers(id, wish, settings.data)
        });
        self.notes.add(&self.l10n, Note::Recovered { reason, step });
        if let Err(error) = begun {
            self.fail(error);
        }
    }

    /// Has other workers begin the run.
    ///
    /// Errors when its images are no longer here.
    pub(super) fn begin_on_new_workers(&mut self, run: u32, wish: Wish, images: Origin) -> Result<()> {
        self.client.end();
        self.client.create(run, wish, None);
        self.watch_layers();
        self.load_data(images)
    }

    /// Whether the run was paused when its workers failed; asked once they are there again.
    pub(super) fn was_paused(&mut self) -> bool {
        self.run.as_mut().is_some_and(|run| std::mem::take(&mut run.recovery.was_paused))
    }

    /// WebGPU's numbers were doubted, and the CPU's are no better: it is the experiment that diverges.
    pub(super) fn trust_again(&mut self, error: &Error) {
        if matches!(error, Error::NotFinite { .. }) && self.run.as_ref().is_some_and(|run| run.recovery.mishaps > 0) {
            self.client.distrust(None);
        }
    }

    /// The workers were heard of.
    pub(super) fn heard(&mut self) {
        if let Some(run) = &mut self.run {
            run.recovery.quiet = 0.0;
        }
    }

    /// A second is over. Counted one by one, so that a computer that slept, a clock that jumped or a hidden tab, whose timers are
    /// slow, is not taken for workers that are silent.
    pub(super) fn tick(&mut self) {
        let works = self.phase == Phase::Training || self.phase == Phase::Loading && self.data == Data::Here;
        let Some(run) = self.run.as_mut().filter(|_| works) else { return };
        run.recovery.quiet += 1.0;
        let images = f64::from(self.runs.test_images.max(1));
        let spec: Result<_> = run.settings.spec();
        let work = spec.map_or(0.0, |spec| estimate::multiply_adds(&spec) as f64 * images / 2.0);
        if run.recovery.quiet > PATIENCE + work / SLOWEST {
            let id = run.id;
            let error = Error::Device { reason: "the training worker does not answer".into() };
            self.worker(Event::Failed { run: id, error }, None);
        }
    }
}
