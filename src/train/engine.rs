//! A trainer on whichever backend was chosen, and the instructions by which several of them move in step.

use super::{Data, Split, Sums, Trainer};
use crate::Result;
use crate::backend::{BackendInfo, Cpu, Gpu};
use crate::nn::ModelSpec;
use crate::protocol::Evaluation;
use serde::{Deserialize, Serialize};

/// A trainer on the backend that was chosen.
pub enum Engine {
    Cpu(Box<Trainer<Cpu>>),
    WebGpu(Box<Trainer<Gpu>>),
}

/// What moves a trainer. The leader of a group sends each instruction to the others before it obeys it itself, so that all
/// make the same calls in the same order.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Instruction {
    BeginEpoch(u32),
    /// The image numbers come as payload.
    BeginOrder,
    Steps(u32),
    /// That many steps, each summed alone.
    StepsOneByOne(u32),
    /// What is known of the sums without waiting.
    TakeKnownSums,
    TakeSums,
    /// Read the weights: each member of a group keeps a share of them.
    Parameters,
    /// Begin to read the weights, without waiting for them.
    AskForParameters,
    Evaluate(Split),
    LearningRate(f32),
}

/// What an instruction answers.
#[derive(Clone, Debug, PartialEq)]
pub enum Answer {
    Done,
    Parameters(Vec<f32>),
    Sums(Sums),
    Each(Vec<Sums>),
    Evaluation(Evaluation),
}

/// Calls the same method whichever trainer it is.
macro_rules! each {
    ($engine:expr, $trainer:ident => $call:expr) => {
        match $engine {
            Engine::Cpu($trainer) => $call,
            Engine::WebGpu($trainer) => $call,
        }
    };
}

impl Engine {
    /// Obeys; `order` is the payload of [`Instruction::BeginOrder`].
    ///
    /// Errors as the [`Trainer`]'s methods.
    pub async fn obey(&mut self, instruction: &Instruction, order: &[u32]) -> Result<Answer> {
        each!(self, trainer => match instruction {
            Instruction::BeginEpoch(epoch) => trainer.begin_epoch(*epoch)?,
            Instruction::BeginOrder => trainer.begin_order(order)?,
            Instruction::Steps(steps) => trainer.steps(*steps as usize).await?,
            Instruction::AskForParameters => trainer.ask_for_parameters(),
            Instruction::LearningRate(rate) => trainer.set_learning_rate(*rate)?,
            Instruction::Parameters => return trainer.parameters().await.map(Answer::Parameters),
            Instruction::StepsOneByOne(steps) => return trainer.steps_one_by_one(*steps as usize).await.map(Answer::Each),
            Instruction::TakeKnownSums => return trainer.take_known_sums().await.map(Answer::Sums),
            Instruction::TakeSums => return trainer.take_sums().await.map(Answer::Sums),
            Instruction::Evaluate(split) => return trainer.evaluate(*split).await.map(Answer::Evaluation),
        });
        Ok(Answer::Done)
    }

    /// See [`Trainer::info`].
    pub fn info(&self) -> BackendInfo {
        each!(self, trainer => trainer.info())
    }

    /// See [`Trainer::spec`].
    pub fn spec(&self) -> &ModelSpec {
        each!(self, trainer => trainer.spec())
    }

    /// See [`Trainer::step`].
    pub fn step(&self) -> u64 {
        each!(self, trainer => trainer.step())
    }

    /// See [`Trainer::steps_left`].
    pub fn steps_left(&self) -> usize {
        each!(self, trainer => trainer.steps_left())
    }

    /// See [`Trainer::set_data`].
    pub fn set_data(&mut self, data: &Data) -> Result<()> {
        each!(self, trainer => trainer.set_data(data))
    }

    /// See [`Trainer::is_reading_parameters`].
    pub fn is_reading_parameters(&self) -> bool {
        each!(self, trainer => trainer.is_reading_parameters())
    }

    /// See [`Trainer::take_known_parameters`].
    pub async fn take_known_parameters(&mut self) -> Result<Option<(u64, Vec<f32>)>> {
        each!(self, trainer => trainer.take_known_parameters().await)
    }
}
