//! The processor's backend: every operation in safe Rust that the compiler turns into SIMD. Operations run at once.

mod buffer;
mod matmul;
mod softmax;
mod sparse;
#[cfg(not(target_arch = "wasm32"))]
mod threads;

use super::{Backend, BackendInfo, BackendKind};
use crate::Result;
use crate::data::Dataset;
use crate::nn::{Activation, DenseShape, Optimizer, StepSize};
use matmul::{Matrix, Scratch};
use sparse::Sparse;
use std::ops::Range;
use std::sync::Arc;

pub use buffer::Buffer;
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

/// Below this many rows a product is not worth packing for.
const FEW_ROWS: usize = 4;

/// The CPU backend.
#[derive(Default)]
pub struct Cpu {
    scratch: Scratch,
    sparse: Sparse,
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
    type Buffer = Buffer;
    type Data = Arc<Dataset>;
    type Order = Vec<u32>;

    fn info(&self) -> BackendInfo {
        let workers = self.group.as_ref().map_or(1, |g| g.seat().1);
        BackendInfo { kind: BackendKind::Cpu, device: workers.to_string() }
    }

    fn zeros(&self, len: usize) -> Buffer {
        Buffer::zeros(len)
    }

    fn write(&mut self, buffer: &mut Buffer, values: &[f32]) {
        buffer.values_mut()[..values.len()].copy_from_slice(values);
    }

    fn clear(&mut self, buffer: &mut Buffer) {
        buffer.values_mut().fill(0.0);
    }

    async fn read(&mut self, buffer: &Buffer, len: usize) -> Result<Vec<f32>> {
        Ok(buffer.to_vec(len))
    }

    fn flush(&mut self) {}

    fn data(&mut self, dataset: &Arc<Dataset>) -> Result<Arc<Dataset>> {
        Ok(Arc::clone(dataset))
    }

    fn order(&mut self, order: &[u32]) -> Vec<u32> {
        order.to_vec()
    }

    fn gather(&mut self, data: &Arc<Dataset>, order: &Vec<u32>, start: usize, rows: usize, x: &mut Buffer, labels: &mut Buffer) {
        let images = &order[start..start + rows];
        x.set_rows(data.inputs(), |batch| images.iter().for_each(|&image| batch.push_image(data.image(image as usize))));
        for (&image, label) in images.iter().zip(labels.values_mut()) {
            *label = f32::from(data.labels()[image as usize]);
        }
    }

    fn dense(&mut self, layer: DenseShape, activation: Activation, rows: usize, x: &Buffer, parameters: &Buffer, y: &mut Buffer) {
        let DenseShape { inputs, units, .. } = layer;
        let parameters = parameters.values();
        let w = &parameters[layer.weights..layer.bias];
        let bias = &parameters[layer.bias..layer.bias + units];
        let y = &mut y.values_mut()[..rows * units];
        match x.sparse() {
            Some(x) => x.product(w, units, Some(bias), y),
            // Packing pays off when a panel is used by several tiles; few rows are multiplied as they are.
            None if rows < FEW_ROWS => {
                self.sparse.clear();
                x.values()[..rows * inputs].chunks_exact(inputs).for_each(|row| self.sparse.push_row(row));
                self.sparse.product(w, units, Some(bias), y);
            }
            None => {
                let x = Matrix::new(&x.values()[..rows * inputs], rows, inputs);
                self.scratch.matmul(x, Matrix::new(w, inputs, units), y, |column, sum| sum + bias[column]);
            }
        }
        activation.apply_all(y);
    }

    fn dense_weight_gradient(&mut self, layer: DenseShape, rows: usize, x: &Buffer, dz: &Buffer, gradients: &mut Buffer) {
        let DenseShape { inputs, units, .. } = layer;
        let dz = &dz.values()[..rows * units];
        let gradients = &mut gradients.values_mut()[layer.weights..layer.bias + units];
        let (dw, db) = gradients.split_at_mut(inputs * units);
        match x.sparse() {
            Some(x) => {
                self.sparse.transpose(x, inputs);
                self.sparse.product(dz, units, None, dw);
            }
            None => {
                let x = Matrix::new(&x.values()[..rows * inputs], rows, inputs);
                self.scratch.matmul(x.transposed(), Matrix::new(dz, rows, units), dw, |_, sum| sum);
            }
        }
        db.fill(0.0);
        for row in dz.chunks_exact(units) {
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
        x: &Buffer,
        dz: &Buffer,
        parameters: &Buffer,
        dx: &mut Buffer,
    ) {
        let DenseShape { inputs, units, .. } = layer;
        let dz = Matrix::new(&dz.values()[..rows * units], rows, units);
        let w = Matrix::new(&parameters.values()[layer.weights..layer.bias], inputs, units);
        let dx = &mut dx.values_mut()[..rows * inputs];
        self.scratch.matmul(dz, w.transposed(), dx, |_, sum| sum);
        match x.sparse() {
            Some(_) => activation.chain_all(dx, &x.to_vec(rows * inputs)),
            None => activation.chain_all(dx, x.values()),
        }
    }

    fn softmax(&mut self, rows: usize, classes: usize, z: &Buffer, p: &mut Buffer) {
        let p = &mut p.values_mut()[..rows * classes];
        p.copy_from_slice(&z.values()[..rows * classes]);
        p.chunks_exact_mut(classes).for_each(softmax::softmax);
    }

    fn softmax_cross_entropy(
        &mut self,
        rows: usize,
        classes: usize,
        scale: f32,
        z: &Buffer,
        labels: &Buffer,
        dz: &mut Buffer,
        sums: &mut Buffer,
    ) {
        let logits = z.values()[..rows * classes].chunks_exact(classes);
        let gradients = dz.values_mut().chunks_exact_mut(classes);
        let sums = sums.values_mut().chunks_exact_mut(2);
        for (((z, dz), label), sums) in logits.zip(gradients).zip(labels.values()).zip(sums) {
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
        gradients: &Buffer,
        m: &mut Buffer,
        v: &mut Buffer,
        parameters: &mut Buffer,
    ) {
        let parameters = &mut parameters.values_mut()[..len];
        optimizer.update(step, parameters, &gradients.values()[..len], m.values_mut(), v.values_mut());
    }

    fn shard(&self, rows: usize) -> Range<usize> {
        let (seat, seats) = self.group.as_ref().map_or((0, 1), |g| g.seat());
        rows * seat / seats..rows * (seat + 1) / seats
    }

    fn all_reduce(&mut self, buffer: &mut Buffer, len: usize) -> Result<()> {
        match &mut self.group {
            Some(group) => group.sum(&mut buffer.values_mut()[..len]),
            None => Ok(()),
        }
    }
}
