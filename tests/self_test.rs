//! The WebGPU self-test: a right device passes, and one wrong number in any operation's result does not.
#![cfg(not(target_arch = "wasm32"))]

mod device;

use inkling::backend::gpu::self_test;
use inkling::backend::{Backend, BackendInfo, Cpu};
use inkling::data::Dataset;
use inkling::error::GpuReason;
use inkling::nn::{Activation, DenseShape, Optimizer, StepSize};
use inkling::{Error, Result};
use pollster::block_on;
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
                let name = if operation == "clear" { "softmax_cross_entropy" } else { operation };
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

const OPERATIONS: [&str; 8] =
    ["clear", "gather", "dense", "dense_weight_gradient", "dense_input_gradient", "softmax", "softmax_cross_entropy", "update"];

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
    fn spoil(&self, operation: &str, result: &mut [f32]) {
        let number = match self.place {
            Place::First => result.first_mut(),
            Place::Last => result.last_mut(),
        };
        if let Some(number) = number.filter(|_| operation == self.operation) {
            *number += self.wrong;
        }
    }
}

impl Backend for Wrong {
    type Buffer = Vec<f32>;
    type Data = Arc<Dataset>;
    type Order = Vec<u32>;

    fn info(&self) -> BackendInfo {
        self.cpu.info()
    }

    fn zeros(&self, len: usize) -> Vec<f32> {
        self.cpu.zeros(len)
    }

    fn write(&mut self, buffer: &mut Vec<f32>, values: &[f32]) {
        self.cpu.write(buffer, values);
    }

    fn clear(&mut self, buffer: &mut Vec<f32>) {
        self.cpu.clear(buffer);
        self.spoil("clear", buffer);
    }

    async fn read(&mut self, buffer: &Vec<f32>, len: usize) -> Result<Vec<f32>> {
        if self.operation == "read" {
            return Err(Error::Device { reason: "lost".into() });
        }
        self.cpu.read(buffer, len).await
    }

    fn flush(&mut self) {
        self.cpu.flush();
    }

    fn data(&mut self, dataset: &Arc<Dataset>) -> Result<Arc<Dataset>> {
        self.cpu.data(dataset)
    }

    fn order(&mut self, order: &[u32]) -> Vec<u32> {
        self.cpu.order(order)
    }

    fn gather(
        &mut self,
        data: &Arc<Dataset>,
        order: &Vec<u32>,
        start: usize,
        rows: usize,
        x: &mut Vec<f32>,
        labels: &mut Vec<f32>,
    ) {
        self.cpu.gather(data, order, start, rows, x, labels);
        self.spoil("gather", x);
    }

    fn dense(
        &mut self,
        layer: DenseShape,
        activation: Activation,
        rows: usize,
        x: &Vec<f32>,
        parameters: &Vec<f32>,
        y: &mut Vec<f32>,
    ) {
        self.cpu.dense(layer, activation, rows, x, parameters, y);
        self.spoil("dense", y);
    }

    fn dense_weight_gradient(&mut self, layer: DenseShape, rows: usize, x: &Vec<f32>, dz: &Vec<f32>, gradients: &mut Vec<f32>) {
        self.cpu.dense_weight_gradient(layer, rows, x, dz, gradients);
        self.spoil("dense_weight_gradient", &mut gradients[layer.weights..layer.bias + layer.units]);
    }

    fn dense_input_gradient(
        &mut self,
        layer: DenseShape,
        activation: Activation,
        rows: usize,
        x: &Vec<f32>,
        dz: &Vec<f32>,
        parameters: &Vec<f32>,
        dx: &mut Vec<f32>,
    ) {
        self.cpu.dense_input_gradient(layer, activation, rows, x, dz, parameters, dx);
        self.spoil("dense_input_gradient", dx);
    }

    fn softmax(&mut self, rows: usize, classes: usize, z: &Vec<f32>, p: &mut Vec<f32>) {
        self.cpu.softmax(rows, classes, z, p);
        self.spoil("softmax", p);
    }

    fn softmax_cross_entropy(
        &mut self,
        rows: usize,
        classes: usize,
        scale: f32,
        z: &Vec<f32>,
        labels: &Vec<f32>,
        dz: &mut Vec<f32>,
        sums: &mut Vec<f32>,
    ) {
        self.cpu.softmax_cross_entropy(rows, classes, scale, z, labels, dz, sums);
        self.spoil("softmax_cross_entropy", dz);
        self.spoil("softmax_cross_entropy (sums)", sums);
    }

    fn update(
        &mut self,
        optimizer: Optimizer,
        step: StepSize,
        len: usize,
        gradients: &Vec<f32>,
        m: &mut Vec<f32>,
        v: &mut Vec<f32>,
        parameters: &mut Vec<f32>,
    ) {
        self.cpu.update(optimizer, step, len, gradients, m, v, parameters);
        self.spoil("update", &mut parameters[..len]);
    }
}
