//! The example network, with softmax, on one training step: numbers ahead, slopes back, each gradient checked, and the update.

use super::backpropagation::{Lines, decimals, lowered, short, times};
use super::controls::{Range, Slider, add, add_text, button, choice, factor, figure};
use super::flow::{Course, Edge, Flow, Node};
use super::stage::{Next, Stage};
use super::walk::Walk;
use crate::Result;
use crate::explain::backprop::{Forward, H, Network, Place, Slopes, agrees};
use crate::nn::Activation;
use crate::web::dom;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{Element, HtmlSelectElement};

/// Layers with weights; steps ahead, with the loss; and all steps.
const LAYERS: usize = 3;
const AHEAD: usize = LAYERS + 1;
const STEPS: usize = AHEAD + LAYERS;
/// Where the columns of the picture are, the rows, and the loss.
const COLUMNS: [f32; 4] = [32.0, 116.0, 200.0, 284.0];
const ROWS: [f32; 2] = [50.0, 178.0];
const LOSS: [f32; 2] = [354.0, 114.0];
const SIZE: [f32; 2] = [386.0, 240.0];
/// Of learning rates.
const RATES: Range = Range(0.05, 2.0, 0.05);
/// Losses that are written in a row.
const WRITTEN: usize = 6;

/// See the module's documentation.
pub struct Slides {
    pub place: Element,
    walk: Walk,
    label: HtmlSelectElement,
    rate: Slider,
    /// What buttons ask for.
    updates: Rc<Cell<usize>>,
    is_reset: Rc<Cell<bool>>,
    picture: Picture,
    title: Element,
    lines: Lines,
    table: Table,
    losses: Element,
    update: Element,
    network: Network,
    /// The loss before each update.
    before: Vec<f64>,
    /// For which class they were.
    trained: usize,
}

/// What tasks ask for.
#[derive(Clone, Copy, Debug)]
pub struct Seen {
    /// All steps, ahead and back.
    pub is_walked: bool,
    pub loss: f64,
}

impl Slides {
    /// Builds it.
    pub fn new(stage: &Stage, parent: &Element) -> Result<Slides> {
        let place = add(parent, "div", "")?;
        let columns = add(&place, "div", "columns wide-right")?;
        let controls = add(&columns, "div", "controls-column")?;
        let classes = [("0", "y₁ = 1, y₂ = 0".to_string()), ("1", "y₁ = 0, y₂ = 1".to_string())];
        let label = choice(&controls, "backpropagation-label", &stage.text("backpropagation-label", &[]), &classes)?;
        let walk = Walk::new(stage, &controls, "backpropagation", STEPS)?;
        let rate = Slider::new(stage, &controls, "backpropagation-rate", &stage.text("backpropagation-rate", &[]), RATES, 0.5)?;
        rate.widen();
        let (updates, is_reset) = (Rc::new(Cell::new(0_usize)), Rc::new(Cell::new(false)));
        let buttons = add(&controls, "div", "buttons")?;
        let more = Rc::clone(&updates);
        button(stage, &buttons, "backpropagation-apply", &stage.text("backpropagation-apply", &[]), move || {
            more.set(more.get() + 1);
        })?;
        let again = Rc::clone(&is_reset);
        button(stage, &buttons, "backpropagation-reset", &stage.text("backpropagation-reset", &[]), move || again.set(true))?;
        let line = |id: &str| -> Result<Element> {
            let line = add(&controls, "p", "sum")?;
            line.set_id(id);
            Ok(line)
        };
        let (update, losses) = (line("backpropagation-update")?, line("backpropagation-losses")?);
        let picture = Picture::new(stage, &columns)?;
        let title = add(&place, "p", "step-title")?;
        title.set_id("backpropagation-title");
        dom::set(&title, "role", "status");
        let lines = add(&place, "div", "")?;
        lines.set_id("backpropagation-lines");
        let table = Table::new(stage, &place)?;
        Ok(Slides {
            place,
            walk,
            label,
            rate,
            updates,
            is_reset,
            picture,
            title,
            lines: Lines::new(lines),
            table,
            losses,
            update,
            network: Network::slides(),
            before: Vec::new(),
            trained: 0,
        })
    }

    /// Draws a frame.
    pub fn draw(&mut self, words: &Stage) -> (Next, Seen) {
        let next = self.walk.advance(words.is_still());
        let label = usize::from(self.label.value() == "1");
        if self.is_reset.take() {
            self.walk.go(0);
            self.trained = usize::MAX;
        }
        if label != self.trained {
            (self.network, self.trained) = (Network::slides(), label);
            self.before.clear();
        }
        let Ok(mut forward) = self.network.forward(&Network::SLIDES_INPUT, label) else { return (next, Seen::NOTHING) };
        let mut slopes = self.network.backward(&forward);
        for _ in 0..self.updates.take() {
            self.before.push(forward.loss);
            self.network.update(&forward, &slopes, self.rate.value());
            let Ok(after) = self.network.forward(&Network::SLIDES_INPUT, label) else { break };
            forward = after;
            slopes = self.network.backward(&forward);
            self.walk.go(STEPS);
        }
        let step = self.walk.at();
        // The deck has the sigmoid behind its last layer, too.
        let deck = forward.layers[LAYERS - 1].z.iter().map(|z| figure(Activation::Sigmoid.apply(*z) as f32, 2));
        let deck = [("deck", deck.collect::<Vec<_>>().join(", ").into())];
        dom::set_text(&self.title, &words.text(&format!("backpropagation-step-{step}"), &deck));
        self.lines.write(lines(&self.network, &forward, &slopes, step));
        let shown = (AHEAD + 1..=STEPS).contains(&step).then(|| STEPS - step);
        self.table.draw(&self.network, &forward, &slopes, shown);
        self.picture.draw(&self.network, &forward, &slopes, &self.walk);
        dom::set_text(&self.update, &self.example_of_update(words, &forward, &slopes));
        dom::set_text(&self.losses, &losses(words, &self.before, forward.loss));
        (next, Seen { is_walked: self.walk.has(STEPS), loss: forward.loss })
    }

    /// What the update will do to the first weight of the last layer.
    fn example_of_update(&self, words: &Stage, forward: &Forward, slopes: &[Slopes]) -> String {
        let place = Place::Weight { layer: LAYERS - 1, input: 0, unit: 0 };
        let mut ahead = self.network.clone();
        ahead.update(forward, slopes, self.rate.value());
        let slope = self.network.gradient(forward, slopes, place).gradient;
        let (now, then) = (figure(self.network.at(place), 3), figure(ahead.at(place), 3));
        let sum = format!("{now} − {} × {} = {then}", times(slope), figure(self.rate.value(), 2));
        words.text("backpropagation-update-example", &[("sum", sum.into())])
    }
}

impl Seen {
    const NOTHING: Seen = Seen { is_walked: false, loss: f64::INFINITY };
}

/// C = 1.4 → 0.9 → ..., the last of them.
pub fn losses(words: &Stage, before: &[f64], now: f64) -> String {
    let all: Vec<String> = before.iter().chain([&now]).map(|loss| short(*loss)).collect();
    let last = all[all.len().saturating_sub(WRITTEN)..].join(" → ");
    words.text("backpropagation-losses", &[("steps", before.len().into()), ("losses", last.into())])
}

/// The names of two neurons of the layer that is looked at: z₁ and z₂; of the one behind it, as on the slides, z′ and z″.
const NEXT: [&str; 2] = ["z′", "z″"];

/// Each neuron's numbers at this step.
fn lines(network: &Network, forward: &Forward, slopes: &[Slopes], step: usize) -> Vec<String> {
    let weight = |layer, input, unit| f64::from(network.at(Place::Weight { layer, input, unit }));
    let units = 0..2_usize;
    let sum_of = |layer: usize, unit: usize| {
        let x = &forward.layers[layer].x;
        let terms: Vec<String> = (0..x.len()).map(|i| format!("{} × {}", times(x[i]), times(weight(layer, i, unit)))).collect();
        let bias = factor(network.at(Place::Bias { layer, unit }), 3);
        format!("{} + {bias} = {}", terms.join(" + "), short(forward.layers[layer].z[unit]))
    };
    let target = |unit: usize| f64::from(u8::from(unit == forward.label));
    let y = &forward.probabilities;
    match step {
        0 => Vec::new(),
        step if step < LAYERS => {
            let layer = step - 1;
            let neuron = |unit: usize| {
                let (i, z, a) = (lowered(unit + 1), forward.layers[layer].z[unit], forward.layers[layer].a[unit]);
                format!("z{i} = {}, a{i} = σ(z{i}) = σ({}) = {}", sum_of(layer, unit), short(z), short(a))
            };
            units.map(neuron).collect()
        }
        LAYERS => {
            let z = units.clone().map(|unit| format!("{} = {}", NEXT[unit], sum_of(LAYERS - 1, unit)));
            let power = |unit: usize| format!("e^{}", times(forward.layers[LAYERS - 1].z[unit]));
            let softmax = units.clone().map(|unit| {
                let i = lowered(unit + 1);
                format!("ŷ{i} = {} / ({} + {}) = {}", power(unit), power(0), power(1), short(y[unit]))
            });
            z.chain(softmax).collect()
        }
        AHEAD => {
            let right = y[forward.label];
            vec![format!("C = −ln ŷ{} = −ln {} = {}", lowered(forward.label + 1), short(right), short(forward.loss))]
        }
        step if step == AHEAD + 1 => units
            .map(|unit| {
                let (i, dz) = (lowered(unit + 1), slopes[LAYERS - 1].dz[unit]);
                format!("∂C/∂{} = ŷ{i} − y{i} = {} − {} = {}", NEXT[unit], short(y[unit]), short(target(unit)), short(dz))
            })
            .collect(),
        step => {
            let layer = STEPS - step;
            let behind = &slopes[layer + 1].dz;
            let neuron = |unit: usize| {
                let (i, here) = (lowered(unit + 1), &slopes[layer]);
                let names: Vec<String> = (0..2).map(|k| format!("w{i}{} · ∂C/∂{}", lowered(k + 1), NEXT[k])).collect();
                let products: Vec<String> =
                    (0..2).map(|k| format!("{} × {}", times(weight(layer + 1, unit, k)), times(behind[k]))).collect();
                let (da, slope, dz) = (here.da[unit], here.slope[unit], here.dz[unit]);
                [
                    format!("∂C/∂a{i} = {} = {} = {}", names.join(" + "), products.join(" + "), short(da)),
                    format!("∂C/∂z{i} = σ′(z{i}) · ∂C/∂a{i} = {} × {} = {}", short(slope), times(da), short(dz)),
                ]
            };
            units.flat_map(neuron).collect()
        }
    }
}

/// The gradients of a layer, each beside the slope found by trying.
struct Table {
    table: Element,
    body: Element,
    written: Vec<[String; 3]>,
}

impl Table {
    fn new(stage: &Stage, parent: &Element) -> Result<Table> {
        let table = add(parent, "table", "gradients")?;
        table.set_id("backpropagation-gradients");
        let head = add(&add(&table, "thead", "")?, "tr", "")?;
        for name in ["weight", "product", "tried"] {
            let text = stage.text(&format!("backpropagation-{name}"), &[("h", H.to_string().into())]);
            dom::set(&add_text(&head, "th", "", &text)?, "scope", "col");
        }
        let body = add(&table, "tbody", "")?;
        Ok(Table { table, body, written: Vec::new() })
    }

    fn draw(&mut self, network: &Network, forward: &Forward, slopes: &[Slopes], layer: Option<usize>) {
        dom::show(&self.table, layer.is_some());
        let of_layer = network.places().into_iter().filter(|place| Some(place.layer()) == layer);
        let rows: Vec<_> = of_layer.map(|place| row(network, forward, slopes, place)).collect();
        if rows == self.written {
            return;
        }
        self.body.replace_children_with_node_0();
        for cells in &rows {
            let Ok(line) = add(&self.body, "tr", "") else { return };
            for text in cells {
                let _ = add_text(&line, "td", "", text);
            }
        }
        self.written = rows;
    }
}

/// The weight, the product that its gradient is, and the slope found by trying.
fn row(network: &Network, forward: &Forward, slopes: &[Slopes], place: Place) -> [String; 3] {
    let name = match place {
        Place::Weight { input, unit, .. } => format!("w{}{}", lowered(input + 1), lowered(unit + 1)),
        Place::Bias { unit, .. } => format!("b{}", lowered(unit + 1)),
    };
    let product = network.gradient(forward, slopes, place);
    let written = format!("{} × {} = {}", times(product.x), times(product.dz), short(product.gradient));
    let tried = network.central_difference(forward, place);
    [format!("{name} = {}", figure(network.at(place), 3)), written, checked(product.gradient, tried)]
}

/// The slope found by trying, and whether the gradient is that.
pub fn checked(gradient: f64, tried: f64) -> String {
    format!("{} {}", figure(tried as f32, decimals(gradient)), if agrees(gradient, tried) { "✓" } else { "≠" })
}

/// The network as a graph.
struct Picture {
    /// By column: inputs, two hidden layers, ŷ.
    nodes: Vec<[Node; 2]>,
    loss: Node,
    /// By layer: from each neuron (the outer index) to each.
    edges: Vec<[[Edge; 2]; 2]>,
    to_loss: [Edge; 2],
}

/// Two of a kind, of which any can fail.
fn both<T>(make: impl Fn(usize) -> Result<T>) -> Result<[T; 2]> {
    Ok([make(0)?, make(1)?])
}

impl Picture {
    fn new(stage: &Stage, parent: &Element) -> Result<Picture> {
        let figure = add(parent, "figure", "")?;
        let flow = Flow::new(&figure, &stage.text("backpropagation-picture", &[]), SIZE)?;
        let at = |column: usize, row: usize| [COLUMNS[column], ROWS[row]];
        let names = ["x", "a", "a", "ŷ"];
        let nodes = names
            .iter()
            .enumerate()
            .map(|(column, name)| both(|row| flow.node(at(column, row), &format!("{name}{}", lowered(row + 1)))));
        let nodes = nodes.collect::<Result<Vec<_>>>()?;
        let edges = (0..LAYERS).map(|layer| both(|i| both(|k| flow.edge(at(layer, i), at(layer + 1, k), 0.42))));
        let edges = edges.collect::<Result<Vec<_>>>()?;
        let to_loss = both(|row| flow.edge(at(LAYERS, row), LOSS, 0.5))?;
        let loss = flow.node(LOSS, "C")?;
        add_text(&figure, "figcaption", "", &stage.text("backpropagation-caption", &[]))?;
        Ok(Picture { nodes, loss, edges, to_loss })
    }

    fn draw(&self, network: &Network, forward: &Forward, slopes: &[Slopes], walk: &Walk) {
        let two = |value: f64| figure(value as f32, 2);
        for (column, nodes) in self.nodes.iter().enumerate() {
            for (unit, node) in nodes.iter().enumerate() {
                let value = match column {
                    0 => forward.layers[0].x[unit],
                    LAYERS => forward.probabilities[unit],
                    _ => forward.layers[column].x[unit],
                };
                node.show(walk.has(column).then(|| two(value)));
                let Some(layer) = column.checked_sub(1) else { continue };
                let bias = format!("b = {}", figure(network.at(Place::Bias { layer, unit }), 2));
                let slope = walk.has(STEPS - layer).then(|| short(slopes[layer].dz[unit]));
                node.note(&bias, &slope.unwrap_or_default());
            }
        }
        self.loss.show(walk.has(AHEAD).then(|| two(forward.loss)));
        let step = walk.at();
        let course = |ahead: usize, back: usize| match step {
            step if step == ahead => Course::Ahead,
            step if step == back => Course::Back,
            _ => Course::Rest,
        };
        let token = |course: Course, ahead: f64, back: f64| {
            let number = if course == Course::Back { back } else { ahead };
            (course != Course::Rest && walk.share() < 1.0).then(|| (walk.share(), two(number)))
        };
        for (layer, edges) in self.edges.iter().enumerate() {
            for (input, unit) in [(0, 0), (0, 1), (1, 0), (1, 1)] {
                let weight = network.at(Place::Weight { layer, input, unit });
                // The first layer's inputs have no slope that anyone needs.
                let course = course(layer + 1, if layer == 0 { usize::MAX } else { STEPS + 1 - layer });
                let w = f64::from(weight);
                let products = (forward.layers[layer].x[input] * w, slopes[layer].dz[unit] * w);
                edges[input][unit].show(course, &figure(weight, 2), token(course, products.0, products.1));
            }
        }
        for (unit, edge) in self.to_loss.iter().enumerate() {
            let course = course(AHEAD, AHEAD + 1);
            edge.show(course, "", token(course, forward.probabilities[unit], slopes[LAYERS - 1].dz[unit]));
        }
    }
}
