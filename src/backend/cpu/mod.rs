//! The processor's backend: every operation in safe Rust that the compiler turns into SIMD. Operations run at once.

mod buffer;
mod group;
mod lanes;
mod matmul;
mod softmax;
mod sparse;
#[cfg(not(target_arch = "wasm32"))]
mod threads;

use super::{Backend, BackendInfo, BackendKind};
use crate::Result;
use crate::data::{Dataset, pixel_to_input};
use crate::nn::{Activation, DenseShape, Layout, Optimizer, StepSize};
use group::Members;
use matmul::{Matrix, Scratch, Target};
use sparse::{Ink, Sparse};
use std::sync::Arc;

pub use buffer::Buffer;
pub use group::Group;
#[cfg(not(target_arch = "wasm32"))]
pub use threads::ThreadGroup;

/// Below this many rows a product is not worth packing for.
const FEW_ROWS: usize = 4;

/// Up to this share of inked pixels the others are skipped. An estimate from the two products' speeds at a fifth and at all of
/// the numbers; where they cross was not measured.
const SPARSE_BELOW: f32 = 0.5;

/// The CPU backend.
#[derive(Default)]
pub struct Cpu {
    scratch: Scratch,
    sparse: Sparse,
    /// Columns of a matrix, packed for a sparse product.
    panel: Vec<f32>,
    members: Members,
}

/// Images, and where their ink is, if they are mostly paper.
pub struct Images {
    dataset: Arc<Dataset>,
    ink: Option<Ink>,
}

impl Images {
    /// All of them, with all of their pixels.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }
}

impl Cpu {
    /// One that computes alone.
    pub fn new() -> Cpu {
        Cpu::default()
    }

    /// One that computes its share of each layer.
    pub fn in_group(group: Box<dyn Group>) -> Cpu {
        Cpu { members: Members::of(group), ..Cpu::default() }
    }
}

impl Backend for Cpu {
    type Buffer = Buffer;
    type Data = Images;
    type Order = Vec<u32>;

    fn info(&self) -> BackendInfo {
        BackendInfo { kind: BackendKind::Cpu, device: self.members.len().to_string() }
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
        self.members.check()?;
        Ok(buffer.to_vec(len))
    }

    fn flush(&mut self) {}

    fn data(&mut self, dataset: &Arc<Dataset>) -> Result<Images> {
        Ok(Images { dataset: Arc::clone(dataset), ink: Ink::of(dataset, SPARSE_BELOW) })
    }

    fn order(&mut self, order: &[u32]) -> Vec<u32> {
        order.to_vec()
    }

    fn gather(&mut self, data: &Images, order: &Vec<u32>, start: usize, rows: usize, x: &mut Buffer, labels: &mut Buffer) {
        let images = &order[start..start + rows];
        let inputs = data.dataset.inputs();
        match &data.ink {
            Some(ink) => x.set_rows(inputs, |batch| batch.push_images(ink, images)),
            None => {
                for (&image, x) in images.iter().zip(x.values_mut().chunks_exact_mut(inputs)) {
                    let pixels = data.dataset.image(image as usize);
                    x.iter_mut().zip(pixels).for_each(|(x, &pixel)| *x = pixel_to_input(pixel));
                }
            }
        }
        for (&image, label) in images.iter().zip(labels.values_mut()) {
            *label = f32::from(data.dataset.labels()[image as usize]);
        }
    }

    fn dense(&mut self, layer: DenseShape, activation: Activation, rows: usize, x: &Buffer, parameters: &Buffer, y: &mut Buffer) {
        let DenseShape { inputs, units, .. } = layer;
        let parameters = parameters.values();
        let w = &parameters[layer.weights..layer.bias];
        let bias = &parameters[layer.bias..layer.bias + units];
        let y = &mut y.values_mut()[..rows * units];
        let own = self.members.share(units);
        match x.sparse() {
            Some(x) => x.product(w, units, own.clone(), Some(bias), y, &mut self.panel),
            // Packing pays off when a panel is used by several tiles; few rows are multiplied as they are.
            None if rows < FEW_ROWS => {
                self.sparse.clear();
                x.values()[..rows * inputs].chunks_exact(inputs).for_each(|row| self.sparse.push_row(row));
                self.sparse.product(w, units, own.clone(), Some(bias), y, &mut self.panel);
            }
            None => {
                let x = Matrix::new(&x.values()[..rows * inputs], rows, inputs);
                let w = Matrix::new(w, inputs, units).columns(own.clone());
                self.scratch.matmul(x, w, Some(&bias[own.clone()]), Target::new(y, units, own.start));
            }
        }
        if own.len() == units {
            activation.apply_all(y);
        } else {
            y.chunks_exact_mut(units).for_each(|y| activation.apply_all(&mut y[own.clone()]));
        }
        self.members.gather_columns(units, y);
    }

    fn dense_weight_gradient(&mut self, layer: DenseShape, rows: usize, x: &Buffer, dz: &Buffer, gradients: &mut Buffer) {
        let DenseShape { inputs, units, .. } = layer;
        let dz = &dz.values()[..rows * units];
        let gradients = &mut gradients.values_mut()[layer.weights..layer.bias + units];
        let (dw, db) = gradients.split_at_mut(inputs * units);
        let own = self.members.share(units);
        match x.sparse() {
            Some(x) => {
                self.sparse.transpose(x, inputs);
                self.sparse.product(dz, units, own.clone(), None, dw, &mut self.panel);
            }
            None => {
                let x = Matrix::new(&x.values()[..rows * inputs], rows, inputs);
                let dz = Matrix::new(dz, rows, units).columns(own.clone());
                self.scratch.matmul(x.transposed(), dz, None, Target::new(dw, units, own.start));
            }
        }
        let db = &mut db[own.clone()];
        db.fill(0.0);
        for row in dz.chunks_exact(units) {
            for (sum, dz) in db.iter_mut().zip(&row[own.clone()]) {
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
        let wanted = self.members.share(inputs);
        if self.members.is_split(units) {
            // Each member knows the dz of its own units: what they add to dx, for everyone.
            let own = self.members.share(units);
            self.scratch.matmul(dz.columns(own.clone()), w.columns(own).transposed(), None, Target::new(dx, inputs, 0));
            self.members.sum_columns(inputs, dx);
        } else {
            let w = w.rows(wanted.clone());
            self.scratch.matmul(dz, w.transposed(), None, Target::new(dx, inputs, wanted.start));
        }
        let written;
        let x = if x.sparse().is_some() {
            written = x.to_vec(rows * inputs);
            &written
        } else {
            x.values()
        };
        for (dx, x) in dx.chunks_exact_mut(inputs).zip(x.chunks_exact(inputs)) {
            activation.chain_all(&mut dx[wanted.clone()], &x[wanted.clone()]);
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
        layout: &Layout,
        gradients: &Buffer,
        m: &mut Buffer,
        v: &mut Buffer,
        parameters: &mut Buffer,
    ) {
        let (parameters, gradients) = (parameters.values_mut(), gradients.values());
        let (m, v) = (m.values_mut(), v.values_mut());
        for place in layout.layers.iter().flat_map(|layer| self.members.kept(*layer)) {
            // Where the optimizer keeps no state there are no numbers.
            let m = m.get_mut(place.clone()).unwrap_or_default();
            let v = v.get_mut(place.clone()).unwrap_or_default();
            optimizer.update(step, &mut parameters[place.clone()], &gradients[place], m, v);
        }
    }

    fn complete(&mut self, layout: &Layout, parameters: &mut Buffer) {
        for layer in &layout.layers {
            // W and b together are one matrix (inputs + 1, units).
            let matrix = &mut parameters.values_mut()[layer.weights..layer.bias + layer.units];
            self.members.gather_columns(layer.units, matrix);
        }
    }
}
