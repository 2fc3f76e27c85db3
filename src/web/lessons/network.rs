//! The network in use, its layers lit by what it is shown: the visitor's drawing, or a digit on its way to another one.

use super::controls::{Range, Slider, add, add_text, choice, number};
use super::page;
use super::pixels;
use super::stage::{Next, Stage};
use crate::Result;
use crate::explain::between::between;
use crate::explain::lit::{Lit, brightness, first_two};
use crate::ink;
use crate::web::dom;
use crate::web::l10n::{count, percent};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlCanvasElement, HtmlElement, HtmlSelectElement};

/// From this probability on the network is sure: a task.
const SURE: f32 = 0.95;
/// If its first two guesses are no farther apart, it is torn: a task.
const TORN: f32 = 0.15;
/// A neuron is called lit from this share of the brightest one's light on.
const LIT: f32 = 0.1;
/// The digits on whose way the slider begins.
const ENDS: [&str; 2] = ["1", "7"];

/// Builds it.
pub fn show(stage: &Stage) -> Result<()> {
    let root: &Element = stage.root();
    let columns = add(root, "div", "columns shown-network")?;
    let left = add(&columns, "div", "controls-column")?;
    let sources = ["drawing", "between"].map(|name| (name, stage.text(&format!("network-{name}"), &[])));
    let source = choice(&left, "network-shown", &stage.text("network-shown", &[]), &sources)?;
    let square = add(&left, "div", "")?;
    stage.take_square(&square);
    let mixer = add(&left, "div", "")?;
    let both = add(&mixer, "div", "buttons")?;
    let digits: Vec<String> = (0..10).map(|digit| digit.to_string()).collect();
    let options: Vec<(&str, String)> = digits.iter().map(|digit| (digit.as_str(), digit.clone())).collect();
    let end = |id: &str, value: &str| -> Result<HtmlSelectElement> {
        let select = choice(&both, id, &stage.text(id, &[]), &options)?;
        select.set_value(value);
        Ok(select)
    };
    let ends = [end("network-from", ENDS[0])?, end("network-to", ENDS[1])?];
    let share = Slider::new(stage, &mixer, "network-share", &stage.text("network-share", &[]), Range(0.0, 100.0, 1.0), 0.0)?;
    share.widen();
    let said = add(&left, "p", "sum")?;
    said.set_id("network-said");
    dom::set(&said, "role", "status");

    let right = add(&columns, "div", "")?;
    let picture = add(&right, "div", "layers")?;
    picture.set_id("network-layers");
    add_text(&right, "p", "fine", &stage.text("network-legend", &[]))?;
    let question = add(root, "div", "")?;
    let answer = number(&question, "network-weights", &stage.text("network-weights", &[]), 0.0)?;
    answer.set_value("");
    let checked = add(&question, "p", "fine")?;
    checked.set_id("network-checked");
    dom::set(&checked, "role", "status");

    let is_new = Rc::new(Cell::new(true));
    let (listener, changed) = (stage.clone(), Rc::clone(&is_new));
    stage.on(&dom::document(), page::NETWORK, move |_: Event| {
        changed.set(true);
        listener.redraw();
    });
    let listener = stage.clone();
    stage.on(&dom::document(), page::DRAWING, move |_: Event| listener.redraw());
    // Half a digit may leave the network torn, too: tasks are about what is finished.
    let is_writing = Rc::new(Cell::new(false));
    for (kind, writes) in [("pointerdown", true), ("pointerup", false), ("pointercancel", false)] {
        let (writing, listener) = (Rc::clone(&is_writing), stage.clone());
        stage.on(&square, kind, move |_: Event| {
            writing.set(writes);
            listener.redraw();
        });
    }

    let words = stage.clone();
    let mut lit: Option<Lit> = None;
    let mut layers = Layers::default();
    stage.draw(move || {
        if is_new.take() {
            lit = page::network().and_then(|file| Lit::new(file).ok());
        }
        let is_mixed = source.value() == "between";
        dom::show(&square, !is_mixed);
        dom::show(&mixer, is_mixed);
        let Some(lit) = &mut lit else {
            dom::set_text(&said, &words.text("network-none", &[]));
            return Next::Rest;
        };
        let sizes = lit.sizes();
        let image = if is_mixed {
            let [from, to] = [&ends[0], &ends[1]].map(|select| select.value().parse().unwrap_or(0));
            let stroke = between(from, to, share.value() / 100.0);
            stroke.and_then(|stroke| ink::image(&[stroke])).map(|image| ink::to_input(&image).to_vec())
        } else {
            page::drawing()
        };
        let outputs = image.map(|image| lit.layers(&image)).filter(|outputs| !outputs.is_empty());
        let shown = layers.show(&words, &picture, &sizes, outputs.as_deref());
        if let Err(error) = shown {
            web_sys::console::error_1(&error.to_string().into());
        }

        match outputs.as_deref().and_then(|outputs| first_two(outputs.last()?)) {
            Some([(first, most), (second, next)]) => {
                let args = [
                    ("first", first.into()),
                    ("most", percent(most).into()),
                    ("second", second.into()),
                    ("next", percent(next).into()),
                ];
                dom::set_text(&said, &words.text("network-read", &args));
                if most > SURE && !is_writing.get() {
                    words.done("sure");
                }
                if most - next < TORN && !is_writing.get() {
                    words.done("torn");
                }
            }
            None => dom::set_text(&said, &words.text("network-empty", &[])),
        }
        let weights = sizes[0] * sizes[1];
        let typed = answer.value_as_number();
        let verdict = if typed.is_nan() {
            String::new()
        } else if typed == weights as f64 {
            words.done("weights");
            let args = [sizes[0], sizes[1], weights].map(|n| count(n as u64));
            let [inputs, units, weights] = &args;
            let args = [("inputs", inputs.into()), ("units", units.into()), ("weights", weights.into())];
            words.text("network-right", &args)
        } else {
            words.text("network-wrong", &[])
        };
        dom::set_text(&checked, &verdict);
        Next::Rest
    });
    Ok(())
}

/// The picture of all layers: grids of lights, and at the end a bar each digit.
#[derive(Default)]
struct Layers {
    sizes: Vec<usize>,
    grids: Vec<(HtmlCanvasElement, Element)>,
    /// Bar and percentage of each class, and their item.
    bars: Vec<(Element, HtmlElement, Element)>,
}

impl Layers {
    /// Lights the layers, or darkens them where there is nothing to see.
    fn show(&mut self, words: &Stage, parent: &Element, sizes: &[usize], outputs: Option<&[Vec<f32>]>) -> Result<()> {
        if self.sizes != sizes {
            self.build(words, parent, sizes)?;
        }
        for (layer, (grid, caption)) in self.grids.iter().enumerate() {
            let lights = outputs.map_or_else(|| vec![0.0; sizes[layer]], |outputs| brightness(&outputs[layer]));
            pixels::paint_lights(grid, &lights);
            let lit = lights.iter().filter(|light| **light >= LIT).count();
            let args = [("number", layer.into()), ("size", count(sizes[layer] as u64).into()), ("lit", count(lit as u64).into())];
            let name = if layer == 0 { "network-input" } else { "network-hidden" };
            dom::set_text(caption, &words.text(name, &args));
        }
        let probabilities = outputs.and_then(|outputs| outputs.last());
        let top = probabilities.and_then(|all| first_two(all)).map(|[(first, _), _]| first);
        for (class, (item, bar, share)) in self.bars.iter().enumerate() {
            let probability = probabilities.map(|all| all[class]);
            let _ = bar.style().set_property("--p", &format!("{:.4}", probability.unwrap_or(0.0)));
            dom::set_text(share, &probability.map(percent).unwrap_or_default());
            let _ = item.class_list().toggle_with_force("top", top == Some(class));
        }
        Ok(())
    }

    fn build(&mut self, words: &Stage, parent: &Element, sizes: &[usize]) -> Result<()> {
        parent.replace_children_with_node_0();
        self.sizes = sizes.to_vec();
        self.grids.clear();
        self.bars.clear();
        let Some((classes, before)) = sizes.split_last() else { return Ok(()) };
        for neurons in before {
            let layer = add(parent, "figure", "layer")?;
            let caption = add(&layer, "figcaption", "")?;
            let columns = columns(*neurons);
            let grid = pixels::canvas(&layer, "lights", [columns, neurons.div_ceil(columns)], "")?;
            self.grids.push((grid, caption));
        }
        let layer = add(parent, "figure", "layer")?;
        let args = [("size", count(*classes as u64).into())];
        add_text(&layer, "figcaption", "", &words.text("network-output", &args))?;
        let list = add(&layer, "ol", "bars")?;
        for class in 0..*classes {
            let item = add(&list, "li", "")?;
            add_text(&item, "b", "", &class.to_string())?;
            let bar: HtmlElement = add(&item, "i", "")?.unchecked_into();
            let share = add(&item, "span", "")?;
            self.bars.push((item, bar, share));
        }
        Ok(())
    }
}

/// Columns of a layer's grid: as near to a square as the number allows, with full rows where that makes it no more than about
/// twice as wide as high.
fn columns(neurons: usize) -> usize {
    let square = (1..).find(|side| side * side >= neurons).unwrap_or(1);
    (square..=square * 3 / 2).find(|columns| neurons.is_multiple_of(*columns)).unwrap_or(square)
}
