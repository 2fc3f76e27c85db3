//! Images with their labels.

use super::pixels::{InkPixel, Pixels, PixelsBuilder};
use crate::{Error, Result};
use std::borrow::Cow;
use std::ops::Range;

/// `len` images of `inputs` pixels each (0 paper, 255 ink), one label each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dataset {
    pixels: Pixels,
    labels: Vec<u8>,
}

impl Dataset {
    /// Images one after the other, row-major.
    ///
    /// Errors when the numbers of pixels and labels do not fit together, or when a label is not below `classes`.
    pub fn new(pixels: impl AsRef<[u8]>, labels: Vec<u8>, inputs: usize, classes: usize) -> Result<Dataset> {
        let pixels = pixels.as_ref();
        let expected = labels.len().saturating_mul(inputs);
        if pixels.len() != expected {
            return Err(Error::Shape {
                what: format!("pixels of {} images", labels.len()),
                expected: expected as u64,
                got: pixels.len() as u64,
            });
        }
        let mut builder = PixelsBuilder::new(inputs);
        builder.push(pixels);
        Dataset::of(builder.finish(), labels, classes)
    }

    /// Images whose pixels came piece by piece.
    ///
    /// Errors when there is not a label for each, or when a label is not below `classes`.
    pub fn of(pixels: Pixels, labels: Vec<u8>, classes: usize) -> Result<Dataset> {
        // Images without pixels are as many as their labels.
        if pixels.inputs() > 0 && pixels.images() != labels.len() {
            let (expected, got) = (pixels.images() as u64, labels.len() as u64);
            return Err(Error::Shape { what: "labels for the images".into(), expected, got });
        }
        if let Some(label) = labels.iter().find(|&&l| usize::from(l) >= classes) {
            return Err(Error::Setting {
                name: "label".into(),
                value: label.to_string(),
                allowed: format!("0 to {}", classes.saturating_sub(1)),
            });
        }
        Ok(Dataset { pixels, labels })
    }

    /// Number of images.
    pub fn len(&self) -> usize {
        self.labels.len()
    }

    /// Whether there is no image.
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty()
    }

    /// Pixels of one image.
    pub fn inputs(&self) -> usize {
        self.pixels.inputs()
    }

    /// All labels.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The pixels of image `i`.
    pub fn image(&self, i: usize) -> Cow<'_, [u8]> {
        self.pixels.image(i)
    }

    /// The pixels of image `i`, written to memory for them.
    pub fn write_image(&self, i: usize, out: &mut [u8]) {
        self.pixels.write(i, out);
    }

    /// The pixels with ink of image `i`, or none if [these images are not mostly paper](Dataset::are_inked).
    #[inline(always)]
    pub fn ink(&self, i: usize) -> Option<&[InkPixel]> {
        self.pixels.ink(i)
    }

    /// Whether so few pixels have ink that a product had better skip the others.
    pub fn are_inked(&self) -> bool {
        self.pixels.are_inked()
    }

    /// The pixels of these images, image after image.
    pub fn pixels(&self, images: Range<usize>) -> Vec<u8> {
        self.pixels.bytes(images)
    }

    /// All pixels, those of some images at a time, so that they need not be there twice.
    pub fn pieces(&self) -> impl Iterator<Item = Vec<u8>> {
        self.pixels.pieces()
    }
}
