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
        // Sizes come from a message: their product can overflow.
        let expected = (inputs as u64).saturating_add(1).saturating_mul((training as u64).saturating_add(test as u64));
        if bytes.len() as u64 != expected {
            return Err(Error::Shape { what: "bytes of images and labels".into(), expected, got: bytes.len() as u64 });
        }
        let (first, second) = bytes.split_at((inputs + 1) * training);
        let set = |bytes: &[u8], images: usize| {
            let (pixels, labels) = bytes.split_at(inputs * images);
            Dataset::new(pixels, labels.to_vec(), inputs, classes).map(Arc::new)
        };
        Ok(Data { training: set(first, training)?, test: set(second, test)? })
    }

    /// Images that cost as much to learn from as handwritten digits: a fifth of the pixels has ink. Nothing can be learned from
    /// them.
    pub fn made_up(inputs: usize, classes: usize) -> Result<Data> {
        // Enough for a large batch to see different images, and no more memory than digits would take.
        let images = (1024 * 784 / inputs.max(1)).clamp(16, 1024);
        let mut rng = fastrand::Rng::with_seed(1);
        let pixels: Vec<u8> = (0..images * inputs).map(|_| if rng.u8(0..5) == 0 { rng.u8(1..) } else { 0 }).collect();
        let labels = (0..images).map(|_| rng.u8(0..classes.min(256) as u8)).collect();
        let set = Arc::new(Dataset::new(pixels, labels, inputs, classes)?);
        Ok(Data { training: Arc::clone(&set), test: set })
    }

    /// The pixels of these images one after the other, and how many an image has. [`Split::Validation`] are the training images'
    /// numbers: which of those are kept aside is a run's affair.
    ///
    /// Errors when there is no image of that number.
    pub fn pixels(&self, split: Split, numbers: &[u32]) -> Result<(Vec<u8>, usize)> {
        let set = self.set(split);
        let mut pixels = Vec::with_capacity(numbers.len() * set.inputs());
        for &number in numbers {
            if number as usize >= set.len() {
                let allowed = format!("0 to {}", set.len().saturating_sub(1));
                return Err(Error::Setting { name: "image".into(), value: number.to_string(), allowed });
            }
            pixels.extend_from_slice(&set.image(number as usize));
        }
        Ok((pixels, set.inputs()))
    }

    /// The set that [`Split`] means; [`Split::Validation`] are the training images, see [`Data::pixels`].
    pub fn set(&self, split: Split) -> &Dataset {
        match split {
            Split::Validation => &self.training,
            Split::Test => &self.test,
        }
    }

    /// The first `images` training images to learn from, and as many of the last ones to validate on: half of a run's images, so
    /// that [`TrainConfig::validation`](super::TrainConfig) is 2. With a seed the labels of those that are learned from are
    /// shuffled: there is nothing to learn, but something to memorize (Zhang et al. 2017). The others and the test images keep
    /// their labels.
    ///
    /// Errors when there are fewer than twice as many images.
    pub fn sample(&self, images: usize, shuffled: Option<u64>) -> Result<Data> {
        let (all, inputs) = (&self.training, self.training.inputs());
        if images == 0 || 2 * images > all.len() {
            let allowed = format!("1 to {}", all.len() / 2);
            return Err(Error::Setting { name: "images".into(), value: images.to_string(), allowed });
        }
        let (first, last) = (0..images, all.len() - images..all.len());
        let mut labels = all.labels()[first.clone()].to_vec();
        if let Some(seed) = shuffled {
            fastrand::Rng::with_seed(seed).shuffle(&mut labels);
        }
        labels.extend(&all.labels()[last.clone()]);
        let pixels = [all.pixels(first.clone()), all.pixels(last.clone())].concat();
        // Labels were checked when the set was made, and one more is allowed: images that show none of the classes.
        let classes = all.labels().iter().max().map_or(0, |most| usize::from(*most) + 1);
        Ok(Data { training: Arc::new(Dataset::new(pixels, labels, inputs, classes)?), test: Arc::clone(&self.test) })
    }

    /// Tells these images from others: a checksum of all labels, and of every 61st image.
    pub fn fingerprint(&self) -> u32 {
        let mut hash = crc32fast::Hasher::new();
        for set in [&self.training, &self.test] {
            hash.update(&(set.inputs() as u32).to_le_bytes());
            hash.update(set.labels());
            (0..set.len()).step_by(61).for_each(|image| hash.update(&set.image(image)));
        }
        hash.finalize()
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

#[cfg(test)]
mod tests {
    use super::*;

    fn data() -> Data {
        let set = |images: usize| {
            let pixels: Vec<u8> = (0..2 * images).map(|i| (i / 2) as u8).collect();
            Arc::new(Dataset::new(pixels, (0..images).map(|i| (i % 3) as u8).collect(), 2, 3).unwrap())
        };
        Data { training: set(100), test: set(9) }
    }

    #[test]
    fn a_sample_has_the_first_images_and_the_last() {
        let (all, sample) = (data(), data().sample(21, None).unwrap());
        assert_eq!((sample.training.len(), sample.learning_images(2), sample.validation_images(2)), (42, 21, 21));
        for i in 0..42 {
            let from = if i < 21 { i } else { 58 + i };
            assert_eq!(sample.training.image(i), all.training.image(from));
            assert_eq!(sample.training.labels()[i], all.training.labels()[from]);
        }
        assert_eq!(sample.test, all.test);
        assert!(all.sample(51, None).is_err() && all.sample(0, None).is_err());
    }

    #[test]
    fn shuffled_labels_are_the_same_ones_at_other_images() {
        let (true_ones, wrong) = (data().sample(40, None).unwrap(), data().sample(40, Some(1)).unwrap());
        assert_eq!(true_ones.training.pixels(0..80), wrong.training.pixels(0..80));
        let (a, b) = (true_ones.training.labels(), wrong.training.labels());
        let sorted = |labels: &[u8]| {
            let mut labels = labels.to_vec();
            labels.sort_unstable();
            labels
        };
        assert_eq!(sorted(&a[..40]), sorted(&b[..40]));
        let same = a[..40].iter().zip(b).filter(|(a, b)| a == b).count();
        assert!((5..22).contains(&same), "{same} of 40 are right by chance, about a third");
        assert_eq!(a[40..], b[40..], "those that are validated on stay right");
        assert_eq!(wrong.training, data().sample(40, Some(1)).unwrap().training);
    }
}
