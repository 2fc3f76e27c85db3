//! What a session computes on: one kind of backend, opened for each of its runs.

use super::{Team, TrainConfig};
use crate::Result;
use crate::backend::{Backend, Cpu, Tuning};
#[cfg(feature = "gpu")]
use crate::backend::{Gpu, gpu::self_test};
use crate::nn::ModelSpec;
use std::future::Future;

/// Where a session's backends come from.
pub trait Device {
    type Backend: Backend;

    /// Sees to it that a backend for such a run can be opened, and tells how it is tuned; what is `known` of that is not measured
    /// again.
    ///
    /// Errors when the device is not there or computes wrong numbers.
    fn probe(&mut self, spec: &ModelSpec, config: &TrainConfig, known: Option<Tuning>) -> impl Future<Output = Result<Tuning>>;

    /// A backend for such a run. Other workers, if there are any, begin the same run with the same `initial` weights.
    ///
    /// Errors when the device is not there, or the others can't be reached.
    fn open(
        &mut self,
        spec: &ModelSpec,
        config: &TrainConfig,
        initial: Option<&[f32]>,
    ) -> impl Future<Output = Result<Self::Backend>>;

    /// Takes the backend of a run that is over.
    fn take_back(&mut self, _backend: Self::Backend) {}

    /// The other workers, if several train together.
    fn team(&mut self) -> Option<&mut dyn Team> {
        None
    }
}

/// The processor: this worker's thread, and those of others.
#[derive(Default)]
pub struct Processor {
    team: Option<Box<dyn Team>>,
}

impl Processor {
    /// One that leads these workers.
    pub fn leading(team: Box<dyn Team>) -> Processor {
        Processor { team: Some(team) }
    }
}

impl Device for Processor {
    type Backend = Cpu;

    async fn probe(&mut self, _: &ModelSpec, _: &TrainConfig, _: Option<Tuning>) -> Result<Tuning> {
        Ok(Tuning::default())
    }

    async fn open(&mut self, spec: &ModelSpec, config: &TrainConfig, initial: Option<&[f32]>) -> Result<Cpu> {
        match &mut self.team {
            Some(team) => Ok(Cpu::in_group(team.create(spec, config, initial)?)),
            None => Ok(Cpu::new()),
        }
    }

    fn team(&mut self) -> Option<&mut dyn Team> {
        match &mut self.team {
            Some(team) => Some(team.as_mut()),
            None => None,
        }
    }
}

/// The graphics device, which has proved itself. It stays open between runs.
#[cfg(feature = "gpu")]
pub struct Graphics {
    clock: fn() -> f64,
    idle: Option<Gpu>,
    /// Whether tuning made the device fail: it is left as it is from then on.
    plain: bool,
}

#[cfg(feature = "gpu")]
impl Graphics {
    /// One that is not open yet. `clock` tells seconds.
    pub fn new(clock: fn() -> f64) -> Graphics {
        Graphics { clock, idle: None, plain: false }
    }

    async fn take(&mut self) -> Result<Gpu> {
        if let Some(gpu) = self.idle.take() {
            return Ok(gpu);
        }
        let mut gpu = Gpu::new(self.clock).await?;
        self_test(&mut gpu).await?;
        Ok(gpu)
    }

    /// A device that computes such a run's products as fast as it can, and how.
    async fn tuned(&mut self, spec: &ModelSpec, config: &TrainConfig, known: Option<Tuning>) -> Result<(Gpu, Tuning)> {
        let mut gpu = self.take().await?;
        let known = if self.plain { Some(Tuning::default()) } else { known };
        match gpu.tune(&spec.layout().layers, config.batch_size, known).await {
            Ok(tuning) => Ok((gpu, tuning)),
            Err(_) => {
                self.plain = true;
                Ok((self.take().await?, Tuning::default()))
            }
        }
    }
}

#[cfg(feature = "gpu")]
impl Device for Graphics {
    type Backend = Gpu;

    async fn probe(&mut self, spec: &ModelSpec, config: &TrainConfig, known: Option<Tuning>) -> Result<Tuning> {
        let (gpu, tuning) = self.tuned(spec, config, known).await?;
        self.idle = Some(gpu);
        Ok(tuning)
    }

    async fn open(&mut self, spec: &ModelSpec, config: &TrainConfig, _: Option<&[f32]>) -> Result<Gpu> {
        self.tuned(spec, config, None).await.map(|(gpu, _)| gpu)
    }

    fn take_back(&mut self, gpu: Gpu) {
        self.idle = Some(gpu);
    }
}
