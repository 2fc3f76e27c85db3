//! A run that is interrupted at any step and goes on from its bytes ends as one that never was: the same weights, reports and
//! evaluations, bit for bit. Bytes that are no kept run are refused in words.
#![cfg(not(target_arch = "wasm32"))]

use inkling::Error;
use inkling::backend::cpu::{Cpu, ThreadGroup};
use inkling::data::Dataset;
use inkling::nn::{Activation, DenseSpec, LayerSpec, ModelSpec, Optimizer};
use inkling::protocol::{Command, Event};
use inkling::train::{Data, Processor, Schedule, Session, Snapshot, TrainConfig, Trainer};
use pollster::block_on;
use proptest::prelude::*;
use std::cell::RefCell;
use std::rc::Rc;
use std::sync::Arc;

type Heard = Rc<RefCell<Vec<(Event, Option<Vec<u8>>)>>>;

const CONFIG: TrainConfig = TrainConfig {
    learning_rate: 0.05,
    schedule: Schedule::Constant,
    batch_size: 16,
    epochs: 3,
    seed: 7,
    validation: 5,
    ..TrainConfig::PLAIN
};

/// A clock that ticks at every look, so that slices are short and reports many.
fn clock() -> f64 {
    thread_local!(static TICKS: RefCell<f64> = const { RefCell::new(0.0) });
    TICKS.with(|ticks| {
        *ticks.borrow_mut() += 0.011;
        *ticks.borrow()
    })
}

fn data() -> Data {
    let set = |images: usize, seed: u64| {
        let mut rng = fastrand::Rng::with_seed(seed);
        let labels: Vec<u8> = (0..images).map(|_| rng.u8(0..3)).collect();
        let dark = |label: u8, i: u8| if i / 3 == label { 200 } else { 0 };
        let pixels = labels.iter().flat_map(|&label| (0..9).map(move |i| dark(label, i))).map(|dark| dark + rng.u8(0..56));
        Arc::new(Dataset::new(pixels.collect::<Vec<u8>>(), labels.clone(), 9, 3).unwrap())
    };
    Data { training: set(700, 1), test: set(100, 2) }
}

/// A session with images, whose events join those of `heard`.
fn session(heard: &Heard) -> Session<Processor> {
    let outbox = Rc::clone(heard);
    let post = move |event: Event, payload: Option<Vec<u8>>| outbox.borrow_mut().push((event, payload));
    let mut session = Session::new(Box::new(post), clock, Processor::default());
    session.set_data(data());
    session
}

fn dense(units: usize, activation: Activation) -> LayerSpec {
    LayerSpec::Dense(DenseSpec::new(units, activation))
}

fn stacks() -> [ModelSpec; 2] {
    let everything = vec![
        dense(40, Activation::Relu),
        LayerSpec::BatchNormalization,
        LayerSpec::Dropout { rate: 0.25 },
        dense(6, Activation::Gelu),
        dense(3, Activation::Linear),
    ];
    [ModelSpec::mlp(&[9, 8, 3], Activation::Sigmoid).unwrap(), ModelSpec::new(9, everything).unwrap()]
}

/// What does not depend on the machine's speed: evaluations, the test, and the last weights.
fn outcome(heard: &Heard) -> Vec<String> {
    let heard = heard.borrow();
    let mut outcome: Vec<String> = heard
        .iter()
        .filter(|(event, _)| matches!(event, Event::Validated { .. } | Event::Finished { .. } | Event::Failed { .. }))
        .map(|(event, _)| format!("{event:?}"))
        .collect();
    let weights =
        heard.iter().rev().find(|(event, _)| matches!(event, Event::Weights { .. })).and_then(|(_, payload)| payload.clone());
    outcome.push(format!("{weights:?}"));
    let ends = heard.iter().filter_map(|(event, _)| match event {
        Event::Progress { progress: p, .. } if p.steps_per_epoch > 0 && p.step % u64::from(p.steps_per_epoch) == 0 => {
            Some(format!("{} {} {}", p.step, p.loss.to_bits(), p.accuracy.to_bits()))
        }
        _ => None,
    });
    outcome.extend(ends);
    outcome
}

fn state(session: &mut Session<Processor>, heard: &Heard) -> Vec<u8> {
    block_on(session.obey(Command::TakeState { run: 1 }, None));
    let heard = heard.borrow();
    let Some((Event::State { .. }, Some(bytes))) = heard.last() else { panic!("{:?}", heard.last().map(|(event, _)| event)) };
    bytes.clone()
}

/// Trains in slices. After each of them `interrupt` says whether another session goes on from the bytes of this one.
fn trained(spec: &ModelSpec, config: TrainConfig, mut interrupt: impl FnMut() -> bool) -> Vec<String> {
    let heard = Heard::default();
    let begin = |bytes: Option<Vec<u8>>| {
        let mut session = session(&heard);
        block_on(session.obey(Command::Create { run: 1, spec: spec.clone(), config }, None));
        if bytes.is_some() {
            block_on(session.obey(Command::Restore { run: 1 }, bytes));
        }
        block_on(session.obey(Command::Train { run: 1 }, None));
        session
    };
    let mut session = begin(None);
    while session.is_training() {
        block_on(session.advance());
        if session.is_training() && interrupt() {
            let bytes = state(&mut session, &heard);
            assert_eq!(Snapshot::decode(&bytes).unwrap().encode().unwrap(), bytes);
            session = begin(Some(bytes));
        }
    }
    outcome(&heard)
}

#[test]
fn an_interrupted_run_ends_as_if_it_never_was() {
    let mut rng = fastrand::Rng::with_seed(11);
    for spec in stacks() {
        for optimizer in Optimizer::ALL {
            for augment in [false, true] {
                let schedule = if augment { Schedule::ALL[3] } else { Schedule::Constant };
                let config = TrainConfig { optimizer, augment, schedule, patience: 2, ..CONFIG };
                let whole = trained(&spec, config, || false);
                for _ in 0..4 {
                    let interrupted = trained(&spec, config, || rng.u8(0..6) == 0);
                    assert!(interrupted == whole, "{optimizer:?} {augment}\n{interrupted:#?}\n{whole:#?}");
                }
            }
        }
    }
}

/// What every one of so many workers, each in a thread, says.
fn together<T: Send>(seats: usize, work: impl Fn(Cpu) -> T + Sync) -> Vec<T> {
    std::thread::scope(|scope| {
        let work = &work;
        let threads: Vec<_> = ThreadGroup::seats(seats)
            .into_iter()
            .map(|group| scope.spawn(move || work(Cpu::in_group(Box::new(group)))))
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    })
}

/// The weights after two epochs by so many workers, others of whom go on after that many steps.
fn by(seats: usize, spec: &ModelSpec, optimizer: Optimizer, interrupted: usize) -> Vec<f32> {
    let trainer = |cpu: Cpu| {
        let mut trainer = Trainer::new(cpu, spec.clone(), TrainConfig { optimizer, ..CONFIG }, None).unwrap();
        trainer.set_data(&data()).unwrap();
        trainer
    };
    let mut kept = together(seats, |cpu| {
        let mut trainer = trainer(cpu);
        trainer.begin_epoch(0).unwrap();
        block_on(trainer.steps(interrupted)).unwrap();
        block_on(trainer.take_sums()).unwrap();
        let numbers = block_on(trainer.numbers()).unwrap();
        (trainer.position(), numbers)
    });
    assert!(kept.iter().all(|member| *member == kept[0]), "every member knows everything");
    let (position, numbers) = kept.remove(0);
    let mut ended = together(seats, |cpu| {
        let mut trainer = trainer(cpu);
        trainer.restore(position, &numbers).unwrap();
        block_on(trainer.steps(usize::MAX)).unwrap();
        trainer.begin_epoch(1).unwrap();
        block_on(trainer.steps(usize::MAX)).unwrap();
        block_on(trainer.parameters()).unwrap()
    });
    ended.remove(0)
}

#[test]
fn workers_go_on_together() {
    for spec in stacks() {
        for optimizer in [Optimizer::Sgd, Optimizer::ALL[1], Optimizer::ALL[4]] {
            for seats in [1, 2, 3] {
                let whole = by(seats, &spec, optimizer, usize::MAX);
                for steps in [1, 13, 34] {
                    assert!(by(seats, &spec, optimizer, steps) == whole, "{seats} {optimizer:?} {steps}");
                }
            }
        }
    }
}

fn kept() -> Vec<u8> {
    let heard = Heard::default();
    let mut session = session(&heard);
    block_on(session.obey(Command::Create { run: 1, spec: stacks()[1].clone(), config: CONFIG }, None));
    block_on(session.obey(Command::Step { run: 1 }, None));
    state(&mut session, &heard)
}

fn failure(change: impl FnOnce(&mut Session<Processor>), config: TrainConfig, bytes: Vec<u8>) -> Option<Error> {
    let heard = Heard::default();
    let mut session = session(&heard);
    block_on(session.obey(Command::Create { run: 1, spec: stacks()[1].clone(), config }, None));
    change(&mut session);
    block_on(session.obey(Command::Restore { run: 1 }, Some(bytes)));
    heard.take().into_iter().find_map(|(event, _)| if let Event::Failed { error, .. } = event { Some(error) } else { None })
}

#[test]
fn what_does_not_fit_is_refused_in_words() {
    let bytes = kept();
    assert_eq!(failure(|_| {}, CONFIG, bytes.clone()), None);
    let other = TrainConfig { batch_size: 17, ..CONFIG };
    assert_eq!(failure(|_| {}, other, bytes.clone()), Some(Error::State { reason: "the kept run has other settings".into() }));
    let images = Data { training: data().test, test: data().training };
    let failed = failure(|session| session.set_data(images), CONFIG, bytes.clone());
    assert_eq!(failed, Some(Error::State { reason: "the kept run learned from other images".into() }));
    assert_eq!(Snapshot::decode(b"a network"), Err(Error::NotA { what: "a kept run".into() }));
    assert!(matches!(Snapshot::decode(&bytes[..11]), Err(Error::Truncated { .. })));
    assert_eq!(Snapshot::decode(&bytes[..bytes.len() - 4]), Err(Error::Checksum { what: "a kept run".into() }));
}

proptest! {
    #[test]
    fn any_bytes_are_refused_or_read(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        let mut bytes = bytes;
        let _ = Snapshot::decode(&bytes);
        // With the right beginning and checksum, as somebody else may have made it.
        if bytes.len() >= 16 {
            bytes[..8].copy_from_slice(b"INKRUN\x01\n");
            let checksum = crc32fast::hash(&bytes[12..]).to_le_bytes();
            bytes[8..12].copy_from_slice(&checksum);
            let _ = Snapshot::decode(&bytes);
        }
    }

    #[test]
    fn a_changed_kept_run_is_refused_or_read(changes in proptest::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..6)) {
        thread_local!(static KEPT: Vec<u8> = kept());
        let mut bytes = KEPT.with(Clone::clone);
        for (place, byte) in &changes {
            let place = place.index(bytes.len() - 12) + 12;
            bytes[place] = *byte;
        }
        let checksum = crc32fast::hash(&bytes[12..]).to_le_bytes();
        bytes[8..12].copy_from_slice(&checksum);
        if let Ok(snapshot) = Snapshot::decode(&bytes) {
            // What can be read can be gone on from, or is refused.
            let _ = failure(|_| {}, snapshot.config, bytes);
        }
    }
}
