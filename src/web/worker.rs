//! The worker's entry. It owns one [`Session`]: it drains its inbox, advances training by a slice of time, yields, repeats.
//! No borrow lives across an await.
//!
//! The first message tells its seat: `[seat, seats, ports]`. Seat 0 leads and talks with the page; the others follow the leader
//! over their port.

use super::data;
use super::mailbox::Mailbox;
use super::message::{pack, unpack};
use super::team::{Followers, follow};
use crate::error::GpuReason;
use crate::protocol::{Command, Event};
use crate::train::{Session, Team};
use futures_channel::oneshot;
use js_sys::{Array, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent, MessagePort};

/// Runs the worker for as long as it lives. `inbox` holds the messages that came before wasm was loaded.
#[wasm_bindgen(js_name = runWorker)]
pub async fn run_worker(inbox: Array) -> Result<(), JsValue> {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    let messages = Mailbox::new();
    for message in inbox.iter() {
        messages.push(message);
    }
    let heard = messages.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| heard.push(message.data()));
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));

    let seat: Array = messages.next().await.dyn_into()?;
    let number = |i: u32| seat.get(i).as_f64().unwrap_or(0.0) as usize;
    let ports = seat.get(2).dyn_into::<Array>()?.iter().map(JsCast::dyn_into).collect::<Result<Vec<MessagePort>, _>>()?;
    if number(0) > 0 {
        let [port] = <[MessagePort; 1]>::try_from(ports).map_err(|_| "a follower needs one port")?;
        follow(number(0), number(1), port).await;
        return Ok(());
    }
    let team = (!ports.is_empty()).then(|| Box::new(Followers::new(ports)) as Box<dyn Team>);
    lead(scope, messages, team).await
}

async fn lead(scope: DedicatedWorkerGlobalScope, messages: Mailbox<JsValue>, team: Option<Box<dyn Team>>) -> Result<(), JsValue> {
    let post = move |event: Event, payload: Option<Vec<u8>>| {
        let sent = pack(&event, payload.as_deref(), &JsValue::NULL)
            .map_err(|error| JsValue::from(error.to_string()))
            .and_then(|out| scope.post_message_with_transfer(&out.message, &out.transfer));
        if let Err(error) = sent {
            web_sys::console::error_1(&error);
        }
    };
    let mut session = Session::new(Box::new(post), seconds, gpu_blocked(), team);
    let pause = Breath::new()?;
    session.send(Event::Started);
    loop {
        let message = if session.is_training() { messages.try_next() } else { Some(messages.next().await) };
        match message.map(|message| unpack::<Command>(&message, "a command")) {
            Some(Ok(incoming)) => match incoming.value {
                Command::LoadData { base } => load_data(&mut session, &base).await,
                command => session.obey(command, incoming.payload).await,
            },
            Some(Err(error)) => session.send(Event::Failed { run: 0, error }),
            None => {
                session.advance().await;
                pause.take().await;
            }
        }
    }
}

async fn load_data(session: &mut Session, base: &str) {
    if session.has_data() {
        return session.announce_data();
    }
    let loaded = data::load(base, |loaded, total| session.send(Event::DataProgress { loaded, total })).await;
    match loaded {
        Ok(data) => session.set_data(data),
        Err(error) => session.send(Event::Failed { run: 0, error }),
    }
}

fn seconds() -> f64 {
    let performance =
        Reflect::get(&js_sys::global(), &"performance".into()).ok().and_then(|p| p.dyn_into::<web_sys::Performance>().ok());
    performance.map_or_else(js_sys::Date::now, |p| p.now()) / 1000.0
}

/// What wgpu can't tell: that the page is not secure, or that the browser has no WebGPU.
fn gpu_blocked() -> Option<GpuReason> {
    let get = |object: &JsValue, name: &str| Reflect::get(object, &name.into()).unwrap_or(JsValue::UNDEFINED);
    let global: JsValue = js_sys::global().into();
    if !get(&global, "isSecureContext").is_truthy() {
        return Some(GpuReason::InsecurePage);
    }
    if !get(&get(&global, "navigator"), "gpu").is_truthy() {
        return Some(GpuReason::NoApi);
    }
    None
}

/// Lets the event loop run once, so that messages arrive. A message channel, because timers are slowed down in hidden tabs.
struct Breath {
    channel: MessageChannel,
    waiting: Mailbox<oneshot::Sender<()>>,
    _on_message: Closure<dyn FnMut()>,
}

impl Breath {
    fn new() -> Result<Breath, JsValue> {
        let channel = MessageChannel::new()?;
        let waiting: Mailbox<oneshot::Sender<()>> = Mailbox::new();
        let woken = waiting.clone();
        let on_message = Closure::new(move || {
            if let Some(waiting) = woken.try_next() {
                // Nobody waits any more: nothing to do.
                let _ = waiting.send(());
            }
        });
        channel.port1().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Ok(Breath { channel, waiting, _on_message: on_message })
    }

    async fn take(&self) {
        let (sender, receiver) = oneshot::channel();
        self.waiting.push(sender);
        if self.channel.port2().post_message(&JsValue::NULL).is_ok() {
            let _ = receiver.await;
        }
    }
}
