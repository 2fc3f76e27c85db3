//! The group of CPU workers: the leader's line to the others, and how the others follow.

use super::describe;
use super::group::SharedGroup;
use super::mailbox::Mailbox;
use super::message::{pack, unpack};
use crate::backend::Cpu;
use crate::backend::cpu::Group;
use crate::data::{Dataset, PixelsBuilder};
use crate::format::numbers::{floats, words};
use crate::nn::ModelSpec;
use crate::train::{Data, Instruction, Team, TrainConfig, Trainer};
use crate::wire::{Decode, Encode};
use crate::{Error, Result};
use js_sys::SharedArrayBuffer;
use std::sync::Arc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{MessageEvent, MessagePort};

#[wasm_bindgen]
extern "C" {
    /// js-sys has no constructor that hears of a refusal.
    #[wasm_bindgen(js_name = SharedArrayBuffer)]
    type SharedMemory;
    #[wasm_bindgen(constructor, catch, js_class = "SharedArrayBuffer")]
    fn new(bytes: f64) -> std::result::Result<SharedMemory, JsValue>;
}

/// Errors when there is not as much memory.
fn shared_memory(bytes: f64) -> std::result::Result<SharedArrayBuffer, JsValue> {
    SharedMemory::new(bytes).map(JsCast::unchecked_into)
}

/// Leader to follower.
#[derive(Encode, Decode)]
enum Order {
    /// The payload holds the initial weights, if they are given; the attachment is the group's shared memory.
    Create { spec: ModelSpec, config: TrainConfig },
    /// One of the two sets begins, training before test: its labels.
    SetData { inputs: u32 },
    /// The pixels of its next images.
    Pixels,
    /// Both sets are there.
    UseData,
    /// The payload holds image numbers, where the instruction needs them.
    Obey(Instruction),
}

/// Follower to leader, only when it fails.
#[derive(Encode, Decode)]
struct Failure(Error);

/// The leader's lines to the followers.
pub struct Followers {
    ports: Vec<MessagePort>,
    failures: Mailbox<Error>,
    _on_message: Closure<dyn FnMut(MessageEvent)>,
}

impl Followers {
    /// Takes one port for each follower.
    pub fn new(ports: Vec<MessagePort>) -> Followers {
        let failures = Mailbox::new();
        let heard = failures.clone();
        let on_message = Closure::new(move |message: MessageEvent| {
            heard.push(match unpack::<Failure>(&message.data(), "a worker's report") {
                Ok(incoming) => incoming.value.0,
                Err(error) => error,
            });
        });
        for port in &ports {
            port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
        }
        Followers { ports, failures, _on_message: on_message }
    }

    fn seats(&self) -> usize {
        self.ports.len() + 1
    }

    fn send(&self, order: &Order, payload: Option<&[u8]>, attachment: &JsValue) {
        for port in &self.ports {
            let sent = pack(order, payload, attachment).and_then(|out| {
                port.post_message_with_transferable(&out.message, &out.transfer)
                    .map_err(|error| Error::Device { reason: describe(&error) })
            });
            if let Err(error) = sent {
                self.failures.push(error);
            }
        }
    }
}

impl Team for Followers {
    fn create(&mut self, spec: &ModelSpec, config: &TrainConfig, initial: Option<&[f32]>) -> Result<Box<dyn Group>> {
        let bytes = SharedGroup::bytes(self.seats());
        let memory = shared_memory(bytes as f64)
            .map_err(|error| Error::Device { reason: format!("no memory to share: {}", describe(&error)) })?;
        while self.failures.try_next().is_some() {}
        let order = Order::Create { spec: spec.clone(), config: *config };
        self.send(&order, initial.map(bytemuck::cast_slice), &memory);
        Ok(Box::new(SharedGroup::new(&memory, 0, self.seats())))
    }

    fn set_data(&mut self, data: &Data) {
        for set in [&data.training, &data.test] {
            let order = Order::SetData { inputs: set.inputs() as u32 };
            self.send(&order, Some(set.labels()), &JsValue::NULL);
            set.pieces().for_each(|pixels| self.send(&Order::Pixels, Some(&pixels), &JsValue::NULL));
        }
        self.send(&Order::UseData, None, &JsValue::NULL);
    }

    fn instruct(&mut self, instruction: &Instruction, order: &[u32]) {
        let payload = (!order.is_empty()).then(|| bytemuck::cast_slice(order));
        self.send(&Order::Obey(instruction.clone()), payload, &JsValue::NULL);
    }

    fn failure(&mut self) -> Option<Error> {
        self.failures.try_next()
    }
}

/// Obeys the leader for as long as the worker lives.
pub async fn follow(seat: usize, seats: usize, port: MessagePort) {
    let inbox = Mailbox::new();
    let heard = inbox.clone();
    let on_message = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| heard.push(message.data()));
    port.set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    let mut follower = Follower { seat, seats, trainer: None, coming: Vec::new(), data: None };
    loop {
        if let Err(error) = follower.obey(&inbox.next().await).await {
            follower.trainer = None;
            let sent = pack(&Failure(error), None, &JsValue::NULL).map(|out| port.post_message(&out.message));
            // If even the report can't be sent, the leader notices the silence.
            let _ = sent;
        }
    }
}

struct Follower {
    seat: usize,
    seats: usize,
    trainer: Option<Trainer<Cpu>>,
    /// Sets that are not complete yet: pixels and labels.
    coming: Vec<(PixelsBuilder, Vec<u8>)>,
    data: Option<Data>,
}

impl Follower {
    async fn obey(&mut self, message: &JsValue) -> Result<()> {
        let incoming = unpack::<Order>(message, "an order")?;
        let payload = incoming.payload.unwrap_or_default();
        match incoming.value {
            Order::Create { spec, config } => {
                let memory: SharedArrayBuffer = incoming
                    .attachment
                    .dyn_into()
                    .map_err(|_| Error::Malformed { what: "an order".into(), reason: "it brings no shared memory".into() })?;
                let group = SharedGroup::new(&memory, self.seat, self.seats);
                let initial = floats(&payload);
                let initial = (!initial.is_empty()).then_some(initial.as_slice());
                let mut trainer = Trainer::new(Cpu::in_group(Box::new(group)), spec, config, initial)?;
                if let Some(data) = self.data.as_ref().filter(|data| data.fits(trainer.spec())) {
                    trainer.set_data(data)?;
                }
                self.trainer = Some(trainer);
            }
            Order::SetData { inputs } => self.coming.push((PixelsBuilder::new(inputs as usize), payload)),
            Order::Pixels => {
                if let Some((pixels, _)) = self.coming.last_mut() {
                    pixels.push(&payload);
                }
            }
            Order::UseData => {
                let sets = self.coming.drain(..).map(|(pixels, labels)| Dataset::of(pixels.finish(), labels, 256).map(Arc::new));
                let [training, test] = &sets.collect::<Result<Vec<_>>>()?[..] else { return Ok(()) };
                let data = Data { training: Arc::clone(training), test: Arc::clone(test) };
                // The leader reports what does not fit.
                if let Some(trainer) = self.trainer.as_mut().filter(|trainer| data.fits(trainer.spec())) {
                    trainer.set_data(&data)?;
                }
                self.data = Some(data);
            }
            Order::Obey(instruction) => {
                let order = words(&payload);
                if let Some(trainer) = &mut self.trainer {
                    trainer.obey(&instruction, &order).await?;
                }
            }
        }
        Ok(())
    }
}
