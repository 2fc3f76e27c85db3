//! The networks that are timed: those by which others are measured, too, and any that the command line spells out.

use serde::Serialize;

/// A network and how it is trained, in the words of the library's options.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Workload {
    #[serde(skip)]
    pub name: String,
    pub layers: Vec<usize>,
    pub activation: String,
    pub optimizer: String,
    pub batch_size: usize,
}

/// Those that have a name, at the learning rate that is usual for the optimizer.
const NAMED: [(&str, &str); 2] =
    [("h128-sig-sgd", "784-128-10:sigmoid:sgd:128"), ("h512-relu-adam", "784-512-512-10:relu:adam:128")];

/// Narrow and wide, deep and shallow, odd sizes, small and large batches, every activation and every optimizer.
pub const SHAPES: [&str; 14] = [
    "784-10:linear:sgd:128",
    "784-16-10:sigmoid:sgd:128",
    "784-30-10:tanh:momentum:32",
    "784-100-10:sigmoid:nesterov:32",
    "784-128-10:relu:adam:32",
    "784-128-10:gelu:adamw:128",
    "784-128-10:relu:adam:1024",
    "784-177-51-10:leaky-relu:rmsprop:100",
    "784-300-100-10:relu:momentum:64",
    "784-64-64-64-64-64-10:relu:adam:128",
    "784-256-256-256-10:tanh:adamw:256",
    "784-512-10:gelu:rmsprop:512",
    "784-701-10:relu:adam:1024",
    "784-1024-10:sigmoid:sgd:128",
];

/// Training images in an epoch, and images in an evaluation.
pub const IMAGES: (usize, usize) = (60_000, 10_000);

impl Workload {
    /// The workload of that name, or one spelled `LAYERS:ACTIVATION:OPTIMIZER:BATCH` such as `784-128-10:relu:adam:32`.
    ///
    /// Errors when it is neither.
    pub fn parse(name: &str) -> Result<Workload, String> {
        let spelled = NAMED.iter().find(|(known, _)| *known == name).map_or(name, |(_, spelled)| spelled);
        let parts: Vec<&str> = spelled.split(':').collect();
        let sizes = |text: &str| text.split('-').map(|size| size.parse().ok()).collect::<Option<Vec<usize>>>();
        let read = match parts[..] {
            [layers, activation, optimizer, batch] => {
                sizes(layers).zip(batch.parse().ok()).map(|read| (read, activation, optimizer))
            }
            _ => None,
        };
        let Some(((layers, batch_size), activation, optimizer)) = read.filter(|((layers, _), ..)| layers.len() > 1) else {
            let names = NAMED.map(|(name, _)| name).join(", ");
            return Err(format!(
                "there are {names} and what is spelled LAYERS:ACTIVATION:OPTIMIZER:BATCH, such as {}",
                NAMED[0].1
            ));
        };
        Ok(Workload { name: name.into(), layers, activation: activation.into(), optimizer: optimizer.into(), batch_size })
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_workload_is_named_or_spelled_out() {
        for shape in SHAPES.iter().chain(NAMED.iter().map(|(name, _)| name)) {
            assert_eq!(Workload::parse(shape).expect(shape).layers[0], 784);
        }
        let spelled = Workload::parse("784-30-10:tanh:momentum:32").unwrap();
        assert_eq!((&spelled.layers[..], spelled.batch_size, &spelled.optimizer[..]), (&[784, 30, 10][..], 32, "momentum"));
        for wrong in ["h1", "784:relu:sgd:1", "784-x-10:relu:sgd:1", "784-10:relu:sgd", "784-10:relu:sgd:many"] {
            assert!(Workload::parse(wrong).unwrap_err().contains("h512-relu-adam"), "{wrong}");
        }
    }
}
