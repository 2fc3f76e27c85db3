//! The instructions by which several trainers move in step.

use super::{Position, Split, Sums, Trainer};
use crate::Result;
use crate::backend::Backend;
use crate::protocol::Evaluation;
use crate::wire::{Decode, Encode};

/// What moves a trainer. The leader of a group sends each instruction to the others before it obeys it itself, so that all
/// make the same calls in the same order.
#[derive(Clone, Debug, PartialEq, Encode, Decode)]
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
    /// Read everything that training goes on from.
    Numbers,
    /// Go on from there; the numbers come as payload, their bits as whole numbers.
    Restore(Position),
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

impl<B: Backend> Trainer<B> {
    /// Obeys; `order` is the instruction's payload.
    ///
    /// Errors as the methods that the instructions name.
    pub async fn obey(&mut self, instruction: &Instruction, order: &[u32]) -> Result<Answer> {
        match instruction {
            Instruction::BeginEpoch(epoch) => self.begin_epoch(*epoch)?,
            Instruction::BeginOrder => self.begin_order(order)?,
            Instruction::Steps(steps) => self.steps(*steps as usize).await?,
            Instruction::AskForParameters => self.ask_for_parameters(),
            Instruction::LearningRate(rate) => self.set_learning_rate(*rate)?,
            Instruction::Restore(position) => self.restore(*position, bytemuck::cast_slice(order))?,
            Instruction::Numbers => return self.numbers().await.map(Answer::Parameters),
            Instruction::Parameters => return self.parameters().await.map(Answer::Parameters),
            Instruction::StepsOneByOne(steps) => return self.steps_one_by_one(*steps as usize).await.map(Answer::Each),
            Instruction::TakeKnownSums => return self.take_known_sums().await.map(Answer::Sums),
            Instruction::TakeSums => return self.take_sums().await.map(Answer::Sums),
            Instruction::Evaluate(split) => return self.evaluate(*split).await.map(Answer::Evaluation),
        }
        Ok(Answer::Done)
    }
}
