//! The operations written out as the obvious loops in f64: what every backend is held against. Written from the formulas,
//! not from the backends; `tests/gradients.rs` checks it by central differences.

use inkling::nn::{Activation, Optimizer};

/// a = f(z).
pub fn activate(activation: Activation, z: f64) -> f64 {
    match activation {
        Activation::Linear => z,
        Activation::Sigmoid => 1.0 / (1.0 + (-z).exp()),
        Activation::Relu => {
            if z > 0.0 {
                z
            } else {
                0.0
            }
        }
        Activation::Tanh => z.tanh(),
        Activation::LeakyRelu if z > 0.0 => z,
        Activation::LeakyRelu => 0.01 * z,
        Activation::Gelu => 0.5 * z * (1.0 + gelu_inner(z).tanh()),
    }
}

/// f'(z) where f(z) is `a`; for GELU `a` is z.
pub fn slope(activation: Activation, a: f64) -> f64 {
    match activation {
        Activation::Linear => 1.0,
        Activation::Sigmoid => a - a * a,
        Activation::Relu => f64::from(u8::from(a > 0.0)),
        Activation::Tanh => (1.0 - a) * (1.0 + a),
        Activation::LeakyRelu => [0.01, 1.0][usize::from(a > 0.0)],
        // Product and chain rule.
        Activation::Gelu => {
            let (z, tanh) = (a, gelu_inner(a).tanh());
            let inner = (2.0 / std::f64::consts::PI).sqrt() * (1.0 + 3.0 * 0.044715 * z * z);
            0.5 * (1.0 + tanh) + 0.5 * z * (1.0 - tanh * tanh) * inner
        }
    }
}

/// A matrix by rows.
pub type Matrix = Vec<Vec<f64>>;

/// The matrix with that many columns whose rows follow each other in `values`.
pub fn matrix(values: &[f32], columns: usize) -> Matrix {
    values.chunks(columns).map(|row| row.iter().copied().map(f64::from).collect()).collect()
}

/// The rows one after the other.
pub fn flat(matrix: &Matrix) -> Vec<f64> {
    matrix.concat()
}

fn transposed(a: &Matrix) -> Matrix {
    (0..a[0].len()).map(|j| a.iter().map(|row| row[j]).collect()).collect()
}

fn product(a: &Matrix, b: &Matrix) -> Matrix {
    let dot = |row: &Vec<f64>, j: usize| row.iter().zip(b).map(|(x, b)| x * b[j]).sum();
    a.iter().map(|row| (0..b[0].len()).map(|j| dot(row, j)).collect()).collect()
}

/// f(x W + b).
pub fn dense(activation: Activation, x: &Matrix, w: &Matrix, b: &[f64]) -> Matrix {
    let mut y = product(x, w);
    for row in &mut y {
        for (y, b) in row.iter_mut().zip(b) {
            *y = activate(activation, *y + b);
        }
    }
    y
}

/// dW and db.
pub fn weight_gradient(x: &Matrix, dz: &Matrix) -> (Matrix, Vec<f64>) {
    let ones = vec![vec![1.0; dz.len()]];
    (product(&transposed(x), dz), product(&ones, dz).remove(0))
}

/// The gradient with respect to the weighted sums whose activations are x, or which are x where the activation keeps z.
pub fn input_gradient(activation: Activation, x: &Matrix, dz: &Matrix, w: &Matrix) -> Matrix {
    let mut dx = product(dz, &transposed(w));
    for (row, x) in dx.iter_mut().zip(x) {
        for (d, x) in row.iter_mut().zip(x) {
            *d *= slope(activation, *x);
        }
    }
    dx
}

/// Softmax of one row. In f64 no maximum needs to be subtracted: e^709 is still finite.
pub fn softmax(z: &[f64]) -> Vec<f64> {
    let sum: f64 = z.iter().map(|z| z.exp()).sum();
    z.iter().map(|z| z.exp() / sum).collect()
}

/// What softmax with cross-entropy gives for one row.
pub struct CrossEntropy {
    pub loss: f64,
    pub correct: bool,
    /// The gradient with respect to the logits, times `scale`.
    pub dz: Vec<f64>,
}

/// Loss, gradient, and whether the first largest logit is at `label`. A label that is no class aims at all of them alike.
pub fn cross_entropy(z: &[f64], label: usize, smoothing: f64, scale: f64) -> CrossEntropy {
    let (p, classes) = (softmax(z), z.len() as f64);
    let target = |i: usize| match label < z.len() {
        true if i == label => 1.0 - smoothing + smoothing / classes,
        true => smoothing / classes,
        false => 1.0 / classes,
    };
    let first_largest = (0..z.len()).rev().max_by(|&i, &j| z[i].total_cmp(&z[j]));
    let dz = p.iter().enumerate().map(|(i, p)| scale * (p - target(i))).collect();
    // 0 ln 0 is 0: a target of nothing costs nothing, however improbable.
    let loss = (0..z.len()).filter(|&i| target(i) > 0.0).map(|i| -target(i) * p[i].ln()).sum();
    CrossEntropy { loss, correct: first_largest == Some(label), dz }
}

/// An optimizer's textbook form, with the state that it keeps.
pub struct Rule {
    optimizer: Optimizer,
    first: Vec<f64>,
    second: Vec<f64>,
    t: i32,
}

impl Rule {
    /// For that many parameters.
    pub fn new(optimizer: Optimizer, parameters: usize) -> Rule {
        Rule { optimizer, first: vec![0.0; parameters], second: vec![0.0; parameters], t: 0 }
    }

    /// One step; `g` are the slopes.
    pub fn step(&mut self, learning_rate: f64, x: &mut [f64], g: &[f64]) {
        self.t += 1;
        for i in 0..g.len() {
            match self.optimizer {
                Optimizer::Sgd => x[i] -= learning_rate * g[i],
                Optimizer::Momentum { momentum } => {
                    self.first[i] = f64::from(momentum) * self.first[i] + g[i];
                    x[i] -= learning_rate * self.first[i];
                }
                Optimizer::Adam { beta1, beta2, epsilon } | Optimizer::AdamW { beta1, beta2, epsilon, .. } => {
                    if let Optimizer::AdamW { weight_decay, .. } = self.optimizer {
                        x[i] *= 1.0 - learning_rate * f64::from(weight_decay);
                    }
                    let (beta1, beta2, epsilon) = (f64::from(beta1), f64::from(beta2), f64::from(epsilon));
                    self.first[i] = beta1 * self.first[i] + (1.0 - beta1) * g[i];
                    self.second[i] = beta2 * self.second[i] + (1.0 - beta2) * g[i] * g[i];
                    let mean = self.first[i] / (1.0 - beta1.powi(self.t));
                    let square = self.second[i] / (1.0 - beta2.powi(self.t));
                    x[i] -= learning_rate * mean / (square.sqrt() + epsilon);
                }
                Optimizer::Nesterov { momentum } => {
                    self.first[i] = f64::from(momentum) * self.first[i] + g[i];
                    x[i] -= learning_rate * (g[i] + f64::from(momentum) * self.first[i]);
                }
                Optimizer::RmsProp { rho, epsilon } => {
                    let rho = f64::from(rho);
                    self.first[i] = rho * self.first[i] + (1.0 - rho) * g[i] * g[i];
                    x[i] -= learning_rate * g[i] / (self.first[i].sqrt() + f64::from(epsilon));
                }
            }
        }
    }
}

/// What GELU takes tanh of.
fn gelu_inner(z: f64) -> f64 {
    (2.0 / std::f64::consts::PI).sqrt() * (z + 0.044715 * z.powi(3))
}
