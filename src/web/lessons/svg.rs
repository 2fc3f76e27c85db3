//! Pictures made of SVG elements. Colors are classes of style.css, so that they follow light and dark, and print.

use super::stage::failed;
use crate::Result;
use crate::web::dom;
use web_sys::{Element, PointerEvent};

const NAMESPACE: Option<&str> = Some("http://www.w3.org/2000/svg");

/// A picture of `width` x `height` units in `parent`, described by `label` for those who do not see it.
pub fn picture(parent: &Element, class: &str, width: f32, height: f32, label: &str) -> Result<Element> {
    let view = format!("0 0 {width} {height}");
    add(parent, "svg", &[("viewBox", &view), ("class", class), ("role", "img"), ("aria-label", label)])
}

/// An element with these attributes, as the last child of `parent`.
pub fn add(parent: &Element, tag: &str, attributes: &[(&str, &str)]) -> Result<Element> {
    let element = dom::document().create_element_ns(NAMESPACE, tag).map_err(|error| failed(&error))?;
    for (name, value) in attributes {
        dom::set(&element, name, value);
    }
    parent.append_child(&element).map_err(|error| failed(&error))?;
    Ok(element)
}

/// Text with its anchor at (x, y).
pub fn text(parent: &Element, class: &str, x: f32, y: f32, text: &str) -> Result<Element> {
    let element = add(parent, "text", &[("x", &x.to_string()), ("y", &y.to_string()), ("class", class)])?;
    element.set_text_content(Some(text));
    Ok(element)
}

/// A number's attribute.
pub fn set(element: &Element, name: &str, value: f32) {
    dom::set(element, name, &format!("{value:.2}"));
}

/// Where on the picture a pointer is: shares of its width and height, from the upper left.
pub fn place(event: &PointerEvent, picture: &Element) -> [f32; 2] {
    let r = picture.get_bounding_client_rect();
    let share = |at: i32, from: f64, length: f64| ((f64::from(at) - from) / length.max(1.0)) as f32;
    [share(event.client_x(), r.left(), r.width()), share(event.client_y(), r.top(), r.height())]
}
