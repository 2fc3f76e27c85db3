//! How each layer of a network is doing while it learns, and what is wrong, as rules: what a probe ([`crate::train`]) measured
//! goes in, warnings come out. Knows numbers only; what a warning says is the page's affair.

use crate::nn::{Activation, Loss, ModelSpec};
use crate::wire::{Decode, Encode};

/// Bars of a histogram.
pub const BINS: usize = 24;

/// How many of a layer's outputs lie where: equal bins from the least to the largest, or over all that the activation can give.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub struct Histogram {
    pub low: f32,
    pub high: f32,
    pub counts: [u32; BINS],
}

/// One layer with parameters of its own, Dense or batch normalization, over the images of the probe.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub struct LayerState {
    /// Root mean square of W without the biases; of a normalization's gamma.
    pub weights: f32,
    /// The same of the slope of what is trained on, along each of them: the mean loss of the probe's images, and the penalties.
    pub gradients: f32,
    /// The same of the way each of them has gone since the look before, divided by the steps in between; `None` at the first
    /// look. Steps to and fro cancel, so that this is the pace, not the length, of the way.
    pub updates: Option<f32>,
    /// The share of neurons that hardly learn, because their activation is flat where they are; `None` where it never is.
    pub stuck: Option<f32>,
    /// Of every neuron's output for every image.
    pub outputs: Histogram,
}

/// All layers after so many steps.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct Diagnosis {
    pub step: u64,
    /// Images that were looked at: always the same, as they are, spread over those that are learned from.
    pub images: u32,
    /// Mean loss of these images, as the network learns: with Dropout, normalized by them.
    pub loss: f32,
    /// The loss that the run began with: of its first mini-batch, or of these images before there was one.
    pub first_loss: f32,
    /// Input side first.
    pub layers: Vec<LayerState>,
}

/// How a neuron can be stuck.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// Off for every image.
    Dead,
    /// At one end of its range, for nearly every image.
    Saturated,
}

/// A slope below this is none: GELU's where z is below -3.1. ReLU's is exactly 0; leaky ReLU's 0.01 is a slope.
const NO_SLOPE: f32 = 0.01;
/// A sigmoid is saturated where its slope, averaged over the images, is less than so much of its steepest: about |z| > 4.4, tanh's
/// half. What a neuron learns is proportional to it, so it learns twenty times slower than it could.
const SATURATED: f32 = 0.05;

impl Stuck {
    /// How a neuron with this activation can be; `None` where the slope is never nothing.
    pub fn of(activation: Activation) -> Option<Stuck> {
        match activation {
            Activation::Relu | Activation::Gelu => Some(Stuck::Dead),
            Activation::Sigmoid | Activation::Tanh => Some(Stuck::Saturated),
            Activation::Linear | Activation::LeakyRelu => None,
        }
    }

    /// Whether a neuron with these slopes f'(z), one an image, is.
    fn is(self, activation: Activation, slopes: impl Iterator<Item = f32> + Clone) -> bool {
        match self {
            Stuck::Dead => slopes.into_iter().all(|slope| slope.abs() < NO_SLOPE),
            Stuck::Saturated => {
                let images = slopes.clone().count().max(1) as f32;
                let steepest = activation.derivative(activation.apply(0.0f32));
                slopes.sum::<f32>() / images < SATURATED * steepest
            }
        }
    }

    /// The share of `units` neurons that are, by what was kept of the forward pass for the derivative, row by row an image.
    pub fn share(activation: Activation, kept: &[f32], units: usize) -> Option<f32> {
        let stuck = Stuck::of(activation)?;
        let slopes = |unit: usize| kept.iter().skip(unit).step_by(units).map(|kept| activation.derivative(*kept));
        let count = (0..units).filter(|unit| stuck.is(activation, slopes(*unit))).count();
        Some(count as f32 / units.max(1) as f32)
    }
}

impl Histogram {
    /// Of these outputs of that activation. What is not finite is not counted.
    pub fn of(activation: Activation, values: &[f32]) -> Histogram {
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        let (low, high) = match activation {
            Activation::Sigmoid => (0.0, 1.0),
            Activation::Tanh => (-1.0, 1.0),
            _ => (finite().fold(f32::INFINITY, f32::min), finite().fold(f32::NEG_INFINITY, f32::max)),
        };
        let (low, high) = if low <= high { (low, high) } else { (0.0, 0.0) };
        let mut counts = [0; BINS];
        let scale = BINS as f32 / (high - low).max(f32::MIN_POSITIVE);
        for value in finite() {
            // Where all are alike, the difference is nothing, and they are in the first bin.
            counts[(((value - low) * scale) as usize).min(BINS - 1)] += 1;
        }
        Histogram { low, high, counts }
    }

    /// The fullest bin: where it begins and ends, and the share of all that is in it.
    pub fn fullest(&self) -> (f32, f32, f32) {
        let (bin, most) = self.counts.iter().enumerate().fold((0, 0), |best, (i, n)| if *n > best.1 { (i, *n) } else { best });
        let edge = |bin: usize| self.low + (self.high - self.low) * bin as f32 / BINS as f32;
        let all = self.counts.iter().sum::<u32>().max(1);
        (edge(bin), edge(bin + 1), most as f32 / all as f32)
    }
}

/// The square root of the mean of the squares; 0 of nothing.
pub fn rms(values: impl Iterator<Item = f32>) -> f32 {
    let (n, sum) = values.fold((0u64, 0.0f64), |(n, sum), value| (n + 1, sum + f64::from(value) * f64::from(value)));
    (sum / n.max(1) as f64).sqrt() as f32
}

/// Where a size stands between 1e-7 and 1 by its decades, 0 to 1: how long a bar is.
pub fn on_log_scale(size: f32) -> f32 {
    ((size.log10() + 7.0) / 7.0).clamp(0.0, 1.0)
}

/// What is wrong. A layer is named by its place in [`Diagnosis::layers`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Warning {
    /// The loss goes up instead of down.
    Exploding,
    /// Most of a layer's neurons are off for every image.
    Dead { layer: usize },
    /// Most of a layer's neurons are at one end of their range.
    Saturated { layer: usize },
    /// The first layer's gradient is next to nothing beside the largest.
    Vanishing,
    /// At this pace the weights will hardly have moved by the end of the run.
    Slow,
}

impl Warning {
    /// Stable name: `data-warning`, and `warning-<name>` in the locale files.
    pub fn name(self) -> &'static str {
        match self {
            Warning::Exploding => "exploding",
            Warning::Dead { .. } => "dead",
            Warning::Saturated { .. } => "saturated",
            Warning::Vanishing => "vanishing",
            Warning::Slow => "slow",
        }
    }

    /// The lesson that explains it.
    pub fn lesson(self) -> &'static str {
        match self {
            Warning::Exploding | Warning::Slow => "gradient-descent",
            Warning::Dead { .. } | Warning::Saturated { .. } => "break-it",
            Warning::Vanishing => "backpropagation",
        }
    }
}

/// A loss this many times that of guessing evenly is worse than any beginning: for cross-entropy and ten classes 4.6, where the
/// right digit is given one in a hundred. And as many times what the run began with, since weights may begin badly and get
/// better.
pub const EXPLODED: f32 = 2.0;
/// Of a layer that many neurons must be stuck. Measured on MNIST: the slides' network at a rate of 3 learns well with 62 %
/// saturated, at 6 and 10 worse, with 88 % and more; the race's at a rate eight times too high reads two in a hundred less, with
/// 73 % dead. At the presets' own rates it is 4 % at most.
pub const STUCK: f32 = 0.7;
/// The first layer's gradient is smaller than the largest one by so much. A sigmoid's slope is at most 1/4, so four in a row
/// leave less than 1/256. Measured on MNIST: networks that learn at once stay within 1/40; three sigmoid layers begin with 1/90,
/// slowly; six with 1/7,000, and do not learn.
pub const VANISHED: f32 = 0.01;
/// In a whole run no layer's weights would move by so much of their size. Measured on MNIST: networks that learn move by more
/// than all of it in their first epochs; the slides' at a rate of 0.0001, which reads 30 %, by 0.08.
pub const MOVED: f32 = 0.1;
/// Steps before the pace means anything: momentum and schedules begin slowly.
const SETTLED: u64 = 50;

/// What the rules have to know of a run.
#[derive(Clone, Copy, Debug)]
pub struct Plan<'a> {
    pub spec: &'a ModelSpec,
    pub loss: Loss,
    /// Steps of the whole run; 0 while that is not known.
    pub steps: u64,
}

/// What is wrong, the worst first.
pub fn warnings(diagnosis: &Diagnosis, plan: Plan) -> Vec<Warning> {
    let activations = crate::explain::inside::kinds(plan.spec).into_iter().map(|kind| kind.activation());
    let layers: Vec<(&LayerState, Activation)> = diagnosis.layers.iter().zip(activations).collect();
    let mut found = Vec::new();
    let guessing = plan.loss.of_guessing(plan.spec.classes());
    // Written so that a loss that is no number counts as one that exploded.
    let is_sound = diagnosis.loss <= EXPLODED * guessing || diagnosis.loss <= EXPLODED * diagnosis.first_loss;
    if !is_sound {
        found.push(Warning::Exploding);
    }
    for kind in [Stuck::Dead, Stuck::Saturated] {
        let of_kind = layers.iter().enumerate().filter(|(_, (_, activation))| Stuck::of(*activation) == Some(kind));
        let worst = of_kind.max_by(|(_, (a, _)), (_, (b, _))| a.stuck.unwrap_or(0.0).total_cmp(&b.stuck.unwrap_or(0.0)));
        if let Some((layer, _)) = worst.filter(|(_, (state, _))| state.stuck.unwrap_or(0.0) > STUCK) {
            found.push(if kind == Stuck::Dead { Warning::Dead { layer } } else { Warning::Saturated { layer } });
        }
    }
    let largest = layers.iter().map(|(state, _)| state.gradients).fold(0.0, f32::max);
    let first = layers.first().map_or(0.0, |(state, _)| state.gradients);
    let is_stuck = found.iter().any(|warning| matches!(warning, Warning::Dead { .. } | Warning::Saturated { .. }));
    if layers.len() > 2 && !is_stuck && first < VANISHED * largest {
        found.push(Warning::Vanishing);
    }
    // What has learned may rest; and what is stuck has been said.
    if found.is_empty() && diagnosis.step >= SETTLED && diagnosis.loss > guessing / 2.0 {
        let pace = |state: &LayerState| state.updates.map(|updates| updates / state.weights.max(f32::MIN_POSITIVE));
        let fastest = layers.iter().filter_map(|(state, _)| pace(state)).reduce(f32::max);
        if plan.steps > 0 && fastest.is_some_and(|fastest| fastest * plan.steps as f32 <= MOVED) {
            found.push(Warning::Slow);
        }
    }
    found
}
