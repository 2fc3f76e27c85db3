//! Test images of a list, a page at a time: their pixels are asked for when they are shown, and kept.

use super::judge::Action;
use super::{Message, Page, seen, subject};
use crate::Result;
use crate::data::Classes;
use crate::judge::Judgement;
use crate::web::dom;
use crate::web::l10n::{L10n, count, percent};
use std::collections::BTreeMap;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlButtonElement, HtmlCanvasElement, HtmlElement};

/// Images that a click on "more" adds.
const PAGE: usize = 24;

/// `#gallery`.
pub struct Gallery {
    list: Vec<u32>,
    shown: usize,
    pixels: BTreeMap<u32, Vec<u8>>,
    /// Canvases that wait for their pixels.
    waiting: BTreeMap<u32, HtmlCanvasElement>,

    root: Element,
    title: HtmlElement,
    images: Element,
    more: HtmlButtonElement,
    said: Element,
}

impl Gallery {
    /// Finds its elements and listens to the button.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Gallery> {
        let (more, sender): (HtmlButtonElement, _) = (dom::by_id("gallery-more")?, page.clone());
        dom::on(&more, "click", move |_: Event| sender.send(Message::Judge(Action::More)));
        let (images, sender): (Element, _) = (dom::by_id("gallery-images")?, page.clone());
        dom::on(&images, "click", move |event: Event| {
            let at = event.target().and_then(|at| at.dyn_into::<Element>().ok());
            let button = at.and_then(|at| at.closest("[data-number]").ok().flatten());
            let number = button.and_then(|button| button.get_attribute("data-number")?.parse().ok());
            if let Some(number) = number {
                sender.send(Message::Judge(Action::Load(number)));
            }
        });
        Ok(Gallery {
            list: Vec::new(),
            shown: 0,
            pixels: BTreeMap::new(),
            waiting: BTreeMap::new(),
            root: dom::by_id("gallery")?,
            title: dom::by_id("gallery-title")?,
            images,
            more,
            said: dom::by_id("gallery-said")?,
        })
    }

    /// Shows nothing.
    pub fn close(&mut self) {
        dom::show(&self.root, false);
        self.list.clear();
    }

    /// The numbers are of other images from now on.
    pub fn forget(&mut self) {
        self.pixels.clear();
    }

    /// Begins with another list; its title takes the focus, so that a keyboard goes on from there.
    pub fn begin(&mut self, title: String, list: Vec<u32>) {
        dom::show(&self.root, true);
        dom::set(&self.root, "data-total", &list.len().to_string());
        dom::set_text(&self.title, &title);
        dom::set_text(&self.said, "");
        self.images.set_text_content(None);
        self.waiting.clear();
        (self.list, self.shown) = (list, 0);
        if let Err(error) = self.title.focus() {
            web_sys::console::error_1(&error);
        }
    }

    /// Shows further images; those whose pixels are missing are returned.
    pub fn more(&mut self, l10n: &L10n, now: &Judgement, classes: Classes, before: Option<&Judgement>) -> Vec<u32> {
        let end = (self.shown + PAGE).min(self.list.len());
        let numbers = self.list[self.shown..end].to_vec();
        self.shown = end;
        for &number in &numbers {
            if let Err(error) = self.add(l10n, number, now, classes, before) {
                web_sys::console::error_1(&error);
            }
        }
        let left = self.list.len() - self.shown;
        dom::show(&self.more, left > 0);
        dom::set_text(&self.more, &l10n.text("gallery-more", &[("left", count(left as u64).into())]));
        numbers.into_iter().filter(|number| !self.pixels.contains_key(number)).collect()
    }

    fn add(
        &mut self,
        l10n: &L10n,
        number: u32,
        now: &Judgement,
        classes: Classes,
        before: Option<&Judgement>,
    ) -> std::result::Result<(), JsValue> {
        let name = |class: usize| subject::class(l10n, classes, class);
        let create = |kind: &str| dom::document().create_element(kind);
        let i = number as usize;
        let (item, button) = (create("li")?, create("button")?);
        dom::set(&button, "type", "button");
        dom::set(&button, "data-number", &number.to_string());
        let sure = now.probabilities(i)[now.read(i)];
        let text = match before {
            Some(before) => format!("A {} · B {}", name(before.read(i)), name(now.read(i))),
            None => format!("{} · {}", name(now.read(i)), percent(sure)),
        };
        // What can be read is a part of the name: people who speak to the page say what they see.
        let args = [
            ("caption", text.as_str().into()),
            ("number", count(u64::from(number) + 1).into()),
            ("label", name(now.label(i)).into()),
            ("read", name(now.read(i)).into()),
            ("sure", percent(sure).into()),
        ];
        dom::set(&button, "aria-label", &l10n.text("gallery-image", &args));
        let canvas: HtmlCanvasElement = create("canvas")?.unchecked_into();
        let caption = create("span")?;
        caption.set_text_content(Some(&text));
        button.append_child(&canvas)?;
        button.append_child(&caption)?;
        item.append_child(&button)?;
        self.images.append_child(&item)?;
        match self.pixels.get(&number) {
            Some(pixels) => paint(&canvas, pixels),
            None => {
                self.waiting.insert(number, canvas);
            }
        }
        Ok(())
    }

    /// Takes pixels that were asked for.
    pub fn take(&mut self, numbers: &[u32], inputs: usize, pixels: &[u8]) {
        for (&number, pixels) in numbers.iter().zip(pixels.chunks_exact(inputs.max(1))) {
            if let Some(canvas) = self.waiting.remove(&number) {
                paint(&canvas, pixels);
            }
            self.pixels.insert(number, pixels.to_vec());
        }
    }

    /// The pixels of an image that is shown.
    pub fn pixels(&self, number: u32) -> Option<&[u8]> {
        self.pixels.get(&number).map(Vec::as_slice)
    }

    /// Says what became of a click.
    pub fn say(&self, text: &str) {
        dom::set_text(&self.said, text);
    }
}

fn paint(canvas: &HtmlCanvasElement, pixels: &[u8]) {
    if let Ok(context) = seen::context(canvas) {
        seen::paint(&context, pixels);
    }
    dom::set(canvas, "data-painted", "");
}
