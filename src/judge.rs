//! How well a network reads a set of images, and where it errs: accuracy with an interval, precision and recall, the confusion
//! matrix, calibration, and two networks image by image. Knows only probabilities and labels; [`judge`] asks a network for them.

use crate::backend::{Backend, Cpu};
use crate::data::{Dataset, pixel_to_input};
use crate::format::numbers::floats;
use crate::model::{Model, Workspace};
use crate::nn::ModelSpec;
use crate::{Error, Result};

/// Images that are read together.
const ROWS: usize = 100;
/// The normal distribution's 97.5 % point: 95 % lie within so many standard deviations of the mean.
const Z: f64 = 1.959_963_984_540_054;

/// What a network makes of labelled images.
#[derive(Clone, Debug, PartialEq)]
pub struct Judgement {
    labels: Vec<u8>,
    /// Of each image, one a class.
    probabilities: Vec<f32>,
    classes: usize,
}

/// How well one class is read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ClassScore {
    /// Images of the class.
    pub images: u32,
    /// Images read as the class.
    pub read: u32,
    /// Of the images read as the class, the share that are; `None` if none was.
    pub precision: Option<f64>,
    /// Of the images of the class, the share that were read as it; `None` if there is none.
    pub recall: Option<f64>,
    /// 2 precision recall / (precision + recall); `None` where one is unknown or both are 0.
    pub f1: Option<f64>,
}

/// The images of which a network is about as sure.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Bin {
    pub images: u32,
    /// The mean of the largest probabilities; 0 without images.
    pub sure: f64,
    /// The share read right; 0 without images.
    pub right: f64,
}

impl Judgement {
    /// Errors when there are not as many probabilities as labels times classes, or a label is not below `classes`.
    pub fn new(probabilities: Vec<f32>, labels: Vec<u8>, classes: usize) -> Result<Judgement> {
        let expected = labels.len().saturating_mul(classes);
        if probabilities.len() != expected || classes == 0 {
            let got = probabilities.len() as u64;
            return Err(Error::Shape { what: "probabilities of the images".into(), expected: expected as u64, got });
        }
        if let Some(label) = labels.iter().find(|&&label| usize::from(label) >= classes) {
            let allowed = format!("0 to {}", classes - 1);
            return Err(Error::Setting { name: "label".into(), value: label.to_string(), allowed });
        }
        Ok(Judgement { labels, probabilities, classes })
    }

    /// From [`Judgement::to_bytes`].
    ///
    /// Errors as [`Judgement::new`], and when it is of another number of images.
    pub fn from_bytes(bytes: &[u8], images: usize, classes: usize) -> Result<Judgement> {
        // Sizes come from a message: their product can overflow.
        let numbers = images.saturating_mul(classes).saturating_mul(4);
        let (probabilities, labels) = bytes.split_at(bytes.len().min(numbers));
        if labels.len() != images {
            let (expected, got) = (images as u64, labels.len() as u64);
            return Err(Error::Shape { what: "labels for the images".into(), expected, got });
        }
        Judgement::new(floats(probabilities), labels.to_vec(), classes)
    }

    /// The probabilities (f32, little-endian), image by image, then the labels, a byte each.
    pub fn to_bytes(&self) -> Vec<u8> {
        let probabilities = self.probabilities.iter().flat_map(|p| p.to_le_bytes());
        probabilities.chain(self.labels.iter().copied()).collect()
    }

    pub fn images(&self) -> usize {
        self.labels.len()
    }

    pub fn classes(&self) -> usize {
        self.classes
    }

    /// The class that image `i` shows.
    pub fn label(&self, i: usize) -> usize {
        usize::from(self.labels[i])
    }

    /// The probabilities of image `i`.
    pub fn probabilities(&self, i: usize) -> &[f32] {
        &self.probabilities[i * self.classes..(i + 1) * self.classes]
    }

    /// The class that image `i` is read as: the first of the most probable ones, as training counts it.
    pub fn read(&self, i: usize) -> usize {
        let row = self.probabilities(i);
        let max = row.iter().copied().fold(f32::NEG_INFINITY, f32::max);
        row.iter().position(|&p| p == max).unwrap_or(0)
    }

    /// Whether image `i` is read right.
    pub fn is_right(&self, i: usize) -> bool {
        self.read(i) == self.label(i)
    }

    /// Images read right.
    pub fn right(&self) -> u32 {
        (0..self.images()).filter(|&i| self.is_right(i)).count() as u32
    }

    /// The share of images read right; 0 without images.
    pub fn accuracy(&self) -> f64 {
        share(self.right(), self.images() as u32).unwrap_or(0.0)
    }

    /// Between which shares the accuracy on ever more such images would lie, with 95 % confidence.
    pub fn interval(&self) -> [f64; 2] {
        wilson(self.right(), self.images() as u32)
    }

    /// How many images of each class (row) are read as each class (column), row-major.
    pub fn matrix(&self) -> Vec<u32> {
        let mut cells = vec![0; self.classes * self.classes];
        for i in 0..self.images() {
            cells[self.label(i) * self.classes + self.read(i)] += 1;
        }
        cells
    }

    /// How well each class is read.
    pub fn class_scores(&self) -> Vec<ClassScore> {
        let (matrix, n) = (self.matrix(), self.classes);
        let score = |class: usize| {
            let images = (0..n).map(|other| matrix[class * n + other]).sum();
            let read = (0..n).map(|other| matrix[other * n + class]).sum();
            let right = matrix[class * n + class];
            let (precision, recall) = (share(right, read), share(right, images));
            let f1 = precision.zip(recall).filter(|(p, r)| p + r > 0.0).map(|(p, r)| 2.0 * p * r / (p + r));
            ClassScore { images, read, precision, recall, f1 }
        };
        (0..n).map(score).collect()
    }

    /// The images that show `label` and are read as `read`, worst first: for misread ones, the surest mistakes; for the others,
    /// those that were nearly misread.
    pub fn cell(&self, label: usize, read: usize) -> Vec<u32> {
        self.worst_first((0..self.images()).filter(|&i| self.label(i) == label && self.read(i) == read))
    }

    /// All misread images, the surest mistakes first.
    pub fn mistakes(&self) -> Vec<u32> {
        self.worst_first((0..self.images()).filter(|&i| !self.is_right(i)))
    }

    /// Sorted by the probability of the wrong answer: the largest of those that are not the label's.
    fn worst_first(&self, images: impl Iterator<Item = usize>) -> Vec<u32> {
        let wrong = |i: usize| {
            let others = self.probabilities(i).iter().enumerate().filter(|(class, _)| *class != self.label(i));
            others.map(|(_, p)| *p).fold(f32::NEG_INFINITY, f32::max)
        };
        let mut sorted: Vec<(f32, u32)> = images.map(|i| (wrong(i), i as u32)).collect();
        sorted.sort_by(|a, b| b.0.total_cmp(&a.0).then(a.1.cmp(&b.1)));
        sorted.into_iter().map(|(_, i)| i).collect()
    }

    /// The images in `bins` equal bins of how sure the network is of its answer, from 0 to 1.
    pub fn calibration(&self, bins: usize) -> Vec<Bin> {
        let mut sums = vec![(0, 0.0, 0); bins];
        for i in 0..self.images() {
            let sure = self.probabilities(i)[self.read(i)];
            let bin = &mut sums[((sure * bins as f32) as usize).min(bins - 1)];
            *bin = (bin.0 + 1, bin.1 + f64::from(sure), bin.2 + u32::from(self.is_right(i)));
        }
        let mean = |(images, sure, right): (u32, f64, u32)| {
            let count = f64::from(images.max(1));
            Bin { images, sure: sure / count, right: f64::from(right) / count }
        };
        sums.into_iter().map(mean).collect()
    }

    /// C. Guo et al., "On Calibration of Modern Neural Networks", ICML 2017: the mean distance between how sure the network is
    /// and how often it is right, over equal bins of how sure it is.
    pub fn calibration_error(&self, bins: usize) -> f64 {
        let gaps = self.calibration(bins).into_iter().map(|bin| f64::from(bin.images) * (bin.sure - bin.right).abs());
        gaps.sum::<f64>() / (self.images().max(1) as f64)
    }
}

/// The share of `right` in `of`; `None` of nothing.
fn share(right: u32, of: u32) -> Option<f64> {
    (of > 0).then(|| f64::from(right) / f64::from(of))
}

/// The 95 % score interval of a share: E. B. Wilson, "Probable inference, the law of succession, and statistical inference",
/// JASA 1927. All of 0 to 1 for no images.
pub fn wilson(right: u32, images: u32) -> [f64; 2] {
    if images == 0 {
        return [0.0, 1.0];
    }
    let (n, p) = (f64::from(images), f64::from(right) / f64::from(images));
    let middle = p + Z * Z / (2.0 * n);
    let reach = Z * (p * (1.0 - p) / n + Z * Z / (4.0 * n * n)).sqrt();
    [-1.0, 1.0].map(|sign| ((middle + sign * reach) / (1.0 + Z * Z / n)).clamp(0.0, 1.0))
}

/// Two networks on the same images, image by image.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    pub both: Vec<u32>,
    pub only_a: Vec<u32>,
    pub only_b: Vec<u32>,
    pub neither: Vec<u32>,
}

impl Comparison {
    /// Errors when the two did not read the same images.
    pub fn new(a: &Judgement, b: &Judgement) -> Result<Comparison> {
        if a.labels != b.labels {
            return Err(Error::Shape { what: "images".into(), expected: a.images() as u64, got: b.images() as u64 });
        }
        let mut comparison = Comparison::default();
        for i in 0..a.images() {
            let list = match (a.is_right(i), b.is_right(i)) {
                (true, true) => &mut comparison.both,
                (true, false) => &mut comparison.only_a,
                (false, true) => &mut comparison.only_b,
                (false, false) => &mut comparison.neither,
            };
            list.push(i as u32);
        }
        Ok(comparison)
    }

    /// The four lists, in the order of the fields.
    pub fn lists(&self) -> [&[u32]; 4] {
        [&self.both, &self.only_a, &self.only_b, &self.neither]
    }

    /// McNemar's exact p.
    pub fn p(&self) -> f64 {
        mcnemar(self.only_a.len() as u32, self.only_b.len() as u32)
    }
}

/// McNemar's exact test: if two networks were equally good, and it were chance which of them alone reads an image right, how
/// likely would counts at least as uneven be? Two-sided binomial test at 1/2; 1 where there is nothing to tell them apart.
pub fn mcnemar(only_a: u32, only_b: u32) -> f64 {
    let (n, fewer) = (only_a + only_b, only_a.min(only_b));
    // ln C(n, k) / 2^n, from k = 0 up.
    let mut term = -f64::from(n) * std::f64::consts::LN_2;
    let mut sum = 0.0;
    for k in 0..=fewer {
        sum += term.exp();
        term += f64::from(n - k).ln() - f64::from(k + 1).ln();
    }
    (2.0 * sum).min(1.0)
}

/// What a network makes of all images of `set`.
///
/// Errors when the parameters do not fit the specification, or the images do not.
pub fn judge(spec: &ModelSpec, parameters: &[f32], set: &Dataset) -> Result<Judgement> {
    let (inputs, classes) = (set.inputs(), spec.classes());
    if inputs != spec.inputs() {
        let (expected, got) = (spec.inputs() as u64, inputs as u64);
        return Err(Error::Shape { what: "pixels of an image".into(), expected, got });
    }
    let mut cpu = Cpu::new();
    let mut workspace = Workspace::new(&cpu, spec, ROWS);
    let mut probabilities_of_rows = cpu.zeros(ROWS * classes);
    let model = Model::new(&mut cpu, spec.clone(), parameters)?;
    let mut probabilities = Vec::with_capacity(set.len() * classes);
    for first in (0..set.len()).step_by(ROWS) {
        let rows = ROWS.min(set.len() - first);
        let pixels = set.pixels(first..first + rows);
        let x: Vec<f32> = pixels.iter().copied().map(pixel_to_input).collect();
        cpu.write(&mut workspace.outputs[0], &x);
        model.forward(&mut cpu, rows, &mut workspace);
        let logits = &workspace.outputs[workspace.outputs.len() - 1];
        cpu.softmax(rows, classes, logits, &mut probabilities_of_rows);
        probabilities.extend(probabilities_of_rows.to_vec(rows * classes));
    }
    Judgement::new(probabilities, set.labels().to_vec(), classes)
}
