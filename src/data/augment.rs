//! Random changes of images: a network that has seen digits turned, slanted, stretched, shifted, bent, thinned and thickened is
//! not fooled by them.
//!
//! A change depends on the seed, the epoch and the image's number alone, by a hash rather than by a generator with a state, so
//! that every device can draw any image's change by itself: `backend/gpu/gather_augmented.wgsl` is the twin of this file and
//! of `augmenter.rs`.

use super::Augmenter;
use crate::nn::hash;

/// How much an image may change. Everything is drawn evenly, from both ways.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Augmentation {
    /// Largest rotation, in radians; below pi.
    pub rotation: f32,
    /// Largest slant: x moves by this share of y.
    pub shear: f32,
    /// Smallest and largest size, next to the image's own.
    pub scale: [f32; 2],
    /// Largest change of the width against the height: 0.2 is from 1 / 1.2 to 1.2 times, of each.
    pub stretch: f32,
    /// Largest shift along each axis, in pixels.
    pub shift: f32,
    /// Elastic deformation (Simard, Steinkraus and Platt 2003): largest displacement of the points of a coarse grid, in pixels,
    /// that carry the pixels between them along. Four is about as strong as in the paper.
    pub elastic: f32,
    /// Largest widening or narrowing of the strokes on each side, in pixels. What is drawn above 1 counts as 1: with 2, half of
    /// all images get as wide or narrow as can be.
    pub thickness: f32,
}

impl Augmentation {
    /// About as much as people's hands differ: what the option of a training run means. Chosen on the validation split, as it is
    /// and shifted, turned, scaled, thinned and thickened; stronger ones cost clean accuracy, weaker ones the rest.
    pub const HANDWRITING: Augmentation =
        Augmentation { rotation: 0.15, shear: 0.15, scale: [0.85, 1.15], stretch: 0.1, shift: 1.5, elastic: 3.0, thickness: 0.8 };

    /// Leaves every image as it is.
    pub const NONE: Augmentation =
        Augmentation { rotation: 0.0, shear: 0.0, scale: [1.0, 1.0], stretch: 0.0, shift: 0.0, elastic: 0.0, thickness: 0.0 };

    /// The tangent of half the largest rotation.
    pub(crate) fn half_turn(&self) -> f32 {
        (self.rotation / 2.0).tan()
    }
}

/// The random changes of an epoch's images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomChanges {
    pub by: Augmentation,
    pub seed: u32,
    pub epoch: u32,
}

impl RandomChanges {
    /// The change of an image.
    pub fn of(self, image: u32) -> Draw {
        Draw { seed: self.seed, epoch: self.epoch, image }
    }
}

/// Which change is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Draw {
    pub seed: u32,
    pub epoch: u32,
    pub image: u32,
}

impl Draw {
    /// A well mixed number for all of the draw.
    pub fn key(self) -> u32 {
        hash(self.image ^ self.epoch_key())
    }

    /// The same for all images of the epoch.
    pub fn epoch_key(self) -> u32 {
        hash(self.epoch ^ hash(self.seed))
    }
}

/// Number `index` of the draw with this key, from -1 to 1.
pub(super) fn even(key: u32, index: u32) -> f32 {
    (hash(key.wrapping_add(index)) >> 8) as f32 / (1 << 23) as f32 - 1.0
}

/// Writes a randomly changed copy of `image` (square, row-major) to `out`. Where many are made, an [`Augmenter`] keeps its
/// memory.
pub fn augment(image: &[u8], out: &mut [u8], by: Augmentation, draw: Draw) {
    Augmenter::default().augment(image, out, by, draw);
}
