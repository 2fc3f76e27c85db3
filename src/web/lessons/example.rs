//! The slides' example network: its picture, and every neuron's calculation spelled out with numbers that can be changed.

use super::controls::{add, add_text, button, factor, figure};
use super::stage::{Next, Stage};
use super::svg;
use crate::Result;
use crate::explain::example::{Example, PRINTED};
use crate::web::dom;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement};

/// Places of the picture: of columns, inputs first, and of rows.
const COLUMNS: [f32; 4] = [26.0, 142.0, 258.0, 374.0];
const ROWS: [f32; 2] = [62.0, 188.0];
const RADIUS: f32 = 23.0;
/// Where a weight stands on its line, as a share of the way: near the neuron that it belongs to.
const NEAR: f32 = 0.68;
/// The neurons by place.
const PLACES: [(usize, usize); 6] = [(0, 0), (0, 1), (1, 0), (1, 1), (2, 0), (2, 1)];

/// Builds it.
pub fn show(stage: &Stage) -> Result<()> {
    let root: &Element = stage.root();
    let columns = add(root, "div", "columns example")?;
    let figure = add(&columns, "figure", "")?;
    let picture = Picture::new(&figure, &stage.text("example-picture", &[]))?;
    add_text(&figure, "figcaption", "", &stage.text("example-caption", &[]))?;
    let said = add(&figure, "p", "sum")?;
    said.set_id("example-said");
    dom::set(&said, "role", "status");

    let printed = Example::printed();
    let sums = add(&columns, "div", "sums")?;
    let inputs = add(&sums, "p", "sum")?;
    let x = [0, 1].map(|i| {
        let name = ["x₁", "x₂"][i];
        add_text(&inputs, "span", "", &format!("{name} = "))?;
        field(&inputs, &format!("example-x{}", i + 1), name, printed.x[i])
    });
    let [upper, lower] = x;
    let x = Rc::new([upper?, lower?]);
    let chosen = Rc::new(Cell::new(None));
    let rows = PLACES.map(|place| Row::new(stage, &sums, place, &printed));
    let rows = Rc::new(rows.into_iter().collect::<Result<Vec<Row>>>()?);
    for row in rows.iter() {
        for (kind, shown) in [("focusin", Some(row.place)), ("focusout", None)] {
            let (chosen, redraw) = (Rc::clone(&chosen), stage.clone());
            stage.on(&row.root, kind, move |_: Event| {
                chosen.set(shown);
                redraw.redraw();
            });
        }
    }
    let buttons = add(&sums, "div", "buttons")?;
    let (all_x, all_rows) = (Rc::clone(&x), Rc::clone(&rows));
    button(stage, &buttons, "example-reset", &stage.text("example-reset", &[]), move || {
        all_x.iter().zip(printed.x).for_each(|(field, value)| write(field, value));
        all_rows.iter().for_each(|row| row.write(&printed));
    })?;

    let words = stage.clone();
    let mut example = printed;
    stage.draw(move || {
        let fields = x.iter().zip(&mut example.x);
        fields.for_each(|(field, value)| read(field, value));
        rows.iter().for_each(|row| row.read(&mut example));

        let can_compare = example.x == printed.x;
        for row in rows.iter() {
            row.show(&words, &example, can_compare);
        }
        picture.draw(&example, chosen.get());
        let wrong = example.agrees().iter().flatten().filter(|agrees| !**agrees).count();
        let text = match wrong {
            _ if example.x == [0.0, 0.0] => words.text("example-nothing", &[]),
            _ if !can_compare => words.text("example-other", &[]),
            0 if example == Example::DECK => words.text("example-found", &[]),
            0 => words.text("example-agrees", &[]),
            _ => words.text("example-wrong", &[("wrong", wrong.into())]),
        };
        dom::set_text(&said, &text);

        if can_compare && wrong == 0 {
            words.done("detective");
        }
        if example.x == [0.0, 0.0] {
            words.done("nothing");
        }
        let [upper, lower] = example.forward()[2];
        if example.biases_changed() == Some(1) && upper.a > lower.a {
            words.done("bias");
        }
        Next::Rest
    });
    Ok(())
}

/// A number to type inside a sum.
fn field(parent: &Element, id: &str, label: &str, value: f32) -> Result<HtmlInputElement> {
    let input: HtmlInputElement = add(parent, "input", "")?.unchecked_into();
    // Not `inputmode="decimal"`: the keys that an iPhone shows for it have no minus.
    input.set_type("number");
    input.set_id(id);
    dom::set(&input, "step", "any");
    dom::set(&input, "aria-label", label);
    write(&input, value);
    Ok(input)
}

fn write(field: &HtmlInputElement, value: f32) {
    field.set_value(&value.to_string());
}

/// What stands there, if it is a number; the value stays as it is where it is none.
fn read(field: &HtmlInputElement, value: &mut f32) {
    let typed = field.value_as_number() as f32;
    dom::set(field, "aria-invalid", if typed.is_finite() { "false" } else { "true" });
    if typed.is_finite() {
        *value = typed;
    }
}

/// One neuron's calculation.
struct Row {
    place: (usize, usize),
    root: Element,
    inputs: [Element; 2],
    w: [HtmlInputElement; 2],
    b: HtmlInputElement,
    z: Element,
    a: Element,
    slide: Element,
}

impl Row {
    fn new(stage: &Stage, parent: &Element, place: (usize, usize), printed: &Example) -> Result<Row> {
        let (layer, unit) = place;
        let id = |name: &str| format!("example-{}-{}-{name}", layer + 1, unit + 1);
        let args = [("layer", (layer + 1).into()), ("unit", if unit == 0 { "upper".into() } else { "lower".into() })];
        let root = add(parent, "div", "neuron-sum")?;
        dom::set(&root, "role", "group");
        let name = add_text(&root, "p", "fine", &stage.text("example-neuron", &args))?;
        name.set_id(&id("name"));
        dom::set(&root, "aria-labelledby", &id("name"));
        let cell = printed.layers[layer][unit];
        let sum = add(&root, "p", "sum")?;
        let term = |field_name: &str, value: f32| -> Result<(Element, HtmlInputElement)> {
            let term = add(&sum, "span", "term")?;
            let before = add(&term, "span", "")?;
            Ok((before, field(&term, &id(field_name), &stage.text(&format!("example-{field_name}"), &[]), value)?))
        };
        let (first, w1) = term("w1", cell.w[0])?;
        let (second, w2) = term("w2", cell.w[1])?;
        let (plus, b) = term("b", cell.b)?;
        dom::set_text(&plus, "+");
        let z = add(&sum, "span", "gives")?;
        z.set_id(&id("z"));
        let output = add(&root, "p", "sum")?;
        let a = add(&output, "span", "gives")?;
        a.set_id(&id("a"));
        let slide = add(&output, "span", "slide")?;
        slide.set_id(&id("slide"));
        Ok(Row { place, root, inputs: [first, second], w: [w1, w2], b, z, a, slide })
    }

    fn write(&self, example: &Example) {
        let cell = example.layers[self.place.0][self.place.1];
        self.w.iter().zip(cell.w).for_each(|(field, w)| write(field, w));
        write(&self.b, cell.b);
    }

    fn read(&self, example: &mut Example) {
        let cell = &mut example.layers[self.place.0][self.place.1];
        self.w.iter().zip(&mut cell.w).for_each(|(field, w)| read(field, w));
        read(&self.b, &mut cell.b);
    }

    fn show(&self, words: &Stage, example: &Example, can_compare: bool) {
        let (layer, unit) = self.place;
        let values = example.forward();
        let x = if layer == 0 { example.x } else { values[layer - 1].map(|value| value.a) };
        for ((place, x), before) in self.inputs.iter().zip(x).zip(["z =", "+"]) {
            dom::set_text(place, &format!("{before} {} ×", factor(x, 2)));
        }
        let value = values[layer][unit];
        dom::set_text(&self.z, &format!("= {}", figure(value.z, 2)));
        dom::set_text(&self.a, &format!("a = σ({}) = {}", figure(value.z, 2), figure(value.a, 2)));
        let agrees = example.agrees()[layer][unit];
        let name = if agrees { "example-same" } else { "example-different" };
        dom::set_text(&self.slide, &words.text(name, &[("printed", figure(PRINTED[layer][unit], 2).into())]));
        dom::set(&self.slide, "data-agrees", if agrees { "yes" } else { "no" });
        dom::show(&self.slide, can_compare);
    }
}

/// The network as on the slide.
struct Picture {
    /// What comes in, then each layer's neurons: the circle's light and its number.
    inputs: [Element; 2],
    neurons: Vec<Neuron>,
}

/// One neuron of the picture.
struct Neuron {
    light: Element,
    output: Element,
    /// The lines to it, with their weights, and its bias.
    lines: [(Element, Element); 2],
    bias: Element,
}

impl Picture {
    fn new(parent: &Element, label: &str) -> Result<Picture> {
        let picture = svg::picture(parent, "graph example-graph", 400.0, 250.0, label)?;
        let lines = svg::add(&picture, "g", &[])?;
        let numbers = svg::add(&picture, "g", &[])?;
        let circle = |x: f32, y: f32| -> Result<(Element, Element)> {
            let place = [("cx", x.to_string()), ("cy", y.to_string()), ("r", RADIUS.to_string())];
            let [cx, cy, r] = place.each_ref().map(|(name, value)| (*name, value.as_str()));
            svg::add(&picture, "circle", &[("class", "neuron"), cx, cy, r])?;
            let light = svg::add(&picture, "circle", &[("class", "shade"), cx, cy, r])?;
            Ok((light, svg::text(&picture, "output middle", x, y + 5.0, "")?))
        };
        let mut inputs = Vec::new();
        for (i, y) in ROWS.into_iter().enumerate() {
            let text = svg::text(&picture, "output middle", COLUMNS[0], y + 5.0, "")?;
            svg::text(&picture, "middle", COLUMNS[0], y - 16.0, ["x₁", "x₂"][i])?;
            inputs.push(text);
        }
        let mut neurons = Vec::new();
        for (layer, unit) in PLACES {
            let (x, y) = (COLUMNS[layer + 1], ROWS[unit]);
            let line = |input: usize| -> Result<(Element, Element)> {
                let from = [COLUMNS[layer] + if layer == 0 { 14.0 } else { RADIUS }, ROWS[input]];
                let line = svg::add(&lines, "line", &[("class", "edge")])?;
                for (name, value) in [("x1", from[0]), ("y1", from[1]), ("x2", x - RADIUS), ("y2", y)] {
                    svg::set(&line, name, value);
                }
                let at = [from[0] + NEAR * (x - RADIUS - from[0]), from[1] + NEAR * (y - from[1])];
                Ok((line, svg::text(&numbers, "weight middle", at[0], at[1] + 4.0, "")?))
            };
            let lines = [line(0)?, line(1)?];
            let (light, output) = circle(x, y)?;
            let below = if unit == 0 { -RADIUS - 8.0 } else { RADIUS + 18.0 };
            let bias = svg::text(&picture, "bias middle", x, y + below, "")?;
            neurons.push(Neuron { light, output, lines, bias });
        }
        let [upper, lower] = [inputs[0].clone(), inputs[1].clone()];
        Ok(Picture { inputs: [upper, lower], neurons })
    }

    fn draw(&self, example: &Example, chosen: Option<(usize, usize)>) {
        for (text, x) in self.inputs.iter().zip(example.x) {
            dom::set_text(text, &figure(x, 2));
        }
        let values = example.forward();
        for (neuron, place) in self.neurons.iter().zip(PLACES) {
            let (value, cell) = (values[place.0][place.1], example.layers[place.0][place.1]);
            dom::set(&neuron.light, "opacity", &format!("{:.2}", value.a));
            dom::set_text(&neuron.output, &figure(value.a, 2));
            let is_lit = chosen == Some(place);
            for ((line, text), w) in neuron.lines.iter().zip(cell.w) {
                dom::set_text(text, &figure(w, 2));
                dom::set(line, "class", if is_lit { "edge lit" } else { "edge" });
                dom::set(text, "class", if is_lit { "weight middle lit" } else { "weight middle" });
            }
            dom::set_text(&neuron.bias, &format!("b = {}", figure(cell.b, 2)));
        }
    }
}
