//! Inkling: draw a digit and watch a neural network learn to read it, inside your own browser.
//!
//! This page is the architecture. Modules in reading order; dependencies point only upwards in this list:
//!
//! - [`error`]: the one error type; every variant names its cause and carries its numbers.
//! - [`wire`]: values as bytes, for messages and for the model file's header.
//! - [`nn`]: what a network is: specification, activations, initializers, optimizers, the flat parameter layout.
//! - [`data`]: images and labels: IDX files, splits, the order of the mini-batches.
//! - [`ink`]: pen strokes to the 28x28 image that the network sees; the only such rule in the project.
//! - [`pen`]: digits in all their forms, written by random hands, through the same ink path; what a drawing's variations are.
//! - [`backend`]: the few tensor operations, on the CPU and on WebGPU, behind one trait.
//! - [`model`]: forward pass, backward pass, update; written once, generic over the backend.
//! - [`explain`]: what lessons and panels show, number by number: every neuron for one image, its exact sum, which ink speaks for
//!   what.
//! - [`diagnosis`]: how each layer is doing while it learns, and what is wrong.
//! - [`verdict`]: when the network's answer counts as sure.
//! - [`robustness`]: how it reads images that are shifted, scaled, turned, thin or thick.
//! - [`judge`](mod@judge): what it gets right and wrong on the test images, and how far its probabilities can be trusted.
//! - [`train`]: epochs, validation, history; drives a model and reports what happens.
//! - [`mod@format`]: the model file, and the bytes of messages.
//! - [`choice`]: which backend trains, by what a race between the two showed.
//! - [`stack`], [`settings`]: the network as a person stacks it, and everything else that can be chosen; [`estimate`]: what
//!   training it will cost; [`code`]: the same network in Keras and PyTorch.
//! - [`failures`]: networks that do not learn, on purpose, as settings; what may help.
//! - [`tasks`]: the lessons' tasks that are done. [`messages`]: what a file of messages in a language must be before it is read.
//! - [`view`]: what a teacher's link shows of the page.
//! - [`my_digits`], [`history`], [`checkpoints`], [`stopwatch`]: what a person draws, a run's past, its weights on the way, and
//!   how long it took; the browser's side of training, without the browser. [`plot`]: what a chart shows of it.
//! - [`kept_run`]: a run over a crash or a closed tab.
//! - [`download`]: a file that comes over a line that breaks.
//! - [`runs`]: the runs that are over, compared and kept; [`repeat`]: the same run with several seeds.
//! - [`protocol`]: what the page says to the worker (`Command`) and what it hears back (`Event`).
//! - `web` (wasm32 only): the page, the lessons, the worker and the JavaScript library.
//!
//! The core never imports a backend; only `backend::gpu` knows wgpu; only `web` knows JavaScript.
//! `tests/architecture.rs` holds these rules.

#![forbid(unsafe_code)]

pub mod backend;
pub mod checkpoints;
pub mod choice;
pub mod code;
pub mod data;
pub mod diagnosis;
pub mod download;
pub mod error;
pub mod estimate;
pub mod explain;
pub mod failures;
pub mod format;
pub mod history;
pub mod ink;
pub mod judge;
pub mod kept_run;
pub mod messages;
pub mod model;
pub mod my_digits;
pub mod nn;
pub mod pen;
pub mod plot;
pub mod protocol;
pub mod repeat;
pub mod robustness;
pub mod runs;
pub mod settings;
pub mod stack;
pub mod stopwatch;
pub mod tasks;
pub mod train;
pub mod verdict;
pub mod view;
#[cfg(target_arch = "wasm32")]
pub mod web;
pub mod wire;

pub use error::{Error, Result};
