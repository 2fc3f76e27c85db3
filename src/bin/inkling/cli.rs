//! What the command line can be asked to do.

#[cfg(feature = "gpu")]
use super::bench;
#[cfg(feature = "serve")]
use super::serve;
use super::{classify, evaluate, pretrain};
use clap::{Parser, Subcommand};
use std::path::PathBuf;
use std::process::ExitCode;

#[derive(Parser)]
#[command(
    name = "inkling",
    version,
    about = "Serve the Inkling page, and make, measure and ask the networks that read digits on it"
)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the page to everyone in the same network, without the Internet
    #[cfg(feature = "serve")]
    Serve(serve::Options),
    /// Train the network that ships with the page
    Pretrain(pretrain::Options),
    /// Measure how fast a network trains here, on the processor or on a graphics device
    #[cfg(feature = "gpu")]
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
        #[cfg(feature = "serve")]
        Command::Serve(options) => serve::run(&options),
        Command::Pretrain(options) => said(pretrain::run(&options)),
        #[cfg(feature = "gpu")]
        Command::Bench(options) => said(bench::run(&options)),
        Command::Evaluate(options) => said(evaluate::run(&options)),
        Command::Classify { strokes, model } => said(classify::run(&strokes, model.as_deref())),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(sentence) => {
            eprintln!("inkling: {sentence}");
            ExitCode::FAILURE
        }
    }
}

fn said(done: inkling::Result<()>) -> Result<(), String> {
    done.map_err(|error| error.to_string())
}
