//! Rounds weights to few bits so that the layer's outputs change least, not the weights: each weight's error is made up for by
//! the unit's weights that are not rounded yet, as far as their inputs go together.
//!
//! E. Frantar, S. Ashkboos, T. Hoefler, D. Alistarh, "GPTQ: Accurate Post-Training Quantization for Generative Pre-trained
//! Transformers", ICLR 2023; B. Hassibi, D. Stork, "Second order derivatives for network pruning: Optimal Brain Surgeon", 1992.

use inkling::Result;
use inkling::backend::{Backend, Cpu};
use inkling::format::packed;
use inkling::model::{Model, Workspace};
use inkling::nn::{DenseShape, ModelSpec};

/// Share of the inputs' mean square that is added to each of them: without it, inputs that are always 0 could not be solved for.
const DAMPING: f64 = 0.01;

/// Rounds every weight to a whole number of its unit's steps, layer by layer; biases take up what is left. `images` are inputs
/// (rows of them) as the network will see.
pub fn round(spec: &ModelSpec, parameters: &mut [f32], bits: u32, images: &[f32]) -> Result<()> {
    let rows = images.len() / spec.inputs();
    for (i, layer) in spec.layout().layers.into_iter().enumerate() {
        let mut cpu = Cpu::new();
        let model = Model::new(&mut cpu, spec.clone(), parameters)?;
        let mut workspace = Workspace::new(&cpu, spec, rows);
        cpu.write(&mut workspace.outputs[0], images);
        model.forward(&mut cpu, rows, &mut workspace);
        let moments = second_moments(&mut cpu, &workspace.outputs[i], layer.inputs, rows)?;
        round_layer(layer, parameters, bits, &inverse_root(moments));
    }
    Ok(())
}

/// Mean products of a layer's inputs, and of the constant 1 that the bias is the weight of: row by row, (inputs + 1) squared.
fn second_moments(cpu: &mut Cpu, x: &<Cpu as Backend>::Buffer, inputs: usize, rows: usize) -> Result<Vec<Vec<f64>>> {
    // x^T x is the weight gradient for dz = x, and the sums of x that for the bias.
    let square = DenseShape { inputs, units: inputs, weights: 0, bias: inputs * inputs };
    let mut products = cpu.zeros(inputs * (inputs + 1));
    cpu.dense_weight_gradient(square, rows, x, x, &mut products);
    let products = pollster::block_on(cpu.read(&products, inputs * (inputs + 1)))?;
    let mean = |at: usize| f64::from(products[at]) / rows as f64;
    let constant = |column: usize| if column == inputs { 1.0 } else { mean(inputs * inputs + column) };
    let at = |row: usize, column: usize| match (row == inputs, column == inputs) {
        (true, _) => constant(column),
        (_, true) => constant(row),
        _ => mean(row * inputs + column),
    };
    let mut moments: Vec<Vec<f64>> = (0..=inputs).map(|row| (0..=inputs).map(|column| at(row, column)).collect()).collect();
    let damping = DAMPING * (0..inputs).map(|i| moments[i][i]).sum::<f64>() / inputs as f64;
    (0..inputs).for_each(|i| moments[i][i] += damping);
    Ok(moments)
}

/// The upper triangle U with U^T U = the inverse of the symmetric, positive definite `h`.
fn inverse_root(mut h: Vec<Vec<f64>>) -> Vec<Vec<f64>> {
    let n = h.len();
    // h = R R^T with an upper triangle R, from the last column to the first.
    for column in (0..n).rev() {
        let pivot = h[column][column].sqrt();
        (0..=column).for_each(|row| h[row][column] /= pivot);
        let below: Vec<f64> = (0..column).map(|row| h[row][column]).collect();
        for (row, values) in h.iter_mut().enumerate().take(column) {
            let factor = below[row];
            values[row..column].iter_mut().zip(&below[row..]).for_each(|(value, other)| *value -= factor * other);
        }
    }
    // U = the inverse of R, row by row from the last: R U = 1.
    let mut inverse = vec![vec![0.0; n]; n];
    for row in (0..n).rev() {
        let (above, solved) = inverse.split_at_mut(row + 1);
        let own = &mut above[row];
        for (j, values) in solved.iter().enumerate() {
            let factor = h[row][row + 1 + j];
            own[row + 1 + j..].iter_mut().zip(&values[row + 1 + j..]).for_each(|(value, other)| *value -= factor * other);
        }
        own[row] = 1.0;
        own[row..].iter_mut().for_each(|value| *value /= h[row][row]);
    }
    inverse
}

/// Rounds one input's weights after the other, and moves the later ones and the biases by what makes up for it.
fn round_layer(layer: DenseShape, parameters: &mut [f32], bits: u32, root: &[Vec<f64>]) {
    let steps = packed::steps(layer, parameters, bits);
    // Weights and, as their last row, biases.
    let own = &mut parameters[layer.weights..layer.bias + layer.units];
    for (input, root) in root.iter().enumerate().take(layer.inputs) {
        let (done, later) = own.split_at_mut((input + 1) * layer.units);
        let weights = &mut done[input * layer.units..];
        let mut errors = vec![0.0; layer.units];
        for ((weight, error), step) in weights.iter_mut().zip(&mut errors).zip(&steps) {
            let rounded = packed::nearest(*weight, *step, bits) as f32 * step;
            *error = ((f64::from(*weight) - f64::from(rounded)) / root[input]) as f32;
            *weight = rounded;
        }
        for (row, factor) in later.chunks_exact_mut(layer.units).zip(&root[input + 1..]) {
            row.iter_mut().zip(&errors).for_each(|(weight, error)| *weight -= error * *factor as f32);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use inkling::nn::Activation;

    #[test]
    fn the_root_times_itself_is_the_inverse() {
        let mut rng = fastrand::Rng::with_seed(3);
        let x: Vec<Vec<f64>> = (0..20).map(|_| (0..6).map(|_| rng.f64() - 0.3).collect()).collect();
        let h: Vec<Vec<f64>> = (0..6).map(|i| (0..6).map(|j| x.iter().map(|x| x[i] * x[j]).sum()).collect()).collect();
        let u = inverse_root(h.clone());
        assert!((0..6).all(|i| (0..i).all(|j| u[i][j] == 0.0)), "an upper triangle: {u:?}");
        let inverse = |a: usize, b: usize| u.iter().map(|row| row[a] * row[b]).sum::<f64>();
        for (i, row) in h.iter().enumerate() {
            for j in 0..6 {
                let one: f64 = row.iter().enumerate().map(|(k, h)| h * inverse(k, j)).sum();
                assert!((one - f64::from(u8::from(i == j))).abs() < 1e-9, "{i} {j}: {one}");
            }
        }
    }

    /// What it is for: the outputs on inputs that go together are nearer than with each weight rounded by itself.
    #[test]
    fn outputs_change_less_than_by_the_nearest_weights() {
        let spec = ModelSpec::mlp(&[40, 30, 3], Activation::Relu).unwrap();
        let exact = spec.initialize(5);
        let mut rng = fastrand::Rng::with_seed(4);
        let images: Vec<f32> = (0..200)
            .flat_map(|_| {
                let patches: Vec<f32> = (0..8).map(|_| rng.f32()).collect();
                (0..40).map(|i| (patches[i / 5] + 0.2 * rng.f32()) / 1.2).collect::<Vec<f32>>()
            })
            .collect();
        let mut plain = exact.clone();
        for layer in spec.layout().layers {
            let steps = packed::steps(layer, &exact, 4);
            for (i, weight) in plain[layer.weights..layer.bias].iter_mut().enumerate() {
                *weight = packed::nearest(*weight, steps[i % layer.units], 4) as f32 * steps[i % layer.units];
            }
        }
        let mut rounded = exact.clone();
        round(&spec, &mut rounded, 4, &images).unwrap();
        let outputs = |parameters: &[f32]| {
            let mut cpu = Cpu::new();
            let model = Model::new(&mut cpu, spec.clone(), parameters).unwrap();
            let mut workspace = Workspace::new(&cpu, &spec, 200);
            cpu.write(&mut workspace.outputs[0], &images);
            model.forward(&mut cpu, 200, &mut workspace);
            pollster::block_on(cpu.read(&workspace.outputs[2], 600)).unwrap()
        };
        let want = outputs(&exact);
        let error = |parameters: &[f32]| -> f32 { outputs(parameters).iter().zip(&want).map(|(a, b)| (a - b).powi(2)).sum() };
        assert!(error(&rounded) < 0.3 * error(&plain), "{} and {}", error(&rounded), error(&plain));
    }
}
