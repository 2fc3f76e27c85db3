//! The panel "how it learns": each field is one setting, its error stands below it. What is valid decides `crate::settings`.

use super::app::App;
use super::l10n::L10n;
use super::{Message, Page, build, code, dom, link};
use crate::settings::{self, NAMES, Settings};
use crate::view::PageView;
use crate::{Error, Result};
use wasm_bindgen::JsCast;
use web_sys::{Element, Event, HtmlInputElement, HtmlSelectElement};

/// The fields: `#id` and the setting's name in the address.
const FIELDS: [(&str, &str); 18] = [
    ("preset", "preset"),
    ("data", "data"),
    ("layers", "layers"),
    ("activation", "activation"),
    ("initializer", "initializer"),
    ("l2", "l2"),
    ("loss", "loss"),
    ("optimizer", "optimizer"),
    ("learning-rate", "lr"),
    ("schedule", "schedule"),
    ("batch", "batch"),
    ("epochs", "epochs"),
    ("validation", "validation"),
    ("patience", "patience"),
    ("augment", "augment"),
    ("seed", "seed"),
    ("backend", "backend"),
    ("workers", "workers"),
];

/// The sections `.build` and `.settings`.
pub struct Panel {
    fields: Vec<Field>,
    build: build::Panel,
    code: code::Panel,
}

struct Field {
    name: &'static str,
    control: Control,
    error: Option<Element>,
    /// What was typed and is no value.
    problem: Option<Error>,
}

#[derive(Clone)]
enum Control {
    Text(HtmlInputElement),
    Switch(HtmlInputElement),
    Choice(HtmlSelectElement),
}

impl Control {
    fn find(id: &str) -> Result<Control> {
        let element: Element = dom::by_id(id)?;
        match element.dyn_into::<HtmlSelectElement>() {
            Ok(select) => Ok(Control::Choice(select)),
            Err(_) => {
                let input: HtmlInputElement = dom::by_id(id)?;
                Ok(if input.type_() == "checkbox" { Control::Switch(input) } else { Control::Text(input) })
            }
        }
    }

    fn value(&self) -> String {
        match self {
            Control::Text(input) => input.value(),
            Control::Switch(input) => settings::switch(input.checked()).into(),
            Control::Choice(select) => select.value(),
        }
    }

    fn set_value(&self, value: &str) {
        match self {
            Control::Text(input) => input.set_value(value),
            Control::Switch(input) => input.set_checked(value == settings::switch(true)),
            Control::Choice(select) => select.set_value(value),
        }
    }

    fn element(&self) -> &Element {
        match self {
            Control::Text(input) | Control::Switch(input) => input,
            Control::Choice(select) => select,
        }
    }
}

impl Panel {
    /// Listens to the fields.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Panel> {
        let field = |(id, name): (&str, &'static str)| -> Result<Field> {
            let (control, sender) = (Control::find(id)?, page.clone());
            let asked = control.clone();
            dom::on(control.element(), "change", move |_: Event| {
                sender.send(Message::Setting { name, value: asked.value() });
            });
            Ok(Field { name, control, error: dom::by_id(&format!("{id}-error")).ok(), problem: None })
        };
        let fields = FIELDS.into_iter().map(field).collect::<Result<_>>()?;
        Ok(Panel { fields, build: build::Panel::new(page)?, code: code::Panel::new(page)? })
    }

    /// Remembers whether what was typed for setting `name` is a value. A preset takes the place of whatever was typed.
    pub fn judge(&mut self, name: &str, problem: Option<Error>) {
        if name == "preset" && problem.is_none() {
            self.fields.iter_mut().for_each(|field| field.problem = None);
        }
        if let Some(field) = self.fields.iter_mut().find(|field| field.name == name) {
            field.problem = problem;
        }
    }

    /// Shows the settings in use; a field with a problem keeps what was typed. `speed`: multiply-adds a second;
    /// `images`: those that are learned from or validated on.
    pub fn show(&self, l10n: &L10n, settings: &Settings, view: &PageView, speed: f64, images: usize) {
        self.build.show(l10n, settings, view.locks("layers"), speed, images);
        self.code.show(l10n, settings);
        for field in &self.fields {
            let element = field.control.element();
            dom::disable(element, view.locks(field.name));
            dom::set(element, "aria-invalid", if field.problem.is_some() { "true" } else { "false" });
            if field.problem.is_none() {
                let value = settings.get(field.name);
                field.control.set_value(&match field.name {
                    "layers" => value.replace(',', ", "),
                    "data" => settings.data.name().into(),
                    _ => value,
                });
            }
            if let Some(error) = &field.error {
                dom::set_text(error, &field.problem.as_ref().map(|problem| l10n.error(problem)).unwrap_or_default());
                dom::show(error, field.problem.is_some());
            }
        }
    }

    /// Says how copying the code went.
    pub fn code_copied(&self, l10n: &L10n, is_copied: bool) {
        self.code.copied(l10n, is_copied);
    }
}

impl App {
    pub(super) fn change_setting(&mut self, name: &'static str, value: &str) {
        let before = self.settings.clone();
        let changed = self.settings.set(name, value);
        if changed.is_ok() {
            self.keep_locked(&before);
            self.follow_files();
            self.link(link::Action::Forget);
            self.write_address();
            self.augmented.show(self.image.as_ref(), &self.settings);
            self.setting_changed(name);
        }
        self.panel.judge(name, changed.err());
        self.show_settings();
    }

    /// Takes over all settings for the next run, but for what the address locks.
    pub(super) fn use_settings(&mut self, settings: Settings) {
        let before = std::mem::replace(&mut self.settings, settings);
        self.keep_locked(&before);
        self.follow_files();
        self.write_address();
        self.augmented.show(self.image.as_ref(), &self.settings);
        self.panel.judge("preset", None);
        if ["backend", "workers"].iter().any(|name| before.get(name) != self.settings.get(name)) {
            self.setting_changed("backend");
        }
        self.show_settings();
    }

    /// A preset, or a new optimizer, changes only what the address does not lock.
    fn keep_locked(&mut self, before: &Settings) {
        for name in NAMES.into_iter().filter(|name| *name != "preset" && self.view.locks(name)) {
            // It was valid before; with the other settings it may no longer be, and then the new value stays.
            let _ = self.settings.set(name, &before.get(name));
        }
    }

    pub(super) fn show_settings(&self) {
        self.panel.show(&self.l10n, &self.settings, &self.view, self.speed(), self.training_images());
        self.show_data();
    }
}
