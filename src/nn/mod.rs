//! What a network is, without saying how it is computed: specification, activations, initializers, optimizers and the
//! layout of the one flat parameter vector. Pure data and scalar formulas; knows no backend, no data set, no browser.

mod activation;
mod exp;
mod initializer;
mod layout;
mod loss;
mod optimizer;
mod random;
mod real;
mod spec;

pub use activation::Activation;
pub use exp::exp;
pub use initializer::Initializer;
pub use layout::{DenseShape, Layout, NormShape, Part};
pub use loss::Loss;
pub use optimizer::{Optimizer, StepSize};
pub use random::{Noise, hash};
pub use real::Real;
pub use spec::{DenseSpec, LayerSpec, MAX_DROPOUT, MAX_HIDDEN_LAYERS, MAX_L2, MAX_LAYERS, MAX_PARAMETERS, MAX_UNITS, ModelSpec};
