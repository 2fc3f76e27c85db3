//! What tests share with `cargo xtask`: the lessons' texts.

#![forbid(unsafe_code)]

pub mod lessons;
pub mod process;
