//! How the lesson on MNIST shows images: the one that all is about, large, and the small ones to click.

use super::controls::{add, add_text};
use super::pixels;
use super::stage::Stage;
use crate::Result;
use crate::ink::{PIXELS, SIDE};
use crate::train::Split;
use crate::web::dom;
use crate::web::l10n::{count, percent};
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlCanvasElement, HtmlElement};

/// The two sets, as the choice names them; [`Split::Validation`] are the training images.
pub(super) const SETS: [(&str, Split); 2] = [("training", Split::Validation), ("test", Split::Test)];

pub(super) fn place_of(split: Split) -> usize {
    SETS.iter().position(|(_, other)| *other == split).unwrap_or(0)
}

/// An image of a set.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Picked {
    pub(super) split: Split,
    pub(super) number: u32,
    pub(super) label: u8,
    pub(super) pixels: Vec<u8>,
}

/// The image that all is about.
pub(super) struct Subject {
    canvas: HtmlCanvasElement,
    caption: Element,
    answer: Element,
}

impl Subject {
    pub(super) fn new(parent: &Element) -> Result<Subject> {
        let figure = add(parent, "figure", "subject")?;
        let canvas = pixels::canvas(&figure, "large", [SIDE, SIDE], "")?;
        let text = add(&figure, "figcaption", "")?;
        let caption = add(&text, "span", "")?;
        caption.set_id("mnist-subject");
        let answer = add(&text, "strong", "")?;
        answer.set_id("mnist-answer");
        Ok(Subject { canvas, caption, answer })
    }

    pub(super) fn show(&self, words: &Stage, picked: Option<&Picked>, image: &[u8], read: Option<(u8, f32)>) {
        pixels::paint(&self.canvas, if image.is_empty() { &[0; PIXELS] } else { image });
        let caption = match picked {
            Some(picked) => title(words, picked),
            None if image.is_empty() => words.text("mnist-draw", &[]),
            None => words.text("mnist-drawing", &[]),
        };
        dom::set_text(&self.caption, &caption);
        let answer = read.map(|(digit, sure)| {
            words.text("mnist-read", &[("digit", digit.to_string().into()), ("sure", percent(sure).into())])
        });
        dom::set_text(&self.answer, &answer.unwrap_or_default());
    }
}

/// Which image it is, and what it shows.
pub(super) fn title(words: &Stage, picked: &Picked) -> String {
    let args = [("number", count(u64::from(picked.number) + 1).into()), ("label", picked.label.to_string().into())];
    let id = format!("mnist-of-{}", SETS[place_of(picked.split)].0);
    words.text(&id, &args)
}

/// Small images to click.
pub(super) struct Thumbs {
    list: Element,
    shown: Vec<Picked>,
}

impl Thumbs {
    pub(super) fn new(parent: &Element, id: &str) -> Result<Thumbs> {
        let list = add(parent, "ul", "thumbs")?;
        list.set_id(id);
        Ok(Thumbs { list, shown: Vec::new() })
    }

    /// Shows these, with their captions; the first one is number `first` of all that can be clicked.
    pub(super) fn show(&mut self, words: &Stage, images: &[(&Picked, String)], first: usize) {
        let now: Vec<Picked> = images.iter().map(|(picked, _)| (*picked).clone()).collect();
        let buttons = self.list.query_selector_all("[data-image]");
        if self.shown == now {
            // Others before them may have become more or fewer.
            if let Ok(buttons) = buttons {
                let all = (0..buttons.length()).filter_map(|i| buttons.item(i)?.dyn_into::<Element>().ok());
                all.enumerate().for_each(|(i, button)| dom::set(&button, "data-image", &(first + i).to_string()));
            }
            return;
        }
        let focused = dom::document().active_element().filter(|element| self.list.contains(Some(element)));
        let focused = focused.and_then(|element| element.get_attribute("data-image"));
        self.list.set_text_content(None);
        for (i, (picked, caption)) in images.iter().enumerate() {
            if let Err(error) = self.add(words, picked, caption, first + i) {
                web_sys::console::error_1(&error.to_string().into());
            }
        }
        // Whoever walks on by keyboard stays at the same place.
        let place = focused.and_then(|place| self.list.query_selector(&format!("[data-image='{place}']")).ok().flatten());
        if let Some(button) = place.and_then(|button| button.dyn_into::<HtmlElement>().ok()) {
            let _ = button.focus();
        }
        self.shown = now;
    }

    fn add(&self, words: &Stage, picked: &Picked, caption: &str, place: usize) -> Result<()> {
        let button = add(&add(&self.list, "li", "")?, "button", "")?;
        dom::set(&button, "type", "button");
        dom::set(&button, "data-image", &place.to_string());
        // What can be read is a part of the name: people who speak to the page say what they see.
        dom::set(&button, "aria-label", &format!("{caption} {}", title(words, picked)));
        pixels::paint(&pixels::canvas(&button, "", [SIDE, SIDE], "")?, &picked.pixels);
        add_text(&button, "span", "", caption)?;
        Ok(())
    }
}
