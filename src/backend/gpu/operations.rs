//! The backend's operations: each is a kernel with its scalar arguments, its buffers and its grid.

use super::buffer::Buffer;
use super::device::Device;
use super::kernel::{Kernel, Variant};
use super::readback::{Readback, Reading};
use super::recorder::{Args, Grid};
use super::{Data, Gpu, product_sizes};
use crate::backend::{Backend, BackendInfo, BackendKind, EPSILON, MOMENTUM};
use crate::data::{Dataset, RandomChanges};
use crate::nn::{Activation, DenseShape, Layout, Loss, Noise, NormShape, Optimizer, StepSize};
use crate::{Error, Result};
use std::sync::Arc;

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
