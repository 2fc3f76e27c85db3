//! What the lessons show, computed: every number and every intermediate step as a value. Pure; formulas that networks use as well
//! ([`crate::nn::Activation`], [`crate::nn::Optimizer`]) are those, not copies. Texts and drawings are elsewhere.

pub mod backprop;
pub mod chain;
pub mod derivative;
pub mod descent;
pub mod matrix;
