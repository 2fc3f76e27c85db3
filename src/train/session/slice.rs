//! How a run goes on: some steps at a time, until it is told to rest or its last epoch ends.

use super::Session;
use crate::Result;
use crate::protocol::{Evaluation, Event};
use crate::train::evaluations::steps_to_evaluation;
use crate::train::instruction::Answer;
use crate::train::run::{State, TAIL};
use crate::train::{Device, Instruction, Split};

impl<D: Device> Session<D> {
    pub(super) async fn evaluate(&mut self, split: Split) -> Result<Evaluation> {
        match self.tell(Instruction::Evaluate(split), &[]).await? {
            Answer::Evaluation(evaluation) => Ok(evaluation),
            _ => Ok(Evaluation::default()),
        }
    }

    /// Has the run note the sums over the steps so far: those known without waiting, or all.
    pub(super) async fn note_sums(&mut self, all: bool) -> Result<()> {
        let instruction = if all { Instruction::TakeSums } else { Instruction::TakeKnownSums };
        if let Answer::Sums(sums) = self.tell(instruction, &[]).await? {
            self.current()?.note_sums(sums)?;
        }
        Ok(())
    }

    /// At most `steps` steps of the epoch, and the evaluation and the reports that are due then.
    pub(super) async fn train_slice(&mut self, steps: u32) -> Result<()> {
        let began = (self.clock)();
        if self.current()?.trainer.steps_left() == 0 {
            let epoch = self.current()?.epoch;
            self.tell(Instruction::BeginEpoch(epoch), &[]).await?;
            let run = self.current()?;
            run.steps_per_epoch = run.trainer.steps_left() as u32;
        }
        let run = self.current()?;
        let left = run.trainer.steps_left();
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
        run.epoch += u32::from(run.trainer.steps_left() == 0);
        self.report(true).await?;
        let one_in = self.current()?.config.validation;
        let mut early = false;
        if self.data()?.validation_images(one_in) > 0 {
            let validation = self.evaluate(Split::Validation).await?;
            let run = self.current()?;
            early = run.is_over_early(validation.loss);
            let event = Event::Validated { run: run.id, step: run.trainer.step(), validation };
            self.send(event);
        }
        let run = self.current()?;
        if early || run.epoch >= run.config.epochs { self.finish().await } else { Ok(()) }
    }

    pub(super) async fn pause(&mut self) -> Result<()> {
        self.report(true).await?;
        self.look_at_rest().await?;
        let run = self.current()?;
        if run.state == State::Done {
            return Ok(());
        }
        run.state = State::Waiting;
        let id = run.id;
        self.send(Event::Paused { run: id });
        Ok(())
    }

    pub(super) async fn finish(&mut self) -> Result<()> {
        self.look_at_rest().await?;
        let test = self.evaluate(Split::Test).await?;
        let run = self.current()?;
        run.state = State::Done;
        let id = run.id;
        self.send(Event::Finished { run: id, test });
        Ok(())
    }
}
