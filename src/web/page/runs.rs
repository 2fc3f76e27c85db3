//! The panel of runs: those that are over, compared, named, deleted, drawn or not, used again, and kept in this browser.

use super::app::App;
use super::l10n::L10n;
use super::notes::Note;
use super::repeat;
use super::runs_table::Table;
use super::{Message, Page, dom, files};
use crate::Result;
use crate::backend::BackendKind;
use crate::runs::{Record, Runs};
use web_sys::{Element, Event, HtmlButtonElement};

/// Where the browser keeps them.
const STORED: &str = "inkling-runs-1";

/// What a person does here, or the page itself.
pub enum Action {
    Rename(u32, String),
    Show(u32, bool),
    ShowAll(bool),
    Use(u32),
    Delete(u32),
    Clear,
    Undo,
    Csv,
    Png,
    Repeat,
    StopRepeat,
    /// The repetition's last run is over.
    NextSeed,
    /// Another tab has changed what is kept.
    Recall,
}

/// The section `.runs`.
pub struct Panel {
    runs: Runs,
    /// The browser keeps them; `false` once it refused.
    is_kept: bool,
    /// Test images that a run's accuracy is about.
    pub test_images: u32,
    pub(super) repeat: repeat::Panel,
    table: Table,
    empty: Element,
    not_kept: Element,
    all: Element,
    undo: HtmlButtonElement,
}

impl Panel {
    /// Finds its elements, listens, and takes the runs that the browser keeps.
    ///
    /// Errors when index.html lacks an element.
    pub fn new(page: &Page) -> Result<Panel> {
        let buttons = [
            ("runs-csv", (|| Action::Csv) as fn() -> Action),
            ("runs-png", || Action::Png),
            ("runs-show", || Action::ShowAll(true)),
            ("runs-hide", || Action::ShowAll(false)),
            ("runs-undo", || Action::Undo),
            ("runs-clear", || Action::Clear),
        ];
        for (id, action) in buttons {
            let (button, sender): (HtmlButtonElement, _) = (dom::by_id(id)?, page.clone());
            dom::on(&button, "click", move |_: Event| sender.send(Message::Runs(action())));
        }
        let sender = page.clone();
        dom::on(&dom::window(), "storage", move |_: Event| sender.send(Message::Runs(Action::Recall)));
        let stored = recall();
        Ok(Panel {
            is_kept: stored.is_some(),
            runs: stored.unwrap_or_default(),
            test_images: 0,
            repeat: repeat::Panel::new(page)?,
            table: Table::new(page)?,
            empty: dom::by_id("runs-empty")?,
            not_kept: dom::by_id("runs-not-kept")?,
            all: dom::by_id("runs-all")?,
            undo: dom::by_id("runs-undo")?,
        })
    }

    /// The runs whose curves are drawn.
    pub fn shown(&self) -> impl Iterator<Item = &Record> {
        self.runs.records().iter().rev().filter(|record| record.is_shown)
    }

    /// What the run is called.
    pub fn name(&self, l10n: &L10n, id: u32) -> Option<String> {
        self.runs.get(id).map(|record| name(l10n, record))
    }

    /// Takes over what another tab has changed. A page whose own runs the browser does not keep stays with them.
    fn refresh(&mut self) -> bool {
        let text = if self.is_kept { stored() } else { None };
        text.is_some_and(|text| self.runs.follow(&text))
    }

    fn keep(&mut self) {
        let storage = dom::window().local_storage();
        self.is_kept = matches!(storage, Ok(Some(storage)) if storage.set_item(STORED, &self.runs.encode()).is_ok());
    }

    fn show(&self, l10n: &L10n) {
        let some = !self.runs.records().is_empty();
        dom::show(&self.empty, !some);
        dom::show(&self.all, some);
        dom::show(&self.undo, self.runs.can_undo());
        dom::show(&self.not_kept, !self.is_kept && some);
        self.table.show(l10n, &self.runs);
    }
}

/// What the browser keeps; `None` where it keeps nothing.
fn recall() -> Option<Runs> {
    stored().map(|text| Runs::decode(&text))
}

fn stored() -> Option<String> {
    let storage = dom::window().local_storage().ok().flatten()?;
    Some(storage.get_item(STORED).ok()?.unwrap_or_default())
}

/// What a run is called: as a person says, or by its number.
pub fn name(l10n: &L10n, record: &Record) -> String {
    match record.name.as_str() {
        "" => l10n.text("run-number", &[("number", record.id.to_string().into())]),
        name => name.into(),
    }
}

impl App {
    /// Does what was asked for.
    pub(super) fn runs(&mut self, action: Action) {
        // So that the runs of another tab stay.
        let is_other = self.runs.refresh();
        let runs = &mut self.runs.runs;
        match action {
            Action::Rename(id, name) => runs.rename(id, &name),
            Action::Show(id, is_shown) => runs.show(id, is_shown),
            Action::ShowAll(is_shown) => runs.show_all(is_shown),
            Action::Delete(id) => runs.delete(id),
            Action::Clear => runs.clear(),
            Action::Undo => runs.undo(),
            Action::Use(id) => {
                if let Some(settings) = runs.get(id).map(|record| record.settings.clone()) {
                    self.use_settings(settings);
                }
                return;
            }
            Action::Csv => {
                // Excel takes a text for UTF-8 only if it begins so.
                let text = format!("\u{feff}{}", runs.to_csv());
                let saved = files::save("inkling-runs.csv", text.as_bytes());
                return self.noted(saved.err().map(Note::Failure));
            }
            Action::Png => {
                let made = self.charts.picture(&self.l10n, &self.drawn());
                return self.noted(made.err().map(Note::Failure));
            }
            Action::Repeat => return self.begin_repeat(),
            Action::StopRepeat => return self.stop_repeat(),
            Action::NextSeed => return self.next_seed(),
            Action::Recall if is_other => return self.runs_changed(),
            Action::Recall => return,
        }
        self.runs.keep();
        self.runs_changed();
    }

    fn runs_changed(&mut self) {
        self.show_runs();
        self.chart_changed();
    }

    /// Shows the panel, if anybody sees it.
    pub(super) fn show_runs(&self) {
        if self.panels.shown("runs") {
            self.runs.show(&self.l10n);
            self.show_repeat();
        }
    }

    /// The run is over: it joins the others.
    pub(super) fn run_finished(&mut self) {
        let group = self.runs.repeat.group();
        let device = match self.chosen.as_ref().map(|chosen| &chosen.backend) {
            None => String::new(),
            Some(backend) if backend.kind == BackendKind::Cpu => format!("CPU × {}", backend.device),
            Some(backend) => format!("WebGPU, {}", backend.device),
        };
        let Some(run) = self.run.as_mut().filter(|run| run.recorded.is_none()) else { return };
        let Some(test) = run.test else { return };
        let record = Record {
            id: 0,
            name: String::new(),
            group,
            is_shown: true,
            settings: run.settings.clone(),
            rate_changed: run.rate_changed,
            device,
            ended: js_sys::Date::now() / 1000.0,
            steps: run.progress.step,
            epochs: run.epochs_done(),
            seconds: run.stopwatch.seconds(dom::seconds()),
            samples_per_second: run.samples_per_second(),
            validation: run.validation,
            test,
            test_images: self.runs.test_images,
            reached: run.history.reached(),
            curve: run.history.curve(),
        };
        self.runs.refresh();
        run.recorded = Some(self.runs.runs.add(record));
        self.runs.keep();
        self.runs_changed();
        if group.is_some() {
            // After what else the end of a run brings.
            self.page.send(Message::Runs(Action::NextSeed));
        }
    }

    /// The runs that are over.
    pub(super) fn past_runs(&self) -> &Runs {
        &self.runs.runs
    }
}
