//! `inkling pretrain`: makes the network that ships with the page. The number of epochs was chosen on the validation split;
//! the test set is only reported.

mod images;
mod rounding;
mod temperature;

use super::{evaluate, files};
use clap::Args;
use images::{Images, Mixture};
use indicatif::{ProgressBar, ProgressStyle};
use inkling::backend::cpu::{Cpu, Group, ThreadGroup};
use inkling::data::Dataset;
use inkling::format::model_file::{self, About, ModelFile};
use inkling::format::packed;
use inkling::nn::{Activation, ModelSpec, Optimizer};
use inkling::train::{Data, Schedule, Split, TrainConfig, Trainer};
use inkling::{Error, Result, robustness};
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Barrier, Mutex, PoisonError};
use std::thread;

#[derive(Args, Clone)]
pub struct Options {
    /// Where to write the model file
    #[arg(long, default_value = "www/models/shipped.inkling")]
    out: PathBuf,
    /// The folder with the four gzip-compressed MNIST files
    #[arg(long, default_value = "www/data")]
    data: PathBuf,
    /// Units of the hidden layers
    #[arg(long, value_delimiter = ',', default_value = "704,320")]
    layers: Vec<usize>,
    /// Passes over the training images
    #[arg(long, default_value_t = 250)]
    epochs: u32,
    /// Adam's highest learning rate; it rises over the first epochs and falls to zero along a cosine
    #[arg(long, default_value_t = 0.001)]
    learning_rate: f32,
    /// Images in a mini-batch
    #[arg(long, default_value_t = 128)]
    batch: usize,
    /// Share of each target that is spread over all digits
    #[arg(long, default_value_t = 0.02)]
    label_smoothing: f32,
    /// Share of MNIST's images that change strongly; the others change gently
    #[arg(long, default_value_t = 0.5)]
    strong: f32,
    /// Share of MNIST's images whose strokes get thin while little else changes
    #[arg(long, default_value_t = 0.1)]
    thin: f32,
    /// Take the first so many of MNIST's training images only
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    images: Option<u32>,
    /// Pen-drawn digits in an epoch, beside MNIST's 55,000
    #[arg(long, default_value_t = 20_000)]
    pens: usize,
    /// Drawings that are no digit in an epoch
    #[arg(long, default_value_t = 15_000)]
    others: usize,
    /// Draws weights, order and images; the same seed and threads give the same file
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Bits of a weight in the file: 2 to 8, or 32 for all of them
    #[arg(long, default_value_t = 4)]
    bits: u32,
    /// Threads that train together
    #[arg(long, default_value_t = 2)]
    threads: usize,
}

/// The learning rate rises for two epochs.
const SCHEDULE: Schedule = Schedule::Cosine { warm_up: 2.0 };

/// Images through which rounding sees what the layers' inputs are like.
const ROUNDED_ON: usize = 8192;

pub fn run(options: &Options) -> Result<()> {
    let data = files::read_data(&options.data, options.images)?;
    let sizes: Vec<usize> = [784].into_iter().chain(options.layers.iter().copied()).chain([10]).collect();
    let spec = ModelSpec::mlp(&sizes, Activation::Relu)?;
    println!(
        "{} images to learn from, {} to validate on, {} to test on",
        data.learning_images(TrainConfig::PLAIN.validation),
        data.validation_images(TrainConfig::PLAIN.validation),
        data.test.len()
    );
    println!("network {sizes:?}, {} parameters, {} threads", spec.layout().parameters, options.threads);

    let mixture = Mixture { strong: options.strong, thin: options.thin, pens: options.pens, others: options.others };
    let shared = Shared {
        options,
        spec: &spec,
        images: Images::new(&data.training, data.learning_images(TrainConfig::PLAIN.validation), mixture, options.seed)?,
        barrier: Barrier::new(options.threads),
        parts: (0..options.threads).map(|_| Mutex::default()).collect(),
        assembled: Mutex::default(),
    };
    let results = thread::scope(|scope| {
        let seats = ThreadGroup::seats(options.threads);
        let threads: Vec<_> = seats.into_iter().map(|seat| scope.spawn(|| shared.train(seat))).collect();
        threads
            .into_iter()
            .map(|t| t.join().map_err(|_| Error::Device { reason: "a training thread died".into() }))
            .collect::<Vec<_>>()
    });
    let mut leader = None;
    for result in results {
        leader = leader.or(result??);
    }
    let mut parameters = leader.ok_or(Error::Device { reason: "nothing was trained".into() })?;
    if packed::BITS.contains(&options.bits) {
        rounding::round(&spec, &mut parameters, options.bits, &shared.images.sample(options.epochs, ROUNDED_ON))?;
    }
    let validation = data.learning_images(TrainConfig::PLAIN.validation)..data.training.len();
    let temperature = temperature::calibrate(&spec, &mut parameters, &data.training, validation)?;
    let validated = evaluate::evaluate(&spec, &parameters, &data, Split::Validation)?;
    let tested = evaluate::evaluate(&spec, &parameters, &data, Split::Test)?;
    println!("weights of {} bits, temperature {temperature:.2}", options.bits);
    println!("validation accuracy {:.2} %, loss {:.4}", 100.0 * validated.accuracy, validated.loss);
    println!("validation images, changed, %   mean  worst direction");
    robustness::measure(&spec, &parameters, &shared.images.validation()?, usize::MAX, |kind, score| {
        println!("{:<29} {:>6.1} {:>6.1}", kind.name(), 100.0 * score.mean, 100.0 * score.worst);
    })?;
    println!("test accuracy {:.2} %", 100.0 * tested.accuracy);
    let about = About { made_by: made_by(options), test_accuracy: Some(tested.accuracy) };
    let model = ModelFile { spec, parameters, about, subject: Default::default() };
    let file = match options.bits {
        32 => model_file::encode(&model)?,
        bits => model_file::encode_packed(&model, bits)?,
    };
    fs::write(&options.out, &file).map_err(|e| files::failed(&options.out, &e))?;
    println!("wrote {} ({} bytes)", options.out.display(), file.len());
    Ok(())
}

/// The command line that makes the same file again.
fn made_by(options: &Options) -> String {
    format!(
        "inkling pretrain --layers {} --epochs {} --learning-rate {} --batch {} --label-smoothing {} --strong {} --thin {} --pens {} --others {} \
         --bits {} --seed {} --threads {}",
        options.layers.iter().map(usize::to_string).collect::<Vec<_>>().join(","),
        options.epochs,
        options.learning_rate,
        options.batch,
        options.label_smoothing,
        options.strong,
        options.thin,
        options.pens,
        options.others,
        options.bits,
        options.seed,
        options.threads
    )
}

/// What the training threads share.
struct Shared<'a> {
    options: &'a Options,
    spec: &'a ModelSpec,
    images: Images<'a>,
    barrier: Barrier,
    /// Each thread's part of the images that the next epoch sees: pixels and labels.
    parts: Vec<Mutex<(Vec<u8>, Vec<u8>)>>,
    assembled: Mutex<Option<Result<Arc<Dataset>>>>,
}

impl Shared<'_> {
    /// One thread's training; the thread in seat 0 reports and returns the weights.
    fn train(&self, group: ThreadGroup) -> Result<Option<Vec<f32>>> {
        let (seat, _) = group.seat();
        let options = self.options;
        let optimizer = Optimizer::parse("adam")?;
        let config = TrainConfig {
            optimizer,
            learning_rate: options.learning_rate,
            schedule: SCHEDULE,
            batch_size: options.batch,
            epochs: options.epochs,
            seed: options.seed,
            label_smoothing: options.label_smoothing,
            // An epoch's images are all learned from; what validates comes beside them.
            validation: 0,
            ..TrainConfig::PLAIN
        };
        let mut trainer = Trainer::new(Cpu::in_group(Box::new(group)), self.spec.clone(), config, None)?;
        let style = ProgressStyle::with_template("{bar:40} {pos}/{len} epochs  {elapsed} (left: {eta})  {msg}");
        let bar = match style {
            Ok(style) if seat == 0 => ProgressBar::new(options.epochs.into()).with_style(style),
            _ => ProgressBar::hidden(),
        };
        let validation = Arc::new(self.images.validation()?);
        for epoch in 0..options.epochs {
            trainer.set_data(&Data { training: self.epoch(seat, epoch)?, test: Arc::clone(&validation) })?;
            trainer.begin_epoch(epoch)?;
            pollster::block_on(trainer.steps(usize::MAX))?;
            let sums = pollster::block_on(trainer.take_sums())?;
            let validation = pollster::block_on(trainer.evaluate(Split::Test))?;
            bar.inc(1);
            bar.set_message(format!(
                "loss {:.4}, validation accuracy {:.2} %",
                sums.loss / sums.images as f64,
                100.0 * validation.accuracy
            ));
            if seat == 0 && !std::io::IsTerminal::is_terminal(&std::io::stderr()) {
                println!(
                    "epoch {}: loss {:.4}, validation accuracy {:.2} %",
                    epoch + 1,
                    sums.loss / sums.images as f64,
                    100.0 * validation.accuracy
                );
            }
        }
        bar.finish();
        // Each thread keeps a part of the weights up to date: all of them have to ask.
        let parameters = pollster::block_on(trainer.parameters())?;
        Ok((seat == 0).then_some(parameters))
    }

    /// The images of an epoch, made by all threads together.
    fn epoch(&self, seat: usize, epoch: u32) -> Result<Arc<Dataset>> {
        let (images, seats) = (self.images.count(), self.parts.len());
        *lock(&self.parts[seat]) = self.images.part(epoch, images * seat / seats..images * (seat + 1) / seats);
        if self.barrier.wait().is_leader() {
            let set = self.images.assemble(self.parts.iter().map(|part| std::mem::take(&mut *lock(part))));
            *lock(&self.assembled) = Some(set.map(Arc::new));
        }
        self.barrier.wait();
        let made = lock(&self.assembled).clone();
        self.barrier.wait();
        made.unwrap_or_else(|| Err(Error::Device { reason: "the images could not be put together".into() }))
    }
}

/// A thread that panicked ends the whole command anyway.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
