//! What lessons and panels show, computed: every number and every intermediate step as a value. Pure; formulas that networks use
//! as well ([`crate::nn::Activation`], [`crate::nn::Optimizer`], [`crate::model`]) are those, not copies. Texts and drawings are
//! elsewhere.

pub mod backprop;
pub mod between;
pub mod chain;
pub mod contour;
pub mod derivative;
pub mod descent;
pub mod edits;
pub mod example;
pub mod fit;
pub mod inside;
pub mod lit;
pub mod matrix;
pub mod neighbours;
pub mod neuron;
pub mod relief;
pub mod rule;
pub mod saliency;
pub mod symptoms;
pub mod views;

use crate::backend::Backend;
use crate::backend::cpu::{Buffer, Cpu};
use crate::nn::{Activation, DenseShape};

/// a = f(x W + b) for one input x; w is row-major (inputs, units).
pub fn dense(x: &[f32], w: &[f32], b: &[f32], activation: Activation) -> Vec<f32> {
    let shape = DenseShape { inputs: x.len(), units: b.len(), weights: 0, bias: w.len() };
    debug_assert_eq!(w.len(), x.len() * b.len());
    let mut a = Buffer::from(vec![0.0; b.len()]);
    Cpu::new().dense(shape, activation, 1, &Buffer::from(x.to_vec()), &Buffer::from([w, b].concat()), &mut a);
    a.to_vec(b.len())
}

/// f'(z).
pub fn slope(activation: Activation, z: f32) -> f32 {
    activation.derivative(if activation.keeps_z() { z } else { activation.apply(z) })
}
