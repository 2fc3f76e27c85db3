//! The processor's backend: every operation in safe Rust that becomes SIMD, by the compiler or, in `lanes`, by hand.
//! Operations run at once.

mod buffer;
mod elementwise;
mod group;
mod lanes;
mod matmul;
mod norm;
mod softmax;
mod sparse;
#[cfg(not(target_arch = "wasm32"))]
mod threads;

use super::{Backend, BackendInfo, BackendKind};
use crate::Result;
use crate::data::{Augmenter, Dataset, RandomChanges, SPARSE_BELOW, pixel_to_input};
use crate::nn::{Activation, DenseShape, Layout, Loss, Noise, NormShape, Optimizer, StepSize};
use elementwise::Update;
use group::Members;
use matmul::{Matrix, Scratch, Target};
use sparse::{Panels, Sparse};
use std::sync::Arc;

pub use buffer::Buffer;
pub use group::Group;
#[cfg(not(target_arch = "wasm32"))]
pub use threads::ThreadGroup;

/// Below this many rows a product is not worth packing for.
const FEW_ROWS: usize = 4;
/// Below this many columns a sparse product wastes lanes.
const SPARSE_COLUMNS: usize = 16;
/// The CPU backend.
#[derive(Default)]
pub struct Cpu {
    scratch: Scratch,
    sparse: Sparse,
    transposed: Sparse,
    panels: Panels,
    augmenter: Augmenter,
    /// An image to be changed.
    plain: Vec<u8>,
    /// A sparse batch with every number.
    unpacked: Vec<f32>,
    /// A batch of changed images: their bytes, each from a whole number on.
    changed: Vec<f32>,
    members: Members,
}

fn gather_labels(dataset: &Dataset, images: &[u32], labels: &mut Buffer) {
    for (&image, label) in images.iter().zip(labels.values_mut()) {
        *label = f32::from(dataset.labels()[image as usize]);
    }
}

/// What the network gets for an image.
fn write_inputs(image: &[u8], x: &mut [f32]) {
    x.iter_mut().zip(image).for_each(|(x, &pixel)| *x = pixel_to_input(pixel));
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
    type Data = Arc<Dataset>;
    type Order = Vec<u32>;
    type Reading = Result<Vec<f32>>;

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

    fn start_read(&mut self, buffer: &Buffer, len: usize) -> Result<Vec<f32>> {
        self.members.check()?;
        Ok(buffer.to_vec(len))
    }

    fn has_arrived(&self, _reading: &Result<Vec<f32>>) -> bool {
        true
    }

    async fn finish_read(&mut self, reading: Result<Vec<f32>>) -> Result<Vec<f32>> {
        reading
    }

    async fn pace(&mut self) -> Result<()> {
        Ok(())
    }

    fn data(&mut self, dataset: &Arc<Dataset>) -> Result<Arc<Dataset>> {
        Ok(Arc::clone(dataset))
    }

    fn order(&mut self, order: &[u32]) -> Vec<u32> {
        order.to_vec()
    }

    fn gather(&mut self, data: &Arc<Dataset>, order: &Vec<u32>, start: usize, rows: usize, x: &mut Buffer, labels: &mut Buffer) {
        let images = &order[start..start + rows];
        let inputs = data.inputs();
        if data.are_inked() {
            x.set_rows(inputs, |batch| batch.push_images(data, images));
        } else {
            for (&image, x) in images.iter().zip(x.values_mut().chunks_exact_mut(inputs)) {
                write_inputs(&data.image(image as usize), x);
            }
        }
        gather_labels(data, images, labels);
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
        let images = &order[start..start + rows];
        let inputs = data.inputs();
        // Every member needs all images, and changes its share of them.
        let words = inputs.div_ceil(size_of::<f32>());
        self.changed.resize(rows * words, 0.0);
        self.plain.resize(inputs, 0);
        let own = self.members.share_of_rows(rows);
        for (&image, out) in images[own.clone()].iter().zip(self.changed[own.start * words..].chunks_exact_mut(words)) {
            let out = &mut bytemuck::cast_slice_mut(out)[..inputs];
            data.write_image(image as usize, &mut self.plain);
            self.augmenter.augment(&self.plain, out, changes.by, changes.of(image));
        }
        self.members.gather_rows(rows, &mut self.changed);
        let changed = self.changed.chunks_exact(words).map(|image| &bytemuck::cast_slice(image)[..inputs]);
        if data.are_inked() {
            x.set_rows(inputs, |batch| changed.for_each(|image| batch.push_image(image)));
        } else {
            changed.zip(x.values_mut().chunks_exact_mut(inputs)).for_each(|(image, x)| write_inputs(image, x));
        }
        gather_labels(data, images, labels);
    }

    fn dense(&mut self, layer: DenseShape, activation: Activation, rows: usize, x: &Buffer, parameters: &Buffer, y: &mut Buffer) {
        let DenseShape { inputs, units, .. } = layer;
        let parameters = parameters.values();
        let w = &parameters[layer.weights..layer.bias];
        let bias = &parameters[layer.bias..layer.bias + units];
        let y = &mut y.values_mut()[..rows * units];
        let own = self.members.share(units);
        let w = Matrix::new(w, inputs, units).columns(own.clone());
        let bias = &bias[own.clone()];
        let target = Target::new(y, units, own.start);
        match x.sparse() {
            Some(x) => x.product(w, Some(bias), target, &mut self.panels),
            None => {
                let x = Matrix::new(&x.values()[..rows * inputs], rows, inputs);
                // Packing pays off when a panel is used by several tiles; few rows are multiplied as they are.
                if rows < FEW_ROWS || is_sparse(x, own.len()) {
                    self.sparse.set(x);
                    self.sparse.product(w, Some(bias), target, &mut self.panels);
                } else {
                    self.scratch.matmul(x, w, Some(bias), target);
                }
            }
        }
        if own.len() == units {
            elementwise::activate(activation, y);
        } else {
            y.chunks_exact_mut(units).for_each(|y| elementwise::activate(activation, &mut y[own.clone()]));
        }
        self.members.gather_columns(units, y);
    }

    fn activate(&mut self, activation: Activation, len: usize, z: &Buffer, a: &mut Buffer) {
        // All members have all of z, and computing a again costs less than waiting for one another.
        let a = &mut a.values_mut()[..len];
        a.copy_from_slice(&z.values()[..len]);
        elementwise::activate(activation, a);
    }

    fn dense_weight_gradient(&mut self, layer: DenseShape, rows: usize, x: &Buffer, dz: &Buffer, gradients: &mut Buffer) {
        let DenseShape { inputs, units, .. } = layer;
        let dz = &dz.values()[..rows * units];
        let gradients = &mut gradients.values_mut()[layer.weights..layer.bias + units];
        let (dw, db) = gradients.split_at_mut(inputs * units);
        let own = self.members.share(units);
        let columns = Matrix::new(dz, rows, units).columns(own.clone());
        let target = Target::new(dw, units, own.start);
        let x = match x.sparse() {
            Some(x) => Ok(x),
            None => {
                let x = Matrix::new(&x.values()[..rows * inputs], rows, inputs);
                if is_sparse(x, own.len()) {
                    self.sparse.set(x);
                    Ok(&self.sparse)
                } else {
                    Err(x)
                }
            }
        };
        match x {
            Ok(x) => {
                x.transposed_product(inputs, columns, target, &mut self.transposed, &mut self.panels);
            }
            Err(x) => self.scratch.matmul(x.transposed(), columns, None, target),
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
        let split = self.members.is_split(units);
        let (dz, w, target) = if split {
            // Each member knows the dz of its own units: what they add to dx, for everyone.
            let own = self.members.share(units);
            (dz.columns(own.clone()), w.columns(own), Target::new(dx, inputs, 0))
        } else {
            (dz, w.rows(wanted.clone()), Target::new(dx, inputs, wanted.start))
        };
        if is_sparse(dz, w.row_count()) {
            self.sparse.set(dz);
            self.sparse.product(w.transposed(), None, target, &mut self.panels);
        } else {
            self.scratch.matmul(dz, w.transposed(), None, target);
        }
        if split {
            self.members.sum_columns(inputs, dx);
        }
        let x = x.written(rows * inputs, &mut self.unpacked);
        for (dx, x) in dx.chunks_exact_mut(inputs).zip(x.chunks_exact(inputs)) {
            elementwise::chain(activation, &mut dx[wanted.clone()], &x[wanted.clone()]);
        }
    }

    fn softmax(&mut self, rows: usize, classes: usize, z: &Buffer, p: &mut Buffer) {
        let p = &mut p.values_mut()[..rows * classes];
        p.copy_from_slice(&z.values()[..rows * classes]);
        p.chunks_exact_mut(classes).for_each(softmax::softmax);
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
        let logits = z.values()[..rows * classes].chunks_exact(classes);
        let gradients = dz.values_mut().chunks_exact_mut(classes);
        let sums = sums.values_mut().chunks_exact_mut(2);
        for (((z, dz), label), sums) in logits.zip(gradients).zip(labels.values()).zip(sums) {
            let (loss, correct) = softmax::loss(loss, z, *label as usize, smoothing, scale, dz);
            sums[0] += loss;
            sums[1] += f32::from(u8::from(correct));
        }
    }

    // A member of a group has its own units' gradients only; what it computes of others' is not used.
    fn chain(&mut self, activation: Activation, len: usize, kept: &Buffer, gradients: &mut Buffer) {
        elementwise::chain(activation, &mut gradients.values_mut()[..len], &kept.values()[..len]);
    }

    fn dropout(&mut self, noise: Noise, len: usize, x: &Buffer, y: &mut Buffer) {
        y.scale(x, len, |index| noise.factor(index));
    }

    fn batch_statistics(&mut self, norm: NormShape, rows: usize, x: &Buffer, parameters: &mut Buffer, statistics: &mut Buffer) {
        let x = x.written(rows * norm.units, &mut self.unpacked);
        norm::batch_statistics(norm, self.members.share(norm.units), x, parameters.values_mut(), statistics.values_mut());
    }

    fn moving_statistics(&mut self, norm: NormShape, parameters: &Buffer, statistics: &mut Buffer) {
        norm::moving_statistics(norm, self.members.share(norm.units), parameters.values(), statistics.values_mut());
    }

    fn normalize(&mut self, norm: NormShape, rows: usize, x: &Buffer, statistics: &Buffer, y: &mut Buffer) {
        let x = x.written(rows * norm.units, &mut self.unpacked);
        let y = &mut y.values_mut()[..rows * norm.units];
        norm::normalize(norm, self.members.share(norm.units), x, statistics.values(), y);
        self.members.gather_columns(norm.units, y);
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
        let x = x.written(rows * norm.units, &mut self.unpacked);
        let dy = &mut dy.values_mut()[..rows * norm.units];
        let own = self.members.share(norm.units);
        norm::gradient(norm, own, x, statistics.values(), dy, gradients.values_mut());
    }

    fn l2_gradient(&mut self, layer: DenseShape, l2: f32, parameters: &Buffer, gradients: &mut Buffer) {
        let (parameters, gradients) = (parameters.values(), gradients.values_mut());
        for place in self.members.kept(layer) {
            // The bias, last of the layer's matrix, is not penalized.
            let place = place.start.min(layer.bias)..place.end.min(layer.bias);
            for (g, w) in gradients[place.clone()].iter_mut().zip(&parameters[place]) {
                *g += 2.0 * l2 * w;
            }
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
        let dense = layout.layers.iter().flat_map(|layer| self.members.kept(*layer));
        let norms = layout.norms.iter().flat_map(|norm| self.members.kept_of_norm(*norm));
        for place in dense.chain(norms) {
            // Where the optimizer keeps no state there are no numbers.
            let m = m.get_mut(place.clone()).unwrap_or_default();
            let v = v.get_mut(place.clone()).unwrap_or_default();
            elementwise::update(Update { optimizer, step, x: &mut parameters[place.clone()], g: &gradients[place], m, v });
        }
    }

    fn complete(&mut self, layout: &Layout, parameters: &mut Buffer) {
        // W and b together are one matrix (inputs + 1, units).
        let dense = layout.layers.iter().map(|layer| (layer.units, layer.weights..layer.bias + layer.units));
        let pair = |units: usize, at: usize| (units, at..at + 2 * units);
        let norms = layout.norms.iter().flat_map(|norm| [pair(norm.units, norm.gamma), pair(norm.units, norm.moving)]);
        for (units, place) in dense.chain(norms) {
            if let Some(matrix) = parameters.values_mut().get_mut(place) {
                self.members.gather_columns(units, matrix);
            }
        }
    }
}

/// Whether most numbers of `x`, such as what ReLU gives, are zero, so that skipping them is the faster product with a matrix
/// of that many columns.
fn is_sparse(x: Matrix, columns: usize) -> bool {
    let count = |row: &[f32]| row.iter().map(|x| u32::from(*x != 0.0)).sum::<u32>();
    columns >= SPARSE_COLUMNS && {
        let numbers = (x.row_count() * x.column_count()) as f32;
        (0..x.row_count()).map(|row| count(x.row(row))).sum::<u32>() as f32 <= SPARSE_BELOW * numbers
    }
}
