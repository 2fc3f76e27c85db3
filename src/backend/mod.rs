//! The tensor operations that training needs, behind one trait, so that the network is written once for every device.
//! A backend knows buffers and shapes; it knows neither layers' order, nor epochs, nor the browser.
//!
//! Operations are *encoded* in order and may run later; only reading and [`Backend::pace`] wait. Matrices are row-major f32.
//! A backend implements every operation, and `tests/backend.rs` holds each against an f64 oracle.

pub mod cpu;
#[cfg(feature = "gpu")]
pub mod gpu;
mod tuning;

use crate::Result;
use crate::data::{Dataset, RandomChanges};
use crate::nn::{Activation, DenseShape, Layout, Loss, Noise, NormShape, Optimizer, StepSize};
use crate::wire::{Decode, Encode};
use std::future::Future;
use std::sync::Arc;

pub use cpu::Cpu;
#[cfg(feature = "gpu")]
pub use gpu::Gpu;
pub use tuning::Tuning;

/// Which kind of backend.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Encode, Decode)]
pub enum BackendKind {
    /// WebGPU compute.
    WebGpu,
    /// The processor.
    Cpu,
}

impl BackendKind {
    /// As `data-backend` says it.
    pub fn name(self) -> &'static str {
        match self {
            BackendKind::WebGpu => "webgpu",
            BackendKind::Cpu => "cpu",
        }
    }
}

/// What a person is told about the device.
#[derive(Clone, Debug, PartialEq, Eq, Encode, Decode)]
pub struct BackendInfo {
    pub kind: BackendKind,
    /// The adapter's name, or how many workers compute.
    pub device: String,
}

/// How much of the moving mean and variance stays in a step. Keras's.
pub const MOMENTUM: f32 = 0.99;
/// Added to a variance. Keras's.
pub const EPSILON: f32 = 1e-3;

/// The operations. Shape letters: `rows` images in the batch, a layer maps `inputs` to `units`.
pub trait Backend {
    /// A vector of f32 on the device.
    type Buffer;
    /// A data set on the device, as bytes.
    type Data;
    /// A list of image numbers on the device.
    type Order;
    /// Numbers on their way back from the device.
    type Reading;

    /// What computes here.
    fn info(&self) -> BackendInfo;

    /// `len` zeros.
    fn zeros(&self, len: usize) -> Self::Buffer;

    /// Overwrites the beginning of `buffer`. Ordered with the operations encoded before and after.
    fn write(&mut self, buffer: &mut Self::Buffer, values: &[f32]);

    /// Sets `buffer` to zero.
    fn clear(&mut self, buffer: &mut Self::Buffer);

    /// Begins to read the first `len` numbers of `buffer`, as they are after everything encoded so far.
    fn start_read(&mut self, buffer: &Self::Buffer, len: usize) -> Self::Reading;

    /// Whether the numbers are there, or never will be: [`Backend::finish_read`] then does not wait.
    fn has_arrived(&self, reading: &Self::Reading) -> bool;

    /// Waits for the numbers.
    ///
    /// Errors when the device is lost.
    fn finish_read(&mut self, reading: Self::Reading) -> impl Future<Output = Result<Vec<f32>>>;

    /// Waits for everything encoded so far and returns the first `len` numbers of `buffer`.
    ///
    /// Errors when the device is lost.
    fn read(&mut self, buffer: &Self::Buffer, len: usize) -> impl Future<Output = Result<Vec<f32>>> {
        let reading = self.start_read(buffer, len);
        self.finish_read(reading)
    }

    /// Starts what was encoded so far if it is enough to be worth it, and waits if the device already has as much to do as
    /// it should. To be called between steps.
    ///
    /// Errors when the device is lost.
    fn pace(&mut self) -> impl Future<Output = Result<()>>;

    /// Puts a data set on the device.
    ///
    /// Errors when it does not fit.
    fn data(&mut self, dataset: &Arc<Dataset>) -> Result<Self::Data>;

    /// Puts a list of image numbers on the device. The caller has checked that they are in the data set that it is used with.
    fn order(&mut self, order: &[u32]) -> Self::Order;

    /// `x[r]` = pixels of image `order[start + r]` / 255, `labels[r]` = its label, for r in 0..rows.
    fn gather(
        &mut self,
        data: &Self::Data,
        order: &Self::Order,
        start: usize,
        rows: usize,
        x: &mut Self::Buffer,
        labels: &mut Self::Buffer,
    );

    /// As [`Backend::gather`], but of each image, which is square, the copy that [`augment`](crate::data::augment) makes. What
    /// devices compute differs by the last bits, which can bring a pixel to its next whole value.
    #[expect(clippy::too_many_arguments, reason = "an operation on buffers: each argument is one of the formula's letters")]
    fn gather_augmented(
        &mut self,
        data: &Self::Data,
        order: &Self::Order,
        start: usize,
        rows: usize,
        changes: RandomChanges,
        x: &mut Self::Buffer,
        labels: &mut Self::Buffer,
    );

    /// y (rows, units) = activation(x (rows, inputs) W (inputs, units) + b (units)); W and b from the flat `parameters`.
    fn dense(
        &mut self,
        layer: DenseShape,
        activation: Activation,
        rows: usize,
        x: &Self::Buffer,
        parameters: &Self::Buffer,
        y: &mut Self::Buffer,
    );

    /// a = f(z) of the first `len` numbers: for functions that need z kept ([`Activation::keeps_z`]).
    fn activate(&mut self, activation: Activation, len: usize, z: &Self::Buffer, a: &mut Self::Buffer);

    /// dW = x^T dz and db = column sums of dz, written to the layer's place in the flat `gradients`.
    fn dense_weight_gradient(
        &mut self,
        layer: DenseShape,
        rows: usize,
        x: &Self::Buffer,
        dz: &Self::Buffer,
        gradients: &mut Self::Buffer,
    );

    /// dx (rows, inputs) = (dz (rows, units) W^T) * f'(x): what the layer before gets as its dz, where x is what that layer
    /// kept for the derivative of its activation f ([`Activation::derivative`]): its output, or its z.
    #[expect(clippy::too_many_arguments, reason = "an operation on buffers: each argument is one of the formula's letters")]
    fn dense_input_gradient(
        &mut self,
        layer: DenseShape,
        activation: Activation,
        rows: usize,
        x: &Self::Buffer,
        dz: &Self::Buffer,
        parameters: &Self::Buffer,
        dx: &mut Self::Buffer,
    );

    /// p (rows, classes) = softmax of each row of z, computed with the row's maximum subtracted.
    fn softmax(&mut self, rows: usize, classes: usize, z: &Self::Buffer, p: &mut Self::Buffer);

    /// For row r, with p = softmax(z): adds the loss of p to `sums[2 r]`, and 1 to `sums[2 r + 1]` if the (first) largest z is at
    /// the label; dz is the slope of `scale` times the loss. One row, one sum: no two invocations add to one number.
    ///
    /// Cross-entropy: - sum of t ln p, and dz = (p - t) scale. Mean squared error: the mean of (p - t)^2, and with g = 2 (p - t)
    /// / classes, dz_i = p_i (g_i - sum of g_j p_j) scale.
    ///
    /// The target t is (1 - smoothing) onehot(label) + smoothing / classes (label smoothing, Szegedy 2016); for a label that is
    /// no class, `classes` or larger, 1 / classes: the image shows none of them (Hendrycks 2019, outlier exposure).
    #[expect(clippy::too_many_arguments, reason = "an operation on buffers: each argument is one of the formula's letters")]
    fn softmax_loss(
        &mut self,
        loss: Loss,
        rows: usize,
        classes: usize,
        smoothing: f32,
        scale: f32,
        z: &Self::Buffer,
        labels: &Self::Buffer,
        dz: &mut Self::Buffer,
        sums: &mut Self::Buffer,
    );

    /// Multiplies the first `len` gradients with respect to a = f(z) by f'(z), in place; `kept` as in
    /// [`Backend::dense_input_gradient`], which does the same where nothing stands between two Dense layers.
    fn chain(&mut self, activation: Activation, len: usize, kept: &Self::Buffer, gradients: &mut Self::Buffer);

    /// y = x times what the noise says, of the first `len` numbers: a Dropout forward and, with gradients for x, back.
    fn dropout(&mut self, noise: Noise, len: usize, x: &Self::Buffer, y: &mut Self::Buffer);

    /// What a normalization needs, to `statistics` (4 units): the mean and 1 / sqrt(variance + [`EPSILON`]) of each of x's (rows,
    /// units) columns, gamma, and beta. The moving mean and variance in `parameters` go a hundredth of the way ([`MOMENTUM`]) to
    /// the batch's. The variance is the mean of (x - mean)^2.
    fn batch_statistics(
        &mut self,
        norm: NormShape,
        rows: usize,
        x: &Self::Buffer,
        parameters: &mut Self::Buffer,
        statistics: &mut Self::Buffer,
    );

    /// The same from the moving mean and variance.
    fn moving_statistics(&mut self, norm: NormShape, parameters: &Self::Buffer, statistics: &mut Self::Buffer);

    /// y (rows, units) = gamma (x - mean) / sqrt(variance + epsilon) + beta.
    fn normalize(&mut self, norm: NormShape, rows: usize, x: &Self::Buffer, statistics: &Self::Buffer, y: &mut Self::Buffer);

    /// The way back through [`Backend::normalize`] with [`Backend::batch_statistics`]: dgamma = sum of dy x' and dbeta = sum of
    /// dy, where x' = (x - mean) / deviation, to their place in the flat `gradients`; then in `dy`, in place, gamma / deviation
    /// (dy - dbeta / rows - x' dgamma / rows), since the mean and the deviation depend on every row.
    fn normalize_gradient(
        &mut self,
        norm: NormShape,
        rows: usize,
        x: &Self::Buffer,
        statistics: &Self::Buffer,
        dy: &mut Self::Buffer,
        gradients: &mut Self::Buffer,
    );

    /// Adds the slope of l2 (sum of W^2), which is 2 l2 W, to the layer's dW in `gradients`.
    fn l2_gradient(&mut self, layer: DenseShape, l2: f32, parameters: &Self::Buffer, gradients: &mut Self::Buffer);

    /// Updates the trainable parameters by the optimizer's rule; m and v are its state (length 0 where it keeps none).
    #[expect(clippy::too_many_arguments, reason = "an operation on buffers: each argument is one of the formula's letters")]
    fn update(
        &mut self,
        optimizer: Optimizer,
        step: StepSize,
        layout: &Layout,
        gradients: &Self::Buffer,
        m: &mut Self::Buffer,
        v: &mut Self::Buffer,
        parameters: &mut Self::Buffer,
    );

    /// Where several backends train together and each keeps only its share of the parameters up to date: brings all of them up
    /// to date in `parameters`, or in an optimizer's numbers, of which there is one for each trainable parameter. Every member
    /// has to call it.
    fn complete(&mut self, _layout: &Layout, _parameters: &mut Self::Buffer) {}
}
