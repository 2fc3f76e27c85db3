//! The panel of the data set: which one is learned from, a person's own files, and what is missing. And which images the workers
//! hold: a run keeps those that it began with.

use super::app::{App, Data};
use super::kept_files;
use super::l10n::{L10n, Language, count};
use super::notes::Note;
use super::run::Phase;
use super::{Message, Page, dom, subject};
use crate::data::own::{File as Named, Own};
use crate::data::{Origin, Subject};
use crate::protocol::Command;
use crate::settings::Settings;
use crate::web::gzip;
use crate::{Error, Result};
use js_sys::Uint8Array;
use std::cell::Cell;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event, File, FileList, HtmlInputElement, HtmlOptionElement};

/// What happens here.
pub enum Action {
    /// Files were read, each or not.
    Files(Vec<(String, Result<Vec<u8>>)>),
    /// The files of an earlier visit.
    Kept(Own, String),
    /// The browser does not keep the files.
    NotKept,
    /// The data sets that the site was built with.
    Present(Vec<String>),
}

/// Why there are no such images.
#[derive(Clone, Debug, PartialEq)]
pub enum Refusal {
    /// Nobody has given files, or other ones.
    NoFiles(Origin),
    /// The files here are others than those that the settings were of.
    OtherFiles(Origin),
    /// Too few of my digits.
    Few(Error),
    /// The site was built without it.
    NotBuilt(Origin),
    /// The workers hold this run's images.
    Busy(Origin),
    /// No images that the network in use reads are here.
    NoneFit,
    /// A teacher's link keeps the data set as it is.
    Locked,
}

impl Refusal {
    /// As a sentence.
    pub fn sentence(&self, l10n: &L10n) -> String {
        let of = |id: &str, origin: &Origin| l10n.text(id, &[("data", subject::data(l10n, *origin).into())]);
        match self {
            Refusal::NoFiles(origin) => of("data-no-files", origin),
            Refusal::OtherFiles(origin) => of("data-other-files", origin),
            Refusal::Few(error) => l10n.error(error),
            Refusal::NotBuilt(origin) => of("data-not-built", origin),
            Refusal::Busy(origin) => of("data-busy", origin),
            Refusal::NoneFit => l10n.text("data-none-fit", &[]),
            Refusal::Locked => l10n.text("data-locked", &[]),
        }
    }
}

/// The section `.data`.
pub struct Panel {
    /// The person's files, and what they are called.
    own: Option<(Own, String)>,
    own_origin: Option<Origin>,
    /// My digits as they were when they were last learned from or judged on.
    mine: Option<(Own, Origin)>,
    /// The data sets that the site was built with; `None` while nobody knows.
    present: Option<Vec<String>>,
    /// What was said of drawing for this network, and in which language.
    pub(super) said: Cell<Option<(Subject, Language)>>,
    /// Whether the browser keeps the files.
    is_kept: bool,
    about: Element,
    state: Element,
    files: HtmlInputElement,
    fashion: HtmlOptionElement,
    empty: Element,
}

impl Panel {
    /// Finds its elements and listens.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Panel> {
        let (picker, sender): (HtmlInputElement, _) = (dom::by_id("data-files")?, page.clone());
        let asked = picker.clone();
        dom::on(&picker, "change", move |_: Event| {
            if let Some(files) = asked.files() {
                read(sender.clone(), all(&files));
            }
            // So that choosing the same files again is a change.
            asked.set_value("");
        });
        kept_files::recall(page);
        let fashion = dom::all("#data option[value='fashion']").pop().and_then(|option| option.dyn_into().ok());
        Ok(Panel {
            own: None,
            own_origin: None,
            mine: None,
            present: None,
            said: Cell::new(None),
            is_kept: true,
            about: dom::by_id("data-about")?,
            state: dom::by_id("data-state")?,
            files: picker,
            fashion: fashion.ok_or_else(|| Error::State { reason: "#data offers no fashion".into() })?,
            empty: dom::by_id("charts-empty")?,
        })
    }

    fn lacks(&self, origin: Origin) -> bool {
        origin.folder().is_some() && self.present.as_ref().is_some_and(|present| present.iter().all(|name| name != origin.name()))
    }

    /// The images of a person's own data set, if they are here.
    fn set(&self, origin: Origin) -> Option<&Own> {
        match origin {
            Origin::Own { .. } if Some(origin) == self.own_origin => self.own.as_ref().map(|(own, _)| own),
            Origin::Mine { .. } => self.mine.as_ref().filter(|(_, of)| *of == origin).map(|(own, _)| own),
            _ => None,
        }
    }
}

impl App {
    /// Does what happened.
    pub(super) fn data(&mut self, action: Action) {
        match action {
            Action::Files(files) => self.take_files(files),
            Action::Kept(own, names) => {
                // Files that were given meanwhile are the newer ones.
                if self.data_panel.own.is_none() {
                    self.data_panel.own_origin = Some(own.origin());
                    self.data_panel.own = Some((own, names));
                    self.follow_files();
                    self.show_settings();
                }
            }
            Action::NotKept => {
                self.data_panel.is_kept = false;
                self.show_data();
            }
            Action::Present(names) => {
                self.data_panel.present = Some(names);
                self.show_data();
            }
        }
    }

    fn take_files(&mut self, files: Vec<(String, Result<Vec<u8>>)>) {
        if self.locks_files() {
            return self.notes.add(&self.l10n, Note::Data(Refusal::Locked));
        }
        let mut read: Vec<Named> = Vec::new();
        for (name, bytes) in files {
            match bytes {
                Ok(bytes) => read.push((name, bytes)),
                Err(error) => return self.notes.add(&self.l10n, Note::Files { name, error }),
            }
        }
        let mut names: Vec<String> = read.iter().map(|(name, _)| name.clone()).collect();
        names.sort();
        let names = names.join(", ");
        match Own::from_files(read) {
            Ok(own) => {
                self.notes.clear(&self.l10n);
                let origin = own.origin();
                let sender = self.page.clone();
                kept_files::keep(&own, &names, move || sender.send(Message::Data(Action::NotKept)));
                self.data_panel.is_kept = true;
                self.data_panel.own_origin = Some(origin);
                self.data_panel.own = Some((own, names));
                self.change_setting("data", &origin.to_string());
            }
            Err((name, error)) => self.notes.add(&self.l10n, Note::Files { name, error }),
        }
    }

    /// Whether a teacher's link wants another data set than the person's files.
    fn locks_files(&self) -> bool {
        self.view.locks("data") && !matches!(self.settings.data, Origin::Own { .. })
    }

    /// Where a person's own files are learned from, they are those that are here: says so if the settings were of others.
    pub(super) fn follow_files(&mut self) {
        let Some(here) = self.data_panel.own_origin else { return };
        let asked = self.settings.data;
        let Origin::Own { mark, .. } = asked else { return };
        if asked == here {
            return;
        }
        let is_of_others = mark.is_some() || asked.subject() != here.subject();
        if is_of_others && asked != Origin::UNKNOWN {
            self.notes.add(&self.l10n, Note::Data(Refusal::OtherFiles(asked)));
        }
        if let Err(error) = self.settings.set("data", &here.to_string()) {
            self.notes.add(&self.l10n, Note::Failure(error));
        }
        self.write_address();
    }

    /// Has the images of a person's own data set ready, and says which they are.
    fn settle(&mut self, origin: Origin) -> std::result::Result<Origin, Refusal> {
        let panel = &mut self.data_panel;
        match origin {
            Origin::Mine { .. } => {
                let own = self.my_digits.data().map_err(Refusal::Few)?.clone();
                let origin = Origin::Mine { mark: Some(own.mark()) };
                panel.mine = Some((own, origin));
                Ok(origin)
            }
            Origin::Own { .. } if panel.own_origin != Some(origin) => Err(Refusal::NoFiles(origin)),
            origin if panel.lacks(origin) => Err(Refusal::NotBuilt(origin)),
            origin => Ok(origin),
        }
    }

    /// The settings with the images that are there, for a run.
    pub(super) fn with_data(&mut self, settings: Settings) -> std::result::Result<Settings, Refusal> {
        let data = self.settle(settings.data)?;
        Ok(Settings { data, ..settings })
    }

    /// Has the workers hold these images, unless a run needs its own.
    ///
    /// Errors when they are not here.
    pub(super) fn load_data(&mut self, origin: Origin) -> Result<()> {
        // Workers that have the images say so at once.
        self.data = Data::Coming { loaded: 0, total: 0 };
        let Some(folder) = origin.folder() else {
            self.forget_images();
            let missing = || Error::State { reason: "these images are no longer here".into() };
            let own = self.data_panel.set(origin).ok_or_else(missing)?;
            let command = Command::SetData {
                inputs: own.subject.inputs() as u32,
                classes: own.subject.count() as u32,
                training: own.training.len() as u32,
                test: own.test.len() as u32,
            };
            self.client.send(command, Some(own.to_bytes()));
            return Ok(());
        };
        self.await_images(folder);
        Ok(())
    }

    /// Has the workers hold the images that the network in use is tested on; which these are.
    pub(super) fn load_test_images(&mut self) -> std::result::Result<Origin, Note> {
        let subject = self.subject();
        if let Some(origin) = self.images_of_run() {
            return if origin.subject().fits(subject) { Ok(origin) } else { Err(Note::Data(Refusal::Busy(origin))) };
        }
        let origin = Origin::to_test(subject, self.settings.data, self.data_panel.own_origin);
        let origin = origin.ok_or(Refusal::NoneFit).and_then(|origin| self.settle(origin)).map_err(Note::Data)?;
        self.load_data(origin).map_err(Note::Failure)?;
        Ok(origin)
    }

    /// Has the workers hold the images again that something was judged on.
    pub(super) fn load_again(&mut self, origin: Origin) -> std::result::Result<(), Note> {
        match self.images_of_run() {
            Some(of_run) if of_run == origin => Ok(()),
            Some(of_run) => Err(Note::Data(Refusal::Busy(of_run))),
            None => self.load_data(origin).map_err(Note::Failure),
        }
    }

    /// The images of the run that is going on; they can't be exchanged.
    fn images_of_run(&self) -> Option<Origin> {
        let is_active = matches!(self.phase, Phase::Loading | Phase::Training | Phase::Paused);
        self.run.as_ref().filter(|_| is_active).map(|run| run.settings.data)
    }

    /// How many training images the data set has that is chosen.
    pub(super) fn training_images(&self) -> usize {
        match self.settings.data {
            Origin::Mnist | Origin::Fashion => 60_000,
            Origin::Mine { .. } => self.my_digits.data().map_or(0, |own| own.training.len()),
            origin => self.data_panel.set(origin).map_or(0, |own| own.training.len()),
        }
    }

    /// Shows the panel.
    pub(super) fn show_data(&self) {
        let (panel, l10n, chosen) = (&self.data_panel, &self.l10n, self.settings.data);
        dom::disable(&panel.files, self.locks_files());
        panel.fashion.set_disabled(panel.lacks(Origin::Fashion) && chosen != Origin::Fashion);
        dom::set_text(&panel.about, &l10n.text(&format!("data-about-{}", chosen.name()), &[]));
        let kind = if chosen == Origin::Mnist { String::new() } else { format!("-{}", chosen.name()) };
        dom::set(&panel.empty, "data-l10n", &format!("charts-empty{kind}"));
        l10n.apply_to(&panel.empty);
        let sizes = |own: &Own| {
            [
                ("training", count(own.training.len() as u64).into()),
                ("test", count(own.test.len() as u64).into()),
                ("side", own.subject.side.into()),
                ("classes", own.subject.count().into()),
            ]
        };
        let text = match (chosen, &panel.own) {
            (Origin::Own { .. }, Some((own, names))) => {
                let [training, test, side, classes] = sizes(own);
                let kept = if panel.is_kept { "yes" } else { "no" };
                let args = [training, test, side, classes, ("names", names.as_str().into()), ("kept", kept.into())];
                l10n.text("data-own-here", &args)
            }
            (Origin::Own { .. }, None) => Refusal::NoFiles(chosen).sentence(l10n),
            (Origin::Mine { .. }, _) => match self.my_digits.data() {
                Ok(own) => l10n.text("data-mine-here", &sizes(own)),
                Err(error) => Refusal::Few(error).sentence(l10n),
            },
            _ if panel.lacks(Origin::Fashion) => Refusal::NotBuilt(Origin::Fashion).sentence(l10n),
            _ => String::new(),
        };
        dom::set(&panel.state, "data-data", &chosen.to_string());
        dom::set_text(&panel.state, &text);
    }
}

/// The files of a list.
pub fn all(files: &FileList) -> Vec<File> {
    (0..files.length()).filter_map(|i| files.get(i)).collect()
}

/// Whether a file begins as IDX files do, compressed or not.
pub async fn is_data(file: &File) -> bool {
    let Ok(start) = file.slice_with_f64_and_f64(0.0, 3.0) else { return false };
    let Ok(bytes) = JsFuture::from(start.array_buffer()).await else { return false };
    let bytes = Uint8Array::new(&bytes).to_vec();
    bytes == [0, 0, 8] || bytes.starts_with(&gzip::MAGIC)
}

/// Reads chosen files, and unpacks them.
pub fn read(page: Page, files: Vec<File>) {
    spawn_local(async move {
        let mut read = Vec::new();
        for file in files {
            let name = file.name();
            let bytes = gzip::unpacked(&file, &name).await;
            read.push((name, bytes));
        }
        if !read.is_empty() {
            page.send(Message::Data(Action::Files(read)));
        }
    });
}
