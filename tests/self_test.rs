//! The WebGPU self-test: a right device passes, and one wrong number in any operation's result does not.
#![cfg(not(target_arch = "wasm32"))]

mod device;

use inkling::backend::cpu::Buffer;
use inkling::backend::gpu::self_test;
use inkling::backend::{Backend, BackendInfo, Cpu};
use inkling::data::{Dataset, RandomChanges};
use inkling::error::GpuReason;
use inkling::nn::{Activation, DenseShape, Layout, Loss, Noise, NormShape, Optimizer, StepSize};
use inkling::{Error, Result};
use pollster::block_on;
use std::ops::Range;
use std::sync::Arc;

#[test]
fn a_right_backend_passes() {
    assert_eq!(block_on(self_test(&mut Cpu::new())), Ok(()));
    if let Some(mut gpu) = device::gpu() {
        assert_eq!(block_on(self_test(&mut gpu)), Ok(()));
    }
}

#[test]
fn one_wrong_number_in_any_operation_is_found_and_named() {
    for operation in OPERATIONS {
        for place in [Place::First, Place::Last] {
            for wrong in [0.1, f32::NAN] {
                let mut backend = Wrong { cpu: Cpu::new(), operation, place, wrong };
                let result = block_on(self_test(&mut backend));
                let Err(Error::NoGpu { reason: GpuReason::SelfTestFailed(why) }) = result else {
                    panic!("{wrong} at {place:?} of {operation} was not found: {result:?}");
                };
                // `clear` has no result of its own: it prepares the sums.
                let name = if operation == "clear" { "softmax_loss" } else { operation };
                assert!(why.starts_with(name), "{operation} was wrong, but: {why}");
            }
        }
    }
}

#[test]
fn a_device_that_fails_is_a_failed_self_test() {
    let mut backend = Wrong { cpu: Cpu::new(), operation: "read", place: Place::First, wrong: 0.0 };
    let result = block_on(self_test(&mut backend));
    assert!(matches!(result, Err(Error::NoGpu { reason: GpuReason::SelfTestFailed(_) })), "{result:?}");
}

const OPERATIONS: [&str; 17] = [
    "clear",
    "gather",
    "gather_augmented",
    "dense",
    "activate",
    "dense_weight_gradient",
    "dense_input_gradient",
    "softmax",
    "softmax_loss",
    "chain",
    "dropout",
    "batch_statistics",
    "moving_statistics",
    "normalize",
    "normalize_gradient",
    "l2_gradient",
    "update",
];

/// Where the wrong number is.
#[derive(Clone, Copy, Debug)]
enum Place {
    First,
    Last,
}

/// The CPU, but one operation adds `wrong` to one number of its result, or, for "read", reading fails.
struct Wrong {
    cpu: Cpu,
    operation: &'static str,
    place: Place,
    wrong: f32,
}

impl Wrong {
    fn spoil(&self, operation: &str, result: &mut Buffer, range: Range<usize>) {
        if operation != self.operation {
            return;
        }
        let mut numbers = result.to_vec(range.end);
        let number = match self.place {
            Place::First => numbers[range].first_mut(),
            Place::Last => numbers[range].last_mut(),
        };
        if let Some(number) = number {
            *number += self.wrong;
        }
        result.values_mut()[..numbers.len()].copy_from_slice(&numbers);
    }
}

impl Backend for Wrong {
    type Buffer = Buffer;
    type Data = Arc<Dataset>;
    type Order = Vec<u32>;
    type Reading = Result<Vec<f32>>;

    fn info(&self) -> BackendInfo {
        self.cpu.info()
    }

    fn zeros(&self, len: usize) -> Buffer {
        self.cpu.zeros(len)
    }

    fn write(&mut self, buffer: &mut Buffer, values: &[f32]) {
        self.cpu.write(buffer, values);
    }

    fn clear(&mut self, buffer: &mut Buffer) {
        self.cpu.clear(buffer);
        self.spoil("clear", buffer, 0..buffer.values().len());
    }

    fn start_read(&mut self, buffer: &Buffer, len: usize) -> Result<Vec<f32>> {
        if self.operation == "read" {
            return Err(Error::Device { reason: "lost".into() });
        }
        self.cpu.start_read(buffer, len)
    }

    fn has_arrived(&self, reading: &Result<Vec<f32>>) -> bool {
        self.cpu.has_arrived(reading)
    }

    async fn finish_read(&mut self, reading: Result<Vec<f32>>) -> Result<Vec<f32>> {
        self.cpu.finish_read(reading).await
    }

    async fn pace(&mut self) -> Result<()> {
        self.cpu.pace().await
    }

    fn data(&mut self, dataset: &Arc<Dataset>) -> Result<Arc<Dataset>> {
        self.cpu.data(dataset)
    }

    fn order(&mut self, order: &[u32]) -> Vec<u32> {
        self.cpu.order(order)
    }

    fn gather(&mut self, data: &Arc<Dataset>, order: &Vec<u32>, start: usize, rows: usize, x: &mut Buffer, labels: &mut Buffer) {
        self.cpu.gather(data, order, start, rows, x, labels);
        self.spoil("gather", x, 0..rows * data.inputs());
    }

    fn gather_augmented(
        &mut self,
        data: &Arc<Dataset>,
        order: &Vec<u32>,
        start: usize,
        rows: usize,
        changes: RandomChanges,
        x: &mut Buffer,
        labels: &mut Buffer,
    ) {
        self.cpu.gather_augmented(data, order, start, rows, changes, x, labels);
        self.spoil("gather_augmented", x, 0..rows * data.inputs());
    }

    fn dense(&mut self, layer: DenseShape, activation: Activation, rows: usize, x: &Buffer, parameters: &Buffer, y: &mut Buffer) {
        self.cpu.dense(layer, activation, rows, x, parameters, y);
        self.spoil("dense", y, 0..rows * layer.units);
    }

    fn activate(&mut self, activation: Activation, len: usize, z: &Buffer, a: &mut Buffer) {
        self.cpu.activate(activation, len, z, a);
        self.spoil("activate", a, 0..len);
    }

    fn dense_weight_gradient(&mut self, layer: DenseShape, rows: usize, x: &Buffer, dz: &Buffer, gradients: &mut Buffer) {
        self.cpu.dense_weight_gradient(layer, rows, x, dz, gradients);
        self.spoil("dense_weight_gradient", gradients, layer.weights..layer.bias + layer.units);
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
        self.cpu.dense_input_gradient(layer, activation, rows, x, dz, parameters, dx);
        self.spoil("dense_input_gradient", dx, 0..rows * layer.inputs);
    }

    fn softmax(&mut self, rows: usize, classes: usize, z: &Buffer, p: &mut Buffer) {
        self.cpu.softmax(rows, classes, z, p);
        self.spoil("softmax", p, 0..rows * classes);
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
        self.cpu.softmax_loss(loss, rows, classes, smoothing, scale, z, labels, dz, sums);
        self.spoil("softmax_loss", dz, 0..rows * classes);
        self.spoil("softmax_loss (sums)", sums, 0..2 * rows);
    }

    fn chain(&mut self, activation: Activation, len: usize, kept: &Buffer, gradients: &mut Buffer) {
        self.cpu.chain(activation, len, kept, gradients);
        self.spoil("chain", gradients, 0..len);
    }

    fn dropout(&mut self, noise: Noise, len: usize, x: &Buffer, y: &mut Buffer) {
        self.cpu.dropout(noise, len, x, y);
        self.spoil("dropout", y, 0..len);
    }

    fn batch_statistics(&mut self, norm: NormShape, rows: usize, x: &Buffer, parameters: &mut Buffer, statistics: &mut Buffer) {
        self.cpu.batch_statistics(norm, rows, x, parameters, statistics);
        self.spoil("batch_statistics", parameters, norm.moving..norm.moving + 2 * norm.units);
    }

    fn moving_statistics(&mut self, norm: NormShape, parameters: &Buffer, statistics: &mut Buffer) {
        self.cpu.moving_statistics(norm, parameters, statistics);
        self.spoil("moving_statistics", statistics, 0..4 * norm.units);
    }

    fn normalize(&mut self, norm: NormShape, rows: usize, x: &Buffer, statistics: &Buffer, y: &mut Buffer) {
        self.cpu.normalize(norm, rows, x, statistics, y);
        self.spoil("normalize", y, 0..rows * norm.units);
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
        self.cpu.normalize_gradient(norm, rows, x, statistics, dy, gradients);
        self.spoil("normalize_gradient", gradients, norm.gamma..norm.gamma + 2 * norm.units);
    }

    fn l2_gradient(&mut self, layer: DenseShape, l2: f32, parameters: &Buffer, gradients: &mut Buffer) {
        self.cpu.l2_gradient(layer, l2, parameters, gradients);
        self.spoil("l2_gradient", gradients, layer.weights..layer.bias);
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
        self.cpu.update(optimizer, step, layout, gradients, m, v, parameters);
        self.spoil("update", parameters, 0..layout.trainable);
    }
}
