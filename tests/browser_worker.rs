//! The session where it lives, in a dedicated worker of a real browser: commands in, events out, on both devices, and the
//! protocol through a real message port. INKLING_EXPECT_WEBGPU, set when the tests are compiled, says whether WebGPU must be
//! there (1) or must not (0).
#![cfg(target_arch = "wasm32")]

use inkling::Error;
use inkling::backend::BackendKind;
use inkling::data::Dataset;
use inkling::error::GpuReason;
use inkling::format::numbers::floats;
use inkling::nn::{Activation, ModelSpec, Optimizer};
use inkling::protocol::{Command, Event};
use inkling::train::{Data, Device, Graphics, Processor, Schedule, Session, TrainConfig};
use inkling::web::message::{pack, unpack};
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

type Heard = Rc<RefCell<Vec<(Event, Option<Vec<u8>>)>>>;

fn clock() -> f64 {
    js_sys::Date::now() / 1000.0
}

fn session<D: Device>(device: D) -> (Session<D>, Heard) {
    let heard = Heard::default();
    let outbox = Rc::clone(&heard);
    let post = move |event: Event, payload: Option<Vec<u8>>| outbox.borrow_mut().push((event, payload));
    (Session::new(Box::new(post), clock, device), heard)
}

const CONFIG: TrainConfig = TrainConfig {
    optimizer: Optimizer::Sgd,
    learning_rate: 0.5,
    schedule: Schedule::Constant,
    batch_size: 16,
    epochs: 2,
    seed: 1,
    ..TrainConfig::PLAIN
};

fn spec() -> ModelSpec {
    ModelSpec::mlp(&[9, 8, 3], Activation::Tanh).unwrap()
}

/// Whether WebGPU is here, and as expected.
async fn webgpu() -> bool {
    let (mut session, heard) = session(Graphics::new(clock));
    session.obey(Command::Probe { spec: spec(), config: CONFIG, known: None }, None).await;
    let heard = heard.take();
    let [(Event::Probed { outcome }, None)] = &heard[..] else { panic!("{heard:?}") };
    let none = Err(Error::NoGpu { reason: GpuReason::NoAdapter });
    match option_env!("INKLING_EXPECT_WEBGPU") {
        Some("1") => assert!(outcome.is_ok(), "{outcome:?}"),
        Some(_) => assert_eq!(*outcome, none),
        None => assert!(outcome.is_ok() || *outcome == none, "{outcome:?}"),
    }
    outcome.is_ok()
}

/// Which third of nine pixels is dark.
fn data() -> Data {
    let set = |images: usize, seed: u64| {
        let mut rng = fastrand::Rng::with_seed(seed);
        let labels: Vec<u8> = (0..images).map(|_| rng.u8(0..3)).collect();
        let dark = |label: u8, i: u8| if i / 3 == label { 200 } else { 0 };
        let pixels: Vec<u8> =
            labels.iter().flat_map(|&label| (0..9).map(move |i| dark(label, i))).map(|dark| dark + rng.u8(0..56)).collect();
        Dataset::new(pixels, labels, 9, 3).map(Arc::new).unwrap()
    };
    Data { training: set(360, 1), test: set(100, 2) }
}

async fn train(device: impl Device) -> (Vec<Event>, Vec<f32>) {
    let (mut session, heard) = session(device);
    session.set_data(data());
    session.obey(Command::Measure { spec: spec(), config: CONFIG }, None).await;
    session.obey(Command::Create { run: 1, spec: spec(), config: CONFIG }, None).await;
    session.obey(Command::Train { run: 1 }, None).await;
    while session.is_training() {
        session.advance().await;
    }
    let heard = heard.take();
    let weights = heard.iter().rev().find_map(|(event, payload)| match event {
        Event::Weights { .. } => payload.as_deref().map(floats),
        _ => None,
    });
    (heard.into_iter().map(|(event, _)| event).collect(), weights.unwrap())
}

fn check(events: &[Event], kind: BackendKind) {
    let [_, Event::Measured { images_per_second: Ok(rate) }, Event::Created { backend, .. }, ..] = events else {
        panic!("{events:?}")
    };
    assert!(*rate > 0 && backend.kind == kind, "{events:?}");
    let Some(Event::Finished { test, .. }) = events.last() else { panic!("{:?}", events.last()) };
    assert!(test.accuracy > 0.9, "{test:?}");
}

#[wasm_bindgen_test]
async fn both_devices_learn_the_same() {
    let (events, cpu) = train(Processor::default()).await;
    check(&events, BackendKind::Cpu);
    assert_eq!(cpu, train(Processor::default()).await.1, "the same seed on the same device gives the same bits");
    if webgpu().await {
        let (events, other) = train(Graphics::new(clock)).await;
        check(&events, BackendKind::WebGpu);
        let close = |(a, b): (&f32, &f32)| (a - b).abs() <= 1e-3 * (1.0 + b.abs());
        assert_eq!(cpu.len(), other.len());
        assert!(other.iter().zip(&cpu).all(close), "{cpu:?} {other:?}");
    }
}

#[wasm_bindgen_test]
async fn messages_cross_a_real_port_with_their_payload() {
    let channel = web_sys::MessageChannel::new().unwrap();
    let (sender, receiver) = futures_channel::oneshot::channel();
    let mut sender = Some(sender);
    let on_message = Closure::<dyn FnMut(web_sys::MessageEvent)>::new(move |message: web_sys::MessageEvent| {
        if let Some(sender) = sender.take() {
            sender.send(message.data()).unwrap();
        }
    });
    channel.port2().set_onmessage(Some(on_message.as_ref().unchecked_ref()));
    let command = Command::SetData { inputs: 9, classes: 3, training: 360, test: 100 };
    let out = pack(&command, Some(&[1, 2, 3]), &JsValue::NULL).unwrap();
    channel.port1().post_message_with_transferable(&out.message, &out.transfer).unwrap();
    let got = unpack::<Command>(&receiver.await.unwrap(), "a command").unwrap();
    assert_eq!((got.value, got.payload), (command, Some(vec![1, 2, 3])));
    assert!(unpack::<Command>(&JsValue::from_str("hello"), "a command").is_err());
}
