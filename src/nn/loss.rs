//! Losses: how far the probabilities are from the right answer. `backend/gpu/softmax_loss.wgsl` is the twin of
//! `backend/cpu/softmax.rs`, which has the formulas.

use crate::wire::{Decode, Encode};
use crate::{Error, Result};

/// What training makes small, for one image with probabilities p and target t (1 for the right class, 0 for the others).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Encode, Decode)]
pub enum Loss {
    /// - sum of t ln p, in nats.
    #[default]
    CrossEntropy,
    /// The mean of (p - t)^2 over the classes, as on many slides. Its slope goes to nothing where the network is sure and wrong.
    MeanSquaredError,
}

impl Loss {
    /// Every loss.
    pub const ALL: [Loss; 2] = [Loss::CrossEntropy, Loss::MeanSquaredError];

    /// Short name, as settings use it.
    pub fn name(self) -> &'static str {
        match self {
            Loss::CrossEntropy => "cross-entropy",
            Loss::MeanSquaredError => "mse",
        }
    }

    /// The loss of that name.
    ///
    /// Errors when there is none.
    pub fn parse(name: &str) -> Result<Loss> {
        Loss::ALL.into_iter().find(|loss| loss.name() == name).ok_or_else(|| Error::Setting {
            name: "loss".into(),
            value: name.into(),
            allowed: Loss::ALL.map(Loss::name).join(", "),
        })
    }

    /// The loss of giving each class the same probability.
    pub fn of_guessing(self, classes: usize) -> f32 {
        let n = classes as f32;
        match self {
            Loss::CrossEntropy => n.ln(),
            Loss::MeanSquaredError => (n - 1.0) / (n * n),
        }
    }

    /// The number by which the shader knows this loss.
    pub fn wgsl_code(self) -> u32 {
        match self {
            Loss::CrossEntropy => 0,
            Loss::MeanSquaredError => 1,
        }
    }
}
