//! What tests share with `cargo xtask`: the server of the site, and the lessons' texts.

#![forbid(unsafe_code)]

pub mod http;
pub mod lessons;
pub mod process;
pub mod server;
