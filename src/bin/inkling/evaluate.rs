//! `inkling evaluate`: how well a network reads the data set's images.

use super::files;
use clap::Args;
use inkling::backend::Cpu;
use inkling::format::model_file::ModelFile;
use inkling::model::Predictor;
use inkling::nn::{ModelSpec, Optimizer};
use inkling::protocol::Evaluation;
use inkling::train::{Data, Schedule, Split, TrainConfig, Trainer};
use inkling::{Result, ink, judge, pen, robustness};
use std::path::PathBuf;

#[derive(Args, Clone)]
pub struct Options {
    /// The model file
    model: PathBuf,
    /// The folder with the four gzip-compressed MNIST files
    #[arg(long, default_value = "www/data")]
    data: PathBuf,
    /// Also how it reads the first 1,000 test images once they are shifted, scaled, turned, thinned and thickened
    #[arg(long)]
    robustness: bool,
    /// Also how far its probabilities can be trusted: the expected calibration error, and how often it is sure of scribbles
    #[arg(long)]
    calibration: bool,
}

/// Bins of the expected calibration error.
const BINS: usize = 15;
/// Scribbles that are tried, and what counts as sure.
const SCRIBBLES: usize = 1000;
const SURE: f32 = 0.9;

/// Prints what the file says, and what its network reads of the test set.
pub fn run(options: &Options) -> Result<()> {
    let file = files::read_model(&options.model)?;
    let data = files::read_data(&options.data, None)?;
    let test = evaluate(&file.spec, &file.parameters, &data, Split::Test)?;
    println!("network        {:?}", file.spec.sizes());
    println!("made by        {}", file.about.made_by);
    println!("test images    {}", data.test.len());
    println!("test accuracy  {:.2} %", 100.0 * test.accuracy);
    println!("test loss      {:.4}", test.loss);
    if options.calibration {
        calibration(&file, &data)?;
    }
    if options.robustness {
        println!("of the first {} test images, changed, %   mean   worst direction", robustness::IMAGES);
        robustness::measure(&file.spec, &file.parameters, &data.test, robustness::IMAGES, |kind, score| {
            println!("{:<38} {:>6.1} {:>6.1}", kind.name(), 100.0 * score.mean, 100.0 * score.worst);
        })?;
    }
    Ok(())
}

/// The expected calibration error, and how often the network is sure of what is no digit.
fn calibration(file: &ModelFile, data: &Data) -> Result<()> {
    let error = judge::judge(&file.spec, &file.parameters, &data.test)?.calibration_error(BINS);
    println!("expected calibration error, {BINS} bins   {error:.4}");
    let mut predictor = Predictor::new(file.spec.clone(), &file.parameters)?;
    let mut rng = fastrand::Rng::with_seed(99);
    let mut certain = 0;
    for _ in 0..SCRIBBLES {
        let Some(image) = ink::image(&pen::scribble(&mut rng)) else { continue };
        let probabilities = predictor.predict(&ink::to_input(&image))?;
        certain += usize::from(probabilities.into_iter().fold(0.0, f32::max) > SURE);
    }
    println!("scribbles of which it is over {:.0} % sure   {certain} of {SCRIBBLES}", 100.0 * SURE);
    Ok(())
}

/// What a network reads of one split.
pub fn evaluate(spec: &ModelSpec, parameters: &[f32], data: &Data, split: Split) -> Result<Evaluation> {
    // Nothing is trained: the trainer is what holds data and network.
    let config = TrainConfig {
        optimizer: Optimizer::Sgd,
        learning_rate: 0.1,
        schedule: Schedule::Constant,
        batch_size: 1,
        epochs: 1,
        seed: 0,
        ..TrainConfig::PLAIN
    };
    let mut trainer = Trainer::new(Cpu::new(), spec.clone(), config, Some(parameters))?;
    trainer.set_data(data)?;
    pollster::block_on(trainer.evaluate(split))
}
