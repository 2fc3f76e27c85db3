//! Every operation of every backend against the f64 oracle: one test body an operation, run on the CPU and on WebGPU.
#![cfg(not(target_arch = "wasm32"))]

mod device;
mod oracle;

use inkling::Error;
use inkling::backend::gpu::Division;
use inkling::backend::{Backend, BackendKind, Cpu, Gpu};
use inkling::data::{Augmentation, Dataset, RandomChanges, augment};
use inkling::nn::{Activation, DenseShape, Layout, Loss, Noise, Optimizer, Part};
use pollster::block_on;
use std::sync::Arc;

/// Rows, inputs and units: one, ragged (each remainder of four), wide, whole tiles, and each side of the shaders' tiles of 4,
/// 16, 32 and 64.
const SHAPES: [(usize, usize, usize); 11] = [
    (1, 1, 1),
    (3, 5, 7),
    (6, 11, 9),
    (17, 33, 10),
    (65, 784, 10),
    (128, 784, 128),
    (4, 16, 12),
    (15, 17, 16),
    (31, 63, 33),
    (64, 32, 64),
    (68, 65, 132),
];

/// What a matrix product may be off by: 784 products of numbers up to 1 add up to about 2e-5 of f32 rounding.
const PRODUCT: f64 = 5e-5;
/// The same with numbers rounded to f16's 11 bits. On lavapipe 7e-3 suffices; WGSL lets a device cut the others off instead,
/// which is off by twice as much.
const HALF_PRODUCT: f64 = 1.5e-2;

/// Numbers in a buffer after those that an operation is about, and what an output's are.
const SPARE: usize = 64;
const STAYS: f32 = -5.0;

/// Runs each check on each backend; those of matrix products are told what these may be off by.
macro_rules! on_every_backend {
    ($($check:ident),*; $($product:ident),* $(,)?) => {
        mod cpu {
            $(#[test] fn $check() { super::$check(&mut inkling::backend::Cpu::new()); })*
            $(#[test] fn $product() { super::$product(&mut inkling::backend::Cpu::new(), super::PRODUCT); })*
        }
        mod webgpu {
            $(#[test] fn $check() {
                if let Some(mut gpu) = crate::device::gpu() {
                    super::$check(&mut gpu);
                }
            })*
            $(#[test] fn $product() {
                if let Some(mut gpu) = crate::device::gpu() {
                    super::$product(&mut gpu, super::PRODUCT);
                }
            })*
        }
    };
}

on_every_backend!(
    check_buffers,
    check_gather,
    check_gather_augmented,
    check_activate,
    check_softmax,
    check_softmax_loss,
    check_chain,
    check_dropout,
    check_normalization,
    check_moving_statistics,
    check_normalization_gradient,
    check_l2_gradient,
    check_update,
    check_order_of_operations,
    check_many_operations,
    check_alone,
    check_dense_with_large_sums;
    check_dense,
    check_dense_weight_gradient,
    check_dense_input_gradient,
    check_slopes_of_every_size,
    check_images_of_little_ink,
    check_dropout_of_images,
);

/// Runs the checks of matrix products on WebGPU, divided in one way whatever their size, where the device has what that needs.
macro_rules! divided_as {
    ($($name:ident: $division:ident within $tolerance:ident),* $(,)?) => {
        $(mod $name {
            use super::*;

            fn with(check: fn(&mut Gpu, f64)) {
                let Some(mut gpu) = device::gpu() else { return };
                match gpu.divide_as(Division::$division) {
                    Ok(()) => check(&mut gpu, $tolerance),
                    Err(why) => device::skip(&why),
                }
            }

            #[test] fn check_dense() { with(super::check_dense); }
            #[test] fn check_dense_with_large_sums() { with(|gpu, _| super::check_dense_with_large_sums(gpu)); }
            #[test] fn check_activate() { with(|gpu, _| super::check_activate(gpu)); }
            #[test] fn check_dense_weight_gradient() { with(super::check_dense_weight_gradient); }
            #[test] fn check_dense_input_gradient() { with(super::check_dense_input_gradient); }
            #[test] fn check_slopes_of_every_size() { with(super::check_slopes_of_every_size); }
            #[test] fn check_images_of_little_ink() { with(super::check_images_of_little_ink); }
        })*
        /// Every division has a module above.
        #[test]
        fn every_division_is_checked() {
            assert_eq!(Division::ALL.to_vec(), [$(Division::$division),*]);
        }
    };
}

divided_as!(
    webgpu_in_tiles: Tiles within PRODUCT,
    webgpu_in_quarters: Quarters within PRODUCT,
    webgpu_in_sixteenths: Sixteenths within PRODUCT,
    webgpu_in_blocks: Blocks within PRODUCT,
    webgpu_in_subgroup_quarters: SubgroupQuarters within PRODUCT,
    webgpu_in_subgroup_sixteenths: SubgroupSixteenths within PRODUCT,
    webgpu_in_half_blocks: HalfBlocks within HALF_PRODUCT,
);

/// Fails unless every number is close to what it should be; NaN is close to nothing.
fn assert_close(got: &[f32], want: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), want.len(), "{what}");
    for (i, (&got, want)) in got.iter().zip(want).enumerate() {
        let close = (f64::from(got) - want).abs() <= tolerance * (1.0 + want.abs());
        assert!(close, "{what}: number {i} is {got}, should be {want}");
    }
}

/// Numbers between -1 and 1.
fn random(len: usize, seed: u64) -> Vec<f32> {
    let mut rng = fastrand::Rng::with_seed(seed);
    (0..len).map(|_| rng.f32() * 2.0 - 1.0).collect()
}

fn buffer<B: Backend>(b: &mut B, values: &[f32]) -> B::Buffer {
    let mut buffer = b.zeros(values.len());
    b.write(&mut buffer, values);
    buffer
}

/// A buffer that is longer than its content, as in an epoch's last, smaller batch. What follows must not count.
fn input<B: Backend>(b: &mut B, values: &[f32]) -> B::Buffer {
    buffer(b, &[values, &[1000.0; SPARE]].concat())
}

/// A buffer for `len` numbers and more, which must stay as they are.
fn output<B: Backend>(b: &mut B, len: usize) -> B::Buffer {
    buffer(b, &vec![STAYS; len + SPARE])
}

/// Fails unless an [`output`] begins with numbers close to `want` and ends as it was.
fn assert_output<B: Backend>(b: &mut B, output: &B::Buffer, want: &[f64], tolerance: f64, what: &str) {
    let want = [want, &[f64::from(STAYS); SPARE]].concat();
    assert_close(&read(b, output, want.len()), &want, tolerance, what);
}

fn read<B: Backend>(b: &mut B, buffer: &B::Buffer, len: usize) -> Vec<f32> {
    block_on(b.read(buffer, len)).expect("the device works")
}

/// A layer that begins `before` numbers into the flat vector.
fn layer(inputs: usize, units: usize, before: usize) -> DenseShape {
    DenseShape { inputs, units, weights: before, bias: before + inputs * units }
}

/// Each shape at the beginning of the flat vector and where no vec4 begins; the flat vector goes on after it.
fn layers() -> impl Iterator<Item = (usize, DenseShape, usize)> {
    let place = |(rows, inputs, units), before| (rows, layer(inputs, units, before), before + inputs * units + units + 3);
    SHAPES.into_iter().flat_map(move |shape| [place(shape, 0), place(shape, 3)])
}

fn check_buffers<B: Backend>(b: &mut B) {
    let mut x = b.zeros(5);
    assert_eq!(read(b, &x, 5), [0.0; 5]);
    b.write(&mut x, &[1.0, 2.0, 3.0]);
    assert_eq!(read(b, &x, 5), [1.0, 2.0, 3.0, 0.0, 0.0], "a write leaves the rest");
    assert_eq!(read(b, &x, 2), [1.0, 2.0]);
    assert_eq!(read(b, &x, 0), [0.0; 0]);
    b.clear(&mut x);
    assert_eq!(read(b, &x, 5), [0.0; 5]);
    let empty = b.zeros(0);
    assert_eq!(read(b, &empty, 0), [0.0; 0]);
}

fn check_gather<B: Backend>(b: &mut B) {
    for (inputs, images, rows, start) in [(1, 1, 1, 0), (5, 11, 4, 3), (784, 200, 128, 72), (784, 70, 65, 1)] {
        let mut rng = fastrand::Rng::with_seed(inputs as u64);
        let pixels: Vec<u8> = (0..images * inputs).map(|_| rng.u8(..)).collect();
        let labels: Vec<u8> = (0..images).map(|_| rng.u8(..10)).collect();
        let mut order: Vec<u32> = (0..images as u32).collect();
        rng.shuffle(&mut order);
        let dataset = Dataset::new(pixels.clone(), labels.clone(), inputs, 10).expect("valid");
        let data = b.data(&Arc::new(dataset)).expect("it fits");
        let device_order = b.order(&order);
        let (mut x, mut y) = (output(b, rows * inputs), output(b, rows));
        b.gather(&data, &device_order, start, rows, &mut x, &mut y);

        let batch: Vec<usize> = order[start..start + rows].iter().map(|&i| i as usize).collect();
        let pixels = batch.iter().flat_map(|i| &pixels[i * inputs..(i + 1) * inputs]);
        let want_x: Vec<f64> = pixels.map(|&p| f64::from(p) / 255.0).collect();
        let want_y: Vec<f64> = batch.iter().map(|&i| f64::from(labels[i])).collect();
        assert_output(b, &x, &want_x, 1e-6, &format!("pixels of {inputs}"));
        assert_output(b, &y, &want_y, 0.0, &format!("labels beside {inputs} pixels"));
    }
}

/// Each kind of change alone, and all together.
fn augmentations() -> Vec<Augmentation> {
    let none = Augmentation::NONE;
    vec![
        none,
        Augmentation { rotation: 2.0, ..none },
        Augmentation { shear: 0.5, ..none },
        Augmentation { scale: [0.5, 2.0], ..none },
        Augmentation { stretch: 0.5, ..none },
        Augmentation { shift: 40.0, ..none },
        Augmentation { elastic: 4.0, ..none },
        Augmentation { thickness: 2.0, ..none },
        Augmentation::HANDWRITING,
    ]
}

/// The copies that `data::augment` makes: the processor's exactly, others' but for what the last bits of a place do to a pixel of
/// noise, which is the next whole value now and then.
fn check_gather_augmented<B: Backend>(b: &mut B) {
    let (start, rows, images) = (2, 30, 40);
    for (side, inked) in [(1, 5), (3, 5), (6, 5), (28, 5), (28, 1), (33, 3)] {
        let inputs = side * side;
        let mut rng = fastrand::Rng::with_seed(side as u64);
        let pixels: Vec<u8> = (0..images * inputs).map(|_| if rng.u8(..5) < inked { rng.u8(..) } else { 0 }).collect();
        let labels: Vec<u8> = (0..images).map(|_| rng.u8(..10)).collect();
        let mut order: Vec<u32> = (0..images as u32).collect();
        rng.shuffle(&mut order);
        let data = b.data(&Arc::new(Dataset::new(pixels.clone(), labels.clone(), inputs, 10).expect("valid"))).expect("it fits");
        let device_order = b.order(&order);
        for by in augmentations() {
            let changes = RandomChanges { by, seed: 0xdead_beef, epoch: 3 };
            let (mut x, mut y) = (output(b, rows * inputs), output(b, rows));
            b.gather_augmented(&data, &device_order, start, rows, changes, &mut x, &mut y);

            let batch = &order[start..start + rows];
            let mut want = vec![0; rows * inputs];
            for (&image, want) in batch.iter().zip(want.chunks_exact_mut(inputs)) {
                augment(&pixels[image as usize * inputs..][..inputs], want, by, changes.of(image));
            }
            let what = format!("images of {inputs} pixels, {inked} of 5 inked, {by:?}");
            let want_x: Vec<f64> = want.iter().map(|&p| f64::from(p) / 255.0).collect();
            let want_y: Vec<f64> = batch.iter().map(|&i| f64::from(labels[i as usize])).collect();
            let exact = b.info().kind == BackendKind::Cpu;
            assert_output(b, &x, &want_x, if exact { 1e-6 } else { 1e-6 + 1.0 / 255.0 }, &what);
            assert_output(b, &y, &want_y, 0.0, &what);
            let got = read(b, &x, want.len());
            let other = got.iter().zip(&want_x).filter(|&(&got, want)| (f64::from(got) - want).abs() > 1e-6).count();
            println!("{other} of {} pixels come to the next value: {what}", want.len());
            assert!(other <= 1 + want.len() / 1000, "{other} of {} pixels differ: {what}", want.len());
        }
    }
}

fn check_dense<B: Backend>(b: &mut B, tolerance: f64) {
    for (rows, layer, parameters) in layers() {
        let (x, p) = (random(rows * layer.inputs, 1), random(parameters, 2));
        let (device_x, device_p) = (input(b, &x), buffer(b, &p));
        let (x, w) = (oracle::matrix(&x, layer.inputs), oracle::matrix(&p[layer.weights..layer.bias], layer.units));
        let bias: Vec<f64> = p[layer.bias..layer.bias + layer.units].iter().copied().map(f64::from).collect();
        for activation in Activation::ALL {
            let mut y = output(b, rows * layer.units);
            b.dense(layer, activation, rows, &device_x, &device_p, &mut y);
            let want = oracle::flat(&oracle::dense(activation, &x, &w, &bias));
            assert_output(b, &y, &want, tolerance, &format!("{activation:?}, {rows} rows, {layer:?}"));
        }
    }
}

fn check_dense_with_large_sums<B: Backend>(b: &mut B) {
    let layer = layer(1, 6, 0);
    let z = [-100.0, 100.0, -80.0, 80.0, -16.0, 0.0];
    let mut p = z.to_vec();
    p.extend([0.0; 6]);
    let (x, p) = (buffer(b, &[1.0]), buffer(b, &p));
    for activation in Activation::ALL {
        let mut y = b.zeros(6);
        b.dense(layer, activation, 1, &x, &p, &mut y);
        let want = z.map(|z| oracle::activate(activation, f64::from(z)));
        assert_close(&read(b, &y, 6), &want, 1e-6, &format!("{activation:?}"));
    }
}

fn check_activate<B: Backend>(b: &mut B) {
    for len in [1, 4, 7, 64, 1000] {
        let mut z: Vec<f32> = random(len, 8).iter().map(|z| 6.0 * z).collect();
        z[0] = -100.0;
        let device_z = buffer(b, &z);
        for activation in Activation::ALL {
            let mut a = output(b, len);
            b.activate(activation, len, &device_z, &mut a);
            let want: Vec<f64> = z.iter().map(|&z| oracle::activate(activation, f64::from(z))).collect();
            assert_output(b, &a, &want, 1e-6, &format!("{activation:?} of {len}"));
        }
    }
}

fn check_dense_weight_gradient<B: Backend>(b: &mut B, tolerance: f64) {
    for (rows, layer, parameters) in layers() {
        let (x, dz) = (random(rows * layer.inputs, 3), random(rows * layer.units, 4));
        let (device_x, device_dz) = (input(b, &x), input(b, &dz));
        // Other layers' gradients, before and after, have to stay.
        let mut gradients = buffer(b, &vec![STAYS; parameters]);
        b.dense_weight_gradient(layer, rows, &device_x, &device_dz, &mut gradients);
        let (dw, db) = oracle::weight_gradient(&oracle::matrix(&x, layer.inputs), &oracle::matrix(&dz, layer.units));
        let mut want = vec![f64::from(STAYS); layer.weights];
        want.extend(oracle::flat(&dw));
        want.extend(db);
        want.resize(parameters, f64::from(STAYS));
        assert_close(&read(b, &gradients, parameters), &want, tolerance, &format!("{rows} rows, {layer:?}"));
    }
}

fn check_dense_input_gradient<B: Backend>(b: &mut B, tolerance: f64) {
    for (rows, layer, parameters) in layers() {
        let (mut dz, p) = (random(rows * layer.units, 5), random(parameters, 6));
        if layer.weights > 0 {
            // Mostly zero, as after ReLU.
            dz.iter_mut().filter(|dz| **dz < 0.5).for_each(|dz| *dz = 0.0);
        }
        let (device_dz, device_p) = (input(b, &dz), buffer(b, &p));
        for activation in Activation::ALL {
            let z = random(rows * layer.inputs, 7);
            let kept = |z: f32| if activation.keeps_z() { z } else { oracle::activate(activation, f64::from(z)) as f32 };
            let x: Vec<f32> = z.iter().map(|&z| kept(z)).collect();
            let device_x = input(b, &x);
            let mut dx = output(b, x.len());
            b.dense_input_gradient(layer, activation, rows, &device_x, &device_dz, &device_p, &mut dx);
            let w = oracle::matrix(&p[layer.weights..layer.bias], layer.units);
            let (x, dz) = (oracle::matrix(&x, layer.inputs), oracle::matrix(&dz, layer.units));
            let want = oracle::flat(&oracle::input_gradient(activation, &x, &dz, &w));
            assert_output(b, &dx, &want, tolerance, &format!("{activation:?}, {rows} rows, {layer:?}"));
        }
    }
}

/// The slopes of an image that is read almost right and of one that explodes, which a mean over the rows makes smaller: nothing
/// of them is lost.
fn check_slopes_of_every_size<B: Backend>(b: &mut B, tolerance: f64) {
    for (rows, layer, parameters) in layers() {
        for size in [1e-5, 900.0] {
            let (x, slopes, p) = (random(rows * layer.inputs, 3), random(rows * layer.units, 4), random(parameters, 6));
            let scale = size / rows as f32;
            let dz: Vec<f32> = slopes.iter().map(|slope| slope * scale).collect();
            let (device_x, device_dz, device_p) = (input(b, &x), input(b, &dz), buffer(b, &p));
            let (mut gradients, mut dx) = (b.zeros(parameters), b.zeros(x.len()));
            b.dense_weight_gradient(layer, rows, &device_x, &device_dz, &mut gradients);
            b.dense_input_gradient(layer, Activation::Linear, rows, &device_x, &device_dz, &device_p, &mut dx);
            let (x, slopes) = (oracle::matrix(&x, layer.inputs), oracle::matrix(&slopes, layer.units));
            let (dw, db) = oracle::weight_gradient(&x, &slopes);
            let w = oracle::matrix(&p[layer.weights..layer.bias], layer.units);
            let want_dx = oracle::flat(&oracle::input_gradient(Activation::Linear, &x, &slopes, &w));
            let want_gradients: Vec<f64> = oracle::flat(&dw).into_iter().chain(db).collect();
            let got = |b: &mut B, of: &B::Buffer, len| -> Vec<f32> { read(b, of, len).iter().map(|x| x / scale).collect() };
            let what = format!("slopes of {size}, {rows} rows, {layer:?}");
            let len = want_gradients.len();
            assert_close(&got(b, &gradients, layer.weights + len)[layer.weights..], &want_gradients, tolerance, &what);
            assert_close(&got(b, &dx, want_dx.len()), &want_dx, tolerance, &what);
        }
    }
}

/// Rows and classes with logits: ordinary ones, and some at +-100, whose exp is infinite unless the maximum is subtracted.
fn logits() -> Vec<(usize, usize, Vec<f32>)> {
    let mut cases: Vec<_> = [(1, 2), (3, 7), (17, 10), (65, 100), (128, 10)]
        .into_iter()
        .map(|(rows, classes)| (rows, classes, random(rows * classes, 8).iter().map(|z| z * 4.0).collect()))
        .collect();
    cases.push((3, 3, vec![100.0, -80.0, 0.0, 100.0, 100.0, -80.0, -100.0, -100.0, -100.0]));
    cases
}

fn check_softmax<B: Backend>(b: &mut B) {
    for (rows, classes, z) in logits() {
        let device_z = input(b, &z);
        let mut p = output(b, z.len());
        b.softmax(rows, classes, &device_z, &mut p);
        let want: Vec<f64> = oracle::matrix(&z, classes).iter().flat_map(|z| oracle::softmax(z)).collect();
        assert_output(b, &p, &want, 1e-5, &format!("{rows} rows of {classes}"));
    }
}

fn check_softmax_loss<B: Backend>(b: &mut B) {
    let kinds = Loss::ALL.into_iter().flat_map(|loss| [(loss, 0.0), (loss, 0.1)]);
    for ((rows, classes, z), (loss, smoothing)) in
        logits().into_iter().flat_map(|case| kinds.clone().map(move |k| (case.clone(), k)))
    {
        let scale = 0.25;
        // The label after the last is none of the classes.
        let labels: Vec<usize> = (0..rows).map(|row| row * 7 % (classes + 1)).collect();
        let device_z = input(b, &z);
        let device_labels = buffer(b, &labels.iter().map(|&label| label as f32).collect::<Vec<_>>());
        let mut dz = output(b, z.len());
        // Twice: the sums go on from where they are.
        let mut sums = output(b, 2 * rows);
        for _ in 0..2 {
            b.softmax_loss(loss, rows, classes, smoothing, scale, &device_z, &device_labels, &mut dz, &mut sums);
        }
        let rows_of_z = oracle::matrix(&z, classes);
        let start = f64::from(STAYS);
        let each = || {
            let pairs = rows_of_z.iter().zip(&labels);
            pairs.map(|(z, &t)| oracle::softmax_loss(loss, z, t, f64::from(smoothing), f64::from(scale)))
        };
        let want_dz: Vec<f64> = each().flat_map(|row| row.dz).collect();
        let want_sums: Vec<f64> =
            each().flat_map(|row| [start + 2.0 * row.loss, start + 2.0 * f64::from(u8::from(row.correct))]).collect();
        let what = format!("{loss:?}, {rows} rows of {classes}, smoothing {smoothing}");
        assert_output(b, &dz, &want_dz, 1e-5, &what);
        assert_output(b, &sums, &want_sums, 1e-5, &what);
    }
}

fn check_chain<B: Backend>(b: &mut B) {
    for len in [1, 7, 1000] {
        for activation in Activation::ALL {
            let z = random(len, 11);
            let kept = |z: f32| if activation.keeps_z() { z } else { oracle::activate(activation, f64::from(z)) as f32 };
            let kept: Vec<f32> = z.iter().map(|&z| kept(z)).collect();
            let gradients = random(len, 12);
            let device_kept = input(b, &kept);
            let mut device_gradients = buffer(b, &[&gradients[..], &[STAYS; SPARE]].concat());
            b.chain(activation, len, &device_kept, &mut device_gradients);
            let pairs = gradients.iter().zip(&kept);
            let want: Vec<f64> = pairs.map(|(g, a)| f64::from(*g) * oracle::slope(activation, f64::from(*a))).collect();
            assert_output(b, &device_gradients, &want, 1e-5, &format!("{activation:?} of {len}"));
        }
    }
}

/// The noise's own tests say how often; here that every device draws the same.
fn check_dropout<B: Backend>(b: &mut B) {
    for (len, rate) in [(1, 0.5), (7, 0.0), (1000, 0.3), (70_000, 0.95)] {
        let x = random(len, 13);
        let (device_x, noise) = (input(b, &x), Noise::new(5, 9, 2, rate));
        let mut y = output(b, len);
        b.dropout(noise, len, &device_x, &mut y);
        let want: Vec<f64> = x.iter().zip(0..).map(|(x, i)| f64::from(*x) * f64::from(noise.factor(i))).collect();
        assert_output(b, &y, &want, 1e-6, &format!("{rate} of {len}"));
    }
}

/// Rows and units.
const BATCHES: [(usize, usize); 5] = [(1, 1), (3, 7), (2, 64), (17, 130), (128, 33)];

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

fn check_normalization<B: Backend>(b: &mut B) {
    for (rows, units) in BATCHES {
        let layout = Layout::of(units, [Part::Dense(units), Part::BatchNormalization]);
        let norm = layout.norms[0];
        // Far from zero, where a variance from the mean of squares would be lost.
        let x: Vec<f32> = random(rows * units, 14).iter().map(|x| x + 50.0).collect();
        let before = random(layout.parameters, 15);
        let (device_x, mut parameters) = (input(b, &x), buffer(b, &before));
        let (mut statistics, mut y) = (output(b, 4 * units), output(b, x.len()));
        b.batch_statistics(norm, rows, &device_x, &mut parameters, &mut statistics);
        b.normalize(norm, rows, &device_x, &statistics, &mut y);

        let what = format!("{rows} rows of {units}");
        let (x, before) = (oracle::matrix(&x, units), wide(&before));
        let (mean, inverse, variance) = oracle::column_statistics(&x);
        let gamma = &before[norm.gamma..norm.gamma + units];
        let beta = &before[norm.gamma + units..norm.gamma + 2 * units];
        assert_output(b, &statistics, &[&mean, &inverse, gamma, beta].concat(), 1e-3, &what);
        assert_output(b, &y, &oracle::flat(&oracle::normalize(&x, gamma, beta)), 1e-3, &what);
        let mut want = before.clone();
        for (moving, now) in want[norm.moving..].iter_mut().zip(mean.iter().chain(&variance)) {
            *moving = 0.99 * *moving + 0.01 * now;
        }
        assert_close(&read(b, &parameters, layout.parameters), &want, 1e-5, &what);
    }
}

fn check_moving_statistics<B: Backend>(b: &mut B) {
    for (_, units) in BATCHES {
        let layout = Layout::of(units, [Part::Dense(units), Part::BatchNormalization]);
        let norm = layout.norms[0];
        let values: Vec<f32> = random(layout.parameters, 16).iter().map(|x| x.abs()).collect();
        let parameters = buffer(b, &values);
        let mut statistics = output(b, 4 * units);
        b.moving_statistics(norm, &parameters, &mut statistics);
        let values = wide(&values);
        let (mean, variance) = values[norm.moving..].split_at(units);
        let inverse: Vec<f64> = variance.iter().map(|variance| 1.0 / (variance + 1e-3).sqrt()).collect();
        let want = [mean, &inverse, &values[norm.gamma..norm.gamma + 2 * units]].concat();
        assert_output(b, &statistics, &want, 1e-5, &format!("{units}"));
    }
}

fn check_normalization_gradient<B: Backend>(b: &mut B) {
    for (rows, units) in BATCHES {
        let layout = Layout::of(units, [Part::Dense(units), Part::BatchNormalization, Part::Dense(1)]);
        let norm = layout.norms[0];
        let (x, dy, values) = (random(rows * units, 17), random(rows * units, 18), random(layout.parameters, 19));
        let (device_x, mut parameters) = (input(b, &x), buffer(b, &values));
        let mut device_dy = buffer(b, &[&dy[..], &[STAYS; SPARE]].concat());
        let (mut statistics, mut gradients) = (output(b, 4 * units), output(b, layout.trainable));
        b.batch_statistics(norm, rows, &device_x, &mut parameters, &mut statistics);
        b.normalize_gradient(norm, rows, &device_x, &statistics, &mut device_dy, &mut gradients);

        let what = format!("{rows} rows of {units}");
        let gamma = wide(&values[norm.gamma..norm.gamma + units]);
        let (dx, dgamma, dbeta) = oracle::normalize_gradient(&oracle::matrix(&x, units), &gamma, &oracle::matrix(&dy, units));
        assert_output(b, &device_dy, &oracle::flat(&dx), 1e-4, &what);
        let mut want = vec![f64::from(STAYS); layout.trainable];
        want[norm.gamma..norm.gamma + 2 * units].copy_from_slice(&[dgamma, dbeta].concat());
        assert_output(b, &gradients, &want, 1e-4, &what);
    }
}

fn check_l2_gradient<B: Backend>(b: &mut B) {
    for (_, layer, parameters) in layers() {
        let (p, g) = (random(parameters, 22), random(parameters, 23));
        let (device_p, mut gradients) = (buffer(b, &p), buffer(b, &g));
        b.l2_gradient(layer, 0.3, &device_p, &mut gradients);
        let penalized = layer.weights..layer.bias;
        let slope = |i: usize| if penalized.contains(&i) { 2.0 * 0.3 * f64::from(p[i]) } else { 0.0 };
        let want: Vec<f64> = g.iter().enumerate().map(|(i, g)| f64::from(*g) + slope(i)).collect();
        assert_close(&read(b, &gradients, parameters), &want, 1e-6, &format!("{layer:?}"));
    }
}

fn check_update<B: Backend>(b: &mut B) {
    let learning_rate = 0.1;
    for optimizer in Optimizer::ALL {
        for len in [1, 7, 1000] {
            // Three more than are updated: they have to stay.
            let start = random(len + 3, 9);
            let mut parameters = buffer(b, &start);
            let state = |b: &B, slot| b.zeros(if optimizer.slots() > slot { len } else { 0 });
            let (mut m, mut v) = (state(b, 0), state(b, 1));
            let mut want: Vec<f64> = start.iter().copied().map(f64::from).collect();
            let mut rule = oracle::Rule::new(optimizer, len);
            for t in 1..=5 {
                let g = random(len + 3, 10 + t);
                let gradients = buffer(b, &g);
                let step = optimizer.at_step(learning_rate, t);
                // A layer of one unit: len - 1 weights and a bias.
                b.update(optimizer, step, &Layout::new(&[len - 1, 1]), &gradients, &mut m, &mut v, &mut parameters);
                let g: Vec<f64> = g[..len].iter().copied().map(f64::from).collect();
                rule.step(f64::from(learning_rate), &mut want, &g);
            }
            assert_close(&read(b, &parameters, len + 3), &want, 1e-5, &format!("{optimizer:?} of {len}"));
        }
    }
}

/// A write and a clear between two operations change what the second sees, not the first.
fn check_order_of_operations<B: Backend>(b: &mut B) {
    let layer = layer(1, 1, 0);
    let parameters = buffer(b, &[2.0, 1.0]);
    let mut x = buffer(b, &[10.0]);
    let mut ys: Vec<B::Buffer> = (0..3).map(|_| b.zeros(1)).collect();
    b.dense(layer, Activation::Linear, 1, &x, &parameters, &mut ys[0]);
    b.write(&mut x, &[20.0]);
    b.dense(layer, Activation::Linear, 1, &x, &parameters, &mut ys[1]);
    b.clear(&mut x);
    block_on(b.pace()).expect("the device works");
    b.dense(layer, Activation::Linear, 1, &x, &parameters, &mut ys[2]);
    // Buffers that were dropped before their operations ran still count.
    drop(x);
    drop(parameters);
    let got: Vec<f32> = ys.iter().map(|y| read(b, y, 1)[0]).collect();
    assert_eq!(got, [21.0, 41.0, 1.0]);
}

/// More operations than fit in one submission, each with its own arguments.
fn check_many_operations<B: Backend>(b: &mut B) {
    let mut x = b.zeros(1);
    let gradients = buffer(b, &[1.0]);
    let (mut m, mut v) = (b.zeros(0), b.zeros(0));
    for i in 1..=1000 {
        let step = Optimizer::Sgd.at_step(i as f32, 1);
        b.update(Optimizer::Sgd, step, &Layout::new(&[0, 1]), &gradients, &mut m, &mut v, &mut x);
    }
    assert_eq!(read(b, &x, 1), [-500_500.0]);
}

/// A backend that trains alone has all parameters up to date.
fn check_alone<B: Backend>(b: &mut B) {
    let mut x = buffer(b, &[1.0, 2.0]);
    b.complete(&Layout::new(&[1, 1]), &mut x);
    assert_eq!(read(b, &x, 2), [1.0, 2.0]);
    assert!(!b.info().device.is_empty());
}

#[test]
fn kinds_are_told_apart() {
    assert_eq!(Cpu::new().info().kind, BackendKind::Cpu);
    if let Some(gpu) = device::gpu() {
        assert_eq!(gpu.info().kind, BackendKind::WebGpu);
        assert_eq!(gpu.info().device, gpu.adapter_name());
    }
}

#[test]
fn what_goes_wrong_on_the_device_comes_back_from_the_next_read() {
    let Some(mut gpu) = device::gpu() else { return };
    let fine = gpu.zeros(1);
    // More memory than any device has.
    let _too_large = gpu.zeros(1 << 50);
    let Err(Error::Device { reason }) = block_on(gpu.read(&fine, 1)) else { panic!("the read should fail") };
    assert!(!reason.is_empty());
}

/// Images that are mostly paper go through the CPU's sparse products: the same numbers as the oracle's, through a gather, a
/// forward product and a weight gradient, and the same again after an ordinary write.
fn check_images_of_little_ink<B: Backend>(b: &mut B, tolerance: f64) {
    for (rows, inputs, units) in [(1, 1, 1), (3, 5, 7), (17, 33, 10), (65, 784, 43), (40, 100, 62), (128, 784, 128)] {
        let (data, pixels) = inked(b, rows, inputs, units as u64);
        let order = b.order(&(0..rows as u32).collect::<Vec<_>>());
        let layer = layer(inputs, units, 0);
        let (p, dz) = (random(layer.bias + units, 20), random(rows * units, 21));
        let (device_p, device_dz) = (buffer(b, &p), buffer(b, &dz));
        let (mut x, mut labels) = (b.zeros(rows * inputs), b.zeros(rows));
        let (mut y, mut gradients) = (b.zeros(rows * units), b.zeros(p.len()));
        b.gather(&data, &order, 0, rows, &mut x, &mut labels);
        for again in [false, true] {
            let values: Vec<f32> = pixels.iter().map(|&p| f32::from(p) / 255.0).collect();
            if again {
                b.write(&mut x, &values);
            }
            b.dense(layer, Activation::Sigmoid, rows, &x, &device_p, &mut y);
            b.dense_weight_gradient(layer, rows, &x, &device_dz, &mut gradients);
            let m = oracle::matrix(&values, inputs);
            let bias: Vec<f64> = p[layer.bias..].iter().copied().map(f64::from).collect();
            let want_y = oracle::flat(&oracle::dense(Activation::Sigmoid, &m, &oracle::matrix(&p[..layer.bias], units), &bias));
            let (dw, db) = oracle::weight_gradient(&m, &oracle::matrix(&dz, units));
            let want_gradients: Vec<f64> = oracle::flat(&dw).into_iter().chain(db).collect();
            let what = format!("{rows} rows of {inputs} to {units}, written: {again}");
            let values: Vec<f64> = values.into_iter().map(f64::from).collect();
            assert_close(&read(b, &x, rows * inputs), &values, 1e-6, &what);
            assert_close(&read(b, &y, rows * units), &want_y, tolerance, &what);
            assert_close(&read(b, &gradients, p.len()), &want_gradients, tolerance, &what);
        }
    }
}

/// What Dropout leaves of images, and a product with it.
fn check_dropout_of_images<B: Backend>(b: &mut B, tolerance: f64) {
    for (rows, inputs, units) in [(1, 1, 1), (17, 33, 10), (128, 784, 43)] {
        let (data, pixels) = inked(b, rows, inputs, units as u64);
        let order = b.order(&(0..rows as u32).collect::<Vec<_>>());
        let layer = layer(inputs, units, 0);
        let p = random(layer.bias + units, 20);
        let (mut x, mut labels, mut y) = (b.zeros(rows * inputs), b.zeros(rows), b.zeros(rows * units));
        let (mut dropped, noise) = (b.zeros(rows * inputs), Noise::new(5, 9, 0, 0.3));
        b.gather(&data, &order, 0, rows, &mut x, &mut labels);
        b.dropout(noise, rows * inputs, &x, &mut dropped);
        let device_p = buffer(b, &p);
        b.dense(layer, Activation::Linear, rows, &dropped, &device_p, &mut y);
        let want: Vec<f32> = pixels.iter().zip(0..).map(|(&p, i)| f32::from(p) / 255.0 * noise.factor(i)).collect();
        let (m, w) = (oracle::matrix(&want, inputs), oracle::matrix(&p[..layer.bias], units));
        let want_y = oracle::flat(&oracle::dense(Activation::Linear, &m, &w, &wide(&p[layer.bias..])));
        let what = format!("{rows} rows of {inputs} to {units}");
        assert_close(&read(b, &dropped, rows * inputs), &wide(&want), 1e-6, &what);
        assert_close(&read(b, &y, rows * units), &want_y, tolerance, &what);
    }
}

/// Images of which four of five pixels are paper, on the device, and their pixels.
fn inked<B: Backend>(b: &mut B, images: usize, inputs: usize, seed: u64) -> (B::Data, Vec<u8>) {
    let mut rng = fastrand::Rng::with_seed(seed);
    let pixels: Vec<u8> = (0..images * inputs).map(|_| if rng.u8(..5) == 0 { rng.u8(..) } else { 0 }).collect();
    let dataset = Dataset::new(pixels.clone(), vec![0; images], inputs, 1).expect("valid");
    (b.data(&Arc::new(dataset)).expect("it fits"), pixels)
}
