//! Panels as places of the page: which are open and in view, and what a teacher's link hides, locks, opens or shows alone.
//!
//! A panel is whatever has `data-panel` in index.html; one that folds has a `<details>` as its child. What nobody sees is not
//! drawn: a panel asks [`Panels::shown`] before it draws, and [`super::Message::PanelShown`] tells when it comes into view.

use super::{Message, Page, dom};
use crate::Result;
use crate::view::{PANELS, PageView};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlDetailsElement, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit};

/// Pixels above and below the window in which a panel counts as seen: it is drawn before it is scrolled to.
const MARGIN: &str = "120px";

/// See the module's documentation.
pub struct Panels {
    /// The elements in view; a panel can have several.
    in_view: Rc<RefCell<Vec<Element>>>,
    _observer: Option<IntersectionObserver>,
}

fn elements(name: &str) -> Vec<Element> {
    dom::all(&format!("[data-panel='{name}']"))
}

fn details(panel: &Element) -> Option<HtmlDetailsElement> {
    panel.query_selector(":scope > details").ok().flatten()?.dyn_into().ok()
}

fn name_of(panel: &Element) -> Option<&'static str> {
    let name = panel.get_attribute("data-panel")?;
    PANELS.into_iter().find(|known| *known == name)
}

impl Panels {
    /// Applies the view, and begins to watch.
    pub fn new(page: &Page, view: &PageView) -> Result<Panels> {
        for panel in dom::all("[data-panel]") {
            if let (Some(details), Some(name)) = (details(&panel), name_of(&panel)) {
                let (sender, is_open) = (page.clone(), details.clone());
                dom::on(&details, "toggle", move |_: Event| {
                    if is_open.open() {
                        sender.send(Message::PanelShown(name));
                    }
                });
            }
        }
        for name in &view.hide {
            elements(name).iter().for_each(|panel| dom::show(panel, false));
            dom::all(&format!("[data-setting='{name}']")).iter().for_each(|field| dom::show(field, false));
        }
        for name in view.panel.iter().chain(&view.embed) {
            elements(name).iter().filter_map(details).for_each(|details| details.set_open(true));
        }
        if !view.embed.is_empty() {
            isolate(&view.embed.iter().flat_map(|name| elements(name)).collect::<Vec<_>>());
        }
        let in_view = Rc::new(RefCell::new(Vec::new()));
        let observer = watch(page.clone(), in_view.clone());
        if let Err(error) = &observer {
            // Then every panel counts as in view: slower, but complete.
            web_sys::console::error_1(error);
            in_view.replace(dom::all("[data-panel]"));
        }
        Ok(Panels { in_view, _observer: observer.ok() })
    }

    /// Whether somebody can see the inside of panel `name`.
    pub fn shown(&self, name: &str) -> bool {
        let seen = |panel: &&Element| name_of(panel) == Some(name) && details(panel).is_none_or(|details| details.open());
        self.in_view.borrow().iter().any(|panel| seen(&panel))
    }
}

/// Keeps `in_view` up to date.
fn watch(page: Page, in_view: Rc<RefCell<Vec<Element>>>) -> std::result::Result<IntersectionObserver, JsValue> {
    let seen = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
        for entry in entries.iter().filter_map(|entry| entry.dyn_into::<IntersectionObserverEntry>().ok()) {
            let panel = entry.target();
            let Some(name) = name_of(&panel) else { continue };
            in_view.borrow_mut().retain(|other| *other != panel);
            if entry.is_intersecting() {
                in_view.borrow_mut().push(panel);
                page.send(Message::PanelShown(name));
            }
        }
    });
    let options = IntersectionObserverInit::new();
    options.set_root_margin(MARGIN);
    let observer = IntersectionObserver::new_with_options(seen.as_ref().unchecked_ref(), &options)?;
    seen.forget();
    dom::all("[data-panel]").iter().for_each(|panel| observer.observe(panel));
    Ok(observer)
}

/// Hides everything that is neither in one of `kept` nor around one, but for what says that something went wrong.
fn isolate(kept: &[Element]) {
    let Some(body) = dom::document().body() else { return };
    let _ = body.class_list().add_1("embedded");
    let around = |element: &Element| kept.iter().any(|panel| element.contains(Some(panel)));
    let mut parents: Vec<Element> = vec![body.into()];
    while let Some(parent) = parents.pop() {
        let children = parent.children();
        for child in (0..children.length()).filter_map(|i| children.item(i)) {
            if kept.contains(&child) || matches!(child.id().as_str(), "notes" | "broken" | "update") {
                continue;
            }
            if around(&child) {
                parents.push(child);
            } else if !matches!(child.tag_name().as_str(), "SCRIPT" | "DIALOG" | "svg") {
                dom::show(&child, false);
            }
        }
    }
}
