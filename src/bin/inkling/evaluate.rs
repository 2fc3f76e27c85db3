//! `inkling evaluate`: how well a network reads the data set's images.

use super::files;
use inkling::Result;
use inkling::backend::Cpu;
use inkling::nn::{ModelSpec, Optimizer};
use inkling::protocol::Evaluation;
use inkling::train::{Data, Schedule, Split, TrainConfig, Trainer};
use std::path::Path;

/// Prints what the file says, and what its network reads of the test set.
pub fn run(model: &Path, data: &Path) -> Result<()> {
    let file = files::read_model(model)?;
    let data = files::read_data(data, None)?;
    let test = evaluate(&file.spec, &file.parameters, &data, Split::Test)?;
    println!("network        {:?}", file.spec.sizes());
    println!("made by        {}", file.about.made_by);
    println!("test images    {}", data.test.len());
    println!("test accuracy  {:.2} %", 100.0 * test.accuracy);
    println!("test loss      {:.4}", test.loss);
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
        label_smoothing: 0.0,
    };
    let mut trainer = Trainer::new(Cpu::new(), spec.clone(), config, Some(parameters))?;
    trainer.set_data(data)?;
    pollster::block_on(trainer.evaluate(split))
}
