//! What the shipped network learns from: MNIST changed at random, pen-drawn digits of every form, and drawings that are no digit.
//! All of it is new in every epoch, and depends on the seed, the epoch and the image's number alone.

use inkling::Result;
use inkling::data::{Augmentation, Augmenter, Change, Dataset, Draw, pixel_to_input};
use inkling::ink::{self, PIXELS};
use inkling::pen::{self, Form, Hand};
use std::ops::Range;

/// About as much as people's hands and the ink path differ.
const GENTLE: Augmentation =
    Augmentation { rotation: 0.1, shear: 0.1, scale: [0.93, 1.07], stretch: 0.06, shift: 0.7, elastic: 3.5, thickness: 1.0 };
/// As much as a drawing can be off when nothing brings it back to the middle.
const STRONG: Augmentation =
    Augmentation { rotation: 0.4, shear: 0.2, scale: [0.52, 1.4], stretch: 0.1, shift: 4.0, elastic: 3.0, thickness: 4.0 };
/// For images whose strokes were made thin before, in the pixels' grid: what turns and scales them would blur them.
const STEADY: Augmentation =
    Augmentation { rotation: 0.05, shear: 0.05, scale: [0.97, 1.03], stretch: 0.03, shift: 0.5, elastic: 2.0, thickness: 0.0 };
/// For drawings that went through the ink path: they are in their place already.
const PLACED: Augmentation = Augmentation { rotation: 0.0, shear: 0.0, scale: [0.9, 1.1], stretch: 0.0, shift: 1.0, ..GENTLE };

/// The logarithm of the pen's width varies by so much: MNIST's strokes are 1.5 to 4.6 pixels wide (5th and 95th percentile).
const PEN_SPREAD: f64 = 0.25;

/// How many images of each kind an epoch has.
#[derive(Clone, Copy, Debug)]
pub struct Mixture {
    /// Of MNIST's images, the share that changes strongly.
    pub strong: f32,
    /// Of MNIST's images, the share whose strokes get thin.
    pub thin: f32,
    /// Pen-drawn digits.
    pub pens: usize,
    /// Drawings that are no digit.
    pub others: usize,
}

/// Makes an epoch's images.
pub struct Images<'a> {
    mnist: &'a Dataset,
    /// MNIST's images to learn from; those after them are for validation.
    learning: usize,
    mixture: Mixture,
    seed: u64,
    /// The forms of each digit.
    digits: Vec<Vec<Form>>,
    others: Vec<Form>,
}

impl<'a> Images<'a> {
    /// Errors when the project's forms do not read.
    pub fn new(mnist: &'a Dataset, learning: usize, mixture: Mixture, seed: u64) -> Result<Images<'a>> {
        let forms = pen::digits()?;
        let of = |label| forms.iter().filter(|form| form.label == Some(label)).cloned().collect();
        Ok(Images { mnist, learning, mixture, seed, digits: (0..10).map(of).collect(), others: pen::others()? })
    }

    /// Images to learn from in an epoch.
    pub fn count(&self) -> usize {
        self.learning + self.mixture.pens + self.mixture.others
    }

    /// The epoch's images with these numbers: pixels and labels.
    pub fn part(&self, epoch: u32, numbers: Range<usize>) -> (Vec<u8>, Vec<u8>) {
        let mut pixels = vec![0; numbers.len() * PIXELS];
        let mut augmenter = Augmenter::default();
        let each = numbers.zip(pixels.chunks_exact_mut(PIXELS));
        let labels = each.map(|(number, out)| self.image(&mut augmenter, epoch, number, out)).collect();
        (pixels, labels)
    }

    /// Inputs of about so many of the epoch's images, evenly from all kinds.
    pub fn sample(&self, epoch: u32, images: usize) -> Vec<f32> {
        let apart = (self.count() / images).max(1);
        let numbers = (0..self.count()).step_by(apart);
        numbers.flat_map(|number| self.part(epoch, number..number + 1).0).map(pixel_to_input).collect()
    }

    /// The epoch as a data set: these parts, one after the other.
    pub fn assemble(&self, parts: impl Iterator<Item = (Vec<u8>, Vec<u8>)>) -> Result<Dataset> {
        let (mut pixels, mut labels) = (Vec::new(), Vec::new());
        for (mut more_pixels, mut more_labels) in parts {
            pixels.append(&mut more_pixels);
            labels.append(&mut more_labels);
        }
        Dataset::new(pixels, labels, PIXELS, NONE as usize + 1)
    }

    /// MNIST's images to validate on, as they are.
    pub fn validation(&self) -> Result<Dataset> {
        let pixels = self.mnist.pixels(self.learning..self.mnist.len());
        Dataset::new(pixels, self.mnist.labels()[self.learning..].to_vec(), PIXELS, NONE as usize + 1)
    }

    fn image(&self, augmenter: &mut Augmenter, epoch: u32, number: usize, out: &mut [u8]) -> u8 {
        let draw = Draw { seed: self.seed as u32, epoch, image: number as u32 };
        let mut rng = fastrand::Rng::with_seed((self.seed << 40) ^ (u64::from(epoch) << 24) ^ number as u64);
        if number < self.learning {
            let (image, kind) = (&self.mnist.image(number), rng.f32());
            if kind < self.mixture.thin {
                let mut thin = [0; PIXELS];
                Change::Thickness(-1.0).apply(image, &mut thin);
                augmenter.augment(&thin, out, STEADY, draw);
            } else {
                let strong = kind < self.mixture.thin + self.mixture.strong;
                augmenter.augment(image, out, if strong { STRONG } else { GENTLE }, draw);
            }
            return self.mnist.labels()[number];
        }
        let (strokes, label) = if number < self.learning + self.mixture.pens {
            let label = number % 10;
            (Hand::default().write(pick(&self.digits[label], &mut rng), &mut rng), label as u8)
        } else if number.is_multiple_of(2) {
            (pen::scribble(&mut rng), NONE)
        } else {
            (Hand::default().write(pick(&self.others, &mut rng), &mut rng), NONE)
        };
        let spread = (0..3).map(|_| rng.f64() * 2.0 - 1.0).sum::<f64>();
        let image = ink::image_by_pen(&strokes, ink::PEN * (PEN_SPREAD * spread).exp()).unwrap_or([0; PIXELS]);
        if rng.bool() {
            augmenter.augment(&image, out, PLACED, draw);
        } else {
            out.copy_from_slice(&image);
        }
        label
    }
}

/// The label of an image that shows no digit.
const NONE: u8 = 10;

/// One of the forms, by their weights.
fn pick<'f>(forms: &'f [Form], rng: &mut fastrand::Rng) -> &'f Form {
    let mut left = rng.u32(0..forms.iter().map(|form| form.weight).sum());
    let mut chosen = &forms[0];
    for form in forms {
        chosen = form;
        if left < form.weight {
            break;
        }
        left -= form.weight;
    }
    chosen
}
