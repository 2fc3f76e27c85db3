//! The robustness panel: how the network in use reads test images that were shifted, scaled, turned, thinned and thickened.

use super::app::App;
use super::l10n::{L10n, percent};
use super::run::Phase;
use super::{Message, Page, dom, seen, subject};
use crate::Result;
use crate::data::Origin;
use crate::ink::{self, Image};
use crate::protocol::Command;
use crate::robustness::{Kind, Score};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlButtonElement, HtmlCanvasElement, HtmlElement};

/// The section `.robustness`.
pub struct Panel {
    /// The scores so far, in the order of [`Kind::ALL`], and which network's they are.
    scores: Vec<Score>,
    whose: String,
    /// On which images.
    of: Origin,
    /// The last complete report before on the same images, and whose it was.
    before: Option<(Vec<Score>, String)>,
    is_running: bool,

    test: HtmlButtonElement,
    state: Element,
    table: Element,
    rows: Element,
    whose_before: Element,
}

impl Panel {
    /// Finds its elements and listens to the button.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Panel> {
        let (test, sender): (HtmlButtonElement, _) = (dom::by_id("robustness-test")?, page.clone());
        dom::on(&test, "click", move |_: Event| sender.send(Message::TestRobustness));
        Ok(Panel {
            scores: Vec::new(),
            whose: String::new(),
            of: Origin::Mnist,
            before: None,
            is_running: false,
            test,
            state: dom::by_id("robustness-state")?,
            table: dom::by_id("robustness")?,
            rows: dom::by_id("robustness-rows")?,
            whose_before: dom::by_id("robustness-before")?,
        })
    }

    /// Whether a report is being made.
    pub fn is_running(&self) -> bool {
        self.is_running
    }

    /// Nothing more will come.
    pub fn give_up(&mut self) {
        self.is_running = false;
        self.scores.clear();
    }

    fn begin(&mut self, whose: String, of: Origin) {
        if std::mem::replace(&mut self.of, of) != of {
            // Scores on other images tell nothing about these.
            self.scores.clear();
            self.before = None;
        }
        if self.scores.len() == Kind::ALL.len() {
            self.before = Some((std::mem::take(&mut self.scores), std::mem::replace(&mut self.whose, whose)));
        } else {
            self.scores.clear();
            self.whose = whose;
        }
        self.is_running = true;
    }

    fn take(&mut self, score: Score) {
        self.scores.push(score);
        self.is_running = self.scores.len() < Kind::ALL.len();
    }

    /// Shows whether it can be tested now, and what is known.
    pub fn show(&self, l10n: &L10n, can_test: bool) {
        self.test.set_disabled(!can_test || self.is_running);
        let (state, text) = if self.is_running {
            let args = [("done", self.scores.len().into()), ("all", Kind::ALL.len().into())];
            ("running", l10n.text("robustness-running", &args))
        } else if let Some((kind, score)) = self.weakest() {
            let args = [
                ("network", self.whose.as_str().into()),
                ("data", subject::data(l10n, self.of).into()),
                ("plain", percent(self.scores[0].mean).into()),
                ("change", label(l10n, kind).into()),
                ("worst", percent(score.worst).into()),
            ];
            ("done", l10n.text("robustness-done", &args))
        } else {
            ("idle", String::new())
        };
        dom::set(&self.state, "data-state", state);
        dom::set_text(&self.state, &text);
    }

    /// Shows the report, each change with `drawing` so changed.
    pub fn show_report(&self, l10n: &L10n, drawing: Option<&Image>) {
        dom::show(&self.table, !self.scores.is_empty());
        let _ = self.table.class_list().toggle_with_force("first", self.before.is_none());
        let whose = |(_, whose): &(Vec<Score>, String)| l10n.text("robustness-whose", &[("network", whose.as_str().into())]);
        dom::set_text(&self.whose_before, &self.before.as_ref().map(whose).unwrap_or_default());
        if let Err(error) = self.show_rows(l10n, drawing) {
            web_sys::console::error_1(&error);
        }
    }

    /// The change that the finished report's network reads worst.
    fn weakest(&self) -> Option<(Kind, Score)> {
        let scores = self.scores.iter().copied();
        let complete = self.scores.len() == Kind::ALL.len();
        Kind::ALL.into_iter().zip(scores).skip(1).min_by(|a, b| a.1.worst.total_cmp(&b.1.worst)).filter(|_| complete)
    }

    fn show_rows(&self, l10n: &L10n, drawing: Option<&Image>) -> std::result::Result<(), JsValue> {
        self.rows.set_text_content(None);
        let before = self.before.as_ref().map(|(scores, _)| scores);
        for (place, (kind, score)) in Kind::ALL.into_iter().zip(&self.scores).enumerate() {
            let row = dom::document().create_element("tr")?;
            dom::set(&row, "data-change", &kind.name());
            dom::set(&row, "data-mean", &score.mean.to_string());
            dom::set(&row, "data-worst", &score.worst.to_string());
            let name = cell(&row, "th", &label(l10n, kind))?;
            dom::set(&name, "scope", "row");
            let example = cell(&row, "td", "")?;
            if let Some(image) = drawing {
                let canvas = changed(kind, image)?;
                example.append_child(&canvas)?;
            }
            let mean = cell(&row, "td", &percent(score.mean))?;
            if let Some(mean) = mean.dyn_ref::<HtmlElement>() {
                mean.style().set_property("--p", &score.mean.to_string())?;
            }
            cell(&row, "td", &percent(score.worst))?;
            cell(&row, "td", &before.and_then(|scores| scores.get(place)).map(|s| percent(s.mean)).unwrap_or_default())?;
            self.rows.append_child(&row)?;
        }
        Ok(())
    }
}

impl App {
    /// Has the workers test the network in use.
    pub(super) fn test_robustness(&mut self) {
        let Some(network) = &self.network else { return };
        let (file, whose) = (network.to_file(), network.sentence(&self.l10n));
        if self.chosen.is_none() {
            // The page has just been opened: nobody has asked for workers yet.
            self.prepare();
        }
        match self.load_test_images() {
            Ok(of) => self.robustness.begin(whose, of),
            Err(note) => return self.notes.add(&self.l10n, note),
        }
        let weights = bytemuck::cast_slice(&file.parameters).to_vec();
        self.ask_about_images(Command::Robustness { spec: file.spec }, Some(weights));
        self.run_changed();
        self.show_report();
    }

    /// The workers know another score.
    pub(super) fn robust(&mut self, score: Score) {
        if !self.robustness.is_running() {
            // Its images did not come, and the workers took those that they had.
            return;
        }
        self.robustness.take(score);
        self.show_robustness();
        self.show_report();
    }

    /// Shows the report of the panel.
    pub(super) fn show_report(&self) {
        if self.panels.shown("robustness") {
            self.robustness.show_report(&self.l10n, self.image.as_ref());
        }
    }

    /// Shows the rest of the panel.
    pub(super) fn show_robustness(&self) {
        let is_busy =
            matches!(self.phase, Phase::Loading | Phase::Training) || self.my_digits.run().is_some() || self.judge.is_running();
        self.robustness.show(&self.l10n, self.network.is_some() && !is_busy);
    }
}

/// What a kind of change is called.
fn label(l10n: &L10n, kind: Kind) -> String {
    match kind {
        Kind::None => l10n.text("change-none", &[]),
        Kind::Shift(pixels) => l10n.text("change-shift", &[("pixels", pixels.into())]),
        Kind::Scale(size) => l10n.text("change-scale", &[("size", format!("{:.1}", f32::from(size) / 100.0).into())]),
        Kind::Rotation(degrees) => l10n.text("change-rotation", &[("degrees", degrees.into())]),
        Kind::Thin => l10n.text("change-thin", &[]),
        Kind::Thick => l10n.text("change-thick", &[]),
    }
}

fn cell(row: &Element, kind: &str, text: &str) -> std::result::Result<Element, JsValue> {
    let cell = dom::document().create_element(kind)?;
    cell.set_text_content(Some(text));
    row.append_child(&cell)?;
    Ok(cell)
}

/// The drawing so changed.
fn changed(kind: Kind, image: &Image) -> std::result::Result<HtmlCanvasElement, JsValue> {
    let canvas: HtmlCanvasElement = dom::document().create_element("canvas")?.unchecked_into();
    canvas.set_width(ink::SIDE as u32);
    canvas.set_height(ink::SIDE as u32);
    dom::set(&canvas, "aria-hidden", "true");
    let mut out = *image;
    if let Some(change) = kind.changes().first() {
        change.apply(image, &mut out);
    }
    if let Ok(context) = seen::context(&canvas) {
        seen::paint(&context, &out);
    }
    Ok(canvas)
}
