//! What a session computes on: one kind of backend, opened for each of its runs.

use super::{Team, TrainConfig};
use crate::Result;
use crate::backend::{Backend, Cpu};
#[cfg(feature = "gpu")]
use crate::backend::{Gpu, gpu::self_test};
use crate::nn::ModelSpec;
use std::future::Future;

/// Where a session's backends come from.
pub trait Device {
    type Backend: Backend;

    /// Sees to it that a backend can be opened.
    ///
    /// Errors when the device is not there or computes wrong numbers.
    fn probe(&mut self) -> impl Future<Output = Result<()>>;

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

    async fn probe(&mut self) -> Result<()> {
        Ok(())
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
}

#[cfg(feature = "gpu")]
impl Graphics {
    /// One that is not open yet. `clock` tells seconds.
    pub fn new(clock: fn() -> f64) -> Graphics {
        Graphics { clock, idle: None }
    }

    async fn take(&mut self) -> Result<Gpu> {
        if let Some(gpu) = self.idle.take() {
            return Ok(gpu);
        }
        let mut gpu = Gpu::new(self.clock).await?;
        self_test(&mut gpu).await?;
        Ok(gpu)
    }
}

#[cfg(feature = "gpu")]
impl Device for Graphics {
    type Backend = Gpu;

    async fn probe(&mut self) -> Result<()> {
        self.idle = Some(self.take().await?);
        Ok(())
    }

    async fn open(&mut self, _: &ModelSpec, _: &TrainConfig, _: Option<&[f32]>) -> Result<Gpu> {
        self.take().await
    }

    fn take_back(&mut self, gpu: Gpu) {
        self.idle = Some(gpu);
    }
}
