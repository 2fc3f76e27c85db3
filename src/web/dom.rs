//! The few words that panels and lessons speak with the document.

use crate::{Error, Result};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::convert::FromWasmAbi;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Document, Element, EventTarget, UrlSearchParams, Window};

/// The page's window.
pub fn window() -> Window {
    js_sys::global().unchecked_into()
}

/// The page's document.
pub fn document() -> Document {
    js_sys::Reflect::get(&window(), &"document".into()).unwrap_or(JsValue::UNDEFINED).unchecked_into()
}

/// The time, in seconds from a beginning that stays the same while the page is open.
pub fn seconds() -> f64 {
    window().performance().map_or_else(js_sys::Date::now, |performance| performance.now()) / 1000.0
}

/// The address's parameters.
pub fn address() -> Vec<(String, String)> {
    parameters(&window().location().search().unwrap_or_default())
}

/// The parameters in an address's query.
pub fn parameters(query: &str) -> Vec<(String, String)> {
    let Ok(parameters) = UrlSearchParams::new_with_str(query) else { return Vec::new() };
    let pair = |entry: js_sys::Array| Some((entry.get(0).as_string()?, entry.get(1).as_string()?));
    parameters.entries().into_iter().filter_map(|entry| pair(entry.ok()?.dyn_into().ok()?)).collect()
}

/// The element `#id` of index.html.
///
/// Errors when there is none of that kind.
pub fn by_id<T: JsCast>(id: &str) -> Result<T> {
    let missing = || Error::State { reason: format!("index.html has no #{id} of the expected kind") };
    document().get_element_by_id(id).ok_or_else(missing)?.dyn_into().map_err(|_| missing())
}

/// All elements that match, in document order.
pub fn all(selector: &str) -> Vec<Element> {
    let Ok(list) = document().query_selector_all(selector) else { return Vec::new() };
    (0..list.length()).filter_map(|i| list.item(i)?.dyn_into().ok()).collect()
}

/// Calls `f` on every event of that kind, for as long as the page lives.
pub fn on<E: FromWasmAbi + 'static>(target: &EventTarget, kind: &str, f: impl FnMut(E) + 'static) {
    let f = Closure::<dyn FnMut(E)>::new(f);
    if let Err(error) = target.add_event_listener_with_callback(kind, f.as_ref().unchecked_ref()) {
        web_sys::console::error_1(&error);
    }
    f.forget();
}

/// From now on a panic is shown on the page, before the trap that follows it: `part` is `stopped` or `lessons`, see www/start.js.
pub fn show_panics(part: &'static str) {
    std::panic::set_hook(Box::new(move |panic| {
        console_error_panic_hook::hook(panic);
        show_broken(part, &panic.to_string());
    }));
}

/// A part of the page can't go on: has start.js say so, in both languages, since messages may be what is missing.
pub fn show_broken(part: &str, reason: &str) {
    let init = web_sys::CustomEventInit::new();
    init.set_detail(&js_sys::Array::of2(&part.into(), &reason.into()));
    let sent =
        web_sys::CustomEvent::new_with_event_init_dict("inkling-broken", &init).and_then(|event| window().dispatch_event(&event));
    if let Err(error) = sent {
        web_sys::console::error_1(&error);
    }
}

/// Sets the element's text if it is not that already: screen readers announce only changes.
pub fn set_text(element: &Element, text: &str) {
    if element.text_content().as_deref() != Some(text) {
        element.set_text_content(Some(text));
    }
}

/// Sets an attribute if it is not that already.
pub fn set(element: &Element, name: &str, value: &str) {
    if element.get_attribute(name).as_deref() != Some(value)
        && let Err(error) = element.set_attribute(name, value)
    {
        web_sys::console::error_1(&error);
    }
}

/// Shows or hides an element.
pub fn show(element: &Element, shown: bool) {
    if let Err(error) = element.toggle_attribute_with_force("hidden", !shown) {
        web_sys::console::error_1(&error);
    }
}

/// Disables a control, or enables it.
pub fn disable(element: &Element, disabled: bool) {
    if let Err(error) = element.toggle_attribute_with_force("disabled", disabled) {
        web_sys::console::error_1(&error);
    }
}

/// The value of a custom property of style.css, for what is drawn on a canvas.
pub fn style(name: &str) -> String {
    let style = document().document_element().and_then(|root| window().get_computed_style(&root).ok().flatten());
    style.and_then(|style| style.get_property_value(name).ok()).unwrap_or_default().trim().to_string()
}
