//! The operations written out as the obvious loops in f64: what every backend is held against. Written from the formulas,
//! not from the backends; `tests/gradients.rs` checks it by central differences.

use inkling::nn::{Activation, Loss, Optimizer};

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

/// What softmax with a loss gives for one row.
pub struct RowLoss {
    pub loss: f64,
    pub correct: bool,
    /// The gradient with respect to the logits, times `scale`.
    pub dz: Vec<f64>,
}

/// Loss, gradient, and whether the first largest logit is at `label`. A label that is no class aims at all of them alike.
pub fn softmax_loss(loss: Loss, z: &[f64], label: usize, smoothing: f64, scale: f64) -> RowLoss {
    let (p, classes) = (softmax(z), z.len() as f64);
    let target = |i: usize| match label < z.len() {
        true if i == label => 1.0 - smoothing + smoothing / classes,
        true => smoothing / classes,
        false => 1.0 / classes,
    };
    let first_largest = (0..z.len()).rev().max_by(|&i, &j| z[i].total_cmp(&z[j]));
    let correct = first_largest == Some(label);
    match loss {
        Loss::CrossEntropy => {
            let dz = p.iter().enumerate().map(|(i, p)| scale * (p - target(i))).collect();
            // 0 ln 0 is 0: a target of nothing costs nothing, however improbable.
            let loss = (0..z.len()).filter(|&i| target(i) > 0.0).map(|i| -target(i) * p[i].ln()).sum();
            RowLoss { loss, correct, dz }
        }
        Loss::MeanSquaredError => {
            let loss = (0..z.len()).map(|i| (p[i] - target(i)).powi(2) / classes).sum();
            // The chain rule by softmax's whole Jacobian, dp_i / dz_j = p_i ((i = j) - p_j).
            let jacobian = |i: usize, j: usize| p[i] * (f64::from(u8::from(i == j)) - p[j]);
            let slope = |j| (0..z.len()).map(|i| 2.0 / classes * (p[i] - target(i)) * jacobian(i, j)).sum::<f64>();
            RowLoss { loss, correct, dz: (0..z.len()).map(|j| scale * slope(j)).collect() }
        }
    }
}

/// What a normalization subtracts and multiplies by: each column's mean and 1 / sqrt(variance + epsilon); and the variance.
pub fn column_statistics(x: &Matrix) -> (Vec<f64>, Vec<f64>, Vec<f64>) {
    let rows = x.len() as f64;
    let columns = transposed(x);
    let mean: Vec<f64> = columns.iter().map(|column| column.iter().sum::<f64>() / rows).collect();
    let variance: Vec<f64> =
        columns.iter().zip(&mean).map(|(column, mean)| column.iter().map(|x| (x - mean).powi(2)).sum::<f64>() / rows).collect();
    let inverse = variance.iter().map(|variance| 1.0 / (variance + 1e-3).sqrt()).collect();
    (mean, inverse, variance)
}

/// gamma (x - mean) / deviation + beta, by the batch's mean and deviation.
pub fn normalize(x: &Matrix, gamma: &[f64], beta: &[f64]) -> Matrix {
    let (mean, inverse, _) = column_statistics(x);
    let number = |x: f64, i: usize| gamma[i] * (x - mean[i]) * inverse[i] + beta[i];
    x.iter().map(|row| row.iter().enumerate().map(|(i, x)| number(*x, i)).collect()).collect()
}

/// dx, dgamma and dbeta: each dy weighted by the slope of its y along each x of the column.
pub fn normalize_gradient(x: &Matrix, gamma: &[f64], dy: &Matrix) -> (Matrix, Vec<f64>, Vec<f64>) {
    let (mean, inverse, _) = column_statistics(x);
    let rows = x.len();
    let n = rows as f64;
    let normal = |row: usize, i: usize| (x[row][i] - mean[i]) * inverse[i];
    let slope = |of: usize, along: usize, i: usize| {
        gamma[i] * inverse[i] * (f64::from(u8::from(of == along)) - 1.0 / n - normal(of, i) * normal(along, i) / n)
    };
    let each = |i: usize, f: &dyn Fn(usize) -> f64| (0..rows).map(|row| dy[row][i] * f(row)).sum::<f64>();
    let units = 0..gamma.len();
    let dx = (0..rows).map(|along| units.clone().map(|i| each(i, &|row| slope(row, along, i))).collect()).collect();
    let dgamma = units.clone().map(|i| each(i, &|row| normal(row, i))).collect();
    (dx, dgamma, units.map(|i| each(i, &|_| 1.0)).collect())
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
