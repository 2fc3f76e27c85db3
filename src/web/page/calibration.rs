//! The calibration curve: how often the network is right, by how sure it is. A picture, and the same as a table.

use crate::Result;
use crate::judge::Judgement;
use crate::web::dom;
use crate::web::l10n::{L10n, count, percent};
use wasm_bindgen::JsValue;
use web_sys::Element;

/// Bins of the curve, and of the calibration error beside it (`inkling evaluate --calibration` has as many).
const BINS: usize = 15;
/// The picture's side, and the margin in which its numbers stand.
const SIDE: f64 = 240.0;
const MARGIN: f64 = 34.0;
const SVG: &str = "http://www.w3.org/2000/svg";

/// `#calibration`.
pub struct Calibration {
    picture: Element,
    text: Element,
    rows: Element,
}

impl Calibration {
    /// Finds its elements.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new() -> Result<Calibration> {
        Ok(Calibration {
            picture: dom::by_id("calibration")?,
            text: dom::by_id("calibration-text")?,
            rows: dom::by_id("calibration-rows")?,
        })
    }

    /// Shows a judgement's curve.
    pub fn show(&self, l10n: &L10n, judgement: &Judgement) {
        let error = judgement.calibration_error(BINS);
        dom::set(&self.picture, "data-error", &error.to_string());
        let text = l10n.text("calibration-text", &[("error", percent(error as f32).into())]);
        dom::set_text(&self.text, &text);
        dom::set(&self.picture, "aria-label", &text);
        if let Err(error) = self.draw(judgement).and_then(|()| self.show_rows(judgement)) {
            web_sys::console::error_1(&error);
        }
    }

    fn draw(&self, judgement: &Judgement) -> std::result::Result<(), JsValue> {
        self.picture.set_text_content(None);
        let at = |share: f64| [MARGIN + share * SIDE, 8.0 + (1.0 - share) * SIDE].map(|v| format!("{v:.1}"));
        let add = |kind: &str, attributes: &[(&str, &str)], text: &str| {
            let element = dom::document().create_element_ns(Some(SVG), kind)?;
            attributes.iter().for_each(|(name, value)| dom::set(&element, name, value));
            if !text.is_empty() {
                element.set_text_content(Some(text));
            }
            self.picture.append_child(&element).map(|_| ())
        };
        for share in [0.0, 0.5, 1.0] {
            let ([left, bottom], [right, top], [x, y]) = (at(0.0), at(1.0), at(share));
            add("path", &[("class", "grid"), ("d", &format!("M{left} {y}H{right}M{x} {bottom}V{top}"))], "")?;
            let label = format!("{:.0}%", 100.0 * share);
            add("text", &[("x", &format!("{:.1}", MARGIN - 5.0)), ("y", &y), ("dy", ".35em"), ("text-anchor", "end")], &label)?;
            let below = format!("{:.1}", SIDE + 24.0);
            add("text", &[("x", &x), ("y", &below), ("text-anchor", if share == 1.0 { "end" } else { "middle" })], &label)?;
        }
        let ([x0, y0], [x1, y1]) = (at(0.0), at(1.0));
        add("path", &[("class", "ideal"), ("d", &format!("M{x0} {y0}L{x1} {y1}"))], "")?;
        let bins: Vec<_> = judgement.calibration(BINS).into_iter().filter(|bin| bin.images > 0).collect();
        let mut path = String::new();
        for bin in &bins {
            let ([x, _], [_, y]) = (at(bin.sure), at(bin.right));
            path += &format!("{}{x} {y}", if path.is_empty() { "M" } else { "L" });
        }
        add("path", &[("class", "curve"), ("d", &path)], "")?;
        for bin in &bins {
            let ([x, _], [_, y]) = (at(bin.sure), at(bin.right));
            let radius = 2.0 + 5.0 * (f64::from(bin.images) / judgement.images() as f64).powf(0.25);
            add("circle", &[("class", "point"), ("cx", &x), ("cy", &y), ("r", &format!("{radius:.1}"))], "")?;
        }
        Ok(())
    }

    fn show_rows(&self, judgement: &Judgement) -> std::result::Result<(), JsValue> {
        self.rows.set_text_content(None);
        for (place, bin) in judgement.calibration(BINS).into_iter().enumerate().filter(|(_, bin)| bin.images > 0) {
            let row = dom::document().create_element("tr")?;
            let edge = |place: usize| format!("{:.0}", 100.0 * place as f64 / BINS as f64);
            let texts = [
                format!("{}–{}%", edge(place), edge(place + 1)),
                count(bin.images.into()),
                percent(bin.sure as f32),
                percent(bin.right as f32),
            ];
            for (column, text) in texts.into_iter().enumerate() {
                let cell = dom::document().create_element(if column == 0 { "th" } else { "td" })?;
                if column == 0 {
                    dom::set(&cell, "scope", "row");
                }
                cell.set_text_content(Some(&text));
                row.append_child(&cell)?;
            }
            self.rows.append_child(&row)?;
        }
        Ok(())
    }
}
