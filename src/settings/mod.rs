//! What a person can choose, with its limits, its defaults and its names in the address
//! (`?layers=128,64&activation=relu&...`). The panel and the address go through the same [`Settings::set`].
//! Knows no browser, so it is tested natively.

mod presets;

pub use presets::{PRESETS, Preset};

use crate::choice::BackendChoice;
use crate::data::{Origin, Subject};
use crate::nn::{Activation, Initializer, Loss, MAX_L2, ModelSpec, Optimizer};
use crate::stack::{self, Block, Common};
use crate::train::{Schedule, TrainConfig};
use crate::{Error, Result};
use std::fmt::Display;
use std::ops::RangeInclusive;
use std::str::FromStr;

/// Every setting's name in the address. A preset comes first, so that the others change it; the data set before the layers, whose
/// ends it sets; the optimizer comes before the
/// learning rate, because it brings its usual one.
pub const NAMES: [&str; 18] = [
    "preset",
    "data",
    "layers",
    "activation",
    "initializer",
    "l2",
    "loss",
    "optimizer",
    "lr",
    "schedule",
    "batch",
    "epochs",
    "validation",
    "patience",
    "augment",
    "seed",
    "backend",
    "workers",
];

const LEARNING_RATE: RangeInclusive<f32> = 0.000_001..=TrainConfig::MAX_LEARNING_RATE;
const BATCH: RangeInclusive<usize> = 1..=TrainConfig::MAX_BATCH_SIZE;
const L2: RangeInclusive<f32> = 0.0..=MAX_L2;
const PATIENCE: RangeInclusive<u32> = 0..=TrainConfig::MAX_EPOCHS;
const EPOCHS: RangeInclusive<u32> = 1..=TrainConfig::MAX_EPOCHS;
/// JavaScript's largest exact integer is 2^53 - 1; what fits 32 bits is also easy to read aloud.
pub const SEED: RangeInclusive<u64> = 0..=u32::MAX as u64;
const WORKERS: RangeInclusive<usize> = 1..=16;

/// The initializer that goes with each layer's activation.
const AUTO: &str = "auto";

/// What a switch is, as the address says it.
pub fn switch(on: bool) -> &'static str {
    if on { "on" } else { "off" }
}

/// Everything chosen, always valid.
#[derive(Clone, Debug, PartialEq)]
pub struct Settings {
    /// What is learned from.
    pub data: Origin,
    /// What stands between the image and the classes; empty for nothing.
    pub layers: Vec<Block>,
    /// Of every hidden layer that says no other.
    pub activation: Activation,
    /// Of every layer that says no other; `None` for the one that goes with its activation.
    pub initializer: Option<Initializer>,
    /// Of every layer that says no other.
    pub l2: f32,
    pub loss: Loss,
    pub optimizer: Optimizer,
    /// The highest one, where the schedule changes it.
    pub learning_rate: f32,
    pub schedule: Schedule,
    pub batch_size: usize,
    pub epochs: u32,
    /// Of so many training images one is kept aside to validate on; 0 for none.
    pub validation: u32,
    /// Epochs without a smaller validation loss after which training ends; 0 for never.
    pub patience: u32,
    /// Change every image at random.
    pub augment: bool,
    pub seed: u64,
    pub backend: BackendChoice,
    /// How many workers share the CPU's work; `None` leaves it to the page.
    pub workers: Option<usize>,
}

impl Default for Settings {
    /// The first preset.
    fn default() -> Settings {
        Settings {
            data: Origin::Mnist,
            layers: vec![Block::dense(128)],
            activation: Activation::Sigmoid,
            initializer: None,
            l2: 0.0,
            loss: Loss::CrossEntropy,
            optimizer: Optimizer::Sgd,
            learning_rate: Optimizer::Sgd.usual_learning_rate(),
            schedule: Schedule::Constant,
            batch_size: 32,
            epochs: 5,
            validation: TrainConfig::PLAIN.validation,
            patience: 0,
            augment: false,
            seed: 1,
            backend: BackendChoice::Auto,
            workers: None,
        }
    }
}

impl Settings {
    /// The settings that an address's parameters say. A bad value is left at its default and reported; a parameter that is
    /// no setting (`lang`) is none of this file's business.
    pub fn from_address(parameters: &[(String, String)]) -> (Settings, Vec<Error>) {
        let mut settings = Settings::default();
        let errors = NAMES
            .into_iter()
            .filter_map(|name| {
                let (_, value) = parameters.iter().find(|(key, _)| key == name)?;
                settings.set(name, value).err()
            })
            .collect();
        (settings, errors)
    }

    /// Parameters for an address that leads to these settings.
    pub fn to_address(&self) -> Vec<(&'static str, String)> {
        NAMES
            .into_iter()
            .map(|name| (name, self.get(name)))
            .filter(|(name, value)| match *name {
                // The settings themselves say it, also to a later version with other presets.
                "preset" => false,
                "layers" | "activation" | "optimizer" | "lr" | "schedule" | "batch" | "epochs" | "augment" | "seed" => true,
                _ => *value != Settings::default().get(name),
            })
            .collect()
    }

    /// The same as the query of an address, without its question mark.
    pub fn to_query(&self) -> String {
        self.to_address().into_iter().map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
    }

    /// The value of setting `name` as text; empty for a name that is none.
    pub fn get(&self, name: &str) -> String {
        match name {
            "preset" => self.preset().map_or("", |preset| preset.name).into(),
            "data" => self.data.to_string(),
            "layers" => stack::to_text(&self.layers),
            "activation" => self.activation.name().into(),
            "initializer" => self.initializer.map_or(AUTO, Initializer::name).into(),
            "l2" => self.l2.to_string(),
            "loss" => self.loss.name().into(),
            "optimizer" => self.optimizer.name().into(),
            "lr" => self.learning_rate.to_string(),
            "schedule" => self.schedule.name().into(),
            "batch" => self.batch_size.to_string(),
            "epochs" => self.epochs.to_string(),
            "validation" => share(self.validation),
            "patience" => self.patience.to_string(),
            "augment" => switch(self.augment).into(),
            "seed" => self.seed.to_string(),
            "backend" => self.backend.name().into(),
            "workers" => self.workers.map(|n| n.to_string()).unwrap_or_default(),
            _ => String::new(),
        }
    }

    /// Sets `name` to what `text` says. A new optimizer brings its usual learning rate, unless another was chosen.
    ///
    /// Errors, and changes nothing, when the value is none or out of range.
    pub fn set(&mut self, name: &str, text: &str) -> Result<()> {
        let text = text.trim();
        match name {
            "preset" => *self = self.with_preset(text)?,
            "data" => {
                let data = Origin::parse(text)?;
                Settings { data, ..self.clone() }.spec()?;
                self.data = data;
            }
            "layers" => {
                let layers = stack::parse(text)?;
                Settings { layers: layers.clone(), ..self.clone() }.spec()?;
                self.layers = layers;
            }
            "activation" => self.activation = Activation::parse(text)?,
            "initializer" if text == AUTO => self.initializer = None,
            "initializer" => self.initializer = Some(Initializer::parse(text)?),
            "l2" => self.l2 = parse_in(name, text, L2)?,
            "loss" => self.loss = Loss::parse(text)?,
            "optimizer" => {
                let optimizer = Optimizer::parse(text)?;
                if self.learning_rate == self.optimizer.usual_learning_rate() {
                    self.learning_rate = optimizer.usual_learning_rate();
                }
                self.optimizer = optimizer;
            }
            "lr" => self.learning_rate = parse_in(name, text, LEARNING_RATE)?,
            "schedule" => self.schedule = Schedule::parse(text)?,
            "batch" => self.batch_size = parse_in(name, text, BATCH)?,
            "epochs" => self.epochs = parse_in(name, text, EPOCHS)?,
            "validation" => {
                let share = VALIDATION.into_iter().find(|n| share(*n) == text).ok_or_else(|| Error::Setting {
                    name: name.into(),
                    value: text.into(),
                    allowed: VALIDATION.map(share).join(", "),
                })?;
                self.validation = share;
                if share == 0 {
                    // Nothing is left to tell when it no longer gets better.
                    self.patience = 0;
                }
            }
            "patience" => {
                self.patience = parse_in(name, text, if self.validation == 0 { 0..=0 } else { PATIENCE })?;
            }
            "augment" => {
                let switches = [false, true].map(switch);
                let not_one = || Error::Setting { name: name.into(), value: text.into(), allowed: switches.join(", ") };
                self.augment = switches.iter().position(|value| *value == text).ok_or_else(not_one)? == 1;
            }
            "seed" => self.seed = parse_in(name, text, SEED)?,
            "backend" => self.backend = BackendChoice::parse(text)?,
            "workers" if text.is_empty() => self.workers = None,
            "workers" => self.workers = Some(parse_in(name, text, WORKERS)?),
            _ => return Err(Error::Setting { name: name.into(), value: text.into(), allowed: NAMES.join(", ") }),
        }
        Ok(())
    }

    /// The preset that these settings agree with, if there is one.
    pub fn preset(&self) -> Option<&'static Preset> {
        PRESETS.iter().find(|preset| preset.settings.iter().all(|(name, value)| self.get(name) == *value))
    }

    fn with_preset(&self, name: &str) -> Result<Settings> {
        let preset = PRESETS.iter().find(|preset| preset.name == name).ok_or_else(|| Error::Setting {
            name: "preset".into(),
            value: name.into(),
            allowed: PRESETS.each_ref().map(|preset| preset.name).join(", "),
        })?;
        let mut settings = self.clone();
        preset.settings.iter().try_for_each(|(name, value)| settings.set(name, value))?;
        Ok(settings)
    }

    /// The network that these settings describe.
    ///
    /// Errors as [`ModelSpec::new`], which [`Settings::set`] has already ruled out.
    pub fn spec(&self) -> Result<ModelSpec> {
        let Settings { activation, initializer, l2, .. } = *self;
        let subject = self.subject();
        let layers = stack::layers(&self.layers, Common { activation, initializer, l2 }, subject.count());
        ModelSpec::new(subject.inputs(), layers)
    }

    /// What the images are that the network reads.
    pub fn subject(&self) -> Subject {
        self.data.subject()
    }

    /// How it is trained.
    pub fn config(&self) -> TrainConfig {
        TrainConfig {
            loss: self.loss,
            validation: self.validation,
            patience: self.patience,
            optimizer: self.optimizer,
            learning_rate: self.learning_rate,
            schedule: self.schedule,
            batch_size: self.batch_size,
            epochs: self.epochs,
            seed: self.seed,
            augment: self.augment,
            ..TrainConfig::PLAIN
        }
    }
}

/// Of so many images one is validated on, as a person can choose.
pub const VALIDATION: [u32; 6] = [0, 60, 12, 6, 4, 2];

/// `1/12`, or `0` for none.
fn share(one_in: u32) -> String {
    if one_in == 0 { "0".into() } else { format!("1/{one_in}") }
}

fn parse_in<T: FromStr + PartialOrd + Display>(name: &str, text: &str, range: RangeInclusive<T>) -> Result<T> {
    text.parse().ok().filter(|value| range.contains(value)).ok_or_else(|| Error::Setting {
        name: name.into(),
        value: text.into(),
        allowed: format!("{} – {}", range.start(), range.end()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn address(text: &str) -> Vec<(String, String)> {
        text.split('&').filter_map(|pair| pair.split_once('=')).map(|(k, v)| (k.to_string(), v.to_string())).collect()
    }

    #[test]
    fn an_address_says_every_setting() {
        let parameters = address(
            "layers=128,64&activation=relu&optimizer=adam&lr=0.002&schedule=one-cycle&batch=64&epochs=3&augment=on&seed=7&backend=cpu&workers=2&lang=en",
        );
        let (settings, errors) = Settings::from_address(&parameters);
        assert_eq!(errors, []);
        assert_eq!(settings.layers, [Block::dense(128), Block::dense(64)]);
        assert_eq!(settings.activation, Activation::Relu);
        assert_eq!(settings.optimizer.name(), "adam");
        assert_eq!((settings.config().learning_rate, settings.config().schedule.name()), (0.002, "one-cycle"));
        assert_eq!((settings.batch_size, settings.epochs, settings.seed), (64, 3, 7));
        assert!(settings.augment && settings.config().augment && !Settings::default().augment);
        assert_eq!((settings.backend, settings.workers), (BackendChoice::Cpu, Some(2)));
        assert_eq!(settings.spec().unwrap().sizes(), [784, 128, 64, 10]);
    }

    #[test]
    fn a_preset_sets_what_it_names_and_can_be_changed() {
        assert_eq!(Settings::default().get("preset"), PRESETS[0].name);
        for preset in &PRESETS {
            let (settings, errors) = Settings::from_address(&address(&format!("seed=7&workers=3&preset={}", preset.name)));
            assert_eq!(errors, []);
            assert_eq!(settings.get("preset"), preset.name);
            assert_eq!((settings.seed, settings.workers), (7, Some(3)));
            let changed = format!("epochs=9&preset={}", preset.name);
            let (changed, _) = Settings::from_address(&address(&changed));
            assert_eq!((changed.epochs, changed.get("preset").as_str()), (9, ""));
            assert_eq!(Settings { epochs: settings.epochs, seed: 7, workers: Some(3), ..changed }, settings);
        }
    }

    #[test]
    fn settings_survive_the_address() {
        for text in [
            "",
            "layers=&activation=tanh",
            "optimizer=momentum&workers=3&backend=webgpu",
            "lr=0.000123&seed=4294967295&augment=on",
            "layers=dropout:0.1,64:tanh:he:l2=0.01,batchnorm&initializer=normal&l2=0.0001&loss=mse&validation=1/6&patience=3",
            "validation=0",
            "data=fashion",
            "layers=8&data=own:16:3:0000beef",
        ] {
            let (settings, errors) = Settings::from_address(&address(text));
            assert_eq!(errors, []);
            let parameters: Vec<_> = settings.to_address().into_iter().map(|(k, v)| (k.to_string(), v)).collect();
            assert_eq!(Settings::from_address(&parameters), (settings, vec![]));
        }
    }

    #[test]
    fn a_bad_value_is_named_and_left_at_its_default() {
        for (name, value) in [
            ("preset", "magic"),
            ("preset", ""),
            ("data", "imagenet"),
            ("data", "own:65:3"),
            ("layers", "0"),
            ("layers", "12,x"),
            ("layers", "5000"),
            ("layers", "1,1,1,1,1,1,1,1,1"),
            ("activation", "step"),
            ("optimizer", "magic"),
            ("lr", "0"),
            ("lr", "-1"),
            ("lr", "NaN"),
            ("lr", "inf"),
            ("schedule", "linear"),
            ("batch", "0"),
            ("batch", "1.5"),
            ("epochs", "1001"),
            ("augment", "maybe"),
            ("initializer", "random"),
            ("l2", "-1"),
            ("loss", "hinge"),
            ("validation", "1/3"),
            ("patience", "-1"),
            ("layers", "dropout:2"),
            ("seed", "-1"),
            ("backend", "tpu"),
            ("workers", "0"),
            ("workers", "99"),
        ] {
            let (settings, errors) = Settings::from_address(&[(name.into(), value.into())]);
            assert_eq!(settings, Settings::default(), "{name}={value}");
            assert_eq!(errors.len(), 1, "{name}={value}");
            assert!(matches!(&errors[0], Error::Setting { .. }), "{name}={value}");
        }
    }

    #[test]
    fn the_data_set_sets_both_ends_of_the_network() {
        let sizes = |query: &str| Settings::from_address(&address(query)).0.spec().unwrap().sizes();
        assert_eq!(sizes("layers=20"), [784, 20, 10]);
        assert_eq!(sizes("layers=20&data=fashion"), [784, 20, 10]);
        assert_eq!(sizes("layers=20&data=mine"), [784, 20, 10]);
        assert_eq!(sizes("layers=20&data=own:16:3"), [256, 20, 3]);
        let query = |query: &str| Settings::from_address(&address(query)).0.to_query();
        assert!(!query("").contains("data="), "older links and newer ones are the same");
        assert!(query("data=own:16:3").contains("data=own:16:3"));
        let (settings, errors) = Settings::from_address(&address("data=own:64:3"));
        assert_eq!((settings.spec().unwrap().inputs(), errors), (4096, vec![]));
    }

    #[test]
    fn without_validation_nothing_tells_when_to_stop() {
        let mut settings = Settings::default();
        settings.set("patience", "3").unwrap();
        settings.set("validation", "0").unwrap();
        assert_eq!((settings.patience, settings.validation), (0, 0));
        assert!(settings.set("patience", "3").is_err());
        settings.set("validation", "1/6").unwrap();
        settings.set("patience", "3").unwrap();
        assert_eq!(settings.config().check().map(|config| (config.patience, config.validation)), Ok((3, 6)));
    }

    #[test]
    fn layers_are_forgiving_about_how_they_are_typed() {
        let mut settings = Settings::default();
        for (text, layers) in [("128, 64", "128,64"), ("128\u{ff0c}64", "128,64"), ("", ""), (" 30 ", "30")] {
            settings.set("layers", text).unwrap();
            assert_eq!(settings.get("layers"), layers);
        }
    }

    #[test]
    fn an_optimizer_brings_its_usual_learning_rate_unless_one_was_chosen() {
        let mut settings = Settings::default();
        settings.set("optimizer", "adam").unwrap();
        assert_eq!(settings.learning_rate, 0.001);
        settings.set("lr", "0.02").unwrap();
        settings.set("optimizer", "sgd").unwrap();
        assert_eq!(settings.learning_rate, 0.02);
        let (settings, _) = Settings::from_address(&address("lr=0.3&optimizer=adam"));
        assert_eq!(settings.learning_rate, 0.3);
    }
}
