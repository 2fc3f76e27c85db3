//! The JavaScript library: `import init, { Network } from './inkling.js'`. Trains in workers beside the caller's page and
//! predicts at once in the caller's own thread, with its own copy of the weights.

use super::client::{Client, News, Wish};
use super::describe;
use super::mailbox::Mailbox;
use super::options::{NetworkOptions, Settings};
use crate::choice::{BackendChoice, Chosen, Why};
use crate::format::numbers::floats;
use crate::model::Predictor;
use crate::protocol::{Command, Event};
use crate::{Error, Result};
use js_sys::{Float32Array, Promise, Uint8Array, Uint32Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

/// One network, its optimizer's state and its workers.
#[wasm_bindgen]
pub struct Network {
    state: Rc<RefCell<State>>,
    replies: Mailbox<Event>,
    settings: Settings,
    client: RefCell<Option<Client>>,
}

struct State {
    predictor: Predictor,
    chosen: Option<Chosen>,
    has_data: bool,
    busy: bool,
}

/// The library makes one run for each network.
const RUN: u32 = 1;

#[wasm_bindgen]
impl Network {
    /// A network with given or drawn weights. It predicts at once; workers start with `setData`.
    #[wasm_bindgen(unchecked_return_type = "Promise<Network>")]
    pub fn create(options: NetworkOptions) -> Promise {
        match Network::new(options.as_ref()) {
            Ok(network) => Promise::resolve(&JsValue::from(network)),
            Err(error) => Promise::reject(&throw(error)),
        }
    }

    /// Gives it images (0 to 255 a pixel) and labels, and starts the workers.
    #[wasm_bindgen(js_name = setData)]
    pub async fn set_data(
        &self,
        #[wasm_bindgen(js_name = trainImages)] train_images: Uint8Array,
        #[wasm_bindgen(js_name = trainLabels)] train_labels: Uint8Array,
        #[wasm_bindgen(js_name = testImages)] test_images: Uint8Array,
        #[wasm_bindgen(js_name = testLabels)] test_labels: Uint8Array,
    ) -> std::result::Result<(), JsValue> {
        let parts = [
            ("trainImages", &train_images),
            ("trainLabels", &train_labels),
            ("testImages", &test_images),
            ("testLabels", &test_labels),
        ];
        parts.iter().try_for_each(|(name, part)| typed::<Uint8Array>(name, part, "a Uint8Array")).map_err(throw)?;
        let _busy = Busy::begin(&self.state).map_err(throw)?;
        self.check_lengths("training", &train_images, &train_labels).map_err(throw)?;
        self.check_lengths("test", &test_images, &test_labels).map_err(throw)?;
        self.start().await.map_err(throw)?;
        let command = Command::SetData {
            inputs: self.settings.spec.inputs() as u32,
            classes: self.settings.spec.classes() as u32,
            training: train_labels.length(),
            test: test_labels.length(),
        };
        let parts = [train_images, train_labels, test_images, test_labels];
        let mut payload = vec![0; parts.iter().map(|part| part.length() as usize).sum()];
        let mut at = 0;
        for part in &parts {
            let end = at + part.length() as usize;
            part.copy_to(&mut payload[at..end]);
            at = end;
        }
        self.ask(command, Some(payload)).await.map_err(throw)?;
        self.state.borrow_mut().has_data = true;
        Ok(())
    }

    /// One pass over these image numbers in mini-batches; the last one may be smaller.
    pub async fn train(&self, order: Uint32Array) -> std::result::Result<(), JsValue> {
        typed::<Uint32Array>("order", &order, "a Uint32Array").map_err(throw)?;
        let _busy = self.begin_with_data().map_err(throw)?;
        let order = bytemuck::cast_slice(&order.to_vec()).to_vec();
        self.ask(Command::TrainOrder { run: RUN }, Some(order)).await.map_err(throw)?;
        Ok(())
    }

    /// Accuracy on the test images, 0 to 1.
    pub async fn evaluate(&self) -> std::result::Result<f64, JsValue> {
        let _busy = self.begin_with_data().map_err(throw)?;
        match self.ask(Command::Evaluate { run: RUN }, None).await.map_err(throw)? {
            Event::Evaluated { test, .. } => Ok(f64::from(test.accuracy)),
            _ => Err(throw(Error::State { reason: "the worker answered something else".into() })),
        }
    }

    /// The probability of each class for one image (0 to 255 a pixel).
    #[wasm_bindgen(unchecked_return_type = "Promise<Float32Array>")]
    pub fn predict(&self, pixels: &Uint8Array) -> Promise<Float32Array> {
        if let Err(error) = typed::<Uint8Array>("pixels", pixels, "a Uint8Array") {
            return Promise::reject(&throw(error)).unchecked_into();
        }
        let mut state = self.state.borrow_mut();
        let input: Vec<f32> = pixels.to_vec().into_iter().map(crate::data::pixel_to_input).collect();
        match state.predictor.predict(&input) {
            Ok(probabilities) => Promise::resolve(&Float32Array::from(probabilities.as_slice())),
            Err(error) => Promise::reject(&throw(error)).unchecked_into(),
        }
    }

    /// The weights as they are after the last `train`.
    pub fn weights(&self) -> Float32Array {
        Float32Array::from(self.state.borrow().predictor.parameters())
    }

    /// "webgpu" or "cpu" once `setData` has started the workers, undefined before.
    #[wasm_bindgen(getter, unchecked_return_type = "\"webgpu\" | \"cpu\" | undefined")]
    pub fn backend(&self) -> Option<String> {
        self.state.borrow().chosen.as_ref().map(|chosen| chosen.backend.kind.name().into())
    }

    /// Why it is that one, where `auto` was asked for; empty if it was asked for by name.
    #[wasm_bindgen(getter, js_name = backendReason)]
    pub fn backend_reason(&self) -> Option<String> {
        self.state.borrow().chosen.as_ref().map(|chosen| chosen.why.to_string())
    }
}

impl Network {
    fn new(options: &JsValue) -> Result<Network> {
        let mut settings = Settings::read(options)?;
        let given = settings.initial_weights.take();
        let initial = given.unwrap_or_else(|| settings.spec.initialize(settings.config.seed));
        let predictor = Predictor::new(settings.spec.clone(), &initial)?;
        let state = State { predictor, chosen: None, has_data: false, busy: false };
        Ok(Network { state: Rc::new(RefCell::new(state)), replies: Mailbox::new(), settings, client: RefCell::new(None) })
    }

    fn begin_with_data(&self) -> Result<Busy> {
        if !self.state.borrow().has_data {
            return Err(Error::State { reason: "call setData before train and evaluate".into() });
        }
        Busy::begin(&self.state)
    }

    /// Each set by itself: bytes that one lacks and the other has too many would add up.
    fn check_lengths(&self, set: &str, images: &Uint8Array, labels: &Uint8Array) -> Result<()> {
        let expected = u64::from(labels.length()) * self.settings.spec.inputs() as u64;
        let got = u64::from(images.length());
        if got == expected { Ok(()) } else { Err(Error::Shape { what: format!("bytes of {set} images"), expected, got }) }
    }

    /// Starts the workers and the run, once.
    async fn start(&self) -> Result<()> {
        if self.client.borrow().is_some() {
            return Ok(());
        }
        let (state, replies) = (Rc::clone(&self.state), self.replies.clone());
        let client = Client::new(move |news| match news {
            News::Chosen(chosen) => state.borrow_mut().chosen = Some(chosen),
            News::Engine(_) => {}
            News::Event(Event::Weights { .. }, Some(bytes)) => {
                if let Err(error) = state.borrow_mut().predictor.set_parameters(&floats(&bytes)) {
                    replies.push(Event::Failed { run: RUN, error });
                }
            }
            News::Event(Event::Weights { .. }, _) => {}
            News::Event(event, _) => replies.push(event),
        });
        let Settings { spec, config, backend: choice, workers, .. } = self.settings.clone();
        let weights = bytemuck::cast_slice(self.state.borrow().predictor.parameters()).to_vec();
        client.create(RUN, Wish { choice, workers, spec, config }, Some(weights));
        *self.client.borrow_mut() = Some(client);
        let begun = match self.answer().await {
            Ok(_) => self.check_choice(choice),
            Err(error) => Err(error),
        };
        if begun.is_err() {
            *self.client.borrow_mut() = None;
            self.state.borrow_mut().chosen = None;
        }
        begun
    }

    /// Who asks for WebGPU by name wants nothing else.
    fn check_choice(&self, choice: BackendChoice) -> Result<()> {
        match &self.state.borrow().chosen {
            Some(Chosen { why: Why::NoGpu(reason), .. }) if choice == BackendChoice::WebGpu => {
                Err(Error::NoGpu { reason: reason.clone() })
            }
            _ => Ok(()),
        }
    }

    /// Sends a command and waits for its answer.
    async fn ask(&self, command: Command, payload: Option<Vec<u8>>) -> Result<Event> {
        match &*self.client.borrow() {
            Some(client) => client.send(command, payload),
            None => return Err(Error::State { reason: "the workers are not running".into() }),
        }
        self.answer().await
    }

    async fn answer(&self) -> Result<Event> {
        match self.replies.next().await {
            Event::Failed { error, .. } => Err(error),
            event => Ok(event),
        }
    }
}

/// One request at a time: answers come in the order of the questions.
struct Busy(Rc<RefCell<State>>);

impl Busy {
    fn begin(state: &Rc<RefCell<State>>) -> Result<Busy> {
        if std::mem::replace(&mut state.borrow_mut().busy, true) {
            return Err(Error::State { reason: "the network is busy: await the call before".into() });
        }
        Ok(Busy(Rc::clone(state)))
    }
}

impl Drop for Busy {
    fn drop(&mut self) {
        self.0.borrow_mut().busy = false;
    }
}

/// Types hold in Rust alone: JavaScript may have given anything.
///
/// Errors when the value is no `T`.
fn typed<T: JsCast>(name: &str, value: &JsValue, allowed: &str) -> Result<()> {
    if value.has_type::<T>() {
        return Ok(());
    }
    Err(Error::Setting { name: name.into(), value: describe(value), allowed: allowed.into() })
}

fn throw(error: Error) -> JsValue {
    js_sys::Error::new(&error.to_string()).into()
}
