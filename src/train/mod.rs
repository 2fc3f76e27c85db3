//! Training: a [`Trainer`] moves one network over one data set on one backend, step by step; a [`Session`] obeys commands,
//! spends time in slices and reports events. Neither knows the browser: clock and outbox are given to them.

mod config;
mod engine;
mod session;
mod trainer;

pub use config::TrainConfig;
pub use engine::{Engine, Instruction};
pub use session::{Outbox, Session, Team};
pub use trainer::{Data, Split, Sums, Trainer};
