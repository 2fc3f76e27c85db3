//! The lessons' training step is the one that trains networks.
#![cfg(not(target_arch = "wasm32"))]

use inkling::backend::{Backend, Cpu};
use inkling::explain::backprop::Network;
use inkling::model::{Gradients, Model, Training, Workspace};
use inkling::nn::{Activation, Loss, ModelSpec, Optimizer};

/// The weights after one step x -= slope * rate by the model on the CPU.
fn trained(network: &Network, input: &[f64], label: usize, rate: f32) -> Vec<f32> {
    let mut cpu = Cpu::new();
    let spec = network.spec().clone();
    let mut workspace = Workspace::new(&cpu, &spec, 1);
    let mut gradients = Gradients::new(&cpu, &spec, Optimizer::Sgd);
    let mut model = Model::new(&mut cpu, spec, network.parameters()).expect("they fit");
    let x: Vec<f32> = input.iter().map(|x| *x as f32).collect();
    cpu.write(&mut workspace.outputs[0], &x);
    cpu.write(&mut workspace.labels, &[label as f32]);
    let training = Training { seed: 1, step: 1 };
    model.forward_in_training(&mut cpu, 1, training, &mut workspace);
    model.loss(&mut cpu, Loss::CrossEntropy, 1, 0.0, 1.0, &mut workspace);
    model.backward(&mut cpu, 1, training, &mut workspace, &mut gradients);
    model.update(&mut cpu, Optimizer::Sgd, rate, 1, &mut gradients);
    let reading = model.start_read(&mut cpu);
    pollster::block_on(cpu.finish_read(reading)).expect("the device works")
}

fn check(mut network: Network, input: &[f64], label: usize) {
    let rate = 1.0;
    let want = trained(&network, input, label, rate);
    let before = network.parameters().to_vec();
    let forward = network.forward(input, label).expect("it fits");
    let slopes = network.backward(&forward);
    network.update(&forward, &slopes, rate);
    assert!(network.parameters().iter().zip(&before).any(|(a, b)| (a - b).abs() > 0.01), "the step is not trivial");
    for (i, (got, want)) in network.parameters().iter().zip(&want).enumerate() {
        assert!((got - want).abs() <= 1e-5 * (1.0 + want.abs()), "{:?}, parameter {i}: {got}, the model {want}", network.spec());
    }
}

#[test]
fn a_step_of_the_slides_network_is_the_models() {
    check(Network::slides(), &Network::SLIDES_INPUT, 0);
}

#[test]
fn a_step_is_the_models_for_every_activation() {
    for activation in Activation::HIDDEN {
        let spec = ModelSpec::mlp(&[12, 7, 5, 4], activation).expect("valid");
        let parameters = spec.initialize(3);
        let input: Vec<f64> = (0..12).map(|i| f64::from(i % 5) / 4.0).collect();
        check(Network::new(spec, parameters).expect("Dense layers"), &input, 2);
    }
}
