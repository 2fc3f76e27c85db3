//! The network in use: the one that ships, a file that a person chooses or drops on the page, the one trained here; and saving
//! it.

use super::app::App;
use super::l10n::L10n;
use super::network::{Network, Source};
use super::notes::Note;
use super::run::Phase;
use super::{Message, Page, data, dom, l10n, lessons};
use crate::format::model_file::{self, ModelFile};
use crate::web::describe;
use crate::{Error, Result};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Blob, DragEvent, Element, Event, File, HtmlAnchorElement, HtmlButtonElement, HtmlInputElement, Url};

/// The worker is loaded when the page has been still for this long, in milliseconds, after the first network came.
const IDLE: i32 = 300;

/// The section `.network`.
pub struct Files {
    save: HtmlButtonElement,
    shipped: HtmlButtonElement,
    own: HtmlButtonElement,
    /// The same sentence twice: below the answer, where it is always seen, and in the section itself.
    sources: [Element; 2],
    shape: Element,
}

impl Files {
    /// Listens to the buttons, the file picker and files dropped anywhere on the page.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Files> {
        let panel = Files {
            save: dom::by_id("save")?,
            shipped: dom::by_id("shipped")?,
            own: dom::by_id("own")?,
            sources: [dom::by_id("source")?, dom::by_id("network-source")?],
            shape: dom::by_id("shape")?,
        };
        let sender = page.clone();
        dom::on(&panel.save, "click", move |_: Event| sender.send(Message::Save));
        let sender = page.clone();
        dom::on(&panel.shipped, "click", move |_: Event| sender.send(Message::UseShipped));
        let sender = page.clone();
        dom::on(&panel.own, "click", move |_: Event| sender.send(Message::UseOwn));
        let (sender, load) = (page.clone(), dom::by_id::<HtmlInputElement>("load")?);
        let picker = load.clone();
        dom::on(&load, "change", move |_: Event| {
            if let Some(file) = picker.files().and_then(|files| files.get(0)) {
                read(sender.clone(), file);
            }
            // So that choosing the same file again is a change.
            picker.set_value("");
        });
        listen_to_drops(page);
        Ok(panel)
    }

    /// Shows which network answers, and which others could.
    pub fn show(&self, l10n: &L10n, network: Option<&Network>, has_shipped: bool, has_own: bool) {
        dom::show(&self.own, has_own);
        self.save.set_disabled(network.is_none());
        let is_shipped = network.is_some_and(|network| matches!(network.source, Source::Shipped));
        self.shipped.set_disabled(is_shipped || !has_shipped);
        let sentence = network.map_or_else(|| l10n.text("source-none", &[]), |network| network.sentence(l10n));
        self.sources.iter().for_each(|source| dom::set_text(source, &sentence));
        let Some(network) = network else { return dom::set_text(&self.shape, "") };
        let spec = network.predictor.spec();
        let sizes = spec.sizes().iter().map(usize::to_string).collect::<Vec<_>>().join(" → ");
        let parameters = l10n::count(spec.layout().parameters as u64);
        dom::set_text(&self.shape, &l10n.text("shape", &[("sizes", sizes.into()), ("parameters", parameters.into())]));
    }
}

impl App {
    /// The network or its weights changed.
    pub(super) fn network_changed(&mut self) {
        self.files.show(&self.l10n, self.network.as_ref(), self.shipped.is_some(), self.own.is_some());
        self.show_my_digits();
        self.show_robustness();
        lessons::tell(lessons::NETWORK);
        self.show_judge();
        self.show_subject();
        self.answer_changed();
    }

    /// Has `network` answer; the one trained here is kept aside.
    pub(super) fn use_network(&mut self, network: Network) {
        let before = self.network.replace(network);
        if let Some(before) = before.filter(|before| matches!(before.source, Source::Trained { .. } | Source::Taught { .. })) {
            self.own = Some(before);
        }
        self.network_changed();
    }

    /// The one trained here, which was kept aside, answers again.
    pub(super) fn use_own(&mut self) {
        if let Some(own) = self.own.take() {
            self.use_network(own);
        }
    }

    pub(super) fn shipped_read(&mut self, file: Result<ModelFile>) {
        match file {
            Ok(file) => {
                self.shipped = Some(file);
                if self.network.is_none() {
                    self.use_shipped();
                }
                if self.run.is_none() {
                    self.phase = Phase::Ready;
                }
            }
            Err(error) => {
                self.notes.add(&self.l10n, Note::Failure(error));
                self.phase = Phase::Failed;
            }
        }
        self.run_changed();
        let sender = self.page.clone();
        let start = Closure::once_into_js(move || sender.send(Message::StartWorker));
        let timer = dom::window().set_timeout_with_callback_and_timeout_and_arguments_0(start.unchecked_ref(), IDLE);
        if let Err(error) = timer {
            web_sys::console::error_1(&error);
        }
    }

    pub(super) fn use_shipped(&mut self) {
        let Some(file) = self.shipped.clone() else { return };
        match Network::new(file, Source::Shipped) {
            Ok(network) => self.use_network(network),
            Err(error) => self.notes.add(&self.l10n, Note::Failure(error)),
        }
    }

    pub(super) fn file_read(&mut self, name: String, bytes: Result<Vec<u8>>) {
        let network =
            bytes.and_then(|bytes| model_file::decode(&bytes)).and_then(|file| Network::new(file, Source::File(name.clone())));
        match network {
            Ok(network) => {
                self.notes.clear(&self.l10n);
                self.use_network(network);
            }
            Err(error) => self.notes.add(&self.l10n, Note::File { name, error }),
        }
    }

    pub(super) fn save(&mut self) {
        let Some(network) = &self.network else { return };
        let mark = match network.about.test_accuracy {
            Some(accuracy) => format!("{:.2}", 100.0 * accuracy),
            None => String::from(js_sys::Date::new_0().to_iso_string()).chars().take(10).collect(),
        };
        let saved = model_file::encode(&network.to_file()).and_then(|bytes| save(&format!("inkling-{mark}.inkling"), &bytes));
        if let Err(error) = saved {
            self.notes.add(&self.l10n, Note::Failure(error));
        }
    }
}

fn listen_to_drops(page: &Page) {
    let body = dom::document().body();
    let mark = move |on: bool| {
        if let Some(body) = &body {
            let _ = body.class_list().toggle_with_force("dropping", on);
        }
    };
    let (over, leave, sender) = (mark.clone(), mark.clone(), page.clone());
    dom::on(&dom::window(), "dragover", move |event: DragEvent| {
        event.prevent_default();
        over(true);
    });
    dom::on(&dom::window(), "dragleave", move |_: Event| leave(false));
    dom::on(&dom::window(), "drop", move |event: DragEvent| {
        event.prevent_default();
        mark(false);
        let Some(dropped) = event.data_transfer().and_then(|data| data.files()) else { return };
        let (mut files, sender) = (data::all(&dropped), sender.clone());
        spawn_local(async move {
            match files.pop() {
                // Several are a data set; one may be a part of one.
                Some(file) if files.is_empty() && !data::is_data(&file).await => read(sender, file),
                last => data::read(sender, files.into_iter().chain(last).collect()),
            }
        });
    });
}

/// Reads a chosen file, unless it is larger than any model file.
fn read(page: Page, file: File) {
    spawn_local(async move {
        let (name, limit) = (file.name(), model_file::MAX_BYTES as f64);
        let bytes = if file.size() > limit {
            Err(Error::TooLarge { what: "the model file".into(), limit: limit as u64, got: file.size() as u64 })
        } else {
            let failed = |error: JsValue| Error::Fetch { what: file.name(), reason: describe(&error) };
            JsFuture::from(file.array_buffer()).await.map(|buffer| Uint8Array::new(&buffer).to_vec()).map_err(failed)
        };
        page.send(Message::FileRead { name, bytes });
    });
}

/// Hands `bytes` to the browser as a download.
///
/// Errors when the browser refuses.
pub fn save(name: &str, bytes: &[u8]) -> Result<()> {
    let failed = |error: JsValue| Error::Fetch { what: name.into(), reason: describe(&error) };
    let blob = Blob::new_with_u8_array_sequence(&Array::of1(&Uint8Array::from(bytes))).map_err(failed)?;
    save_blob(name, &blob)
}

/// The same with what a canvas holds, for example.
///
/// Errors when the browser refuses.
pub fn save_blob(name: &str, blob: &Blob) -> Result<()> {
    let failed = |error: JsValue| Error::Fetch { what: name.into(), reason: describe(&error) };
    let url = Url::create_object_url_with_blob(blob).map_err(failed)?;
    let link: HtmlAnchorElement = dom::document().create_element("a").map_err(failed)?.unchecked_into();
    link.set_href(&url);
    link.set_download(name);
    link.click();
    // The download may begin after this function: the address must live on for a while.
    let revoke = Closure::once_into_js(move || Url::revoke_object_url(&url));
    dom::window()
        .set_timeout_with_callback_and_timeout_and_arguments_0(revoke.unchecked_ref(), 60_000)
        .map_err(failed)
        .map(|_| ())
}
