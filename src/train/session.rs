//! The worker's one session: obeys [`Command`]s, trains in slices of time so that the next command is soon heard, and reports
//! [`Event`]s. It knows no browser: the clock, the outbox and the other workers are given to it, so it runs natively too.

use super::engine::Answer;
use super::evaluations::steps_to_evaluation;
use super::run::{Run, State, TAIL};
use super::{Data, Engine, Instruction, Split, Team, TrainConfig, Trainer};
use crate::backend::gpu::self_test;
use crate::backend::{BackendKind, Cpu, Gpu};
use crate::error::GpuReason;
use crate::format::numbers::{floats, words};
use crate::nn::ModelSpec;
use crate::protocol::{BackendChoice, Command, Evaluation, Event, decide};
use crate::{Error, Result};

/// Where events go, each with its payload.
pub type Outbox = Box<dyn FnMut(Event, Option<Vec<u8>>)>;

/// Steps at a time in a pass over a given order: bounds what is queued on a GPU.
const ORDER_STEPS: u32 = 64;

/// See the module's documentation.
pub struct Session {
    outbox: Outbox,
    clock: fn() -> f64,
    /// Why WebGPU can't even be asked for, if so.
    gpu_blocked: Option<GpuReason>,
    /// What the probe found; the device is kept between runs.
    gpu: Option<std::result::Result<String, GpuReason>>,
    idle_gpu: Option<Gpu>,
    team: Option<Box<dyn Team>>,
    data: Option<Data>,
    run: Option<Run>,
}

impl Session {
    /// A session without a run. `clock` tells seconds; `gpu_blocked` says why WebGPU can't even be asked for, if so; `team` are
    /// the other CPU workers, if any.
    pub fn new(outbox: Outbox, clock: fn() -> f64, gpu_blocked: Option<GpuReason>, team: Option<Box<dyn Team>>) -> Session {
        Session { outbox, clock, gpu_blocked, gpu: None, idle_gpu: None, team, data: None, run: None }
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
            let event = Event::DataReady {
                training: data.learning_images() as u32,
                validation: data.validation_images() as u32,
                test: data.test.len() as u32,
            };
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
            Command::Probe => {
                let webgpu = self.probe().await;
                self.send(Event::Backends { webgpu });
            }
            Command::Create { run, spec, config, backend } => self.create(run, spec, config, backend, &payload).await?,
            Command::LoadData { .. } => {
                return Err(Error::State { reason: "this session can't fetch the data set by itself".into() });
            }
            Command::SetData { inputs, classes, training, test } => {
                let data = Data::from_bytes(&payload, inputs as usize, classes as usize, training as usize, test as usize)?;
                self.try_set_data(data)?;
            }
            Command::Train { .. } => {
                if self.data.is_none() {
                    return Err(Error::State { reason: "there are no images yet: load the data set first".into() });
                }
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
                let order = words(&payload);
                self.tell(Instruction::BeginOrder, &order).await?;
                while self.current()?.engine.steps_left() > 0 {
                    self.tell(Instruction::Steps(ORDER_STEPS), &[]).await?;
                    self.tell(Instruction::TakeSums, &[]).await?;
                }
                self.send_weights().await?;
                self.send(Event::Trained { run });
            }
            Command::Evaluate { run } => {
                let test = self.evaluate(Split::Test).await?;
                self.send(Event::Evaluated { run, test });
            }
        }
        Ok(())
    }

    /// The adapter's name if WebGPU is there and computes what the CPU computes; asked once.
    async fn probe(&mut self) -> std::result::Result<String, GpuReason> {
        if let Some(found) = &self.gpu {
            return found.clone();
        }
        let found = match &self.gpu_blocked {
            Some(reason) => Err(reason.clone()),
            None => match open_gpu(self.clock).await {
                Ok(gpu) => {
                    let name = gpu.adapter_name().to_string();
                    self.idle_gpu = Some(gpu);
                    Ok(name)
                }
                Err(reason) => Err(reason),
            },
        };
        self.gpu = Some(found.clone());
        found
    }

    async fn create(
        &mut self,
        id: u32,
        spec: ModelSpec,
        config: TrainConfig,
        choice: BackendChoice,
        payload: &[u8],
    ) -> Result<()> {
        if let Some(Run { engine: Engine::WebGpu(trainer), .. }) = self.run.take() {
            self.idle_gpu = Some(trainer.into_backend());
        }
        let initial = (!payload.is_empty()).then(|| floats(payload));
        let initial = initial.as_deref();
        let webgpu = match choice {
            BackendChoice::Cpu => Err(GpuReason::NoApi),
            BackendChoice::Auto | BackendChoice::WebGpu => self.probe().await,
        };
        let (kind, fallback) = decide(choice, &webgpu);
        let mut team = false;
        let mut engine = match (kind, self.idle_gpu.take()) {
            (BackendKind::WebGpu, Some(gpu)) => Engine::WebGpu(Box::new(Trainer::new(gpu, spec, config, initial)?)),
            (_, gpu) => {
                self.idle_gpu = gpu;
                let cpu = match &mut self.team {
                    Some(others) => {
                        team = true;
                        Cpu::in_group(others.create(&spec, &config.check()?, initial)?)
                    }
                    None => Cpu::new(),
                };
                Engine::Cpu(Box::new(Trainer::new(cpu, spec, config, initial)?))
            }
        };
        if let Some(data) = &self.data {
            engine.set_data(data)?;
        }
        let parameters = engine.spec().layout().parameters as u64;
        let backend = engine.info();
        self.run = Some(Run::new(id, engine, config, team));
        self.send(Event::Created { run: id, backend, fallback, parameters });
        self.send_weights().await
    }

    fn try_set_data(&mut self, data: Data) -> Result<()> {
        if let Some(run) = &mut self.run {
            run.engine.set_data(&data)?;
        }
        if let Some(team) = &mut self.team {
            team.set_data(&data);
        }
        self.data = Some(data);
        self.announce_data();
        Ok(())
    }

    fn current(&mut self) -> Result<&mut Run> {
        self.run.as_mut().ok_or_else(|| Error::State { reason: "there is no network to train yet".into() })
    }

    /// Obeys an instruction together with the other workers.
    async fn tell(&mut self, instruction: Instruction, order: &[u32]) -> Result<Answer> {
        let team = self.team.as_mut();
        let run = self.run.as_mut().ok_or_else(|| Error::State { reason: "there is no network to train yet".into() })?;
        let Some(team) = team.filter(|_| run.team) else {
            return run.engine.obey(&instruction, order).await;
        };
        if let Some(error) = team.failure() {
            return Err(error);
        }
        team.instruct(&instruction, order);
        run.engine.obey(&instruction, order).await
    }

    async fn evaluate(&mut self, split: Split) -> Result<Evaluation> {
        match self.tell(Instruction::Evaluate(split), &[]).await? {
            Answer::Evaluation(evaluation) => Ok(evaluation),
            _ => Ok(Evaluation::default()),
        }
    }

    /// Has the run note the sums over the steps so far: those known without waiting, or all.
    async fn note_sums(&mut self, all: bool) -> Result<()> {
        let instruction = if all { Instruction::TakeSums } else { Instruction::TakeKnownSums };
        if let Answer::Sums(sums) = self.tell(instruction, &[]).await? {
            self.current()?.note_sums(sums)?;
        }
        Ok(())
    }

    /// At most `steps` steps of the epoch, and the evaluation and the reports that are due then.
    async fn train_slice(&mut self, steps: u32) -> Result<()> {
        let began = (self.clock)();
        if self.current()?.engine.steps_left() == 0 {
            let epoch = self.current()?.epoch;
            self.tell(Instruction::BeginEpoch(epoch), &[]).await?;
            let run = self.current()?;
            run.steps_per_epoch = run.engine.steps_left() as u32;
        }
        let run = self.current()?;
        let left = run.engine.steps_left();
        let to_evaluation = steps_to_evaluation(run.epoch, run.steps_per_epoch - left as u32, run.steps_per_epoch);
        let steps = steps.min(to_evaluation);
        let steps = if left > TAIL {
            let steps = steps.min((left - TAIL) as u32);
            self.tell(Instruction::Steps(steps), &[]).await?;
            // What comes next is not about these steps: the tail's sums are its own, and an evaluation's.
            self.note_sums(steps as usize == left - TAIL || steps == to_evaluation).await?;
            steps
        } else {
            if let Answer::Each(each) = self.tell(Instruction::StepsOneByOne(steps), &[]).await? {
                self.current()?.note_tail(&each)?;
            }
            steps
        };
        let ended = (self.clock)();
        let run = self.current()?;
        run.note_time(steps, ended - began);
        if steps < to_evaluation {
            return self.report(false).await;
        }
        run.epoch += u32::from(run.engine.steps_left() == 0);
        self.report(true).await?;
        let validation = self.evaluate(Split::Validation).await?;
        let run = self.current()?;
        let (id, step, last) = (run.id, run.engine.step(), run.epoch >= run.config.epochs);
        self.send(Event::Validated { run: id, step, validation });
        if last { self.finish().await } else { Ok(()) }
    }

    async fn pause(&mut self) -> Result<()> {
        self.report(true).await?;
        let run = self.current()?;
        if run.state == State::Done {
            return Ok(());
        }
        run.state = State::Waiting;
        let id = run.id;
        self.send(Event::Paused { run: id });
        Ok(())
    }

    async fn finish(&mut self) -> Result<()> {
        let test = self.evaluate(Split::Test).await?;
        let run = self.current()?;
        run.state = State::Done;
        let id = run.id;
        self.send(Event::Finished { run: id, test });
        Ok(())
    }

    /// Progress and weights, if it is time or `now`.
    async fn report(&mut self, now: bool) -> Result<()> {
        if now {
            self.note_sums(true).await?;
        }
        let time = (self.clock)();
        let run = self.current()?;
        let progress = run.report(time, now);
        let (id, due) = (run.id, progress.is_some());
        if let Some(progress) = progress {
            self.send(Event::Progress { run: id, progress });
        }
        match (due, now) {
            (true, true) => self.send_weights().await,
            (due, _) => self.send_known_weights(due).await,
        }
    }

    /// The weights that have come from the device, if any; `ask` for newer ones.
    async fn send_known_weights(&mut self, ask: bool) -> Result<()> {
        if ask && !self.current()?.engine.is_reading_parameters() {
            self.tell(Instruction::AskForParameters, &[]).await?;
        }
        let run = self.current()?;
        let id = run.id;
        if let Some((step, parameters)) = run.engine.take_known_parameters().await? {
            (self.outbox)(Event::Weights { run: id, step }, Some(bytemuck::cast_slice(&parameters).to_vec()));
        }
        Ok(())
    }

    async fn send_weights(&mut self) -> Result<()> {
        let run = self.current()?;
        let (id, step) = (run.id, run.engine.step());
        let Answer::Parameters(parameters) = self.tell(Instruction::Parameters, &[]).await? else { return Ok(()) };
        (self.outbox)(Event::Weights { run: id, step }, Some(bytemuck::cast_slice(&parameters).to_vec()));
        Ok(())
    }
}

/// Asks for a device and has it prove itself.
async fn open_gpu(clock: fn() -> f64) -> std::result::Result<Gpu, GpuReason> {
    let reason = |error: Error| match error {
        Error::NoGpu { reason } => reason,
        other => GpuReason::NoDevice(other.to_string()),
    };
    let mut gpu = Gpu::new(clock).await.map_err(reason)?;
    self_test(&mut gpu).await.map_err(reason)?;
    Ok(gpu)
}
