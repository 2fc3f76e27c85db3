//! What can be seen inside a network that does not learn: neurons that are all alike, neurons that are dead, layers that do not
//! move.

use crate::Result;
use crate::diagnosis::rms;
use crate::model::Predictor;
use crate::nn::{LayerSpec, ModelSpec};

/// Two neurons are alike when no two of their numbers differ by more than this.
const ALIKE: f32 = 1e-6;

/// How many different neurons the first layer has: those with the same weights and bias are counted once.
pub fn different_neurons(spec: &ModelSpec, parameters: &[f32]) -> usize {
    let Some(shape) = spec.layout().layers.first().copied() else { return 0 };
    let number = |unit: usize, input: usize| match input {
        bias if bias == shape.inputs => parameters[shape.bias + unit],
        input => parameters[shape.weights + input * shape.units + unit],
    };
    let alike = |a: usize, b: usize| (0..=shape.inputs).all(|input| (number(a, input) - number(b, input)).abs() <= ALIKE);
    let mut kinds: Vec<usize> = Vec::new();
    for unit in 0..shape.units {
        if !kinds.iter().any(|kind| alike(*kind, unit)) {
            kinds.push(unit);
        }
    }
    kinds.len()
}

/// The share of hidden neurons that give out 0 for every one of these images: nothing comes back through them, so that with ReLU
/// they never change again. 0 where there is no hidden layer or no image.
///
/// Errors as [`Predictor::predict`].
pub fn dead_share(spec: &ModelSpec, parameters: &[f32], images: &[Vec<f32>]) -> Result<f32> {
    let mut predictor = Predictor::new(spec.clone(), parameters)?;
    let last = spec.layers().len() - 1;
    let hidden: Vec<usize> = (0..last).filter(|i| matches!(spec.layers()[*i], LayerSpec::Dense(_))).collect();
    let widths = spec.widths();
    let mut alive: Vec<Vec<bool>> = hidden.iter().map(|layer| vec![false; widths[layer + 1]]).collect();
    for image in images {
        let outputs = predictor.outputs(image)?;
        for (layer, alive) in hidden.iter().zip(&mut alive) {
            alive.iter_mut().zip(&outputs[layer + 1]).for_each(|(alive, a)| *alive |= *a != 0.0);
        }
    }
    let all = alive.iter().map(Vec::len).sum::<usize>();
    let dead = alive.iter().flatten().filter(|alive| !**alive).count();
    Ok(if images.is_empty() { 0.0 } else { dead as f32 / all.max(1) as f32 })
}

/// How far the weights of each Dense layer have moved: the root of the mean square of their changes.
pub fn moved(spec: &ModelSpec, before: &[f32], after: &[f32]) -> Vec<f32> {
    let of_layer = |range: std::ops::Range<usize>| {
        rms(before[range.clone()].iter().zip(&after[range]).map(|(before, after)| after - before))
    };
    spec.layout().layers.iter().map(|shape| of_layer(shape.weights..shape.bias)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::nn::Activation;

    /// Two inputs, three hidden neurons, two classes.
    fn spec(activation: Activation) -> ModelSpec {
        ModelSpec::mlp(&[2, 3, 2], activation).unwrap()
    }

    #[test]
    fn neurons_with_the_same_numbers_are_one() {
        let spec = spec(Activation::Sigmoid);
        // (inputs, units): the first and the third neuron have the same weights.
        let mut parameters = vec![0.0; spec.layout().parameters];
        parameters[..6].copy_from_slice(&[1.0, 2.0, 1.0, 3.0, 4.0, 3.0]);
        assert_eq!(different_neurons(&spec, &parameters), 2);
        parameters[8] = 0.5;
        assert_eq!(different_neurons(&spec, &parameters), 3, "another bias");
        assert_eq!(different_neurons(&spec, &vec![0.0; spec.layout().parameters]), 1);
        assert_eq!(different_neurons(&spec, &spec.initialize(1)), 3);
    }

    #[test]
    fn a_dead_neuron_is_silent_for_every_image() {
        let spec = spec(Activation::Relu);
        let mut parameters = vec![0.0; spec.layout().parameters];
        // Lights up for the first input, for the second, and for none.
        parameters[..6].copy_from_slice(&[1.0, 0.0, -1.0, 0.0, 1.0, -1.0]);
        let images = [vec![1.0, 0.0], vec![0.0, 1.0]];
        let share = |images: &[Vec<f32>]| dead_share(&spec, &parameters, images).unwrap();
        assert!((share(&images) - 1.0 / 3.0).abs() < 1e-6);
        assert!((share(&images[..1]) - 2.0 / 3.0).abs() < 1e-6);
        assert_eq!(share(&[]), 0.0);
    }

    #[test]
    fn layers_move_by_the_mean_of_their_changes() {
        let spec = spec(Activation::Relu);
        let before = spec.initialize(1);
        let mut after = before.clone();
        after[..6].iter_mut().for_each(|w| *w += 0.5);
        // A bias is no weight.
        after[6] += 9.0;
        let moved = moved(&spec, &before, &after);
        assert!((moved[0] - 0.5).abs() < 1e-6 && moved[1] == 0.0, "{moved:?}");
    }
}
