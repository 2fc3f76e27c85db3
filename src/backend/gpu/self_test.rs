//! The proof that a backend computes: one training step of a small ragged network, compared with the CPU's. Drivers with
//! wrong arithmetic exist, and wrong numbers must never reach a person as a network that "does not learn".

use crate::backend::{Backend, Cpu};
use crate::data::{Augmentation, Dataset, RandomChanges};
use crate::error::GpuReason;
use crate::nn::{Activation, DenseShape, Layout, Loss, Noise, Optimizer, Part};
use crate::{Error, Result};
use std::sync::Arc;

/// Rows of the batch.
const ROWS: usize = 9;
/// Image numbers before the batch.
const START: usize = 2;
/// Pixels of an image, and classes.
const INPUTS: usize = 20;
const CLASSES: usize = 5;
/// Units of the hidden layers, in turn: shapes with and without whole vectors of four.
const UNITS: [usize; 3] = [12, 8, 7];
/// Pixels along a side of the images that are changed at random.
const SIDE: usize = 5;
/// A number may differ by this times (1 + its size).
const TOLERANCE: f32 = 1e-3;
/// A changed pixel may come to the whole value beside the right one.
const BESIDE: f32 = 1.0 / 255.0;

/// One operation's result on a backend.
struct Output<B: Backend> {
    operation: &'static str,
    buffer: B::Buffer,
    len: usize,
    /// Whether no other output depends on it. All operations flow into those few, so only they are read when all is well:
    /// reading is slow in some browsers.
    last: bool,
    tolerance: f32,
}

/// Trains the small network for a step with every activation and every optimizer, here and on the CPU.
///
/// Errors with [`GpuReason::SelfTestFailed`] when a number differs or can't be read, and names the first operation that is
/// wrong.
pub async fn self_test<B: Backend>(backend: &mut B) -> Result<()> {
    let failed = |why| Error::NoGpu { reason: GpuReason::SelfTestFailed(why) };
    let mut cpu = Cpu::new();
    let want = training_step(&mut cpu).map_err(|why| failed(why.to_string()))?;
    let got = training_step(backend).map_err(|why| failed(why.to_string()))?;
    let mut difference = None;
    for all in [false, true] {
        for (want, got) in want.iter().zip(&got).filter(|(want, _)| all || want.last) {
            let want = cpu.read(&want.buffer, want.len).await?;
            let result = backend.read(&got.buffer, got.len).await.map_err(|why| failed(format!("{}: {why}", got.operation)))?;
            if let Some((i, got_number, want_number)) = first_difference(&result, &want, got.tolerance) {
                let why = format!("{}: number {i} is {got_number}, the CPU's is {want_number}", got.operation);
                difference = Some(why);
                break;
            }
        }
        if difference.is_none() {
            return Ok(());
        }
    }
    Err(failed(difference.unwrap_or_default()))
}

/// Whether the three products of such a layer come out as the CPU's, each number within `tolerance` times (1 + its size).
///
/// Errors when they can't be read.
pub(super) async fn products_agree<B: Backend>(backend: &mut B, layer: DenseShape, rows: usize, tolerance: f32) -> Result<bool> {
    let mut cpu = Cpu::new();
    let (want, got) = (products(&mut cpu, layer, rows), products(backend, layer, rows));
    for ((want, len), (got, _)) in want.iter().zip(&got) {
        let (want, got) = (cpu.read(want, *len).await?, backend.read(got, *len).await?);
        if first_difference(&got, &want, tolerance).is_some() {
            return Ok(false);
        }
    }
    Ok(true)
}

/// Computes the three products, and returns each result with its length.
fn products<B: Backend>(b: &mut B, layer: DenseShape, rows: usize) -> [(B::Buffer, usize); 3] {
    let mut rng = fastrand::Rng::with_seed(1);
    let mut random = |len: usize| -> Vec<f32> { (0..len).map(|_| rng.f32() * 2.0 - 1.0).collect() };
    let DenseShape { inputs, units, bias, .. } = layer;
    let (x, dz) = (filled(b, &random(rows * inputs)), filled(b, &random(rows * units)));
    let parameters = filled(b, &random(bias + units));
    let (mut y, mut gradients, mut dx) = (b.zeros(rows * units), b.zeros(bias + units), b.zeros(rows * inputs));
    b.dense(layer, Activation::Linear, rows, &x, &parameters, &mut y);
    b.dense_weight_gradient(layer, rows, &x, &dz, &mut gradients);
    b.dense_input_gradient(layer, Activation::Linear, rows, &x, &dz, &parameters, &mut dx);
    [(y, rows * units), (gradients, bias + units), (dx, rows * inputs)]
}

/// The first number that is too far from what it should be, with its index; NaN is too far from everything.
fn first_difference(got: &[f32], want: &[f32], tolerance: f32) -> Option<(usize, f32, f32)> {
    let close = |got: f32, want: f32| (got - want).abs() <= tolerance * (1.0 + want.abs());
    let pairs = got.iter().copied().zip(want.iter().copied()).enumerate();
    pairs.map(|(i, (got, want))| (i, got, want)).find(|&(_, got, want)| !close(got, want))
}

/// Encodes the step and returns the results of its operations, in order.
fn training_step<B: Backend>(b: &mut B) -> Result<Vec<Output<B>>> {
    let hidden = Activation::HIDDEN;
    let units = UNITS.iter().copied().cycle().take(hidden.len());
    let sizes: Vec<usize> = std::iter::once(INPUTS).chain(units).chain([CLASSES]).collect();
    let layout = Layout::new(&sizes);
    let activations: Vec<Activation> = hidden.into_iter().chain([Activation::Linear]).collect();

    let mut rng = fastrand::Rng::with_seed(1);
    let mut random = |len: usize| -> Vec<f32> { (0..len).map(|_| rng.f32() * 2.0 - 1.0).collect() };
    let weights = random(layout.parameters);
    let images = START + ROWS;
    let pixels: Vec<u8> = random(images * INPUTS).iter().map(|x| (x * 127.5 + 127.5) as u8).collect();
    let labels = (0..images).map(|i| (i * 3 % CLASSES) as u8).collect();
    let order: Vec<u32> = (0..images as u32).rev().collect();
    let data = b.data(&Arc::new(Dataset::new(pixels, labels, INPUTS, CLASSES)?))?;
    let order = b.order(&order);
    let parameters = filled(b, &weights);

    // Forward.
    let (mut x, mut labels) = (b.zeros(ROWS * INPUTS), b.zeros(ROWS));
    b.gather(&data, &order, START, ROWS, &mut x, &mut labels);
    let mut ys = vec![x];
    // What each layer keeps for its derivative, where that is not its output.
    let mut zs = Vec::new();
    for (layer, activation) in layout.layers.iter().zip(&activations) {
        let mut y = b.zeros(ROWS * layer.units);
        let z = if activation.keeps_z() {
            let mut z = b.zeros(ROWS * layer.units);
            b.dense(*layer, Activation::Linear, ROWS, &ys[ys.len() - 1], &parameters, &mut z);
            b.activate(*activation, ROWS * layer.units, &z, &mut y);
            Some(z)
        } else {
            b.dense(*layer, *activation, ROWS, &ys[ys.len() - 1], &parameters, &mut y);
            None
        };
        zs.push(z);
        ys.push(y);
    }
    let z = &ys[ys.len() - 1];
    let mut p = b.zeros(ROWS * CLASSES);
    b.softmax(ROWS, CLASSES, z, &mut p);

    // Loss and backward.
    let mut sums = filled(b, &[7.0; 2 * ROWS]);
    b.clear(&mut sums);
    let mut dz = b.zeros(ROWS * CLASSES);
    b.softmax_loss(Loss::CrossEntropy, ROWS, CLASSES, 0.1, 1.0 / ROWS as f32, z, &labels, &mut dz, &mut sums);
    let mut gradients = b.zeros(layout.parameters);
    let mut dzs = vec![dz];
    for (i, layer) in layout.layers.iter().enumerate().rev() {
        let dz = &dzs[dzs.len() - 1];
        b.dense_weight_gradient(*layer, ROWS, &ys[i], dz, &mut gradients);
        if i > 0 {
            let mut dx = b.zeros(ROWS * layer.inputs);
            let kept = zs[i - 1].as_ref().unwrap_or(&ys[i]);
            b.dense_input_gradient(*layer, activations[i - 1], ROWS, kept, dz, &parameters, &mut dx);
            dzs.push(dx);
        }
    }

    // Update, twice, so that the optimizer's state counts.
    let mut updated = Vec::new();
    for optimizer in Optimizer::ALL {
        let state = |slot: usize| if optimizer.slots() > slot { layout.parameters } else { 0 };
        let (mut m, mut v) = (b.zeros(state(0)), b.zeros(state(1)));
        // The usual epsilon turns the rounding of a slope that is almost zero into a whole step.
        let optimizer = match optimizer {
            Optimizer::Adam { beta1, beta2, .. } => Optimizer::Adam { beta1, beta2, epsilon: 1e-3 },
            Optimizer::AdamW { beta1, beta2, weight_decay, .. } => Optimizer::AdamW { beta1, beta2, epsilon: 1e-3, weight_decay },
            Optimizer::RmsProp { rho, .. } => Optimizer::RmsProp { rho, epsilon: 1e-3 },
            other => other,
        };
        let mut x = filled(b, &weights);
        for t in 1..=2 {
            let step = optimizer.at_step(0.5, t);
            b.update(optimizer, step, &layout, &gradients, &mut m, &mut v, &mut x);
        }
        updated.push(x);
    }

    // Images changed at random: a data set of their own, for they are square.
    let pixels: Vec<u8> = random(images * SIDE * SIDE).iter().map(|x| (x * 127.5 + 127.5) as u8).collect();
    let square = b.data(&Arc::new(Dataset::new(pixels, vec![0; images], SIDE * SIDE, CLASSES)?))?;
    let (mut changed, mut no_labels) = (b.zeros(ROWS * SIDE * SIDE), b.zeros(ROWS));
    let changes = RandomChanges { by: Augmentation::HANDWRITING, seed: 1, epoch: 2 };
    b.gather_augmented(&square, &order, START, ROWS, changes, &mut changed, &mut no_labels);

    let mut outputs = between_dense_layers(b, random);
    for (i, (y, size)) in ys.into_iter().zip(&sizes).enumerate() {
        let z = if i == 0 { None } else { zs[i - 1].take() };
        let operation = if z.is_some() { "activate" } else { ["gather", "dense"][i.min(1)] };
        outputs.extend(z.map(|z| output("dense", z, ROWS * size, false)));
        outputs.push(output(operation, y, ROWS * size, false));
    }
    outputs.push(output("gather (labels)", labels, ROWS, false));
    let changed = output("gather_augmented", changed, ROWS * SIDE * SIDE, true);
    outputs.push(Output { tolerance: TOLERANCE + BESIDE, ..changed });
    outputs.push(output("softmax", p, ROWS * CLASSES, true));
    outputs.push(output("softmax_loss (sums)", sums, 2 * ROWS, true));
    for (i, (dz, size)) in dzs.into_iter().zip(sizes.iter().rev()).enumerate() {
        let operation = if i == 0 { "softmax_loss" } else { "dense_input_gradient" };
        outputs.push(output(operation, dz, ROWS * size, false));
    }
    outputs.push(output("dense_weight_gradient", gradients, layout.parameters, true));
    for (x, optimizer) in updated.into_iter().zip(Optimizer::ALL) {
        let operation = match optimizer {
            Optimizer::Sgd => "update (sgd)",
            Optimizer::Momentum { .. } => "update (momentum)",
            Optimizer::Adam { .. } => "update (adam)",
            Optimizer::Nesterov { .. } => "update (nesterov)",
            Optimizer::RmsProp { .. } => "update (rmsprop)",
            Optimizer::AdamW { .. } => "update (adamw)",
        };
        outputs.push(output(operation, x, layout.parameters, true));
    }
    Ok(outputs)
}

fn output<B: Backend>(operation: &'static str, buffer: B::Buffer, len: usize, last: bool) -> Output<B> {
    Output { operation, buffer, len, last, tolerance: TOLERANCE }
}

fn filled<B: Backend>(b: &mut B, values: &[f32]) -> B::Buffer {
    let mut buffer = b.zeros(values.len());
    b.write(&mut buffer, values);
    buffer
}

/// What stands between Dense layers, forward and back, on numbers of its own; and the other loss.
fn between_dense_layers<B: Backend>(b: &mut B, mut random: impl FnMut(usize) -> Vec<f32>) -> Vec<Output<B>> {
    let units = UNITS[0];
    let len = ROWS * units;
    let layout = Layout::of(units, [Part::BatchNormalization, Part::Dense(CLASSES)]);
    let (norm, layer) = (layout.norms[0], layout.layers[0]);
    // Below zero there is no variance.
    let weights: Vec<f32> = random(layout.parameters).iter().map(|w| w.abs()).collect();
    let mut parameters = filled(b, &weights);
    let (x, mut dy) = (filled(b, &random(len)), filled(b, &random(len)));
    let (mut statistics, mut moving) = (b.zeros(4 * units), b.zeros(4 * units));
    let (mut y, mut dropped) = (b.zeros(len), b.zeros(len));
    let mut gradients = filled(b, &random(layout.trainable));
    let mut chained = filled(b, &random(len));
    b.moving_statistics(norm, &parameters, &mut moving);
    b.batch_statistics(norm, ROWS, &x, &mut parameters, &mut statistics);
    b.normalize(norm, ROWS, &x, &statistics, &mut y);
    b.dropout(Noise::new(1, 2, 3, 0.4), len, &y, &mut dropped);
    b.normalize_gradient(norm, ROWS, &x, &statistics, &mut dy, &mut gradients);
    b.chain(Activation::Gelu, len, &x, &mut chained);
    let mut penalty = b.zeros(layout.trainable);
    b.l2_gradient(layer, 0.3, &parameters, &mut penalty);
    let (z, labels) = (filled(b, &random(ROWS * CLASSES)), filled(b, &[3.0; ROWS]));
    let (mut dz, mut sums) = (b.zeros(ROWS * CLASSES), b.zeros(2 * ROWS));
    b.softmax_loss(Loss::MeanSquaredError, ROWS, CLASSES, 0.1, 1.0, &z, &labels, &mut dz, &mut sums);
    vec![
        output("moving_statistics", moving, 4 * units, true),
        output("batch_statistics", statistics, 4 * units, true),
        output("batch_statistics (moving)", parameters, layout.parameters, true),
        output("normalize", y, len, true),
        output("dropout", dropped, len, true),
        output("normalize_gradient", dy, len, true),
        output("normalize_gradient (weights)", gradients, layout.trainable, true),
        output("chain", chained, len, true),
        output("l2_gradient", penalty, layout.trainable, true),
        output("softmax_loss (mean squared error)", dz, ROWS * CLASSES, true),
        output("softmax_loss (mean squared error, sums)", sums, 2 * ROWS, true),
    ]
}
