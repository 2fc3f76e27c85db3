//! One neuron: its numbers spelled out, the line in the plane of its inputs, its activation and the slope.

use super::controls::{Range, Slider, add, choice, factor, figure};
use super::plot::Plot;
use super::stage::{Next, Stage};
use super::svg;
use crate::Result;
use crate::explain::neuron::Neuron;
use crate::explain::slope;
use crate::nn::Activation;
use crate::web::dom;
use web_sys::Element;

const ACTIVATIONS: [Activation; 3] = [Activation::Sigmoid, Activation::Tanh, Activation::Relu];
/// Half a side of the plane.
const SIDE: f32 = 3.0;
/// Cells of its shading, in a row.
const CELLS: u8 = 18;
/// The deck's first inputs.
const DECK_X: [f32; 2] = [1.0, -1.0];

/// Builds it.
pub fn show(stage: &Stage) -> Result<()> {
    let root: &Element = stage.root();
    let columns = add(root, "div", "columns")?;
    let controls = add(&columns, "div", "controls-column")?;
    let range = Range(-SIDE, SIDE, 0.1);
    let slider = |id: &str, label: &str, range, value| Slider::new(stage, &controls, id, label, range, value);
    let x = [slider("neuron-x1", "x₁", range, DECK_X[0])?, slider("neuron-x2", "x₂", range, DECK_X[1])?];
    let w = [slider("neuron-w1", "w₁", range, Neuron::DECK.w[0])?, slider("neuron-w2", "w₂", range, Neuron::DECK.w[1])?];
    let b = slider("neuron-b", "b", Range(-5.0, 5.0, 0.1), Neuron::DECK.b)?;
    let options = ACTIVATIONS.map(|a| (a.name(), stage.text(&format!("neuron-{}", a.name()), &[])));
    let activation = choice(&controls, "neuron-activation", &stage.text("neuron-activation", &[]), &options)?;
    let sum = add(&controls, "p", "sum")?;
    sum.set_id("neuron-z");
    let output = add(&controls, "p", "sum")?;
    output.set_id("neuron-a");
    let bent = add(&controls, "p", "sum as-validation")?;
    bent.set_id("neuron-slope");

    let plane = add(&columns, "figure", "")?;
    let plot = Plot::new(
        &plane,
        &stage.text("neuron-plane", &[]),
        ["x₁", "x₂"],
        [-SIDE, SIDE],
        [-SIDE, SIDE],
        [300.0, 300.0],
        [1.0, 1.0],
    )?;
    let mut cells = Vec::new();
    for row in 0..CELLS {
        for column in 0..CELLS {
            let step = 2.0 * SIDE / f32::from(CELLS);
            let corner = [-SIDE + step * f32::from(column), SIDE - step * f32::from(row)];
            let ([left, top], [right, bottom]) = (plot.at(corner), plot.at([corner[0] + step, corner[1] - step]));
            let cell = svg::add(&plot.ground, "rect", &[("class", "shade")])?;
            for (name, value) in [("x", left), ("y", top), ("width", right - left), ("height", bottom - top)] {
                svg::set(&cell, name, value);
            }
            cells.push(([corner[0] + step / 2.0, corner[1] - step / 2.0], cell));
        }
    }
    let border = plot.line(&plot.svg, "border", [0.0, 0.0], [0.0, 0.0])?;
    let point = plot.dot("dot", DECK_X)?;
    add(&plane, "figcaption", "")?.set_text_content(Some(&stage.text("neuron-plane-caption", &[])));

    let bends = add(&columns, "figure", "")?;
    let curves =
        Plot::new(&bends, &stage.text("neuron-curve", &[]), ["z", "a"], [-6.0, 6.0], [-1.2, 2.0], [300.0, 300.0], [2.0, 1.0])?;
    let (steep, curve) = (curves.curve("curve second")?, curves.curve("curve")?);
    let (steep_at, at) = (curves.dot("dot second", [0.0, 0.0])?, curves.dot("dot", [0.0, 0.0])?);
    add(&bends, "figcaption", "")?.set_text_content(Some(&stage.text("neuron-curve-caption", &[])));

    let words = stage.clone();
    stage.draw(move || {
        let inputs = [x[0].value(), x[1].value()];
        let chosen = Activation::parse(&activation.value()).unwrap_or(Activation::Sigmoid);
        let neuron = Neuron { w: [w[0].value(), w[1].value()], b: b.value(), activation: chosen };
        let answer = neuron.answer(inputs);

        let [x1, x2] = inputs.map(|x| factor(x, 1));
        let [w1, w2] = neuron.w.map(|w| factor(w, 1));
        dom::set_text(&sum, &format!("z = {x1} × {w1} + {x2} × {w2} + {} = {}", factor(neuron.b, 1), figure(answer.z, 2)));
        let name = words.text(&format!("neuron-{}", chosen.name()), &[]);
        dom::set_text(
            &output,
            &words.text(
                "neuron-output",
                &[("name", name.into()), ("z", factor(answer.z, 2).into()), ("a", figure(answer.a, 2).into())],
            ),
        );
        dom::set_text(&bent, &words.text("neuron-slope", &[("slope", figure(answer.slope, 3).into())]));

        for (middle, cell) in &cells {
            dom::set(cell, "opacity", &format!("{:.2}", neuron.answer(*middle).a.clamp(0.0, 1.0)));
        }
        let [from, to] = neuron.line(SIDE).unwrap_or([[0.0, 0.0]; 2]);
        plot.move_line(&border, from, to);
        plot.move_dot(&point, inputs);
        curves.draw_curve(&curve, |z| chosen.apply(z));
        curves.draw_curve(&steep, |z| slope(chosen, z));
        curves.move_dot(&at, [answer.z, answer.a]);
        curves.move_dot(&steep_at, [answer.z, answer.slope]);

        let deck = Neuron { b: neuron.b, activation: chosen, ..Neuron::DECK };
        if answer.z.abs() < 1e-3 && neuron == deck && inputs == DECK_X {
            words.done("zero");
        }
        if neuron.w[1] == 0.0 && neuron.w[0] != 0.0 {
            words.done("upright");
        }
        if chosen == Activation::Sigmoid && answer.slope < 0.01 {
            words.done("flat");
        }
        Next::Rest
    });
    Ok(())
}
