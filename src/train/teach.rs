//! What a network learns from a person's own drawings: copies of them, as the same hand would write them again, among digits that
//! it knows already, so that it does not forget those.

use super::{Data, Schedule, TrainConfig};
use crate::data::{Dataset, epoch_order};
use crate::ink::jsonl::Drawing;
use crate::ink::{self, PIXELS};
use crate::nn::Optimizer;
use crate::pen::Hand;
use crate::{Error, Result};
use std::sync::Arc;

/// Copies of all drawings together; each drawing has as many as the others, and at least one.
const COPIES: usize = 300;
/// Images of the training set among them. The fewer, the more is forgotten.
const KNOWN: usize = 10_000;
/// It is enough when so many of the copies are read right,
pub(super) const LEARNED: f32 = 0.97;
/// or after so many passes.
pub(super) const PASSES: u32 = 8;

/// How it is learned: in small steps. Chosen on the validation split and on digits that people drew on a tablet.
pub fn config(seed: u64) -> TrainConfig {
    TrainConfig {
        optimizer: Optimizer::Adam { beta1: 0.9, beta2: 0.999, epsilon: 1e-7 },
        learning_rate: 0.0001,
        schedule: Schedule::Constant,
        batch_size: 64,
        epochs: 1,
        seed,
        ..TrainConfig::PLAIN
    }
}

/// Copies of the drawings, as images: pixels of all, then labels of all. Drawings without label or ink are left out.
pub fn copies(drawings: &[Drawing], seed: u64) -> Vec<u8> {
    let mut rng = fastrand::Rng::with_seed(seed);
    let each = (COPIES / drawings.len().max(1)).max(1);
    let (mut pixels, mut labels) = (Vec::new(), Vec::new());
    for drawing in drawings {
        let Some(label) = drawing.label else { continue };
        for copy in 0..each {
            // The first copy is the drawing itself.
            let image = match copy {
                0 => ink::image(&drawing.strokes),
                _ => ink::image(&Hand::AGAIN.copy(&drawing.strokes, &mut rng)),
            };
            if let Some(image) = image {
                pixels.extend(image);
                labels.push(label);
            }
        }
    }
    pixels.append(&mut labels);
    pixels
}

/// To learn from: the copies (as [`copies`] gives them) and images of the training set, none of them from its validation split.
/// In the place of the test set: the copies alone.
///
/// Errors when the bytes are not whole images with their labels.
pub fn mixed(data: &Data, copies: &[u8], seed: u64) -> Result<Data> {
    let set = &data.training;
    let count = copies.len() / (PIXELS + 1);
    if count == 0 || count * (PIXELS + 1) != copies.len() || set.inputs() != PIXELS {
        let expected = ((count.max(1)) * (PIXELS + 1)) as u64;
        return Err(Error::Shape { what: "bytes of drawings and labels".into(), expected, got: copies.len() as u64 });
    }
    let (pixels, labels) = copies.split_at(count * PIXELS);
    let (mut pixels, mut labels) = (pixels.to_vec(), labels.to_vec());
    let test = Arc::new(Dataset::new(pixels.clone(), labels.clone(), PIXELS, 256)?);
    for known in epoch_order(data.learning_images(TrainConfig::PLAIN.validation), seed, 0).into_iter().take(KNOWN) {
        pixels.extend_from_slice(&set.image(known as usize));
        labels.push(set.labels()[known as usize]);
    }
    let training = Arc::new(Dataset::new(pixels, labels, PIXELS, 256)?);
    Ok(Data { training, test })
}
