//! `inkling evaluate`: how well a network reads the data set's images.

use super::files;
use clap::Args;
use inkling::backend::Cpu;
use inkling::data::pixel_to_input;
use inkling::format::model_file::ModelFile;
use inkling::model::Predictor;
use inkling::nn::{ModelSpec, Optimizer};
use inkling::protocol::Evaluation;
use inkling::train::{Data, Schedule, Split, TrainConfig, Trainer};
use inkling::{Result, ink, pen, robustness};
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
        robustness::measure(&file.spec, &file.parameters, &data.test, |kind, score| {
            println!("{:<38} {:>6.1} {:>6.1}", kind.name(), 100.0 * score.mean, 100.0 * score.worst);
        })?;
    }
    Ok(())
}

/// C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017: the mean distance between how sure the network is and
/// how often it is right, over equal bins of how sure it is.
fn calibration(file: &ModelFile, data: &Data) -> Result<()> {
    let mut predictor = Predictor::new(file.spec.clone(), &file.parameters)?;
    let mut bins = [(0.0, 0.0); BINS];
    for (image, label) in data.test.pixels().chunks_exact(data.test.inputs()).zip(data.test.labels()) {
        let input: Vec<f32> = image.iter().copied().map(pixel_to_input).collect();
        let (read, sure) = best(&predictor.predict(&input)?);
        let bin = &mut bins[((sure * BINS as f32) as usize).min(BINS - 1)];
        *bin = (bin.0 + f64::from(sure), bin.1 + f64::from(u8::from(read == usize::from(*label))));
    }
    let error = bins.iter().map(|(sure, right)| (sure - right).abs()).sum::<f64>() / data.test.len() as f64;
    println!("expected calibration error, {BINS} bins   {error:.4}");
    let mut rng = fastrand::Rng::with_seed(99);
    let mut certain = 0;
    for _ in 0..SCRIBBLES {
        let Some(image) = ink::image(&pen::scribble(&mut rng)) else { continue };
        certain += usize::from(best(&predictor.predict(&ink::to_input(&image))?).1 > SURE);
    }
    println!("scribbles of which it is over {:.0} % sure   {certain} of {SCRIBBLES}", 100.0 * SURE);
    Ok(())
}

/// The most probable class, and its probability.
fn best(probabilities: &[f32]) -> (usize, f32) {
    let all = probabilities.iter().copied().enumerate();
    all.max_by(|a, b| a.1.total_cmp(&b.1)).unwrap_or_default()
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
