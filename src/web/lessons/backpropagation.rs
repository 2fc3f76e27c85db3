//! One training step with every number: the example network, forward and back, and a weight of the network in use with the
//! visitor's drawing.

use super::backpropagation_drawing::Drawing;
use super::backpropagation_slides::Slides;
use super::controls::{add_text, choice, factor, figure};
use super::stage::{Next, Stage};
use crate::Result;
use crate::web::dom;
use web_sys::Element;

/// A loss below this is a task.
const LOW: f64 = 0.1;

/// Builds it.
pub fn show(stage: &Stage) -> Result<()> {
    let root: &Element = stage.root();
    let options = ["slides", "drawing"].map(|name| (name, stage.text(&format!("backpropagation-{name}"), &[])));
    let chosen = choice(root, "backpropagation-network", &stage.text("backpropagation-network", &[]), &options)?;
    let mut slides = Slides::new(stage, root)?;
    let mut drawing = Drawing::new(stage, root)?;
    let words = stage.clone();
    stage.draw(move || {
        let is_slides = chosen.value() == "slides";
        dom::show(&slides.place, is_slides);
        dom::show(&drawing.place, !is_slides);
        if is_slides {
            let (next, seen) = slides.draw(&words);
            if seen.is_walked {
                words.done("walk");
            }
            if seen.loss < LOW {
                words.done("lower");
            }
            next
        } else {
            if drawing.draw(&words) {
                words.done("drawing");
            }
            Next::Rest
        }
    });
    Ok(())
}

/// Lines of text that are written anew when they change, so that a screen reader reads only what is new.
pub struct Lines {
    place: Element,
    written: Vec<String>,
}

impl Lines {
    /// No line yet.
    pub fn new(place: Element) -> Lines {
        Lines { place, written: Vec::new() }
    }

    /// Writes them.
    pub fn write(&mut self, lines: Vec<String>) {
        if lines == self.written {
            return;
        }
        self.place.replace_children_with_node_0();
        for line in &lines {
            let _ = add_text(&self.place, "p", "sum", line);
        }
        self.written = lines;
    }
}

/// 1 as ₁.
pub fn lowered(number: usize) -> String {
    const DIGITS: [char; 10] = ['₀', '₁', '₂', '₃', '₄', '₅', '₆', '₇', '₈', '₉'];
    number.to_string().bytes().map(|digit| DIGITS[usize::from(digit - b'0')]).collect()
}

/// Three decimals, of small numbers three digits.
pub fn short(value: f64) -> String {
    figure(value as f32, decimals(value))
}

/// The same as a factor.
pub fn times(value: f64) -> String {
    factor(value as f32, decimals(value))
}

/// Decimals that show something of a number.
pub fn decimals(value: f64) -> usize {
    if value == 0.0 { 3 } else { (2.0 - value.abs().log10().floor()).clamp(3.0, 9.0) as usize }
}
