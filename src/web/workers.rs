//! The workers that train on one backend: starts them, sends commands to the first one, hears its events.

use super::describe;
use super::message::{pack, unpack};
use crate::backend::BackendKind;
use crate::protocol::{Command, Event};
use crate::{Error, Result};
use js_sys::{Array, Reflect};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{MessageChannel, MessageEvent, Worker, WorkerOptions, WorkerType};

/// What workers run, for errors when it did not come.
pub const PROGRAM: &str = "worker.js";

/// A bound on memory, since each worker holds the data set's ink; more than two were not measured.
const MAX_WORKERS: usize = 16;

#[wasm_bindgen]
extern "C" {
    /// Where this module was loaded from: worker.js lies beside it.
    #[wasm_bindgen(thread_local_v2, js_namespace = ["import", "meta"], js_name = url)]
    static MODULE_URL: JsValue;
}

/// A property of JavaScript's global object, or of what that property holds, and so on.
pub fn global(path: &[&str]) -> JsValue {
    path.iter().fold(js_sys::global().into(), |object, name| Reflect::get(&object, &(*name).into()).unwrap_or(JsValue::UNDEFINED))
}

/// Gigabytes (`navigator.deviceMemory`) of a device on which one worker trains unless more are asked for: of MNIST, each takes
/// some 60 MB.
const LITTLE_MEMORY: f64 = 1.0;

/// How many workers train if `wanted` are asked for, or if nobody says how many: then the cores, at most four. Where memory
/// can't be shared (the page lacks COOP and COEP headers, or the browser has no such memory) it is one, as where there is little
/// of it and nobody says how many.
pub fn workers_for(wanted: Option<usize>) -> usize {
    if why_not_shared().is_some() {
        return 1;
    }
    let cores = || global(&["navigator", "hardwareConcurrency"]).as_f64().unwrap_or(1.0) as usize;
    let usual = || if has_little_memory() { 1 } else { cores().min(4) };
    wanted.unwrap_or_else(usual).clamp(1, MAX_WORKERS)
}

/// Why one worker trains here where nobody says how many, as `data-workers-reason` says it.
pub fn why_alone() -> Option<&'static str> {
    why_not_shared().or_else(|| has_little_memory().then_some("little-memory"))
}

fn has_little_memory() -> bool {
    global(&["navigator", "deviceMemory"]).as_f64().is_some_and(|gigabytes| gigabytes <= LITTLE_MEMORY)
}

/// Why several workers can't share memory here.
fn why_not_shared() -> Option<&'static str> {
    if !global(&["crossOriginIsolated"]).is_truthy() {
        return Some("not-isolated");
    }
    // WebKitGTK isolates the page, but has no memory to share.
    (!global(&["SharedArrayBuffer"]).is_truthy()).then_some("no-shared-memory")
}

/// A leader, and its followers if there are any. Dropping it ends them.
pub struct Workers {
    leader: Worker,
    followers: Vec<Worker>,
    alive: Rc<Cell<bool>>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
    _on_error: Closure<dyn FnMut(JsValue)>,
}

impl Workers {
    /// Starts `seats` workers for a backend; `on_event` hears every event with its payload.
    ///
    /// Errors when the browser refuses to start a worker.
    pub fn start(kind: BackendKind, seats: usize, on_event: impl FnMut(Event, Option<Vec<u8>>) + 'static) -> Result<Workers> {
        let failed = |error: JsValue| Error::Device { reason: format!("a worker could not be started: {}", describe(&error)) };
        let url = MODULE_URL.with(|here| web_sys::Url::new_with_base("./worker.js", &here.as_string().unwrap_or_default()));
        let url = url.map_err(failed)?.href();
        let spawn = || {
            let options = WorkerOptions::new();
            options.set_type(WorkerType::Module);
            // By its name the worker knows which module to load: see worker.js.
            options.set_name(kind.name());
            Worker::new_with_options(&url, &options)
        };
        let leader = spawn().map_err(failed)?;
        let alive = Rc::new(Cell::new(true));
        let on_event = Rc::new(RefCell::new(on_event));
        let (heard, still) = (on_event.clone(), alive.clone());
        // One accident can be reported by each of them: the first report counts, and nothing is heard after it.
        let on_message = Closure::new(move |message: MessageEvent| {
            if !still.get() {
                return;
            }
            if let Some(reason) = message.data().as_string() {
                still.set(false);
                let error = Error::Fetch { what: PROGRAM.into(), reason };
                return (heard.borrow_mut())(Event::Failed { run: 0, error }, None);
            }
            match unpack::<Event>(&message.data(), "an event") {
                Ok(incoming) => {
                    if matches!(incoming.value, Event::Failed { error: Error::Device { .. }, .. }) {
                        still.set(false);
                    }
                    (heard.borrow_mut())(incoming.value, incoming.payload);
                }
                Err(error) => (heard.borrow_mut())(Event::Failed { run: 0, error }, None),
            }
        });
        let still = alive.clone();
        let on_error = Closure::new(move |event: JsValue| {
            if !still.replace(false) {
                return;
            }
            // A script that could not be loaded gives a plain event, without a message.
            let message = Reflect::get(&event, &"message".into()).ok().and_then(|message| message.as_string());
            let error = match message {
                Some(message) => Error::Device { reason: format!("the training worker stopped: {message}") },
                None => Error::Fetch { what: PROGRAM.into(), reason: "it did not come".into() },
            };
            (on_event.borrow_mut())(Event::Failed { run: 0, error }, None);
        });
        leader.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        leader.set_onerror(Some(on_error.as_ref().unchecked_ref()));

        // Each follower has a line to the leader. The first message tells a worker its seat: see `worker.rs`.
        let (mut followers, ports) = (Vec::new(), Array::new());
        for seat in 1..seats {
            let follower = spawn().map_err(failed)?;
            // It says at most that its program did not come.
            follower.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
            follower.set_onerror(Some(on_error.as_ref().unchecked_ref()));
            let line = MessageChannel::new().map_err(failed)?;
            let seat = Array::of3(&(seat as u32).into(), &(seats as u32).into(), &Array::of1(&line.port2()));
            follower.post_message_with_transfer(&seat, &Array::of1(&line.port2())).map_err(failed)?;
            ports.push(&line.port1());
            followers.push(follower);
        }
        let seat = Array::of3(&0.into(), &(seats as u32).into(), &ports);
        leader.post_message_with_transfer(&seat, &ports).map_err(failed)?;
        Ok(Workers { leader, followers, alive, _on_message: on_message, _on_error: on_error })
    }

    /// How many they are.
    pub fn seats(&self) -> usize {
        self.followers.len() + 1
    }

    /// Whether none of them has failed.
    pub fn alive(&self) -> bool {
        self.alive.get()
    }

    /// Sends a command with its payload.
    ///
    /// Errors when it can't be sent.
    pub fn send(&self, command: &Command, payload: Option<&[u8]>) -> Result<()> {
        self.post(command, payload, &JsValue::NULL)
    }

    /// Sends the compressed files of a folder of the site.
    ///
    /// Errors when they can't be sent.
    pub fn send_data(&self, base: &str, files: &Array) -> Result<()> {
        self.post(&Command::LoadData { base: base.into() }, None, files)
    }

    fn post(&self, command: &Command, payload: Option<&[u8]>, attachment: &JsValue) -> Result<()> {
        let out = pack(command, payload, attachment)?;
        self.leader
            .post_message_with_transfer(&out.message, &out.transfer)
            .map_err(|error| Error::Device { reason: describe(&error) })
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        self.leader.set_onmessage(None);
        self.leader.set_onerror(None);
        self.leader.terminate();
        for follower in &self.followers {
            follower.set_onmessage(None);
            follower.set_onerror(None);
            follower.terminate();
        }
    }
}
