//! The worker's one session: obeys [`Command`]s, trains in slices of time so that the next command is soon heard, and reports
//! [`Event`]s. It knows no browser: the clock, the outbox and the device are given to it, so it runs natively too.

mod report;
mod slice;

use super::instruction::Answer;
use super::probe::Watch;
use super::run::{Run, State};
use super::{Data, Device, Instruction, Snapshot, Split, TrainConfig, Trainer, teach};
use crate::data::epoch_order;
use crate::explain::neighbours::nearest;
use crate::format::numbers::{floats, words};
use crate::nn::ModelSpec;
use crate::protocol::{Command, Event};
use crate::{Error, Result, judge, robustness};

/// Where events go, each with its payload.
pub type Outbox = Box<dyn FnMut(Event, Option<Vec<u8>>)>;

/// Steps at a time in a pass over a given order: bounds what is queued on a GPU.
const ORDER_STEPS: u32 = 64;
/// The speed is taken from as many steps as last this long, in seconds; finding that number takes as long again.
const MEASURED: f64 = 0.05;
/// But no more steps than this: a clock that stands still must not stop the measurement.
const MOST_MEASURED: u32 = 4096;

/// See the module's documentation.
pub struct Session<D: Device> {
    outbox: Outbox,
    clock: fn() -> f64,
    device: D,
    data: Option<Data>,
    run: Option<Run<D::Backend>>,
    /// Looks at the weights that leave, while somebody wants to see.
    watch: Option<Watch>,
}

impl<D: Device> Session<D> {
    /// A session without a run. `clock` tells seconds.
    pub fn new(outbox: Outbox, clock: fn() -> f64, device: D) -> Session<D> {
        Session { outbox, clock, device, data: None, run: None, watch: None }
    }

    /// Sends an event without payload.
    pub fn send(&mut self, event: Event) {
        (self.outbox)(event, None);
    }

    /// Whether [`Session::advance`] has something to do.
    pub fn is_training(&self) -> bool {
        self.run.as_ref().is_some_and(|run| run.state == State::Training)
    }

    /// Obeys one command. What goes wrong is reported as [`Event::Failed`].
    pub async fn obey(&mut self, command: Command, payload: Option<Vec<u8>>) {
        let payload = payload.unwrap_or_default();
        let id = command.run();
        if id.is_some() && id != self.run.as_ref().map(|run| run.id) {
            // A command for a run that is over: the page has not heard of it yet.
            return;
        }
        let number = match &command {
            Command::Create { run, .. } => *run,
            _ => id.unwrap_or(0),
        };
        if let Err(error) = self.try_obey(command, payload).await {
            self.fail(number, error);
        }
    }

    /// Takes the data set that the page's folder holds.
    pub fn set_data(&mut self, data: Data) {
        if let Err(error) = self.try_set_data(data) {
            let run = self.run.as_ref().map_or(0, |run| run.id);
            self.fail(run, error);
        }
    }

    /// Whether the data set is there.
    pub fn has_data(&self) -> bool {
        self.data.is_some()
    }

    /// Reports again that the data set is there.
    pub fn announce_data(&mut self) {
        if let Some(data) = &self.data {
            let event = Event::DataReady { training: data.training.len() as u32, test: data.test.len() as u32 };
            self.send(event);
        }
    }

    /// Trains for one slice of time, if a run is training.
    pub async fn advance(&mut self) {
        let Some(run) = &self.run else { return };
        let id = run.id;
        let steps = run.steps_in_a_slice();
        if let Err(error) = self.train_slice(steps).await {
            self.fail(id, error);
        }
    }

    fn fail(&mut self, run: u32, error: Error) {
        if let Some(current) = &mut self.run {
            current.state = if current.id == run { State::Done } else { current.state };
        }
        self.send(Event::Failed { run, error });
    }

    async fn try_obey(&mut self, command: Command, payload: Vec<u8>) -> Result<()> {
        match command {
            Command::Probe { spec, config, known } => {
                let outcome = self.device.probe(&spec, &config, known).await;
                self.send(Event::Probed { outcome });
            }
            Command::Measure { spec, config } => {
                let images_per_second = self.measure(spec, config).await;
                self.end();
                self.send(Event::Measured { images_per_second });
            }
            Command::Create { run, spec, config } => self.create(run, spec, config, &payload).await?,
            Command::LoadData { .. } => {
                return Err(Error::State { reason: "this session can't unpack the data set by itself".into() });
            }
            Command::SetData { inputs, classes, training, test } => {
                let data = Data::from_bytes(&payload, inputs as usize, classes as usize, training as usize, test as usize)?;
                self.try_set_data(data)?;
            }
            Command::Train { .. } => {
                self.data()?;
                let run = self.current()?;
                if run.state == State::Waiting {
                    run.state = State::Training;
                }
            }
            Command::Step { .. } => {
                if self.current()?.state != State::Done {
                    self.train_slice(1).await?;
                    self.pause().await?;
                }
            }
            Command::Pause { .. } => {
                if self.current()?.state == State::Training {
                    self.pause().await?;
                }
            }
            Command::Stop { .. } => {
                if self.current()?.state != State::Done {
                    self.report(true).await?;
                    self.finish().await?;
                }
            }
            Command::SetLearningRate { learning_rate, .. } => {
                self.tell(Instruction::LearningRate(learning_rate), &[]).await?;
            }
            Command::TrainOrder { run } => {
                self.pass(&words(&payload)).await?;
                self.send_weights().await?;
                self.send(Event::Trained { run });
            }
            Command::Evaluate { run } => {
                let test = self.evaluate(Split::Test).await?;
                self.send(Event::Evaluated { run, test });
            }
            Command::Robustness { spec } => self.robustness(&spec, &floats(&payload))?,
            Command::Judge { number, spec } => {
                let judgement = judge::judge(&spec, &floats(&payload), &self.data()?.test)?;
                let (images, classes) = (judgement.images() as u32, judgement.classes() as u32);
                let event = Event::Judged { number, images, classes };
                (self.outbox)(event, Some(judgement.to_bytes()));
            }
            Command::Diagnose { on } => self.diagnose(on).await?,
            Command::Images { split, numbers } => {
                let (pixels, inputs) = self.data()?.pixels(split, &numbers)?;
                (self.outbox)(Event::Images { split, numbers, inputs: inputs as u32 }, Some(pixels));
            }
            Command::Labels { split } => {
                let labels = self.data()?.set(split).labels().to_vec();
                (self.outbox)(Event::Labels { split }, Some(labels));
            }
            Command::Neighbours { count } => {
                let data = self.data()?;
                let found = nearest(&data.training, &payload, count as usize);
                let numbers: Vec<u32> = found.iter().map(|neighbour| neighbour.number).collect();
                let (pixels, _) = data.pixels(Split::Validation, &numbers)?;
                (self.outbox)(Event::Neighbours { found }, Some(pixels));
            }
            Command::Sample { images, shuffle_labels, .. } => {
                let seed = self.current()?.config.seed;
                let sample = self.data()?.sample(images as usize, shuffle_labels.then_some(seed))?;
                self.give_data(&sample)?;
            }
            Command::Teach { run } => self.teach(run, &payload).await?,
            Command::TakeState { run } => self.take_state(run).await?,
            Command::Restore { .. } => self.restore(&payload).await?,
        }
        Ok(())
    }

    /// Sends everything that the run goes on from, unless it is over.
    async fn take_state(&mut self, id: u32) -> Result<()> {
        if self.current()?.state == State::Done {
            return Ok(());
        }
        // The page asks the less often the longer all of this takes.
        let began = (self.clock)();
        let data = self.data()?.fingerprint();
        self.note_sums(true).await?;
        if let Answer::Parameters(numbers) = self.tell(Instruction::Numbers, &[]).await? {
            let run = self.current()?;
            let (spec, config, past) = (run.trainer.spec().clone(), run.config, run.past());
            let position = run.trainer.position();
            let bytes = Snapshot { spec, config, data, position, past, numbers }.encode()?;
            let event = Event::State { run: id, step: position.step, seconds: (self.clock)() - began };
            (self.outbox)(event, Some(bytes));
        }
        Ok(())
    }

    /// Goes on from where another run was.
    async fn restore(&mut self, bytes: &[u8]) -> Result<()> {
        let Snapshot { spec, config, data, position, past, numbers } = Snapshot::decode(bytes)?;
        let run = self.current()?;
        // The rate may have been changed while it ran; the place says how it was.
        let settings = TrainConfig { learning_rate: run.config.learning_rate, ..config };
        if *run.trainer.spec() != spec || run.config != settings {
            return Err(Error::State { reason: "the kept run has other settings".into() });
        }
        if self.data()?.fingerprint() != data {
            return Err(Error::State { reason: "the kept run learned from other images".into() });
        }
        self.tell(Instruction::Restore(position), bytemuck::cast_slice(&numbers)).await?;
        self.current()?.restore(past);
        self.send_weights().await
    }

    /// One pass over these image numbers.
    async fn pass(&mut self, order: &[u32]) -> Result<()> {
        self.tell(Instruction::BeginOrder, order).await?;
        while self.current()?.trainer.steps_left() > 0 {
            self.tell(Instruction::Steps(ORDER_STEPS), &[]).await?;
            self.tell(Instruction::TakeSums, &[]).await?;
        }
        Ok(())
    }

    /// The data set, if it is there.
    fn data(&self) -> Result<Data> {
        self.data.clone().ok_or_else(|| Error::State { reason: "there are no images yet: load the data set first".into() })
    }

    fn robustness(&mut self, spec: &ModelSpec, parameters: &[f32]) -> Result<()> {
        let data = self.data()?;
        let mut place = 0..;
        robustness::measure(spec, parameters, &data.test, robustness::IMAGES, |_, score| {
            let kind = place.next().unwrap_or_default();
            (self.outbox)(Event::Robust { kind, score }, None);
        })
    }

    /// Learns from a person's drawings.
    async fn teach(&mut self, run: u32, drawings: &[u8]) -> Result<()> {
        let data = self.data()?;
        let seed = self.current()?.config.seed;
        let mixed = teach::mixed(&data, drawings, seed)?;
        let before = self.evaluate(Split::Validation).await?;
        self.give_data(&mixed)?;
        let learned = self.pass_until_learned(mixed.training.len(), seed).await;
        self.give_data(&data)?;
        learned?;
        let after = self.evaluate(Split::Validation).await?;
        self.send_weights().await?;
        self.send(Event::Taught { run, before, after });
        Ok(())
    }

    /// Passes over all images, until those in the place of the test set are read right.
    async fn pass_until_learned(&mut self, images: usize, seed: u64) -> Result<()> {
        for pass in 0..teach::PASSES {
            self.pass(&epoch_order(images, seed, pass)).await?;
            if self.evaluate(Split::Test).await?.accuracy >= teach::LEARNED {
                break;
            }
        }
        Ok(())
    }

    /// Ends the run, if there is one, and begins run `id`.
    async fn begin(&mut self, id: u32, spec: ModelSpec, config: TrainConfig, initial: Option<&[f32]>) -> Result<()> {
        self.end();
        let config = config.check()?;
        let backend = self.device.open(&spec, &config, initial).await?;
        let mut trainer = Trainer::new(backend, spec, config, initial)?;
        // Others may be there from the run before; its own come after.
        if let Some(data) = self.data.as_ref().filter(|data| data.fits(trainer.spec())) {
            trainer.set_data(data)?;
        }
        self.run = Some(Run::new(id, trainer, config));
        if let Some(watch) = &mut self.watch {
            watch.forget();
        }
        Ok(())
    }

    /// Images a second in training such a network, on the images that are there or on made-up ones.
    async fn measure(&mut self, spec: ModelSpec, config: TrainConfig) -> Result<u64> {
        let here = self.data.clone().filter(|data| data.fits(&spec));
        let is_made_up = here.is_none();
        let data = here.map_or_else(|| Data::made_up(spec.inputs(), spec.classes()), Ok)?;
        let images = data.training.len() as u32;
        self.begin(0, spec, config, None).await?;
        if is_made_up {
            self.give_data(&data)?;
        }
        let batch = config.batch_size as u32;
        // The first step is not counted: it makes everything that the later ones find ready.
        let mut steps = 0;
        loop {
            let order: Vec<u32> = (0..steps.max(1) * batch).map(|number| number % images).collect();
            self.tell(Instruction::BeginOrder, &order).await?;
            let began = (self.clock)();
            self.tell(Instruction::Steps(steps.max(1)), &[]).await?;
            self.tell(Instruction::TakeSums, &[]).await?;
            let seconds = (self.clock)() - began;
            if steps > 0 && (seconds >= MEASURED || steps >= MOST_MEASURED) {
                return Ok((f64::from(steps * batch) / seconds.max(1e-6)) as u64);
            }
            steps = (2 * steps).max(1);
        }
    }

    fn end(&mut self) {
        if let Some(run) = self.run.take() {
            self.device.take_back(run.trainer.into_backend());
        }
    }

    async fn create(&mut self, id: u32, spec: ModelSpec, config: TrainConfig, payload: &[u8]) -> Result<()> {
        let initial = (!payload.is_empty()).then(|| floats(payload));
        self.begin(id, spec, config, initial.as_deref()).await?;
        let trainer = &self.current()?.trainer;
        let (backend, parameters) = (trainer.info(), trainer.spec().layout().parameters as u64);
        self.send(Event::Created { run: id, backend, parameters });
        self.send_weights().await
    }

    fn try_set_data(&mut self, data: Data) -> Result<()> {
        self.give_data(&data)?;
        self.data = Some(data);
        self.announce_data();
        Ok(())
    }

    fn give_data(&mut self, data: &Data) -> Result<()> {
        if let Some(run) = &mut self.run {
            // A run that is over needs none, and may have had images of another size.
            if run.state != State::Done || data.fits(run.trainer.spec()) {
                run.trainer.set_data(data)?;
            }
        }
        if let Some(team) = self.device.team() {
            team.set_data(data);
        }
        Ok(())
    }

    fn current(&mut self) -> Result<&mut Run<D::Backend>> {
        self.run.as_mut().ok_or_else(|| Error::State { reason: "there is no network to train yet".into() })
    }

    /// Obeys an instruction together with the other workers.
    async fn tell(&mut self, instruction: Instruction, order: &[u32]) -> Result<Answer> {
        let run = self.run.as_mut().ok_or_else(|| Error::State { reason: "there is no network to train yet".into() })?;
        if let Some(team) = self.device.team() {
            if let Some(error) = team.failure() {
                return Err(error);
            }
            team.instruct(&instruction, order);
        }
        run.trainer.obey(&instruction, order).await
    }
}
