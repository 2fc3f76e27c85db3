//! What augmentation would make of the drawing in the first epochs, where it is chosen: the same code that training runs.

use super::dom;
use crate::data::{Augmentation, Augmenter, RandomChanges};
use crate::ink::{Image, PIXELS, SIDE};
use crate::settings::Settings;
use crate::{Error, Result};
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ImageData};

/// Copies shown; index.html's canvas is that many images wide.
const COPIES: usize = 6;

/// `#augmented`: a figure with a canvas.
pub struct Augmented {
    figure: Element,
    context: CanvasRenderingContext2d,
    augmenter: Augmenter,
}

impl Augmented {
    /// Finds its figure.
    ///
    /// Errors when index.html has none, or its canvas can't be drawn on.
    pub fn new() -> Result<Augmented> {
        let canvas: HtmlCanvasElement = dom::by_id("augmented-copies")?;
        let no_context = || Error::State { reason: "the canvas has no 2D context".into() };
        let context = canvas.get_context("2d").ok().flatten().ok_or_else(no_context)?.dyn_into().map_err(|_| no_context())?;
        Ok(Augmented { figure: dom::by_id("augmented")?, context, augmenter: Augmenter::default() })
    }

    /// Shows the copies, if augmentation is chosen and there is ink.
    pub fn show(&mut self, image: Option<&Image>, settings: &Settings) {
        let image = image.filter(|_| settings.augment);
        dom::show(&self.figure, image.is_some());
        let Some(image) = image else { return };
        let mut copy = [0; PIXELS];
        for number in 0..COPIES {
            let changes = RandomChanges { by: Augmentation::HANDWRITING, seed: settings.seed as u32, epoch: number as u32 };
            self.augmenter.augment(image, &mut copy, changes.by, changes.of(0));
            let rgba: Vec<u8> = copy.iter().flat_map(|&ink| [ink, ink, ink, 255]).collect();
            let shown = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), SIDE as u32, SIDE as u32)
                .and_then(|data| self.context.put_image_data(&data, (number * SIDE) as f64, 0.0));
            if let Err(error) = shown {
                web_sys::console::error_1(&error);
            }
        }
    }
}
