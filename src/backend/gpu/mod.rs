//! WebGPU compute through wgpu: in the browser, and the same code natively on Vulkan, Metal or DirectX.
//!
//! An operation records a kernel with its buffers and scalar arguments; [`Backend::pace`](super::Backend::pace) submits what was
//! recorded as one compute pass when it lasts long enough, and it and reading alone wait. What goes wrong on the device comes
//! back from the next read.

mod buffer;
mod compiler;
mod device;
mod division;
mod kernel;
mod operations;
mod pace;
mod readback;
mod recorder;
mod self_test;
mod tune;

use super::Tuning;
use crate::nn::DenseShape;
use crate::{Error, Result};
use buffer::Memory;
use device::Device;
use pace::Pace;
use readback::Readback;
use recorder::{Args, Grid, Recorder};
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

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::*;
    use crate::backend::Backend;
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
