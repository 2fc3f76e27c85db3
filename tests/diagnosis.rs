//! How layers are doing: each number of a probe against the f64 oracle; every warning with a network that deserves it, and none
//! with one that learns; and that training computes the same bits whether somebody looks or not.
#![cfg(not(target_arch = "wasm32"))]

#[expect(dead_code, reason = "the rest is for `backend.rs`")]
mod oracle;

use inkling::backend::Cpu;
use inkling::backend::cpu::{Group, ThreadGroup};
use inkling::data::Dataset;
use inkling::diagnosis::{self, BINS, Diagnosis, Plan, Stuck, Warning, warnings};
use inkling::nn::{Activation, DenseSpec, LayerSpec, Loss, ModelSpec, Optimizer};
use inkling::protocol::{Command, Event};
use inkling::train::{Data, Instruction, Probe, Processor, Session, Team, TrainConfig, Trainer};
use inkling::{Error, Result};
use oracle::Matrix;
use pollster::block_on;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use std::sync::{Arc, mpsc};
use std::thread;

const INPUTS: usize = 9;
const CONFIG: TrainConfig = TrainConfig { learning_rate: 0.5, batch_size: 16, epochs: 6, seed: 7, ..TrainConfig::PLAIN };

/// Three classes that a small network can tell apart: which third of nine pixels is dark.
fn data(images: usize) -> Data {
    let set = |images: usize, seed: u64| {
        let mut rng = fastrand::Rng::with_seed(seed);
        let labels: Vec<u8> = (0..images).map(|_| rng.u8(0..3)).collect();
        let pixels = labels.iter().flat_map(|&l| (0..INPUTS).map(move |i| if i / 3 == usize::from(l) { 200 } else { 0 }));
        let pixels: Vec<u8> = pixels.map(|pixel| pixel + rng.u8(0..56)).collect();
        Arc::new(Dataset::new(pixels, labels.clone(), INPUTS, 3).unwrap())
    };
    Data { training: set(images, 1), test: set(30, 2) }
}

fn mlp(hidden: &[usize], activation: Activation) -> ModelSpec {
    ModelSpec::mlp(&[&[INPUTS], hidden, &[3]].concat(), activation).unwrap()
}

#[track_caller]
fn close(got: f32, want: f64, what: &str) {
    assert!((f64::from(got) - want).abs() <= 1e-4 * (1e-2 + want.abs()), "{what}: {got}, but {want}");
}

fn rms(values: impl IntoIterator<Item = f64>) -> f64 {
    let squares: Vec<f64> = values.into_iter().map(|value| value * value).collect();
    (squares.iter().sum::<f64>() / squares.len() as f64).sqrt()
}

/// Of each Dense layer what went in, z, a, and then the gradient of W; and the mean loss. All in f64.
fn passes(spec: &ModelSpec, parameters: &[f32], x: &Matrix, labels: &[u8]) -> (Vec<[Matrix; 2]>, Vec<Matrix>, f64) {
    let layout = spec.layout();
    let weights = |i: usize| oracle::matrix(&parameters[layout.layers[i].weights..layout.layers[i].bias], layout.layers[i].units);
    let mut at = vec![x.clone()];
    let mut outputs = Vec::new();
    for (i, (shape, dense)) in layout.layers.iter().zip(spec.dense()).enumerate() {
        let b: Vec<f64> = parameters[shape.bias..shape.bias + shape.units].iter().map(|b| f64::from(*b)).collect();
        let z = oracle::dense(Activation::Linear, &at[i], &weights(i), &b);
        let a = oracle::dense(dense.activation, &at[i], &weights(i), &b);
        at.push(a.clone());
        outputs.push([z, a]);
    }
    let scale = 1.0 / labels.len() as f64;
    let rows: Vec<_> = outputs[outputs.len() - 1][0]
        .iter()
        .zip(labels)
        .map(|(z, label)| oracle::softmax_loss(Loss::CrossEntropy, z, usize::from(*label), 0.0, scale))
        .collect();
    let loss = rows.iter().map(|row| row.loss * scale).sum();
    let mut dz: Matrix = rows.into_iter().map(|row| row.dz).collect();
    let mut gradients = Vec::new();
    for (i, dense) in spec.dense().enumerate().collect::<Vec<_>>().into_iter().rev() {
        let dw = oracle::weight_gradient(&at[i], &dz).0;
        let w = weights(i);
        let penalty = |(dw, w): (&f64, &f64)| dw + 2.0 * f64::from(dense.l2) * w;
        gradients.insert(0, dw.iter().zip(&w).map(|(dw, w)| dw.iter().zip(w).map(penalty).collect()).collect());
        if i > 0 {
            let before = spec.dense().nth(i - 1).unwrap().activation;
            let kept = &outputs[i - 1][usize::from(!before.keeps_z())];
            dz = oracle::input_gradient(before, kept, &dz, &w);
        }
    }
    (outputs, gradients, loss)
}

/// The share of neurons whose slope is next to nothing, in f64, from the rule in words.
fn stuck(activation: Activation, z: &Matrix) -> Option<f64> {
    let kept = |z: f64| if activation.keeps_z() { z } else { oracle::activate(activation, z) };
    let slope = |z: f64| oracle::slope(activation, kept(z));
    let images = z.len() as f64;
    let is_stuck = |unit: usize| {
        let mut slopes = z.iter().map(|z| slope(z[unit]));
        match activation {
            Activation::Sigmoid | Activation::Tanh => slopes.sum::<f64>() / images < 0.05 * slope(0.0),
            _ => slopes.all(|slope| slope.abs() < 0.01),
        }
    };
    let units = z[0].len();
    let share = (0..units).filter(|unit| is_stuck(*unit)).count() as f64 / units as f64;
    (!matches!(activation, Activation::Linear | Activation::LeakyRelu)).then_some(share)
}

#[test]
fn every_number_is_the_oracles() {
    // Fewer images than a probe looks at, without any kept aside: it looks at all of them, in their order.
    let data = data(60);
    let config = TrainConfig { validation: 0, ..CONFIG };
    let set = &data.training;
    let x: Matrix = (0..set.len()).map(|i| set.image(i).iter().map(|pixel| f64::from(*pixel) / 255.0).collect()).collect();
    let mut seen = Vec::new();
    for activation in Activation::HIDDEN {
        let penalized = DenseSpec { l2: 0.1, ..DenseSpec::new(6, activation) };
        let layers = [penalized, DenseSpec::new(5, activation), DenseSpec::new(3, Activation::Linear)];
        let spec = ModelSpec::new(INPUTS, layers.map(LayerSpec::Dense).to_vec()).unwrap();
        // Large weights, so that some neurons are stuck.
        let mut random = fastrand::Rng::with_seed(3);
        let mut draw = || -> Vec<f32> { (0..spec.layout().parameters).map(|_| random.f32() * 8.0 - 4.0).collect() };
        let (before, now) = (draw(), draw());
        let mut probe = Probe::new(&spec, &config, &data).unwrap();
        let first = probe.look(100, &before).unwrap();
        assert!(first.layers.iter().all(|layer| layer.updates.is_none()), "nothing to compare with yet");
        let got = probe.look(104, &now).unwrap();
        let (outputs, gradients, loss) = passes(&spec, &now, &x, set.labels());
        close(got.loss, loss, "the loss");
        assert_eq!((got.step, got.images, got.layers.len()), (104, 60, 3));
        for (i, layer) in got.layers.iter().enumerate() {
            let what = format!("{activation:?}, layer {i}");
            let shape = spec.layout().layers[i];
            let w = shape.weights..shape.bias;
            close(layer.weights, rms(now[w.clone()].iter().map(|w| f64::from(*w))), &what);
            close(layer.gradients, rms(oracle::flat(&gradients[i])), &format!("{what}: gradients"));
            let way = now[w.clone()].iter().zip(&before[w]).map(|(now, before)| f64::from(*now) - f64::from(*before));
            close(layer.updates.unwrap(), rms(way) / 4.0, &format!("{what}: updates"));
            let [z, a] = &outputs[i];
            let own = spec.dense().nth(i).unwrap().activation;
            assert_eq!(layer.stuck.map(f64::from), stuck(own, z).map(|share| f64::from(share as f32)), "{what}");
            seen.push(layer.stuck.unwrap_or(0.0));
            let (low, high) = (f64::from(layer.outputs.low), f64::from(layer.outputs.high));
            let mut counts = [0i64; BINS];
            for a in a.iter().flatten() {
                counts[(((a - low) / (high - low) * BINS as f64).max(0.0) as usize).min(BINS - 1)] += 1;
            }
            // Rounding may bring a number or two at an edge into the next bin.
            let moved: i64 = counts.iter().zip(layer.outputs.counts).map(|(want, got)| (want - i64::from(got)).abs()).sum();
            assert!(moved <= 4 && layer.outputs.counts.iter().sum::<u32>() == 60 * shape.units as u32, "{what}: {counts:?}");
            let extremes = a.iter().flatten().fold((f64::INFINITY, f64::NEG_INFINITY), |(l, h), a| (l.min(*a), h.max(*a)));
            match own {
                Activation::Sigmoid => assert_eq!((low, high), (0.0, 1.0)),
                Activation::Tanh => assert_eq!((low, high), (-1.0, 1.0)),
                _ => {
                    close(layer.outputs.low, extremes.0, &what);
                    close(layer.outputs.high, extremes.1, &what);
                }
            }
        }
    }
    assert!(seen.iter().any(|share| *share > 0.0) && seen.iter().any(|share| *share < 1.0), "{seen:?}");
}

#[test]
fn a_probe_looks_at_at_most_200_of_the_images_that_are_learned_from() {
    let spec = mlp(&[4], Activation::Sigmoid);
    let weights = spec.initialize(1);
    let images = |images: usize, validation: u32| {
        let config = TrainConfig { validation, ..CONFIG };
        Probe::new(&spec, &config, &data(images)).and_then(|mut probe| probe.look(0, &weights)).map(|looked| looked.images)
    };
    assert_eq!((images(600, 12), images(150, 0), images(100, 2)), (Ok(200), Ok(150), Ok(50)));
    assert!(matches!(images(0, 0), Err(Error::State { .. })));
    let wide = ModelSpec::mlp(&[INPUTS + 1, 3], Activation::Sigmoid).unwrap();
    assert!(matches!(Probe::new(&wide, &CONFIG, &data(60)), Err(Error::Shape { expected: 10, got: 9, .. })));
    // Of the last ones, which are kept aside, none.
    let marked = |label: u8| Dataset::new(vec![0; 2 * INPUTS], vec![label, 2], INPUTS, 3).map(Arc::new).unwrap();
    let loss = |label: u8| {
        let data = Data { training: marked(label), test: marked(label) };
        let certain = [vec![0.0; 4 * INPUTS + 4 + 12], vec![9.0, 0.0, 0.0]].concat();
        Probe::new(&spec, &TrainConfig { validation: 2, ..CONFIG }, &data).unwrap().look(0, &certain).unwrap().loss
    };
    assert!(loss(0) < 0.01 && loss(1) > 8.0, "{} {}", loss(0), loss(1));
    let mut probe = Probe::new(&spec, &CONFIG, &data(60)).unwrap();
    assert!(matches!(probe.look(0, &weights[1..]), Err(Error::Shape { .. })));
    assert!(matches!(probe.look(0, &vec![f32::NAN; weights.len()]), Err(Error::NotFinite { .. })));
}

fn plan(spec: &ModelSpec) -> Plan<'_> {
    Plan { spec, loss: Loss::CrossEntropy, steps: 200 }
}

/// What is wrong with these weights.
fn wrong_with(spec: &ModelSpec, parameters: &[f32]) -> Vec<Warning> {
    let looked = Probe::new(spec, &CONFIG, &data(600)).unwrap().look(0, parameters).unwrap();
    warnings(&looked, plan(spec))
}

#[test]
fn dead_relus_are_found_where_they_are() {
    for (activation, found) in [
        (Activation::Relu, vec![Warning::Dead { layer: 1 }]),
        (Activation::Gelu, vec![Warning::Dead { layer: 1 }]),
        // It still learns.
        (Activation::LeakyRelu, vec![]),
    ] {
        let spec = mlp(&[20, 20], activation);
        let mut weights = spec.initialize(3);
        assert_eq!(wrong_with(&spec, &weights), [], "{activation:?}");
        let second = spec.layout().layers[1];
        // Three quarters of the second layer get a bias from which nothing brings them up.
        weights[second.bias..second.bias + 15].fill(-50.0);
        assert_eq!(wrong_with(&spec, &weights), found, "{activation:?}");
        weights[second.bias..second.bias + 3].fill(0.0);
        assert_eq!(wrong_with(&spec, &weights), [], "{activation:?}: with 60 % it can still learn");
    }
}

#[test]
fn saturated_neurons_are_found_where_they_are() {
    for activation in [Activation::Sigmoid, Activation::Tanh] {
        let spec = mlp(&[20, 20], activation);
        let mut weights = spec.initialize(3);
        assert_eq!(wrong_with(&spec, &weights), [], "{activation:?}");
        let first = spec.layout().layers[0];
        weights[first.weights..first.bias].iter_mut().for_each(|w| *w *= 300.0);
        assert_eq!(wrong_with(&spec, &weights), [Warning::Saturated { layer: 0 }], "{activation:?}");
    }
}

#[test]
fn vanishing_gradients_are_found_in_deep_sigmoid_networks_alone() {
    assert_eq!(
        wrong_with(&mlp(&[16; 6], Activation::Sigmoid), &mlp(&[16; 6], Activation::Sigmoid).initialize(1)),
        [Warning::Vanishing]
    );
    for (hidden, activation) in [(&[16; 6][..], Activation::Relu), (&[16; 6], Activation::Tanh), (&[16], Activation::Sigmoid)] {
        let spec = mlp(hidden, activation);
        assert_eq!(wrong_with(&spec, &spec.initialize(1)), [], "{spec:?}");
    }
}

#[test]
fn rules_say_what_their_thresholds_say() {
    let spec = mlp(&[4], Activation::Relu);
    let layer =
        diagnosis::LayerState { weights: 0.1, gradients: 0.01, updates: Some(1e-4), stuck: Some(0.0), ..Default::default() };
    let layers = vec![layer; 2];
    let sound = Diagnosis { step: 100, images: 200, loss: 1.0, first_loss: 1.1, layers };
    assert_eq!(warnings(&sound, plan(&spec)), []);
    let guessing = Loss::CrossEntropy.of_guessing(3);
    assert!((guessing - 3f32.ln()).abs() < 1e-6 && (Loss::MeanSquaredError.of_guessing(10) - 0.09).abs() < 1e-6);
    for (loss, first_loss, found) in [
        (f32::NAN, 1.0, true),
        (f32::INFINITY, 1.0, true),
        (2.1 * guessing, 1.0, true),
        (1.9 * guessing, 0.5, false),
        // It began badly and gets better.
        (5.0 * guessing, 9.0, false),
        (5.0 * guessing, f32::INFINITY, false),
    ] {
        let warned = warnings(&Diagnosis { loss, first_loss, ..sound.clone() }, plan(&spec));
        assert_eq!(warned.contains(&Warning::Exploding), found, "{loss} after {first_loss}");
    }
    let still = |updates: Option<f32>, loss: f32, step: u64| {
        let layers = vec![diagnosis::LayerState { updates, ..layer }; 2];
        warnings(&Diagnosis { loss, step, layers, ..sound.clone() }, plan(&spec))
    };
    // 200 steps of 4e-5 are 0.08 of 0.1.
    assert_eq!(still(Some(4e-5), 1.0, 100), [Warning::Slow]);
    assert_eq!(still(Some(0.0), 1.0, 100), [Warning::Slow]);
    assert_eq!(still(Some(6e-5), 1.0, 100), [], "0.12");
    assert_eq!(still(Some(0.0), 0.2, 100), [], "it has learned");
    assert_eq!(still(Some(0.0), 1.0, 10), [], "it has hardly begun");
    assert_eq!(still(None, 1.0, 100), []);
}

thread_local!(static NOW: Cell<f64> = const { Cell::new(0.0) });

/// A clock by which everything takes long: so there are many looks in a short run.
fn slow_clock() -> f64 {
    NOW.set(NOW.get() + 0.4);
    NOW.get()
}

type Heard = Rc<RefCell<Vec<(Event, Option<Vec<u8>>)>>>;

/// The other workers as threads, as the page's workers follow their leader.
struct Threads(Vec<mpsc::Sender<Told>>);

enum Told {
    Begin(ThreadGroup, ModelSpec, TrainConfig),
    Data(Data),
    Obey(Instruction, Vec<u32>),
}

impl Threads {
    fn new(followers: usize) -> Threads {
        let follow = |_| {
            let (teller, told) = mpsc::channel();
            thread::spawn(move || {
                let (mut trainer, mut data) = (None::<Trainer<Cpu>>, None);
                while let Ok(told) = told.recv() {
                    match told {
                        Told::Begin(group, spec, config) => {
                            trainer = Some(Trainer::new(Cpu::in_group(Box::new(group)), spec, config, None).unwrap());
                        }
                        Told::Data(new) => data = Some(new),
                        Told::Obey(instruction, order) => {
                            block_on(trainer.as_mut().unwrap().obey(&instruction, &order)).unwrap();
                            continue;
                        }
                    }
                    if let (Some(trainer), Some(data)) = (&mut trainer, &data) {
                        trainer.set_data(data).unwrap();
                    }
                }
            });
            teller
        };
        Threads((0..followers).map(follow).collect())
    }
}

impl Team for Threads {
    fn create(&mut self, spec: &ModelSpec, config: &TrainConfig, _: Option<&[f32]>) -> Result<Box<dyn Group>> {
        let mut seats = ThreadGroup::seats(self.0.len() + 1).into_iter();
        let own = seats.next().unwrap();
        for (follower, seat) in self.0.iter().zip(seats) {
            follower.send(Told::Begin(seat, spec.clone(), *config)).unwrap();
        }
        Ok(Box::new(own))
    }

    fn set_data(&mut self, data: &Data) {
        self.0.iter().for_each(|follower| follower.send(Told::Data(data.clone())).unwrap());
    }

    fn instruct(&mut self, instruction: &Instruction, order: &[u32]) {
        self.0.iter().for_each(|follower| follower.send(Told::Obey(instruction.clone(), order.to_vec())).unwrap());
    }

    fn failure(&mut self) -> Option<Error> {
        None
    }
}

fn session(workers: usize) -> (Session<Processor>, Heard) {
    let heard = Heard::default();
    let outbox = Rc::clone(&heard);
    let post = move |event: Event, payload: Option<Vec<u8>>| outbox.borrow_mut().push((event, payload));
    let device = if workers > 1 { Processor::leading(Box::new(Threads::new(workers - 1))) } else { Processor::default() };
    let mut session = Session::new(Box::new(post), slow_clock, device);
    session.set_data(data(600));
    (session, heard)
}

fn train(session: &mut Session<Processor>, spec: &ModelSpec, config: TrainConfig) {
    block_on(session.obey(Command::Create { run: 1, spec: spec.clone(), config }, None));
    block_on(session.obey(Command::Train { run: 1 }, None));
    while session.is_training() {
        block_on(session.advance());
    }
}

fn diagnoses(heard: &Heard) -> Vec<Diagnosis> {
    let looked =
        |(event, _): &(Event, _)| if let Event::Diagnosed { diagnosis, .. } = event { Some(diagnosis.clone()) } else { None };
    heard.borrow().iter().filter_map(looked).collect()
}

/// Everything that was heard but for diagnoses and what depends on the clock.
fn course(heard: &Heard) -> Vec<(String, Option<Vec<u8>>)> {
    let said = |(event, payload): &(Event, Option<Vec<u8>>)| match event {
        Event::Validated { .. } | Event::Finished { .. } | Event::Failed { .. } => Some((format!("{event:?}"), None)),
        Event::Weights { step, .. } => Some((step.to_string(), payload.clone())),
        _ => None,
    };
    heard.borrow().iter().filter_map(said).collect()
}

#[test]
fn training_computes_the_same_bits_whether_somebody_looks_or_not() {
    let dense = |units, activation| LayerSpec::Dense(DenseSpec::new(units, activation));
    let stack = vec![
        dense(40, Activation::Relu),
        LayerSpec::BatchNormalization,
        LayerSpec::Dropout { rate: 0.2 },
        dense(33, Activation::Tanh),
        dense(3, Activation::Linear),
    ];
    let spec = ModelSpec::new(INPUTS, stack).unwrap();
    let config = TrainConfig { optimizer: Optimizer::parse("adam").unwrap(), learning_rate: 0.01, ..CONFIG };
    for workers in [1, 2] {
        let trained = |on: bool| {
            let (mut session, heard) = session(workers);
            if on {
                block_on(session.obey(Command::Diagnose { on }, None));
            }
            train(&mut session, &spec, config);
            (course(&heard), diagnoses(&heard).len())
        };
        let ((without, none), (with, looks)) = (trained(false), trained(true));
        assert!(none == 0 && looks > 5, "{workers} workers: {none} and {looks} looks");
        assert!(without.iter().any(|(what, _)| what.starts_with("Finished")), "{without:?}");
        // The clock, which goes on with every look, decides how often weights leave; what leaves after the same step is the same.
        let by_step: std::collections::BTreeMap<_, _> = without.iter().cloned().collect();
        let both = with.iter().filter(|(what, _)| by_step.contains_key(what));
        let mut compared = 0;
        for (what, weights) in both {
            assert!(by_step[what] == *weights, "{workers} workers: {what} differs");
            compared += 1;
        }
        assert!(compared > 10 && with.last() == without.last(), "{workers} workers: {compared} compared");
    }
}

#[test]
fn a_run_is_looked_at_while_somebody_wants_to_see() {
    let spec = mlp(&[8], Activation::Sigmoid);
    let (mut session, heard) = session(1);
    let obey = |session: &mut Session<Processor>, command| block_on(session.obey(command, None));
    obey(&mut session, Command::Diagnose { on: true });
    assert_eq!(diagnoses(&heard), [], "no run yet");
    obey(&mut session, Command::Diagnose { on: false });
    obey(&mut session, Command::Create { run: 1, spec: spec.clone(), config: CONFIG });
    obey(&mut session, Command::Step { run: 1 });
    assert_eq!(diagnoses(&heard), []);
    let weights = heard.borrow().len();
    obey(&mut session, Command::Diagnose { on: true });
    assert_eq!(heard.borrow().len(), weights + 1, "a run that waits is looked at, at once, and nothing else happens");
    obey(&mut session, Command::Step { run: 1 });
    obey(&mut session, Command::Diagnose { on: true });
    let looked = diagnoses(&heard);
    assert_eq!(looked.iter().map(|looked| looked.step).collect::<Vec<_>>(), [1, 2], "once after each step");
    assert!(looked[1].layers[0].updates.unwrap() > 0.0 && looked[1].first_loss == looked[0].first_loss);
    obey(&mut session, Command::Diagnose { on: false });
    obey(&mut session, Command::Train { run: 1 });
    while session.is_training() {
        block_on(session.advance());
    }
    assert_eq!(diagnoses(&heard).len(), 2);
    obey(&mut session, Command::Diagnose { on: true });
    assert_eq!(diagnoses(&heard).last().map(|looked| looked.step), Some(6 * 35), "a run that is over, too");
    let another = Command::Create { run: 2, spec, config: CONFIG };
    obey(&mut session, another);
    obey(&mut session, Command::Train { run: 2 });
    for _ in 0..3 {
        block_on(session.advance());
    }
    obey(&mut session, Command::Pause { run: 2 });
    let (last, heard) = (diagnoses(&heard), heard.borrow());
    let mut steps =
        heard.iter().filter_map(|(event, _)| if let Event::Weights { step, .. } = event { Some(*step) } else { None });
    assert_eq!(last.last().map(|looked| looked.step), steps.next_back(), "where it rests, whenever the look before was");
    assert!(matches!(heard.last(), Some((Event::Paused { run: 2 }, None))));
}

#[test]
fn a_rate_of_next_to_nothing_is_found_too_small_and_a_good_one_is_not() {
    let spec = mlp(&[8], Activation::Sigmoid);
    let found = |learning_rate: f32| {
        let (mut session, heard) = session(1);
        block_on(session.obey(Command::Diagnose { on: true }, None));
        train(&mut session, &spec, TrainConfig { learning_rate, ..CONFIG });
        let plan = Plan { steps: 6 * 35, ..plan(&spec) };
        diagnoses(&heard).iter().map(|looked| warnings(looked, plan)).collect::<Vec<_>>()
    };
    let still = found(1e-38);
    assert!(still.len() > 5 && still.last() == Some(&vec![Warning::Slow]), "{still:?}");
    let good = found(0.5);
    assert!(good.len() > 5 && good.iter().all(Vec::is_empty), "{good:?}");
}

#[test]
fn a_loss_that_explodes_is_found() {
    let spec = mlp(&[16, 16], Activation::Tanh);
    let (mut session, heard) = session(1);
    block_on(session.obey(Command::Diagnose { on: true }, None));
    train(&mut session, &spec, TrainConfig { learning_rate: 50.0, ..CONFIG });
    let looked = diagnoses(&heard);
    assert!(looked.len() > 3 && looked[0].step == 0 && warnings(&looked[0], plan(&spec)).is_empty());
    assert!(looked.iter().any(|looked| warnings(looked, plan(&spec)).contains(&Warning::Exploding)), "{looked:?}");
    let first = looked[0].first_loss;
    assert!((first - 1.1).abs() < 0.4 && looked[1..].iter().all(|looked| (looked.first_loss - first).abs() < 0.2), "{looked:?}");
}

#[test]
fn what_can_be_stuck_is_what_has_a_flat_part() {
    let flat = Activation::ALL.map(Stuck::of);
    let by_the_oracle = Activation::ALL.map(|activation| {
        let slope = |z: f64| oracle::slope(activation, if activation.keeps_z() { z } else { oracle::activate(activation, z) });
        slope(-30.0) < 1e-6
    });
    assert_eq!(flat.map(|stuck| stuck.is_some()), by_the_oracle);
}
