//! WebGPU compute through wgpu: in the browser, and the same code natively on Vulkan, Metal or DirectX.
//!
//! An operation records a kernel with its buffers and scalar arguments; [`Backend::pace`] submits what was recorded as one
//! compute pass when it lasts long enough, and it and reading alone wait. What goes wrong on the device comes back from the next read.

mod buffer;
mod compiler;
mod device;
mod division;
mod kernel;
mod pace;
mod readback;
mod recorder;
mod self_test;
mod tune;

use super::{Backend, BackendInfo, BackendKind, EPSILON, MOMENTUM, Tuning};
use crate::data::{Dataset, RandomChanges};
use crate::nn::{Activation, DenseShape, Layout, Loss, Noise, NormShape, Optimizer, StepSize};
use crate::{Error, Result};
use buffer::Memory;
use device::Device;
use pace::Pace;
use readback::Readback;
use recorder::{Args, Grid, Recorder};
use std::sync::Arc;
use tune::Products;

pub use buffer::Buffer;
pub use division::Division;
pub use kernel::{Kernel, Variant};
pub use readback::Reading;
pub use recorder::Counts;
pub use self_test::self_test;

/// The WebGPU backend.
pub struct Gpu {
    device: Device,
    memory: Memory,
    recorder: Recorder,
    readback: Readback,
    pace: Pace,
    clock: fn() -> f64,
    /// How every product is divided, if not by its size.
    division: Option<Division>,
    tuning: Tuning,
    /// What it is tuned for.
    tuned_for: Option<Products>,
}

/// A data set on the device.
pub struct Data {
    bytes: Buffer,
    /// Pixels of one image.
    inputs: usize,
    /// Where the labels begin, in bytes.
    labels: usize,
}

impl Gpu {
    /// Opens the fastest adapter. Shaders are compiled when they are first used. `clock` tells seconds.
    ///
    /// Errors with [`Error::NoGpu`] when there is no adapter or it gives no device.
    pub async fn new(clock: fn() -> f64) -> Result<Gpu> {
        let device = device::open().await?;
        let recorder = Recorder::new(&device.device, clock);
        let (memory, readback, pace) = (Memory::default(), Readback::default(), Pace::new(clock));
        let tuning = Tuning::default();
        Ok(Gpu { device, memory, recorder, readback, pace, clock, division: None, tuning, tuned_for: None })
    }

    /// The adapter's name, as far as the browser tells it.
    pub fn adapter_name(&self) -> &str {
        &self.device.name
    }

    /// Whether a processor imitates the graphics device: right, but slower than the CPU backend.
    pub fn is_software(&self) -> bool {
        self.device.software
    }

    /// How long the shaders took to compile that were used so far, in milliseconds, as known at the last read.
    pub fn compile_ms(&self) -> f64 {
        self.recorder.compiler.milliseconds()
    }

    /// What was asked of the device so far.
    pub fn counts(&self) -> Counts {
        self.recorder.counts
    }

    /// Has every product divided like this, whatever its size: for tests and measurements.
    ///
    /// Errors with [`Error::Device`] when the device has not what that needs.
    pub fn divide_as(&mut self, division: Division) -> Result<()> {
        if !self.offers(division) {
            return Err(Error::Device { reason: format!("it cannot divide products into {}", division.name()) });
        }
        self.division = Some(division);
        Ok(())
    }

    /// Whether the device has what such a division needs.
    fn offers(&self, division: Division) -> bool {
        self.device.features.contains(division.needs())
    }

    /// Records a product of a layer's matrices, of this size: C's rows and columns, and the depth.
    fn product(&mut self, kernel: Kernel, layer: DenseShape, args: Args, size: [usize; 3], buffers: &[&Buffer]) {
        let chosen = Division::choose(size, self.device.software).tuned(self.tuning);
        let variant = Variant { division: self.division.unwrap_or(chosen), aligned: is_aligned(layer) };
        self.record(kernel, variant, args, Grid::parts(variant.division, size[0], size[1]), buffers);
    }

    /// Records an operation of which every invocation does one of `count` items.
    fn items(&mut self, kernel: Kernel, args: Args, count: usize, buffers: &[&Buffer]) {
        self.record(kernel, Variant::ALL[0], args, Grid::items(count), buffers);
    }

    fn record(&mut self, kernel: Kernel, variant: Variant, args: Args, grid: Grid, buffers: &[&Buffer]) {
        if self.recorder.is_full() {
            self.submit(None);
        }
        self.recorder.record(&self.device.device, kernel, variant, args, grid, buffers);
    }

    fn submit(&mut self, copy: Option<(&wgpu::Buffer, &wgpu::Buffer, u64)>) {
        let Device { device, queue, .. } = &self.device;
        let operations = self.recorder.len();
        if let Some(index) = self.recorder.submit(device, queue, &self.memory, copy) {
            self.pace.submitted(queue, index, operations);
        }
    }

    /// Writes bytes to the beginning of a buffer, at a multiple of four. Nothing recorded may use the buffer.
    fn upload(&self, buffer: &Buffer, offset: usize, bytes: &[u8]) {
        // WebGPU writes whole words.
        let (words, rest) = bytes.split_at(bytes.len() / 4 * 4);
        self.device.queue.write_buffer(&buffer.raw, offset as u64, words);
        if !rest.is_empty() {
            let mut word = [0; 4];
            word[..rest.len()].copy_from_slice(rest);
            self.device.queue.write_buffer(&buffer.raw, (offset + words.len()) as u64, &word);
        }
    }
}

/// Whether every row of the layer's matrices begins at a multiple of four numbers.
fn is_aligned(layer: DenseShape) -> bool {
    [layer.inputs, layer.units, layer.weights].iter().all(|n| n.is_multiple_of(4))
}

/// How large the layer's three products are: its outputs, its weights' gradient, its inputs' gradient.
fn product_sizes(layer: DenseShape, rows: usize) -> [[usize; 3]; 3] {
    let DenseShape { inputs, units, .. } = layer;
    // The shader takes db for one more row of dW.
    [[rows, units, inputs], [inputs + 1, units, rows], [rows, inputs, units]]
}

/// What the three products of a Dense layer have in common.
fn dense_args(layer: DenseShape, rows: usize) -> Args {
    Args {
        rows: rows as u32,
        inputs: layer.inputs as u32,
        units: layer.units as u32,
        weights: layer.weights as u32,
        bias: layer.bias as u32,
        ..Args::default()
    }
}

/// What the operations of a normalization have in common.
fn norm_args(norm: NormShape, rows: usize) -> Args {
    Args {
        rows: rows as u32,
        units: norm.units as u32,
        gamma: norm.gamma as u32,
        moving: norm.moving as u32,
        epsilon: EPSILON,
        beta1: MOMENTUM,
        ..Args::default()
    }
}

impl Backend for Gpu {
    type Buffer = Buffer;
    type Data = Data;
    type Order = Buffer;
    type Reading = Reading;

    fn info(&self) -> BackendInfo {
        BackendInfo { kind: BackendKind::WebGpu, device: self.device.name.clone() }
    }

    fn zeros(&self, len: usize) -> Buffer {
        self.memory.zeros(&self.device.device, len)
    }

    fn write(&mut self, buffer: &mut Buffer, values: &[f32]) {
        debug_assert!(values.len() <= buffer.len);
        // The queue writes at once; what was recorded before has to go first.
        self.submit(None);
        self.upload(buffer, 0, bytemuck::cast_slice(values));
    }

    fn clear(&mut self, buffer: &mut Buffer) {
        let args = Args { len: buffer.len as u32, ..Args::default() };
        self.items(Kernel::Clear, args, buffer.len.div_ceil(4), &[buffer]);
    }

    fn start_read(&mut self, buffer: &Buffer, len: usize) -> Reading {
        debug_assert!(len <= buffer.len);
        // WebGPU maps no empty range.
        let copied = len.max(1);
        let to = self.readback.take(&self.device.device, copied as u64 * 4);
        self.submit(Some((&buffer.raw, &to, copied as u64 * 4)));
        Readback::start(to, copied, len)
    }

    fn has_arrived(&self, reading: &Reading) -> bool {
        // Natively this calls back; in the browser it does nothing, and the callback comes by itself. What goes wrong is
        // returned when the reading is finished.
        let _ = self.device.device.poll(wgpu::PollType::Poll);
        reading.has_arrived()
    }

    async fn finish_read(&mut self, reading: Reading) -> Result<Vec<f32>> {
        let Device { device, failure, .. } = &self.device;
        self.recorder.compiler.settle(failure).await;
        self.readback.finish(device, failure, reading).await
    }

    async fn pace(&mut self) -> Result<()> {
        if self.pace.is_enough(self.recorder.len()) {
            self.pace.wait(&self.device.device, &self.device.failure).await?;
            self.submit(None);
        }
        Ok(())
    }

    fn data(&mut self, dataset: &Arc<Dataset>) -> Result<Data> {
        let labels = (dataset.len() * dataset.inputs()).next_multiple_of(4);
        let bytes = labels + dataset.len().next_multiple_of(4);
        let limit = self.device.device.limits().max_storage_buffer_binding_size.min(u64::from(u32::MAX));
        if bytes as u64 > limit {
            return Err(Error::TooLarge { what: "the data set for this WebGPU device".into(), limit, got: bytes as u64 });
        }
        let buffer = self.zeros(bytes / 4);
        let mut place = 0;
        for pixels in dataset.pieces() {
            self.upload(&buffer, place, &pixels);
            place += pixels.len();
        }
        self.upload(&buffer, labels, dataset.labels());
        Ok(Data { bytes: buffer, inputs: dataset.inputs(), labels })
    }

    fn order(&mut self, order: &[u32]) -> Buffer {
        let buffer = self.zeros(order.len());
        self.upload(&buffer, 0, bytemuck::cast_slice(order));
        buffer
    }

    fn gather(&mut self, data: &Data, order: &Buffer, start: usize, rows: usize, x: &mut Buffer, labels: &mut Buffer) {
        debug_assert!(start + rows <= order.len);
        let args = Args {
            rows: rows as u32,
            inputs: data.inputs as u32,
            start: start as u32,
            labels: data.labels as u32,
            ..Args::default()
        };
        let variant = Variant { aligned: data.inputs.is_multiple_of(4), ..Variant::ALL[0] };
        let grid = Grid::items((rows * data.inputs).div_ceil(4));
        self.record(Kernel::Gather, variant, args, grid, &[&data.bytes, order, x, labels]);
    }

    fn gather_augmented(
        &mut self,
        data: &Data,
        order: &Buffer,
        start: usize,
        rows: usize,
        changes: RandomChanges,
        x: &mut Buffer,
        labels: &mut Buffer,
    ) {
        debug_assert!(start + rows <= order.len);
        let side = data.inputs.isqrt();
        let by = changes.by;
        let args = Args {
            rows: rows as u32,
            inputs: data.inputs as u32,
            start: start as u32,
            labels: data.labels as u32,
            side: side as u32,
            key: changes.of(0).epoch_key(),
            half_turn: by.half_turn(),
            shear: by.shear,
            smallest: by.scale[0],
            largest: by.scale[1],
            stretch: by.stretch,
            shift: by.shift,
            elastic: by.elastic,
            thickness: by.thickness,
            ..Args::default()
        };
        let lines = rows * side;
        self.items(Kernel::GatherAugmented, args, lines * side.div_ceil(4), &[&data.bytes, order, x, labels]);
    }

    fn dense(&mut self, layer: DenseShape, activation: Activation, rows: usize, x: &Buffer, parameters: &Buffer, y: &mut Buffer) {
        let args = Args { code: activation.wgsl_code(), ..dense_args(layer, rows) };
        let [size, _, _] = product_sizes(layer, rows);
        self.product(Kernel::Dense, layer, args, size, &[x, parameters, y]);
    }

    fn activate(&mut self, activation: Activation, len: usize, z: &Buffer, a: &mut Buffer) {
        let args = Args { len: len as u32, code: activation.wgsl_code(), ..Args::default() };
        self.items(Kernel::Activate, args, len.div_ceil(4), &[z, a]);
    }

    fn dense_weight_gradient(&mut self, layer: DenseShape, rows: usize, x: &Buffer, dz: &Buffer, gradients: &mut Buffer) {
        debug_assert_eq!(layer.bias, layer.weights + layer.inputs * layer.units);
        let [_, size, _] = product_sizes(layer, rows);
        self.product(Kernel::DenseWeightGradient, layer, dense_args(layer, rows), size, &[x, dz, gradients]);
    }

    fn dense_input_gradient(
        &mut self,
        layer: DenseShape,
        activation: Activation,
        rows: usize,
        x: &Buffer,
        dz: &Buffer,
        parameters: &Buffer,
        dx: &mut Buffer,
    ) {
        let args = Args { code: activation.wgsl_code(), ..dense_args(layer, rows) };
        let [_, _, size] = product_sizes(layer, rows);
        self.product(Kernel::DenseInputGradient, layer, args, size, &[x, dz, parameters, dx]);
    }

    fn softmax(&mut self, rows: usize, classes: usize, z: &Buffer, p: &mut Buffer) {
        let args = Args { rows: rows as u32, units: classes as u32, ..Args::default() };
        self.items(Kernel::Softmax, args, rows, &[z, p]);
    }

    fn softmax_loss(
        &mut self,
        loss: Loss,
        rows: usize,
        classes: usize,
        smoothing: f32,
        scale: f32,
        z: &Buffer,
        labels: &Buffer,
        dz: &mut Buffer,
        sums: &mut Buffer,
    ) {
        let code = loss.wgsl_code();
        let args = Args { rows: rows as u32, units: classes as u32, code, smoothing, scale, ..Args::default() };
        self.items(Kernel::SoftmaxLoss, args, rows * classes, &[z, labels, dz, sums]);
    }

    fn chain(&mut self, activation: Activation, len: usize, kept: &Buffer, gradients: &mut Buffer) {
        let args = Args { len: len as u32, code: activation.wgsl_code(), ..Args::default() };
        self.items(Kernel::Chain, args, len.div_ceil(4), &[kept, gradients]);
    }

    fn dropout(&mut self, noise: Noise, len: usize, x: &Buffer, y: &mut Buffer) {
        let args = Args {
            len: len as u32,
            key: noise.key,
            threshold: noise.threshold(),
            scale: 1.0 / (1.0 - noise.rate),
            ..Args::default()
        };
        self.items(Kernel::Dropout, args, len, &[x, y]);
    }

    fn batch_statistics(&mut self, norm: NormShape, rows: usize, x: &Buffer, parameters: &mut Buffer, statistics: &mut Buffer) {
        self.items(Kernel::BatchStatistics, norm_args(norm, rows), norm.units, &[x, parameters, statistics]);
    }

    fn moving_statistics(&mut self, norm: NormShape, parameters: &Buffer, statistics: &mut Buffer) {
        self.items(Kernel::MovingStatistics, norm_args(norm, 0), norm.units, &[parameters, statistics]);
    }

    fn normalize(&mut self, norm: NormShape, rows: usize, x: &Buffer, statistics: &Buffer, y: &mut Buffer) {
        self.items(Kernel::Normalize, norm_args(norm, rows), rows * norm.units, &[x, statistics, y]);
    }

    fn normalize_gradient(
        &mut self,
        norm: NormShape,
        rows: usize,
        x: &Buffer,
        statistics: &Buffer,
        dy: &mut Buffer,
        gradients: &mut Buffer,
    ) {
        self.items(Kernel::NormalizeGradient, norm_args(norm, rows), norm.units, &[x, statistics, dy, gradients]);
    }

    fn l2_gradient(&mut self, layer: DenseShape, l2: f32, parameters: &Buffer, gradients: &mut Buffer) {
        let args = Args { scale: 2.0 * l2, ..dense_args(layer, 0) };
        self.items(Kernel::L2Gradient, args, layer.inputs * layer.units, &[parameters, gradients]);
    }

    fn update(
        &mut self,
        optimizer: Optimizer,
        step: StepSize,
        layout: &Layout,
        gradients: &Buffer,
        m: &mut Buffer,
        v: &mut Buffer,
        parameters: &mut Buffer,
    ) {
        let (beta1, beta2) = match optimizer {
            Optimizer::Sgd => (0.0, 0.0),
            Optimizer::Momentum { momentum } | Optimizer::Nesterov { momentum } => (momentum, 0.0),
            Optimizer::RmsProp { rho, .. } => (0.0, rho),
            Optimizer::Adam { beta1, beta2, .. } | Optimizer::AdamW { beta1, beta2, .. } => (beta1, beta2),
        };
        let args = Args {
            len: layout.trainable as u32,
            code: optimizer.wgsl_code(),
            rate: step.rate,
            epsilon: step.epsilon,
            decay: step.decay,
            beta1,
            beta2,
            ..Args::default()
        };
        self.items(Kernel::Update, args, layout.trainable.div_ceil(4), &[gradients, m, v, parameters]);
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use pollster::block_on;
    use std::time::Instant;

    /// The device, or None with a line that says why.
    pub fn device() -> Option<Gpu> {
        thread_local!(static BEGAN: Instant = Instant::now());
        match block_on(Gpu::new(|| BEGAN.with(|began| began.elapsed().as_secs_f64()))) {
            Ok(gpu) => Some(gpu),
            Err(why) => {
                assert_ne!(std::env::var("INKLING_REQUIRE_GPU").as_deref(), Ok("1"), "{why}");
                eprintln!("SKIPPED: {why}");
                None
            }
        }
    }

    #[test]
    fn reading_from_a_lost_device_is_an_error() {
        let Some(mut gpu) = device() else { return };
        let mut x = gpu.zeros(1);
        gpu.device.device.destroy();
        gpu.clear(&mut x);
        assert!(matches!(block_on(gpu.read(&x, 1)), Err(Error::Device { .. })));
    }
}
