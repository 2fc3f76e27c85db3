//! Calculators for matrices with the deck's examples, the product row by column, and the example network as matrices.

use super::controls::{add, add_text, button, choice, factor, figure};
use super::stage::{Next, Stage};
use super::table;
use crate::Result;
use crate::explain::backprop::{Network, Place};
use crate::explain::matrix::{self, Matrix, Misfit};
use crate::web::dom;
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlTextAreaElement};

/// What can be calculated, with the deck's A and B.
const OPERATIONS: [(&str, &str, &str); 7] = [
    ("plus", "1 2\n3 4", "5"),
    ("add", "1 2\n3 4", "4 3\n2 1"),
    ("times", "1 2\n3 4", "5"),
    ("dot", "1\n1\n4", "5\n1\n4"),
    ("transpose", "1 2\n3 4\n5 6", ""),
    ("product", "1 2 3\n4 5 6", "1 5\n1 1\n4 4"),
    ("network", "", ""),
];

/// Builds it.
pub fn show(stage: &Stage) -> Result<()> {
    let root: &Element = stage.root();
    let options = OPERATIONS.map(|(name, ..)| (name, stage.text(&format!("matrices-{name}"), &[])));
    let operation = choice(root, "matrices-operation", &stage.text("matrices-operation", &[]), &options)?;
    let fields = add(root, "div", "columns")?;
    let a = field(stage, &fields, "matrices-a")?;
    let b = field(stage, &fields, "matrices-b")?;
    let step = Rc::new(Cell::new(0_usize));
    {
        let (select, a, b, step) = (operation.clone(), a.1.clone(), b.1.clone(), Rc::clone(&step));
        stage.on(&operation, "change", move |_: Event| {
            if let Some((_, of_a, of_b)) = OPERATIONS.into_iter().find(|(name, ..)| *name == select.value()) {
                a.set_value(of_a);
                b.set_value(of_b);
                step.set(0);
            }
        });
    }
    operation.set_value("plus");
    a.1.set_value(OPERATIONS[0].1);
    b.1.set_value(OPERATIONS[0].2);

    let result = add(root, "div", "matrices")?;
    result.set_id("matrices-result");
    let sentence = add(root, "p", "sum")?;
    sentence.set_id("matrices-sum");
    dom::set(&sentence, "role", "status");
    let buttons = add(root, "div", "buttons")?;
    let back = Rc::clone(&step);
    button(stage, &buttons, "matrices-back", &stage.text("matrices-back", &[]), move || back.set(back.get().saturating_sub(1)))?;
    let next = Rc::clone(&step);
    button(stage, &buttons, "matrices-next", &stage.text("matrices-next", &[]), move || next.set(next.get() + 1))?;

    let words = stage.clone();
    stage.draw(move || {
        let name = operation.value();
        let (needs_a, needs_b) = (name != "network", name != "network" && name != "transpose");
        dom::show(&a.0, needs_a);
        dom::show(&b.0, needs_b);
        dom::show(&buttons, name == "product" || name == "network");
        result.replace_children_with_node_0();
        let shown = match name.as_str() {
            "network" => network(&words, &result, &step),
            _ => calculate(&words, &result, &name, [&a.1.value(), &b.1.value()], &step),
        };
        let text = shown.unwrap_or_else(|misfit| {
            if matches!(misfit, Misfit::Product { .. } | Misfit::Sum { .. }) {
                words.done("misfit");
            }
            let args: Vec<_> = misfit.args().into_iter().map(|(name, number)| (name, number.into())).collect();
            words.text(&format!("matrices-misfit-{}", misfit.code()), &args)
        });
        dom::set_text(&sentence, &text);
        Next::Rest
    });
    Ok(())
}

fn field(stage: &Stage, parent: &Element, id: &str) -> Result<(Element, HtmlTextAreaElement)> {
    let place = add(parent, "div", "matrix-field")?;
    let label = add_text(&place, "label", "", &stage.text(id, &[]))?;
    dom::set(&label, "for", id);
    let area: HtmlTextAreaElement = add(&place, "textarea", "")?.unchecked_into();
    area.set_id(id);
    area.set_rows(3);
    dom::set(&area, "spellcheck", "false");
    Ok((place, area))
}

/// Shows the calculation, and says how its number at this step comes about.
fn calculate(
    words: &Stage,
    result: &Element,
    name: &str,
    [a, b]: [&str; 2],
    step: &Cell<usize>,
) -> std::result::Result<String, Misfit> {
    let a = Matrix::parse(a)?;
    let none = |_: usize, _: usize| "";
    let number = |text: &str| Matrix::parse(text).map(|b| b.values()[0]);
    let all = |parts: &[(&Matrix, &str)]| {
        for (matrix, sign) in parts {
            table::sign(result, sign);
            table::matrix(result, matrix, 2, none);
        }
    };
    match name {
        "plus" => {
            let x = number(b)?;
            all(&[(&a, ""), (&a.plus(x), &format!("+ {} =", factor(x as f32, 2)))]);
            Ok(words.text("matrices-each", &[]))
        }
        "times" => {
            let x = number(b)?;
            all(&[(&a, &format!("{} ·", figure(x as f32, 2))), (&a.times(x), "=")]);
            Ok(words.text("matrices-each", &[]))
        }
        "add" => {
            let b = Matrix::parse(b)?;
            all(&[(&a, ""), (&b, "+"), (&a.add(&b)?, "=")]);
            Ok(words.text("matrices-same-place", &[]))
        }
        "transpose" => {
            all(&[(&a, ""), (&a.transpose(), "ᵀ =")]);
            Ok(words.text("matrices-rows-become-columns", &[]))
        }
        "dot" => {
            let b = Matrix::parse(b)?;
            let cell = matrix::dot(a.values(), b.values())?;
            all(&[(&a, ""), (&b, "·")]);
            table::sign(result, &format!("= {}", figure(cell.value as f32, 2)));
            Ok(spelled(&cell))
        }
        _ => {
            let b = Matrix::parse(b)?;
            let steps = a.steps(&b)?;
            step.set(step.get().min(steps.len() - 1));
            let cell = &steps[step.get()];
            let product = a.multiply(&b)?;
            table::matrix(result, &a, 2, |row, _| if row == cell.row { "lit" } else { "" });
            table::sign(result, "·");
            table::matrix(result, &b, 2, |_, column| if column == cell.column { "lit second" } else { "" });
            table::sign(result, "=");
            table::matrix(result, &product, 2, |row, column| match (row * product.size().1 + column).cmp(&step.get()) {
                std::cmp::Ordering::Less => "",
                std::cmp::Ordering::Equal => "lit both",
                std::cmp::Ordering::Greater => "later",
            });
            if step.get() + 1 == steps.len() && steps.len() >= 4 {
                words.done("product");
            }
            if product == a && a.size().1 >= 2 && a.values().iter().all(|x| *x != 0.0) {
                words.done("identity");
            }
            let place = [("row", (cell.row + 1).into()), ("column", (cell.column + 1).into())];
            Ok(format!("{}{}", words.text("matrices-cell", &place), spelled(cell)))
        }
    }
}

/// 1 · 5 + 1 · 1 + 4 · 4 = 22.
fn spelled(cell: &matrix::Cell) -> String {
    let product = |(a, b): &(f64, f64)| format!("{} · {}", factor(*a as f32, 2), factor(*b as f32, 2));
    let products: Vec<String> = cell.pairs.iter().map(product).collect();
    format!("{} = {}", products.join(" + "), figure(cell.value as f32, 2))
}

/// A layer of the example network as W x + b = z.
fn network(words: &Stage, result: &Element, step: &Cell<usize>) -> std::result::Result<String, Misfit> {
    let network = Network::slides();
    let Ok(forward) = network.forward(&Network::SLIDES_INPUT, 0) else { return Err(Misfit::Empty) };
    let shapes: Vec<_> = network.shapes().collect();
    step.set(step.get().min(shapes.len() - 1));
    let (layer, shape) = (step.get(), shapes[step.get()]);
    let weight = |unit: usize, input: usize| f64::from(network.at(Place::Weight { layer, input, unit }));
    let rows: Vec<Vec<f64>> = (0..shape.units).map(|unit| (0..shape.inputs).map(|input| weight(unit, input)).collect()).collect();
    let w = Matrix::new(&rows.iter().map(Vec::as_slice).collect::<Vec<_>>())?;
    let x = Matrix::column(&forward.layers[layer].x);
    let bias: Vec<f64> = (0..shape.units).map(|unit| f64::from(network.at(Place::Bias { layer, unit }))).collect();
    let b = Matrix::column(&bias);
    let z = w.multiply(&x)?.add(&b)?;
    for (matrix, sign) in [(&w, ""), (&x, "·"), (&b, "+"), (&z, "=")] {
        table::sign(result, sign);
        table::matrix(result, matrix, 2, |_, _| "");
    }
    // The deck's last layer has the sigmoid, too.
    let outputs: Vec<f64> = z.values().iter().map(|z| crate::nn::Activation::Sigmoid.apply(*z)).collect();
    table::sign(result, "→ σ →");
    table::matrix(result, &Matrix::column(&outputs), 2, |_, _| "lit");
    Ok(words.text("matrices-layer", &[("layer", (layer + 1).into()), ("all", shapes.len().into())]))
}
