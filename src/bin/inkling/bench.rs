//! `inkling bench`: how fast a network trains here, on the processor or on a graphics device, and whether it learned. The
//! result is checked before a number is printed: a fast wrong network is no result.

use super::files;
use clap::Args;
use inkling::backend::cpu::ThreadGroup;
use inkling::backend::gpu::{Counts, Division};
use inkling::backend::{Backend, Cpu, Gpu, Tuning};
use inkling::data::pixel_to_input;
use inkling::model::Predictor;
use inkling::nn::{Activation, ModelSpec, Optimizer};
use inkling::train::{Data, Schedule, Split, TrainConfig, Trainer};
use inkling::{Error, Result};
use pollster::block_on;
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::OnceLock;
use std::thread;
use std::time::Instant;

#[derive(Args, Clone)]
pub struct Options {
    /// What trains: the processor, or the graphics device that Vulkan, Metal or DirectX offers
    #[arg(long, value_parser = ["cpu", "gpu"], default_value = "cpu")]
    backend: String,
    /// Units of every layer, from the pixels to the classes
    #[arg(long, value_delimiter = ',', default_value = "784,128,10")]
    layers: Vec<usize>,
    /// Images in a mini-batch
    #[arg(long, default_value_t = 128)]
    batch: usize,
    /// Activation of the hidden layers: sigmoid, tanh, relu, leaky-relu, gelu or linear
    #[arg(long, default_value = "sigmoid")]
    activation: String,
    /// sgd, momentum, nesterov, rmsprop, adam or adamw, each with its usual learning rate
    #[arg(long, default_value = "sgd")]
    optimizer: String,
    /// Epochs to time
    #[arg(long, default_value_t = 5, value_parser = clap::value_parser!(u32).range(1..))]
    epochs: u32,
    /// Threads that train together on the processor
    #[arg(long, default_value_t = 2, value_parser = clap::value_parser!(u16).range(1..=64))]
    threads: u16,
    /// How the graphics device divides matrix products; without it by their size
    #[arg(long, value_parser = Division::ALL.map(Division::name))]
    division: Option<String>,
    /// Whether products use subgroups and f16: where that is measured to be faster, nowhere, or wherever the device can
    #[arg(long, value_parser = ["measured", "plain", "full"], default_value = "measured")]
    tuning: String,
    /// Train on the first so many images only
    #[arg(long, value_parser = clap::value_parser!(u32).range(1..))]
    images: Option<u32>,
    /// Draws the weights and the order of the images
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// The folder with the four gzip-compressed MNIST files
    #[arg(long, default_value = "www/data")]
    data: PathBuf,
    /// Change every image at random, as the page's option does
    #[arg(long)]
    augment: bool,
    /// Print one JSON object
    #[arg(long)]
    json: bool,
}

/// Times the test set is evaluated.
const EVALUATIONS: usize = 3;
/// Images predicted, one at a time, in a measurement, and how many measurements.
const PREDICTIONS: (usize, usize) = (500, 5);
/// A network is right that reads this much better than by chance after an epoch of all images.
const LEARNED: f32 = 0.2;

pub fn run(options: &Options) -> Result<()> {
    let spec = ModelSpec::mlp(&options.layers, Activation::parse(&options.activation)?)?;
    let optimizer = Optimizer::parse(&options.optimizer)?;
    let config = TrainConfig {
        optimizer,
        schedule: Schedule::Constant,
        learning_rate: optimizer.usual_learning_rate(),
        batch_size: options.batch,
        epochs: options.epochs,
        seed: options.seed,
        augment: options.augment,
        ..TrainConfig::PLAIN
    }
    .check()?;
    let data = files::read_data(&options.data, options.images)?;
    let job = Job { spec: &spec, config, data: &data };
    let (measured, device) = match options.backend.as_str() {
        "gpu" => job.on_gpu(options)?,
        _ => job.on_cpu(usize::from(options.threads))?,
    };
    if !measured.loss.is_finite() {
        return Err(Error::NotFinite { what: "the loss".into() });
    }
    if options.images.is_none() && measured.accuracy < LEARNED {
        return Err(Error::Device {
            reason: format!("after an epoch it reads {:.4} of the test images right", measured.accuracy),
        });
    }
    report(options, &job, &measured, device)
}

/// What is trained on what.
struct Job<'a> {
    spec: &'a ModelSpec,
    config: TrainConfig,
    data: &'a Data,
}

/// What was seen.
struct Measured {
    device: String,
    /// Seconds of each epoch.
    epochs: Vec<f64>,
    /// Seconds of each evaluation of the test set.
    evaluations: Vec<f64>,
    /// Test accuracy after the first epoch.
    accuracy: f32,
    /// Training loss over the last epoch.
    loss: f64,
    steps: u64,
    /// What the training alone asked of the graphics device.
    counts: Counts,
    compile_ms: f64,
}

impl Job<'_> {
    fn on_cpu(&self, threads: usize) -> Result<(Measured, Value)> {
        let results = thread::scope(|scope| {
            let run = |seat| self.measure(Cpu::in_group(Box::new(seat)), |_| Counts::default(), |_| 0.0);
            let members: Vec<_> = ThreadGroup::seats(threads).into_iter().map(|seat| scope.spawn(move || run(seat))).collect();
            members.into_iter().map(|t| t.join()).collect::<Vec<_>>()
        });
        let died = |_| Error::Device { reason: "a training thread died".into() };
        let mut members = results.into_iter().map(|result| result.map_err(died)?).collect::<Result<Vec<_>>>()?;
        let device = format!("processor, {threads} threads");
        Ok((Measured { device, ..members.swap_remove(0) }, json!({ "threads": threads })))
    }

    fn on_gpu(&self, options: &Options) -> Result<(Measured, Value)> {
        let mut gpu = block_on(Gpu::new(clock))?;
        let known = match options.tuning.as_str() {
            "plain" => Some(Tuning::default()),
            "full" => Some(Tuning::EACH.into_iter().fold(Tuning::default(), Tuning::with)),
            _ => None,
        };
        let tuning = block_on(gpu.tune(&self.spec.layout().layers, self.config.batch_size, known))?;
        if let Some(division) = Division::ALL.into_iter().find(|d| Some(d.name()) == options.division.as_deref()) {
            gpu.divide_as(division)?;
        }
        let software = gpu.is_software();
        let measured = self.measure(gpu, Gpu::counts, Gpu::compile_ms)?;
        let counts = measured.counts;
        let a_step = |count: u64| count as f64 / measured.steps as f64;
        let device = json!({
            "software": software,
            "tuning": tuning.name(),
            "compile_ms": measured.compile_ms,
            "dispatches_a_step": a_step(counts.dispatches),
            "submissions_a_step": a_step(counts.submissions),
            "bind_groups_made": counts.bind_groups,
        });
        Ok((measured, device))
    }

    /// Trains all epochs, and evaluates after the first.
    fn measure<B: Backend>(&self, backend: B, counts: fn(&B) -> Counts, compile_ms: fn(&B) -> f64) -> Result<Measured> {
        let device = backend.info().device;
        let mut trainer = Trainer::new(backend, self.spec.clone(), self.config, None)?;
        trainer.set_data(self.data)?;
        let (mut epochs, mut evaluations) = (Vec::new(), Vec::new());
        let (mut accuracy, mut loss, mut asked) = (0.0, 0.0, Counts::default());
        for epoch in 0..self.config.epochs {
            let before = counts(trainer.backend());
            let began = Instant::now();
            trainer.begin_epoch(epoch)?;
            block_on(trainer.steps(usize::MAX))?;
            let sums = block_on(trainer.take_sums())?;
            epochs.push(began.elapsed().as_secs_f64());
            asked = asked + (counts(trainer.backend()) - before);
            loss = sums.loss / sums.images as f64;
            if epoch == 0 {
                for _ in 0..EVALUATIONS {
                    let began = Instant::now();
                    accuracy = block_on(trainer.evaluate(Split::Test))?.accuracy;
                    evaluations.push(began.elapsed().as_secs_f64());
                }
            }
        }
        let (steps, compile_ms) = (trainer.step(), compile_ms(trainer.backend()));
        Ok(Measured { device, epochs, evaluations, accuracy, loss, steps, counts: asked, compile_ms })
    }

    /// Seconds to predict one image, as the page does: always on the processor.
    fn predict(&self) -> Result<f64> {
        let mut predictor = Predictor::new(self.spec.clone(), &self.spec.initialize(self.config.seed))?;
        let images = (0..self.data.test.len().min(PREDICTIONS.0)).map(|i| self.data.test.image(i));
        let inputs: Vec<Vec<f32>> = images.map(|image| image.iter().copied().map(pixel_to_input).collect()).collect();
        let mut best = f64::INFINITY;
        for _ in 0..PREDICTIONS.1 {
            let began = Instant::now();
            for input in &inputs {
                std::hint::black_box(predictor.predict(input)?);
            }
            best = best.min(began.elapsed().as_secs_f64() / inputs.len() as f64);
        }
        Ok(best)
    }
}

fn report(options: &Options, job: &Job, measured: &Measured, device: Value) -> Result<()> {
    let images = job.data.learning_images(TrainConfig::PLAIN.validation);
    let (best, median) = (sorted(&measured.epochs)[0], sorted(&measured.epochs)[measured.epochs.len() / 2]);
    let weights: usize = job.spec.layout().layers.iter().map(|layer| layer.inputs * layer.units).sum();
    // Two for a multiply-add, in each of three products: forward, the weights' gradient, the inputs' gradient.
    let flops = 6.0 * weights as f64 * images as f64;
    let result = json!({
        "backend": options.backend,
        "device": measured.device,
        "layers": options.layers,
        "batch": options.batch,
        "activation": options.activation,
        "optimizer": options.optimizer,
        "augment": options.augment,
        "images": images,
        "epoch_s": { "best": best, "median": median, "all": measured.epochs },
        "images_per_s": images as f64 / best,
        "gflops": flops / best / 1e9,
        "evaluate_ms": 1e3 * sorted(&measured.evaluations)[0],
        "one_image_us": 1e6 * job.predict()?,
        "accuracy_after_1_epoch": measured.accuracy,
        "loss": measured.loss,
        "details": device,
    });
    if options.json {
        println!("{result}");
        return Ok(());
    }
    let number = |name: &str, digits: usize| format!("{:.digits$}", result[name].as_f64().unwrap_or(f64::NAN));
    println!("device            {}", measured.device);
    println!(
        "network           {:?}, {}, {}, batches of {}{}",
        options.layers,
        options.activation,
        options.optimizer,
        options.batch,
        if options.augment { ", augmented" } else { "" }
    );
    println!("an epoch          {best:.4} s (best of {}), {median:.4} s (median)", measured.epochs.len());
    println!("                  {} images/s, {} GFLOP/s counting every weight", number("images_per_s", 0), number("gflops", 1));
    println!("10,000 images     {} ms to evaluate", number("evaluate_ms", 1));
    println!("one image         {} us to predict, on the processor as the page does", number("one_image_us", 1));
    println!("after one epoch   {:.4} of the test images right", measured.accuracy);
    println!("last epoch's loss {:.4}", measured.loss);
    println!("details           {device}", device = result["details"]);
    Ok(())
}

fn sorted(numbers: &[f64]) -> Vec<f64> {
    let mut sorted = numbers.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted
}

/// Seconds.
fn clock() -> f64 {
    static BEGAN: OnceLock<Instant> = OnceLock::new();
    BEGAN.get_or_init(Instant::now).elapsed().as_secs_f64()
}
