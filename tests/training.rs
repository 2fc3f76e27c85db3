//! Training as the worker does it, natively: commands in, events out.
#![cfg(not(target_arch = "wasm32"))]

mod device;

use inkling::Error;
use inkling::backend::Backend;
use inkling::backend::cpu::{Cpu, ThreadGroup};
use inkling::format::numbers::floats;
use inkling::nn::{Activation, DenseSpec, LayerSpec, ModelSpec, Optimizer};
use inkling::protocol::{Command, Event};
use inkling::train::{Data, Place, Processor, Schedule, Session, Split, Sums, TrainConfig, Trainer};
use pollster::block_on;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;
use std::time::Instant;

type Heard = Rc<RefCell<Vec<(Event, Option<Vec<u8>>)>>>;

const CONFIG: TrainConfig = TrainConfig {
    optimizer: Optimizer::Sgd,
    learning_rate: 0.5,
    schedule: Schedule::Constant,
    batch_size: 16,
    epochs: 3,
    seed: 7,
    ..TrainConfig::PLAIN
};

fn clock() -> f64 {
    thread_local!(static BEGAN: Instant = Instant::now());
    BEGAN.with(|began| began.elapsed().as_secs_f64())
}

/// Three classes that a small network can tell apart: which third of nine pixels is dark.
fn data() -> Data {
    data_with_noise(56)
}

/// The same with noise below `noise` on every pixel; without any, two thirds of them are paper.
fn data_with_noise(noise: u8) -> Data {
    let set = |images: usize, seed: u64| {
        let mut rng = fastrand::Rng::with_seed(seed);
        let labels: Vec<u8> = (0..images).map(|_| rng.u8(0..3)).collect();
        let pixels = labels
            .iter()
            .flat_map(|&l| (0..9).map(move |i| (l, i)))
            .map(|(l, i)| if i / 3 == l { 200 } else { 0 } + rng.u8(0..noise));
        Arc::new(inkling::data::Dataset::new(pixels.collect::<Vec<u8>>(), labels.clone(), 9, 3).unwrap())
    };
    Data { training: set(600, 1), test: set(200, 2) }
}

fn spec() -> ModelSpec {
    ModelSpec::mlp(&[9, 8, 3], Activation::Sigmoid).unwrap()
}

fn session() -> (Session<Processor>, Heard) {
    let heard = Heard::default();
    let outbox = Rc::clone(&heard);
    let post = move |event: Event, payload: Option<Vec<u8>>| outbox.borrow_mut().push((event, payload));
    (Session::new(Box::new(post), clock, Processor::default()), heard)
}

fn create(run: u32, config: TrainConfig) -> Command {
    Command::Create { run, spec: spec(), config }
}

fn run_to_the_end(session: &mut Session<Processor>) {
    while session.is_training() {
        block_on(session.advance());
    }
}

fn last_weights(heard: &Heard) -> Vec<f32> {
    let heard = heard.borrow();
    let weights = heard.iter().rev().find(|(event, _)| matches!(event, Event::Weights { .. }));
    floats(weights.unwrap().1.as_ref().unwrap())
}

/// Every evaluation on the validation split: after which step, and its accuracy.
fn validated(heard: &[(Event, Option<Vec<u8>>)]) -> Vec<(u64, f32)> {
    let validated = heard.iter().filter_map(|(event, _)| match event {
        Event::Validated { step, validation, .. } => Some((*step, validation.accuracy)),
        _ => None,
    });
    validated.collect()
}

/// Step, loss and accuracy of the last report: what does not depend on the machine's speed.
fn last_progress(heard: &Heard) -> Option<(u64, f32, f32)> {
    heard.borrow().iter().rev().find_map(|(event, _)| match event {
        Event::Progress { progress, .. } => Some((progress.step, progress.loss, progress.accuracy)),
        _ => None,
    })
}

#[test]
fn a_run_reports_everything_and_learns() {
    let (mut session, heard) = session();
    session.set_data(data());
    block_on(session.obey(create(1, CONFIG), None));
    block_on(session.obey(Command::Train { run: 1 }, None));
    run_to_the_end(&mut session);
    let heard = heard.borrow();
    let events: Vec<&Event> = heard.iter().map(|(event, _)| event).collect();
    assert_eq!(*events[0], Event::DataReady { training: 600, test: 200 });
    assert!(matches!(events[1], Event::Created { run: 1, parameters: 107, .. }));
    let steps: Vec<u64> = validated(&heard).into_iter().map(|(step, _)| step).collect();
    assert_eq!(steps, [8, 17, 35, 35 + 17, 70, 105], "quarter, half and end of the first epoch, half and end of the second, end");
    for pair in events.windows(2).filter(|pair| matches!(pair[1], Event::Validated { .. })) {
        assert!(matches!(pair[0], Event::Weights { .. }), "what came before is reported before: {pair:?}");
    }
    let losses: Vec<f32> =
        events.iter().filter_map(|e| if let Event::Progress { progress, .. } = e { Some(progress.loss) } else { None }).collect();
    assert!(losses.last() < losses.first(), "{losses:?}");
    let Some(Event::Progress { progress, .. }) = events.iter().rev().find(|e| matches!(e, Event::Progress { .. })) else {
        panic!()
    };
    assert_eq!((progress.epoch, progress.step, progress.steps_per_epoch), (3, 3 * 35, 35));
    let Event::Finished { test, .. } = events[events.len() - 1] else { panic!("{:?}", events.last()) };
    assert!(test.accuracy > 0.9 && test.loss < losses[0], "{test:?}");
}

/// Epochs that were completed, evaluations, and whether there was a test at the end.
fn course(config: TrainConfig) -> (u32, usize, bool) {
    let (mut session, heard) = session();
    session.set_data(data());
    block_on(session.obey(create(1, config), None));
    block_on(session.obey(Command::Train { run: 1 }, None));
    run_to_the_end(&mut session);
    let heard = heard.borrow();
    let epochs = heard.iter().filter_map(|(event, _)| match event {
        Event::Progress { progress, .. } => Some(progress.epoch),
        _ => None,
    });
    let is_tested = matches!(heard.last(), Some((Event::Finished { .. }, _)));
    (epochs.max().unwrap_or(0), validated(&heard).len(), is_tested)
}

#[test]
fn training_ends_early_when_the_validation_loss_no_longer_falls() {
    // Weights that stay as they are: the first epoch's loss is never undercut.
    let still = TrainConfig { learning_rate: 1e-38, epochs: 9, ..CONFIG };
    for (patience, epochs) in [(0, 9), (1, 2), (3, 4), (20, 9)] {
        assert_eq!(course(TrainConfig { patience, ..still }).0, epochs, "patience {patience}");
    }
    assert_eq!(course(TrainConfig { patience: 1, epochs: 4, learning_rate: 0.1, ..CONFIG }).0, 4, "while it falls it goes on");
}

#[test]
fn a_run_may_have_no_validation_images() {
    assert_eq!(course(TrainConfig { validation: 0, ..CONFIG }), (3, 0, true));
    assert_eq!(course(TrainConfig { validation: 2, ..CONFIG }), (3, 6, true));
    let trainer = |validation: u32| {
        let mut trainer = Trainer::new(Cpu::new(), spec(), TrainConfig { validation, ..CONFIG }, None).unwrap();
        trainer.set_data(&data()).unwrap();
        trainer.begin_epoch(0).unwrap();
        trainer.steps_left()
    };
    assert_eq!([0, 2, 12].map(trainer), [600 / 16 + 1, 300 / 16 + 1, 550 / 16 + 1]);
    assert!(TrainConfig { validation: 0, patience: 2, ..CONFIG }.check().is_err());
    assert!(TrainConfig { validation: 1, ..CONFIG }.check().is_err());
}

#[test]
fn pause_step_and_slices_do_not_change_the_result() {
    let (mut straight, straight_heard) = session();
    straight.set_data(data());
    block_on(straight.obey(create(1, CONFIG), None));
    block_on(straight.obey(Command::Train { run: 1 }, None));
    run_to_the_end(&mut straight);

    let (mut halting, heard) = session();
    block_on(halting.obey(create(4, CONFIG), None));
    halting.set_data(data());
    // Into the last of the three epochs of 35 steps.
    for _ in 0..80 {
        block_on(halting.obey(Command::Step { run: 4 }, None));
    }
    assert!(matches!(heard.borrow().last(), Some((Event::Paused { run: 4 }, None))));
    assert!(!halting.is_training());
    block_on(halting.obey(Command::Train { run: 4 }, None));
    block_on(halting.advance());
    block_on(halting.obey(Command::Pause { run: 4 }, None));
    block_on(halting.obey(Command::Train { run: 4 }, None));
    run_to_the_end(&mut halting);
    assert_eq!(last_weights(&straight_heard), last_weights(&heard));
    assert_eq!(last_progress(&straight_heard), last_progress(&heard));
    assert_eq!(validated(&straight_heard.borrow()), validated(&heard.borrow()));
}

#[test]
fn a_seed_decides_the_run() {
    let weights = |seed: u64| {
        let (mut session, heard) = session();
        session.set_data(data());
        block_on(session.obey(create(1, TrainConfig { seed, ..CONFIG }), None));
        block_on(session.obey(Command::Train { run: 1 }, None));
        run_to_the_end(&mut session);
        last_weights(&heard)
    };
    assert_eq!(weights(1), weights(1));
    assert_ne!(weights(1), weights(2));
}

#[test]
fn a_schedule_sets_the_rate_of_every_step() {
    let schedule = Schedule::parse("one-cycle").unwrap();
    let config = TrainConfig { schedule, ..CONFIG };
    let trained = |by: fn(&mut Trainer<Cpu>, Place), config: TrainConfig| {
        let mut trainer = Trainer::new(Cpu::new(), spec(), config, None).unwrap();
        trainer.set_data(&data()).unwrap();
        for epoch in 0..config.epochs {
            trainer.begin_epoch(epoch).unwrap();
            let steps_per_epoch = trainer.steps_left() as u64;
            while trainer.steps_left() > 0 {
                let place = Place { step: trainer.step(), steps_per_epoch, epochs: config.epochs };
                by(&mut trainer, place);
                block_on(trainer.steps(1)).unwrap();
            }
        }
        block_on(trainer.parameters()).unwrap()
    };
    let by_hand = |trainer: &mut Trainer<Cpu>, place: Place| {
        let rate = Schedule::parse("one-cycle").unwrap().rate(CONFIG.learning_rate, place);
        trainer.set_learning_rate(rate).unwrap();
    };
    let scheduled = trained(|_, _| {}, config);
    assert_eq!(scheduled, trained(by_hand, CONFIG));
    assert_ne!(scheduled, trained(|_, _| {}, CONFIG));
}

#[test]
fn stop_ends_with_the_test_accuracy() {
    let (mut session, heard) = session();
    session.set_data(data());
    block_on(session.obey(create(1, CONFIG), None));
    block_on(session.obey(Command::Step { run: 1 }, None));
    block_on(session.obey(Command::Stop { run: 1 }, None));
    assert!(matches!(heard.borrow().last(), Some((Event::Finished { run: 1, .. }, None))));
    let count = heard.borrow().len();
    block_on(session.obey(Command::Train { run: 1 }, None));
    assert!(!session.is_training(), "a finished run stays finished");
    assert_eq!(heard.borrow().len(), count);
}

#[test]
fn commands_of_a_run_that_is_over_are_dropped() {
    let (mut session, heard) = session();
    session.set_data(data());
    block_on(session.obey(create(1, CONFIG), None));
    block_on(session.obey(create(2, CONFIG), None));
    let count = heard.borrow().len();
    block_on(session.obey(Command::Train { run: 1 }, None));
    assert!(!session.is_training());
    assert_eq!(heard.borrow().len(), count);
}

#[test]
fn what_goes_wrong_is_said() {
    let (mut session, heard) = session();
    block_on(session.obey(create(1, CONFIG), None));
    block_on(session.obey(Command::Train { run: 1 }, None));
    assert!(matches!(heard.borrow().last(), Some((Event::Failed { run: 1, error: Error::State { .. } }, None))));
    block_on(session.obey(create(2, TrainConfig { learning_rate: f32::NAN, ..CONFIG }), None));
    assert!(matches!(heard.borrow().last(), Some((Event::Failed { run: 2, error: Error::Setting { .. } }, None))));
    let wrong = inkling::data::Dataset::new(vec![0; 40], vec![0; 10], 4, 3).map(Arc::new).unwrap();
    block_on(session.obey(create(3, CONFIG), None));
    session.set_data(Data { training: wrong.clone(), test: wrong });
    assert!(matches!(
        heard.borrow().last(),
        Some((Event::Failed { run: 3, error: Error::Shape { expected: 9, got: 4, .. } }, None))
    ));
    block_on(session.obey(Command::TrainOrder { run: 3 }, Some(vec![0; 4])));
    assert!(matches!(heard.borrow().last(), Some((Event::Failed { run: 3, error: Error::State { .. } }, None))));
}

#[test]
fn a_loss_that_is_no_number_ends_the_run_in_words() {
    let (mut session, heard) = session();
    session.set_data(data());
    let weights = vec![1e38_f32; 107];
    let config = TrainConfig { learning_rate: 100.0, ..CONFIG };
    block_on(session.obey(create(1, config), Some(bytemuck::cast_slice(&weights).to_vec())));
    block_on(session.obey(Command::Train { run: 1 }, None));
    run_to_the_end(&mut session);
    assert!(
        matches!(heard.borrow().last(), Some((Event::Failed { error: Error::NotFinite { .. }, .. }, None))),
        "{:?}",
        heard.borrow().last()
    );
}

#[test]
fn measuring_leaves_no_trace() {
    let (mut measured, heard) = session();
    // Once on made-up images, once on those that are there.
    block_on(measured.obey(Command::Measure { spec: spec(), config: CONFIG }, None));
    measured.set_data(data());
    block_on(measured.obey(Command::Measure { spec: spec(), config: CONFIG }, None));
    let rates: Vec<u64> = heard
        .borrow()
        .iter()
        .filter_map(|(event, _)| match event {
            Event::Measured { images_per_second: Ok(rate) } => Some(*rate),
            _ => None,
        })
        .collect();
    assert!(rates.len() == 2 && rates.iter().all(|&rate| rate > 0), "{:?}", heard.borrow());
    assert!(!measured.is_training());
    let (mut straight, straight_heard) = session();
    straight.set_data(data());
    for session in [&mut measured, &mut straight] {
        block_on(session.obey(create(1, CONFIG), None));
        block_on(session.obey(Command::Train { run: 1 }, None));
        run_to_the_end(session);
    }
    assert_eq!(last_weights(&straight_heard), last_weights(&heard));

    let wrong = TrainConfig { batch_size: 0, ..CONFIG };
    block_on(measured.obey(Command::Measure { spec: spec(), config: wrong }, None));
    assert!(matches!(heard.borrow().last(), Some((Event::Measured { images_per_second: Err(Error::Setting { .. }) }, None))));
}

#[test]
fn made_up_images_have_as_much_ink_as_digits() {
    for (inputs, classes) in [(784, 10), (4, 3), (100_000, 2)] {
        let data = Data::made_up(inputs, classes).unwrap();
        let pixels = data.training.pixels(0..data.training.len());
        let share = pixels.iter().filter(|&&pixel| pixel > 0).count() as f64 / pixels.len() as f64;
        assert!((share - 0.2).abs() < 0.02, "{inputs} inputs: {share}");
        assert!(data.training.labels().iter().all(|&label| usize::from(label) < classes));
    }
}

/// Weights after an epoch of such a network on `seats` threads.
fn trained_by(seats: usize, spec: &ModelSpec, optimizer: Optimizer, augment: bool) -> Vec<Vec<f32>> {
    // Mostly paper: then every member skips it. Of denser images one with few columns would not, and rounds otherwise.
    let data = data_with_noise(if augment { 1 } else { 56 });
    std::thread::scope(|scope| {
        let threads: Vec<_> = ThreadGroup::seats(seats)
            .into_iter()
            .map(|group| {
                let (data, spec) = (&data, spec.clone());
                scope.spawn(move || {
                    let config = TrainConfig { optimizer, learning_rate: 0.01, augment, ..CONFIG };
                    let mut trainer = Trainer::new(Cpu::in_group(Box::new(group)), spec, config, None).unwrap();
                    trainer.set_data(data).unwrap();
                    trainer.begin_epoch(0).unwrap();
                    block_on(trainer.steps(usize::MAX)).unwrap();
                    let test = block_on(trainer.evaluate(Split::Test)).unwrap();
                    let mut weights = block_on(trainer.parameters()).unwrap();
                    weights.extend([test.loss, test.accuracy]);
                    weights
                })
            })
            .collect();
        threads.into_iter().map(|t| t.join().unwrap()).collect()
    })
}

/// What stands between Dense layers, after wide ones, narrow ones, and the images.
fn stacks() -> Vec<ModelSpec> {
    let dense = |units, activation, l2| LayerSpec::Dense(DenseSpec { l2, ..DenseSpec::new(units, activation) });
    let (norm, dropout) = (LayerSpec::BatchNormalization, LayerSpec::Dropout { rate: 0.2 });
    let output = dense(3, Activation::Linear, 0.001);
    let stacks = [
        vec![dense(40, Activation::Relu, 0.01), norm, dropout, output],
        vec![norm, dense(8, Activation::Gelu, 0.0), norm, dense(33, Activation::Tanh, 0.01), dropout, norm, output],
        vec![dropout, dense(50, Activation::Gelu, 0.0), dropout, dense(20, Activation::Sigmoid, 0.0), norm, output],
    ];
    stacks.into_iter().map(|layers| ModelSpec::new(9, layers).unwrap()).collect()
}

#[test]
fn workers_together_get_the_same_network() {
    // Layers that are split next to layers that everyone computes, in every order; a split last layer.
    let dense = [&[9, 8, 3][..], &[9, 40, 3], &[9, 40, 24, 10, 48, 20], &[9, 10, 33, 64, 3]];
    for spec in dense.into_iter().map(|sizes| ModelSpec::mlp(sizes, Activation::Tanh).unwrap()).chain(stacks()) {
        for (optimizer, augment) in Optimizer::ALL.map(|o| (o, false)).into_iter().chain([(Optimizer::Sgd, true)]) {
            let alone = trained_by(1, &spec, optimizer, augment).remove(0);
            for seats in [2, 3, 5] {
                let what = format!("{spec:?}, {optimizer:?}, {seats} members, augmented: {augment}");
                let together = trained_by(seats, &spec, optimizer, augment);
                assert!(together.iter().all(|weights| *weights == together[0]), "{what}: members differ");
                assert_eq!(together, trained_by(seats, &spec, optimizer, augment), "{what}: the same again gives other bits");
                let close = |(a, b): (&f32, &f32)| (a - b).abs() <= 1e-4 * (1.0 + b.abs());
                assert!(together[0].iter().zip(&alone).all(close), "{what}: other weights than alone");
                if spec.dense().count() == 2 {
                    assert_eq!(together[0], alone, "{what}: one hidden layer is summed in the same order");
                }
            }
        }
    }
}

/// Loss of each of the first steps over these images, with weights that hardly move, and the validation before.
fn losses<B: Backend>(backend: B, config: TrainConfig, passes: &[&[u32]]) -> (Vec<f64>, f32) {
    let config = TrainConfig { learning_rate: 1e-9, batch_size: 64, ..config };
    let mut trainer = Trainer::new(backend, spec(), config, None).unwrap();
    trainer.set_data(&data()).unwrap();
    let validation = block_on(trainer.evaluate(Split::Validation)).unwrap().loss;
    let mut losses = Vec::new();
    for order in passes {
        trainer.begin_order(order).unwrap();
        block_on(trainer.steps(usize::MAX)).unwrap();
        losses.push(block_on(trainer.take_sums()).unwrap().loss);
    }
    (losses, validation)
}

#[test]
fn augmentation_changes_every_image_anew_and_only_those_learned_from() {
    let order: Vec<u32> = (0..64).collect();
    let passes = [&order[..]; 3];
    let (plain, plain_validation) = losses(Cpu::new(), CONFIG, &passes);
    let augment = TrainConfig { augment: true, ..CONFIG };
    let (augmented, validation) = losses(Cpu::new(), augment, &passes);
    let apart = |a: f64, b: f64| (a - b).abs() > 1e-3;
    assert!(!apart(plain[0], plain[1]) && !apart(plain[1], plain[2]), "the same images again: {plain:?}");
    assert!(apart(plain[0], augmented[0]), "nothing changed: {plain:?}, {augmented:?}");
    assert!(apart(augmented[0], augmented[1]) && apart(augmented[1], augmented[2]), "not anew: {augmented:?}");
    assert_eq!(validation, plain_validation);
    assert_eq!(augmented, losses(Cpu::new(), augment, &passes).0, "the same again");
    let (other, _) = losses(Cpu::new(), TrainConfig { seed: 8, ..augment }, &passes);
    assert_ne!(other, augmented);

    let mut trainer = Trainer::new(Cpu::new(), spec(), TrainConfig { learning_rate: 1e-9, ..augment }, None).unwrap();
    trainer.set_data(&data()).unwrap();
    let mut epoch = |number| {
        trainer.begin_epoch(number).unwrap();
        block_on(trainer.steps(usize::MAX)).unwrap();
        block_on(trainer.take_sums()).unwrap().loss
    };
    let (second, third, second_again) = (epoch(1), epoch(2), epoch(1));
    assert!(
        !apart(second, second_again) && apart(second, third),
        "an epoch's changes are its own: {second}, {third}, {second_again}"
    );
}

#[test]
fn augmentation_is_the_same_on_webgpu() {
    let Some(gpu) = device::gpu() else { return };
    let order: Vec<u32> = (0..64).collect();
    let augment = TrainConfig { augment: true, ..CONFIG };
    let (cpu, gpu) = (losses(Cpu::new(), augment, &[&order[..]; 2]).0, losses(gpu, augment, &[&order[..]; 2]).0);
    // A pixel of 64 * 9 that comes to the next of 256 values changes a loss by less.
    assert!(cpu.iter().zip(&gpu).all(|(cpu, gpu)| (cpu - gpu).abs() < 1e-2), "{cpu:?}, {gpu:?}");
    assert!((cpu[0] - cpu[1]).abs() > 0.05, "passes are too alike to tell: {cpu:?}");
}

#[test]
fn only_square_images_can_be_augmented() {
    let config = TrainConfig { augment: true, ..CONFIG };
    let spec = ModelSpec::mlp(&[10, 3], Activation::Sigmoid).unwrap();
    assert!(matches!(Trainer::new(Cpu::new(), spec, config, None), Err(Error::Setting { .. })));
}

#[test]
fn a_member_that_is_gone_is_noticed() {
    let mut seats = ThreadGroup::seats(2);
    drop(seats.pop());
    let group = seats.pop().unwrap();
    let spec = ModelSpec::mlp(&[9, 40, 3], Activation::Tanh).unwrap();
    let mut trainer = Trainer::new(Cpu::in_group(Box::new(group)), spec, CONFIG, None).unwrap();
    trainer.set_data(&data()).unwrap();
    trainer.begin_epoch(0).unwrap();
    block_on(trainer.steps(usize::MAX)).unwrap();
    assert!(matches!(block_on(trainer.take_sums()), Err(Error::Device { .. })));
    assert!(matches!(block_on(trainer.parameters()), Err(Error::Device { .. })));
}

/// However sums are asked for, no image is missing or counted twice, and asking changes nothing that is learned.
fn check_sums<B: Backend>(backend: impl Fn() -> B) {
    let begin = || {
        let mut trainer = Trainer::new(backend(), spec(), CONFIG, None).unwrap();
        trainer.set_data(&data()).unwrap();
        trainer.begin_epoch(0).unwrap();
        trainer
    };
    let mut whole = begin();
    block_on(whole.steps(usize::MAX)).unwrap();
    let want = block_on(whole.take_sums()).unwrap();
    assert_eq!((want.images, whole.steps_left()), (550, 0));
    assert_eq!(block_on(whole.take_sums()).unwrap(), Sums::default(), "a sum is taken once");

    let mut halting = begin();
    let mut got = Sums::default();
    while halting.steps_left() > 0 {
        block_on(halting.steps(3)).unwrap();
        got.add(block_on(halting.take_known_sums()).unwrap());
    }
    got.add(block_on(halting.take_sums()).unwrap());
    assert_eq!((got.images, got.hits), (want.images, want.hits));
    assert!((got.loss - want.loss).abs() < 1e-4 * want.loss, "{got:?}, {want:?}");

    // One by one: the same as if each step had been waited for, and sums asked for before stay apart.
    let (mut together, mut alone) = (begin(), begin());
    block_on(together.steps(5)).unwrap();
    let known = block_on(together.take_known_sums()).unwrap();
    let each = block_on(together.steps_one_by_one(usize::MAX)).unwrap();
    let rest = block_on(together.take_sums()).unwrap();
    assert_eq!(known.images + rest.images, 5 * 16);
    block_on(alone.steps(5)).unwrap();
    block_on(alone.take_sums()).unwrap();
    let mut want = Vec::new();
    while alone.steps_left() > 0 {
        block_on(alone.steps(1)).unwrap();
        want.push(block_on(alone.take_sums()).unwrap());
    }
    assert_eq!(each, want);

    let weights = [whole, halting, together, alone].map(|mut trainer| block_on(trainer.parameters()).unwrap());
    assert!(weights.iter().all(|w| *w == weights[0]), "asking for sums changed the weights");
}

#[test]
fn sums_are_complete_on_the_cpu() {
    check_sums(Cpu::new);
}

#[test]
fn sums_are_complete_on_webgpu() {
    if device::gpu().is_some() {
        check_sums(|| device::gpu().unwrap());
    }
}

/// Small networks are bound by what a step asks of the device: gather, a product forward and one backward a layer, one more
/// backward for each layer but the first, loss, update. Nothing else, and no bind group twice.
#[test]
fn a_step_on_webgpu_asks_for_little() {
    let Some(gpu) = device::gpu() else { return };
    let mut trainer = Trainer::new(gpu, spec(), CONFIG, None).unwrap();
    trainer.set_data(&data()).unwrap();
    trainer.begin_epoch(0).unwrap();
    block_on(trainer.steps(1)).unwrap();
    block_on(trainer.take_sums()).unwrap();
    let before = trainer.backend().counts();
    block_on(trainer.steps(20)).unwrap();
    block_on(trainer.take_sums()).unwrap();
    let asked = trainer.backend().counts() - before;
    // One clears the sums that the first step was asked for.
    assert_eq!((asked.dispatches, asked.bind_groups), (20 * 8 + 1, 0));
    assert!(asked.submissions <= 21, "{asked:?}");
    assert!(trainer.backend().compile_ms() > 0.0);
}
