//! The charts' text alternative: the present run's numbers as a table, filled in while it is open.

use super::chart::Action;
use super::l10n::{L10n, fine_percent};
use super::run::Run;
use super::{Message, Page, dom};
use crate::Result;
use crate::history::Point;
use std::cell::RefCell;
use wasm_bindgen::JsValue;
use web_sys::{Element, Event};

/// Rows at most: a reader has no use for more.
const MOST: usize = 20;

/// The details `#chart-numbers`.
pub struct Numbers {
    root: Element,
    rows: Element,
    /// What the rows show.
    shown: RefCell<String>,
}

impl Numbers {
    /// Finds its elements, and listens.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Numbers> {
        let (root, sender): (Element, _) = (dom::by_id("chart-numbers")?, page.clone());
        dom::on(&root, "toggle", move |_: Event| sender.send(Message::Chart(Action::Numbers)));
        Ok(Numbers { root, rows: dom::by_id("chart-rows")?, shown: RefCell::default() })
    }

    /// Shows the run's numbers, if anybody looks and there are new ones.
    pub fn show(&self, l10n: &L10n, run: Option<&Run>) {
        if !self.root.has_attribute("open") {
            return;
        }
        let rows = run.map(|run| run.history.rows(MOST)).unwrap_or_default();
        let last = rows.last().map(|(point, check)| check.unwrap_or(*point).epoch);
        let key = format!("{:?} {} {last:?} {}", run.map(|run| run.id), rows.len(), l10n.language.tag());
        if self.shown.replace(key.clone()) == key {
            return;
        }
        self.rows.set_text_content(None);
        for (point, check) in rows {
            if let Err(error) = self.add(point, check) {
                web_sys::console::error_1(&error);
            }
        }
    }

    fn add(&self, point: Point, check: Option<Point>) -> std::result::Result<(), JsValue> {
        let place = check.unwrap_or(point);
        let row = dom::document().create_element("tr")?;
        let of_check = |text: &dyn Fn(Point) -> String| check.map_or_else(|| "–".into(), text);
        let cells = [
            format!("{:.2}", place.epoch),
            format!("{:.0}", place.step),
            format!("{:.2}", place.seconds),
            format!("{:.4}", point.loss),
            of_check(&|check| format!("{:.4}", check.loss)),
            fine_percent(point.accuracy),
            of_check(&|check| fine_percent(check.accuracy)),
        ];
        for text in cells {
            let cell = dom::document().create_element("td")?;
            cell.set_text_content(Some(&text));
            row.append_child(&cell)?;
        }
        self.rows.append_child(&row)?;
        Ok(())
    }
}
