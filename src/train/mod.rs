//! Training.

use crate::nn::Optimizer;
use serde::{Deserialize, Serialize};

/// Everything that a run needs besides the network and the data.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct TrainConfig {
    pub optimizer: Optimizer,
    pub learning_rate: f32,
    /// Images in a mini-batch; the last one of an epoch may be smaller.
    pub batch_size: usize,
    /// Passes over the training images.
    pub epochs: u32,
    /// Draws the first weights and the order of the images.
    pub seed: u64,
}
