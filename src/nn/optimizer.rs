//! Optimizers: how a gradient changes a parameter. The scalar rules here are what the CPU runs; `backend/gpu/update.wgsl`
//! holds their twins, and the tests compare them over [`Optimizer::ALL`].

use crate::wire::{Decode, Encode};
use crate::{Error, Result};

/// A rule x -> x' given dC/dx, with its hyperparameters but without the learning rate, which may change while it runs.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub enum Optimizer {
    /// Plain gradient descent, as on the slides: x -= slope * learning rate.
    Sgd,
    /// v = momentum * v + slope; x -= v * learning rate (PyTorch's form).
    Momentum { momentum: f32 },
    /// Adam (Kingma and Ba 2015) with bias correction.
    Adam { beta1: f32, beta2: f32, epsilon: f32 },
    /// Nesterov's momentum: v = momentum * v + slope; x -= (slope + momentum * v) * learning rate (PyTorch's form).
    Nesterov { momentum: f32 },
    /// RMSprop (Hinton 2012): v = rho * v + (1 - rho) * slope^2; x -= slope / (sqrt(v) + epsilon) * learning rate (PyTorch's
    /// form, Keras's numbers).
    RmsProp { rho: f32, epsilon: f32 },
    /// AdamW (Loshchilov and Hutter 2019): Adam, and x -= weight_decay * x * learning rate. As in PyTorch, biases decay as well.
    AdamW { beta1: f32, beta2: f32, epsilon: f32, weight_decay: f32 },
}

/// What a rule needs besides its hyperparameters, computed once a step rather than once a parameter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct StepSize {
    /// The learning rate; for Adam learning rate * sqrt(1 - beta2^t) / (1 - beta1^t).
    pub rate: f32,
    /// For Adam epsilon * sqrt(1 - beta2^t): the same as PyTorch's epsilon beside the corrected root.
    pub epsilon: f32,
    /// The share of a parameter that it loses, before the slope counts: for AdamW learning rate * weight decay.
    pub decay: f32,
}

impl Optimizer {
    /// Every optimizer with its usual hyperparameters; gradient descent first.
    pub const ALL: [Optimizer; 6] = [
        Optimizer::Sgd,
        Optimizer::Momentum { momentum: 0.9 },
        Optimizer::Nesterov { momentum: 0.9 },
        Optimizer::RmsProp { rho: 0.9, epsilon: 1e-7 },
        Optimizer::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
        Optimizer::AdamW { beta1: 0.9, beta2: 0.999, epsilon: 1e-7, weight_decay: 0.01 },
    ];

    /// Short name, as settings use it.
    pub fn name(self) -> &'static str {
        match self {
            Optimizer::Sgd => "sgd",
            Optimizer::Momentum { .. } => "momentum",
            Optimizer::Adam { .. } => "adam",
            Optimizer::Nesterov { .. } => "nesterov",
            Optimizer::RmsProp { .. } => "rmsprop",
            Optimizer::AdamW { .. } => "adamw",
        }
    }

    /// The optimizer of that name with its usual hyperparameters.
    ///
    /// Errors when there is none.
    pub fn parse(name: &str) -> Result<Optimizer> {
        Optimizer::ALL.into_iter().find(|o| o.name() == name).ok_or_else(|| Error::Setting {
            name: "optimizer".into(),
            value: name.into(),
            allowed: Optimizer::ALL.map(Optimizer::name).join(", "),
        })
    }

    /// A learning rate that works for MNIST with this optimizer.
    pub fn usual_learning_rate(self) -> f32 {
        match self {
            Optimizer::Sgd => 0.1,
            Optimizer::Momentum { .. } | Optimizer::Nesterov { .. } => 0.05,
            Optimizer::RmsProp { .. } | Optimizer::Adam { .. } | Optimizer::AdamW { .. } => 0.001,
        }
    }

    /// How many numbers it keeps for each parameter (v; or m and v).
    pub fn slots(self) -> usize {
        match self {
            Optimizer::Sgd => 0,
            Optimizer::Momentum { .. } | Optimizer::Nesterov { .. } | Optimizer::RmsProp { .. } => 1,
            Optimizer::Adam { .. } | Optimizer::AdamW { .. } => 2,
        }
    }

    /// The number by which the shader knows this optimizer.
    pub fn wgsl_code(self) -> u32 {
        match self {
            Optimizer::Sgd => 0,
            Optimizer::Momentum { .. } => 1,
            Optimizer::Adam { .. } => 2,
            Optimizer::Nesterov { .. } => 3,
            Optimizer::RmsProp { .. } => 4,
            // Adam after what `StepSize::decay` takes.
            Optimizer::AdamW { .. } => 2,
        }
    }

    /// The sizes for step `t` (1 for the first).
    pub fn at_step(self, learning_rate: f32, t: u64) -> StepSize {
        let plain = StepSize { rate: learning_rate, epsilon: 0.0, decay: 0.0 };
        match self {
            Optimizer::Adam { beta1, beta2, epsilon } => {
                let correction1 = 1.0 - f64::from(beta1).powi(t as i32);
                let correction2 = (1.0 - f64::from(beta2).powi(t as i32)).sqrt();
                StepSize {
                    rate: (f64::from(learning_rate) * correction2 / correction1) as f32,
                    epsilon: (f64::from(epsilon) * correction2) as f32,
                    ..plain
                }
            }
            Optimizer::AdamW { beta1, beta2, epsilon, weight_decay } => StepSize {
                decay: learning_rate * weight_decay,
                ..Optimizer::Adam { beta1, beta2, epsilon }.at_step(learning_rate, t)
            },
            Optimizer::RmsProp { epsilon, .. } => StepSize { epsilon, ..plain },
            Optimizer::Sgd | Optimizer::Momentum { .. } | Optimizer::Nesterov { .. } => plain,
        }
    }

    /// Updates parameters `x` by gradients `g` with the optimizer's state `m` and `v` (empty slices where it
    /// keeps none; the one of RMSprop is `m`). Inlined, so that the caller's registers are used.
    #[inline(always)]
    pub fn update(self, step: StepSize, x: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32]) {
        match self {
            Optimizer::Sgd => {
                for (x, g) in x.iter_mut().zip(g) {
                    *x -= g * step.rate;
                }
            }
            Optimizer::Momentum { momentum } => {
                for ((x, g), m) in x.iter_mut().zip(g).zip(m) {
                    *m = momentum * *m + g;
                    *x -= *m * step.rate;
                }
            }
            Optimizer::Adam { beta1, beta2, .. } => adam([beta1, beta2], step, x, g, m, v),
            Optimizer::Nesterov { momentum } => {
                for ((x, g), m) in x.iter_mut().zip(g).zip(m) {
                    *m = momentum * *m + g;
                    *x -= (g + momentum * *m) * step.rate;
                }
            }
            Optimizer::RmsProp { rho, .. } => {
                for ((x, g), v) in x.iter_mut().zip(g).zip(m) {
                    *v += (1.0 - rho) * (g * g - *v);
                    *x -= step.rate * g / (v.sqrt() + step.epsilon);
                }
            }
            Optimizer::AdamW { beta1, beta2, .. } => {
                x.iter_mut().for_each(|x| *x -= step.decay * *x);
                adam([beta1, beta2], step, x, g, m, v);
            }
        }
    }
}

#[inline(always)]
fn adam([beta1, beta2]: [f32; 2], step: StepSize, x: &mut [f32], g: &[f32], m: &mut [f32], v: &mut [f32]) {
    for (((x, g), m), v) in x.iter_mut().zip(g).zip(m).zip(v) {
        *m += (1.0 - beta1) * (g - *m);
        *v += (1.0 - beta2) * (g * g - *v);
        *x -= step.rate * *m / (v.sqrt() + step.epsilon);
    }
}
