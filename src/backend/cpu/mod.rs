//! The processor's backend: every operation in safe Rust that the compiler turns into SIMD. Operations run at once.

mod matmul;
mod softmax;
#[cfg(not(target_arch = "wasm32"))]
mod threads;

use super::{Backend, BackendInfo, BackendKind};
use crate::Result;
use crate::data::{Dataset, pixel_to_input};
use crate::nn::{Activation, DenseShape, Optimizer, StepSize};
use matmul::{Matrix, Scratch};
use std::ops::Range;
use std::sync::Arc;

#[cfg(not(target_arch = "wasm32"))]
pub use threads::ThreadGroup;

/// Backends that train together: each has the same parameters, computes a shard of every batch, and sums gradients.
pub trait Group {
    /// This member's number and how many there are.
    fn seat(&self) -> (usize, usize);

    /// Replaces `values` by their sum over all members, added in the order of their numbers, so that every member gets
    /// the same bits.
    ///
    /// Errors when a member does not answer.
    fn sum(&mut self, values: &mut [f32]) -> Result<()>;
}

/// The CPU backend.
#[derive(Default)]
pub struct Cpu {
    scratch: Scratch,
    group: Option<Box<dyn Group>>,
}

impl Cpu {
    /// One that computes alone.
    pub fn new() -> Cpu {
        Cpu::default()
    }

    /// One that computes its shard of each batch.
    pub fn in_group(group: Box<dyn Group>) -> Cpu {
        Cpu { group: Some(group), ..Cpu::default() }
    }
}

impl Backend for Cpu {
    type Buffer = Vec<f32>;
    type Data = Arc<Dataset>;
    type Order = Vec<u32>;

    fn info(&self) -> BackendInfo {
        let workers = self.group.as_ref().map_or(1, |g| g.seat().1);
        BackendInfo { kind: BackendKind::Cpu, device: workers.to_string() }
    }

    fn zeros(&self, len: usize) -> Vec<f32> {
        vec![0.0; len]
    }

    fn write(&mut self, buffer: &mut Vec<f32>, values: &[f32]) {
        buffer[..values.len()].copy_from_slice(values);
    }

    fn clear(&mut self, buffer: &mut Vec<f32>) {
        buffer.fill(0.0);
    }

    async fn read(&mut self, buffer: &Vec<f32>, len: usize) -> Result<Vec<f32>> {
        Ok(buffer[..len].to_vec())
    }

    fn flush(&mut self) {}

    fn data(&mut self, dataset: &Arc<Dataset>) -> Result<Arc<Dataset>> {
        Ok(Arc::clone(dataset))
    }

    fn order(&mut self, order: &[u32]) -> Vec<u32> {
        order.to_vec()
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
        let images = x.chunks_exact_mut(data.inputs()).zip(labels.iter_mut());
        for (&image, (x, label)) in order[start..start + rows].iter().zip(images) {
            for (x, &pixel) in x.iter_mut().zip(data.image(image as usize)) {
                *x = pixel_to_input(pixel);
            }
            *label = f32::from(data.labels()[image as usize]);
        }
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
        let x = Matrix::new(&x[..rows * layer.inputs], rows, layer.inputs);
        let w = Matrix::new(&parameters[layer.weights..layer.bias], layer.inputs, layer.units);
        let bias = &parameters[layer.bias..layer.bias + layer.units];
        // The match stands outside so that each product is compiled with its own activation.
        match activation {
            Activation::Linear => self.scratch.matmul(x, w, y, |_, column, z| Activation::Linear.apply(z + bias[column])),
            Activation::Sigmoid => self.scratch.matmul(x, w, y, |_, column, z| Activation::Sigmoid.apply(z + bias[column])),
            Activation::Relu => self.scratch.matmul(x, w, y, |_, column, z| Activation::Relu.apply(z + bias[column])),
            Activation::Tanh => self.scratch.matmul(x, w, y, |_, column, z| Activation::Tanh.apply(z + bias[column])),
        }
    }

    fn dense_weight_gradient(&mut self, layer: DenseShape, rows: usize, x: &Vec<f32>, dz: &Vec<f32>, gradients: &mut Vec<f32>) {
        let x = Matrix::new(&x[..rows * layer.inputs], rows, layer.inputs);
        let dz = &dz[..rows * layer.units];
        let gradients = &mut gradients[layer.weights..layer.bias + layer.units];
        let (dw, db) = gradients.split_at_mut(layer.inputs * layer.units);
        self.scratch.matmul(x.transposed(), Matrix::new(dz, rows, layer.units), dw, |_, _, sum| sum);
        db.fill(0.0);
        for row in dz.chunks_exact(layer.units) {
            for (sum, dz) in db.iter_mut().zip(row) {
                *sum += dz;
            }
        }
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
        let dz = Matrix::new(&dz[..rows * layer.units], rows, layer.units);
        let w = Matrix::new(&parameters[layer.weights..layer.bias], layer.inputs, layer.units);
        let inputs = layer.inputs;
        self.scratch.matmul(dz, w.transposed(), dx, |row, column, sum| sum * activation.derivative(x[row * inputs + column]));
    }

    fn softmax(&mut self, rows: usize, classes: usize, z: &Vec<f32>, p: &mut Vec<f32>) {
        let p = &mut p[..rows * classes];
        p.copy_from_slice(&z[..rows * classes]);
        p.chunks_exact_mut(classes).for_each(softmax::softmax);
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
        let logits = z[..rows * classes].chunks_exact(classes);
        let gradients = dz.chunks_exact_mut(classes);
        for (((z, dz), label), sums) in logits.zip(gradients).zip(labels).zip(sums.chunks_exact_mut(2)) {
            let target = *label as usize;
            let (loss, correct) = softmax::cross_entropy(z, target, scale, dz);
            sums[0] += loss;
            sums[1] += f32::from(u8::from(correct));
        }
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
        optimizer.update(step, &mut parameters[..len], &gradients[..len], m, v);
    }

    fn shard(&self, rows: usize) -> Range<usize> {
        let (seat, seats) = self.group.as_ref().map_or((0, 1), |g| g.seat());
        rows * seat / seats..rows * (seat + 1) / seats
    }

    fn all_reduce(&mut self, buffer: &mut Vec<f32>, len: usize) -> Result<()> {
        match &mut self.group {
            Some(group) => group.sum(&mut buffer[..len]),
            None => Ok(()),
        }
    }
}
