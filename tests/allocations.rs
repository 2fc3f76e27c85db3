//! A step of the CPU backend allocates nothing: each buffer is there once the first steps have shown how large it has to be.
#![cfg(not(target_arch = "wasm32"))]

use allocation_counter::measure;
use inkling::backend::Cpu;
use inkling::backend::cpu::ThreadGroup;
use inkling::data::Dataset;
use inkling::nn::{Activation, DenseSpec, LayerSpec, Loss, ModelSpec, Optimizer};
use inkling::train::{Data, TrainConfig, Trainer};
use pollster::block_on;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

const INPUTS: usize = 784;
const BATCH: usize = 32;
/// Of an epoch, after those that are not measured.
const STEPS: usize = 6;

/// Images of which one pixel in `darkness` is not paper.
fn data(darkness: u8) -> Data {
    let mut rng = fastrand::Rng::with_seed(3);
    let mut set = |images: usize| {
        let labels: Vec<u8> = (0..images).map(|_| rng.u8(0..10)).collect();
        let pixels: Vec<u8> = (0..images * INPUTS).map(|_| if rng.u8(0..darkness) == 0 { rng.u8(1..) } else { 0 }).collect();
        Arc::new(Dataset::new(pixels, labels, INPUTS, 10).unwrap())
    };
    // The last mini-batch is smaller.
    Data { training: set(BATCH * (STEPS + 1) - 5), test: set(10) }
}

fn trainer(cpu: Cpu, spec: &ModelSpec, config: TrainConfig, data: &Data) -> Trainer<Cpu> {
    let mut trainer = Trainer::new(cpu, spec.clone(), config, None).unwrap();
    trainer.set_data(data).unwrap();
    trainer
}

/// Runs the next steps without an executor, which would allocate itself: on the processor nothing waits.
fn steps(trainer: &mut Trainer<Cpu>, count: usize) {
    match pin!(trainer.steps(count)).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(done) => done.unwrap(),
        Poll::Pending => panic!("a step on the processor waits"),
    }
}

/// Allocations of this thread as an epoch is repeated: with the same images, so that none has more ink than those before.
fn allocations(trainer: &mut Trainer<Cpu>) -> u64 {
    trainer.begin_epoch(0).unwrap();
    block_on(trainer.steps(usize::MAX)).unwrap();
    trainer.begin_epoch(0).unwrap();
    let counted = measure(|| steps(trainer, usize::MAX)).count_total;
    assert_eq!(trainer.steps_left(), 0);
    counted
}

fn networks() -> Vec<ModelSpec> {
    let dense = |units, activation| LayerSpec::Dense(DenseSpec::new(units, activation));
    let penalized = LayerSpec::Dense(DenseSpec { l2: 1e-4, ..DenseSpec::new(17, Activation::Tanh) });
    let layers = [
        vec![],
        vec![dense(30, Activation::Sigmoid)],
        vec![dense(128, Activation::Gelu), dense(65, Activation::Relu)],
        vec![
            LayerSpec::Dropout { rate: 0.2 },
            dense(64, Activation::LeakyRelu),
            LayerSpec::BatchNormalization,
            penalized,
            LayerSpec::Dropout { rate: 0.5 },
        ],
        vec![LayerSpec::BatchNormalization, dense(20, Activation::Relu)],
    ];
    let last = || dense(10, Activation::Linear);
    layers.into_iter().map(|hidden| ModelSpec::new(INPUTS, [hidden, vec![last()]].concat()).unwrap()).collect()
}

#[test]
fn a_step_allocates_nothing() {
    for (spec, i) in networks().iter().zip(0..) {
        for optimizer in Optimizer::ALL {
            // Sparse and dense images; changed at random; the other loss.
            for (darkness, augment, loss) in
                [(5, false, Loss::CrossEntropy), (1, false, Loss::MeanSquaredError), (5, true, Loss::CrossEntropy)]
            {
                let config = TrainConfig { optimizer, augment, loss, batch_size: BATCH, validation: 0, ..TrainConfig::PLAIN };
                let counted = allocations(&mut trainer(Cpu::new(), spec, config, &data(darkness)));
                assert_eq!(counted, 0, "network {i}, {optimizer:?}, augment {augment}, one pixel in {darkness}");
            }
        }
    }
}

#[test]
fn a_step_of_two_threads_allocates_nothing() {
    let spec = &networks()[2];
    let config =
        TrainConfig { optimizer: Optimizer::parse("adam").unwrap(), batch_size: BATCH, validation: 0, ..TrainConfig::PLAIN };
    let data = &data(5);
    std::thread::scope(|scope| {
        let seats = ThreadGroup::seats(2).into_iter();
        let threads: Vec<_> = seats
            .map(|seat| scope.spawn(move || allocations(&mut trainer(Cpu::in_group(Box::new(seat)), spec, config, data))))
            .collect();
        for thread in threads {
            assert_eq!(thread.join().unwrap(), 0);
        }
    });
}
