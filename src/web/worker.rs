//! The worker's entry. It owns one [`Session`]: it drains its inbox, advances training by a slice of time, yields, repeats.
//! No borrow lives across an await.
//!
//! The first message tells its seat: `[seat, seats, ports]`. Seat 0 leads and talks with the page; the others follow the leader
//! over their port. A worker that computes on WebGPU is always alone.

use super::data;
use super::mailbox::Mailbox;
use super::message::{pack, unpack};
#[cfg(feature = "engine")]
use super::team::{Followers, follow};
use crate::protocol::{Command, Event};
#[cfg(feature = "gpu-engine")]
use crate::train::Graphics;
#[cfg(feature = "engine")]
use crate::train::Processor;
use crate::train::{Device, Session};
use js_sys::{Array, Reflect};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
#[cfg(feature = "engine")]
use web_sys::MessagePort;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessageEvent};

/// Which of the two builds this is.
#[cfg(feature = "engine")]
const ENGINE: &str = if cfg!(target_feature = "relaxed-simd") { "relaxed" } else { "simd128" };

/// Runs a worker that computes on the CPU, for as long as it lives. `inbox` holds the messages that came before wasm was loaded.
#[cfg(feature = "engine")]
#[wasm_bindgen(js_name = runWorker)]
pub async fn run_worker(inbox: Array) -> Result<(), JsValue> {
    let (scope, messages) = listen(&inbox)?;
    let seat: Array = messages.next().await.dyn_into()?;
    let number = |i: u32| seat.get(i).as_f64().unwrap_or(0.0) as usize;
    let ports = seat.get(2).dyn_into::<Array>()?.iter().map(JsCast::dyn_into).collect::<Result<Vec<MessagePort>, _>>()?;
    if number(0) > 0 {
        let [port] = <[MessagePort; 1]>::try_from(ports).map_err(|_| "a follower needs one port")?;
        follow(number(0), number(1), port).await;
        return Ok(());
    }
    let device = if ports.is_empty() { Processor::default() } else { Processor::leading(Box::new(Followers::new(ports))) };
    lead(scope, messages, device, ENGINE).await
}

/// Runs the worker that computes on WebGPU, for as long as it lives. `inbox` holds the messages that came before wasm was loaded.
#[cfg(feature = "gpu-engine")]
#[wasm_bindgen(js_name = runGpuWorker)]
pub async fn run_gpu_worker(inbox: Array) -> Result<(), JsValue> {
    let (scope, messages) = listen(&inbox)?;
    let _seat = messages.next().await;
    lead(scope, messages, Graphics::new(seconds), "webgpu").await
}

/// The worker's scope, and its messages from the first one on.
fn listen(inbox: &Array) -> Result<(DedicatedWorkerGlobalScope, Mailbox<JsValue>), JsValue> {
    console_error_panic_hook::set_once();
    let scope: DedicatedWorkerGlobalScope = js_sys::global().dyn_into()?;
    let messages = Mailbox::new();
    for message in inbox.iter() {
        messages.push(message);
    }
    let heard = messages.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| heard.push(message.data()));
    scope.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    on_message.forget();
    Ok((scope, messages))
}

async fn lead(
    scope: DedicatedWorkerGlobalScope,
    messages: Mailbox<JsValue>,
    device: impl Device,
    engine: &str,
) -> Result<(), JsValue> {
    let post = move |event: Event, payload: Option<Vec<u8>>| {
        let sent = pack(&event, payload.as_deref(), &JsValue::NULL)
            .map_err(|error| JsValue::from(error.to_string()))
            .and_then(|out| scope.post_message_with_transfer(&out.message, &out.transfer));
        if let Err(error) = sent {
            web_sys::console::error_1(&error);
        }
    };
    let mut session = Session::new(Box::new(post), seconds, device);
    let pause = Breath::new()?;
    session.send(Event::Started { engine: engine.into() });
    // Where the images come from that are there.
    let mut folder: Option<String> = None;
    loop {
        let message = if session.is_training() { messages.try_next() } else { Some(messages.next().await) };
        match message.map(|message| unpack::<Command>(&message, "a command")) {
            Some(Ok(incoming)) => match incoming.value {
                Command::LoadData { base } => {
                    if folder.as_ref() != Some(&base) || !session.has_data() {
                        folder = take_data(&mut session, base, &incoming.attachment).await;
                    } else {
                        session.announce_data();
                    }
                }
                command @ Command::SetData { .. } => {
                    folder = None;
                    session.obey(command, incoming.payload).await;
                }
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

/// Unpacks the files of the folder `base`, and returns it if they are good.
async fn take_data(session: &mut Session<impl Device>, base: String, files: &JsValue) -> Option<String> {
    match data::read(&Array::from(files)).await {
        Ok(data) => {
            session.set_data(data);
            Some(base)
        }
        Err(error) => {
            session.send(Event::DataRefused { base, error });
            None
        }
    }
}

fn seconds() -> f64 {
    let performance =
        Reflect::get(&js_sys::global(), &"performance".into()).ok().and_then(|p| p.dyn_into::<web_sys::Performance>().ok());
    performance.map_or_else(js_sys::Date::now, |p| p.now()) / 1000.0
}

/// Lets the event loop run once, so that messages arrive. A message channel, because timers are slowed down in hidden tabs.
struct Breath {
    channel: MessageChannel,
    taken: Mailbox<()>,
    _on_message: Closure<dyn FnMut()>,
}

impl Breath {
    fn new() -> Result<Breath, JsValue> {
        let channel = MessageChannel::new()?;
        let taken = Mailbox::new();
        let came_back = taken.clone();
        let on_message = Closure::new(move || came_back.push(()));
        channel.port1().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        Ok(Breath { channel, taken, _on_message: on_message })
    }

    async fn take(&self) {
        if self.channel.port2().post_message(&JsValue::NULL).is_ok() {
            self.taken.next().await;
        }
    }
}
