//! The panel diagnosis: how each layer is doing while the network learns, and what is wrong, with the lesson that explains it.
//! The numbers and the rules are [`crate::diagnosis`]'s.

use super::app::App;
use super::dom;
use super::inside::stage_name;
use super::l10n::{L10n, Language, count, percent};
use crate::diagnosis::{BINS, Diagnosis, LayerState, Plan, STUCK, Stuck, Warning, on_log_scale, warnings};
use crate::explain::inside::{Kind, kinds};
use crate::format::numbers::significant;
use crate::protocol::Command;
use crate::{Error, Result};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

/// A histogram's height, in units of its bins' width.
const HEIGHT: f32 = 10.0;
const SVG: &str = "http://www.w3.org/2000/svg";

/// The section `.diagnosis`.
pub struct Panel {
    last: Option<Diagnosis>,
    /// The run ended because its loss was no longer a number: nothing could be measured any more.
    is_lost: bool,
    stages: Vec<Kind>,
    /// What is said now, in which language, and whether anything was measured.
    said: Option<(Vec<Warning>, Language, bool)>,
    state: Element,
    warnings: Element,
    list: Element,
}

impl Panel {
    /// Finds its elements.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new() -> Result<Panel> {
        Ok(Panel {
            last: None,
            is_lost: false,
            stages: Vec::new(),
            said: None,
            state: dom::by_id("diagnosis-state")?,
            warnings: dom::by_id("diagnosis-warnings")?,
            list: dom::by_id("diagnosis-list")?,
        })
    }

    /// Another run begins, or there is none.
    pub fn clear(&mut self) {
        (self.last, self.is_lost) = (None, false);
    }

    /// The run has failed.
    pub fn failed(&mut self, error: &Error) {
        self.is_lost |= matches!(error, Error::NotFinite { .. });
    }

    fn show(&mut self, l10n: &L10n, plan: Option<Plan>) -> std::result::Result<(), JsValue> {
        dom::show(&self.list, self.last.is_some());
        let (Some(plan), Some(now)) = (plan, &self.last) else {
            for name in ["data-step", "data-loss", "data-images"] {
                dom::set(&self.state, name, "");
            }
            dom::set_text(&self.state, &l10n.text("diagnosis-empty", &[]));
            return self.say(l10n, if self.is_lost { vec![Warning::Exploding] } else { vec![] });
        };
        dom::set(&self.state, "data-step", &now.step.to_string());
        dom::set(&self.state, "data-loss", &now.loss.to_string());
        dom::set(&self.state, "data-images", &now.images.to_string());
        let args = [("step", count(now.step).into()), ("images", now.images.into()), ("loss", significant(now.loss).into())];
        dom::set_text(&self.state, &l10n.text("diagnosis-state", &args));
        let mut found = warnings(now, plan);
        if self.is_lost && !found.contains(&Warning::Exploding) {
            found.insert(0, Warning::Exploding);
        }
        let stages = kinds(plan.spec);
        if self.stages != stages {
            self.list.set_text_content(None);
            for (place, kind) in stages.iter().enumerate() {
                self.build(place, *kind)?;
            }
            self.stages = stages;
        }
        for (place, (row, layer)) in dom::all("#diagnosis-list > li").iter().zip(&now.layers).enumerate() {
            show_layer(l10n, row, &self.stages, place, layer);
        }
        self.say(l10n, found)
    }

    /// Says what is wrong, if it is something else than before: who hears the page hears only what changes.
    fn say(&mut self, l10n: &L10n, found: Vec<Warning>) -> std::result::Result<(), JsValue> {
        dom::set(&self.warnings, "data-warnings", &found.iter().map(|warning| warning.name()).collect::<Vec<_>>().join(" "));
        let now = (found, l10n.language, self.last.is_some());
        if self.said.as_ref() == Some(&now) {
            return Ok(());
        }
        self.warnings.set_text_content(None);
        for warning in &now.0 {
            let line = add(&self.warnings, "p")?;
            dom::set(&line, "data-warning", warning.name());
            let layer = match warning {
                Warning::Dead { layer } | Warning::Saturated { layer } => layer + 1,
                Warning::Exploding | Warning::Vanishing | Warning::Slow => 0,
            };
            let args = [("layer", layer.into()), ("share", format!("{:.0}%", 100.0 * STUCK).into())];
            dom::set_text(&add(&line, "span")?, &l10n.text(&format!("warning-{}", warning.name()), &args));
            let lesson = add(&line, "a")?;
            dom::set(&lesson, "href", &format!("#lesson/{}", warning.lesson()));
            dom::set_text(&lesson, &l10n.text(&format!("warning-lesson-{}", warning.lesson()), &[]));
        }
        if now.0.is_empty() && now.2 {
            dom::set_text(&add(&self.warnings, "p")?, &l10n.text("diagnosis-fine", &[]));
        }
        self.said = Some(now);
        Ok(())
    }

    fn build(&self, place: usize, kind: Kind) -> std::result::Result<(), JsValue> {
        let row = add(&self.list, "li")?;
        dom::set(&row, "data-layer", &place.to_string());
        add(&row, "h3")?;
        let measures = add(&row, "dl")?;
        let stuck = Stuck::of(kind.activation()).map(|_| "stuck");
        for name in ["weights", "gradients", "updates"].into_iter().chain(stuck) {
            let measure = add(&measures, "div")?;
            dom::set(&measure, "data-measure", name);
            add(&measure, "dt")?;
            add(&measure, "dd")?;
        }
        let figure = add(&row, "figure")?;
        let picture = dom::document().create_element_ns(Some(SVG), "svg")?;
        dom::set(&picture, "viewBox", &format!("0 0 {BINS} {HEIGHT}"));
        dom::set(&picture, "preserveAspectRatio", "none");
        dom::set(&picture, "aria-hidden", "true");
        picture.append_child(&*dom::document().create_element_ns(Some(SVG), "path")?)?;
        figure.append_child(&picture)?;
        add(&figure, "figcaption")?;
        Ok(())
    }
}

fn show_layer(l10n: &L10n, row: &Element, stages: &[Kind], place: usize, layer: &LayerState) {
    let find = |selector: &str| row.query_selector(selector).ok().flatten();
    if let Some(name) = find("h3") {
        dom::set_text(&name, &stage_name(l10n, stages, place));
    }
    let measure = |name: &str, label: &str, value: Option<f32>, text: String, length: f32| {
        dom::set(row, &format!("data-{name}"), &value.map(|value| value.to_string()).unwrap_or_default());
        let Some(measure) = find(&format!("[data-measure='{name}']")) else { return };
        let (Some(term), Some(data)) = (measure.first_element_child(), measure.last_element_child()) else { return };
        dom::set_text(&term, &l10n.text(label, &[]));
        dom::set_text(&data, &text);
        if let Some(data) = data.dyn_ref::<HtmlElement>() {
            let _ = data.style().set_property("--p", &format!("{length:.3}"));
        }
    };
    let size = |name: &str, label: &str, size: Option<f32>| {
        let text = size.map_or_else(|| "–".into(), significant);
        measure(name, label, size, text, size.map_or(0.0, on_log_scale));
    };
    size("weights", "diagnosis-weights", Some(layer.weights));
    size("gradients", "diagnosis-gradients", Some(layer.gradients));
    size("updates", "diagnosis-updates", layer.updates);
    let label = match Stuck::of(stages[place].activation()) {
        Some(Stuck::Saturated) => "diagnosis-saturated",
        Some(Stuck::Dead) | None => "diagnosis-dead",
    };
    measure("stuck", label, layer.stuck, layer.stuck.map(percent).unwrap_or_default(), layer.stuck.unwrap_or(0.0));

    let outputs = &layer.outputs;
    let (from, to, share) = outputs.fullest();
    let [low, high, from, to] = [outputs.low, outputs.high, from, to].map(|edge| format!("{edge:.2}"));
    if let Some(caption) = find("figcaption") {
        let args = [
            ("low", low.into()),
            ("high", high.into()),
            ("from", from.into()),
            ("to", to.into()),
            ("share", percent(share).into()),
        ];
        dom::set_text(&caption, &l10n.text("diagnosis-outputs", &args));
    }
    if let Some(path) = find("path") {
        let most = outputs.counts.iter().copied().max().unwrap_or(0).max(1) as f32;
        let bar = |(i, n): (usize, &u32)| {
            // The root, so that few are seen beside many.
            let height = HEIGHT * (*n as f32 / most).sqrt();
            format!("M{i} {HEIGHT}v-{height:.2}h.9V{HEIGHT}z")
        };
        dom::set(&path, "d", &outputs.counts.iter().enumerate().filter(|(_, n)| **n > 0).map(bar).collect::<String>());
    }
}

fn add(parent: &Element, tag: &str) -> std::result::Result<Element, JsValue> {
    let child = dom::document().create_element(tag)?;
    parent.append_child(&child)?;
    Ok(child)
}

impl App {
    /// Has the workers look at the layers, if somebody can see them.
    pub(super) fn watch_layers(&self) {
        if self.run.is_some() && self.panels.shown("diagnosis") {
            self.client.send(Command::Diagnose { on: true }, None);
        }
    }

    /// The workers have looked.
    pub(super) fn diagnosed(&mut self, diagnosis: Diagnosis) {
        if !self.panels.shown("diagnosis") {
            // The last time, until somebody sees the panel again.
            self.client.send(Command::Diagnose { on: false }, None);
        }
        self.diagnosis.last = Some(diagnosis);
        self.show_layers();
    }

    /// Shows the panel, if somebody can see it.
    pub(super) fn show_layers(&mut self) {
        if !self.panels.shown("diagnosis") {
            return;
        }
        let of_run = self.run.as_ref().and_then(|run| Some((run, run.settings.spec().ok()?)));
        let plan = of_run.as_ref().map(|(run, spec)| {
            let steps = u64::from(run.progress.steps_per_epoch) * u64::from(run.settings.epochs);
            Plan { spec, loss: run.settings.loss, steps }
        });
        if let Err(error) = self.diagnosis.show(&self.l10n, plan) {
            web_sys::console::error_1(&error);
        }
    }
}
