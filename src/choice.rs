//! Which backend trains, and why: what a person asks for, what a race between the two showed, and how that is remembered.
//! Nothing is opened or measured here.

use crate::backend::{BackendInfo, BackendKind, Tuning};
use crate::error::{Error, GpuReason};
use crate::nn::ModelSpec;
use crate::train::TrainConfig;

/// Which backend a person asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackendChoice {
    /// The one that wins a race, if there are two.
    Auto,
    Cpu,
    WebGpu,
}

impl BackendChoice {
    /// Every choice, the default first.
    pub const ALL: [BackendChoice; 3] = [BackendChoice::Auto, BackendChoice::Cpu, BackendChoice::WebGpu];

    /// As settings and the address say it.
    pub fn name(self) -> &'static str {
        match self {
            BackendChoice::Auto => "auto",
            BackendChoice::Cpu => "cpu",
            BackendChoice::WebGpu => "webgpu",
        }
    }

    /// The choice of that name.
    ///
    /// Errors when there is none.
    pub fn parse(name: &str) -> crate::Result<BackendChoice> {
        BackendChoice::ALL.into_iter().find(|b| b.name() == name).ok_or_else(|| Error::Setting {
            name: "backend".into(),
            value: name.into(),
            allowed: BackendChoice::ALL.map(BackendChoice::name).join(", "),
        })
    }
}

/// What trains, and why.
#[derive(Clone, Debug, PartialEq)]
pub struct Chosen {
    pub backend: BackendInfo,
    pub tuning: Tuning,
    pub why: Why,
}

/// The name under which it is kept how an adapter is tuned for such a network. Another version of this crate tunes anew.
pub fn tuning_name(adapter: &str, spec: &ModelSpec, config: &TrainConfig) -> String {
    format!("inkling-tuning {} {adapter}, {}, {}", env!("CARGO_PKG_VERSION"), sizes(spec), config.batch_size)
}

fn sizes(spec: &ModelSpec) -> String {
    spec.sizes().iter().map(usize::to_string).collect::<Vec<_>>().join("-")
}

/// Why a backend trains.
#[derive(Clone, Debug, PartialEq)]
pub enum Why {
    /// It was asked for.
    Asked,
    /// WebGPU can't be used.
    NoGpu(GpuReason),
    /// It won.
    Race(Race),
}

impl Why {
    /// Why it is not WebGPU, as `data-backend-reason` says it; empty if it is, or if the CPU was asked for.
    pub fn code(&self) -> &'static str {
        match self {
            Why::NoGpu(reason) => reason.code(),
            Why::Race(race) if race.winner() == BackendKind::Cpu => "slower",
            Why::Race(_) | Why::Asked => "",
        }
    }
}

/// What trains from which network how fast.
#[derive(Clone, Debug, PartialEq)]
pub struct Race {
    /// The WebGPU adapter's name.
    pub adapter: String,
    /// CPU workers.
    pub workers: usize,
    /// Images a second on the CPU.
    pub cpu: u64,
    /// Images a second on WebGPU; `None` when it was not ready within the time that it was given.
    pub webgpu: Option<u64>,
    /// Whether it took place on an earlier visit.
    pub remembered: bool,
}

impl Race {
    /// Who trains.
    pub fn winner(&self) -> BackendKind {
        if self.webgpu.is_some_and(|webgpu| webgpu > self.cpu) { BackendKind::WebGpu } else { BackendKind::Cpu }
    }

    /// How many times as fast as the loser the winner is, to one decimal, such as "3.1"; `None` when WebGPU was not ready in
    /// time.
    pub fn ratio(&self) -> Option<String> {
        let webgpu = self.webgpu?;
        let (slow, fast) = (webgpu.min(self.cpu).max(1), webgpu.max(self.cpu));
        let tenths = (10 * fast + slow / 2) / slow;
        Some(format!("{}.{}", tenths / 10, tenths % 10))
    }

    /// The name under which such a race's result is kept. Another version of this crate races anew.
    pub fn name(adapter: &str, workers: usize, spec: &ModelSpec, config: &TrainConfig) -> String {
        let sizes = sizes(spec);
        let (version, batch) = (env!("CARGO_PKG_VERSION"), config.batch_size);
        let augmented = if config.augment { ", augmented" } else { "" };
        format!("inkling-race {version} {adapter}, {workers} workers, {sizes}, {}, {batch}{augmented}", config.optimizer.name())
    }

    /// What is kept: both rates, the second one empty if there is none.
    pub fn result(&self) -> String {
        format!("{} {}", self.cpu, self.webgpu.map(|rate| rate.to_string()).unwrap_or_default())
    }

    /// The race that was kept as `result`; `None` if that is none.
    pub fn remembered(adapter: &str, workers: usize, result: &str) -> Option<Race> {
        let (cpu, webgpu) = result.split_once(' ')?;
        // What nothing reaches was not measured.
        let rate = |text: &str| text.parse::<u64>().ok().filter(|rate| *rate <= 1_000_000_000_000);
        let webgpu = if webgpu.is_empty() { None } else { Some(rate(webgpu)?) };
        Some(Race { adapter: adapter.into(), workers, cpu: rate(cpu)?, webgpu, remembered: true })
    }
}

impl std::fmt::Display for Why {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Why::Asked => Ok(()),
            Why::NoGpu(reason) => write!(f, "{reason}"),
            Why::Race(race) => match (race.winner(), race.ratio()) {
                (BackendKind::WebGpu, Some(ratio)) => {
                    write!(f, "WebGPU on {}: {ratio} times as fast here as the CPU", race.adapter)
                }
                (_, Some(ratio)) => write!(f, "CPU: {ratio} times as fast here as WebGPU on {}", race.adapter),
                (_, None) => write!(f, "CPU: WebGPU on {} was not ready in time", race.adapter),
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn race(webgpu: Option<u64>) -> Race {
        Race { adapter: "google swiftshader".into(), workers: 2, cpu: 300_000, webgpu, remembered: true }
    }

    #[test]
    fn the_faster_one_trains() {
        for (webgpu, winner, ratio, code) in [
            (Some(600_000), BackendKind::WebGpu, Some("2.0"), ""),
            (Some(97_000), BackendKind::Cpu, Some("3.1"), "slower"),
            (Some(0), BackendKind::Cpu, Some("300000.0"), "slower"),
            (Some(300_000), BackendKind::Cpu, Some("1.0"), "slower"),
            (None, BackendKind::Cpu, None, "slower"),
        ] {
            let race = race(webgpu);
            assert_eq!((race.winner(), race.ratio().as_deref(), Why::Race(race).code()), (winner, ratio, code));
        }
    }

    #[test]
    fn a_result_is_remembered_as_it_was() {
        for race in [race(Some(100_000)), race(None)] {
            assert_eq!(Race::remembered(&race.adapter, race.workers, &race.result()), Some(race));
        }
        for nonsense in ["", "1", "x 2", "1 x", "1.5 1", "1 -1", "1 18446744073709551615"] {
            assert_eq!(Race::remembered("a", 1, nonsense), None, "{nonsense}");
        }
    }

    #[test]
    fn another_network_races_anew() {
        let config = |batch_size: usize, optimizer: &str| TrainConfig {
            optimizer: crate::nn::Optimizer::parse(optimizer).unwrap(),
            learning_rate: 0.1,
            schedule: crate::train::Schedule::Constant,
            batch_size,
            epochs: 1,
            seed: 1,
            ..TrainConfig::PLAIN
        };
        let spec = |sizes: &[usize]| ModelSpec::mlp(sizes, crate::nn::Activation::Relu).unwrap();
        let mut names = vec![
            Race::name("a", 2, &spec(&[784, 128, 10]), &config(128, "sgd")),
            Race::name("b", 2, &spec(&[784, 128, 10]), &config(128, "sgd")),
            Race::name("a", 1, &spec(&[784, 128, 10]), &config(128, "sgd")),
            Race::name("a", 2, &spec(&[784, 64, 10]), &config(128, "sgd")),
            Race::name("a", 2, &spec(&[784, 128, 10]), &config(32, "sgd")),
            Race::name("a", 2, &spec(&[784, 128, 10]), &config(128, "adam")),
            Race::name("a", 2, &spec(&[784, 128, 10]), &TrainConfig { augment: true, ..config(128, "sgd") }),
        ];
        names.sort();
        names.dedup();
        assert_eq!(names.len(), 7);
    }
}
