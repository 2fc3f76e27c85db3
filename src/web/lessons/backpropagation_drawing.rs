//! The same step for one weight of the network in use: from a pixel of the visitor's drawing to a neuron.

use super::backpropagation::{Lines, lowered, short, times};
use super::backpropagation_slides::{checked, losses};
use super::controls::{Range, Slider, add, add_text, button, choice, figure};
use super::page;
use super::stage::Stage;
use super::svg;
use crate::Result;
use crate::explain::backprop::{Forward, Network, Place, Slopes};
use crate::web::dom;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{Element, Event, HtmlSelectElement, PointerEvent};

/// Pixels of a side.
const SIDE: usize = 28;
/// Of learning rates: many weights move at once, so that each moves little.
const RATES: Range = Range(0.001, 0.1, 0.001);
/// Products that are written out; of more, the largest.
const WRITTEN: usize = 10;

/// See the module's documentation.
pub struct Drawing {
    pub place: Element,
    said: Element,
    shown: Element,
    digit: HtmlSelectElement,
    row: Rc<Slider>,
    column: Rc<Slider>,
    neuron: Slider,
    rate: Slider,
    square: Element,
    has_square: bool,
    pixels: Pixels,
    lines: Lines,
    losses: Element,
    /// What the page and buttons say.
    is_new_network: Rc<Cell<bool>>,
    is_new_drawing: Rc<Cell<bool>>,
    is_steepest: Rc<Cell<bool>>,
    is_reset: Rc<Cell<bool>>,
    updates: Rc<Cell<usize>>,
    /// The network in use, and what became of it here.
    original: Option<Network>,
    network: Option<Network>,
    input: Vec<f64>,
    read: usize,
    label: usize,
    before: Vec<f64>,
    is_done: bool,
}

impl Drawing {
    /// Builds it.
    pub fn new(stage: &Stage, parent: &Element) -> Result<Drawing> {
        let place = add(parent, "div", "")?;
        let columns = add(&place, "div", "columns")?;
        let square = add(&columns, "div", "")?;
        let controls = add(&columns, "div", "controls-column")?;
        let said = add(&controls, "p", "")?;
        said.set_id("backpropagation-said");
        dom::set(&said, "role", "status");
        let shown = add(&controls, "div", "")?;
        let digits: Vec<String> = (0..10).map(|digit| digit.to_string()).collect();
        let options: Vec<(&str, String)> = digits.iter().map(|digit| (digit.as_str(), digit.clone())).collect();
        let digit = choice(&shown, "backpropagation-digit", &stage.text("backpropagation-digit", &[]), &options)?;
        let slider = |name: &str, to: f32| -> Result<Slider> {
            let id = format!("backpropagation-{name}");
            let slider = Slider::new(stage, &shown, &id, &stage.text(&id, &[]), Range(1.0, to, 1.0), 1.0)?;
            slider.widen();
            Ok(slider)
        };
        let (row, column) = (Rc::new(slider("row", SIDE as f32)?), Rc::new(slider("column", SIDE as f32)?));
        let neuron = slider("neuron", 2.0)?;
        let rate =
            Slider::new(stage, &shown, "backpropagation-drawing-rate", &stage.text("backpropagation-rate", &[]), RATES, 0.002)?;
        rate.widen();
        let [is_new_network, is_new_drawing, is_steepest, is_reset] =
            [true, true, false, false].map(|value| Rc::new(Cell::new(value)));
        let updates = Rc::new(Cell::new(0_usize));
        let buttons = add(&shown, "div", "buttons")?;
        let steep = Rc::clone(&is_steepest);
        button(stage, &buttons, "backpropagation-steepest", &stage.text("backpropagation-steepest", &[]), move || {
            steep.set(true);
        })?;
        let more = Rc::clone(&updates);
        button(stage, &buttons, "backpropagation-drawing-apply", &stage.text("backpropagation-apply", &[]), move || {
            more.set(more.get() + 1);
        })?;
        let again = Rc::clone(&is_reset);
        button(stage, &buttons, "backpropagation-drawing-reset", &stage.text("backpropagation-reset", &[]), move || {
            again.set(true);
        })?;
        let losses = add(&shown, "p", "sum")?;
        losses.set_id("backpropagation-drawing-losses");
        let pixels = Pixels::new(stage, &columns)?;
        let (picture, to_row, to_column) = (pixels.picture.clone(), Rc::clone(&row), Rc::clone(&column));
        stage.on(&pixels.picture, "click", move |event: PointerEvent| {
            let pixel = svg::place(&event, &picture).map(|share| (share * SIDE as f32).floor().clamp(0.0, SIDE as f32 - 1.0));
            to_column.set(pixel[0] + 1.0);
            to_row.set(pixel[1] + 1.0);
        });
        let lines = add(&place, "div", "")?;
        lines.set_id("backpropagation-weight-lines");
        for (event, is_new) in [(page::NETWORK, &is_new_network), (page::DRAWING, &is_new_drawing)] {
            let (painter, is_new) = (stage.clone(), Rc::clone(is_new));
            stage.on(&dom::document(), event, move |_: Event| {
                is_new.set(true);
                painter.redraw();
            });
        }
        let again = Rc::clone(&is_reset);
        stage.on(&digit, "change", move |_: Event| again.set(true));
        Ok(Drawing {
            place,
            said,
            shown,
            digit,
            row,
            column,
            neuron,
            rate,
            square,
            has_square: false,
            pixels,
            lines: Lines::new(lines),
            losses,
            is_new_network,
            is_new_drawing,
            is_steepest,
            is_reset,
            updates,
            original: None,
            network: None,
            input: Vec::new(),
            read: 0,
            label: 0,
            before: Vec::new(),
            is_done: false,
        })
    }

    /// Draws it. Returns whether the task is done: a step for another digit than the one that was read, at a slope, that lowered
    /// C.
    pub fn draw(&mut self, words: &Stage) -> bool {
        if !self.has_square {
            self.has_square = true;
            words.take_square(&self.square);
        }
        self.take_news();
        let shown = self.walk(words);
        let is_shown = shown.is_ok();
        dom::show(&self.shown, is_shown);
        dom::show(&self.pixels.figure, is_shown);
        let (said, lines) = match shown {
            Ok(lines) => (words.text("backpropagation-read", &[("digit", self.read.into())]), lines),
            Err(missing) => (words.text(&format!("backpropagation-{missing}"), &[]), Vec::new()),
        };
        dom::set_text(&self.said, &said);
        self.lines.write(lines);
        self.is_done
    }

    /// What has changed on the page, which also speaks when nothing has.
    fn take_news(&mut self) {
        let mut is_new = false;
        if self.is_new_network.take() {
            let network = page::network().and_then(|file| Network::new(file.spec, file.parameters).ok());
            is_new |= network != self.original;
            self.original = network;
        }
        if self.is_new_drawing.take() {
            let inputs = page::drawing().unwrap_or_default();
            let input: Vec<f64> = inputs.iter().map(|x| f64::from(*x)).collect();
            if input != self.input {
                self.pixels.paint(&inputs);
                self.input = input;
                is_new = true;
            }
        }
        if is_new {
            self.begin();
        }
    }

    /// Begins with the network in use, the digit that it reads, and the steepest weight.
    fn begin(&mut self) {
        self.network = self.original.clone();
        self.before.clear();
        let Some(network) = &self.original else { return };
        let Ok(forward) = network.forward(&self.input, 0) else { return };
        let best = forward.probabilities.iter().enumerate().max_by(|a, b| a.1.total_cmp(b.1));
        self.read = best.map_or(0, |(digit, _)| digit);
        self.digit.set_value(&self.read.to_string());
        let units = network.shapes().next().map_or(1, |shape| shape.units);
        self.neuron.stretch(1.0, units as f32, 1.0);
        self.is_steepest.set(true);
    }

    /// The step, spelled out; or what is missing.
    fn walk(&mut self, words: &Stage) -> std::result::Result<Vec<String>, &'static str> {
        self.label = self.digit.value().parse().unwrap_or(0);
        if self.is_reset.take() {
            self.network = self.original.clone();
            self.before.clear();
        }
        let Some(network) = &mut self.network else { return Err("other-layers") };
        let Ok(mut forward) = network.forward(&self.input, self.label) else { return Err("no-ink") };
        let mut slopes = network.backward(&forward);
        if self.is_steepest.take()
            && let Place::Weight { input, unit, .. } = network.steepest(&forward, &slopes, 0)
        {
            self.row.set((input / SIDE + 1) as f32);
            self.column.set((input % SIDE + 1) as f32);
            self.neuron.set((unit + 1) as f32);
        }
        let chosen = [&*self.row, &*self.column, &self.neuron].map(|slider| slider.value() as usize - 1);
        let place = Place::Weight { layer: 0, input: chosen[0] * SIDE + chosen[1], unit: chosen[2] };
        for _ in 0..self.updates.take() {
            let slope = network.gradient(&forward, &slopes, place).gradient;
            self.before.push(forward.loss);
            network.update(&forward, &slopes, self.rate.value());
            let Ok(after) = network.forward(&self.input, self.label) else { return Err("no-ink") };
            self.is_done |= slope != 0.0 && after.loss < forward.loss && self.label != self.read;
            forward = after;
            slopes = network.backward(&forward);
        }
        self.pixels.mark(chosen[0], chosen[1]);
        dom::set_text(&self.losses, &losses(words, &self.before, forward.loss));
        Ok(spelled(words, network, &forward, &slopes, place, self.rate.value()))
    }
}

/// The weight's numbers, ahead and back.
fn spelled(words: &Stage, network: &Network, forward: &Forward, slopes: &[Slopes], place: Place, rate: f32) -> Vec<String> {
    let Place::Weight { layer, input, unit } = place else { return Vec::new() };
    let (here, is_output) = (&forward.layers[layer], layer + 1 == forward.layers.len());
    // Neurons count from 1, digits from 0.
    let i = lowered(if is_output { unit } else { unit + 1 });
    let right = format!("ŷ{}", lowered(forward.label));
    let name = network.activation(layer).name();
    let mut lines = vec![words.text("backpropagation-ahead", &[])];
    let of_pixel =
        [("x", short(here.x[input]).into()), ("row", (input / SIDE + 1).into()), ("column", (input % SIDE + 1).into())];
    lines.push(words.text("backpropagation-pixel", &of_pixel));
    lines.push(words.text(
        "backpropagation-sum",
        &[("inputs", here.x.len().into()), ("z", format!("z{i} = {}", short(here.z[unit])).into())],
    ));
    if !is_output {
        lines.push(format!("a{i} = f(z{i}) = {name}({}) = {}", short(here.z[unit]), short(here.a[unit])));
    }
    let probability = forward.probabilities[forward.label];
    lines.push(format!("C = −ln {right} = −ln {} = {}", short(probability), short(forward.loss)));
    lines.push(words.text("backpropagation-back", &[]));
    let of_unit = &slopes[layer];
    if let (Some(da), Some(slope)) = (of_unit.da.get(unit), of_unit.slope.get(unit)) {
        let weight = |k: usize| f64::from(network.at(Place::Weight { layer: layer + 1, input: unit, unit: k }));
        let mut pairs: Vec<_> = slopes[layer + 1].dz.iter().enumerate().map(|(k, dz)| (weight(k), *dz)).collect();
        let all = pairs.len();
        if all > WRITTEN {
            pairs.sort_by(|a, b| (b.0 * b.1).abs().total_cmp(&(a.0 * a.1).abs()));
            pairs.truncate(WRITTEN);
        }
        let products: Vec<String> = pairs.iter().map(|(w, dz)| format!("{} × {}", times(*w), times(*dz))).collect();
        let rest = if all > WRITTEN { " + ⋯" } else { "" };
        lines.push(format!("∂C/∂a{i} = {}{rest} = {}", products.join(" + "), short(*da)));
        lines.push(format!("∂C/∂z{i} = f′(z{i}) · ∂C/∂a{i} = {} × {} = {}", short(*slope), times(*da), short(of_unit.dz[unit])));
    } else {
        let y = if unit == forward.label { 1.0 } else { 0.0 };
        lines.push(format!(
            "∂C/∂z{i} = ŷ{i} − y{i} = {} − {} = {}",
            short(forward.probabilities[unit]),
            short(y),
            short(of_unit.dz[unit])
        ));
    }
    let product = network.gradient(forward, slopes, place);
    lines.push(format!("∂C/∂w = x · ∂C/∂z{i} = {} × {} = {}", short(product.x), times(product.dz), short(product.gradient)));
    let tried = network.central_difference(forward, place);
    lines.push(format!("(C(w + h) − C(w − h)) / 2h = {}", checked(product.gradient, tried)));
    let mut ahead = network.clone();
    ahead.update(forward, slopes, rate);
    let (now, then) = (f64::from(network.at(place)), f64::from(ahead.at(place)));
    let sum = format!("{} − {} × {} = {}", short(now), times(product.gradient), figure(rate, 3), short(then));
    lines.push(words.text("backpropagation-update", &[("sum", sum.into())]));
    lines
}

/// The drawing as the network sees it, with the chosen pixel.
struct Pixels {
    figure: Element,
    picture: Element,
    ink: Element,
    mark: Element,
}

impl Pixels {
    fn new(stage: &Stage, parent: &Element) -> Result<Pixels> {
        let figure = add(parent, "figure", "")?;
        let label = stage.text("backpropagation-pixels", &[]);
        let picture = svg::picture(&figure, "plot pixel-choice", SIDE as f32, SIDE as f32, &label)?;
        let side = SIDE.to_string();
        svg::add(&picture, "rect", &[("class", "ground"), ("width", &side), ("height", &side)])?;
        let ink = svg::add(&picture, "g", &[])?;
        let mark = svg::add(&picture, "rect", &[("class", "mark"), ("width", "1"), ("height", "1")])?;
        add_text(&figure, "figcaption", "", &stage.text("backpropagation-pixels-caption", &[]))?;
        Ok(Pixels { figure, picture, ink, mark })
    }

    fn paint(&self, inputs: &[f32]) {
        self.ink.replace_children_with_node_0();
        for (i, x) in inputs.iter().enumerate().filter(|(_, x)| **x > 0.0) {
            let (column, row) = ((i % SIDE).to_string(), (i / SIDE).to_string());
            let opacity = format!("{x:.2}");
            let place = [("x", &*column), ("y", &row), ("width", "1"), ("height", "1"), ("opacity", &opacity)];
            let _ = svg::add(&self.ink, "rect", &place);
        }
    }

    fn mark(&self, row: usize, column: usize) {
        svg::set(&self.mark, "x", column as f32);
        svg::set(&self.mark, "y", row as f32);
    }
}
