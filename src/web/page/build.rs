//! The panel in which a network is stacked from blocks: every change is the setting `layers` with another value, so that the
//! blocks, the text field and the address are always the same network, and one rule reads them.

use super::l10n::{L10n, count};
use super::{Message, Page, dom};
use crate::Result;
use crate::data::Classes;
use crate::estimate;
use crate::nn::{LayerSpec, ModelSpec};
use crate::settings::Settings;
use crate::stack::Block;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlButtonElement, HtmlElement, HtmlInputElement, HtmlSelectElement};

/// What a block's controls are, as `data-control` names them and, as `block-<name>`, the locale files.
const UNITS: &str = "units";
const RATE: &str = "rate";
const ACTIVATION: &str = "activation";
const INITIALIZER: &str = "initializer";
const L2: &str = "l2";
const UP: &str = "up";
const DOWN: &str = "down";
const REMOVE: &str = "remove";

/// The section `.build`.
pub struct Panel {
    /// Everything that changes the stack.
    all: Element,
    list: Element,
    cost: Element,
    /// What stands above the blocks and below them: the layers' names and what they are.
    ends: [Element; 4],
    stack: Rc<Stack>,
    /// What the list was built from.
    built: RefCell<String>,
    /// The language and the kinds of blocks in the list.
    kinds: RefCell<Vec<&'static str>>,
}

/// What the listeners know.
struct Stack {
    page: Page,
    /// The blocks that the list shows, as text.
    shown: RefCell<Option<Vec<String>>>,
    /// What gets the focus when the list has been built anew: a block's number and its control.
    focus: Cell<Option<(usize, &'static str)>>,
}

impl Stack {
    /// Asks for a changed copy of the stack, and for the focus then.
    fn edit(&self, change: impl FnOnce(&mut Vec<String>) -> Option<(usize, &'static str)>) {
        let mut blocks = self.shown.borrow().clone().unwrap_or_default();
        self.focus.set(change(&mut blocks));
        self.page.send(Message::Setting { name: "layers", value: blocks.join(",") });
    }

    fn add(&self, block: Block) {
        self.edit(|blocks| {
            blocks.push(block.to_string());
            let control = match block {
                Block::Dense { .. } => UNITS,
                Block::Dropout { .. } => RATE,
                Block::BatchNormalization => UP,
            };
            Some((blocks.len() - 1, control))
        });
    }

    fn press(&self, i: usize, control: &str) {
        self.edit(|blocks| match control {
            UP if (1..blocks.len()).contains(&i) => {
                blocks.swap(i, i - 1);
                Some((i - 1, UP))
            }
            DOWN if i + 1 < blocks.len() => {
                blocks.swap(i, i + 1);
                Some((i + 1, DOWN))
            }
            REMOVE if i < blocks.len() => {
                blocks.remove(i);
                Some((i, REMOVE))
            }
            _ => None,
        });
    }

    /// Puts what was typed or chosen into the block's text.
    fn change(&self, i: usize, control: &str, value: &str) {
        self.edit(|blocks| {
            let text = blocks.get_mut(i)?;
            let block = Block::parse(text).ok()?;
            let value = value.trim();
            *text = match block {
                Block::BatchNormalization => text.clone(),
                // An empty rate or number of units is a mistake, which the setting names.
                Block::Dropout { .. } => format!("dropout:{value}"),
                Block::Dense { units, activation, initializer, l2 } => {
                    let own =
                        |asked: &str, old: Option<String>| if control == asked { value.into() } else { old.unwrap_or_default() };
                    let penalty = own(L2, l2.map(|l2| l2.to_string()));
                    let words = [
                        own(UNITS, Some(units.to_string())),
                        own(ACTIVATION, activation.map(|a| a.name().into())),
                        own(INITIALIZER, initializer.map(|i| i.name().into())),
                        if penalty.is_empty() { penalty } else { format!("l2={penalty}") },
                    ];
                    let (first, rest) = words.split_at(1);
                    let rest = rest.iter().filter(|word| !word.is_empty());
                    first.iter().chain(rest).map(String::as_str).collect::<Vec<_>>().join(":")
                }
            };
            let controls = [UNITS, RATE, ACTIVATION, INITIALIZER, L2];
            controls.into_iter().find(|name| *name == control).map(|control| (i, control))
        });
    }
}

impl Panel {
    /// Finds its elements and listens.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Panel> {
        let stack = Rc::new(Stack { page: page.clone(), shown: RefCell::default(), focus: Cell::default() });
        let list: Element = dom::by_id("blocks")?;
        for (id, block) in
            [("add-dense", Block::dense(64)), ("add-dropout", Block::dropout()), ("add-norm", Block::BatchNormalization)]
        {
            let (button, stack): (HtmlButtonElement, _) = (dom::by_id(id)?, Rc::clone(&stack));
            dom::on(&button, "click", move |_: Event| stack.add(block));
        }
        let pressed = Rc::clone(&stack);
        dom::on(&list, "click", move |event: Event| {
            if let Some((i, control, _)) = target(&event, "button[data-control]") {
                pressed.press(i, &control);
            }
        });
        let changed = Rc::clone(&stack);
        dom::on(&list, "change", move |event: Event| {
            if let Some((i, control, element)) = target(&event, "[data-control]") {
                let input = element.dyn_ref::<HtmlInputElement>().map(HtmlInputElement::value);
                let value = input.or_else(|| element.dyn_ref::<HtmlSelectElement>().map(HtmlSelectElement::value));
                changed.change(i, &control, &value.unwrap_or_default());
            }
        });
        Ok(Panel {
            all: dom::by_id("stack")?,
            list,
            cost: dom::by_id("cost")?,
            ends: [
                dom::by_id("build-input-layers")?,
                dom::by_id("build-input")?,
                dom::by_id("build-output-layers")?,
                dom::by_id("build-output")?,
            ],
            stack,
            built: RefCell::default(),
            kinds: RefCell::default(),
        })
    }

    /// Shows the stack that is set, and what it will cost. `rate`: multiply-adds a second, measured or guessed. `locked`: it
    /// can't be changed.
    /// `images`: those that are learned from or validated on.
    pub fn show(&self, l10n: &L10n, settings: &Settings, locked: bool, rate: f64, images: usize) {
        dom::disable(&self.all, locked);
        let Ok(spec) = settings.spec() else { return };
        self.show_cost(l10n, settings, &spec, rate, images);
        self.show_ends(l10n, settings);
        // What all blocks have in common stands in them, too.
        let said = ["data", "layers", "activation", "initializer"].map(|name| settings.get(name)).join(" ");
        let from = format!("{} {said}", l10n.language.tag());
        if self.built.replace(from.clone()) == from {
            self.stack.focus.set(None);
            return;
        }
        self.stack.shown.replace(Some(settings.layers.iter().map(Block::to_string).collect()));
        let language = std::iter::once(l10n.language.tag());
        let kinds: Vec<&str> = language.chain(settings.layers.iter().map(|block| kind(*block).0)).collect();
        // Where the same blocks stand in the same places they stay, so that the focus does, too.
        let drawn = if self.kinds.replace(kinds.clone()) == kinds {
            self.stack.focus.set(None);
            self.refresh(l10n, &settings.layers, &spec)
        } else {
            self.build(l10n, &settings.layers, &spec)
        };
        if let Err(error) = drawn {
            web_sys::console::error_1(&error);
        }
    }

    fn show_ends(&self, l10n: &L10n, settings: &Settings) {
        let subject = settings.subject();
        let (side, classes) = (subject.side, subject.count());
        let kind = match subject.classes {
            Classes::Digits => "digits",
            Classes::Fashion => "fashion",
            Classes::Numbered(_) => "own",
        };
        let texts = [
            format!("Input {side}×{side} → Flatten"),
            l10n.text("build-input", &[("inputs", count(subject.inputs() as u64).into())]),
            format!("Dense {classes} → Softmax"),
            l10n.text("build-output", &[("kind", kind.into()), ("classes", classes.into())]),
        ];
        self.ends.iter().zip(texts).for_each(|(element, text)| dom::set_text(element, &text));
    }

    fn show_cost(&self, l10n: &L10n, settings: &Settings, spec: &ModelSpec, rate: f64, images: usize) {
        let config = settings.config();
        let bytes = estimate::memory(spec, config.optimizer, config.batch_size);
        let images = images - images.checked_div(config.validation as usize).unwrap_or(0);
        let seconds = estimate::seconds(spec, images, rate);
        let fits = estimate::check(spec, &config).is_ok();
        let args = [
            ("parameters", count(spec.layout().parameters as u64).into()),
            ("memory", megabytes(bytes).into()),
            ("most", megabytes(estimate::MAX_MEMORY).into()),
            ("seconds", if seconds < 9.95 { format!("{seconds:.1}") } else { count(seconds.round() as u64) }.into()),
        ];
        dom::set_text(&self.cost, &l10n.text(if fits { "cost" } else { "cost-too-large" }, &args));
        dom::set(&self.cost, "data-fits", if fits { "yes" } else { "no" });
    }

    /// Brings the numbers and words of the blocks up to date.
    fn refresh(&self, l10n: &L10n, blocks: &[Block], spec: &ModelSpec) -> std::result::Result<(), JsValue> {
        let (widths, items) = (spec.widths(), self.list.children());
        for (i, (block, layer)) in blocks.iter().zip(spec.layers()).enumerate() {
            let Some(old) = items.item(i as u32) else { continue };
            let new = Item { l10n, number: i, count: blocks.len() }.element(*block, *layer, widths[i], widths[i + 1])?;
            for part in [".kind > .fine", "option[value='']"].map(|part| format!(":scope {part}")) {
                let texts = new.query_selector_all(&part)?;
                let shown = old.query_selector_all(&part)?;
                for place in 0..texts.length() {
                    let text = texts.item(place).and_then(|text| text.text_content()).unwrap_or_default();
                    if let Some(element) = shown.item(place).and_then(|element| element.dyn_into::<Element>().ok()) {
                        dom::set_text(&element, &text);
                    }
                }
            }
            for control in [UNITS, RATE, ACTIVATION, INITIALIZER, L2] {
                let part = format!("[data-control='{control}']");
                let (Some(new), Some(old)) = (new.query_selector(&part)?, old.query_selector(&part)?) else { continue };
                match (new.dyn_into::<HtmlInputElement>(), old.dyn_into::<HtmlInputElement>()) {
                    (Ok(new), Ok(old)) => old.set_value(&new.value()),
                    (Err(new), Err(old)) => {
                        old.unchecked_into::<HtmlSelectElement>().set_value(&new.unchecked_into::<HtmlSelectElement>().value())
                    }
                    _ => {}
                }
            }
        }
        Ok(())
    }

    fn build(&self, l10n: &L10n, blocks: &[Block], spec: &ModelSpec) -> std::result::Result<(), JsValue> {
        self.list.set_text_content(None);
        let widths = spec.widths();
        for (i, (block, layer)) in blocks.iter().zip(spec.layers()).enumerate() {
            let item = Item { l10n, number: i, count: blocks.len() };
            let item = item.element(*block, *layer, widths[i], widths[i + 1])?;
            self.list.append_child(&item)?;
        }
        let Some((number, control)) = self.stack.focus.take() else { return Ok(()) };
        let number = number.min(blocks.len().saturating_sub(1));
        let find = |control: &str| {
            let selector = format!("[data-block='{number}'] [data-control='{control}']:not(:disabled)");
            self.list.query_selector(&selector).ok().flatten()?.dyn_into::<HtmlElement>().ok()
        };
        // A block at an end can't go further; an empty stack has no block.
        let found = find(control).or_else(|| find(REMOVE)).or_else(|| dom::by_id("add-dense").ok());
        found.map_or(Ok(()), |element| element.focus())
    }
}

/// Where a block stands in the list.
struct Item<'a> {
    l10n: &'a L10n,
    number: usize,
    count: usize,
}

impl Item<'_> {
    fn element(&self, block: Block, layer: LayerSpec, inputs: usize, outputs: usize) -> std::result::Result<Element, JsValue> {
        let item = element("li", "block")?;
        let (kind, name) = kind(block);
        dom::set(&item, "data-block", &self.number.to_string());
        dom::set(&item, "data-kind", kind);
        let (title, bold, fine) = (element("p", "kind")?, element("b", "")?, element("span", "fine")?);
        bold.set_text_content(Some(name));
        let shape = [("inputs", inputs.to_string().into()), ("outputs", outputs.to_string().into())];
        fine.set_text_content(Some(&self.l10n.text(&format!("block-{kind}"), &shape)));
        title.append_with_node_2(&bold, &fine)?;
        let fields = element("div", "of-block")?;
        match (block, layer) {
            (Block::Dense { units, activation, initializer, l2 }, LayerSpec::Dense(used)) => {
                self.text(&fields, UNITS, &units.to_string())?;
                let own = activation.map(|a| a.name()).unwrap_or_default();
                self.choice(&fields, ACTIVATION, own, used.activation.name())?;
                let own = initializer.map(|i| i.name()).unwrap_or_default();
                self.choice(&fields, INITIALIZER, own, used.initializer.name())?;
                self.text(&fields, L2, &l2.map(|l2| l2.to_string()).unwrap_or_default())?;
            }
            (Block::Dropout { rate }, _) => self.text(&fields, RATE, &rate.to_string())?,
            _ => {}
        }
        let moves = element("div", "moves")?;
        for (control, sign, possible) in
            [(UP, "↑", self.number > 0), (DOWN, "↓", self.number + 1 < self.count), (REMOVE, "×", true)]
        {
            let button: HtmlButtonElement = element("button", "quiet")?.unchecked_into();
            button.set_type("button");
            button.set_text_content(Some(sign));
            button.set_disabled(!possible);
            dom::set(&button, "data-control", control);
            let args = [("number", (self.number + 1).into()), ("name", name.into())];
            dom::set(&button, "aria-label", &self.l10n.text(&format!("block-{control}"), &args));
            moves.append_child(&button)?;
        }
        item.append_with_node_3(&title, &fields, &moves)?;
        Ok(item)
    }

    /// A field for a number of the block.
    fn text(&self, fields: &Element, control: &'static str, value: &str) -> std::result::Result<(), JsValue> {
        let input: HtmlInputElement = element("input", "")?.unchecked_into();
        input.set_type("text");
        dom::set(&input, "inputmode", if control == UNITS { "numeric" } else { "decimal" });
        dom::set(&input, "autocomplete", "off");
        dom::set(&input, "aria-describedby", "layers-error");
        input.set_value(value);
        if control == L2 {
            input.set_placeholder(&self.l10n.text("block-common", &[]));
        }
        self.label(fields, control, &input)
    }

    /// A field with the same choices as the setting of that name, and before them "like all others", which is `used`.
    fn choice(&self, fields: &Element, control: &'static str, own: &str, used: &str) -> std::result::Result<(), JsValue> {
        let select: HtmlSelectElement = element("select", "")?.unchecked_into();
        let common = element("option", "")?;
        dom::set(&common, "value", "");
        let used = dom::all(&format!("#{control} option[value='{used}']")).first().and_then(|option| option.text_content());
        common.set_text_content(Some(&self.l10n.text("block-common-choice", &[("used", used.unwrap_or_default().into())])));
        select.append_child(&common)?;
        for option in dom::all(&format!("#{control} option:not([value='auto'])")) {
            select.append_child(&option.clone_node_with_deep(true)?)?;
        }
        select.set_value(own);
        self.label(fields, control, &select)
    }

    fn label(&self, fields: &Element, control: &str, field: &Element) -> std::result::Result<(), JsValue> {
        let (label, words) = (element("label", "")?, element("span", "")?);
        words.set_text_content(Some(&self.l10n.text(&format!("block-{control}"), &[])));
        dom::set(field, "data-control", control);
        label.append_with_node_2(&words, field)?;
        fields.append_child(&label)?;
        Ok(())
    }
}

/// What a block is, as `data-kind` and as Keras calls it.
fn kind(block: Block) -> (&'static str, &'static str) {
    match block {
        Block::Dense { .. } => ("dense", "Dense"),
        Block::BatchNormalization => ("norm", "BatchNormalization"),
        Block::Dropout { .. } => ("dropout", "Dropout"),
    }
}

/// The block's number and the control that an event in the list is about.
fn target(event: &Event, selector: &str) -> Option<(usize, String, Element)> {
    let element = event.target()?.dyn_into::<Element>().ok()?.closest(selector).ok().flatten()?;
    let block = element.closest("[data-block]").ok().flatten()?.get_attribute("data-block")?;
    Some((block.parse().ok()?, element.get_attribute("data-control")?, element))
}

fn element(kind: &str, class: &str) -> std::result::Result<Element, JsValue> {
    let element = dom::document().create_element(kind)?;
    if !class.is_empty() {
        element.set_class_name(class);
    }
    Ok(element)
}

fn megabytes(bytes: u64) -> String {
    let megabytes = bytes as f64 / 1e6;
    if megabytes < 10.0 { format!("{megabytes:.1}") } else { count(megabytes.round() as u64) }
}
