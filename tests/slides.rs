//! The numbers on the winter camp's slides, computed by the project's own operations.
#![cfg(not(target_arch = "wasm32"))]

use inkling::backend::Backend;
use inkling::backend::cpu::{Buffer, Cpu};
use inkling::data::Dataset;
use inkling::model::{Model, Workspace};
use inkling::nn::{Activation, DenseShape, DenseSpec, LayerSpec, Layout, Loss, ModelSpec, Optimizer};
use std::sync::Arc;

fn product(x: &[f32], rows: usize, w: &[f32], units: usize, bias: &[f32], activation: Activation) -> Vec<f32> {
    let inputs = x.len() / rows;
    let layer = DenseShape { inputs, units, weights: 0, bias: w.len() };
    let mut y = Buffer::from(vec![f32::NAN; rows * units]);
    Cpu::new().dense(layer, activation, rows, &x.to_vec().into(), &[w, bias].concat().into(), &mut y);
    y.to_vec(rows * units)
}

fn assert_two_decimals(got: &[f32], want: &[f32]) {
    assert_eq!(got.len(), want.len());
    for (got, want) in got.iter().zip(want) {
        assert!((got - want).abs() <= 0.005, "got {got}, the slide prints {want}");
    }
}

/// The 2-2-2-2 network with sigmoid: inputs 1 and -1; z = 4, -2; outputs 0.98, 0.12; 0.86, 0.11; 0.62, 0.83. The deck prints 1
/// for the last weight of the second layer, but its own outputs need -1.
#[test]
fn worked_example() {
    // Rows are neurons on the slide; `dense` wants (inputs, units).
    let transpose = |w: [[f32; 2]; 2]| vec![w[0][0], w[1][0], w[0][1], w[1][1]];
    let w1 = transpose([[1.0, -2.0], [-1.0, 1.0]]);
    let w2 = transpose([[2.0, -1.0], [-2.0, -1.0]]);
    let w3 = transpose([[3.0, -1.0], [-1.0, 4.0]]);
    let (b1, b2, b3) = ([1.0, 0.0], [0.0, 0.0], [-2.0, 2.0]);

    let z1 = product(&[1.0, -1.0], 1, &w1, 2, &b1, Activation::Linear);
    assert_eq!(z1, [4.0, -2.0]);
    let a1 = product(&[1.0, -1.0], 1, &w1, 2, &b1, Activation::Sigmoid);
    assert_two_decimals(&a1, &[0.98, 0.12]);
    let a2 = product(&a1, 1, &w2, 2, &b2, Activation::Sigmoid);
    assert_two_decimals(&a2, &[0.86, 0.11]);
    let a3 = product(&a2, 1, &w3, 2, &b3, Activation::Sigmoid);
    assert_two_decimals(&a3, &[0.62, 0.83]);

    // The printed weight, 1, does not give the printed outputs.
    let printed = product(&a1, 1, &transpose([[2.0, -1.0], [-2.0, 1.0]]), 2, &b2, Activation::Sigmoid);
    assert!((printed[1] - 0.11).abs() > 0.005);

    // The same through the model: hidden layers' outputs stay in the workspace for the backward pass.
    let sigmoid = LayerSpec::Dense(DenseSpec::new(2, Activation::Sigmoid));
    let output = LayerSpec::Dense(DenseSpec::new(2, Activation::Linear));
    let spec = ModelSpec::new(2, vec![sigmoid, sigmoid, output]).unwrap();
    let parameters = [&w1[..], &b1, &w2, &b2, &w3, &b3].concat();
    let mut cpu = Cpu::new();
    let mut workspace = Workspace::new(&cpu, &spec, 1);
    let model = Model::new(&mut cpu, spec, &parameters).unwrap();
    cpu.write(&mut workspace.outputs[0], &[1.0, -1.0]);
    model.forward(&mut cpu, 1, &mut workspace);
    assert_two_decimals(workspace.outputs[1].values(), &[0.98, 0.12]);
    assert_two_decimals(workspace.outputs[2].values(), &[0.86, 0.11]);
    let a3: Vec<f32> = workspace.outputs[3].values().iter().map(|&z| Activation::Sigmoid.apply(z)).collect();
    assert_two_decimals(&a3, &[0.62, 0.83]);
}

/// (1 2; 3 4) + 5, + (4 3; 2 1), times 5.
#[test]
fn adding_and_scaling() {
    let a = [1.0, 2.0, 3.0, 4.0];
    let identity = [1.0, 0.0, 0.0, 1.0];
    assert_eq!(product(&a, 2, &identity, 2, &[5.0, 5.0], Activation::Linear), [6.0, 7.0, 8.0, 9.0]);
    assert_eq!(product(&a, 2, &[5.0, 0.0, 0.0, 5.0], 2, &[0.0, 0.0], Activation::Linear), [5.0, 10.0, 15.0, 20.0]);
    // x -= slope * learning rate with learning rate -1 is an addition.
    let mut x = Buffer::from(a.to_vec());
    let step = Optimizer::Sgd.at_step(-1.0, 1);
    Cpu::new().update(
        Optimizer::Sgd,
        step,
        // Any layer of four parameters.
        &Layout::new(&[3, 1]),
        &vec![4.0, 3.0, 2.0, 1.0].into(),
        &mut Buffer::zeros(0),
        &mut Buffer::zeros(0),
        &mut x,
    );
    assert_eq!(x.values(), [5.0, 5.0, 5.0, 5.0]);
}

/// (1 1 4) . (5 1 4) = 22.
#[test]
fn dot_product() {
    assert_eq!(product(&[1.0, 1.0, 4.0], 1, &[5.0, 1.0, 4.0], 1, &[0.0], Activation::Linear), [22.0]);
}

/// The transpose of (1 2; 3 4; 5 6): the weight gradient x^T dz with dz the identity.
#[test]
fn transpose() {
    let layer = DenseShape { inputs: 2, units: 3, weights: 0, bias: 6 };
    let x = Buffer::from(vec![1.0, 2.0, 3.0, 4.0, 5.0, 6.0]);
    let identity = Buffer::from(vec![1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0]);
    let mut gradients = Buffer::from(vec![f32::NAN; 9]);
    Cpu::new().dense_weight_gradient(layer, 3, &x, &identity, &mut gradients);
    assert_eq!(gradients.values()[..6], [1.0, 3.0, 5.0, 2.0, 4.0, 6.0]);
}

/// (1 2 3; 4 5 6) (1 5; 1 1; 4 4) = (15 19; 33 49). The first product slide prints 17 for 15; the next one has 15.
#[test]
fn matrix_product() {
    let x = [1.0, 2.0, 3.0, 4.0, 5.0, 6.0];
    let w = [1.0, 5.0, 1.0, 1.0, 4.0, 4.0];
    assert_eq!(product(&x, 2, &w, 2, &[0.0, 0.0], Activation::Linear), [15.0, 19.0, 33.0, 49.0]);
}

/// dC/dz at the output is y_hat - y.
#[test]
fn output_gradient() {
    let mut cpu = Cpu::new();
    let (mut dz, mut sums) = (Buffer::zeros(2), Buffer::zeros(2));
    let logits = Buffer::from(vec![0.0, 3.0_f32.ln()]);
    cpu.softmax_loss(Loss::CrossEntropy, 1, 2, 0.0, 1.0, &logits, &vec![1.0].into(), &mut dz, &mut sums);
    let sums = sums.values();
    assert_two_decimals(dz.values(), &[0.25, 0.75 - 1.0]);
    assert!((sums[0] - (4.0_f32 / 3.0).ln()).abs() < 1e-6 && sums[1] == 1.0);
}

/// 60,000 training images of which 55,000 are learned from and 5,000 validated on.
#[test]
fn split() {
    let set = |images: usize| Arc::new(Dataset::new(vec![0; images], vec![0; images], 1, 1).unwrap());
    let data = inkling::train::Data { training: set(60_000), test: set(10_000) };
    assert_eq!((data.learning_images(12), data.validation_images(12)), (55_000, 5_000));
}
