//! What the command line can be asked to do.

use super::{bench, classify, files, pretrain};
use clap::{Parser, Subcommand};
use inkling::Result;
use inkling::backend::Cpu;
use inkling::nn::Optimizer;
use inkling::train::{Schedule, Split, TrainConfig, Trainer};
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
    Evaluate {
        /// The model file
        model: PathBuf,
        /// The folder with the four gzip-compressed MNIST files
        #[arg(long, default_value = "www/data")]
        data: PathBuf,
    },
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
        Command::Evaluate { model, data } => evaluate(&model, &data),
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

fn evaluate(model: &std::path::Path, data: &std::path::Path) -> Result<()> {
    let file = files::read_model(model)?;
    let data = files::read_data(data, None)?;
    let schedule = Schedule::Constant;
    let config = TrainConfig {
        optimizer: Optimizer::Sgd,
        learning_rate: 0.1,
        schedule,
        batch_size: 1,
        epochs: 1,
        seed: 0,
        label_smoothing: 0.0,
    };
    let sizes = file.spec.sizes();
    let mut trainer = Trainer::new(Cpu::new(), file.spec, config, Some(&file.parameters))?;
    trainer.set_data(&data)?;
    let test = pollster::block_on(trainer.evaluate(Split::Test))?;
    println!("network        {sizes:?}");
    println!("made by        {}", file.about.made_by);
    println!("test images    {}", data.test.len());
    println!("test accuracy  {:.2} %", 100.0 * test.accuracy);
    println!("test loss      {:.4}", test.loss);
    Ok(())
}
