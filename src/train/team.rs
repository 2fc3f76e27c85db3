//! Several workers that train one network together, from the leader's side. How they are reached is not known here.

use super::{Data, Instruction, TrainConfig};
use crate::backend::cpu::Group;
use crate::nn::ModelSpec;
use crate::{Error, Result};

/// The other workers, from the leader's side.
pub trait Team {
    /// Has every other worker begin the same run, and gives the leader its seat in the group.
    ///
    /// Errors when shared memory can't be had.
    fn create(&mut self, spec: &ModelSpec, config: &TrainConfig, initial: Option<&[f32]>) -> Result<Box<dyn Group>>;
    /// Gives every other worker the images.
    fn set_data(&mut self, data: &Data);
    /// Tells every other worker what to do next.
    fn instruct(&mut self, instruction: &Instruction, order: &[u32]);
    /// What another worker reported since the last call, if it failed.
    fn failure(&mut self) -> Option<Error>;
}
