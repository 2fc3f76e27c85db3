//! The page's side of training: decides what trains, and passes commands to those workers and events back. The page and the
//! JavaScript library both train through it.
//!
//! For `auto` the decision is a race: each backend trains the network that was asked for on made-up images for a moment. The
//! result is remembered for the device, so that next time there is no race, and nothing is loaded that lost it.

use super::adapter;
use super::mailbox::Mailbox;
use super::workers::Workers;
use crate::backend::{BackendInfo, BackendKind, Tuning};
use crate::choice::{BackendChoice, Chosen, Race, Why, tuning_name};
use crate::error::GpuReason;
use crate::nn::ModelSpec;
use crate::protocol::{Command, Event};
use crate::train::TrainConfig;
use crate::{Error, Result};
use js_sys::Array;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, prelude::wasm_bindgen};
use wasm_bindgen_futures::spawn_local;

/// WebGPU has lost if it has not opened its device, proved itself and trained for a moment within this time, in milliseconds.
const PATIENCE: i32 = 3000;

/// What is to be trained, and where.
#[derive(Clone)]
pub struct Wish {
    pub choice: BackendChoice,
    /// CPU workers.
    pub workers: usize,
    pub spec: ModelSpec,
    pub config: TrainConfig,
}

/// What the client tells.
pub enum News {
    /// It is decided what trains.
    Chosen(Chosen),
    /// Which engine a worker has loaded: [`Event::Started`].
    Engine(String),
    /// A worker's event with its payload.
    Event(Event, Option<Vec<u8>>),
}

/// What the client is asked for. Requests are served one after the other.
enum Request {
    Prepare(Wish),
    Create { run: u32, wish: Wish, initial: Option<Vec<u8>> },
    Send(Command, Option<Vec<u8>>),
    SendData(String, Array),
    Distrust(Option<GpuReason>),
    End,
    Close,
}

/// What a race or a probe is waiting for.
enum Answer {
    From(BackendKind, Result<Told>),
    TimeIsUp,
    Closed,
}

/// What a worker's device has told of itself.
enum Told {
    Tuning(Tuning),
    ImagesPerSecond(u64),
}

/// The workers, whichever compute. Dropping it ends them.
pub struct Client {
    requests: Mailbox<Request>,
    answers: Mailbox<Answer>,
}

impl Client {
    /// A client without workers; `on_news` hears what happens.
    pub fn new(on_news: impl FnMut(News) + 'static) -> Client {
        let client = Client { requests: Mailbox::new(), answers: Mailbox::new() };
        let desk =
            Desk { tell: Rc::new(RefCell::new(on_news)), answers: client.answers.clone(), cpu: None, gpu: None, distrust: None };
        spawn_local(desk.serve(client.requests.clone()));
        client
    }

    /// Decides what would train it, and has the workers ready.
    pub fn prepare(&self, wish: Wish) {
        self.requests.push(Request::Prepare(wish));
    }

    /// Begins run `run`, with these weights (f32, little-endian) if they are given.
    pub fn create(&self, run: u32, wish: Wish, initial: Option<Vec<u8>>) {
        self.requests.push(Request::Create { run, wish, initial });
    }

    /// Sends a command with its payload to the workers that were decided on.
    pub fn send(&self, command: Command, payload: Option<Vec<u8>>) {
        self.requests.push(Request::Send(command, payload));
    }

    /// Sends the compressed files of a folder of the site to the workers that were decided on.
    pub fn send_data(&self, base: &str, files: Array) {
        self.requests.push(Request::SendData(base.into(), files));
    }

    /// From now on the CPU computes, for this reason; or WebGPU may again.
    pub fn distrust(&self, reason: Option<GpuReason>) {
        self.requests.push(Request::Distrust(reason));
    }

    /// Ends all workers, also one that no longer answers; the next wish starts new ones.
    pub fn end(&self) {
        self.requests.push(Request::End);
    }
}

impl Drop for Client {
    fn drop(&mut self) {
        self.answers.push(Answer::Closed);
        self.requests.push(Request::Close);
    }
}

/// Where requests are served. Between them at most one of the two groups of workers is there.
struct Desk {
    tell: Rc<RefCell<dyn FnMut(News)>>,
    answers: Mailbox<Answer>,
    cpu: Option<Workers>,
    gpu: Option<Workers>,
    /// Why WebGPU, which is there, is not used any more.
    distrust: Option<GpuReason>,
}

impl Desk {
    async fn serve(mut self, requests: Mailbox<Request>) {
        loop {
            let (run, done) = match requests.next().await {
                Request::Prepare(wish) => (0, self.choose(&wish).await),
                Request::Create { run, wish, initial } => (run, self.create(run, wish, initial).await),
                Request::Send(command, payload) => {
                    let sent = self.workers().map_or(Ok(()), |workers| workers.send(&command, payload.as_deref()));
                    (command.run().unwrap_or(0), sent)
                }
                Request::SendData(base, files) => (0, self.workers().map_or(Ok(()), |workers| workers.send_data(&base, &files))),
                Request::Distrust(reason) => {
                    self.distrust = reason;
                    (0, Ok(()))
                }
                Request::End => {
                    (self.cpu, self.gpu) = (None, None);
                    (0, Ok(()))
                }
                Request::Close => return,
            };
            if let Err(error) = done {
                (self.tell.borrow_mut())(News::Event(Event::Failed { run, error }, None));
            }
        }
    }

    async fn create(&mut self, run: u32, wish: Wish, initial: Option<Vec<u8>>) -> Result<()> {
        self.choose(&wish).await?;
        let create = Command::Create { run, spec: wish.spec, config: wish.config };
        self.workers().map_or(Ok(()), |workers| workers.send(&create, initial.as_deref()))
    }

    /// Those that were decided on.
    fn workers(&self) -> Option<&Workers> {
        self.cpu.as_ref().or(self.gpu.as_ref())
    }

    /// Decides what trains, has its workers ready, ends the others, and tells.
    async fn choose(&mut self, wish: &Wish) -> Result<()> {
        let on_cpu = |why: Why| {
            let backend = BackendInfo { kind: BackendKind::Cpu, device: wish.workers.to_string() };
            Chosen { backend, tuning: Tuning::default(), why }
        };
        let on_gpu = |adapter: &str, tuning: Tuning, why: Why| {
            let backend = BackendInfo { kind: BackendKind::WebGpu, device: adapter.into() };
            Chosen { backend, tuning, why }
        };
        let adapter = match wish.choice {
            BackendChoice::Cpu => None,
            BackendChoice::Auto | BackendChoice::WebGpu => Some(match &self.distrust {
                Some(reason) => Err(reason.clone()),
                None => adapter::name().await,
            }),
        };
        let chosen = match (wish.choice, adapter) {
            (BackendChoice::Cpu, _) | (_, None) => on_cpu(Why::Asked),
            (_, Some(Err(reason))) => on_cpu(Why::NoGpu(reason)),
            (BackendChoice::WebGpu, Some(Ok(adapter))) => match self.probe(wish, &adapter).await? {
                Ok(tuning) => on_gpu(&adapter, tuning, Why::Asked),
                Err(reason) => on_cpu(Why::NoGpu(reason)),
            },
            (BackendChoice::Auto, Some(Ok(adapter))) => match self.race(wish, &adapter).await? {
                Err(reason) => on_cpu(Why::NoGpu(reason)),
                Ok(race) if race.winner() == BackendKind::Cpu => on_cpu(Why::Race(race)),
                // A device that won on an earlier visit must still be there.
                Ok(race) => match self.probe(wish, &adapter).await? {
                    Ok(tuning) => on_gpu(&adapter, tuning, Why::Race(race)),
                    Err(reason) => on_cpu(Why::NoGpu(reason)),
                },
            },
        };
        match chosen.backend.kind {
            BackendKind::Cpu => {
                self.gpu = None;
                self.cpu(wish.workers)?;
            }
            BackendKind::WebGpu => self.cpu = None,
        }
        (self.tell.borrow_mut())(News::Chosen(chosen));
        Ok(())
    }

    /// How the graphics device is tuned, which is then remembered, if it opens and proves itself.
    async fn probe(&mut self, wish: &Wish, adapter: &str) -> Result<std::result::Result<Tuning, GpuReason>> {
        let name = tuning_name(adapter, &wish.spec, &wish.config);
        let known = recall(&name).and_then(|text| Tuning::parse(&text));
        self.gpu()?.send(&Command::Probe { spec: wish.spec.clone(), config: wish.config, known }, None)?;
        loop {
            match self.answer_from(BackendKind::WebGpu).await? {
                Some(Ok(Told::Tuning(tuning))) => {
                    remember(&name, &tuning.to_text());
                    return Ok(Ok(tuning));
                }
                Some(Err(error)) => return Ok(Err(error.into())),
                Some(Ok(Told::ImagesPerSecond(_))) | None => {}
            }
        }
    }

    /// The race's result, remembered or measured.
    async fn race(&mut self, wish: &Wish, adapter: &str) -> Result<std::result::Result<Race, GpuReason>> {
        let name = Race::name(adapter, wish.workers, &wish.spec, &wish.config);
        if let Some(race) = recall(&name).and_then(|result| Race::remembered(adapter, wish.workers, &result)) {
            return Ok(Ok(race));
        }
        let measure = Command::Measure { spec: wish.spec.clone(), config: wish.config };
        // One after the other: together they would slow each other down.
        self.cpu(wish.workers)?.send(&measure, None)?;
        let cpu = loop {
            if let Some(Told::ImagesPerSecond(rate)) = self.answer_from(BackendKind::Cpu).await?.transpose()? {
                break rate;
            }
        };
        self.gpu()?.send(&measure, None)?;
        let answers = self.answers.clone();
        let _alarm = Alarm::after(PATIENCE, move || answers.push(Answer::TimeIsUp));
        let webgpu = loop {
            match self.answer_from(BackendKind::WebGpu).await? {
                Some(Ok(Told::ImagesPerSecond(rate))) => break Some(rate),
                Some(Ok(Told::Tuning(_))) => {}
                Some(Err(error)) => return Ok(Err(error.into())),
                None => break None,
            }
        };
        let race = Race { adapter: adapter.into(), workers: wish.workers, cpu, webgpu, remembered: false };
        remember(&name, &race.result());
        Ok(Ok(race))
    }

    /// What a worker answers to `Probe` or `Measure`; `None` when time is up.
    ///
    /// Errors when the client is closed.
    async fn answer_from(&self, kind: BackendKind) -> Result<Option<Result<Told>>> {
        loop {
            match self.answers.next().await {
                Answer::From(who, told) if who == kind => return Ok(Some(told)),
                Answer::From(..) => {}
                Answer::TimeIsUp => return Ok(None),
                // Nobody hears this error.
                Answer::Closed => return Err(Error::State { reason: "the client was closed".into() }),
            }
        }
    }

    /// The CPU's workers; starts them unless so many are running.
    fn cpu(&mut self, seats: usize) -> Result<&Workers> {
        let running = self.cpu.take().filter(|workers| workers.alive() && workers.seats() == seats);
        let workers = running.map_or_else(|| self.start(BackendKind::Cpu, seats), Ok)?;
        Ok(self.cpu.insert(workers))
    }

    /// WebGPU's worker; starts it unless it is running.
    fn gpu(&mut self) -> Result<&Workers> {
        let running = self.gpu.take().filter(Workers::alive);
        let workers = running.map_or_else(|| self.start(BackendKind::WebGpu, 1), Ok)?;
        Ok(self.gpu.insert(workers))
    }

    fn start(&self, kind: BackendKind, seats: usize) -> Result<Workers> {
        let (tell, answers) = (self.tell.clone(), self.answers.clone());
        Workers::start(kind, seats, move |event, payload| match event {
            Event::Started { engine } => (tell.borrow_mut())(News::Engine(engine)),
            Event::Probed { outcome } => answers.push(Answer::From(kind, outcome.map(Told::Tuning))),
            Event::Measured { images_per_second } => {
                answers.push(Answer::From(kind, images_per_second.map(Told::ImagesPerSecond)))
            }
            Event::Failed { run: 0, error } if answers.is_awaited() => answers.push(Answer::From(kind, Err(error))),
            event => (tell.borrow_mut())(News::Event(event, payload)),
        })
    }
}

fn recall(name: &str) -> Option<String> {
    web_sys::window()?.local_storage().ok()??.get_item(name).ok()?
}

/// Where storage is off, the next visit measures again.
fn remember(name: &str, result: &str) {
    if let Some(Ok(Some(storage))) = web_sys::window().map(|window| window.local_storage()) {
        let _ = storage.set_item(name, result);
    }
}

#[wasm_bindgen]
extern "C" {
    /// The same in a page and in a worker.
    #[wasm_bindgen(js_name = setTimeout)]
    fn set_timeout(callback: &js_sys::Function, milliseconds: i32) -> f64;
    #[wasm_bindgen(js_name = clearTimeout)]
    fn clear_timeout(timer: f64);
}

/// Rings once, unless it is dropped before.
struct Alarm {
    timer: f64,
    _ring: Closure<dyn FnMut()>,
}

impl Alarm {
    fn after(milliseconds: i32, ring: impl FnMut() + 'static) -> Alarm {
        let ring = Closure::<dyn FnMut()>::new(ring);
        Alarm { timer: set_timeout(ring.as_ref().unchecked_ref(), milliseconds), _ring: ring }
    }
}

impl Drop for Alarm {
    fn drop(&mut self) {
        clear_timeout(self.timer);
    }
}
