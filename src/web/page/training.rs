//! The page's side of training: what the buttons send to the worker, and what the worker's events change.

use super::app::{App, Data};
use super::dom;
use super::judge;
use super::network::{Network, Source};
use super::notes::Note;
use super::run::{Phase, Run};
use super::train::Control;
use crate::estimate;
use crate::format::numbers::floats;
use crate::protocol::{Command, Event};
use crate::settings::Settings;
use crate::web::News;
use crate::{Error, Result};

impl App {
    /// A button was pressed. Buttons that make no sense now are disabled, so nothing here needs to refuse.
    pub(super) fn control(&mut self, control: Control) {
        let run = self.run.as_ref().map(|run| run.id);
        if !matches!(control, Control::Pause | Control::Step) {
            self.end_repeat();
        }
        match (control, self.phase, run) {
            (Control::Train, _, _) => self.begin(self.settings.clone(), false),
            (Control::Step, Phase::Paused, Some(run)) => self.go_on(Command::Step { run }),
            (Control::Step, _, _) => self.begin(self.settings.clone(), true),
            (Control::Pause, Phase::Paused, Some(run)) => self.go_on(Command::Train { run }),
            (Control::Pause, _, Some(run)) => self.command(Command::Pause { run }),
            (Control::Stop, _, Some(run)) => self.command(Command::Stop { run }),
            (Control::Pause | Control::Stop, _, None) => {}
            (Control::Reset, _, _) => self.reset(),
        }
    }

    /// A setting has a new value: the learning rate is heard at once, the device is said anew, the rest waits for the next run.
    pub(super) fn setting_changed(&mut self, name: &str) {
        let active = matches!(self.phase, Phase::Training | Phase::Paused);
        match (name, &mut self.run) {
            ("lr", Some(run)) if active => {
                let learning_rate = self.settings.learning_rate;
                run.rate_changed = true;
                let command = Command::SetLearningRate { run: run.id, learning_rate };
                self.command(command);
            }
            // While the workers have a run, or are about to, the choice waits for the next one.
            ("backend" | "workers", _) if !active && self.phase != Phase::Loading => self.prepare(),
            _ => {}
        }
        self.run_changed();
    }

    /// Has what will train decided on and loaded, so that it is there when somebody presses a button.
    pub(super) fn prepare(&mut self) {
        self.chosen = None;
        match self.wish(&self.settings) {
            Ok(wish) => self.client.prepare(wish),
            Err(error) => self.notes.add(&self.l10n, Note::Failure(error)),
        }
    }

    /// A fresh network with these settings.
    fn fresh(&mut self, settings: &Settings) -> Result<()> {
        let network = Network::fresh(settings.spec()?, settings.subject(), settings.seed, settings.to_query())?;
        self.network = Some(network);
        self.own = None;
        self.network_changed();
        self.chart_changed();
        Ok(())
    }

    /// A run with these settings.
    pub(super) fn begin(&mut self, settings: Settings, single_step: bool) {
        let settings = match self.with_data(settings) {
            Ok(settings) => settings,
            Err(refusal) => {
                self.end_repeat();
                return self.notes.add(&self.l10n, Note::Data(refusal));
            }
        };
        let fits = settings.spec().and_then(|spec| estimate::check(&spec, &settings.config()));
        if let Err(error) = fits {
            self.end_repeat();
            return self.notes.add(&self.l10n, Note::Failure(error));
        }
        self.last_run += 1;
        self.begin_keeping();
        self.run = Some(Run::new(self.last_run, settings.clone(), single_step, dom::seconds()));
        self.phase = Phase::Loading;
        self.diagnosis.clear();
        self.show_layers();
        self.time.begin(settings.spec().ok());
        self.show_time();
        if let Err(error) = self.try_begin(&settings) {
            self.fail(error);
        }
        self.run_changed();
    }

    fn try_begin(&mut self, settings: &Settings) -> Result<()> {
        self.fresh(settings)?;
        self.my_digits.give_up();
        self.client.create(self.last_run, self.wish(settings)?, None);
        self.watch_layers();
        self.load_data(settings.data)
    }

    fn command(&self, command: Command) {
        self.client.send(command, None);
    }

    /// Train on, or one step. The network being trained answers again, if another one did.
    fn go_on(&mut self, command: Command) {
        if let Some(own) = self.own.take() {
            self.use_network(own);
        }
        self.phase = Phase::Training;
        if let Some(run) = &mut self.run {
            run.stopwatch.resume(dom::seconds());
        }
        self.command(command);
        self.run_changed();
    }

    /// Begins to train as soon as both network and images are there.
    fn go_when_ready(&mut self) {
        let Some(run) = &mut self.run else { return };
        if self.phase != Phase::Loading || !run.created || self.data != Data::Here {
            return;
        }
        run.preparing.get_or_insert_with(|| run.stopwatch.seconds(dom::seconds()));
        let (kept, step, run, single_step) = (run.kept.take(), run.progress.step, run.id, run.single_step);
        if let Some(state) = kept {
            if self.run.as_ref().is_some_and(|run| run.recovery.is_empty()) {
                self.hold_state(step, &state);
            }
            self.client.send(Command::Restore { run }, Some(state));
        }
        if self.was_paused() {
            self.phase = Phase::Paused;
            return self.run_changed();
        }
        self.go_on(if single_step { Command::Step { run } } else { Command::Train { run } });
    }

    fn reset(&mut self) {
        if let Some(run) = self.run.take() {
            // The worker forgets it with the next Create; until then it must not go on.
            self.command(Command::Pause { run: run.id });
        }
        self.phase = Phase::Ready;
        self.forget_kept_run();
        self.diagnosis.clear();
        self.show_layers();
        self.time.begin(None);
        self.show_time();
        if let Err(error) = self.fresh(&self.settings.clone()) {
            self.fail(error);
        }
        self.run_changed();
    }

    pub(super) fn fail(&mut self, error: Error) {
        self.end_repeat();
        self.trust_again(&error);
        self.diagnosis.failed(&error);
        self.show_layers();
        self.notes.add(&self.l10n, Note::Failure(error));
        if let Some(run) = &mut self.run {
            run.stopwatch.stop(dom::seconds());
            self.phase = Phase::Failed;
        }
    }

    /// It was decided what trains, or a worker said something.
    pub(super) fn news(&mut self, news: News) {
        match news {
            News::Chosen(chosen) => {
                self.chosen = Some(chosen);
                self.run_changed();
                self.show_settings();
                // Other workers know nothing of what those before were asked.
                self.time.give_up();
                self.judge_checkpoint();
            }
            News::Engine(engine) => {
                self.status.engine(&engine);
                self.program_came();
                self.run_changed();
            }
            News::Event(event, payload) => {
                self.heard();
                self.worker(event, payload);
            }
        }
    }

    /// What belongs to a run that is over is dropped.
    pub(super) fn worker(&mut self, event: Event, payload: Option<Vec<u8>>) {
        if run_of(&event).is_some() && run_of(&event) == self.my_digits.run() {
            return self.teaching_event(event, payload);
        }
        let current = self.run.as_ref().map(|run| run.id);
        if run_of(&event).is_some_and(|run| Some(run) != current) {
            return;
        }
        match event {
            Event::DataRefused { base, error } => self.images_refused(&base, error),
            Event::DataReady { test, .. } => {
                self.runs.test_images = test;
                self.data = Data::Here;
                self.go_when_ready();
            }
            Event::Robust { score, .. } => return self.robust(score),
            Event::Judged { number: judge::ASKS, images, classes } => {
                return self.judged(images, classes, &payload.unwrap_or_default());
            }
            Event::Judged { number, images, classes } => {
                return self.checkpoint_judged(number, images, classes, &payload.unwrap_or_default());
            }
            Event::Images { numbers, inputs, .. } => return self.images(&numbers, inputs as usize, &payload.unwrap_or_default()),
            Event::Diagnosed { diagnosis, .. } => return self.diagnosed(diagnosis),
            Event::Weights { step, .. } => {
                self.take_weights(step, floats(&payload.unwrap_or_default()));
                return self.run_went_on();
            }
            Event::State { step, seconds, .. } => {
                let state = payload.unwrap_or_default();
                self.hold_state(step, &state);
                return self.keep_state(seconds, &state);
            }
            Event::Progress { run, progress } if self.doubts(&progress) => {
                let error = Error::NotFinite { what: format!("the loss ({:.0})", progress.loss) };
                return self.worker(Event::Failed { run, error }, None);
            }
            report @ (Event::Progress { .. } | Event::Validated { .. }) => {
                self.run_event(report);
                self.keep_run(false);
                return self.run_went_on();
            }
            Event::Failed { error, .. } if self.waits_for_program(&error) => {}
            Event::Failed { error, .. } if self.can_recover(&error) => self.recover(error),
            Event::Failed { run, error } => {
                if self.data != Data::Here {
                    self.data = Data::Absent;
                }
                if self.my_digits.run().is_some() || run == 0 && self.is_asking() {
                    // It is not about the run that is shown.
                    self.my_digits.give_up();
                    self.robustness.give_up();
                    self.judge.give_up();
                    self.time.give_up();
                    self.notes.add(&self.l10n, Note::Failure(error));
                } else {
                    self.fail(error);
                }
            }
            about_run => self.run_event(about_run),
        }
        self.run_changed();
    }

    fn run_event(&mut self, event: Event) {
        let Some(run) = &mut self.run else { return };
        match event {
            Event::Created { .. } => {
                run.created = true;
                self.go_when_ready();
            }
            Event::Progress { progress, .. } => {
                run.report(progress, dom::seconds());
                self.chart_changed();
            }
            Event::Validated { step, validation, .. } => {
                run.report_validation(step, validation, dom::seconds());
                self.chart_changed();
            }
            Event::Paused { .. } => {
                run.stopwatch.stop(dom::seconds());
                self.phase = Phase::Paused;
                self.keep_run(true);
                // Its weights can be changed by hand now.
                self.network_changed();
                self.judge_checkpoint();
            }
            Event::Finished { test, .. } => {
                run.stopwatch.stop(dom::seconds());
                run.test = Some(test);
                self.phase = Phase::Done;
                self.remember_speed();
                self.show_settings();
                if let Some(network) = self.trained() {
                    network.about.test_accuracy = Some(test.accuracy);
                }
                self.network_changed();
                self.forget_kept_run();
                self.keep_network();
                self.judge_checkpoint();
                self.run_finished();
            }
            _ => {}
        }
    }

    fn take_weights(&mut self, step: u64, parameters: Vec<f32>) {
        let epoch = self.run.as_ref().map_or(0, |run| run.epochs_done() as u32);
        let Some(network) = self.trained() else { return };
        network.source = Source::Trained { step, epoch };
        network.edits.forget();
        match network.predictor.set_parameters(&parameters) {
            // After a mishap, steps that were kept before come again.
            Ok(()) if self.time.checkpoints.kept().last().is_none_or(|last| last.step <= step) => {
                self.time.checkpoints.push(step, parameters);
            }
            Ok(()) => {}
            Err(error) if self.can_recover(&error) => self.recover(error),
            Err(error) => self.fail(error),
        }
    }

    /// The network trained here, whether it answers or not.
    pub(super) fn trained(&mut self) -> Option<&mut Network> {
        match &mut self.network {
            Some(network) if matches!(network.source, Source::Trained { .. }) => Some(network),
            _ => self.own.as_mut(),
        }
    }
}

/// The run that an event belongs to; `None` for those that concern none.
fn run_of(event: &Event) -> Option<u32> {
    match event {
        Event::Started { .. }
        | Event::Probed { .. }
        | Event::Measured { .. }
        | Event::DataRefused { .. }
        | Event::DataReady { .. }
        | Event::Robust { .. }
        | Event::Judged { .. }
        | Event::Images { .. }
        | Event::Labels { .. }
        | Event::Neighbours { .. } => None,
        Event::Created { run, .. }
        | Event::Progress { run, .. }
        | Event::Weights { run, .. }
        | Event::State { run, .. }
        | Event::Diagnosed { run, .. }
        | Event::Validated { run, .. }
        | Event::Paused { run }
        | Event::Finished { run, .. }
        | Event::Trained { run }
        | Event::Taught { run, .. }
        | Event::Evaluated { run, .. } => Some(*run),
        Event::Failed { run, .. } => Some(*run).filter(|run| *run != 0),
    }
}
