//! The network that answers for the canvas: its weights, where they come from, and how that is said.

use super::l10n::{L10n, count, fine_percent};
use crate::Result;
use crate::data::{Subject, pixel_to_input};
use crate::explain::edits::Edits;
use crate::format::model_file::{About, ModelFile};
use crate::ink::{self, Image};
use crate::model::Predictor;
use crate::nn::ModelSpec;

/// Where a network comes from.
#[derive(Clone, Debug, PartialEq)]
pub enum Source {
    /// It came with the site.
    Shipped,
    /// It is being trained here, or was: step and epoch of the weights in use.
    Trained { step: u64, epoch: u32 },
    /// It was taught here with so many of the person's own drawings.
    Taught { drawings: usize },
    /// It was read from the file of this name.
    File(String),
}

/// See the module's documentation.
pub struct Network {
    pub predictor: Predictor,
    pub source: Source,
    pub about: About,
    /// What was changed by hand since.
    pub edits: Edits,
    /// What it reads.
    pub subject: Subject,
}

impl Network {
    /// The network in a model file.
    ///
    /// Errors when its images or classes are not those that the file says.
    pub fn new(file: ModelFile, source: Source) -> Result<Network> {
        let subject = file.subject.check(&file.spec)?;
        Ok(Network {
            predictor: Predictor::new(file.spec, &file.parameters)?,
            source,
            about: file.about,
            edits: Edits::default(),
            subject,
        })
    }

    /// A network that has learned nothing yet.
    ///
    /// Errors as [`Predictor::new`], which a valid specification rules out.
    pub fn fresh(spec: ModelSpec, subject: Subject, seed: u64, made_by: String) -> Result<Network> {
        let parameters = spec.initialize(seed);
        let about = About { made_by, test_accuracy: None };
        Network::new(ModelFile { spec, parameters, about, subject }, Source::Trained { step: 0, epoch: 0 })
    }

    /// What it sees of an image.
    pub fn pixels(&self, image: &Image) -> Vec<u8> {
        ink::resized(image, self.subject.side.into())
    }

    /// Its inputs for an image.
    pub fn input(&self, image: &Image) -> Vec<f32> {
        self.pixels(image).into_iter().map(pixel_to_input).collect()
    }

    /// What a file of it holds.
    pub fn to_file(&self) -> ModelFile {
        ModelFile {
            spec: self.predictor.spec().clone(),
            parameters: self.predictor.parameters().to_vec(),
            // What was tested is not what was changed by hand.
            about: About { test_accuracy: self.about.test_accuracy.filter(|_| self.edits.is_empty()), ..self.about.clone() },
            subject: self.subject,
        }
    }

    /// Which network this is, as a sentence.
    pub fn sentence(&self, l10n: &L10n) -> String {
        // An empty accuracy selects the sentence without one.
        let accuracy = self.about.test_accuracy.map(fine_percent).unwrap_or_default();
        let known = if accuracy.is_empty() { "no" } else { "yes" };
        let args = [("accuracy", accuracy.into()), ("known", known.into())];
        let [accuracy, known] = args;
        match &self.source {
            Source::Shipped => l10n.text("source-shipped", &[accuracy, known]),
            Source::Trained { step: 0, .. } => l10n.text("source-fresh", &[]),
            Source::Trained { step, epoch } => {
                l10n.text("source-trained", &[accuracy, known, ("step", count(*step).into()), ("epoch", (*epoch).into())])
            }
            Source::Taught { drawings } => l10n.text("source-taught", &[("drawings", (*drawings).into())]),
            Source::File(name) => l10n.text("source-file", &[accuracy, known, ("name", name.as_str().into())]),
        }
    }
}
