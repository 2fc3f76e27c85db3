//! What is going on: the state in words, progress, the four measures, what computes; and the same as `data-*` attributes of
//! `#status`, which are part of the product (README, "Handles").

use super::dom;
use super::l10n::{L10n, count, fine_percent};
use super::run::{Phase, Run};
use crate::Result;
use crate::backend::BackendKind;
use crate::choice::{Chosen, Why};
use crate::history::TARGETS;
use crate::web::why_alone;
use web_sys::{Element, HtmlProgressElement};

/// `#status`, the measures and the sentence about the device.
pub struct Status {
    root: Element,
    broken: Element,
    state: Element,
    progress: HtmlProgressElement,
    progress_text: Element,
    loss: Element,
    accuracy: Element,
    validation: Element,
    test: Element,
    reached: [Element; TARGETS.len()],
    total: Element,
    backend: Element,
    engine: Element,
    /// Which build of the CPU's engine the workers have loaded; empty before.
    cpu_engine: String,
}

/// What is shown.
pub struct View<'a> {
    pub phase: Phase,
    pub run: Option<&'a Run>,
    /// Bytes of the training set, so far and in all, while it is on its way.
    pub download: Option<(u64, u64)>,
    /// What computes the run, or would compute the next one; `None` while that is being found out.
    pub chosen: Option<&'a Chosen>,
    /// How many images the test has.
    pub test_images: u32,
    /// As [`dom::seconds`].
    pub now: f64,
}

impl Status {
    /// Finds its elements.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new() -> Result<Status> {
        Ok(Status {
            root: dom::by_id("status")?,
            broken: dom::by_id("broken")?,
            state: dom::by_id("state")?,
            progress: dom::by_id("progress")?,
            progress_text: dom::by_id("progress-text")?,
            loss: dom::by_id("measure-loss")?,
            accuracy: dom::by_id("measure-accuracy")?,
            validation: dom::by_id("measure-validation")?,
            test: dom::by_id("measure-test")?,
            reached: [dom::by_id("measure-to-97")?, dom::by_id("measure-to-98")?],
            total: dom::by_id("measure-total")?,
            backend: dom::by_id("backend-text")?,
            engine: dom::by_id("engine-text")?,
            cpu_engine: String::new(),
        })
    }

    /// A worker has loaded this engine. That of WebGPU has only one build.
    pub fn engine(&mut self, engine: &str) {
        if engine != BackendKind::WebGpu.name() {
            self.cpu_engine = engine.into();
        }
    }

    /// Shows it.
    pub fn show(&self, l10n: &L10n, view: &View) {
        self.show_attributes(view);
        self.show_measures(view.run);
        self.show_times(l10n, view);
        self.show_backend(l10n, view);
        dom::set_text(&self.state, &state_sentence(l10n, view));
        let share = match view.download {
            Some((loaded, total)) => loaded as f64 / total.max(1) as f64,
            None => view.run.map_or(0.0, Run::share_done),
        };
        self.progress.set_value(share.min(1.0));
        dom::set_text(&self.progress_text, &progress_sentence(l10n, view));
    }

    fn show_attributes(&self, view: &View) {
        let set = |name: &str, value: String| dom::set(&self.root, &format!("data-{name}"), &value);
        let run = view.run;
        let reported = run.filter(|run| run.progress.step > 0).map(|run| run.progress);
        set("epoch", reported.map_or(0, |p| p.epoch).to_string());
        set("step", reported.map_or(0, |p| p.step).to_string());
        set("loss", reported.map(|p| p.loss.to_string()).unwrap_or_default());
        set("samples-per-second", reported.map(|p| p.samples_per_second.to_string()).unwrap_or_default());
        set("validation-accuracy", run.and_then(|run| run.validation).map(|v| v.accuracy.to_string()).unwrap_or_default());
        let reached = |i: usize| run.and_then(|run| run.history.reached()[i]).map(|s| s.to_string()).unwrap_or_default();
        set("time-to-97", reached(0));
        set("time-to-98", reached(1));
        set("seconds", run.map(|run| run.stopwatch.seconds(view.now).to_string()).unwrap_or_default());
        set("test-accuracy", run.and_then(|run| run.test).map(|t| t.accuracy.to_string()).unwrap_or_default());
        let chosen = view.chosen;
        set("backend", chosen.map_or("", |chosen| chosen.backend.kind.name()).into());
        set("engine", self.engine_of(view).into());
        set("tuning", chosen.map_or("", |chosen| chosen.tuning.name()).into());
        set("workers-reason", alone(view).unwrap_or_default().into());
        set("backend-reason", chosen.map_or("", |chosen| chosen.why.code()).into());
        let race = chosen.and_then(|chosen| if let Why::Race(race) = &chosen.why { Some(race) } else { None });
        set("race", race.map_or("", |race| if race.remembered { "remembered" } else { "measured" }).into());
        set("race-cpu", race.map(|race| race.cpu.to_string()).unwrap_or_default());
        set("race-webgpu", race.and_then(|race| race.webgpu).map(|rate| rate.to_string()).unwrap_or_default());
        // Last: who waits for a state finds the numbers that belong to it.
        // What www/start.js says of a program that stopped stays, whatever its workers still report.
        let has_stopped = self.broken.get_attribute("data-what").is_some_and(|what| what != "lessons");
        set("state", if has_stopped { Phase::Failed } else { view.phase }.name().into());
    }

    fn show_measures(&self, run: Option<&Run>) {
        let show = |element: &Element, text: Option<String>| dom::set_text(element, &text.unwrap_or_else(|| "–".into()));
        let reported = run.filter(|run| run.progress.step > 0).map(|run| run.progress);
        show(&self.loss, reported.map(|p| format!("{:.3}", p.loss)));
        show(&self.accuracy, reported.map(|p| fine_percent(p.accuracy)));
        show(&self.validation, run.and_then(|run| run.validation).map(|v| fine_percent(v.accuracy)));
        show(&self.test, run.and_then(|run| run.test).map(|t| fine_percent(t.accuracy)));
    }

    fn show_times(&self, l10n: &L10n, view: &View) {
        for (i, element) in self.reached.iter().enumerate() {
            dom::set_text(element, &view.run.map_or_else(|| "–".into(), |run| reached_sentence(l10n, run, i)));
        }
        let total = view.run.map(|run| time_sentence(l10n, run.stopwatch.seconds(view.now)));
        dom::set_text(&self.total, &total.unwrap_or_else(|| "–".into()));
    }

    /// What computes, as the page says it.
    pub fn device(&self) -> String {
        self.backend.text_content().unwrap_or_default()
    }

    fn engine_of(&self, view: &View) -> &str {
        match view.chosen.map(|chosen| chosen.backend.kind) {
            Some(BackendKind::WebGpu) => BackendKind::WebGpu.name(),
            Some(BackendKind::Cpu) => &self.cpu_engine,
            None => "",
        }
    }

    fn show_backend(&self, l10n: &L10n, view: &View) {
        let engine = self.engine_of(view);
        let tuning = view.chosen.map_or("", |chosen| chosen.tuning.name());
        let args = [("engine", engine.into()), ("tuning", tuning.into())];
        let said = if engine.is_empty() { String::new() } else { l10n.text("engine", &args) };
        let reason = alone(view).map(|reason| l10n.text("workers-alone", &[("reason", reason.into())]));
        dom::set_text(&self.engine, &[said, reason.unwrap_or_default()].join(" "));
        let Some(Chosen { backend, why, .. }) = view.chosen else {
            return dom::set_text(&self.backend, &l10n.text("backend-probing", &[]));
        };
        let computes = match backend.kind {
            BackendKind::WebGpu => l10n.text("backend-is-webgpu", &[("adapter", backend.device.as_str().into())]),
            BackendKind::Cpu => l10n.text("backend-is-cpu", &[("workers", backend.device.parse().unwrap_or(1_u32).into())]),
        };
        let text = match why {
            Why::Asked => computes,
            Why::NoGpu(reason) => l10n.text("backend-fallback", &[("cpu", computes.into()), ("reason", l10n.gpu(reason).into())]),
            Why::Race(race) => {
                let outcome = match (race.ratio(), race.winner()) {
                    (None, _) => "late",
                    (Some(_), winner) => winner.name(),
                };
                let args = [
                    ("computes", computes.into()),
                    ("outcome", outcome.into()),
                    ("ratio", race.ratio().unwrap_or_default().into()),
                    ("adapter", race.adapter.as_str().into()),
                    ("cpu", count(race.cpu).into()),
                    ("webgpu", count(race.webgpu.unwrap_or_default()).into()),
                ];
                l10n.text("backend-race", &args)
            }
        };
        dom::set_text(&self.backend, &text);
    }
}

/// Why there is only one CPU worker, if nobody wished so.
fn alone(view: &View) -> Option<&'static str> {
    let is_alone = |chosen: &&Chosen| chosen.backend.kind == BackendKind::Cpu && chosen.backend.device == "1";
    view.chosen.filter(is_alone).and_then(|_| why_alone())
}

/// Seconds, to the hundredth.
pub fn time_sentence(l10n: &L10n, seconds: f64) -> String {
    l10n.text("time", &[("seconds", format!("{seconds:.2}").into())])
}

/// After how long the run reached target number `i`, or that it did not; a dash while that is open.
pub fn reached_sentence(l10n: &L10n, run: &Run, i: usize) -> String {
    match run.history.reached()[i] {
        Some(seconds) => time_sentence(l10n, seconds),
        None if run.test.is_some() => l10n.text("time-none", &[]),
        None => "–".into(),
    }
}

fn state_sentence(l10n: &L10n, view: &View) -> String {
    let Some(run) = view.run else { return l10n.text(&format!("state-{}", view.phase.name()), &[]) };
    let epoch = (run.epochs_done().floor() as u32 + 1).min(run.settings.epochs);
    let accuracy = run.test.map(|test| fine_percent(test.accuracy)).unwrap_or_default();
    match (view.phase, view.download) {
        (Phase::Loading, Some((loaded, total))) if total > 0 => download_sentence(l10n, loaded, total),
        (Phase::Loading, _) => l10n.text("state-preparing", &[]),
        (phase, _) => l10n.text(
            &format!("state-{}", phase.name()),
            &[
                ("epoch", epoch.into()),
                ("epochs", run.settings.epochs.into()),
                ("accuracy", accuracy.into()),
                ("images", count(view.test_images.into()).into()),
            ],
        ),
    }
}

fn progress_sentence(l10n: &L10n, view: &View) -> String {
    let Some(run) = view.run.filter(|run| run.progress.step > 0) else { return String::new() };
    let step = count(run.progress.step);
    let speed = count(run.progress.samples_per_second as u64);
    let args = [("step", step.into()), ("speed", speed.into())];
    let steps = l10n.text("progress-steps", &args);
    match run.seconds_left().filter(|_| matches!(view.phase, Phase::Training | Phase::Paused)) {
        None => steps,
        Some(seconds) => {
            let unit = if seconds < 90.0 { "seconds" } else { "minutes" };
            let amount = if seconds < 90.0 { seconds.ceil() } else { (seconds / 60.0).ceil() };
            l10n.text("progress-left", &[("steps", steps.into()), ("amount", amount.into()), ("unit", unit.into())])
        }
    }
}

/// How much of the training set has come.
pub fn download_sentence(l10n: &L10n, loaded: u64, total: u64) -> String {
    let megabytes = |bytes: u64| format!("{:.1}", bytes as f64 / 1e6);
    l10n.text("state-download", &[("loaded", megabytes(loaded).into()), ("total", megabytes(total).into())])
}
