//! What the network in use reads: what its classes are called, and what the page says of drawing for it.

use super::app::App;
use super::dom;
use super::l10n::L10n;
use crate::data::{Classes, Origin, Subject};
use crate::ink;
use web_sys::Element;

/// What a class is called.
pub fn class(l10n: &L10n, classes: Classes, class: usize) -> String {
    match classes {
        Classes::Digits | Classes::Numbered(_) => class.to_string(),
        Classes::Fashion => l10n.text(&format!("class-fashion-{class}"), &[]),
    }
}

/// The same with its number, by which columns name it.
pub fn class_in_rows(l10n: &L10n, classes: Classes, number: usize) -> String {
    match classes {
        Classes::Digits | Classes::Numbered(_) => number.to_string(),
        Classes::Fashion => format!("{number} {}", class(l10n, classes, number)),
    }
}

/// What a data set is called.
pub fn data(l10n: &L10n, origin: Origin) -> String {
    let text = |id: &str, mark: Option<u32>, side: u16, classes: u16| {
        // Four digits are enough to tell apart what a person has.
        let mark = mark.map(|mark| format!(" #{:04x}", mark >> 16)).unwrap_or_default();
        l10n.text(id, &[("side", side.into()), ("classes", classes.into()), ("mark", mark.into())])
    };
    match origin {
        Origin::Mnist => "MNIST".into(),
        Origin::Fashion => "Fashion-MNIST".into(),
        Origin::Mine { mark } => text("data-name-mine", mark, 0, 0),
        Origin::Own { side, classes, mark } => text("data-name-own", mark, side, classes),
    }
}

/// The part of a message's name that tells what is read; empty for digits.
fn kind(subject: Subject) -> &'static str {
    match subject.classes {
        Classes::Digits => "",
        Classes::Fashion => "-fashion",
        Classes::Numbered(_) => "-own",
    }
}

impl App {
    /// What the network in use reads.
    pub(super) fn subject(&self) -> Subject {
        self.network.as_ref().map_or(Subject::DIGITS, |network| network.subject)
    }

    /// Says what to draw, and what becomes of it.
    pub(super) fn show_subject(&self) {
        let subject = self.subject();
        let said = Some((subject, self.l10n.language));
        if self.data_panel.said.replace(said) == said {
            // Weights come many times a second.
            return;
        }
        for id in ["draw", "draw-hint"] {
            let Ok(element) = dom::by_id::<Element>(id) else { continue };
            dom::set(&element, "data-l10n", &format!("{id}{}", kind(subject)));
            self.l10n.apply_to(&element);
        }
        let args = [("side", subject.side.into()), ("classes", subject.count().into())];
        if let (Ok(image), Ok(caption)) = (dom::by_id::<Element>("seen"), dom::by_id::<Element>("seen-caption")) {
            if usize::from(subject.side) == ink::SIDE {
                [&image, &caption].into_iter().for_each(|element| self.l10n.apply_to(element));
            } else {
                let text = self.l10n.text("seen-caption-side", &args);
                dom::set(&image, "aria-label", &text);
                dom::set_text(&caption, &text);
            }
        }
        if let Ok(note) = dom::by_id::<Element>("subject") {
            dom::set(&note, "data-side", &subject.side.to_string());
            dom::set(&note, "data-classes", &subject.count().to_string());
            dom::show(&note, !subject.is_digits());
            let text = match subject.classes {
                Classes::Digits if subject.is_digits() => String::new(),
                Classes::Fashion => self.l10n.text("subject-fashion", &args),
                Classes::Digits | Classes::Numbered(_) => self.l10n.text("subject-own", &args),
            };
            dom::set_text(&note, &text);
        }
    }
}
