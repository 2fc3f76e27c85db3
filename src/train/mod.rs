//! Training: a [`Trainer`] moves one network over one data set on one backend, step by step; a [`Session`] obeys commands,
//! spends time in slices and reports events. Neither knows the browser: clock and outbox are given to them.

mod config;
mod data;
mod engine;
mod evaluations;
mod run;
mod schedule;
mod session;
mod team;
mod trainer;

pub use config::TrainConfig;
pub use data::Data;
pub use engine::{Engine, Instruction};
pub use schedule::{Place, Schedule};
pub use session::{Outbox, Session};
pub use team::Team;
pub use trainer::{Split, Sums, Trainer};
