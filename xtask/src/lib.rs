//! What the end-to-end tests share with `cargo xtask`: the server of the site.

pub mod http;
pub mod process;
pub mod server;
