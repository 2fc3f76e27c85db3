//! What the page shows of a network's inside, against the f64 oracle and against central differences: every neuron of every
//! layer, the exact sum of each, and the slope of a digit's score along each pixel.
#![cfg(not(target_arch = "wasm32"))]

#[expect(dead_code, reason = "the rest is for `backend.rs`")]
mod oracle;

use inkling::explain::inside::{Kind, Trace};
use inkling::explain::saliency::Saliency;
use inkling::model::Predictor;
use inkling::nn::{Activation, DenseSpec, LayerSpec, ModelSpec};
use oracle::Matrix;

const INPUTS: usize = 9;

/// Every activation alone, then every other layer at the beginning, between, and twice in a row.
fn specs() -> Vec<ModelSpec> {
    let dense = |units, activation| LayerSpec::Dense(DenseSpec::new(units, activation));
    let (norm, dropout) = (LayerSpec::BatchNormalization, LayerSpec::Dropout { rate: 0.3 });
    let output = dense(4, Activation::Linear);
    let plain = Activation::HIDDEN.map(|activation| ModelSpec::mlp(&[INPUTS, 7, 5, 4], activation));
    let stacks = [
        vec![output],
        vec![norm, dense(6, Activation::Sigmoid), norm, dense(3, Activation::Tanh), output],
        vec![dropout, dense(6, Activation::Gelu), dropout, norm, norm, dropout, output],
    ];
    plain.into_iter().chain(stacks.map(|layers| ModelSpec::new(INPUTS, layers))).map(|spec| spec.expect("valid")).collect()
}

/// Parameters of which none is zero or one by chance; variances are positive.
fn parameters(spec: &ModelSpec) -> Vec<f32> {
    let mut random = fastrand::Rng::with_seed(5);
    let mut parameters: Vec<f32> = (0..spec.layout().parameters).map(|_| random.f32() * 2.0 - 1.0).collect();
    for norm in spec.layout().norms {
        parameters[norm.moving + norm.units..norm.moving + 2 * norm.units].fill_with(|| 0.3 + random.f32());
    }
    parameters
}

/// Some pixels are paper.
fn image() -> Vec<f32> {
    vec![0.0, 1.0, 0.5, 0.0, 0.25, 0.75, 0.0, 1.0, 0.1]
}

/// What leaves every layer but Dropout, in f64.
fn outputs(spec: &ModelSpec, parameters: &[f32], image: &[f64]) -> Matrix {
    let layout = spec.layout();
    let (mut shapes, mut norms) = (layout.layers.iter(), layout.norms.iter());
    let wide = |range: std::ops::Range<usize>| parameters[range].iter().map(|p| f64::from(*p)).collect::<Vec<f64>>();
    let (mut at, mut outputs) = (image.to_vec(), Vec::new());
    for layer in spec.layers() {
        at = match layer {
            LayerSpec::Dense(dense) => {
                let shape = shapes.next().expect("a place");
                let w = oracle::matrix(&parameters[shape.weights..shape.bias], shape.units);
                oracle::dense(dense.activation, &vec![at], &w, &wide(shape.bias..shape.bias + shape.units)).remove(0)
            }
            LayerSpec::BatchNormalization => {
                let norm = norms.next().expect("a place");
                let (gamma, beta) =
                    (wide(norm.gamma..norm.gamma + norm.units), wide(norm.gamma + norm.units..norm.gamma + 2 * norm.units));
                let (mean, variance) =
                    (wide(norm.moving..norm.moving + norm.units), wide(norm.moving + norm.units..norm.moving + 2 * norm.units));
                let number = |(i, x): (usize, &f64)| gamma[i] * (x - mean[i]) / (variance[i] + 1e-3).sqrt() + beta[i];
                at.iter().enumerate().map(number).collect()
            }
            LayerSpec::Dropout { .. } => continue,
        };
        outputs.push(at.clone());
    }
    outputs
}

fn wide(values: &[f32]) -> Vec<f64> {
    values.iter().copied().map(f64::from).collect()
}

#[track_caller]
fn close(got: f64, want: f64, what: &str) {
    assert!((got - want).abs() <= 1e-4 * (1.0 + want.abs()), "{what}: {got}, but {want}");
}

#[test]
fn every_neuron_says_what_the_oracle_says_and_its_terms_add_up_to_it() {
    for spec in specs() {
        let parameters = parameters(&spec);
        let mut predictor = Predictor::new(spec.clone(), &parameters).expect("fits");
        let trace = Trace::of(&mut predictor, &image()).expect("fits");
        let expected = outputs(&spec, &parameters, &wide(&image()));
        assert_eq!(trace.stages.len(), expected.len(), "{spec:?}");
        for (i, (stage, expected)) in trace.stages.iter().zip(&expected).enumerate() {
            assert_eq!(stage.a.len(), expected.len());
            for (unit, want) in expected.iter().enumerate() {
                let what = format!("{spec:?}, stage {i}, neuron {unit}");
                close(f64::from(stage.a[unit]), *want, &what);
                let sum = stage.sum(&parameters, unit);
                close(oracle::activate(sum.activation, sum.z), *want, &format!("{what}: f of its sum"));
                let again: f64 = sum.terms.iter().map(|term| term.product()).sum::<f64>() + f64::from(sum.bias);
                close(again, sum.z, &format!("{what}: its terms"));
                assert!(sum.terms.is_sorted_by(|a, b| a.product().abs() >= b.product().abs()), "{what}: the largest first");
                if let Kind::Dense { shape, .. } = stage.kind {
                    assert_eq!(sum.terms.len(), shape.inputs);
                    assert!(sum.terms.iter().all(|term| term.place.is_some_and(|place| parameters[place] == term.w)), "{what}");
                    assert_eq!(sum.bias_place.map(|place| parameters[place]), Some(sum.bias));
                }
            }
        }
    }
}

#[test]
fn saliency_is_the_slope_of_the_score_times_the_ink() {
    let step = 1e-5;
    for spec in specs() {
        let parameters = parameters(&spec);
        let mut predictor = Predictor::new(spec.clone(), &parameters).expect("fits");
        for digit in 0..spec.classes() {
            let saliency = Saliency::of(&mut predictor, &image(), digit).expect("fits");
            let score = |image: &[f64]| outputs(&spec, &parameters, image).pop().expect("logits")[digit];
            close(f64::from(saliency.score), score(&wide(&image())), &format!("{spec:?} {digit}"));
            for (pixel, ink) in wide(&image()).into_iter().enumerate() {
                let moved = |by: f64| {
                    let mut image = wide(&image());
                    image[pixel] += by;
                    score(&image)
                };
                let slope = (moved(step) - moved(-step)) / (2.0 * step);
                close(f64::from(saliency.pixels[pixel]), slope * ink, &format!("{spec:?}, digit {digit}, pixel {pixel}"));
            }
            let sum: f32 = saliency.pixels.iter().sum();
            close(f64::from(saliency.speaks_for + saliency.speaks_against), f64::from(sum), "for and against");
            assert!(saliency.speaks_for >= 0.0 && saliency.speaks_against <= 0.0);
        }
        assert!(Saliency::of(&mut predictor, &image(), spec.classes()).is_err());
    }
}

#[test]
fn the_most_active_neurons_are_shown_in_their_order_with_the_chosen_one() {
    let spec = ModelSpec::mlp(&[INPUTS, 60, 4], Activation::Tanh).expect("valid");
    let parameters = parameters(&spec);
    let mut predictor = Predictor::new(spec, &parameters).expect("fits");
    let stage = Trace::of(&mut predictor, &image()).expect("fits").stages.remove(0);
    let mut by_size: Vec<usize> = (0..60).collect();
    by_size.sort_by(|&i, &j| stage.a[j].abs().total_cmp(&stage.a[i].abs()));
    let mut expected = by_size[..8].to_vec();
    expected.sort();
    assert_eq!(stage.most_active(8, None), expected);
    let least = by_size[59];
    let mut expected: Vec<usize> = by_size[..7].iter().copied().chain([least]).collect();
    expected.sort();
    assert_eq!(stage.most_active(8, Some(least)), expected, "in the place of the least active one");
    assert_eq!(stage.most_active(100, Some(3)), (0..60).collect::<Vec<_>>());

    let connections = stage.strongest(&parameters, &[0, 1, 2, 7], &[5, least], 2);
    assert_eq!(connections.len(), 4);
    for pair in connections.chunks(2) {
        let sum = stage.sum(&parameters, pair[0].to);
        let expected: Vec<usize> =
            sum.terms.iter().map(|term| term.input).filter(|input| [0, 1, 2, 7].contains(input)).take(2).collect();
        assert_eq!(pair.iter().map(|connection| connection.from).collect::<Vec<_>>(), expected);
    }
}
