//! The generated programs, run by Keras and PyTorch themselves: each trains for an epoch on a few made-up images, then answers
//! with this crate's weights as this crate does. Needs a Python that has keras, jax and torch, so it is not part of the suite:
//!
//! ```sh
//! python3 -m venv venv && venv/bin/pip install keras jax torch
//! INKLING_PYTHON=venv/bin/python cargo test --test frameworks -- --ignored
//! ```
#![cfg(not(target_arch = "wasm32"))]

use inkling::code::{self, Summary};
use inkling::model::Predictor;
use inkling::nn::{Activation, Initializer, Loss, ModelSpec, Optimizer};
use inkling::stack::{self, Common};
use inkling::train::{Schedule, TrainConfig};
use std::fmt::Write as _;
use std::path::Path;
use std::process::Command;

/// What runs a program `code.py` beside it: trains, takes the weights in `weights.txt`, answers for `inputs.txt`, prints the
/// answers and what the framework counts.
const KERAS: &str = r#"
import numpy as np
x_train = np.random.default_rng(1).integers(0, 256, (48, 28, 28)).astype("uint8")
y_train = np.arange(48) % 10
exec(open("code.py").read())
flat = np.loadtxt("weights.txt", dtype="float32")
at, moving = 0, sum(int(np.prod(w.shape)) for w in model.trainable_weights)
weights = []
for layer in model.layers:
    for i, w in enumerate(layer.get_weights()):
        size = w.size
        if "normalization" in layer.name and i >= 2:
            weights.append(flat[moving:moving + size].reshape(w.shape)); moving += size
        else:
            weights.append(flat[at:at + size].reshape(w.shape)); at += size
model.set_weights(weights)
x = np.loadtxt("inputs.txt", dtype="float32").reshape(-1, 28, 28)
np.savetxt("answers.txt", model.predict(x, verbose=0))
trainable = sum(int(np.prod(w.shape)) for w in model.trainable_weights)
print("parameters", trainable, model.count_params() - trainable)
"#;

const PYTORCH: &str = r#"
import numpy as np, torch
x_train = torch.randint(0, 256, (48, 28, 28))
y_train = torch.arange(48) % 10
exec(open("code.py").read())
flat = torch.tensor(np.loadtxt("weights.txt", dtype="float32"))
at, moving = 0, sum(p.numel() for p in model.parameters())
trainable = moving
with torch.no_grad():
    for module in model:
        if isinstance(module, torch.nn.Linear):
            units, inputs = module.weight.shape
            module.weight.copy_(flat[at:at + units * inputs].reshape(inputs, units).T); at += units * inputs
            module.bias.copy_(flat[at:at + units]); at += units
        if isinstance(module, torch.nn.BatchNorm1d):
            n = module.num_features
            module.weight.copy_(flat[at:at + n]); module.bias.copy_(flat[at + n:at + 2 * n]); at += 2 * n
            module.running_mean.copy_(flat[moving:moving + n]); module.running_var.copy_(flat[moving + n:moving + 2 * n]); moving += 2 * n
    model.eval()
    x = torch.tensor(np.loadtxt("inputs.txt", dtype="float32")).reshape(-1, 28, 28)
    np.savetxt("answers.txt", model(x).softmax(1).numpy())
print("parameters", trainable, moving - trainable)
"#;

/// Networks and recipes in which everything occurs that a person can choose.
fn cases() -> Vec<(ModelSpec, TrainConfig)> {
    let stacks = [
        "128",
        "",
        "dropout:0.1,40:gelu:normal,batchnorm,dropout,24:leaky-relu,12:tanh:l2=0.01",
        "batchnorm,30:linear:zeros,20,batchnorm",
        "33:relu:glorot,17:sigmoid:he",
        "25:relu",
    ];
    let mut cases = Vec::new();
    for (i, text) in stacks.into_iter().enumerate() {
        let common = Common {
            activation: Activation::Sigmoid,
            initializer: [None, Some(Initializer::HeUniform)][i % 2],
            l2: [0.0, 0.0, 0.001][i % 3],
        };
        let layers = stack::layers(&stack::parse(text).unwrap(), common, 10);
        let config = TrainConfig {
            loss: Loss::ALL[i % 2],
            optimizer: Optimizer::ALL[i],
            learning_rate: 0.01,
            schedule: Schedule::ALL[i % 4],
            batch_size: 16,
            epochs: 2,
            validation: [12, 0, 4][i % 3],
            patience: [0, 0, 2][i % 3],
            ..TrainConfig::PLAIN
        };
        cases.push((ModelSpec::new(784, layers).unwrap(), config));
    }
    cases
}

/// Numbers one a line.
fn lines(numbers: &[f32]) -> String {
    numbers.iter().fold(String::new(), |mut text, number| {
        let _ = writeln!(text, "{number:e}");
        text
    })
}

fn check(name: &str, driver: &str, code: fn(&ModelSpec, &TrainConfig) -> String) {
    let python = std::env::var("INKLING_PYTHON").expect("INKLING_PYTHON is a Python with keras, jax and torch");
    let python =
        std::fs::canonicalize(Path::new(&python).parent().unwrap()).unwrap().join(Path::new(&python).file_name().unwrap());
    for (number, (spec, config)) in cases().into_iter().enumerate() {
        let folder = std::env::temp_dir().join(format!("inkling-{name}-{number}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let write = |name: &str, text: &str| std::fs::write(folder.join(name), text).unwrap();
        let mut rng = fastrand::Rng::with_seed(number as u64);
        let mut parameters = spec.initialize(1);
        // Nothing at its start: biases, gammas and betas are random, and so are means; a variance is above zero.
        parameters.iter_mut().for_each(|w| *w += 0.2 * rng.f32());
        let inputs: Vec<f32> = (0..7 * 784).map(|_| rng.f32()).collect();
        write("weights.txt", &lines(&parameters));
        write("inputs.txt", &lines(&inputs));
        let program = code(&spec, &config);
        write("code.py", &program);
        write("driver.py", driver);
        let out = Command::new(&python).arg("driver.py").env("KERAS_BACKEND", "jax").current_dir(&folder).output().unwrap();
        let said = String::from_utf8_lossy(&out.stdout);
        assert!(out.status.success(), "{program}\n{said}\n{}", String::from_utf8_lossy(&out.stderr));
        let summary = Summary::of(&spec);
        let counted = format!("parameters {} {}", summary.trainable, summary.not_trainable);
        assert!(said.contains(&counted), "{program}\nshould count {counted}: {said}");

        let answers = std::fs::read_to_string(folder.join("answers.txt")).unwrap();
        let answers: Vec<f64> = answers.split_whitespace().map(|number| number.parse().unwrap()).collect();
        let mut predictor = Predictor::new(spec, &parameters).unwrap();
        let ours: Vec<f32> = inputs.chunks(784).flat_map(|x| predictor.predict(x).unwrap()).collect();
        assert_eq!(ours.len(), answers.len());
        for (ours, theirs) in ours.iter().zip(&answers) {
            assert!((f64::from(*ours) - theirs).abs() <= 1e-4, "{program}\n{ours} here, {theirs} there");
        }
        std::fs::remove_dir_all(folder).unwrap();
    }
}

#[test]
#[ignore = "needs a Python with keras and jax"]
fn keras_answers_the_same() {
    check("keras", KERAS, code::keras);
}

#[test]
#[ignore = "needs a Python with torch"]
fn pytorch_answers_the_same() {
    check("pytorch", PYTORCH, code::pytorch);
}
