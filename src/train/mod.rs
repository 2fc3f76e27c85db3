//! Training: a [`Trainer`] moves one network over one data set on one backend, step by step; a [`Session`] obeys commands,
//! spends time in slices and reports events. Neither knows the browser: clock and outbox are given to them.

mod config;
mod data;
mod device;
mod evaluations;
mod instruction;
mod probe;
mod run;
mod schedule;
mod session;
mod snapshot;
pub mod teach;
mod team;
mod trainer;

pub use config::TrainConfig;
pub use data::Data;
#[cfg(feature = "gpu")]
pub use device::Graphics;
pub use device::{Device, Processor};
pub use instruction::Instruction;
pub use probe::Probe;
pub use schedule::{Place, Schedule};
pub use session::{Outbox, Session};
pub use snapshot::{Past, Position, Snapshot};
pub use team::Team;
pub use trainer::{Split, Sums, Trainer};
