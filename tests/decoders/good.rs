//! Good input for every decoder: what the property tests change and what fuzzing begins with. Small, so that most changes matter.

use inkling::Error;
use inkling::backend::{BackendInfo, BackendKind, Tuning};
use inkling::data::{Classes, Subject};
use inkling::error::GpuReason;
use inkling::explain::neighbours::Neighbour;
use inkling::format::model_file::{self, About, ModelFile};
use inkling::history::{Curve, History, Point};
use inkling::kept_run;
use inkling::nn::{Activation, DenseSpec, LayerSpec, ModelSpec, Optimizer};
use inkling::protocol::{Command, Evaluation, Event, Progress};
use inkling::runs::{Record, Runs};
use inkling::settings::Settings;
use inkling::train::{Past, Position, Snapshot, Split, Sums, TrainConfig};
use inkling::wire;

fn spec() -> ModelSpec {
    ModelSpec::mlp(&[5, 4, 3], Activation::Tanh).expect("a network")
}

/// Every kind of layer.
fn stack(inputs: usize, classes: usize) -> ModelSpec {
    let layers = vec![
        LayerSpec::Dropout { rate: 0.2 },
        LayerSpec::Dense(DenseSpec { l2: 0.25, ..DenseSpec::new(4, Activation::Relu) }),
        LayerSpec::BatchNormalization,
        LayerSpec::Dense(DenseSpec::new(classes, Activation::Linear)),
    ];
    ModelSpec::new(inputs, layers).expect("a network")
}

pub fn model_files() -> Vec<Vec<u8>> {
    let about = About { made_by: "a test".into(), test_accuracy: Some(0.5) };
    let file = |spec: ModelSpec, subject: Subject| {
        let parameters = spec.initialize(3);
        ModelFile { spec, parameters, about: about.clone(), subject }
    };
    let plain = file(spec(), Subject::DIGITS);
    let other = Subject { side: 4, classes: Classes::Numbered(3) };
    let mut files = vec![model_file::encode(&plain), model_file::encode(&file(stack(5, 3), Subject::DIGITS))];
    files.push(model_file::encode(&file(stack(16, 3), other)));
    files.extend([2, 4, 8].map(|bits| model_file::encode_packed(&plain, bits)));
    // Wide and in two bits: what becomes most of its bytes.
    let wide = file(ModelSpec::mlp(&[200, 100, 10], Activation::Relu).expect("a network"), Subject::DIGITS);
    files.push(model_file::encode_packed(&wide, 2));
    let mut files: Vec<Vec<u8>> = files.into_iter().map(|file| file.expect("it can be encoded")).collect();
    // What an earlier build saved.
    let layers = (5_usize, vec![(4_usize, Activation::Tanh), (3, Activation::Linear)]);
    let header = wire::encode(&(layers, &about)).expect("it can be encoded");
    let weights: Vec<u8> = plain.parameters.iter().flat_map(|w| w.to_le_bytes()).collect();
    let checked = [&(header.len() as u32).to_le_bytes()[..], &header, &weights].concat();
    files.push([b"INKLING\n\x01\0\0\0", &crc32fast::hash(&checked).to_le_bytes()[..], &checked].concat());
    files
}

/// Images and labels, with the length of the former before them.
fn pair(count: u32, rows: u32, columns: u32) -> Vec<u8> {
    let sizes = [count, rows, columns].map(u32::to_be_bytes).concat();
    let pixels: Vec<u8> = (0..count * rows * columns).map(|i| (i % 251) as u8).collect();
    let images = [&[0, 0, 8, 3][..], &sizes, &pixels].concat();
    let labels: Vec<u8> = (0..count).map(|i| (i % 3) as u8).collect();
    [&(images.len() as u16).to_le_bytes()[..], &images, &[0, 0, 8, 1], &count.to_be_bytes(), &labels].concat()
}

pub fn idx() -> Vec<Vec<u8>> {
    vec![pair(2, 2, 2), pair(12, 5, 5), pair(1, 28, 28)]
}

pub fn own_files() -> Vec<Vec<u8>> {
    // Strips: what becomes most of its bytes.
    vec![pair(12, 5, 5), pair(6, 1, 3), pair(2, 64, 64), pair(1000, 1, 8)]
}

pub fn drawings() -> Vec<Vec<u8>> {
    let one = r#"{"label":3,"strokes":[[[0.1,0.2],[0.3,0.4,0.5]],[[1e3,-2]]]}"#;
    let texts = [
        format!("{one}\n"),
        format!("{one}\n\n{one}\r\n{{\"label\":7,\"strokes\":[[[0,0]]]}}"),
        r#"{"strokes": [], "label": null, "pressure": [[{}]]}"#.into(),
        r#"{"label":"seven","strokes":[[]]}"#.into(),
        // What becomes most of its bytes.
        format!(r#"{{"strokes":[{}[]]}}"#, "[],".repeat(20_000)),
        format!(r#"{{"label":[{}0],"strokes":[]}}"#, "0,".repeat(20_000)),
        "{\"label\":1,\"strokes\":[[[0,0]]]}\n".repeat(400),
    ];
    texts.map(String::into_bytes).to_vec()
}

pub fn runs() -> Vec<Vec<u8>> {
    let points = |n: u32| {
        let point = |i| Point {
            step: f64::from(i * 10),
            epoch: f64::from(i),
            seconds: f64::from(i) / 3.0,
            loss: 1.0 / (1.0 + i as f32),
            accuracy: 0.5,
        };
        (0..n).map(point).collect()
    };
    let record = |name: &str, settings: Settings| Record {
        id: 0,
        name: name.into(),
        group: Some(1),
        is_shown: true,
        settings,
        rate_changed: false,
        device: "a device".into(),
        ended: 1.8e9,
        steps: 100,
        epochs: 2.5,
        seconds: 12.25,
        samples_per_second: 30_000.0,
        validation: Some(Evaluation { loss: 0.1, accuracy: 0.97 }),
        test: Evaluation { loss: 0.1, accuracy: 0.96 },
        test_images: 10_000,
        reached: [Some(3.0), None],
        curve: Curve { training: points(6), validation: points(3) },
    };
    let mut runs = Runs::default();
    runs.add(record("", Settings::default()));
    let (race, _) = Settings::from_address(&[("preset".into(), "race".into())]);
    runs.add(record("=1+1,\"二\"", race));
    let line = runs.encode();
    let long = line
        .lines()
        .next()
        .unwrap_or_default()
        .replace("\"training\":[", &format!("\"training\":[{}", "[0,0,0,0],".repeat(4000)));
    vec![line.into_bytes(), long.into_bytes()]
}

fn encoded<T: wire::Encode>(values: &[T]) -> Vec<Vec<u8>> {
    values.iter().map(|value| wire::encode(value).expect("it can be encoded")).collect()
}

pub fn commands() -> Vec<Vec<u8>> {
    let mut all = encoded(&[
        Command::Probe { spec: spec(), config: TrainConfig::PLAIN, known: Some(Tuning::EACH[1]) },
        Command::Create { run: 1, spec: stack(784, 10), config: TrainConfig::PLAIN },
        Command::LoadData { base: "data/".into() },
        Command::SetData { inputs: 784, classes: 10, training: 60_000, test: 10_000 },
        Command::SetLearningRate { run: 1, learning_rate: 0.1 },
        Command::Images { split: Split::Test, numbers: (0..200).collect() },
        Command::Neighbours { count: 5 },
        Command::Sample { run: 1, images: 100, shuffle_labels: true },
    ]);
    all.push(with_payload([2, 3, 2, 1], &[7, 7, 8, 8, 0, 1, 9, 9, 2]));
    all
}

pub fn events() -> Vec<Vec<u8>> {
    let mut all = encoded(&[
        Event::Probed { outcome: Err(Error::NoGpu { reason: GpuReason::NoDevice("why".into()) }) },
        Event::Measured { images_per_second: Ok(30_000) },
        Event::Created {
            run: 1,
            backend: BackendInfo { kind: BackendKind::Cpu, device: "two workers".into() },
            parameters: 101_770,
        },
        Event::Progress { run: 1, progress: Progress { epoch: 1, step: 430, loss: f32::NAN, ..Progress::default() } },
        Event::Neighbours { found: vec![Neighbour { number: 7, label: 3, distance: 1.5 }] },
        Event::Failed { run: 0, error: Error::Truncated { what: "a file".into(), expected: 2, got: 1 } },
        Event::Images { split: Split::Validation, numbers: vec![1, 2, 3], inputs: 784 },
    ]);
    let probabilities: Vec<u8> = [0.25_f32, 0.75, 1.0, 0.0].iter().flat_map(|p| p.to_le_bytes()).collect();
    all.push(with_payload([2, 2, 0, 0], &[&probabilities[..], &[0, 1]].concat()));
    all
}

fn with_payload(sizes: [u32; 4], payload: &[u8]) -> Vec<u8> {
    [&sizes.map(u32::to_le_bytes).concat()[..], payload].concat()
}

pub fn addresses() -> Vec<Vec<u8>> {
    let texts = [
        "preset=race&seed=7&lang=en".into(),
        "data=own:16:3:9f1c02ab&layers=128,batchnorm,dropout:0.2,64:tanh:he:l2=0.001&activation=relu&optimizer=adam&lr=0.001"
            .into(),
        "schedule=one-cycle&batch=128&epochs=5&validation=1/6&patience=3&augment=on&loss=mse&initializer=he&l2=0.01&workers=2"
            .into(),
        "hide=backend,how&lock=lr,seed&panel=robustness&embed=chart".into(),
        "1 2;3 4".into(),
        // What becomes most of its bytes.
        format!("layers={}", "1,".repeat(20_000)),
        format!("hide={}", "x,".repeat(20_000)),
        format!("hide={}", "lr,".repeat(20_000)),
        "1,".repeat(20_000),
        "1;".repeat(20_000),
    ];
    texts.map(String::into_bytes).to_vec()
}

pub fn messages() -> Vec<Vec<u8>> {
    let texts = [
        "# A comment\nhello = Hello, { $name }!\n    .title = A title\n".to_string(),
        "-term = Inkling\nn = { $n ->\n    [one] one\n   *[other] { NUMBER($n, digits: 2) } of { -term }\n }\n".into(),
        "a = { \"\\u00e9\" } { a.b } { -t.c(d: 1) }\n".into(),
        // What becomes most of its bytes.
        "a={a}\n".repeat(4000),
        format!("a = {}\n", "{a}".repeat(4000)),
    ];
    texts.map(String::into_bytes).to_vec()
}

pub fn stored() -> Vec<Vec<u8>> {
    let texts = ["neuron/first neuron/second mnist/draw", "300000 600000", "300000 ", "own:16:3:9f1c02ab", "mine:0000beef"];
    let mut all: Vec<Vec<u8>> = texts.map(|text| text.as_bytes().to_vec()).to_vec();
    // What becomes most of its bytes.
    all.push((0..4000).map(|i| format!("{i}/ ")).collect::<String>().into_bytes());
    all
}

/// What a page keeps, and the worker's part of it alone.
pub fn kept_runs() -> Vec<Vec<u8>> {
    let (spec, config) = (stack(5, 3), TrainConfig { optimizer: Optimizer::Momentum { momentum: 0.9 }, ..TrainConfig::PLAIN });
    let mut numbers = spec.initialize(3);
    numbers.resize(numbers.len() + config.optimizer.slots() * spec.layout().trainable, 0.5);
    let past = Past {
        epoch: 1,
        steps_per_epoch: 430,
        best: Some((0.1, 2)),
        first_loss: Some(2.3),
        seconds: 1.5,
        unreported: Sums { loss: 1.0, hits: 2.0, images: 3 },
        unreported_steps: 1,
        unreported_seconds: 0.1,
        tail: Sums::default(),
    };
    let position = Position { pass: Some(1), images: 64, step: 500, learning_rate: 0.1 };
    let snapshot = Snapshot { spec, config, data: 7, position, past, numbers }.encode().expect("it can be encoded");
    let kept = |steps: u32| {
        let mut history = History::default();
        for step in 0..steps {
            let point = Point { step: step.into(), epoch: 0.5, seconds: 0.25, loss: 1.5, accuracy: 0.975 };
            history.push_training(point);
            if step % 100 == 0 {
                history.push_validation(point);
            }
        }
        let about = kept_run::About {
            settings: "layers=32&epochs=3".into(),
            rate_changed: true,
            epochs: 3,
            progress: Progress { step: steps.into(), ..Progress::default() },
            validation: Some(Evaluation { loss: 0.5, accuracy: 0.75 }),
            seconds: 12.5,
            preparing: Some(0.5),
            at: 1e12,
        };
        kept_run::encode(&about, &history, &snapshot).expect("it can be encoded")
    };
    vec![snapshot.clone(), kept(3), kept(20_000)]
}
