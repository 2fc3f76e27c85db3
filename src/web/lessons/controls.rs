//! Controls of exhibits: sliders, numbers, choices and buttons with label, key and a target of 44 pixels; and how numbers are
//! written.

use super::stage::{Stage, failed};
use crate::Result;
use crate::web::dom;
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlButtonElement, HtmlInputElement, HtmlSelectElement};

/// At most so many decimals, none at the end that are zero, and a real minus: `−0.5`, `4`.
pub fn figure(value: f32, decimals: usize) -> String {
    let text = format!("{value:.decimals$}");
    let text = if text.contains('.') { text.trim_end_matches('0').trim_end_matches('.') } else { &text };
    if text == "-0" { "0".into() } else { text.replace('-', "\u{2212}") }
}

/// The same in a product or after a plus: negative numbers in brackets.
pub fn factor(value: f32, decimals: usize) -> String {
    let text = figure(value, decimals);
    if text.starts_with('\u{2212}') { format!("({text})") } else { text }
}

/// An element with this class as the last child of `parent`.
pub fn add(parent: &Element, tag: &str, class: &str) -> Result<Element> {
    let element = dom::document().create_element(tag).map_err(|error| failed(&error))?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    parent.append_child(&element).map_err(|error| failed(&error))?;
    Ok(element)
}

/// The same with text.
pub fn add_text(parent: &Element, tag: &str, class: &str, text: &str) -> Result<Element> {
    let element = add(parent, tag, class)?;
    element.set_text_content(Some(text));
    Ok(element)
}

/// From, to, and in steps of.
#[derive(Clone, Copy, Debug)]
pub struct Range(pub f32, pub f32, pub f32);

/// A slider with its label and its number.
pub struct Slider {
    input: HtmlInputElement,
    output: Element,
    decimals: usize,
}

impl Slider {
    /// `id` is the element's id in the document; `label` is text.
    pub fn new(stage: &Stage, parent: &Element, id: &str, label: &str, range: Range, value: f32) -> Result<Slider> {
        let row = add(parent, "div", "slider")?;
        let name = add_text(&row, "label", "", label)?;
        dom::set(&name, "for", id);
        let input: HtmlInputElement = add(&row, "input", "")?.unchecked_into();
        input.set_type("range");
        input.set_id(id);
        for (name, value) in [("min", range.0), ("max", range.1), ("step", range.2)] {
            dom::set(&input, name, &value.to_string());
        }
        let output = add(&row, "output", "")?;
        dom::set(&output, "for", id);
        let decimals = [0, 1, 2].into_iter().find(|&d| (range.2 * 10_f32.powi(d) + 1e-4).fract() < 1e-3).unwrap_or(3);
        let slider = Slider { input, output, decimals: decimals as usize };
        slider.set(value);
        let (shown, decimals) = (slider.output.clone(), slider.decimals);
        let moved = slider.input.clone();
        stage.on(&slider.input, "input", move |_: Event| {
            shown.set_text_content(Some(&figure(moved.value_as_number() as f32, decimals)));
        });
        Ok(slider)
    }

    /// Where it stands.
    pub fn value(&self) -> f32 {
        self.input.value_as_number() as f32
    }

    /// Puts the label on a line of its own, for words.
    pub fn widen(&self) {
        if let Some(row) = self.input.parent_element() {
            row.set_class_name("slider wide");
        }
    }

    /// Gives it other ends, and moves it.
    pub fn stretch(&self, from: f32, to: f32, value: f32) {
        dom::set(&self.input, "min", &from.to_string());
        dom::set(&self.input, "max", &to.to_string());
        self.set(value);
    }

    /// Moves it.
    pub fn set(&self, value: f32) {
        self.input.set_value_as_number(f64::from(value));
        self.output.set_text_content(Some(&figure(value, self.decimals)));
    }
}

/// A number to type, with its label.
pub fn number(parent: &Element, id: &str, label: &str, value: f32) -> Result<HtmlInputElement> {
    let row = add(parent, "div", "number")?;
    let name = add_text(&row, "label", "", label)?;
    dom::set(&name, "for", id);
    let input: HtmlInputElement = add(&row, "input", "")?.unchecked_into();
    input.set_type("number");
    input.set_id(id);
    dom::set(&input, "step", "any");
    dom::set(&input, "inputmode", "decimal");
    input.set_value(&value.to_string());
    Ok(input)
}

/// A choice among values, each with its text.
pub fn choice(parent: &Element, id: &str, label: &str, options: &[(&str, String)]) -> Result<HtmlSelectElement> {
    let row = add(parent, "div", "choice")?;
    let name = add_text(&row, "label", "", label)?;
    dom::set(&name, "for", id);
    let select: HtmlSelectElement = add(&row, "select", "")?.unchecked_into();
    select.set_id(id);
    for (value, text) in options {
        let option = add_text(&select, "option", "", text)?;
        dom::set(&option, "value", value);
    }
    Ok(select)
}

/// A button that calls `f`.
pub fn button(stage: &Stage, parent: &Element, id: &str, text: &str, mut f: impl FnMut() + 'static) -> Result<HtmlButtonElement> {
    let button: HtmlButtonElement = add_text(parent, "button", "", text)?.unchecked_into();
    button.set_type("button");
    button.set_id(id);
    stage.on(&button, "click", move |_: Event| f());
    Ok(button)
}
