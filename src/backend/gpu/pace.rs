//! How much is handed to the device at a time: submissions that last a few milliseconds, so that a page which shares the
//! device can draw in between, and never more than two of them, so that a command is soon obeyed.

use super::device::Failure;
use crate::{Error, Result};
use futures_channel::oneshot;
use std::collections::VecDeque;

/// How long a submission should last, in seconds: half a frame.
const SUBMISSION: f64 = 0.008;
/// Submissions under way at most: one that runs, and one that the device goes on with when it ends.
const MOST_UNDER_WAY: usize = 2;
/// A submission is at most so many times as long as the one before: the first are short, until the device's speed is known.
const GROWTH: f64 = 4.0;

/// A submission that the device has not completed.
struct Submission {
    operations: usize,
    begun: f64,
    /// When the device was done.
    done: oneshot::Receiver<f64>,
    index: wgpu::SubmissionIndex,
}

/// See the module's documentation.
pub(super) struct Pace {
    clock: fn() -> f64,
    under_way: VecDeque<Submission>,
    last_done: f64,
    /// The shortest time in which an idle device answered, in seconds: some browsers ask it only every tenth of a second.
    latency: f64,
    /// Operations in a submission.
    limit: f64,
}

impl Pace {
    /// A device of unknown speed. `clock` tells seconds.
    pub fn new(clock: fn() -> f64) -> Pace {
        Pace { clock, under_way: VecDeque::new(), last_done: f64::NEG_INFINITY, latency: f64::INFINITY, limit: 1.0 }
    }

    /// Whether so many operations are enough for a submission.
    pub fn is_enough(&self, operations: usize) -> bool {
        operations as f64 >= self.limit
    }

    /// Remembers a submission of so many operations, just made.
    pub fn submitted(&mut self, queue: &wgpu::Queue, index: wgpu::SubmissionIndex, operations: usize) {
        let (sender, done) = oneshot::channel();
        let clock = self.clock;
        queue.on_submitted_work_done(move || {
            // Nobody listens if the backend was dropped.
            let _ = sender.send(clock());
        });
        self.under_way.push_back(Submission { operations, begun: clock(), done, index });
    }

    /// Waits until one more submission may be made.
    ///
    /// Errors when the device failed.
    pub async fn wait(&mut self, device: &wgpu::Device, failure: &Failure) -> Result<()> {
        self.note_completed();
        while self.under_way.len() >= MOST_UNDER_WAY {
            let Some(mut first) = self.under_way.pop_front() else { break };
            // Natively this waits; in the browser it does nothing, and the callback comes by itself.
            let wait = wgpu::PollType::Wait { submission_index: Some(first.index.clone()), timeout: None };
            let polled = device.poll(wait);
            failure.check()?;
            polled.map_err(|why| Error::Device { reason: why.to_string() })?;
            let done = (&mut first.done).await;
            failure.check()?;
            let done = done.map_err(|_| Error::Device { reason: "it gave no answer".into() })?;
            self.note(&first, done);
        }
        Ok(())
    }

    /// Notes the submissions that are complete already.
    fn note_completed(&mut self) {
        while let Some(mut first) = self.under_way.pop_front() {
            match first.done.try_recv() {
                Ok(Some(done)) => self.note(&first, done),
                Ok(None) => return self.under_way.push_front(first),
                // The device is lost; the next read says so.
                Err(oneshot::Canceled) => {}
            }
        }
    }

    fn note(&mut self, submission: &Submission, done: f64) {
        // It began when the one before had ended.
        let seconds = done - submission.begun.max(self.last_done);
        if submission.begun > self.last_done {
            self.latency = self.latency.min(seconds);
        }
        self.last_done = done;
        self.limit = next_limit(self.limit, submission.operations, seconds - self.latency.min(seconds));
    }
}

/// How many operations to submit at a time after so many took so long.
fn next_limit(limit: f64, operations: usize, seconds: f64) -> f64 {
    if operations == 0 {
        return limit;
    }
    // A coarse clock can say that no time passed; a short submission says little about a long one.
    let fitting = operations as f64 * SUBMISSION / seconds.max(1e-6);
    (0.5 * (limit + fitting)).min(limit * GROWTH).max(1.0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn submissions_grow_to_the_time_they_should_last() {
        for cost in [1e-6, 50e-6, 3e-3] {
            let mut limit = 1.0;
            for _ in 0..40 {
                let operations = f64::ceil(limit);
                limit = next_limit(limit, operations as usize, operations * cost);
            }
            let wanted = (SUBMISSION / cost).max(1.0);
            assert!((limit - wanted).abs() <= 0.01 * wanted, "{cost} s an operation: {limit}, not {wanted}");
        }
    }

    #[test]
    fn one_slow_submission_does_not_stop_the_next() {
        // Shaders are compiled during the first.
        assert_eq!(next_limit(1.0, 1, 2.0), 1.0);
        assert!(next_limit(100.0, 100, 5.0) >= 50.0);
        assert_eq!(next_limit(100.0, 0, 1.0), 100.0, "a submission that only reads says nothing");
        assert_eq!(next_limit(100.0, 1, 0.0), 400.0, "a clock that stands still");
    }
}
