//! How long the processor's operations take, one by one, on one thread: matrix products in several shapes beside those of the
//! `gemm` crate, over the share of numbers that are not zero, and beside the most that the processor can multiply and add.
//!
//! Every result is held against the f64 oracle of the tests before it is timed. An element of Criterion's "elem/s" is a
//! multiplication or an addition of the dense product, so that Gelem/s are GFLOP/s; zeros that are skipped count.

#[path = "../../tests/oracle/mod.rs"]
#[expect(dead_code, reason = "normalizations are not timed")]
mod oracle;
#[cfg(target_arch = "x86_64")]
mod peak;

use criterion::measurement::WallTime;
use criterion::{Bencher, BenchmarkGroup, Criterion, Throughput, criterion_group, criterion_main};
use gemm::Parallelism;
use inkling::backend::cpu::Buffer;
use inkling::backend::{Backend, Cpu};
use inkling::data::Dataset;
use inkling::nn::{Activation, DenseShape, Layout, Loss, Optimizer};
use std::sync::Arc;
use std::time::Duration;

/// Rows, inputs and units: the layers of the networks on the page, one image, a shape that fills no register.
const SHAPES: [(usize, usize, usize); 5] = [(128, 784, 128), (128, 512, 512), (128, 128, 10), (1, 784, 128), (100, 300, 77)];
/// The share of an MNIST image that is ink.
const INK: f32 = 0.2;
/// What a number may be off by, relative to its size or to 1: 784 products of numbers up to 1 add up to about 2e-5.
const TOLERANCE: f64 = 5e-5;

criterion_group! {
    name = kernels;
    config = Criterion::default()
        .sample_size(20)
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_secs(1));
    targets = products, densities, updates, outputs, limit
}
criterion_main!(kernels);

/// The three products of each shape: dense, of images with little ink, and by `gemm`.
fn products(criterion: &mut Criterion) {
    for shape in SHAPES {
        let group = |product: &str| format!("{product} {}x{}x{}", shape.0, shape.1, shape.2);
        let dense = || Layer::with_activations(shape, 1.0);
        time(criterion, &group("forward"), shape, |group| {
            group.bench_function("dense", |b| dense().forward(b));
            group.bench_function("a fifth ink", |b| Layer::with_images(shape).forward(b));
            group.bench_function("gemm", |b| dense().forward_by_gemm(b));
        });
        time(criterion, &group("weight gradient"), shape, |group| {
            group.bench_function("dense", |b| dense().weight_gradient(b));
            group.bench_function("a fifth ink", |b| Layer::with_images(shape).weight_gradient(b));
            group.bench_function("gemm", |b| dense().weight_gradient_by_gemm(b));
        });
        time(criterion, &group("input gradient"), shape, |group| {
            group.bench_function("dense", |b| dense().input_gradient(b));
            group.bench_function("gemm", |b| dense().input_gradient_by_gemm(b));
        });
    }
}

/// Where skipping zeros stops to be faster: the two products of a hidden layer, over the share of its inputs that are not zero.
fn densities(criterion: &mut Criterion) {
    let shape = (128, 512, 512);
    for (product, run) in [("forward", Layer::forward as fn(Layer, &mut Bencher)), ("weight gradient", Layer::weight_gradient)] {
        time(criterion, &format!("{product} by density"), shape, |group| {
            for tenths in 1..=10 {
                let density = tenths as f32 / 10.0;
                group.bench_function(format!("{density:.1}"), |b| run(Layer::with_activations(shape, density), b));
            }
        });
    }
}

/// A step of each optimizer, for 784-128-10.
fn updates(criterion: &mut Criterion) {
    let layout = Layout::new(&[784, 128, 10]);
    let len = layout.parameters;
    let mut group = criterion.benchmark_group("update 784-128-10");
    group.throughput(Throughput::Elements(len as u64));
    for optimizer in Optimizer::ALL {
        group.bench_function(optimizer.name(), |bencher| {
            let mut cpu = Cpu::new();
            let (start, g) = (random(len, 1.0, 1), random(len, 1.0, 2));
            let mut want: Vec<f64> = start.iter().copied().map(f64::from).collect();
            let rate = optimizer.usual_learning_rate();
            oracle::Rule::new(optimizer, len).step(f64::from(rate), &mut want, &wide(&g));
            let gradients = buffer(&mut cpu, &g);
            let state = |slot| cpu.zeros(if optimizer.slots() > slot { len } else { 0 });
            let (mut m, mut v) = (state(0), state(1));
            let (step, parameters) = (optimizer.at_step(rate, 1), buffer(&mut cpu, &start));
            check_and_time(cpu, parameters, &want, bencher, |cpu, parameters| {
                cpu.update(optimizer, step, &layout, &gradients, &mut m, &mut v, parameters);
            });
        });
    }
    group.finish();
}

/// What follows the last layer, for a batch of digits.
fn outputs(criterion: &mut Criterion) {
    let (rows, classes, scale) = (128, 10, 1.0 / 128.0);
    let z = random(rows * classes, 1.0, 1);
    let by_rows = oracle::matrix(&z, classes);
    let mut group = criterion.benchmark_group("output 128x10");
    group.bench_function("softmax", |bencher| {
        let mut cpu = Cpu::new();
        let want: Vec<f64> = by_rows.iter().flat_map(|z| oracle::softmax(z)).collect();
        let (z, p) = (buffer(&mut cpu, &z), cpu.zeros(rows * classes));
        check_and_time(cpu, p, &want, bencher, |cpu, p| cpu.softmax(rows, classes, &z, p));
    });
    group.bench_function("softmax and cross-entropy", |bencher| {
        let mut cpu = Cpu::new();
        let each = || {
            by_rows
                .iter()
                .enumerate()
                .map(|(row, z)| oracle::softmax_loss(Loss::CrossEntropy, z, row % classes, 0.0, f64::from(scale)))
        };
        let want: Vec<f64> = each().flat_map(|row| row.dz).collect();
        let want_sums: Vec<f64> = each().flat_map(|row| [row.loss, f64::from(u8::from(row.correct))]).collect();
        let labels: Vec<f32> = (0..rows).map(|row| (row % classes) as f32).collect();
        let (z, labels) = (buffer(&mut cpu, &z), buffer(&mut cpu, &labels));
        let (mut sums, dz) = (cpu.zeros(2 * rows), cpu.zeros(rows * classes));
        let mut first = cpu.zeros(rows * classes);
        cpu.softmax_loss(Loss::CrossEntropy, rows, classes, 0.0, scale, &z, &labels, &mut first, &mut sums);
        assert_close(&read(&mut cpu, &sums, 2 * rows), &want_sums);
        check_and_time(cpu, dz, &want, bencher, |cpu, dz| {
            cpu.softmax_loss(Loss::CrossEntropy, rows, classes, 0.0, scale, &z, &labels, dz, &mut sums);
        });
    });
    group.finish();
}

/// The most multiply-adds that one thread can do.
fn limit(criterion: &mut Criterion) {
    #[cfg(target_arch = "x86_64")]
    peak::bench(criterion);
    #[cfg(not(target_arch = "x86_64"))]
    let _ = criterion;
}

/// Runs the benchmarks of one product of that shape.
fn time(criterion: &mut Criterion, name: &str, shape: (usize, usize, usize), run: impl FnOnce(&mut BenchmarkGroup<WallTime>)) {
    let mut group = criterion.benchmark_group(name);
    group.throughput(Throughput::Elements(2 * (shape.0 * shape.1 * shape.2) as u64));
    run(&mut group);
    group.finish();
}

/// A dense layer and a batch. Its first layer's parameters are all that there are.
struct Layer {
    cpu: Cpu,
    shape: DenseShape,
    rows: usize,
    /// On the backend, where it may be kept as the numbers that are not zero.
    device_x: Buffer,
    x: Vec<f32>,
    dz: Vec<f32>,
    /// W, then b.
    parameters: Vec<f32>,
}

impl Layer {
    /// Its inputs are what a hidden layer gives: the share `density` of them is not zero.
    fn with_activations((rows, inputs, units): (usize, usize, usize), density: f32) -> Layer {
        let mut cpu = Cpu::new();
        let x = random(rows * inputs, density, 1);
        let device_x = buffer(&mut cpu, &x);
        Layer::new(cpu, device_x, (rows, inputs, units))
    }

    /// Its inputs are images with little ink, as the first layer gets them.
    fn with_images((rows, inputs, units): (usize, usize, usize)) -> Layer {
        let mut cpu = Cpu::new();
        let pixels: Vec<u8> = random(rows * inputs, INK, 1).iter().map(|x| (x.abs() * 255.0).ceil() as u8).collect();
        let dataset = Dataset::new(pixels, vec![0; rows], inputs, 10).expect("as many pixels as there should be");
        let data = cpu.data(&Arc::new(dataset)).expect("it fits");
        let order = cpu.order(&(0..rows as u32).collect::<Vec<_>>());
        let (mut x, mut labels) = (cpu.zeros(rows * inputs), cpu.zeros(rows));
        cpu.gather(&data, &order, 0, rows, &mut x, &mut labels);
        Layer::new(cpu, x, (rows, inputs, units))
    }

    fn new(mut cpu: Cpu, device_x: Buffer, (rows, inputs, units): (usize, usize, usize)) -> Layer {
        let shape = DenseShape { inputs, units, weights: 0, bias: inputs * units };
        let x = read(&mut cpu, &device_x, rows * inputs);
        let parameters = random(inputs * units + units, 1.0, 3);
        Layer { cpu, shape, rows, device_x, x, dz: random(rows * units, 1.0, 2), parameters }
    }

    fn w(&self) -> &[f32] {
        &self.parameters[..self.shape.bias]
    }

    fn forward(mut self, bencher: &mut Bencher) {
        let want = self.y(&wide(&self.parameters[self.shape.bias..]));
        let parameters = buffer(&mut self.cpu, &self.parameters);
        let y = self.cpu.zeros(want.len());
        check_and_time(self.cpu, y, &want, bencher, |cpu, y| {
            cpu.dense(self.shape, Activation::Linear, self.rows, &self.device_x, &parameters, y);
        });
    }

    /// Without the bias, which `gemm` does not know.
    fn forward_by_gemm(self, bencher: &mut Bencher) {
        let want = self.y(&vec![0.0; self.shape.units]);
        let (x, w) = (Strided::new(&self.x, self.shape.inputs), Strided::new(self.w(), self.shape.units));
        check_and_time_gemm([self.rows, self.shape.inputs, self.shape.units], x, w, &want, bencher);
    }

    /// x W + bias by the oracle.
    fn y(&self, bias: &[f64]) -> Vec<f64> {
        let (x, w) = (oracle::matrix(&self.x, self.shape.inputs), oracle::matrix(self.w(), self.shape.units));
        oracle::flat(&oracle::dense(Activation::Linear, &x, &w, bias))
    }

    fn weight_gradient(mut self, bencher: &mut Bencher) {
        let (dw, db) = self.dw();
        let dz = buffer(&mut self.cpu, &self.dz);
        let gradients = self.cpu.zeros(self.parameters.len());
        check_and_time(self.cpu, gradients, &[dw, db].concat(), bencher, |cpu, gradients| {
            cpu.dense_weight_gradient(self.shape, self.rows, &self.device_x, &dz, gradients);
        });
    }

    fn weight_gradient_by_gemm(self, bencher: &mut Bencher) {
        let (x, dz) = (Strided::new(&self.x, self.shape.inputs), Strided::new(&self.dz, self.shape.units));
        check_and_time_gemm([self.shape.inputs, self.rows, self.shape.units], x.transposed(), dz, &self.dw().0, bencher);
    }

    /// dW and db by the oracle.
    fn dw(&self) -> (Vec<f64>, Vec<f64>) {
        let (x, dz) = (oracle::matrix(&self.x, self.shape.inputs), oracle::matrix(&self.dz, self.shape.units));
        let (dw, db) = oracle::weight_gradient(&x, &dz);
        (oracle::flat(&dw), db)
    }

    fn input_gradient(mut self, bencher: &mut Bencher) {
        let want = self.dx();
        let (dz, parameters) = (buffer(&mut self.cpu, &self.dz), buffer(&mut self.cpu, &self.parameters));
        let dx = self.cpu.zeros(want.len());
        check_and_time(self.cpu, dx, &want, bencher, |cpu, dx| {
            cpu.dense_input_gradient(self.shape, Activation::Linear, self.rows, &self.device_x, &dz, &parameters, dx);
        });
    }

    fn input_gradient_by_gemm(self, bencher: &mut Bencher) {
        let (dz, w) = (Strided::new(&self.dz, self.shape.units), Strided::new(self.w(), self.shape.units));
        check_and_time_gemm([self.rows, self.shape.units, self.shape.inputs], dz, w.transposed(), &self.dx(), bencher);
    }

    /// dz W^T by the oracle.
    fn dx(&self) -> Vec<f64> {
        let [x, dz, w] = [(&self.x[..], self.shape.inputs), (&self.dz, self.shape.units), (self.w(), self.shape.units)]
            .map(|(values, columns)| oracle::matrix(values, columns));
        oracle::flat(&oracle::input_gradient(Activation::Linear, &x, &dz, &w))
    }
}

/// A matrix as `gemm` wants it: its numbers, and how far the next column and the next row are.
#[derive(Clone, Copy)]
struct Strided<'a> {
    values: &'a [f32],
    column: isize,
    row: isize,
}

impl<'a> Strided<'a> {
    fn new(values: &'a [f32], columns: usize) -> Strided<'a> {
        Strided { values, column: 1, row: columns as isize }
    }

    fn transposed(self) -> Strided<'a> {
        Strided { column: self.row, row: self.column, ..self }
    }
}

/// Runs the operation once, checks its result, and times it.
fn check_and_time(
    mut cpu: Cpu,
    mut result: Buffer,
    want: &[f64],
    bencher: &mut Bencher,
    mut run: impl FnMut(&mut Cpu, &mut Buffer),
) {
    run(&mut cpu, &mut result);
    assert_close(&read(&mut cpu, &result, want.len()), want);
    bencher.iter(|| run(&mut cpu, &mut result));
}

/// The same with `gemm`'s product of `left` (m, k) and `right` (k, n).
fn check_and_time_gemm([m, k, n]: [usize; 3], left: Strided, right: Strided, want: &[f64], bencher: &mut Bencher) {
    assert_eq!([left.values.len(), right.values.len()], [m * k, k * n]);
    let mut result = vec![0.0; m * n];
    let run = |result: &mut [f32]| {
        let (y, l, r) = (result.as_mut_ptr(), left.values.as_ptr(), right.values.as_ptr());
        let (no, alone) = (false, Parallelism::None);
        // SAFETY: the matrices have as many numbers as their rows and columns say, and the strides are theirs.
        unsafe {
            #[rustfmt::skip] // A matrix a line, then y = 0 y + 1 left right, none of them conjugated.
            gemm::gemm(
                m, n, k, y, 1, n as isize, no,
                l, left.column, left.row, r, right.column, right.row,
                0.0, 1.0, no, no, no, alone,
            );
        }
    };
    run(&mut result);
    assert_close(&result, want);
    bencher.iter(|| run(&mut result));
}

/// Fails unless every number is close to what it should be; NaN is close to nothing.
fn assert_close(got: &[f32], want: &[f64]) {
    assert_eq!(got.len(), want.len());
    for (i, (&got, want)) in got.iter().zip(want).enumerate() {
        let close = (f64::from(got) - want).abs() <= TOLERANCE * (1.0 + want.abs());
        assert!(close, "number {i} is {got}, should be {want}");
    }
}

/// Numbers between -1 and 1, of which the share `density` is not zero.
fn random(len: usize, density: f32, seed: u64) -> Vec<f32> {
    let mut rng = fastrand::Rng::with_seed(seed);
    (0..len).map(|_| if rng.f32() < density { rng.f32() * 2.0 - 1.0 } else { 0.0 }).collect()
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

fn buffer(cpu: &mut Cpu, values: &[f32]) -> Buffer {
    let mut buffer = cpu.zeros(values.len());
    cpu.write(&mut buffer, values);
    buffer
}

fn read(cpu: &mut Cpu, buffer: &Buffer, len: usize) -> Vec<f32> {
    pollster::block_on(cpu.read(buffer, len)).expect("the processor works")
}
