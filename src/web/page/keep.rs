//! `#kept`: nothing is lost. While a network trains, what the run goes on from is kept now and then; a page that finds a run
//! which nobody trains any more offers to go on with it. The network that was trained last stays, too.

use super::app::App;
use super::l10n::{L10n, count};
use super::network::{Network, Source};
use super::notes::Note;
use super::run::{Phase, Run};
use super::{Message, Page, dom};
use crate::format::model_file;
use crate::kept_run::{self, About, KeptRun};
use crate::protocol::Command;
use crate::settings::Settings;
use crate::stopwatch::Stopwatch;
use crate::web::store;
use crate::wire;
use crate::{Error, Result};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{BroadcastChannel, Element, Event, MessageEvent};

/// Runs are kept under this and a number of the page's own: tabs do not overwrite each other's.
const RUN: &str = "run/";
const NETWORK: &str = "network";
/// Pages ask each other here which runs they train.
const CHANNEL: &str = "inkling-runs";
/// How long a page has to answer, in milliseconds.
const PATIENCE: i32 = 300;
/// A run is kept so often, in seconds: in a hundred times the time that it takes, so that it costs less than 1 %, within these
/// bounds.
const EVERY: (f64, f64) = (1.0, 4.0);

/// What is kept, or was.
pub enum Action {
    /// It is kept now, or not.
    Kept(Result<()>),
    /// A run that nobody trains any more.
    Found(String, Box<KeptRun>),
    /// The network that was trained last.
    Network(Vec<u8>),
    Continue,
    Discard,
}

/// See the module's documentation.
pub struct Panel {
    root: Element,
    text: Element,
    /// What this page's run is kept as.
    name: Rc<RefCell<String>>,
    /// Whether the worker was asked, or its answer is being written.
    busy: bool,
    /// When to ask again, as [`dom::seconds`].
    due: f64,
    /// The browser keeps nothing: said once.
    refused: bool,
    found: Option<(String, Box<KeptRun>)>,
    _listener: Option<Listener>,
}

impl Panel {
    /// Looks for a run that was interrupted, and for the network that was trained last.
    ///
    /// Errors when index.html lacks an element.
    pub fn new(page: &Page) -> Result<Panel> {
        for (id, action) in [("kept-continue", (|| Action::Continue) as fn() -> Action), ("kept-discard", || Action::Discard)] {
            let (button, sender): (Element, _) = (dom::by_id(id)?, page.clone());
            dom::on(&button, "click", move |_: Event| sender.send(Message::Keep(action())));
        }
        let name = Rc::new(RefCell::new(format!("{RUN}{:x}", (js_sys::Math::random() * 1e15) as u64)));
        look(page);
        Ok(Panel {
            root: dom::by_id("kept")?,
            text: dom::by_id("kept-text")?,
            _listener: answer_others(page, &name),
            name,
            busy: false,
            due: 0.0,
            refused: false,
            found: None,
        })
    }

    /// Writes the offer, which waits while another run is under way.
    pub fn show(&self, l10n: &L10n, is_free: bool) {
        if let Some((_, kept)) = &self.found {
            let About { progress, epochs, .. } = &kept.about;
            let epoch = (progress.epoch + 1).min(*epochs);
            let args = [("epoch", epoch.into()), ("epochs", (*epochs).into()), ("step", count(progress.step).into())];
            dom::set_text(&self.text, &l10n.text("kept-text", &args));
        }
        dom::show(&self.root, is_free && self.found.is_some());
    }
}

/// A line to other pages, and who listens there.
type Listener = (BroadcastChannel, Closure<dyn FnMut(MessageEvent)>);

/// Tells other pages what this one trains.
fn answer_others(page: &Page, name: &Rc<RefCell<String>>) -> Option<Listener> {
    let channel = BroadcastChannel::new(CHANNEL).ok()?;
    let (own, out, page) = (Rc::clone(name), channel.clone(), page.clone());
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let trains = page.app.try_borrow().is_ok_and(|app| app.as_ref().is_some_and(App::has_a_run));
        if trains && message.data().as_string().is_some_and(|asked| asked == *own.borrow()) {
            let _ = out.post_message(&wasm_bindgen::JsValue::TRUE);
        }
    });
    channel.set_onmessage(Some(listener.as_ref().unchecked_ref()));
    Some((channel, listener))
}

/// Whether another page trains the run of that name.
async fn is_trained(name: &str) -> bool {
    let Ok(channel) = BroadcastChannel::new(CHANNEL) else { return false };
    let answered = js_sys::Promise::new(&mut |resolve, _| {
        let _ = dom::window().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, PATIENCE);
        channel.set_onmessage(Some(&resolve));
    });
    let _ = channel.post_message(&name.into());
    // The timer brings nothing, the other page a message; a third page's question is a text.
    let answer = JsFuture::from(answered).await;
    channel.close();
    answer.is_ok_and(|answer| answer.dyn_into::<MessageEvent>().is_ok_and(|message| message.data().as_bool() == Some(true)))
}

/// Finds the newest run that nobody trains, and the network that was trained last. What can't be read is forgotten.
fn look(page: &Page) {
    let page = page.clone();
    spawn_local(async move {
        if let Ok(Some(bytes)) = store::get(NETWORK).await {
            page.send(Message::Keep(Action::Network(bytes)));
        }
        let mut newest: Option<(String, Box<KeptRun>)> = None;
        for name in store::names(RUN).await.unwrap_or_default() {
            if is_trained(&name).await {
                continue;
            }
            let Ok(Some(bytes)) = store::get(&name).await else { continue };
            match kept_run::decode(&bytes) {
                Ok(kept) if newest.as_ref().is_none_or(|(_, newest)| newest.about.at < kept.about.at) => {
                    newest = Some((name, Box::new(kept)));
                }
                Ok(_) => {}
                Err(_) => drop(store::delete(&name).await),
            }
        }
        if let Some((name, kept)) = newest {
            page.send(Message::Keep(Action::Found(name, kept)));
        }
    });
}

impl App {
    /// Whether a run is under way that would be lost.
    pub(super) fn has_a_run(&self) -> bool {
        matches!(self.phase, Phase::Loading | Phase::Training | Phase::Paused) && self.run.is_some()
    }

    /// Something was kept, or found.
    pub(super) fn keep(&mut self, action: Action) {
        match action {
            Action::Kept(outcome) => {
                self.keeping.busy = false;
                if let Err(error) = outcome {
                    self.keeping_refused(error);
                }
            }
            Action::Found(name, kept) => {
                self.keeping.found = Some((name, kept));
                self.run_changed();
            }
            Action::Network(bytes) => {
                if self.own.is_none() && self.run.is_none() {
                    self.own = recalled(&bytes).ok();
                    self.network_changed();
                }
            }
            Action::Continue => {
                if let Some((name, kept)) = self.keeping.found.take() {
                    self.continue_run(name, *kept);
                }
                self.run_changed();
            }
            Action::Discard => {
                if let Some((name, _)) = self.keeping.found.take() {
                    spawn_local(async move { drop(store::delete(&name).await) });
                }
                self.run_changed();
            }
        }
    }

    fn keeping_refused(&mut self, error: Error) {
        if !std::mem::replace(&mut self.keeping.refused, true) {
            self.notes.add(&self.l10n, Note::NotKept(error));
        }
    }

    /// Goes on with a run of an earlier visit, under its name, so that it is not lost before it is kept again.
    fn continue_run(&mut self, name: String, kept: KeptRun) {
        let KeptRun { about, history, snapshot } = kept;
        let (settings, problems) = Settings::from_address(&dom::parameters(&about.settings));
        if let Some(error) = problems.into_iter().next() {
            return self.notes.add(&self.l10n, Note::Failure(error));
        }
        self.use_settings(settings.clone());
        self.begin(settings, false);
        if !matches!(self.phase, Phase::Loading) {
            return;
        }
        let Some(run) = &mut self.run else { return };
        *run = Run {
            rate_changed: about.rate_changed,
            progress: about.progress,
            validation: about.validation,
            history,
            stopwatch: Stopwatch::at(about.seconds),
            preparing: about.preparing,
            kept: Some(snapshot),
            ..Run::new(run.id, run.settings.clone(), false, 0.0)
        };
        self.keeping.name.replace(name);
        self.chart_changed();
        self.run_changed();
    }

    /// Asks for what the run goes on from, if it is time for it or it has to be `now`.
    pub(super) fn keep_run(&mut self, now: bool) {
        let Some(run) = self.run.as_ref().filter(|run| run.progress.step > 0) else { return };
        if self.keeping.busy || !now && dom::seconds() < self.keeping.due {
            return;
        }
        self.keeping.busy = true;
        self.client.send(Command::TakeState { run: run.id }, None);
    }

    /// Keeps what the worker says the run goes on from.
    pub(super) fn keep_state(&mut self, seconds: f64, snapshot: &[u8]) {
        let now = dom::seconds();
        self.keeping.due = now + (100.0 * seconds).clamp(EVERY.0, EVERY.1);
        let is_kept = !self.keeping.refused && matches!(self.phase, Phase::Training | Phase::Paused);
        let Some(run) = self.run.as_ref().filter(|_| is_kept) else {
            self.keeping.busy = false;
            return;
        };
        let about = About {
            settings: run.settings.to_query(),
            rate_changed: run.rate_changed,
            epochs: run.settings.epochs,
            progress: run.progress,
            validation: run.validation,
            seconds: run.stopwatch.seconds(now),
            preparing: run.preparing,
            at: js_sys::Date::now(),
        };
        let bytes = kept_run::encode(&about, &run.history, snapshot);
        let (page, name) = (self.page.clone(), self.keeping.name.borrow().clone());
        spawn_local(async move {
            let outcome = match bytes {
                Ok(bytes) => store::put(&name, &bytes).await,
                Err(error) => Err(error),
            };
            // The run may have ended meanwhile.
            if page.app.try_borrow().is_ok_and(|app| app.as_ref().is_some_and(|app| !app.has_a_run())) {
                let _ = store::delete(&name).await;
            }
            page.send(Message::Keep(Action::Kept(outcome)));
        });
    }

    /// Another run begins: answers about the one before no longer come.
    pub(super) fn begin_keeping(&mut self) {
        (self.keeping.busy, self.keeping.due) = (false, 0.0);
    }

    /// The run is over: nothing of it is to be gone on with.
    pub(super) fn forget_kept_run(&mut self) {
        self.keeping.busy = false;
        let name = self.keeping.name.borrow().clone();
        spawn_local(async move { drop(store::delete(&name).await) });
    }

    /// Keeps the network that was trained here, for the next visit.
    pub(super) fn keep_network(&mut self) {
        let Some(network) = self.trained() else { return };
        let Source::Trained { step, epoch } = network.source else { return };
        let bytes = wire::encode(&(step, epoch)).and_then(|place| {
            let mut bytes = vec![place.len() as u8];
            bytes.extend(place);
            bytes.extend(model_file::encode(&network.to_file())?);
            Ok(bytes)
        });
        let page = self.page.clone();
        spawn_local(async move {
            let outcome = match bytes {
                Ok(bytes) => store::put(NETWORK, &bytes).await,
                Err(error) => Err(error),
            };
            page.send(Message::Keep(Action::Kept(outcome)));
        });
    }
}

/// The network that [`App::keep_network`] kept.
fn recalled(bytes: &[u8]) -> Result<Network> {
    let what = "a kept network";
    let cut = || Error::Malformed { what: what.into(), reason: "it ends too soon".into() };
    let (len, rest) = bytes.split_first().ok_or_else(cut)?;
    let (place, file) = rest.split_at_checked((*len).into()).ok_or_else(cut)?;
    let (step, epoch) = wire::decode(place, what)?;
    Network::new(model_file::decode(file)?, Source::Trained { step, epoch })
}
