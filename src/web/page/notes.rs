//! Notes above the page: what went wrong, in the visitor's language, until the visitor has read it.

use super::l10n::{L10n, count};
use super::{Message, Page, data, dom};
use crate::{Error, Result};
use web_sys::{Element, Event};

/// Most notes kept; older ones go.
const MOST: usize = 4;

/// A note, as data: a change of language writes it anew.
#[derive(Clone, Debug, PartialEq)]
pub enum Note {
    /// A part of the address that was not understood.
    Address(Error),
    /// A file that could not be used; the network in use stays.
    File { name: String, error: Error },
    /// A file that is no part of a data set.
    Files { name: String, error: Error },
    /// The browser keeps nothing over a visit.
    NotKept(Error),
    /// Images that can't be had.
    Data(data::Refusal),
    /// The workers failed for a reason, and training goes on from this step.
    Recovered { reason: String, step: u64 },
    /// Anything else.
    Failure(Error),
}

/// `#notes`.
pub struct Notes {
    root: Element,
    list: Element,
    notes: Vec<Note>,
}

impl Notes {
    /// Listens to the button.
    ///
    /// Errors when index.html lacks an element.
    pub fn new(page: &Page) -> Result<Notes> {
        let (close, sender): (Element, _) = (dom::by_id("notes-close")?, page.clone());
        dom::on(&close, "click", move |_: Event| sender.send(Message::CloseNotes));
        Ok(Notes { root: dom::by_id("notes")?, list: dom::by_id("notes-list")?, notes: Vec::new() })
    }

    /// Adds a note, unless it is there already.
    pub fn add(&mut self, l10n: &L10n, note: Note) {
        if !self.notes.contains(&note) {
            self.notes.push(note);
            self.notes.drain(..self.notes.len().saturating_sub(MOST));
        }
        self.show(l10n);
    }

    /// Takes all notes away.
    pub fn clear(&mut self, l10n: &L10n) {
        self.notes.clear();
        self.show(l10n);
    }

    /// Writes the notes.
    pub fn show(&self, l10n: &L10n) {
        self.list.set_text_content(None);
        for note in &self.notes {
            let text = match note {
                Note::Address(error) => l10n.text("note-address", &[("error", l10n.error(error).into())]),
                Note::File { name, error } => {
                    l10n.text("note-file", &[("name", name.as_str().into()), ("error", l10n.error(error).into())])
                }
                Note::Files { name, error } => {
                    l10n.text("note-files", &[("name", name.as_str().into()), ("error", l10n.error(error).into())])
                }
                Note::NotKept(error) => l10n.text("note-not-kept", &[("error", l10n.error(error).into())]),
                Note::Recovered { reason, step: 0 } => l10n.text("note-begun-again", &[("reason", reason.as_str().into())]),
                Note::Recovered { reason, step } => {
                    l10n.text("note-recovered", &[("reason", reason.as_str().into()), ("step", count(*step).into())])
                }
                Note::Data(refusal) => refusal.sentence(l10n),
                Note::Failure(error) => l10n.error(error),
            };
            if let Ok(item) = dom::document().create_element("li") {
                item.set_text_content(Some(&text));
                let _ = self.list.append_child(&item);
            }
        }
        dom::show(&self.root, !self.notes.is_empty());
    }
}
