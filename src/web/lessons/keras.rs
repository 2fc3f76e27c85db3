//! Blocks and Keras code side by side: a block, and the lines of the program that it stands for, lit together.

use super::controls::{add, add_text, button, choice};
use super::stage::{Next, Stage, failed};
use crate::Result;
use crate::code::{self, Line, Part, Row, Summary};
use crate::nn::{Activation, Optimizer};
use crate::settings::Settings;
use crate::stack::Block;
use crate::web::dom;
use crate::web::l10n::count;
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlElement, HtmlInputElement, HtmlSelectElement};

/// Activations to choose from; what has no own one has the first.
const ACTIVATIONS: [Activation; 3] = [Activation::Sigmoid, Activation::Relu, Activation::Tanh];
const OPTIMIZERS: [&str; 3] = ["sgd", "momentum", "adam"];
/// What a block is that was just added.
const NEW: [(&str, &str); 3] = [("dense", "64:relu"), ("dropout", "dropout:0.2"), ("norm", "batchnorm")];
/// Keras's own example of a multilayer perceptron for MNIST.
const CLASSIC: &str = "512:relu,dropout:0.2,512:relu,dropout:0.2";
/// A network with fewer numbers is small.
const SMALL: usize = 10_000;

/// What the visitor has stacked, and what is lit.
struct Model {
    settings: Settings,
    lit: Part,
}

impl Model {
    /// Has `change` edit the blocks; what the settings do not take stays as it was.
    fn edit(&mut self, change: impl FnOnce(&mut Vec<Block>)) -> Option<crate::Error> {
        let mut blocks = self.settings.layers.clone();
        change(&mut blocks);
        self.settings.set("layers", &crate::stack::to_text(&blocks)).err()
    }
}

/// Builds it.
pub fn show(stage: &Stage) -> Result<()> {
    let root: &Element = stage.root();
    let mut settings = Settings::default();
    // The slides' network, with the activation said, as Keras wants it.
    settings.set("layers", "128:sigmoid")?;
    let model = Rc::new(RefCell::new(Model { settings, lit: Part::Layer(0) }));
    let columns = add(root, "div", "columns")?;
    let left = add(&columns, "div", "")?;
    add_text(&left, "h3", "", &stage.text("keras-blocks", &[]))?;
    let list = add(&left, "ol", "keras-blocks")?;
    list.set_id("keras-list");
    let buttons = add(&left, "div", "buttons")?;
    for (name, text) in NEW {
        let model = Rc::clone(&model);
        button(stage, &buttons, &format!("keras-add-{name}"), &stage.text(&format!("keras-add-{name}"), &[]), move || {
            let mut model = model.borrow_mut();
            let end = model.settings.layers.len();
            if let Ok(block) = Block::parse(text)
                && model.edit(|blocks| blocks.push(block)).is_none()
            {
                model.lit = Part::Layer(end);
            }
        })?;
    }
    let total = add(&left, "p", "sum")?;
    total.set_id("keras-total");
    let said = add(&left, "p", "fine")?;
    said.set_id("keras-said");
    dom::set(&said, "role", "status");
    let names = OPTIMIZERS.map(|name| (name, stage.text(&format!("keras-{name}"), &[])));
    let optimizer = choice(&left, "keras-optimizer", &stage.text("keras-optimizer", &[]), &names)?;
    dom::set(&optimizer, "data-part", "optimizer");
    let epochs = add_number(&left, "keras-epochs", &stage.text("keras-epochs", &[]), "5")?;
    dom::set(&epochs, "data-part", "fit");

    let right = add(&columns, "div", "")?;
    add_text(&right, "h3", "", &stage.text("keras-code", &[]))?;
    let code = add(&right, "ol", "keras-code")?;
    code.set_id("keras-code");
    dom::set(&code, "lang", "en");
    // What can be scrolled can be reached.
    dom::set(&code, "tabindex", "0");
    dom::set(&code, "aria-label", &stage.text("keras-code", &[]));
    let link = add_text(&right, "a", "button", &stage.text("keras-open", &[]))?;
    link.set_id("keras-open");

    listen(stage, &left, &model, &said);
    light(stage, &code, &["pointerover", "click"], &model);
    let words = stage.clone();
    // What the list and the code show.
    let mut shown: Option<(Vec<String>, Vec<Line>)> = None;
    stage.draw(move || {
        {
            let settings = &mut model.borrow_mut().settings;
            for (field, value) in [("optimizer", optimizer.value()), ("epochs", epochs.value())] {
                let is_good = settings.set(field, &value).is_ok();
                if field == "epochs" {
                    dom::set(&epochs, "aria-invalid", if is_good { "false" } else { "true" });
                }
            }
        }
        let Model { settings, lit } = &*model.borrow();
        let Ok(spec) = settings.spec() else { return Next::Rest };
        let lines = code::keras_lines(&spec, &settings.config());
        let summary = Summary::of(&spec);
        let blocks: Vec<String> = settings.layers.iter().map(Block::to_string).collect();
        if shown.as_ref().is_none_or(|(before, _)| *before != blocks) {
            let focus = focused(&list);
            if let Err(error) = fill(&words, &list, &settings.layers, &summary.rows) {
                web_sys::console::error_1(&error.to_string().into());
            }
            if let Some(control) = focus {
                refocus(&list, &control, *lit);
            }
        }
        if shown.as_ref().is_none_or(|(_, before)| *before != lines) {
            code.set_text_content(None);
            for line in &lines {
                if let Ok(item) = add(&code, "li", "") {
                    let _ = add_text(&item, "code", "", &line.text);
                    dom::set(&item, "data-part", &name(line.part));
                }
            }
        }
        for line_of_block in dom::all("#keras-list .own") {
            let block = line_of_block.parent_element().and_then(|block| block.get_attribute("data-part")).unwrap_or_default();
            let own = lines.iter().filter(|line| name(line.part) == block).map(|line| line.text.trim());
            dom::set_text(&line_of_block, &own.collect::<Vec<_>>().join("\n"));
        }
        for element in dom::all("#keras-list [data-part], #keras-code [data-part]") {
            let is_lit = element.get_attribute("data-part").as_deref() == Some(&name(*lit));
            let _ = element.class_list().toggle_with_force("lit", is_lit);
        }
        let numbers = [("count", count(summary.trainable as u64).into())];
        dom::set_text(&total, &words.text("keras-total", &numbers));
        let language = dom::address().into_iter().find(|(name, _)| name == "lang");
        let language = language.map_or(String::new(), |(_, tag)| format!("&lang={tag}"));
        dom::set(&link, "href", &format!("?{}{language}#build", settings.to_query()));

        if settings.get("layers") == CLASSIC {
            words.done("classic");
        }
        if summary.trainable < SMALL && spec.dense().count() > 1 {
            words.done("small");
        }
        if matches!(settings.optimizer, Optimizer::Adam { .. }) && *lit == Part::Optimizer {
            words.done("adam");
        }
        shown = Some((blocks, lines));
        Next::Rest
    });
    Ok(())
}

fn add_number(parent: &Element, id: &str, label: &str, value: &str) -> Result<HtmlInputElement> {
    let row = add(parent, "div", "number")?;
    dom::set(&add_text(&row, "label", "", label)?, "for", id);
    let input: HtmlInputElement = add(&row, "input", "")?.unchecked_into();
    input.set_id(id);
    dom::set(&input, "inputmode", "numeric");
    input.set_value(value);
    Ok(input)
}

/// A part's name in the document.
fn name(part: Part) -> String {
    match part {
        Part::Frame => "frame".into(),
        Part::Input => "input".into(),
        Part::Flatten => "flatten".into(),
        Part::Layer(i) => format!("layer-{i}"),
        Part::Images => "images".into(),
        Part::Optimizer => "optimizer".into(),
        Part::Loss => "loss".into(),
        Part::Fit => "fit".into(),
    }
}

fn part(name: &str) -> Option<Part> {
    let fixed = [Part::Input, Part::Flatten, Part::Images, Part::Optimizer, Part::Loss, Part::Fit];
    let layer = || Some(Part::Layer(name.strip_prefix("layer-")?.parse().ok()?));
    fixed.into_iter().find(|part| self::name(*part) == name).or_else(layer)
}

/// The nearest element around an event's target that names a part.
fn part_of(event: &Event) -> Option<(Element, Part)> {
    let element = event.target()?.dyn_into::<Element>().ok()?.closest("[data-part]").ok().flatten()?;
    let part = part(&element.get_attribute("data-part")?)?;
    Some((element, part))
}

fn listen(stage: &Stage, blocks: &Element, model: &Rc<RefCell<Model>>, said: &Element) {
    light(stage, blocks, &["focusin", "pointerover", "click"], model);
    let (pressed, words, place) = (Rc::clone(model), stage.clone(), said.clone());
    stage.on(blocks, "click", move |event: Event| {
        let Some((i, control, _)) = control(&event) else { return };
        let mut model = pressed.borrow_mut();
        let mut moved = i;
        let refused = model.edit(|blocks| match control.as_str() {
            "up" if i > 0 => {
                blocks.swap(i, i - 1);
                moved = i - 1;
            }
            "down" if i + 1 < blocks.len() => {
                blocks.swap(i, i + 1);
                moved = i + 1;
            }
            "remove" if i < blocks.len() => drop(blocks.remove(i)),
            _ => {}
        });
        if refused.is_none() {
            model.lit = Part::Layer(moved);
        }
        say(&words, &place, refused.is_some());
    });
    let (changed, words, place) = (Rc::clone(model), stage.clone(), said.clone());
    stage.on(blocks, "change", move |event: Event| {
        let Some((i, control, element)) = control(&event) else { return };
        let input = element.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
        let value = input.or_else(|| element.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value)).unwrap_or_default();
        let mut model = changed.borrow_mut();
        let Some(before) = model.settings.layers.get(i).copied() else { return };
        let block = match (before, control.as_str()) {
            (Block::Dense { activation, initializer, l2, .. }, "units") => {
                value.trim().parse().map(|units| Block::Dense { units, activation, initializer, l2 }).map_err(|_| ())
            }
            (Block::Dense { units, initializer, l2, .. }, "activation") => {
                Activation::parse(&value).map(|a| Block::Dense { units, activation: Some(a), initializer, l2 }).map_err(|_| ())
            }
            (Block::Dropout { .. }, "rate") => value.trim().parse().map(|rate| Block::Dropout { rate }).map_err(|_| ()),
            _ => return,
        };
        let refused = match block {
            Ok(block) => model.edit(|blocks| blocks[i] = block).is_some(),
            Err(()) => true,
        };
        dom::set(&element, "aria-invalid", if refused { "true" } else { "false" });
        say(&words, &place, refused);
    });
}

/// What is pointed at, or has the focus, is lit.
fn light(stage: &Stage, place: &Element, kinds: &[&'static str], model: &Rc<RefCell<Model>>) {
    for kind in kinds {
        let (model, redraw) = (Rc::clone(model), stage.clone());
        stage.on(place, kind, move |event: Event| {
            // The focus also comes while the list is drawn: then it is lit already.
            if let (Some((_, part)), Ok(mut model)) = (part_of(&event), model.try_borrow_mut()) {
                model.lit = part;
                redraw.redraw();
            }
        });
    }
}

fn say(words: &Stage, place: &Element, is_refused: bool) {
    dom::set_text(place, &if is_refused { words.text("keras-refused", &[]) } else { String::new() });
}

/// The block's number and the control that an event is about.
fn control(event: &Event) -> Option<(usize, String, Element)> {
    let element = event.target()?.dyn_into::<Element>().ok()?.closest("[data-control]").ok().flatten()?;
    let block = element.closest("[data-block]").ok().flatten()?.get_attribute("data-block")?;
    Some((block.parse().ok()?, element.get_attribute("data-control")?, element))
}

/// Input and Flatten, the visitor's blocks, and the last layer, each with the numbers that it learns.
fn fill(words: &Stage, list: &Element, blocks: &[Block], rows: &[Row]) -> Result<()> {
    list.set_text_content(None);
    let item = |part: Part, row: &Row| -> Result<(Element, Element)> {
        let item = add(list, "li", "")?;
        dom::set(&item, "data-part", &name(part));
        let shape = row.outputs.iter().map(usize::to_string).collect::<Vec<_>>().join("×");
        let title = add(&item, "p", "title")?;
        add_text(&title, "b", "", row.kind)?;
        let args = [("shape", shape.into()), ("count", count(row.parameters as u64).into())];
        add_text(&title, "span", "fine", &words.text("keras-shape", &args))?;
        let controls = add(&item, "div", "of-block")?;
        // Where the code is not beside the blocks, each has its own line.
        dom::set(&add(&item, "code", "own")?, "lang", "en");
        Ok((item, controls))
    };
    for (part, row) in [Part::Input, Part::Flatten].into_iter().zip(rows) {
        item(part, row)?;
    }
    for (i, (block, row)) in blocks.iter().zip(rows.iter().skip(2)).enumerate() {
        let (item, controls) = item(Part::Layer(i), row)?;
        dom::set(&item, "data-block", &i.to_string());
        let number = [("number", (i + 1).into())];
        match *block {
            Block::Dense { units, activation, .. } => {
                field(&controls, "units", &words.text("keras-units", &number), &units.to_string())?;
                let select: HtmlSelectElement = add(&controls, "select", "")?.unchecked_into();
                dom::set(&select, "aria-label", &words.text("keras-activation", &number));
                dom::set(&select, "data-control", "activation");
                for choice in ACTIVATIONS {
                    dom::set(&add_text(&select, "option", "", choice.name())?, "value", choice.name());
                }
                select.set_value(activation.unwrap_or(ACTIVATIONS[0]).name());
            }
            Block::Dropout { rate } => field(&controls, "rate", &words.text("keras-rate", &number), &rate.to_string())?,
            Block::BatchNormalization => {}
        }
        for (control, sign, is_possible) in [("up", "↑", i > 0), ("down", "↓", i + 1 < blocks.len()), ("remove", "×", true)]
        {
            let button: HtmlElement = add_text(&controls, "button", "quiet", sign)?.unchecked_into();
            dom::set(&button, "type", "button");
            dom::set(&button, "data-control", control);
            dom::set(&button, "aria-label", &words.text(&format!("keras-{control}"), &number));
            dom::disable(&button, !is_possible);
        }
    }
    let last = rows.last().map(|row| item(Part::Layer(blocks.len()), row)).transpose()?;
    if let Some((_, controls)) = last {
        add_text(&controls, "span", "fine", &words.text("keras-last", &[]))?;
    }
    Ok(())
}

fn field(parent: &Element, control: &str, label: &str, value: &str) -> Result<()> {
    let input: HtmlInputElement = add(parent, "input", "")?.unchecked_into();
    dom::set(&input, "inputmode", if control == "units" { "numeric" } else { "decimal" });
    dom::set(&input, "data-control", control);
    dom::set(&input, "aria-label", label);
    dom::set(&input, "autocomplete", "off");
    input.set_value(value);
    Ok(())
}

/// The control that has the focus in the list, before it is built anew.
fn focused(list: &Element) -> Option<String> {
    let element = dom::document().active_element().filter(|element| list.contains(Some(element)))?;
    element.get_attribute("data-control")
}

/// Gives the focus to the lit block's control of that name, or else to any that there is.
fn refocus(list: &Element, control: &str, lit: Part) {
    let find = |selector: &str| list.query_selector(selector).map_err(|error| failed(&error)).ok().flatten();
    let (lit, open) = (format!("[data-part='{}']", name(lit)), "[data-control]:not([disabled])");
    let named = find(&format!("{lit} [data-control='{control}']:not([disabled])"));
    if let Some(element) = named.or_else(|| find(&format!("{lit} {open}"))).or_else(|| find(open)) {
        let _ = element.unchecked_into::<HtmlElement>().focus();
    }
}
