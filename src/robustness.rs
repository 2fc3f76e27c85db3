//! How a network reads images that are not quite where, and not quite as, those were that it learned from: shifted, larger or
//! smaller, turned, thinner, thicker. An accuracy on the test set says nothing about that.

use crate::Result;
use crate::backend::{Backend, Cpu};
use crate::data::{Change, Dataset, pixel_to_input};
use crate::model::{Model, Workspace};
use crate::nn::ModelSpec;
use crate::wire::{Decode, Encode};

/// Images of the test set that each change is tried on where a person waits: the first ones.
pub const IMAGES: usize = 1000;
/// Images that are read together.
const ROWS: usize = 100;

/// A kind of change: one of so much, in every direction.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Kind {
    /// The images as they are.
    None,
    /// By so many pixels, in each of the eight directions: along the axes, and along both.
    Shift(u8),
    /// To so many hundredths of the size.
    Scale(u8),
    /// By so many degrees, in both directions.
    Rotation(u8),
    /// Strokes lose a pixel on each side, as far as they have one: the smallest of each pixel and its four neighbours.
    Thin,
    /// Strokes gain a pixel on each side: the largest of each pixel and its four neighbours.
    Thick,
}

impl Kind {
    /// What is measured, in the order of a report.
    pub const ALL: [Kind; 12] = [
        Kind::None,
        Kind::Shift(1),
        Kind::Shift(2),
        Kind::Shift(3),
        Kind::Scale(60),
        Kind::Scale(80),
        Kind::Scale(120),
        Kind::Scale(130),
        Kind::Rotation(15),
        Kind::Rotation(30),
        Kind::Thin,
        Kind::Thick,
    ];

    /// Stable name: `shift-3`.
    pub fn name(self) -> String {
        match self {
            Kind::None => "none".into(),
            Kind::Shift(pixels) => format!("shift-{pixels}"),
            Kind::Scale(percent) => format!("scale-{percent}"),
            Kind::Rotation(degrees) => format!("rotation-{degrees}"),
            Kind::Thin => "thin".into(),
            Kind::Thick => "thick".into(),
        }
    }

    /// Its changes, one for each direction. The first one serves as an example.
    pub fn changes(self) -> Vec<Change> {
        match self {
            Kind::None => vec![Change::Scale(1.0)],
            Kind::Shift(pixels) => {
                let steps = [(1, 0), (1, 1), (0, 1), (-1, 1), (-1, 0), (-1, -1), (0, -1), (1, -1)];
                let far = |step: i32| f32::from(pixels) * step as f32;
                steps.map(|(right, down)| Change::Shift { right: far(right), down: far(down) }).to_vec()
            }
            Kind::Scale(percent) => vec![Change::Scale(f32::from(percent) / 100.0)],
            Kind::Rotation(degrees) => [1.0, -1.0].map(|sign| Change::Rotation(sign * f32::from(degrees))).to_vec(),
            Kind::Thin => vec![Change::Thickness(-1.0)],
            Kind::Thick => vec![Change::Thickness(1.0)],
        }
    }
}

/// The share of images read right after changes of one kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Encode, Decode)]
pub struct Score {
    /// Over all directions.
    pub mean: f32,
    /// In the direction in which it is smallest.
    pub worst: f32,
}

/// The scores of a network on the first `images` of `set`, or all if it has fewer, kind by kind, each told as soon as it is
/// known.
///
/// Errors when the parameters do not fit the specification, or the images do not.
pub fn measure(
    spec: &ModelSpec,
    parameters: &[f32],
    set: &Dataset,
    images: usize,
    mut tell: impl FnMut(Kind, Score),
) -> Result<()> {
    let mut cpu = Cpu::new();
    let mut reader =
        Reader { workspace: Workspace::new(&cpu, spec, ROWS), model: Model::new(&mut cpu, spec.clone(), parameters)?, cpu };
    for kind in Kind::ALL {
        let shares = kind.changes().into_iter().map(|change| reader.share(set, images, change)).collect::<Result<Vec<f32>>>()?;
        let mean = shares.iter().sum::<f32>() / shares.len() as f32;
        tell(kind, Score { mean, worst: shares.into_iter().fold(f32::INFINITY, f32::min) });
    }
    Ok(())
}

/// Reads many images.
struct Reader {
    cpu: Cpu,
    model: Model<Cpu>,
    workspace: Workspace<Cpu>,
}

impl Reader {
    /// The share of the first `images` that are read right once they are changed.
    fn share(&mut self, set: &Dataset, images: usize, change: Change) -> Result<f32> {
        let images = set.len().min(images);
        let (inputs, classes) = (set.inputs(), self.model.spec().classes());
        let (mut changed, mut right) = (vec![0; inputs], 0);
        for first in (0..images).step_by(ROWS) {
            let rows = ROWS.min(images - first);
            let mut x = Vec::with_capacity(rows * inputs);
            for image in first..first + rows {
                change.apply(&set.image(image), &mut changed);
                x.extend(changed.iter().copied().map(pixel_to_input));
            }
            self.cpu.write(&mut self.workspace.outputs[0], &x);
            self.model.forward(&mut self.cpu, rows, &mut self.workspace);
            let z = self.workspace.outputs.last().map(|z| z.to_vec(rows * classes)).unwrap_or_default();
            for (z, label) in z.chunks_exact(classes).zip(&set.labels()[first..]) {
                let read = (0..classes).max_by(|&a, &b| z[a].total_cmp(&z[b]));
                right += usize::from(read == Some(usize::from(*label)));
            }
        }
        Ok(right as f32 / images.max(1) as f32)
    }
}
