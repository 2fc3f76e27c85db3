//! The images that a run learns from, validates on and is tested on.

use super::Split;
use crate::data::Dataset;
use crate::nn::ModelSpec;
use crate::{Error, Result};
use std::sync::Arc;

/// Training and test images.
#[derive(Clone, Debug)]
pub struct Data {
    pub training: Arc<Dataset>,
    pub test: Arc<Dataset>,
}

impl Data {
    /// The images in one run of bytes: training images, training labels, test images, test labels.
    ///
    /// Errors when their number is another one, or a label is not below `classes`.
    pub fn from_bytes(bytes: &[u8], inputs: usize, classes: usize, training: usize, test: usize) -> Result<Data> {
        let expected = (inputs + 1) as u64 * (training as u64 + test as u64);
        if bytes.len() as u64 != expected {
            return Err(Error::Shape { what: "bytes of images and labels".into(), expected, got: bytes.len() as u64 });
        }
        let (first, second) = bytes.split_at((inputs + 1) * training);
        let set = |bytes: &[u8], images: usize| {
            let (pixels, labels) = bytes.split_at(inputs * images);
            Dataset::new(pixels.to_vec(), labels.to_vec(), inputs, classes).map(Arc::new)
        };
        Ok(Data { training: set(first, training)?, test: set(second, test)? })
    }

    /// Images that cost as much to learn from as handwritten digits: a fifth of the pixels has ink. Nothing can be learned from
    /// them.
    pub fn made_up(inputs: usize, classes: usize) -> Result<Data> {
        // Enough for a large batch to see different images, and no more memory than digits would take.
        let images = (1024 * 784 / inputs.max(1)).clamp(16, 1024);
        let mut rng = fastrand::Rng::with_seed(1);
        let pixels = (0..images * inputs).map(|_| if rng.u8(0..5) == 0 { rng.u8(1..) } else { 0 }).collect();
        let labels = (0..images).map(|_| rng.u8(0..classes.min(256) as u8)).collect();
        let set = Arc::new(Dataset::new(pixels, labels, inputs, classes)?);
        Ok(Data { training: Arc::clone(&set), test: set })
    }

    /// The pixels of these images one after the other, and how many an image has. [`Split::Validation`] are the training images'
    /// numbers: which of those are kept aside is a run's affair.
    ///
    /// Errors when there is no image of that number.
    pub fn pixels(&self, split: Split, numbers: &[u32]) -> Result<(Vec<u8>, usize)> {
        let set = match split {
            Split::Validation => &self.training,
            Split::Test => &self.test,
        };
        let mut pixels = Vec::with_capacity(numbers.len() * set.inputs());
        for &number in numbers {
            if number as usize >= set.len() {
                let allowed = format!("0 to {}", set.len().saturating_sub(1));
                return Err(Error::Setting { name: "image".into(), value: number.to_string(), allowed });
            }
            pixels.extend(set.image(number as usize));
        }
        Ok((pixels, set.inputs()))
    }

    /// Whether such a network can learn from them.
    pub fn fits(&self, spec: &ModelSpec) -> bool {
        let fits = |set: &Dataset| {
            // One more: images that show none of the classes.
            set.inputs() == spec.inputs() && set.labels().iter().all(|&label| usize::from(label) <= spec.classes())
        };
        fits(&self.training) && fits(&self.test)
    }

    /// How many of the training images, the last ones, are kept aside to validate on, if one in so many is
    /// ([`TrainConfig::validation`](super::TrainConfig)).
    pub fn validation_images(&self, one_in: u32) -> usize {
        self.training.len().checked_div(one_in as usize).unwrap_or(0)
    }

    /// How many images an epoch then learns from.
    pub fn learning_images(&self, one_in: u32) -> usize {
        self.training.len() - self.validation_images(one_in)
    }
}
