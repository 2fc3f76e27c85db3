//! The page. Every panel owns one section of index.html: it listens and draws, and computes nothing. Whatever happens
//! becomes a [`Message`]; [`App`] holds the state and answers messages one at a time, so that nothing is borrowed twice.
//!
//! ```text
//! pointer, buttons, fields, files, worker, clock --Message--> App --show--> panels
//! ```

mod app;
mod augmented;
mod bars;
mod build;
mod calibration;
mod canvas;
mod card;
mod chart;
mod code;
mod confusion;
mod data;
mod diagnosis;
mod downloads;
mod draw;
mod files;
mod gallery;
mod inside;
mod judge;
mod keep;
mod kept_files;
mod lessons;
mod link;
mod my_digits;
mod network;
mod notes;
mod numbers;
mod panels;
mod recovery;
mod repeat;
mod result;
mod robustness;
mod run;
mod runs;
mod runs_table;
mod seen;
mod settings;
mod share;
mod sheet;
mod signed;
mod speed;
mod status;
mod steps;
mod subject;
mod term;
mod time;
mod train;
mod training;

use crate::format::model_file::ModelFile;
use crate::settings::Settings;
use crate::view::PageView;
use crate::web::download::Bell;
use crate::web::{News, dom, fetch, l10n};
use crate::{Error, Result};
use app::App;
use l10n::{L10n, Language};
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::spawn_local;

/// Everything that can happen.
enum Message {
    /// The pen touched the square, moved, and left it. Points are shares of the square's side.
    StrokeBegan([f32; 2]),
    StrokeMoved(Vec<[f32; 2]>),
    StrokeEnded,
    Undo,
    Clear,
    /// It is time to paint.
    Frame,
    /// Sizes or colors changed.
    Repaint,
    Control(train::Control),
    Setting {
        name: &'static str,
        value: String,
    },
    /// The shipped network has come, or not.
    ShippedRead(Result<ModelFile>),
    Download(downloads::Action),
    FileRead {
        name: String,
        bytes: Result<Vec<u8>>,
    },
    Data(data::Action),
    Keep(keep::Action),
    Save,
    TestRobustness,
    Judge(judge::Action),
    Inside(inside::Action),
    Time(time::Action),
    MyDigits(my_digits::Action),
    Steps(steps::Action),
    Link(link::Action),
    Chart(chart::Action),
    Runs(runs::Action),
    /// Copy the run's result as text; it was copied, or it is this text that could not be.
    Copy,
    Copied(std::result::Result<(), String>),
    /// Save the result as a picture.
    SaveCard,
    /// Somebody opened, or closed, the same network as code; copied it, or could not.
    ShowCode,
    CodeCopied(bool),
    UseShipped,
    UseOwn,
    /// The page is drawn and idle: the worker may be loaded.
    StartWorker,
    /// Another second.
    Tick,
    Worker(News),
    Language(Language),
    LanguageRead(Result<L10n>),
    CloseNotes,
    /// A lesson asks for the drawing, or the network.
    Asked(js_sys::Object),
    /// Somebody can see the inside of this panel now.
    PanelShown(&'static str),
}

/// Where messages are sent. Panels and callbacks hold clones of it.
#[derive(Clone, Default)]
struct Page {
    app: Rc<RefCell<Option<App>>>,
    inbox: Rc<RefCell<VecDeque<Message>>>,
    /// Rung when downloads that wait shall go on.
    bell: Bell,
}

impl Page {
    /// Has the app answer the message: at once, or, if it is just answering another one or is not there yet, right after.
    fn send(&self, message: Message) {
        self.inbox.borrow_mut().push_back(message);
        let Ok(mut app) = self.app.try_borrow_mut() else { return };
        let Some(app) = app.as_mut() else { return };
        let next = || self.inbox.borrow_mut().pop_front();
        while let Some(message) = next() {
            app.update(message);
        }
    }
}

/// Starts the page.
pub fn run() {
    dom::show_panics("stopped");
    spawn_local(async {
        if let Err(error) = start().await {
            dom::show_broken("stopped", &error.to_string());
        }
    });
}

async fn start() -> Result<()> {
    let page = Page::default();
    // On its way while the messages load; the inbox keeps it.
    let sender = page.clone();
    spawn_local(async move { sender.send(Message::ShippedRead(downloads::shipped(&sender).await)) });

    let sender = page.clone();
    spawn_local(async move {
        // Without the list the page finds out when it asks for the images.
        if let Ok(names) = fetch::fetch_text("./data-sets.txt").await {
            sender.send(Message::Data(data::Action::Present(names.lines().map(String::from).collect())));
        }
    });

    let address = dom::address();
    let (settings, mut problems) = Settings::from_address(&address);
    let (view, unknown) = PageView::from_address(&address);
    problems.extend(unknown);
    let asked = address.iter().find(|(name, _)| name == "lang").map(|(_, tag)| Language::parse(tag));
    let is_asked = asked.is_some();
    problems.extend(asked.and_then(Result::err));
    let l10n = L10n::load(Language::of_page()).await?;
    let app = App::new(&page, settings, view, l10n, is_asked, problems)?;
    page.app.replace(Some(app));
    lessons::tell_images(&JsValue::NULL);
    term::listen()?;
    let sender = page.clone();
    let tick = Closure::<dyn FnMut()>::new(move || sender.send(Message::Tick));
    let ticking = dom::window().set_interval_with_callback_and_timeout_and_arguments_0(tick.as_ref().unchecked_ref(), 1000);
    ticking.map_err(|error| Error::State { reason: crate::web::describe(&error) })?;
    tick.forget();
    page.send(Message::Repaint);
    Ok(())
}
