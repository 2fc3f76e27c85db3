//! What a session tells of its run while it goes on: how far it is, its weights, and how its layers are doing.

use super::Session;
use crate::Result;
use crate::protocol::Event;
use crate::train::instruction::Answer;
use crate::train::{Device, Instruction};

impl<D: Device> Session<D> {
    /// Progress and weights, if it is time or `now`.
    pub(super) async fn report(&mut self, now: bool) -> Result<()> {
        let began = (self.clock)();
        if now {
            self.note_sums(true).await?;
        }
        let time = (self.clock)();
        let run = self.current()?;
        run.note_time(0, time - began);
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
        if ask && !self.current()?.trainer.is_reading_parameters() {
            self.tell(Instruction::AskForParameters, &[]).await?;
        }
        if let Some((step, parameters)) = self.current()?.trainer.take_known_parameters().await? {
            self.post_weights(step, &parameters);
        }
        Ok(())
    }

    pub(super) async fn send_weights(&mut self) -> Result<()> {
        let step = self.current()?.trainer.step();
        if let Answer::Parameters(parameters) = self.tell(Instruction::Parameters, &[]).await? {
            self.post_weights(step, &parameters);
        }
        Ok(())
    }

    /// Sends weights as they were after `step` steps, and, if that is wanted and due, how their layers are doing.
    fn post_weights(&mut self, step: u64, parameters: &[f32]) {
        let Some(run) = &self.run else { return };
        (self.outbox)(Event::Weights { run: run.id, step }, Some(bytemuck::cast_slice(parameters).to_vec()));
        let now = (self.clock)();
        if self.watch.as_ref().is_some_and(|watch| watch.is_due(now)) {
            self.look(step, parameters);
        }
    }

    fn look(&mut self, step: u64, parameters: &[f32]) {
        let (Some(watch), Some(run), Some(data)) = (&mut self.watch, &self.run, &self.data) else { return };
        let began = (self.clock)();
        // What can't be looked at is not: images that do not fit, and weights that are no numbers, of which the run itself
        // speaks.
        let looked = watch.look(run.trainer.spec(), &run.config, data, step, parameters);
        watch.rest(began, (self.clock)());
        if let Ok(mut diagnosis) = looked {
            diagnosis.first_loss = run.first_loss.unwrap_or(diagnosis.loss);
            let event = Event::Diagnosed { run: run.id, diagnosis };
            self.send(event);
        }
    }

    /// Begins to look, or ends it.
    pub(super) async fn diagnose(&mut self, on: bool) -> Result<()> {
        if !on {
            self.watch = None;
            return Ok(());
        }
        self.watch.get_or_insert_default();
        if self.run.is_some() && !self.is_training() { self.look_at_rest().await } else { Ok(()) }
    }

    /// Looks at a run that comes to rest, if that is wanted and was not done after this step.
    pub(super) async fn look_at_rest(&mut self) -> Result<()> {
        let step = self.current()?.trainer.step();
        if self.data.is_none() || self.watch.as_ref().is_none_or(|watch| watch.has_seen(step)) {
            return Ok(());
        }
        if let Answer::Parameters(parameters) = self.tell(Instruction::Parameters, &[]).await? {
            self.look(step, &parameters);
        }
        Ok(())
    }
}
