//! What a term means: a sentence of the glossary, for whoever points at the term, comes to it by keyboard, or taps it.
//!
//! A term is an element of index.html with `tabindex="0"` and `data-term`, its id in `www/lessons/*/glossary.md`. The glossary is
//! loaded when the first one is asked for.

use super::{dom, fetch};
use crate::{Error, Result};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::spawn_local;
use web_sys::{DomParser, Element, Event, HtmlElement, KeyboardEvent, MouseEvent, SupportedType};

/// Pixels between the term and what is said of it.
const GAP: f64 = 6.0;

/// A glossary and its language.
type Glossary = Rc<RefCell<Option<(String, HtmlElement)>>>;

/// Begins to listen.
///
/// Errors when index.html lacks the place for it.
pub fn listen() -> Result<()> {
    let tip: HtmlElement = dom::by_id("term-tip")?;
    let glossary = Glossary::default();
    let document = dom::document();
    for kind in ["pointerover", "focusin"] {
        let (glossary, tip) = (glossary.clone(), tip.clone());
        dom::on(&document, kind, move |event: Event| {
            let Some(term) = target(&event).and_then(|element| element.closest("[data-term]").ok().flatten()) else { return };
            let (glossary, tip) = (glossary.clone(), tip.clone());
            spawn_local(async move {
                if let Err(error) = show(&term, &tip, &glossary).await {
                    web_sys::console::warn_1(&error.to_string().into());
                }
            });
        });
    }
    let shown = tip.clone();
    dom::on(&document, "pointerout", move |event: MouseEvent| {
        // The pointer may go onto what is said.
        let to = event.related_target().and_then(|to| to.dyn_into::<Element>().ok());
        let stays = to.is_some_and(|to| to.closest("[data-term], #term-tip").is_ok_and(|found| found.is_some()));
        if !stays {
            dom::show(&shown, false);
        }
    });
    let shown = tip.clone();
    dom::on(&document, "focusout", move |_: Event| dom::show(&shown, false));
    dom::on(&document, "keydown", move |event: KeyboardEvent| {
        if event.key() == "Escape" {
            dom::show(&tip, false);
        }
    });
    Ok(())
}

fn target(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}

/// Says what the glossary has, below the term.
async fn show(term: &Element, tip: &HtmlElement, glossary: &Glossary) -> Result<()> {
    let language = dom::document().document_element().and_then(|root| root.get_attribute("lang")).unwrap_or_default();
    let known = glossary.borrow().as_ref().filter(|(of, _)| *of == language).map(|(_, words)| words.clone());
    let words = match known {
        Some(words) => words,
        None => {
            let words = parse(&fetch::fetch_text(&format!("./lessons/{language}/glossary.html")).await?)?;
            glossary.replace(Some((language, words.clone())));
            // While it came, the pointer or the focus may have gone.
            if !term.matches(":hover, :focus").unwrap_or(false) {
                return Ok(());
            }
            words
        }
    };
    let id = term.get_attribute("data-term").unwrap_or_default();
    let part = |tag: &str| {
        let found = words.query_selector(&format!("#term-{id} {tag}")).ok().flatten();
        found.and_then(|element| element.text_content()).map(|text| text.trim().to_string())
    };
    let missing = || Error::State { reason: format!("the glossary has no {id}") };
    let (name, sentence) = (part("dt").ok_or_else(missing)?, part("dd").ok_or_else(missing)?);
    for (tag, text) in [("b", name), ("span", sentence)] {
        if let Ok(Some(place)) = tip.query_selector(tag) {
            dom::set_text(&place, &text);
        }
    }
    dom::set(term, "aria-describedby", "term-tip");
    dom::show(tip, true);
    let (of, size) = (term.get_bounding_client_rect(), tip.get_bounding_client_rect());
    let window = dom::window();
    let width = dom::document().document_element().map_or(0.0, |root| f64::from(root.client_width()));
    let left = of.left().min(width - size.width() - GAP).max(GAP) + window.scroll_x().unwrap_or(0.0);
    let top = of.bottom() + GAP + window.scroll_y().unwrap_or(0.0);
    let style = tip.style();
    let _ = style.set_property("left", &format!("{left}px"));
    let _ = style.set_property("top", &format!("{top}px"));
    Ok(())
}

fn parse(html: &str) -> Result<HtmlElement> {
    let failed = || Error::Malformed { what: "glossary.html".into(), reason: "no body".into() };
    let document = DomParser::new().and_then(|parser| parser.parse_from_string(html, SupportedType::TextHtml));
    document.ok().and_then(|document| document.body()).ok_or_else(failed)
}
