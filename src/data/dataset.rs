//! Images with their labels, as bytes: a quarter of the memory of f32, and what the files hold.

use crate::{Error, Result};

/// `len` images of `inputs` pixels each (0 paper, 255 ink), one label each.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Dataset {
    pixels: Vec<u8>,
    labels: Vec<u8>,
    inputs: usize,
}

impl Dataset {
    /// Images one after the other, row-major.
    ///
    /// Errors when the numbers of pixels and labels do not fit together, or when a label is not below `classes`.
    pub fn new(pixels: Vec<u8>, labels: Vec<u8>, inputs: usize, classes: usize) -> Result<Dataset> {
        let expected = labels.len().saturating_mul(inputs);
        if pixels.len() != expected {
            return Err(Error::Shape {
                what: format!("pixels of {} images", labels.len()),
                expected: expected as u64,
                got: pixels.len() as u64,
            });
        }
        if let Some(label) = labels.iter().find(|&&l| usize::from(l) >= classes) {
            return Err(Error::Setting {
                name: "label".into(),
                value: label.to_string(),
                allowed: format!("0 to {}", classes.saturating_sub(1)),
            });
        }
        Ok(Dataset { pixels, labels, inputs })
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
        self.inputs
    }

    /// All pixels, image after image.
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// All labels.
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// The pixels of image `i`.
    pub fn image(&self, i: usize) -> &[u8] {
        &self.pixels[i * self.inputs..(i + 1) * self.inputs]
    }
}
