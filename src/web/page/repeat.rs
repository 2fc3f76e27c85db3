//! "Repeat with n seeds": the present settings, trained once a seed, and what the runs have in common.

use super::app::App;
use super::l10n::L10n;
use super::run::Phase;
use super::runs::Action;
use super::runs_table::{spread_of_accuracy, spread_of_time};
use super::train::Control;
use super::{Message, Page, dom};
use crate::Result;
use crate::repeat::{Repeat, SEEDS};
use crate::runs::Summary;
use web_sys::{Element, Event, HtmlButtonElement, HtmlInputElement};

/// The part `.repeat` of the section `.runs`.
pub struct Panel {
    repeat: Option<Repeat>,
    /// The group of the last repetition that went to its end.
    done: Option<u32>,
    seeds: HtmlInputElement,
    button: HtmlButtonElement,
    stop: HtmlButtonElement,
    state: Element,
}

impl Panel {
    /// Finds its elements and listens.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Panel> {
        let click = |id: &str, action: fn() -> Action| -> Result<HtmlButtonElement> {
            let (button, sender): (HtmlButtonElement, _) = (dom::by_id(id)?, page.clone());
            dom::on(&button, "click", move |_: Event| sender.send(Message::Runs(action())));
            Ok(button)
        };
        Ok(Panel {
            repeat: None,
            done: None,
            seeds: dom::by_id("repeat-seeds")?,
            button: click("repeat", || Action::Repeat)?,
            stop: click("repeat-stop", || Action::StopRepeat)?,
            state: dom::by_id("repeat-state")?,
        })
    }

    /// The group that the run which is going on belongs to.
    pub fn group(&self) -> Option<u32> {
        self.repeat.as_ref().map(|repeat| repeat.group)
    }

    fn show(&self, l10n: &L10n, phase: Phase, summary: Option<Summary>) {
        let can_begin = matches!(phase, Phase::Ready | Phase::Done | Phase::Failed);
        self.button.set_disabled(!can_begin || self.repeat.is_some());
        dom::show(&self.stop, self.repeat.is_some());
        let (state, text) = match (&self.repeat, summary) {
            (Some(repeat), _) => {
                let args = [("number", repeat.number().into()), ("seeds", repeat.seeds.into())];
                ("running", l10n.text("repeat-running", &args))
            }
            (None, Some(summary)) if summary.runs > 0 => {
                let args = [
                    ("runs", summary.runs.into()),
                    ("test", spread_of_accuracy(summary.test).into()),
                    ("validation", spread_of_accuracy(summary.validation).into()),
                    ("to97", spread_of_time(l10n, summary.reached[0], summary.runs).into()),
                    ("to98", spread_of_time(l10n, summary.reached[1], summary.runs).into()),
                ];
                ("done", l10n.text("repeat-done", &args))
            }
            (None, _) => ("idle", String::new()),
        };
        dom::set_text(&self.state, &text);
        dom::set(&self.state, "data-state", state);
    }
}

impl App {
    pub(super) fn begin_repeat(&mut self) {
        let panel = &mut self.runs.repeat;
        // What is no number of seeds becomes the nearest that is.
        let seeds = panel.seeds.value().trim().parse::<f64>().unwrap_or(5.0);
        let seeds = (seeds as u32).clamp(*SEEDS.start(), *SEEDS.end());
        panel.seeds.set_value(&seeds.to_string());
        let repeat = Repeat::new(&self.settings, seeds, self.past_runs().new_group());
        self.runs.repeat.repeat = Some(repeat);
        self.runs.repeat.done = None;
        self.next_seed();
    }

    /// Begins the next run, or ends.
    pub(super) fn next_seed(&mut self) {
        let panel = &mut self.runs.repeat;
        let Some(repeat) = &mut panel.repeat else { return };
        match repeat.next_settings() {
            Some(settings) => self.begin(settings, false),
            None => {
                panel.done = Some(repeat.group);
                panel.repeat = None;
                self.show_repeat();
            }
        }
    }

    /// Ends the repetition and the run that is going on.
    pub(super) fn stop_repeat(&mut self) {
        let active = matches!(self.phase, Phase::Training | Phase::Paused);
        self.control(if active { Control::Stop } else { Control::Reset });
    }

    /// No further run will begin; the one that is going on no longer belongs to the repetition.
    pub(super) fn end_repeat(&mut self) {
        if let Some(repeat) = self.runs.repeat.repeat.take() {
            self.runs.repeat.done = Some(repeat.group);
        }
    }

    /// Shows how far it is, if anybody sees it.
    pub(super) fn show_repeat(&self) {
        if self.panels.shown("runs") {
            let runs = self.past_runs();
            let summary = self.runs.repeat.done.map(|group| Summary::of(runs.of_group(group)));
            self.runs.repeat.show(&self.l10n, self.phase, summary);
        }
    }
}
