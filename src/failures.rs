//! Networks that do not learn, on purpose, and what may help: experiments as settings, and when one counts as cured. Knows
//! neither browser nor worker.

use crate::settings::Settings;

/// What is broken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// All first weights are zero: every neuron of a layer computes the same, for ever.
    Zeros,
    /// The learning rate is so high that every step leaps over the valley.
    HighRate,
    /// One leap has made all z of the ReLU neurons negative: slope 0, nothing comes back.
    DeadRelu,
    /// Six layers of sigmoid: each slope is a quarter at most, so that hardly anything reaches the first layer.
    DeepSigmoid,
    /// The labels are shuffled: the network can only memorize.
    ShuffledLabels,
    /// It has seen only digits that stand in the middle, upright.
    NoAugmentation,
}

/// What may help.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Remedy {
    RandomWeights,
    LowerRate,
    Relu,
    TrueLabels,
    Augmentation,
}

/// A run that shows a failure, or what became of it with a remedy.
#[derive(Clone, Debug, PartialEq)]
pub struct Experiment {
    pub settings: Settings,
    /// Learn from so many images alone, and validate on as many; `None` for all.
    pub sample: Option<u32>,
    pub shuffle_labels: bool,
}

/// What an experiment came to; shares from 0 to 1.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Outcome {
    /// Of validation images read right.
    pub validation: f32,
    /// Of test images read right that were shifted by two pixels.
    pub shifted: f32,
}

/// Read right by a network that has learned.
const LEARNED: f32 = 0.8;

impl Failure {
    /// Every failure.
    pub const ALL: [Failure; 6] = [
        Failure::Zeros,
        Failure::HighRate,
        Failure::DeadRelu,
        Failure::DeepSigmoid,
        Failure::ShuffledLabels,
        Failure::NoAugmentation,
    ];

    /// Stable name.
    pub fn name(self) -> &'static str {
        match self {
            Failure::Zeros => "zeros",
            Failure::HighRate => "high-rate",
            Failure::DeadRelu => "dead-relu",
            Failure::DeepSigmoid => "deep-sigmoid",
            Failure::ShuffledLabels => "shuffled-labels",
            Failure::NoAugmentation => "no-augmentation",
        }
    }

    /// The failure of that name.
    pub fn parse(name: &str) -> Option<Failure> {
        Failure::ALL.into_iter().find(|failure| failure.name() == name)
    }

    /// The run that shows it.
    pub fn experiment(self) -> Experiment {
        let chosen: &[(&str, &str)] = match self {
            Failure::Zeros => &[("layers", "32"), ("initializer", "zeros"), ("epochs", "1")],
            Failure::HighRate => &[("layers", "32"), ("lr", "30"), ("epochs", "1")],
            Failure::DeadRelu => &[("layers", "32"), ("activation", "relu"), ("lr", "3"), ("epochs", "1")],
            Failure::DeepSigmoid => &[("preset", "deep-sigmoid"), ("epochs", "1")],
            Failure::ShuffledLabels => {
                &[("layers", "256"), ("activation", "relu"), ("optimizer", "adam"), ("validation", "1/2"), ("epochs", "50")]
            }
            Failure::NoAugmentation => {
                &[("layers", "64"), ("activation", "relu"), ("optimizer", "adam"), ("batch", "64"), ("epochs", "3")]
            }
        };
        let mut settings = Settings::default();
        for (name, value) in chosen {
            // A test holds that each is one.
            let _ = settings.set(name, value);
        }
        let is_sample = self == Failure::ShuffledLabels;
        Experiment { settings, sample: is_sample.then_some(1000), shuffle_labels: is_sample }
    }

    /// What helps.
    pub fn remedy(self) -> Remedy {
        match self {
            Failure::Zeros => Remedy::RandomWeights,
            Failure::HighRate | Failure::DeadRelu => Remedy::LowerRate,
            Failure::DeepSigmoid => Remedy::Relu,
            Failure::ShuffledLabels => Remedy::TrueLabels,
            Failure::NoAugmentation => Remedy::Augmentation,
        }
    }

    /// Whether an outcome shows nothing of it any more.
    pub fn is_cured(self, outcome: Outcome) -> bool {
        let share = if self == Failure::NoAugmentation { outcome.shifted } else { outcome.validation };
        share >= LEARNED
    }
}

impl Remedy {
    /// Every remedy.
    pub const ALL: [Remedy; 5] =
        [Remedy::RandomWeights, Remedy::LowerRate, Remedy::Relu, Remedy::TrueLabels, Remedy::Augmentation];

    /// Stable name.
    pub fn name(self) -> &'static str {
        match self {
            Remedy::RandomWeights => "random-weights",
            Remedy::LowerRate => "lower-rate",
            Remedy::Relu => "relu",
            Remedy::TrueLabels => "true-labels",
            Remedy::Augmentation => "augmentation",
        }
    }

    /// The remedy of that name.
    pub fn parse(name: &str) -> Option<Remedy> {
        Remedy::ALL.into_iter().find(|remedy| remedy.name() == name)
    }

    /// The same experiment with it; where the failure has another reason it changes little.
    pub fn apply(self, experiment: &Experiment) -> Experiment {
        let mut experiment = experiment.clone();
        let settings = &mut experiment.settings;
        let usual = settings.optimizer.usual_learning_rate();
        let changed = match self {
            Remedy::RandomWeights => settings.set("initializer", "auto"),
            Remedy::LowerRate => settings.set("lr", &usual.to_string()),
            Remedy::Relu => settings.set("activation", "relu"),
            Remedy::Augmentation => settings.set("augment", "on"),
            Remedy::TrueLabels => {
                experiment.shuffle_labels = false;
                Ok(())
            }
        };
        debug_assert!(changed.is_ok());
        experiment
    }
}
