//! The panel time: the network that is being trained as it was after so many steps. The same drawing, the first layer's weights
//! and the confusion matrix, at every checkpoint that was kept ([`crate::checkpoints`]).

use super::app::App;
use super::bars::Bars;
use super::confusion::strength;
use super::l10n::{L10n, count, fine_percent, percent};
use super::run::{Phase, Run};
use super::{Message, Page, dom, signed, subject};
use crate::checkpoints::{Checkpoint, Checkpoints};
use crate::data::{Classes, pixel_to_input};
use crate::diagnosis::rms;
use crate::explain::inside::{self, Kind};
use crate::format::numbers::significant;
use crate::ink::{self, Image};
use crate::judge::Judgement;
use crate::model::Predictor;
use crate::nn::ModelSpec;
use crate::protocol::Command;
use crate::verdict::Verdict;
use crate::{Error, Result};
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlCanvasElement, HtmlElement, HtmlInputElement};

/// Neurons of the first layer whose weights are shown.
const NEURONS: usize = 8;

/// What can happen here.
pub enum Action {
    /// The slider moves.
    Move,
    /// It has come to rest.
    Rest,
}

/// What a checkpoint's network makes of the test images.
struct Outcome {
    matrix: Vec<u32>,
    accuracy: f64,
}

impl Outcome {
    fn images(&self) -> u64 {
        self.matrix.iter().map(|images| u64::from(*images)).sum()
    }
}

/// The section `.time`.
pub struct Panel {
    pub checkpoints: Checkpoints,
    /// The network that is kept; `None` without a run.
    predictor: Option<Predictor>,
    /// The step that is looked at; `None` for the newest.
    at: Option<u64>,
    outcomes: BTreeMap<u64, Outcome>,
    /// The question that the workers are answering, and about which step.
    asked: Option<(u32, u64)>,
    last_asked: u32,

    slider: HtmlInputElement,
    place: Element,
    bars: Bars,
    neurons: Element,
    accuracy: Element,
    matrix: Element,
}

impl Panel {
    /// Finds its elements and listens to the slider.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Panel> {
        let slider: HtmlInputElement = dom::by_id("time-step")?;
        for (kind, action) in [("input", (|| Action::Move) as fn() -> Action), ("change", || Action::Rest)] {
            let sender = page.clone();
            dom::on(&slider, kind, move |_: Event| sender.send(Message::Time(action())));
        }
        Ok(Panel {
            checkpoints: Checkpoints::default(),
            predictor: None,
            at: None,
            outcomes: BTreeMap::new(),
            asked: None,
            last_asked: 0,
            slider,
            place: dom::by_id("time-where")?,
            bars: Bars::new("time-bars", "data-time-digit")?,
            neurons: dom::by_id("time-neurons")?,
            accuracy: dom::by_id("time-accuracy")?,
            matrix: dom::by_id("time-confusion")?,
        })
    }

    /// A run with such a network begins; `None` where there is none any more.
    pub fn begin(&mut self, spec: Option<ModelSpec>) {
        (self.checkpoints, self.at, self.asked) = (Checkpoints::default(), None, None);
        self.outcomes.clear();
        self.predictor = spec.and_then(|spec| {
            let nothing = vec![0.0; spec.layout().parameters];
            Predictor::new(spec, &nothing).ok()
        });
    }

    /// Whether the workers are answering.
    pub fn is_waiting(&self) -> bool {
        self.asked.is_some()
    }

    /// Nothing more will come.
    pub fn give_up(&mut self) {
        self.asked = None;
    }

    /// The place of the checkpoint that is looked at.
    fn here(&self) -> Option<usize> {
        match self.at {
            Some(step) => self.checkpoints.nearest(step),
            None => self.checkpoints.kept().len().checked_sub(1),
        }
    }

    /// Goes where the slider stands.
    fn go(&mut self) {
        let place = self.slider.value().parse::<usize>().unwrap_or(0);
        // By what it shows: another checkpoint may have come since.
        let is_last = self.slider.value() == self.slider.max();
        self.at = self.checkpoints.kept().get(place).map(|kept| kept.step).filter(|_| !is_last);
    }

    fn show(&mut self, l10n: &L10n, run: Option<&Run>, image: Option<&Image>, is_resting: bool) -> Result<()> {
        let place = self.here();
        dom::show(&dom::by_id("time-body")?, place.is_some());
        let empty: Element = dom::by_id("time-empty")?;
        dom::show(&empty, place.is_none());
        let (Some(place), Some(predictor), Some(run)) = (place, &mut self.predictor, run) else {
            let is_large = self.predictor.as_ref().is_some_and(|network| self.checkpoints.room(network.parameters().len()) == 0);
            dom::set_text(&empty, &l10n.text(if is_large { "time-too-large" } else { "time-empty" }, &[]));
            return Ok(());
        };
        let kept = self.checkpoints.kept();
        let (now, last) = (&kept[place], &kept[kept.len() - 1]);
        predictor.set_parameters(&now.parameters)?;
        let outcome = self.outcomes.get(&now.step);

        self.slider.set_max(&(kept.len() - 1).to_string());
        self.slider.set_value(&place.to_string());
        let text = where_it_is(l10n, run, now.step, outcome);
        dom::set(&self.slider, "aria-valuetext", &text);
        dom::set(&self.place, "data-step", &now.step.to_string());
        dom::set(&self.place, "data-last", &last.step.to_string());
        dom::set_text(&self.place, &text);

        let subject = run.settings.subject();
        let input =
            |image: &Image| -> Vec<f32> { ink::resized(image, subject.side.into()).into_iter().map(pixel_to_input).collect() };
        let probabilities = image.map(|image| predictor.predict(&input(image))).transpose()?;
        dom::show(&dom::by_id("time-no-drawing")?, image.is_none());
        let best = probabilities.as_deref().and_then(Verdict::of).map(Verdict::best);
        self.bars.show(l10n, subject, probabilities.as_deref(), best);
        show_neurons(l10n, &self.neurons, predictor.spec(), now, last)?;

        let is_asked = self.asked.is_some();
        dom::show(&self.matrix, outcome.is_some());
        dom::set(&self.accuracy, "data-accuracy", &outcome.map(|outcome| outcome.accuracy.to_string()).unwrap_or_default());
        let (state, text) = match outcome {
            Some(outcome) => (
                "done",
                l10n.text(
                    "time-tested",
                    &[("accuracy", fine_percent(outcome.accuracy as f32).into()), ("images", count(outcome.images()).into())],
                ),
            ),
            None if is_asked => ("running", l10n.text("judge-running", &[])),
            None if self.at.is_none() && !is_resting => ("idle", l10n.text("time-running-on", &[])),
            None => ("idle", String::new()),
        };
        dom::set_text(&self.accuracy, &text);
        dom::set(&self.accuracy, "data-state", state);
        if let Some(outcome) = outcome {
            show_matrix(l10n, &self.matrix, now.step, outcome, subject.classes).map_err(failed)?;
        }
        Ok(())
    }
}

fn failed(error: JsValue) -> Error {
    Error::State { reason: crate::web::describe(&error) }
}

/// The place on the slider in words: step, epoch, and what is known of the accuracy there.
fn where_it_is(l10n: &L10n, run: &Run, step: u64, outcome: Option<&Outcome>) -> String {
    let near = run.history.near_step(step as f64).filter(|_| step > 0);
    let tested = outcome.map(|outcome| fine_percent(outcome.accuracy as f32));
    let known = match (step, &tested) {
        (0, _) => "fresh",
        (_, Some(_)) => "tested",
        _ => "trained",
    };
    let args = [
        ("step", count(step).into()),
        ("epoch", format!("{:.2}", run.epochs_after(step)).into()),
        ("accuracy", near.map(|point| percent(point.accuracy)).unwrap_or_else(|| "–".into()).into()),
        ("test", tested.unwrap_or_default().into()),
        ("known", known.into()),
    ];
    l10n.text("time-where", &args)
}

/// The weights of the first neurons of the first layer, as large as they are beside those of the last checkpoint.
fn show_neurons(l10n: &L10n, place: &Element, spec: &ModelSpec, now: &Checkpoint, last: &Checkpoint) -> Result<()> {
    let Some(kind) = inside::kinds(spec).into_iter().find(|kind| matches!(kind, Kind::Dense { .. })) else { return Ok(()) };
    let units = NEURONS.min(kind.units());
    if place.child_element_count() as usize != units {
        place.set_text_content(None);
        for unit in 0..units {
            neuron(place, unit).map_err(failed)?;
        }
    }
    let weights =
        |of: &Checkpoint| -> Vec<Vec<f32>> { (0..units).map(|unit| inside::weights(kind, &of.parameters, unit)).collect() };
    let (shown, scale) = (weights(now), weights(last));
    let most = scale.iter().flatten().fold(f32::MIN_POSITIVE, |most, w| most.max(w.abs()));
    for (canvas, weights) in dom::all("#time-neurons canvas").into_iter().zip(&shown) {
        let side = weights.len().isqrt();
        let columns = if side * side == weights.len() { side } else { signed::columns(weights.len()) };
        signed::paint(&canvas.unchecked_into(), columns, weights, Some(most), None)?;
    }
    let args = [("units", units.into()), ("size", significant(rms(shown.into_iter().flatten())).into())];
    dom::set_text(&dom::by_id::<Element>("time-neurons-text")?, &l10n.text("time-neurons-text", &args));
    Ok(())
}

fn neuron(place: &Element, unit: usize) -> std::result::Result<(), JsValue> {
    let figure = dom::document().create_element("figure")?;
    let canvas: HtmlCanvasElement = dom::document().create_element("canvas")?.unchecked_into();
    dom::set(&canvas, "aria-hidden", "true");
    figure.append_child(&canvas)?;
    let caption = dom::document().create_element("figcaption")?;
    caption.set_text_content(Some(&format!("#{unit}")));
    figure.append_child(&caption)?;
    place.append_child(&figure)?;
    Ok(())
}

fn show_matrix(l10n: &L10n, table: &Element, step: u64, outcome: &Outcome, classes: Classes) -> std::result::Result<(), JsValue> {
    let key = format!("{step} {}", l10n.language.tag());
    if table.get_attribute("data-step").as_deref() == Some(&key) {
        return Ok(());
    }
    dom::set(table, "data-step", &key);
    table.set_text_content(None);
    let add = |parent: &Element, tag: &str, text: &str| -> std::result::Result<Element, JsValue> {
        let child = dom::document().create_element(tag)?;
        if !text.is_empty() {
            child.set_text_content(Some(text));
        }
        parent.append_child(&child)?;
        Ok(child)
    };
    let caption = add(table, "caption", &l10n.text("time-confusion", &[]))?;
    dom::set(&caption, "class", "offstage");
    let head = add(&add(table, "thead", "")?, "tr", "")?;
    let n = outcome.matrix.len().isqrt();
    let _ = table.class_list().toggle_with_force("wide", n > 10);
    let _ = table.class_list().toggle_with_force("named", classes == Classes::Fashion);
    dom::set(&add(&head, "th", &l10n.text("confusion-corner", &[]))?, "scope", "col");
    for class in 0..n {
        dom::set(&add(&head, "th", &class.to_string())?, "scope", "col");
    }
    let body = add(table, "tbody", "")?;
    for (label, counts) in outcome.matrix.chunks(n).enumerate() {
        let row = add(&body, "tr", "")?;
        dom::set(&add(&row, "th", &subject::class_in_rows(l10n, classes, label))?, "scope", "row");
        for (read, images) in counts.iter().enumerate() {
            let cell = add(&row, "td", &images.to_string())?;
            dom::set(&cell, "class", if label == read { "right" } else { "wrong" });
            dom::set(&cell, "data-count", &images.to_string());
            if let Some(cell) = cell.dyn_ref::<HtmlElement>() {
                let share = strength(counts, label, read);
                cell.style().set_property("--p", &format!("{share:.3}"))?;
            }
        }
    }
    Ok(())
}

impl App {
    /// Answers what happens here.
    pub(super) fn time(&mut self, action: Action) {
        self.time.go();
        if matches!(action, Action::Rest) {
            self.judge_checkpoint();
        }
        self.show_time();
    }

    /// Shows the panel, if somebody can see it.
    pub(super) fn show_time(&mut self) {
        if !self.panels.shown("time") {
            return;
        }
        let is_resting = self.rests();
        if let Err(error) = self.time.show(&self.l10n, self.run.as_ref(), self.image.as_ref(), is_resting) {
            web_sys::console::error_1(&error.to_string().into());
        }
    }

    /// Whether no step follows by itself.
    fn rests(&self) -> bool {
        !matches!(self.phase, Phase::Training | Phase::Loading)
    }

    /// Has the workers read the test images as the network did that is looked at: one question at a time, and none about a
    /// network that goes on learning the next moment.
    pub(super) fn judge_checkpoint(&mut self) {
        let is_wanted = self.panels.shown("time") && self.phase != Phase::Loading && (self.time.at.is_some() || self.rests());
        let panel = &self.time;
        let step = panel.here().map(|place| panel.checkpoints.kept()[place].step);
        if !is_wanted || panel.asked.is_some() || step.is_none_or(|step| panel.outcomes.contains_key(&step)) {
            return;
        }
        // Workers that were started since have no images.
        let Some(of) = self.run.as_ref().map(|run| run.settings.data) else { return };
        if let Err(note) = self.load_again(of) {
            return self.noted(Some(note));
        }
        let panel = &mut self.time;
        let (Some(place), Some(predictor)) = (panel.here(), &panel.predictor) else { return };
        let checkpoint = &panel.checkpoints.kept()[place];
        panel.last_asked += 1;
        panel.asked = Some((panel.last_asked, checkpoint.step));
        let command = Command::Judge { number: panel.last_asked, spec: predictor.spec().clone() };
        let parameters = bytemuck::cast_slice(&checkpoint.parameters).to_vec();
        self.ask_about_images(command, Some(parameters));
    }

    /// The workers have read them.
    pub(super) fn checkpoint_judged(&mut self, number: u32, images: u32, classes: u32, bytes: &[u8]) {
        let Some((_, step)) = self.time.asked.take_if(|(asked, _)| *asked == number) else { return };
        if let Ok(judgement) = Judgement::from_bytes(bytes, images as usize, classes as usize) {
            self.time.outcomes.insert(step, Outcome { matrix: judgement.matrix(), accuracy: judgement.accuracy() });
        }
        // The slider may have gone on.
        self.judge_checkpoint();
        self.show_time();
    }
}
