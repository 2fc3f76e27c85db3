//! The judge panel: what the network in use gets right and wrong on the test images, cell by cell and image by image, beside the
//! network judged before. The numbers are [`crate::judge`]'s.

use super::app::App;
use super::calibration::Calibration;
use super::confusion::Confusion;
use super::gallery::Gallery;
use super::notes::Note;
use super::run::Phase;
use super::{Message, Page, subject};
use crate::Result;
use crate::data::{Classes, Origin};
use crate::ink::{self, Image};
use crate::judge::{Comparison, Judgement};
use crate::protocol::Command;
use crate::train::Split;
use crate::web::dom;
use crate::web::l10n::{L10n, count, fine_percent, percent};
use web_sys::{Element, Event, HtmlButtonElement, HtmlElement};

/// What happens here.
pub enum Action {
    Judge,
    /// The images that show the first class and were read as the second.
    Cell(usize, usize),
    /// All that were misread.
    Mistakes,
    /// One of the four lists of the comparison.
    Outcome(usize),
    /// More images of the list.
    More,
    /// This image onto the sheet.
    Load(u32),
}

/// The four outcomes of a comparison, as [`Comparison::lists`] has them: `data-outcome`.
const OUTCOMES: [&str; 4] = ["both", "only-a", "only-b", "neither"];

/// Who was, or is being, judged on what.
#[derive(Clone)]
struct Case {
    /// The network, as a sentence.
    whose: String,
    /// What its classes are called.
    classes: Classes,
    /// The images.
    of: Origin,
}
/// The number of this panel's questions to the workers; others have numbers from 1 on.
pub const ASKS: u32 = 0;

/// The section `.judge`.
pub struct Panel {
    now: Option<(Judgement, Case)>,
    /// The judgement before, of another network on the same images.
    before: Option<(Judgement, Case)>,
    comparison: Option<Comparison>,
    /// The last network was judged on other images.
    is_other: bool,
    running: Option<Case>,

    test: HtmlButtonElement,
    mistakes: HtmlButtonElement,
    state: Element,
    report: Element,
    confusion: Confusion,
    calibration: Calibration,
    gallery: Gallery,
    versus: Element,
    versus_text: Element,
    other: Element,
    outcomes: Vec<HtmlButtonElement>,
    whose: [Element; 2],
}

impl Panel {
    /// Finds its elements and listens.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Panel> {
        let (test, mistakes): (HtmlButtonElement, HtmlButtonElement) = (dom::by_id("judge-test")?, dom::by_id("judge-mistakes")?);
        let sender = page.clone();
        dom::on(&test, "click", move |_: Event| sender.send(Message::Judge(Action::Judge)));
        let sender = page.clone();
        dom::on(&mistakes, "click", move |_: Event| sender.send(Message::Judge(Action::Mistakes)));
        let mut outcomes = Vec::new();
        for (place, name) in OUTCOMES.into_iter().enumerate() {
            let (button, sender): (HtmlButtonElement, _) = (dom::by_id(&format!("versus-{name}"))?, page.clone());
            dom::on(&button, "click", move |_: Event| sender.send(Message::Judge(Action::Outcome(place))));
            outcomes.push(button);
        }
        Ok(Panel {
            now: None,
            before: None,
            comparison: None,
            is_other: false,
            running: None,
            test,
            mistakes,
            state: dom::by_id("judge-state")?,
            report: dom::by_id("judge-report")?,
            confusion: Confusion::new(page)?,
            calibration: Calibration::new()?,
            gallery: Gallery::new(page)?,
            versus: dom::by_id("versus")?,
            versus_text: dom::by_id("versus-text")?,
            other: dom::by_id("versus-other")?,
            outcomes,
            whose: [dom::by_id("versus-a")?, dom::by_id("versus-b")?],
        })
    }

    /// Whether a judgement is being made.
    pub fn is_running(&self) -> bool {
        self.running.is_some()
    }

    /// Nothing more will come.
    pub fn give_up(&mut self) {
        self.running = None;
    }

    /// Takes a judgement; the one before is kept to compare with, unless it is the same.
    fn take(&mut self, judgement: Judgement) {
        let Some(case) = self.running.take() else { return };
        let of = case.of;
        let old = self.now.replace((judgement, case));
        // Image by image, only what was judged on the same images can be compared.
        self.is_other = old.as_ref().is_some_and(|(_, case)| case.of != of);
        self.before = self.before.take().filter(|(_, case)| case.of == of);
        if self.is_other {
            self.gallery.forget();
        }
        if let (Some(old), Some((now, _)), false) = (old, &self.now, self.is_other)
            && old.0 != *now
        {
            self.before = Some(old);
        }
        let pair = self.before.as_ref().zip(self.now.as_ref());
        self.comparison = pair.and_then(|((a, _), (b, _))| Comparison::new(a, b).ok());
    }

    /// Shows whether it can be tested now, and the outcome as a sentence.
    pub fn show(&self, l10n: &L10n, can_test: bool) {
        self.test.set_disabled(!can_test || self.running.is_some());
        let set = |name: &str, value: String| dom::set(&self.state, &format!("data-{name}"), &value);
        let (state, text) = match (&self.running, &self.now) {
            (Some(_), _) => ("running", l10n.text("judge-running", &[])),
            (None, None) => ("idle", String::new()),
            (None, Some((now, case))) => {
                let [low, high] = now.interval();
                set("right", now.right().to_string());
                set("images", now.images().to_string());
                set("accuracy", now.accuracy().to_string());
                set("low", low.to_string());
                set("high", high.to_string());
                let args = [
                    ("network", case.whose.as_str().into()),
                    ("data", subject::data(l10n, case.of).into()),
                    ("right", count(now.right().into()).into()),
                    ("images", count(now.images() as u64).into()),
                    ("accuracy", fine_percent(now.accuracy() as f32).into()),
                    ("low", fine_percent(low as f32).into()),
                    ("high", fine_percent(high as f32).into()),
                ];
                ("done", l10n.text("judge-done", &args))
            }
        };
        dom::set_text(&self.state, &text);
        // Last: who waits for a state finds the numbers that belong to it.
        set("state", state.into());
    }

    /// Shows the tables, the curve and the comparison.
    fn show_report(&self, l10n: &L10n) {
        dom::show(&self.report, self.now.is_some());
        let Some((now, case)) = &self.now else { return };
        dom::show(&self.other, self.is_other);
        self.confusion.show(l10n, now, case.classes);
        self.calibration.show(l10n, now);
        self.mistakes.set_disabled(now.right() as usize == now.images());
        let (Some(comparison), Some((_, other))) = (&self.comparison, &self.before) else {
            return dom::show(&self.versus, false);
        };
        dom::show(&self.versus, true);
        for (button, list) in self.outcomes.iter().zip(comparison.lists()) {
            dom::set(button, "data-count", &list.len().to_string());
            dom::set_text(button, &count(list.len() as u64));
            button.set_disabled(list.is_empty());
        }
        for (element, (name, case)) in self.whose.iter().zip([("A", other), ("B", case)]) {
            let args = [("name", name.into()), ("network", case.whose.as_str().into())];
            dom::set_text(element, &l10n.text("versus-whose", &args));
        }
        let p = comparison.p();
        dom::set(&self.versus, "data-p", &p.to_string());
        let chance = if p < 0.0001 { format!("< {}", percent_of(0.0001)) } else { percent_of(p) };
        let [a, b] = [&comparison.only_a, &comparison.only_b].map(|list| count(list.len() as u64));
        let verdict = if comparison.only_a.len() + comparison.only_b.len() == 0 {
            "same"
        } else if p < 0.05 {
            "differ"
        } else {
            "luck"
        };
        let args = [("a", a.into()), ("b", b.into()), ("chance", chance.into()), ("verdict", verdict.into())];
        dom::set_text(&self.versus_text, &l10n.text("versus-text", &args));
    }

    /// The images of a list, and what the list is called.
    fn list(&self, l10n: &L10n, action: &Action) -> Option<(String, Vec<u32>)> {
        let (now, case) = self.now.as_ref()?;
        let (id, list, [label, read]) = match *action {
            Action::Cell(label, read) if label == read => ("gallery-right", now.cell(label, read), [label, read]),
            Action::Cell(label, read) => ("gallery-cell", now.cell(label, read), [label, read]),
            Action::Mistakes => ("gallery-mistakes", now.mistakes(), [0, 0]),
            Action::Outcome(place) => {
                let list = self.comparison.as_ref()?.lists().get(place)?.to_vec();
                (["gallery-both", "gallery-only-a", "gallery-only-b", "gallery-neither"][place], list, [0, 0])
            }
            Action::Judge | Action::More | Action::Load(_) => return None,
        };
        let [label, read] = [label, read].map(|class| subject::class(l10n, case.classes, class));
        let args = [("label", label.into()), ("read", read.into()), ("images", count(list.len() as u64).into())];
        Some((l10n.text(id, &args), list))
    }
}

/// A share as a percentage that also says something where it is small.
fn percent_of(share: f64) -> String {
    if share < 0.01 { format!("{:.2}%", 100.0 * share) } else { percent(share as f32) }
}

impl App {
    /// Does what a person asked for.
    pub(super) fn judge(&mut self, action: Action) {
        match action {
            Action::Judge => self.begin_to_judge(),
            Action::More => self.more_images(),
            Action::Load(number) => self.load_image(number),
            list => {
                let Some((title, images)) = self.judge.list(&self.l10n, &list) else { return };
                self.judge.gallery.begin(title, images);
                self.more_images();
            }
        }
    }

    fn begin_to_judge(&mut self) {
        let Some(network) = &self.network else { return };
        let (file, whose) = (network.to_file(), network.sentence(&self.l10n));
        if self.chosen.is_none() {
            // The page has just been opened: nobody has asked for workers yet.
            self.prepare();
        }
        let of = match self.load_test_images() {
            Ok(of) => of,
            Err(note) => return self.notes.add(&self.l10n, note),
        };
        let names = [file.subject.classes, of.subject().classes];
        let named = names.into_iter().find(|classes| !matches!(classes, Classes::Numbered(_)));
        self.judge.running = Some(Case { whose, classes: named.unwrap_or(file.subject.classes), of });
        let weights = bytemuck::cast_slice(&file.parameters).to_vec();
        self.ask_about_images(Command::Judge { number: ASKS, spec: file.spec }, Some(weights));
        self.show_judge();
    }

    /// The workers have judged.
    pub(super) fn judged(&mut self, images: u32, classes: u32, bytes: &[u8]) {
        if !self.judge.is_running() {
            // Its images did not come, and the workers took those that they had.
            return;
        }
        match Judgement::from_bytes(bytes, images as usize, classes as usize) {
            Ok(judgement) => self.judge.take(judgement),
            Err(error) => {
                self.judge.give_up();
                self.notes.add(&self.l10n, Note::Failure(error));
            }
        }
        self.judge.gallery.close();
        self.show_judge();
        self.show_judgement();
    }

    fn more_images(&mut self) {
        let Some((now, case)) = &self.judge.now else { return };
        let of = case.of;
        let before = self.judge.before.as_ref().filter(|_| self.judge.comparison.is_some()).map(|(before, _)| before);
        let numbers = self.judge.gallery.more(&self.l10n, now, case.classes, before);
        if numbers.is_empty() {
            return;
        }
        match self.load_again(of) {
            Ok(()) => self.ask_about_images(Command::Images { split: Split::Test, numbers }, None),
            Err(note) => self.notes.add(&self.l10n, note),
        }
    }

    /// Pixels that were asked for.
    pub(super) fn images(&mut self, numbers: &[u32], inputs: usize, pixels: &[u8]) {
        self.judge.gallery.take(numbers, inputs, pixels);
    }

    /// Puts an image onto the sheet, to be drawn on.
    fn load_image(&mut self, number: u32) {
        let (Some(pixels), Some((now, case))) = (self.judge.gallery.pixels(number), &self.judge.now) else { return };
        let Ok(image) = Image::try_from(ink::resized(pixels, ink::SIDE)) else { return };
        let label = subject::class(&self.l10n, case.classes, now.label(number as usize));
        let side = pixels.len().isqrt();
        let args = [
            ("number", count(u64::from(number) + 1).into()),
            ("label", label.into()),
            ("side", side.into()),
            ("resized", if side == ink::SIDE { "no" } else { "yes" }.into()),
        ];
        self.judge.gallery.say(&self.l10n.text("gallery-loaded", &args));
        self.background = Some(image);
        self.strokes.clear();
        self.ink_removed();
        // Brings it into view, too, and Delete clears it.
        if let Err(error) = dom::by_id::<HtmlElement>("draw").map(|sheet| sheet.focus()) {
            self.notes.add(&self.l10n, Note::Failure(error));
        }
    }

    /// Another language: what the images are called would stay in the old one.
    pub(super) fn retell_judgement(&mut self) {
        self.judge.gallery.close();
        self.show_judgement();
    }

    /// Shows the outcome of the panel.
    pub(super) fn show_judgement(&self) {
        if self.panels.shown("judge") {
            self.judge.show_report(&self.l10n);
        }
    }

    /// Shows the rest of the panel. Also while training: the workers judge between two slices of it.
    pub(super) fn show_judge(&self) {
        let is_busy = self.phase == Phase::Loading || self.my_digits.run().is_some() || self.robustness.is_running();
        self.judge.show(&self.l10n, self.network.is_some() && !is_busy);
    }
}
