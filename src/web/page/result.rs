//! The answer: the most probable class, a digit written in red pen, and the probabilities.

use super::bars::Bars;
use super::l10n::{L10n, percent};
use super::{dom, subject};
use crate::Result;
use crate::data::{Classes, Subject};
use crate::verdict::Verdict;
use std::cell::Cell;
use web_sys::Element;

/// How the pen writes each digit, in the 100 x 140 box of `#answer`.
const PEN_STROKES: [&str; 10] = [
    "M54 14C26 12 14 42 16 74c2 32 14 52 36 52 24 0 34-26 34-58 0-34-12-54-32-54",
    "M30 42c12-6 20-16 26-30l-4 116",
    "M20 42c2-22 20-30 36-28 21 3 26 22 18 40-10 22-38 46-58 70 18-6 48-6 72-2",
    "M22 28c14-18 52-20 54 8 1 20-20 27-32 28 20-1 40 10 38 32-2 28-42 40-66 16",
    "M58 12C46 40 28 68 12 90c24-4 50-4 78-2M66 56c-2 26-4 50-4 74",
    "M78 16l-44 2c-2 16-5 30-8 44 18-14 60-10 56 28-3 34-44 46-66 24",
    "M70 12C40 26 18 60 18 92c0 24 16 36 34 36 20 0 32-14 30-34-2-22-28-32-46-18-8 6-14 13-16 22",
    "M16 22c24 2 48 0 70-4-14 30-32 66-40 112",
    "M72 32c-5-20-42-22-44 4-2 22 50 34 50 64 0 30-54 34-56 2-2-26 50-38 52-68",
    "M78 40C74 14 30 10 26 44c-2 32 42 34 52 0 2 24-2 58-18 86",
];

/// The section `.result`.
pub struct Answer {
    pen: Element,
    word: Element,
    prediction: Element,
    or: Element,
    second: Element,
    confidence: Element,
    verdict: Element,
    unsure: Element,
    announcement: Element,
    bars: Bars,
    shown: Cell<Option<usize>>,
}

impl Answer {
    /// Finds its elements.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new() -> Result<Answer> {
        Ok(Answer {
            pen: dom::by_id("answer")?,
            word: dom::by_id("verdict-word")?,
            prediction: dom::by_id("prediction")?,
            or: dom::by_id("verdict-or")?,
            second: dom::by_id("second")?,
            confidence: dom::by_id("confidence")?,
            verdict: dom::by_id("verdict")?,
            unsure: dom::by_id("unsure")?,
            announcement: dom::by_id("announce")?,
            bars: Bars::new("bars", "data-digit")?,
            shown: Cell::new(None),
        })
    }

    /// Shows the probabilities, or that there is nothing to read.
    pub fn show(&self, l10n: &L10n, subject: Subject, probabilities: Option<&[f32]>) {
        let verdict = probabilities.and_then(Verdict::of);
        let (top, second) = (verdict.map(Verdict::best), verdict.and_then(Verdict::second));
        let name = |class: usize| subject::class(l10n, subject.classes, class);
        self.bars.show(l10n, subject, probabilities, top);
        dom::set(&self.verdict, "data-sure", if second.is_some() { "no" } else { "yes" });
        dom::set_text(&self.word, &l10n.text(if second.is_some() { "verdict-unsure" } else { "verdict" }, &[]));
        dom::show(&self.or, second.is_some());
        dom::set_text(&self.second, &second.map(name).unwrap_or_default());
        let _ = self.pen.class_list().toggle_with_force("doubts", second.is_some());
        dom::show(&self.verdict, top.is_some());
        dom::show(&self.unsure, top.is_none());
        dom::set_text(&self.prediction, &top.map(name).unwrap_or_default());
        dom::set(&self.prediction, "data-class", &top.map(|class| class.to_string()).unwrap_or_default());
        let p = top.and_then(|digit| probabilities?.get(digit)).copied();
        let confidence = p.map(|p| l10n.text("confidence", &[("probability", percent(p).into())]));
        dom::set_text(&self.confidence, &confidence.unwrap_or_default());
        // Only a digit can be written.
        self.write(top.filter(|_| subject.classes == Classes::Digits));
        let _ = self.pen.class_list().toggle_with_force("none", subject.classes != Classes::Digits);
    }

    /// Tells screen readers, once a stroke is over.
    pub fn announce(&self, l10n: &L10n, subject: Subject, probabilities: Option<&[f32]>) {
        let name = |class: usize| subject::class(l10n, subject.classes, class);
        let text = match probabilities.and_then(|all| Some((all, Verdict::of(all)?))) {
            Some((all, Verdict::Sure(digit))) => {
                l10n.text("announcement", &[("digit", name(digit).into()), ("probability", percent(all[digit]).into())])
            }
            Some((_, Verdict::Unsure(first, second))) => {
                l10n.text("announcement-unsure", &[("first", name(first).into()), ("second", name(second).into())])
            }
            None => l10n.text("empty", &[]),
        };
        dom::set_text(&self.announcement, &text);
    }

    fn write(&self, digit: Option<usize>) {
        let (Some(path), false) = (self.pen.first_element_child(), self.shown.get() == digit) else { return };
        self.shown.set(digit);
        let strokes = digit.and_then(|digit| PEN_STROKES.get(digit)).copied();
        dom::set(&path, "d", strokes.unwrap_or_default());
        // Removing the class and asking for the box in between starts the animation anew.
        let _ = self.pen.class_list().remove_1("writes");
        let _ = self.pen.get_bounding_client_rect();
        let _ = self.pen.class_list().add_1("writes");
    }
}
