//! The oracle itself, by central differences: the slope of a whole network's loss along each parameter, for every kind of layer,
//! activation and loss; and the network's gradient, on every backend, by the oracle.
#![cfg(not(target_arch = "wasm32"))]

#[expect(dead_code, reason = "the optimizers' rules are for `backend.rs`")]
mod oracle;

mod device;

use inkling::backend::{Backend, Cpu};
use inkling::model::{Gradients, Model, Training, Workspace};
use inkling::nn::{Activation, DenseShape, DenseSpec, LayerSpec, Loss, ModelSpec, Noise, NormShape, Optimizer};
use oracle::Matrix;
use pollster::block_on;

const INPUTS: usize = 5;
const LABELS: [usize; 6] = [0, 2, 1, 1, 0, 2];
const TRAINING: Training = Training { seed: 11, step: 3 };

/// A network and its loss.
#[derive(Clone, Debug)]
struct Case {
    spec: ModelSpec,
    loss: Loss,
}

/// Dense layers alone with every activation; then every other layer at the beginning, between, twice in a row, and with
/// penalties.
fn cases() -> Vec<Case> {
    let dense = |units, activation| LayerSpec::Dense(DenseSpec::new(units, activation));
    let penalized = |units, activation, l2| LayerSpec::Dense(DenseSpec { l2, ..DenseSpec::new(units, activation) });
    let (norm, dropout) = (LayerSpec::BatchNormalization, LayerSpec::Dropout { rate: 0.3 });
    let output = dense(3, Activation::Linear);
    let stacks = [
        vec![norm, dense(4, Activation::Sigmoid), norm, dense(3, Activation::Tanh), output],
        vec![dropout, dense(4, Activation::Relu), dropout, dense(3, Activation::Gelu), dropout, output],
        vec![dropout, norm, dense(4, Activation::Gelu), norm, dropout, output],
        vec![dense(4, Activation::Sigmoid), dropout, norm, dropout, norm, norm, output],
        vec![penalized(4, Activation::Tanh, 0.1), norm, penalized(3, Activation::Linear, 0.01)],
    ];
    let plain = Activation::HIDDEN.map(|activation| ModelSpec::mlp(&[INPUTS, 4, 3, 3], activation));
    let stacked = stacks.map(|layers| ModelSpec::new(INPUTS, layers));
    let specs: Vec<ModelSpec> = plain.into_iter().chain(stacked).map(|spec| spec.expect("valid")).collect();
    Loss::ALL.into_iter().flat_map(|loss| specs.iter().map(move |spec| Case { spec: spec.clone(), loss })).collect()
}

/// What a layer got, and what it is.
enum Passed {
    /// With its input and its z.
    Dense(Matrix, Matrix, DenseShape, DenseSpec),
    Norm(Matrix, NormShape),
    Dropout(Noise),
}

/// W and b of a layer.
fn weights(parameters: &[f64], layer: DenseShape) -> (Matrix, &[f64]) {
    let w = parameters[layer.weights..layer.bias].chunks(layer.units).map(<[f64]>::to_vec).collect();
    (w, &parameters[layer.bias..layer.bias + layer.units])
}

fn drop(noise: Noise, x: &Matrix) -> Matrix {
    let width = x[0].len();
    let factor = |row: usize, i: usize| f64::from(noise.factor((row * width + i) as u32));
    x.iter().enumerate().map(|(row, x)| x.iter().enumerate().map(|(i, x)| x * factor(row, i)).collect()).collect()
}

/// The mean loss with all penalties, the mean loss alone, and the gradient of the first by backpropagation.
fn loss_and_gradient(case: &Case, parameters: &[f64], x: &Matrix) -> (f64, f64, Vec<f64>) {
    let layout = case.spec.layout();
    let (mut shapes, mut norms) = (layout.layers.iter(), layout.norms.iter());
    let (mut at, mut passed, mut penalty) = (x.clone(), Vec::new(), 0.0);
    for (i, layer) in case.spec.layers().iter().enumerate() {
        let (next, how) = match layer {
            LayerSpec::Dense(dense) => {
                let shape = *shapes.next().expect("a place");
                let (w, b) = weights(parameters, shape);
                penalty += f64::from(dense.l2) * oracle::flat(&w).iter().map(|w| w * w).sum::<f64>();
                let z = oracle::dense(Activation::Linear, &at, &w, b);
                (oracle::dense(dense.activation, &at, &w, b), Passed::Dense(at, z, shape, *dense))
            }
            LayerSpec::BatchNormalization => {
                let norm = *norms.next().expect("a place");
                let (gamma, beta) = parameters[norm.gamma..norm.gamma + 2 * norm.units].split_at(norm.units);
                (oracle::normalize(&at, gamma, beta), Passed::Norm(at, norm))
            }
            LayerSpec::Dropout { rate } => {
                let noise = Noise::new(TRAINING.seed, TRAINING.step, i, *rate);
                (drop(noise, &at), Passed::Dropout(noise))
            }
        };
        passed.push(how);
        at = next;
    }

    let scale = 1.0 / LABELS.len() as f64;
    let rows = || at.iter().zip(LABELS).map(|(z, t)| oracle::softmax_loss(case.loss, z, t, 0.0, scale));
    let loss: f64 = rows().map(|row| row.loss * scale).sum();
    let mut back: Matrix = rows().map(|row| row.dz).collect();
    let mut gradient = vec![0.0; layout.parameters];
    for how in passed.into_iter().rev() {
        back = match how {
            Passed::Dense(x, z, shape, dense) => {
                for (back, z) in back.iter_mut().flatten().zip(z.iter().flatten()) {
                    let kept = if dense.activation.keeps_z() { *z } else { oracle::activate(dense.activation, *z) };
                    *back *= oracle::slope(dense.activation, kept);
                }
                let (dw, db) = oracle::weight_gradient(&x, &back);
                let (w, _) = weights(parameters, shape);
                let dw = oracle::flat(&dw).into_iter().zip(oracle::flat(&w)).map(|(dw, w)| dw + 2.0 * f64::from(dense.l2) * w);
                gradient[shape.weights..shape.bias].copy_from_slice(&dw.collect::<Vec<_>>());
                gradient[shape.bias..shape.bias + shape.units].copy_from_slice(&db);
                oracle::input_gradient(Activation::Linear, &x, &back, &w)
            }
            Passed::Norm(x, norm) => {
                let gamma = &parameters[norm.gamma..norm.gamma + norm.units];
                let (dx, dgamma, dbeta) = oracle::normalize_gradient(&x, gamma, &back);
                gradient[norm.gamma..norm.gamma + 2 * norm.units].copy_from_slice(&[dgamma, dbeta].concat());
                dx
            }
            Passed::Dropout(noise) => drop(noise, &back),
        };
    }
    (loss + penalty, loss, gradient)
}

#[test]
fn the_oracles_gradient_is_the_slope_of_its_loss() {
    let mut rng = fastrand::Rng::with_seed(3);
    let mut random = |len: usize| -> Vec<f64> { (0..len).map(|_| rng.f64() * 2.0 - 1.0).collect() };
    let x: Matrix = (0..LABELS.len()).map(|_| random(INPUTS)).collect();
    for case in cases() {
        let parameters = random(case.spec.layout().parameters);
        let (_, _, gradient) = loss_and_gradient(&case, &parameters, &x);
        let loss = |i: usize, step: f64| {
            let mut moved = parameters.clone();
            moved[i] += step;
            loss_and_gradient(&case, &moved, &x).0
        };
        assert!(gradient.iter().any(|g| g.abs() > 0.01), "{case:?}: the gradient is not trivial");
        for (i, gradient) in gradient.iter().enumerate() {
            // Truncation grows with h^2, rounding with 1e-16 / h.
            let h = 1e-5;
            let slope = (loss(i, h) - loss(i, -h)) / (2.0 * h);
            let close = (gradient - slope).abs() <= 1e-7 * (1.0 + slope.abs());
            assert!(close, "{case:?}: along parameter {i} the slope is {slope}, the gradient says {gradient}");
        }
    }
}

/// The network's own gradient, read off one step x -= slope * 1 of gradient descent.
fn check_model<B: Backend>(b: &mut B) {
    let mut rng = fastrand::Rng::with_seed(4);
    let mut random = |len: usize| -> Vec<f32> { (0..len).map(|_| rng.f32() * 2.0 - 1.0).collect() };
    for case in cases() {
        let layout = case.spec.layout();
        let (x, before) = (random(LABELS.len() * INPUTS), random(layout.parameters));
        let wide = |values: &[f32]| -> Vec<f64> { values.iter().copied().map(f64::from).collect() };
        let (_, loss, gradient) = loss_and_gradient(&case, &wide(&before), &oracle::matrix(&x, INPUTS));

        let rows = LABELS.len();
        let mut workspace = Workspace::new(b, &case.spec, rows);
        let mut gradients = Gradients::new(b, &case.spec, Optimizer::Sgd);
        let mut model = Model::new(b, case.spec.clone(), &before).expect("they fit");
        b.write(&mut workspace.outputs[0], &x);
        b.write(&mut workspace.labels, &LABELS.map(|label| label as f32));
        model.forward_in_training(b, rows, TRAINING, &mut workspace);
        model.loss(b, case.loss, rows, 0.0, 1.0 / rows as f32, &mut workspace);
        model.backward(b, rows, TRAINING, &mut workspace, &mut gradients);
        model.update(b, Optimizer::Sgd, 1.0, 1, &mut gradients);

        let sums = block_on(b.read(&workspace.sums, 2 * rows)).expect("the device works");
        let got: f64 = sums.iter().step_by(2).map(|&s| f64::from(s)).sum::<f64>() / rows as f64;
        assert!((got - loss).abs() <= 1e-5 * (1.0 + loss), "{case:?}: loss {got}, should be {loss}");
        let reading = model.start_read(b);
        let after = block_on(b.finish_read(reading)).expect("the device works");
        for (i, ((before, after), want)) in before.iter().zip(&after).zip(gradient).enumerate().take(layout.trainable) {
            let got = f64::from(before - after);
            assert!((got - want).abs() <= 2e-5 * (1.0 + want.abs()), "{case:?}: parameter {i}: {got}, should be {want}");
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
