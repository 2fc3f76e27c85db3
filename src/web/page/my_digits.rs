//! My digits: "wrong? tell it", the drawings that were told, and teaching the network in use with them.

use super::app::{App, Data};
use super::l10n::{L10n, fine_percent};
use super::network::{Network, Source};
use super::notes::Note;
use super::run::Phase;
use super::status::download_sentence;
use super::{Message, Page, dom, files, seen};
use crate::data::Origin;
use crate::data::own::Own;
use crate::format::model_file::{About, ModelFile};
use crate::format::numbers::floats;
use crate::ink::{self, Stroke};
use crate::model::Predictor;
use crate::my_digits::MyDigits;
use crate::protocol::{Command, Evaluation, Event};
use crate::train::teach;
use crate::web::{Wish, describe, workers_for};
use crate::{Error, Result};
use js_sys::Uint8Array;
use std::cell::OnceCell;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Element, Event as DomEvent, HtmlButtonElement, HtmlCanvasElement, HtmlInputElement};

/// Where the browser keeps them.
const STORED: &str = "inkling-my-digits";
/// No text of so many drawings is longer.
const MOST_BYTES: f64 = 64e6;

/// What a person does here.
pub enum Action {
    /// The drawing on the square is this digit.
    Tell(u8),
    Delete(usize),
    Clear,
    Undo,
    Export,
    /// A file was chosen.
    Import {
        name: String,
        text: Result<String>,
    },
    Teach,
    /// Another tab has changed what is kept.
    Recall,
    /// Back to the network before it was taught.
    Unteach,
}

/// The button below the answer, and the section `.my-digits`.
pub struct Panel {
    page: Page,
    mine: MyDigits,
    /// The same as a data set, once somebody has asked for it.
    data: OnceCell<Result<Own>>,
    /// The browser keeps them; `false` once it refused.
    is_kept: bool,
    teaching: Option<Teaching>,
    outcome: Option<Outcome>,
    /// The network before it was taught, with what it was then.
    before: Option<Network>,

    tell: HtmlButtonElement,
    choices: Element,
    list: Element,
    empty: Element,
    not_kept: Element,
    teach: HtmlButtonElement,
    unteach: HtmlButtonElement,
    undo: HtmlButtonElement,
    export: HtmlButtonElement,
    clear: HtmlButtonElement,
    taught: Element,
}

/// The network is being taught.
struct Teaching {
    run: u32,
    /// What it is before.
    file: ModelFile,
    /// How many of the drawings it read right then.
    right: usize,
    /// What it has become.
    parameters: Option<Vec<f32>>,
}

/// What teaching did.
struct Outcome {
    drawings: usize,
    right: [usize; 2],
    validation: [f32; 2],
}

impl Panel {
    /// Finds its elements, listens, and takes the drawings that the browser keeps.
    ///
    /// Errors when index.html lacks an element.
    pub fn new(page: &Page) -> Result<Panel> {
        let (mine, is_kept) = recall();
        let panel = Panel {
            page: page.clone(),
            mine,
            data: OnceCell::new(),
            is_kept,
            teaching: None,
            outcome: None,
            before: None,
            tell: dom::by_id("tell")?,
            choices: dom::by_id("tell-digits")?,
            list: dom::by_id("my-digits-list")?,
            empty: dom::by_id("my-digits-empty")?,
            not_kept: dom::by_id("my-digits-not-kept")?,
            teach: dom::by_id("teach")?,
            unteach: dom::by_id("unteach")?,
            undo: dom::by_id("my-digits-undo")?,
            export: dom::by_id("my-digits-export")?,
            clear: dom::by_id("my-digits-clear")?,
            taught: dom::by_id("taught")?,
        };
        let (tell, choices) = (panel.tell.clone(), panel.choices.clone());
        dom::on(&panel.tell, "click", move |_: DomEvent| open(&tell, &choices, choices.has_attribute("hidden")));
        for (digit, choice) in (0..).zip(dom::all("#tell-digits [data-tell]")) {
            let (sender, tell, choices) = (page.clone(), panel.tell.clone(), panel.choices.clone());
            dom::on(&choice, "click", move |_: DomEvent| {
                open(&tell, &choices, false);
                let _ = tell.focus();
                sender.send(Message::MyDigits(Action::Tell(digit)));
            });
        }
        let click = |button: &HtmlButtonElement, action: fn() -> Action| {
            let sender = page.clone();
            dom::on(button, "click", move |_: DomEvent| sender.send(Message::MyDigits(action())));
        };
        click(&panel.teach, || Action::Teach);
        click(&panel.unteach, || Action::Unteach);
        click(&panel.undo, || Action::Undo);
        click(&panel.export, || Action::Export);
        click(&panel.clear, || Action::Clear);
        let (sender, import) = (page.clone(), dom::by_id::<HtmlInputElement>("my-digits-import")?);
        let picker = import.clone();
        dom::on(&import, "change", move |_: DomEvent| {
            if let Some(file) = picker.files().and_then(|files| files.get(0)) {
                read(sender.clone(), file);
            }
            // So that choosing the same file again is a change.
            picker.set_value("");
        });
        let sender = page.clone();
        dom::on(&dom::window(), "storage", move |_: DomEvent| sender.send(Message::MyDigits(Action::Recall)));
        Ok(panel)
    }

    /// Takes over what another tab has changed; whether it has. A page whose own changes the browser does not keep stays with
    /// them.
    fn refresh(&mut self) -> bool {
        let storage = dom::window().local_storage().ok().flatten().filter(|_| self.is_kept);
        let Some(text) = storage.and_then(|storage| storage.get_item(STORED).ok()) else { return false };
        self.mine.follow(&text.unwrap_or_default())
    }

    /// The drawings were changed: keeps and shows them.
    fn changed(&mut self, l10n: &L10n) {
        self.outcome = None;
        self.data.take();
        if self.is_kept {
            self.is_kept = keep(&self.mine.export());
        }
        self.show_list(l10n);
    }

    /// The drawings as a data set.
    ///
    /// Errors as [`MyDigits::to_data`].
    pub fn data(&self) -> Result<&Own> {
        self.data.get_or_init(|| self.mine.to_data()).as_ref().map_err(Clone::clone)
    }

    /// Shows everything; `has_ink`: there is a drawing to tell about, `is_busy`: a run is going on.
    pub fn show(
        &self,
        l10n: &L10n,
        has_ink: bool,
        has_network: bool,
        reads_digits: bool,
        phase: Phase,
        download: Option<(u64, u64)>,
    ) {
        dom::show(&self.tell, has_ink);
        if !has_ink {
            open(&self.tell, &self.choices, false);
        }
        let is_busy = matches!(phase, Phase::Loading | Phase::Training | Phase::Paused);
        let some = !self.mine.drawings().is_empty();
        dom::show(&self.empty, !some);
        dom::show(&self.not_kept, !self.is_kept);
        self.teach.set_disabled(!some || !has_network || !reads_digits || is_busy || self.teaching.is_some());
        dom::show(&self.unteach, self.before.is_some() && self.teaching.is_none());
        dom::show(&self.undo, self.mine.can_undo());
        dom::show(&self.export, some);
        dom::show(&self.clear, some);
        let (state, text) = match (&self.teaching, &self.outcome, download) {
            (Some(_), _, Some((loaded, total))) if total > 0 => ("loading", download_sentence(l10n, loaded, total)),
            (Some(_), ..) => ("learning", l10n.text("teaching", &[])),
            (None, Some(outcome), _) => ("done", outcome.sentence(l10n)),
            (None, None, _) if some && !reads_digits => ("idle", l10n.text("teach-other", &[])),
            (None, None, _) if some && is_busy && phase != Phase::Loading => ("idle", l10n.text("teach-busy", &[])),
            (None, None, _) => ("idle", String::new()),
        };
        dom::set(&self.taught, "data-state", state);
        dom::set_text(&self.taught, &text);
    }

    /// Shows the drawings.
    pub fn show_list(&self, l10n: &L10n) {
        self.list.set_text_content(None);
        for (index, drawing) in self.mine.drawings().iter().enumerate() {
            let (Some(label), Some(image)) = (drawing.label, ink::image(&drawing.strokes)) else { continue };
            if let Err(error) = self.add_item(l10n, index, label, &image) {
                web_sys::console::error_1(&error);
            }
        }
    }

    fn add_item(&self, l10n: &L10n, index: usize, label: u8, image: &ink::Image) -> std::result::Result<(), JsValue> {
        let create = |name: &str| dom::document().create_element(name);
        let digit = [("digit", label.to_string().into())];
        let item = create("li")?;
        dom::set(&item, "data-label", &label.to_string());
        let canvas: HtmlCanvasElement = create("canvas")?.unchecked_into();
        canvas.set_width(ink::SIDE as u32);
        canvas.set_height(ink::SIDE as u32);
        dom::set(&canvas, "role", "img");
        dom::set(&canvas, "aria-label", &l10n.text("my-digit", &digit));
        if let Ok(context) = seen::context(&canvas) {
            seen::paint(&context, image);
        }
        let number = create("b")?;
        number.set_text_content(Some(&label.to_string()));
        let delete = create("button")?;
        dom::set(&delete, "type", "button");
        dom::set(&delete, "aria-label", &l10n.text("my-digit-delete", &digit));
        delete.set_text_content(Some("×"));
        let sender = self.page.clone();
        dom::on(&delete, "click", move |_: DomEvent| sender.send(Message::MyDigits(Action::Delete(index))));
        for part in [canvas.unchecked_ref::<Element>(), &number, &delete] {
            item.append_child(part)?;
        }
        self.list.append_child(&item)?;
        Ok(())
    }

    /// The run that teaches, while there is one.
    pub fn run(&self) -> Option<u32> {
        self.teaching.as_ref().map(|teaching| teaching.run)
    }

    /// Another run begins: what is being learned is dropped.
    pub fn give_up(&mut self) {
        self.teaching = None;
        self.before = None;
    }

    /// How many of the drawings a network reads right.
    fn right(&self, predictor: &mut Predictor) -> Result<usize> {
        let mut right = 0;
        for drawing in self.mine.drawings() {
            let Some(image) = ink::image(&drawing.strokes) else { continue };
            let p = predictor.predict(&ink::to_input(&image))?;
            let read = (0..p.len()).max_by(|&a, &b| p[a].total_cmp(&p[b]));
            right += usize::from(read == drawing.label.map(usize::from));
        }
        Ok(right)
    }
}

impl Outcome {
    fn sentence(&self, l10n: &L10n) -> String {
        l10n.text(
            "taught",
            &[
                ("drawings", self.drawings.into()),
                ("before", self.right[0].into()),
                ("after", self.right[1].into()),
                ("validation-before", fine_percent(self.validation[0]).into()),
                ("validation-after", fine_percent(self.validation[1]).into()),
            ],
        )
    }
}

impl App {
    /// Does what a person asked for.
    pub(super) fn my_digits(&mut self, action: Action) {
        // So that what was told in another tab stays. What was pointed at in a list that is no longer so is not deleted.
        let is_other = self.my_digits.refresh();
        let failed = match action {
            Action::Recall if !is_other => return,
            Action::Recall => None,
            Action::Delete(_) | Action::Clear | Action::Undo if is_other => None,
            Action::Tell(digit) => self.my_digits.mine.add(digit, &self.strokes).err().map(Note::Failure),
            Action::Delete(index) => {
                self.my_digits.mine.delete(index);
                None
            }
            Action::Clear => {
                self.my_digits.mine.clear();
                None
            }
            Action::Undo => {
                self.my_digits.mine.undo();
                None
            }
            Action::Import { name, text } => {
                let imported = text.and_then(|text| self.my_digits.mine.import(&text));
                imported.err().map(|error| Note::File { name, error })
            }
            Action::Export => {
                let saved = files::save("my-digits.jsonl", self.my_digits.mine.export().as_bytes());
                return self.noted(saved.err().map(Note::Failure));
            }
            Action::Teach => {
                let begun = self.teach();
                return self.noted(begun.err().map(Note::Failure));
            }
            Action::Unteach => {
                if let Some(before) = self.my_digits.before.take() {
                    self.my_digits.outcome = None;
                    self.network = Some(before);
                    self.network_changed();
                }
                return self.run_changed();
            }
        };
        self.my_digits.changed(&self.l10n);
        if matches!(self.settings.data, Origin::Mine { .. }) {
            self.show_settings();
        }
        self.noted(failed);
    }

    /// Shows what went wrong, if anything did.
    pub(super) fn noted(&mut self, note: Option<Note>) {
        if let Some(note) = note {
            self.notes.add(&self.l10n, note);
        }
        self.run_changed();
    }

    /// Has the workers teach the network in use.
    fn teach(&mut self) -> Result<()> {
        let Some(network) = &mut self.network else { return Ok(()) };
        let right = self.my_digits.right(&mut network.predictor)?;
        let file = network.to_file();
        self.last_run += 1;
        let run = self.last_run;
        let wish = Wish {
            choice: self.settings.backend,
            workers: workers_for(self.settings.workers),
            spec: file.spec.clone(),
            config: teach::config(run.into()),
        };
        self.client.create(run, wish, Some(bytemuck::cast_slice(&file.parameters).to_vec()));
        self.load_data(Origin::Mnist)?;
        let copies = teach::copies(self.my_digits.mine.drawings(), run.into());
        self.ask_about_images(Command::Teach { run }, Some(copies));
        self.my_digits.outcome = None;
        self.my_digits.teaching = Some(Teaching { run, file, right, parameters: None });
        Ok(())
    }

    /// The workers said something about the run that teaches.
    pub(super) fn teaching_event(&mut self, event: Event, payload: Option<Vec<u8>>) {
        match event {
            Event::Weights { .. } => {
                if let Some(teaching) = &mut self.my_digits.teaching {
                    teaching.parameters = payload.map(|bytes| floats(&bytes));
                }
            }
            Event::Taught { before, after, .. } => {
                if let Err(error) = self.taught(before, after) {
                    self.notes.add(&self.l10n, Note::Failure(error));
                }
            }
            Event::Failed { error, .. } => {
                self.my_digits.teaching = None;
                self.notes.add(&self.l10n, Note::Failure(error));
            }
            _ => {}
        }
        self.run_changed();
    }

    fn taught(&mut self, before: Evaluation, after: Evaluation) -> Result<()> {
        let Some(Teaching { file, right, parameters: Some(parameters), .. }) = self.my_digits.teaching.take() else {
            return Ok(());
        };
        let drawings = self.my_digits.mine.drawings().len();
        let about = About { made_by: format!("{}; taught {drawings} drawings", file.about.made_by), test_accuracy: None };
        let mut network =
            Network::new(ModelFile { spec: file.spec, parameters, about, subject: file.subject }, Source::Taught { drawings })?;
        let right = [right, self.my_digits.right(&mut network.predictor)?];
        self.my_digits.outcome = Some(Outcome { drawings, right, validation: [before.accuracy, after.accuracy] });
        self.my_digits.before = self.network.replace(network);
        self.network_changed();
        Ok(())
    }

    /// Shows the panel.
    pub(super) fn show_my_digits(&self) {
        let download = match self.data {
            Data::Coming { loaded, total } => Some((loaded, total)),
            Data::Absent | Data::Here => None,
        };
        let reads_digits = self.subject().is_digits();
        // On a test image the strokes are no digit of one's own.
        let has_ink =
            reads_digits && self.background.is_none() && self.strokes.iter().any(|stroke: &Stroke| !stroke.points.is_empty());
        self.my_digits.show(&self.l10n, has_ink, self.network.is_some(), reads_digits, self.phase, download);
    }
}

/// Opens or closes the choice of digits.
fn open(tell: &HtmlButtonElement, choices: &Element, is_open: bool) {
    dom::show(choices, is_open);
    dom::set(tell, "aria-expanded", if is_open { "true" } else { "false" });
}

/// What the browser keeps, and whether it keeps anything. Text that can't be read is left out.
fn recall() -> (MyDigits, bool) {
    let mut mine = MyDigits::default();
    let Ok(Some(storage)) = dom::window().local_storage() else { return (mine, false) };
    let text = storage.get_item(STORED).ok().flatten().unwrap_or_default();
    if let (false, Err(error)) = (text.is_empty(), mine.import(&text)) {
        web_sys::console::error_1(&error.to_string().into());
    }
    (mine, true)
}

/// Whether the browser keeps `text`.
fn keep(text: &str) -> bool {
    let storage = dom::window().local_storage();
    matches!(storage, Ok(Some(storage)) if storage.set_item(STORED, text).is_ok())
}

/// Reads a chosen file.
fn read(page: Page, file: web_sys::File) {
    spawn_local(async move {
        let name = file.name();
        let failed = |error: JsValue| Error::Fetch { what: file.name(), reason: describe(&error) };
        let text = if file.size() > MOST_BYTES {
            Err(Error::TooLarge { what: "my digits".into(), limit: MOST_BYTES as u64, got: file.size() as u64 })
        } else {
            JsFuture::from(file.array_buffer()).await.map_err(failed).and_then(|buffer| {
                let malformed = |_| Error::Malformed { what: "the file".into(), reason: "it is no text (UTF-8)".into() };
                String::from_utf8(Uint8Array::new(&buffer).to_vec()).map_err(malformed)
            })
        };
        page.send(Message::MyDigits(Action::Import { name, text }));
    });
}
