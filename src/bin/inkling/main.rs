//! The command line: makes, measures and asks networks natively, through the same code as the page. On wasm32, where cargo
//! builds it along with the browser tests, it is empty.

#![forbid(unsafe_code)]
#![cfg_attr(target_arch = "wasm32", no_main)]
#![cfg(not(target_arch = "wasm32"))]

#[cfg(feature = "gpu")]
mod bench;
mod classify;
mod cli;
mod evaluate;
mod files;
mod pretrain;
#[cfg(feature = "serve")]
mod serve;

fn main() -> std::process::ExitCode {
    cli::run()
}
