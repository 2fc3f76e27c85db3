//! Everything that a run needs besides the network and the data.

use super::Schedule;
use crate::format::numbers::decimal;
use crate::nn::{Loss, Optimizer};
use crate::wire::{Decode, Encode};
use crate::{Error, Result};

/// Settings of a run.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct TrainConfig {
    pub loss: Loss,
    pub optimizer: Optimizer,
    /// The highest one, where the schedule changes it.
    pub learning_rate: f32,
    pub schedule: Schedule,
    /// Images in a mini-batch; the last one of an epoch may be smaller.
    pub batch_size: usize,
    /// Passes over the training images.
    pub epochs: u32,
    /// Draws the first weights and the order of the images.
    pub seed: u64,
    /// Share of each target that is spread over all classes, 0 to 1: 0 for plain cross-entropy. Validation and test losses are
    /// plain.
    pub label_smoothing: f32,
    /// Whether every image that is learned from is changed at random ([`Augmentation::HANDWRITING`](crate::data::Augmentation)),
    /// anew in each epoch. Images to validate and to test on stay as they are.
    pub augment: bool,
    /// Of so many training images one, at the end of the set, is kept aside to validate on: 12 for 5,000 of MNIST's 60,000; 0 for
    /// none.
    pub validation: u32,
    /// Training ends early when the validation loss has not become smaller in so many epochs (Keras's `EarlyStopping`); 0 for
    /// never.
    pub patience: u32,
}

impl TrainConfig {
    /// As on the slides: gradient descent with learning rate 0.1.
    pub const PLAIN: TrainConfig = TrainConfig {
        loss: Loss::CrossEntropy,
        optimizer: Optimizer::Sgd,
        learning_rate: 0.1,
        schedule: Schedule::Constant,
        batch_size: 32,
        epochs: 5,
        seed: 1,
        label_smoothing: 0.0,
        augment: false,
        validation: 12,
        patience: 0,
    };

    /// Largest mini-batch.
    pub const MAX_BATCH_SIZE: usize = 4096;
    /// Most epochs.
    pub const MAX_EPOCHS: u32 = 1000;
    /// Largest learning rate; far beyond what converges, so that divergence can be seen.
    pub const MAX_LEARNING_RATE: f32 = 100.0;

    /// The settings if each is in its range.
    ///
    /// Errors with the first one that is not.
    pub fn check(self) -> Result<TrainConfig> {
        check_learning_rate(self.learning_rate)?;
        if !(1..=Self::MAX_BATCH_SIZE).contains(&self.batch_size) {
            return Err(range("batch size", self.batch_size, format!("1 to {}", Self::MAX_BATCH_SIZE)));
        }
        if !(1..=Self::MAX_EPOCHS).contains(&self.epochs) {
            return Err(range("epochs", self.epochs, format!("1 to {}", Self::MAX_EPOCHS)));
        }
        if self.validation == 1 {
            return Err(range("validation share", "1/1", "0, 1/2 or less".into()));
        }
        if self.patience > 0 && self.validation == 0 {
            return Err(range("patience", self.patience, "0 where there are no validation images".into()));
        }
        if !(0.0..=1.0).contains(&self.label_smoothing) {
            return Err(range("label smoothing", decimal(self.label_smoothing), "0 to 1".into()));
        }
        Ok(self)
    }
}

/// The learning rate if it can be one.
///
/// Errors when it is not above 0 and at most [`TrainConfig::MAX_LEARNING_RATE`]; NaN is neither.
pub fn check_learning_rate(rate: f32) -> Result<f32> {
    if rate > 0.0 && rate <= TrainConfig::MAX_LEARNING_RATE {
        return Ok(rate);
    }
    Err(range("learning rate", decimal(rate), format!("above 0, at most {}", decimal(TrainConfig::MAX_LEARNING_RATE))))
}

fn range(name: &str, value: impl ToString, allowed: String) -> Error {
    Error::Setting { name: name.into(), value: value.to_string(), allowed }
}
