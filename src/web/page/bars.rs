//! The probabilities as bars: of all classes, or, of more than ten, of the most probable ones.

use super::l10n::{L10n, percent};
use super::{dom, subject};
use crate::Result;
use crate::data::{Classes, Subject};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

/// Bars that the page has room for.
const BARS: usize = 10;

/// A list of class `bars`.
pub struct Bars {
    list: Element,
    /// The attribute that names a bar's class.
    mark: &'static str,
    bars: RefCell<Vec<Bar>>,
}

struct Bar {
    row: HtmlElement,
    name: Element,
    number: Element,
}

impl Bars {
    /// The list `#id`, whose rows say by `mark` which class they are of.
    ///
    /// Errors when index.html has no such list.
    pub fn new(id: &str, mark: &'static str) -> Result<Bars> {
        let bars = dom::all(&format!("#{id} > li")).into_iter().filter_map(|row| {
            let (name, number) = (row.first_element_child()?, row.last_element_child()?);
            Some(Bar { row: row.dyn_into().ok()?, name, number })
        });
        Ok(Bars { list: dom::by_id(id)?, mark, bars: RefCell::new(bars.collect()) })
    }

    /// Shows the probabilities, or that there are none; `top` stands out.
    pub fn show(&self, l10n: &L10n, subject: Subject, probabilities: Option<&[f32]>, top: Option<usize>) {
        let shown = most_probable(subject.count(), probabilities);
        if let Err(error) = self.match_bars(shown.len(), subject) {
            web_sys::console::error_1(&error);
        }
        for (class, bar) in shown.into_iter().zip(self.bars.borrow().iter()) {
            let p = probabilities.and_then(|all| all.get(class)).copied();
            dom::set(&bar.row, self.mark, &class.to_string());
            dom::set(&bar.row, "data-probability", &p.map(|p| p.to_string()).unwrap_or_default());
            dom::set_text(&bar.name, &subject::class(l10n, subject.classes, class));
            dom::set_text(&bar.number, &p.map(percent).unwrap_or_default());
            let _ = bar.row.style().set_property("--p", &p.unwrap_or(0.0).to_string());
            let _ = bar.row.class_list().toggle_with_force("top", top == Some(class));
        }
    }

    /// Has so many bars there.
    fn match_bars(&self, count: usize, subject: Subject) -> std::result::Result<(), JsValue> {
        let _ = self.list.class_list().toggle_with_force("named", subject.classes == Classes::Fashion);
        let _ = self.list.class_list().toggle_with_force("many", subject.count() > BARS);
        let mut bars = self.bars.borrow_mut();
        while bars.len() > count {
            bars.pop().into_iter().for_each(|bar| bar.row.remove());
        }
        while bars.len() < count {
            let create = |kind: &str| dom::document().create_element(kind);
            let (row, name, number) = (create("li")?, create("b")?, create("span")?);
            row.append_with_node_3(&name, create("i")?.unchecked_ref(), &number)?;
            self.list.append_child(&row)?;
            bars.push(Bar { row: row.unchecked_into(), name, number });
        }
        Ok(())
    }
}

/// The classes whose bars are shown: all, in order; where there are too many, the most probable ones.
fn most_probable(count: usize, probabilities: Option<&[f32]>) -> Vec<usize> {
    let mut classes: Vec<usize> = (0..count).collect();
    if let (true, Some(p)) = (count > BARS, probabilities) {
        let p = |class: usize| p.get(class).copied().unwrap_or(0.0);
        classes.sort_by(|&a, &b| p(b).total_cmp(&p(a)));
    }
    classes.truncate(BARS);
    classes
}
