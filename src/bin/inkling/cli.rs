//! What the command line can be asked to do.

use super::{bench, classify, evaluate, pretrain};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(name = "inkling", version, about = "Make, measure and ask the networks that read digits on the Inkling page")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Train the network that ships with the page
    Pretrain(pretrain::Options),
    /// Measure how fast a network trains here, on the processor or on a graphics device
    Bench(bench::Options),
    /// Print a model file's accuracy on the 10,000 MNIST test images
    Evaluate(evaluate::Options),
    /// Read drawings, a JSON object {"strokes": [[[x, y], ...], ...]} a line; print digit and probabilities, an object a line
    Classify {
        /// The file with the drawings; - for standard input
        strokes: PathBuf,
        /// The model file; without it the network that ships with the page
        #[arg(long)]
        model: Option<PathBuf>,
    },
}

/// Obeys the command line.
pub fn run() -> ExitCode {
    let done = match Cli::parse().command {
        Command::Pretrain(options) => pretrain::run(&options),
        Command::Bench(options) => bench::run(&options),
        Command::Evaluate(options) => evaluate::run(&options),
        Command::Classify { strokes, model } => classify::run(&strokes, model.as_deref()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("inkling: {error}");
            ExitCode::FAILURE
        }
    }
}
