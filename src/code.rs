//! The same network elsewhere: as Keras's `summary()` prints it, and as Keras and PyTorch code. `tests/frameworks.rs` runs both.

use crate::nn::{Activation, DenseSpec, Initializer, LayerSpec, Loss, ModelSpec, Optimizer};
use crate::train::{Schedule, TrainConfig};

/// A row of the summary.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Row {
    /// Keras's name of the layer, for example `dense_1`, and of its kind.
    pub name: String,
    pub kind: &'static str,
    /// Numbers that leave it, for each image.
    pub outputs: Vec<usize>,
    pub parameters: usize,
}

/// What Keras's `summary()` says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Summary {
    pub rows: Vec<Row>,
    pub trainable: usize,
    pub not_trainable: usize,
}

impl Summary {
    /// Of a network for square images, where its number of inputs is a square.
    pub fn of(spec: &ModelSpec) -> Summary {
        let layout = spec.layout();
        let mut rows = vec![
            Row { name: "input".into(), kind: "Input", outputs: image(spec), parameters: 0 },
            Row { name: "flatten".into(), kind: "Flatten", outputs: vec![spec.inputs()], parameters: 0 },
        ];
        let widths = spec.widths();
        for (layer, pair) in spec.layers().iter().zip(widths.windows(2)) {
            let (name, kind, parameters) = match layer {
                LayerSpec::Dense(_) => ("dense", "Dense", (pair[0] + 1) * pair[1]),
                LayerSpec::BatchNormalization => ("batch_normalization", "BatchNormalization", 4 * pair[1]),
                LayerSpec::Dropout { .. } => ("dropout", "Dropout", 0),
            };
            // Keras counts the layers of a kind.
            let before = rows.iter().filter(|row| row.kind == kind).count();
            let name = if before == 0 { name.into() } else { format!("{name}_{before}") };
            rows.push(Row { name, kind, outputs: vec![pair[1]], parameters });
        }
        Summary { rows, trainable: layout.trainable, not_trainable: layout.parameters - layout.trainable }
    }
}

fn image(spec: &ModelSpec) -> Vec<usize> {
    let side = spec.inputs().isqrt();
    if side * side == spec.inputs() { vec![side, side] } else { vec![spec.inputs()] }
}

/// `28, 28`; with a comma after it if it is alone, as Python wants it.
fn tuple(numbers: &[usize]) -> String {
    let list = numbers.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
    if numbers.len() == 1 { format!("({list},)") } else { format!("({list})") }
}

/// What a line of a program is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// What every program has.
    Frame,
    Input,
    Flatten,
    /// The layer of the specification with this number.
    Layer(usize),
    /// How the images are prepared.
    Images,
    /// The optimizer and its learning rate.
    Optimizer,
    Loss,
    /// Batch size, epochs, validation.
    Fit,
}

/// A line of a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub part: Part,
    pub text: String,
}

/// A program for Keras 3 that makes the network and trains it in the same way. Images are `x_train` (0 to 255), labels `y_train`.
pub fn keras(spec: &ModelSpec, config: &TrainConfig) -> String {
    keras_lines(spec, config).into_iter().map(|line| line.text + "\n").collect()
}

/// The same line by line.
pub fn keras_lines(spec: &ModelSpec, config: &TrainConfig) -> Vec<Line> {
    let mut lines: Vec<Line> = Vec::new();
    let mut say = |part: Part, text: String| lines.push(Line { part, text });
    say(Part::Frame, "import keras".into());
    say(Part::Frame, "from keras import layers".into());
    say(Part::Frame, String::new());
    say(Part::Frame, format!("keras.utils.set_random_seed({})", config.seed));
    say(Part::Frame, "model = keras.Sequential([".into());
    say(Part::Input, format!("    keras.Input({}),", tuple(&image(spec))));
    say(Part::Flatten, "    layers.Flatten(),".into());
    let last = spec.layers().len() - 1;
    for (i, layer) in spec.layers().iter().enumerate() {
        let part = Part::Layer(i);
        match layer {
            LayerSpec::Dense(dense) => keras_dense(dense, i == last).into_iter().for_each(|text| say(part, text)),
            LayerSpec::BatchNormalization => say(part, "    layers.BatchNormalization(),".into()),
            LayerSpec::Dropout { rate } => say(part, format!("    layers.Dropout({rate}),")),
        }
    }
    say(Part::Frame, "])".into());
    say(Part::Frame, String::new());
    say(Part::Images, "x, y = x_train / 255, y_train".into());
    if config.loss == Loss::MeanSquaredError {
        say(Part::Loss, format!("y = keras.utils.to_categorical(y, {})", spec.classes()));
    }
    if config.schedule != Schedule::Constant {
        let learned =
            if config.validation == 0 { "len(x)".into() } else { format!("(len(x) - len(x) // {})", config.validation) };
        say(Part::Optimizer, format!("steps = {} * -(-{learned} // {})", config.epochs, config.batch_size));
    }
    keras_rate(config).into_iter().for_each(|text| say(Part::Optimizer, text));
    say(Part::Frame, "model.compile(".into());
    say(Part::Optimizer, format!("    optimizer={},", keras_optimizer(config.optimizer)));
    let loss = match config.loss {
        Loss::CrossEntropy => "sparse_categorical_crossentropy",
        Loss::MeanSquaredError => "mean_squared_error",
    };
    say(Part::Loss, format!("    loss=\"{loss}\","));
    say(Part::Frame, "    metrics=[\"accuracy\"],".into());
    say(Part::Frame, ")".into());
    say(Part::Frame, "model.summary()".into());
    let mut fit = format!("model.fit(x, y, batch_size={}, epochs={}", config.batch_size, config.epochs);
    if config.validation > 0 {
        fit += &format!(", validation_split=1 / {}", config.validation);
    }
    if config.patience > 0 {
        fit += &format!(", callbacks=[keras.callbacks.EarlyStopping(patience={})]", config.patience);
    }
    say(Part::Fit, fit + ")");
    lines
}

fn keras_dense(dense: &DenseSpec, is_last: bool) -> Vec<String> {
    let mut arguments = vec![dense.units.to_string()];
    let mut after = None;
    match dense.activation {
        Activation::Linear if is_last => arguments.push("activation=\"softmax\"".into()),
        Activation::Linear => {}
        Activation::LeakyRelu => after = Some("    layers.LeakyReLU(negative_slope=0.01),".into()),
        Activation::Gelu => arguments.push("activation=lambda z: keras.activations.gelu(z, approximate=True)".into()),
        Activation::Sigmoid | Activation::Relu | Activation::Tanh => {
            arguments.push(format!("activation=\"{}\"", dense.activation.name()));
        }
    }
    match dense.initializer {
        // Keras's own.
        Initializer::GlorotUniform => {}
        Initializer::HeUniform => arguments.push("kernel_initializer=\"he_uniform\"".into()),
        Initializer::Normal => arguments.push("kernel_initializer=keras.initializers.RandomNormal(stddev=0.05)".into()),
        Initializer::Zeros => arguments.push("kernel_initializer=\"zeros\"".into()),
    }
    if dense.l2 > 0.0 {
        arguments.push(format!("kernel_regularizer=keras.regularizers.L2({})", dense.l2));
    }
    let line = format!("    layers.Dense({}),", arguments.join(", "));
    [line].into_iter().chain(after).collect()
}

/// The learning rate: a number, or a schedule.
fn keras_rate(config: &TrainConfig) -> Vec<String> {
    let rate = config.learning_rate;
    match config.schedule {
        Schedule::Constant => vec![format!("rate = {rate}")],
        Schedule::StepDecay { parts, factor } => {
            vec![format!("rate = keras.optimizers.schedules.ExponentialDecay({rate}, steps / {parts}, {factor}, staircase=True)")]
        }
        Schedule::Cosine { .. } => vec![format!("rate = keras.optimizers.schedules.CosineDecay({rate}, steps)")],
        // Keras can't begin above zero, so the rise begins lower than PyTorch's.
        Schedule::OneCycle { rise, start, end } => vec![
            "rate = keras.optimizers.schedules.CosineDecay(".into(),
            format!("    {rate} / {start}, steps - int({rise} * steps), alpha={start} / {},", 1.0 / (start * end)),
            format!("    warmup_target={rate}, warmup_steps=int({rise} * steps),"),
            ")".into(),
        ],
    }
}

fn keras_optimizer(optimizer: Optimizer) -> String {
    match optimizer {
        Optimizer::Sgd => "keras.optimizers.SGD(rate)".into(),
        Optimizer::Momentum { momentum } => format!("keras.optimizers.SGD(rate, momentum={momentum})"),
        Optimizer::Nesterov { momentum } => format!("keras.optimizers.SGD(rate, momentum={momentum}, nesterov=True)"),
        Optimizer::RmsProp { rho, epsilon } => format!("keras.optimizers.RMSprop(rate, rho={rho}, epsilon={epsilon:e})"),
        Optimizer::Adam { beta1, beta2, epsilon } => {
            format!("keras.optimizers.Adam(rate, beta_1={beta1}, beta_2={beta2}, epsilon={epsilon:e})")
        }
        Optimizer::AdamW { beta1, beta2, epsilon, weight_decay } => format!(
            "keras.optimizers.AdamW(rate, weight_decay={weight_decay}, beta_1={beta1}, beta_2={beta2}, epsilon={epsilon:e})"
        ),
    }
}

/// The same for PyTorch 2: `x_train` and `y_train` are tensors.
pub fn pytorch(spec: &ModelSpec, config: &TrainConfig) -> String {
    let mut lines = vec!["import torch".into(), "from torch import nn".into(), String::new()];
    lines.push(format!("torch.manual_seed({})", config.seed));
    lines.push("model = nn.Sequential(".into());
    lines.push("    nn.Flatten(),".into());
    // Modules are numbered from the Flatten on.
    let mut number = 1;
    let (mut starts, mut penalties) = (Vec::new(), Vec::new());
    let widths = spec.widths();
    for (layer, pair) in spec.layers().iter().zip(widths.windows(2)) {
        match layer {
            LayerSpec::Dense(dense) => {
                starts.extend(torch_start(dense, number));
                if dense.l2 > 0.0 {
                    penalties.push(format!("{} * model[{number}].weight.square().sum()", dense.l2));
                }
                lines.push(format!("    nn.Linear({}, {}),", pair[0], pair[1]));
                number += 1;
                if let Some(module) = torch_activation(dense.activation) {
                    lines.push(format!("    {module},"));
                    number += 1;
                }
            }
            LayerSpec::BatchNormalization => {
                lines.push(format!("    nn.BatchNorm1d({}, eps=0.001, momentum=0.01),", pair[0]));
                number += 1;
            }
            LayerSpec::Dropout { rate } => {
                lines.push(format!("    nn.Dropout({rate}),"));
                number += 1;
            }
        }
    }
    lines.push(")  # softmax is part of the loss".into());
    lines.extend(starts);
    lines.push(String::new());
    lines.push("x, y = x_train / 255, y_train".into());
    let learned = match config.validation {
        0 => "len(x)".into(),
        one_in => format!("(len(x) - len(x) // {one_in})"),
    };
    lines.push(format!("learned = {learned}"));
    lines.push(format!("optimizer = {}", torch_optimizer(config)));
    let steps = format!("{} * -(-learned // {})", config.epochs, config.batch_size);
    let schedule = match config.schedule {
        Schedule::Constant => None,
        Schedule::StepDecay { parts, factor } => Some(format!("StepLR(optimizer, {steps} // {parts}, {factor})")),
        Schedule::Cosine { .. } => Some(format!("CosineAnnealingLR(optimizer, {steps})")),
        Schedule::OneCycle { rise, start, end } => Some(format!(
            "OneCycleLR(\n    optimizer, {}, {steps}, pct_start={rise}, div_factor={start}, final_div_factor={end},\n    cycle_momentum=False)",
            config.learning_rate
        )),
    };
    if let Some(schedule) = &schedule {
        lines.push(format!("schedule = torch.optim.lr_scheduler.{schedule}"));
    }
    lines.push(format!("for epoch in range({}):", config.epochs));
    lines.push("    model.train()".into());
    lines.push(format!("    for batch in torch.randperm(learned).split({}):", config.batch_size));
    let mut loss = match config.loss {
        Loss::CrossEntropy => "nn.functional.cross_entropy(model(x[batch]), y[batch])".into(),
        Loss::MeanSquaredError => format!(
            "nn.functional.mse_loss(model(x[batch]).softmax(1), nn.functional.one_hot(y[batch], {}).float())",
            spec.classes()
        ),
    };
    for penalty in penalties {
        loss = format!("{loss} + {penalty}");
    }
    lines.push(format!("        loss = {loss}"));
    lines.push("        optimizer.zero_grad()".into());
    lines.push("        loss.backward()".into());
    lines.push("        optimizer.step()".into());
    if schedule.is_some() {
        lines.push("        schedule.step()".into());
    }
    lines.join("\n") + "\n"
}

fn torch_start(dense: &DenseSpec, number: usize) -> Vec<String> {
    let weight = format!("model[{number}].weight");
    let start = match dense.initializer {
        Initializer::GlorotUniform => format!("nn.init.xavier_uniform_({weight})"),
        Initializer::HeUniform => format!("nn.init.kaiming_uniform_({weight}, nonlinearity=\"relu\")"),
        Initializer::Normal => format!("nn.init.normal_({weight}, std=0.05)"),
        Initializer::Zeros => format!("nn.init.zeros_({weight})"),
    };
    vec![start, format!("nn.init.zeros_(model[{number}].bias)")]
}

fn torch_activation(activation: Activation) -> Option<&'static str> {
    match activation {
        Activation::Linear => None,
        Activation::Sigmoid => Some("nn.Sigmoid()"),
        Activation::Relu => Some("nn.ReLU()"),
        Activation::Tanh => Some("nn.Tanh()"),
        Activation::LeakyRelu => Some("nn.LeakyReLU(0.01)"),
        Activation::Gelu => Some("nn.GELU(approximate=\"tanh\")"),
    }
}

fn torch_optimizer(config: &TrainConfig) -> String {
    let rate = config.learning_rate;
    let optimizer = match config.optimizer {
        Optimizer::Sgd => format!("SGD(model.parameters(), lr={rate})"),
        Optimizer::Momentum { momentum } => format!("SGD(model.parameters(), lr={rate}, momentum={momentum})"),
        Optimizer::Nesterov { momentum } => format!("SGD(model.parameters(), lr={rate}, momentum={momentum}, nesterov=True)"),
        Optimizer::RmsProp { rho, epsilon } => format!("RMSprop(model.parameters(), lr={rate}, alpha={rho}, eps={epsilon:e})"),
        Optimizer::Adam { beta1, beta2, epsilon } => {
            format!("Adam(model.parameters(), lr={rate}, betas=({beta1}, {beta2}), eps={epsilon:e})")
        }
        Optimizer::AdamW { beta1, beta2, epsilon, weight_decay } => format!(
            "AdamW(model.parameters(), lr={rate}, betas=({beta1}, {beta2}), eps={epsilon:e}, weight_decay={weight_decay})"
        ),
    };
    format!("torch.optim.{optimizer}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Each layer's lines are about it, in order, and nothing else in the program is.
    #[test]
    fn every_line_knows_its_layer() {
        let blocks = crate::stack::parse("64:leaky-relu,batchnorm,dropout:0.5,32:tanh").unwrap();
        let common = crate::stack::Common { activation: Activation::Relu, initializer: None, l2: 0.0 };
        let spec = ModelSpec::new(784, crate::stack::layers(&blocks, common, 10)).unwrap();
        let lines = keras_lines(&spec, &TrainConfig::PLAIN);
        let of = |part: Part| -> Vec<&str> { lines.iter().filter(|l| l.part == part).map(|l| l.text.trim()).collect() };
        assert_eq!(of(Part::Layer(0)).len(), 2, "Keras's LeakyReLU is a layer of its own: {:?}", of(Part::Layer(0)));
        assert!(of(Part::Layer(0))[0].starts_with("layers.Dense(64"));
        assert_eq!(of(Part::Layer(1)), ["layers.BatchNormalization(),"]);
        assert_eq!(of(Part::Layer(2)), ["layers.Dropout(0.5),"]);
        assert_eq!(of(Part::Layer(3)), ["layers.Dense(32, activation=\"tanh\"),"]);
        assert_eq!(of(Part::Layer(4)), ["layers.Dense(10, activation=\"softmax\"),"]);
        assert_eq!((of(Part::Input), of(Part::Flatten)), (vec!["keras.Input((28, 28)),"], vec!["layers.Flatten(),"]));
        assert_eq!(of(Part::Optimizer), ["rate = 0.1", "optimizer=keras.optimizers.SGD(rate),"]);
        assert!(of(Part::Fit)[0].contains("batch_size=32, epochs=5"));
        assert!(lines.iter().filter(|l| l.text.contains("layers.")).all(|l| l.part != Part::Frame || l.text.contains("import")));
    }

    #[test]
    fn the_summary_is_kerass() {
        let layers = vec![
            LayerSpec::Dense(DenseSpec::new(128, Activation::Relu)),
            LayerSpec::BatchNormalization,
            LayerSpec::Dropout { rate: 0.2 },
            LayerSpec::Dense(DenseSpec::new(10, Activation::Linear)),
        ];
        let summary = Summary::of(&ModelSpec::new(784, layers).unwrap());
        let rows: Vec<_> = summary.rows.iter().map(|row| (row.name.as_str(), row.outputs.as_slice(), row.parameters)).collect();
        let want: [(&str, &[usize], usize); 6] = [
            ("input", &[28, 28], 0),
            ("flatten", &[784], 0),
            ("dense", &[128], 100_480),
            ("batch_normalization", &[128], 512),
            ("dropout", &[128], 0),
            ("dense_1", &[10], 1290),
        ];
        assert_eq!(rows, want);
        // As Keras 3.15 prints it: 102,026 trainable, 256 non-trainable.
        assert_eq!((summary.trainable, summary.not_trainable), (102_026, 256));
    }
}
