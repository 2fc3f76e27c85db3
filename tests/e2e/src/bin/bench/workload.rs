//! The networks that are timed: those by which others are measured, too.

use serde::Serialize;

/// A network and how it is trained, in the words of the library's options.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Workload {
    #[serde(skip)]
    pub name: &'static str,
    pub layers: &'static [usize],
    pub activation: &'static str,
    pub optimizer: &'static str,
    pub learning_rate: f64,
    pub batch_size: usize,
}

const WORKLOADS: [Workload; 2] = [
    Workload {
        name: "h128-sig-sgd",
        layers: &[784, 128, 10],
        activation: "sigmoid",
        optimizer: "sgd",
        learning_rate: 0.1,
        batch_size: 128,
    },
    Workload {
        name: "h512-relu-adam",
        layers: &[784, 512, 512, 10],
        activation: "relu",
        optimizer: "adam",
        learning_rate: 0.001,
        batch_size: 128,
    },
];

/// Training images in an epoch, and images in an evaluation.
pub const IMAGES: (usize, usize) = (60_000, 10_000);

impl Workload {
    /// The workload of that name.
    ///
    /// Errors when there is none.
    pub fn parse(name: &str) -> Result<Workload, String> {
        let names = || WORKLOADS.map(|workload| workload.name).join(", ");
        WORKLOADS.into_iter().find(|workload| workload.name == name).ok_or_else(|| format!("there are {}", names()))
    }

    /// Multiplications and additions that dense arithmetic needs for an epoch: three products a layer, without the
    /// gradient of the pixels, which nobody needs.
    pub fn epoch_flop(&self) -> f64 {
        (3 * self.product() - self.first_product()) as f64 * IMAGES.0 as f64
    }

    /// ... and to evaluate.
    pub fn evaluation_flop(&self) -> f64 {
        self.product() as f64 * IMAGES.1 as f64
    }

    /// Those of one image's way forward.
    fn product(&self) -> usize {
        self.layers.windows(2).map(|pair| 2 * pair[0] * pair[1]).sum()
    }

    fn first_product(&self) -> usize {
        2 * self.layers[0] * self.layers[1]
    }
}
