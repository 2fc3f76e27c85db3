//! The oracle itself, by central differences: the slope of a whole network's loss along each parameter, for every activation.
#![cfg(not(target_arch = "wasm32"))]

#[expect(dead_code, reason = "softmax and the optimizers' rules are for `backend.rs`")]
mod oracle;

use inkling::nn::{Activation, DenseShape, Layout};
use oracle::Matrix;

const SIZES: [usize; 4] = [5, 4, 3, 3];
const LABELS: [usize; 6] = [0, 2, 1, 1, 0, 2];

/// W and b of a layer.
fn weights(parameters: &[f64], layer: DenseShape) -> (Matrix, &[f64]) {
    let w = parameters[layer.weights..layer.bias].chunks(layer.units).map(<[f64]>::to_vec).collect();
    (w, &parameters[layer.bias..layer.bias + layer.units])
}

/// The outputs of all layers, the input first. The last layer is linear.
fn forward(activation: Activation, layout: &Layout, parameters: &[f64], x: &Matrix) -> Vec<Matrix> {
    let mut outputs = vec![x.clone()];
    for (i, layer) in layout.layers.iter().enumerate() {
        let f = if i + 1 == layout.layers.len() { Activation::Linear } else { activation };
        let (w, b) = weights(parameters, *layer);
        outputs.push(oracle::dense(f, &outputs[i], &w, b));
    }
    outputs
}

/// Mean cross-entropy, and its gradient by backpropagation.
fn loss_and_gradient(activation: Activation, layout: &Layout, parameters: &[f64], x: &Matrix) -> (f64, Vec<f64>) {
    let outputs = forward(activation, layout, parameters, x);
    let scale = 1.0 / LABELS.len() as f64;
    let rows = || outputs[layout.layers.len()].iter().zip(LABELS).map(|(z, t)| oracle::cross_entropy(z, t, scale));
    let loss = rows().map(|row| row.loss * scale).sum();
    let mut dz: Matrix = rows().map(|row| row.dz).collect();
    let mut gradient = vec![0.0; layout.parameters];
    for (i, layer) in layout.layers.iter().enumerate().rev() {
        let (dw, db) = oracle::weight_gradient(&outputs[i], &dz);
        gradient[layer.weights..layer.bias].copy_from_slice(&oracle::flat(&dw));
        gradient[layer.bias..layer.bias + layer.units].copy_from_slice(&db);
        if i > 0 {
            dz = oracle::input_gradient(activation, &outputs[i], &dz, &weights(parameters, *layer).0);
        }
    }
    (loss, gradient)
}

#[test]
fn the_oracles_gradient_is_the_slope_of_its_loss() {
    let layout = Layout::new(&SIZES);
    let mut rng = fastrand::Rng::with_seed(3);
    let mut random = |len: usize| -> Vec<f64> { (0..len).map(|_| rng.f64() * 2.0 - 1.0).collect() };
    let x: Matrix = (0..LABELS.len()).map(|_| random(SIZES[0])).collect();
    let parameters = random(layout.parameters);
    for activation in Activation::ALL {
        let (_, gradient) = loss_and_gradient(activation, &layout, &parameters, &x);
        let loss = |i: usize, step: f64| {
            let mut moved = parameters.clone();
            moved[i] += step;
            loss_and_gradient(activation, &layout, &moved, &x).0
        };
        assert!(gradient.iter().any(|g| g.abs() > 0.05), "{activation:?}: the gradient is not trivial");
        for (i, gradient) in gradient.iter().enumerate() {
            // Truncation grows with h^2, rounding with 1e-16 / h.
            let h = 1e-5;
            let slope = (loss(i, h) - loss(i, -h)) / (2.0 * h);
            let close = (gradient - slope).abs() <= 1e-8 * (1.0 + slope.abs());
            assert!(close, "{activation:?}: along parameter {i} the slope is {slope}, the gradient says {gradient}");
        }
    }
}
