//! The oracle itself, by central differences: the slope of a whole network's loss along each parameter, for every activation;
//! and the network's gradient, on every backend, by the oracle.
#![cfg(not(target_arch = "wasm32"))]

#[expect(dead_code, reason = "softmax and the optimizers' rules are for `backend.rs`")]
mod oracle;

mod device;

use inkling::backend::{Backend, Cpu};
use inkling::model::{Gradients, Model, Workspace};
use inkling::nn::{Activation, DenseShape, Layout, ModelSpec, Optimizer};
use oracle::Matrix;
use pollster::block_on;

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
    let rows = || outputs[layout.layers.len()].iter().zip(LABELS).map(|(z, t)| oracle::cross_entropy(z, t, 0.0, scale));
    let loss = rows().map(|row| row.loss * scale).sum();
    let mut dz: Matrix = rows().map(|row| row.dz).collect();
    let mut gradient = vec![0.0; layout.parameters];
    for (i, layer) in layout.layers.iter().enumerate().rev() {
        let (dw, db) = oracle::weight_gradient(&outputs[i], &dz);
        gradient[layer.weights..layer.bias].copy_from_slice(&oracle::flat(&dw));
        gradient[layer.bias..layer.bias + layer.units].copy_from_slice(&db);
        if i > 0 {
            // The layer before keeps its output, or z.
            let (w, b) = weights(parameters, layout.layers[i - 1]);
            let z = oracle::dense(Activation::Linear, &outputs[i - 1], &w, b);
            let kept = if activation.keeps_z() { &z } else { &outputs[i] };
            dz = oracle::input_gradient(activation, kept, &dz, &weights(parameters, *layer).0);
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

/// The network's own gradient, read off one step x -= slope * 1 of gradient descent.
fn check_model<B: Backend>(b: &mut B) {
    let mut rng = fastrand::Rng::with_seed(4);
    let mut random = |len: usize| -> Vec<f32> { (0..len).map(|_| rng.f32() * 2.0 - 1.0).collect() };
    for activation in Activation::HIDDEN {
        let spec = ModelSpec::mlp(&SIZES, activation).expect("valid");
        let layout = spec.layout();
        let (x, before) = (random(LABELS.len() * SIZES[0]), random(layout.parameters));
        let wide = |values: &[f32]| -> Vec<f64> { values.iter().copied().map(f64::from).collect() };
        let (loss, gradient) = loss_and_gradient(activation, &layout, &wide(&before), &oracle::matrix(&x, SIZES[0]));

        let mut workspace = Workspace::new(b, &spec, LABELS.len());
        let mut gradients = Gradients::new(b, &spec, Optimizer::Sgd);
        let mut model = Model::new(b, spec, &before).expect("they fit");
        b.write(&mut workspace.outputs[0], &x);
        b.write(&mut workspace.labels, &LABELS.map(|label| label as f32));
        model.forward(b, LABELS.len(), &mut workspace);
        model.loss(b, LABELS.len(), 0.0, 1.0 / LABELS.len() as f32, &mut workspace);
        model.backward(b, LABELS.len(), &mut workspace, &mut gradients);
        model.update(b, Optimizer::Sgd, 1.0, 1, &mut gradients);

        let sums = block_on(b.read(&workspace.sums, 2 * LABELS.len())).expect("the device works");
        let got: f64 = sums.iter().step_by(2).map(|&s| f64::from(s)).sum::<f64>() / LABELS.len() as f64;
        assert!((got - loss).abs() <= 1e-5 * (1.0 + loss), "{activation:?}: loss {got}, should be {loss}");
        let reading = model.start_read(b);
        let after = block_on(b.finish_read(reading)).expect("the device works");
        for (i, ((before, after), want)) in before.iter().zip(&after).zip(gradient).enumerate() {
            let got = f64::from(before - after);
            assert!((got - want).abs() <= 1e-5 * (1.0 + want.abs()), "{activation:?}: parameter {i}: {got}, should be {want}");
        }
    }
}

#[test]
fn the_networks_gradient_is_the_oracles_on_the_cpu() {
    check_model(&mut Cpu::new());
}

#[test]
fn the_networks_gradient_is_the_oracles_on_webgpu() {
    if let Some(mut gpu) = device::gpu() {
        check_model(&mut gpu);
    }
}
