//! The confusion matrix, a table whose cells are buttons that the arrow keys move between, and the table of the classes.

use super::judge::Action;
use super::{Message, Page, subject};
use crate::Result;
use crate::data::Classes;
use crate::judge::Judgement;
use crate::web::dom;
use crate::web::l10n::{L10n, percent};
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, Event, HtmlElement, KeyboardEvent};

/// `#confusion` and `#judge-classes`.
pub struct Confusion {
    page: Page,
    head: Element,
    body: Element,
    classes: Element,
    cells: Rc<RefCell<Vec<HtmlElement>>>,
    /// The cell that the Tab key comes to.
    current: Rc<Cell<usize>>,
}

impl Confusion {
    /// Finds its elements and listens to the keys.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Confusion> {
        let (cells, current) = (Rc::new(RefCell::new(Vec::new())), Rc::new(Cell::new(0)));
        let confusion = Confusion {
            page: page.clone(),
            head: dom::by_id("confusion-head")?,
            body: dom::by_id("confusion-rows")?,
            classes: dom::by_id("judge-classes")?,
            cells,
            current,
        };
        confusion.listen();
        Ok(confusion)
    }

    fn listen(&self) {
        let (cells, current, page) = (self.cells.clone(), self.current.clone(), self.page.clone());
        dom::on(&self.body, "click", move |event: Event| {
            let cells = cells.borrow();
            let Some(cell) = place(&cells, &event) else { return };
            cells[current.get()].set_tab_index(-1);
            cells[cell].set_tab_index(0);
            current.set(cell);
            let n = cells.len().isqrt();
            page.send(Message::Judge(Action::Cell(cell / n, cell % n)));
        });
        let (cells, current) = (self.cells.clone(), self.current.clone());
        dom::on(&self.body, "keydown", move |event: KeyboardEvent| {
            let cells = cells.borrow();
            let n = cells.len().isqrt();
            let Some(cell) = place(&cells, &event) else { return };
            let (row, column) = (cell / n, cell % n);
            let to = match event.key().as_str() {
                "ArrowLeft" => (row, column.saturating_sub(1)),
                "ArrowRight" => (row, (column + 1).min(n - 1)),
                "ArrowUp" => (row.saturating_sub(1), column),
                "ArrowDown" => ((row + 1).min(n - 1), column),
                "Home" => (row, 0),
                "End" => (row, n - 1),
                _ => return,
            };
            event.prevent_default();
            cells[current.get()].set_tab_index(-1);
            current.set(to.0 * n + to.1);
            let cell = &cells[current.get()];
            cell.set_tab_index(0);
            if let Err(error) = cell.focus() {
                web_sys::console::error_1(&error);
            }
        });
    }

    /// Shows a judgement on images of these classes.
    pub fn show(&self, l10n: &L10n, judgement: &Judgement, classes: Classes) {
        let shown = self.show_matrix(l10n, judgement, classes).and_then(|()| self.show_classes(l10n, judgement, classes));
        if let Err(error) = shown {
            web_sys::console::error_1(&error);
        }
    }

    fn show_matrix(&self, l10n: &L10n, judgement: &Judgement, classes: Classes) -> std::result::Result<(), JsValue> {
        let (matrix, n) = (judgement.matrix(), judgement.classes());
        if let Some(table) = self.body.parent_element() {
            // More columns than a screen is wide are scrolled, and names need more room than digits.
            let _ = table.class_list().toggle_with_force("wide", n > 10);
            let _ = table.class_list().toggle_with_force("named", classes == Classes::Fashion);
        }
        let names: Vec<String> = (0..n).map(|number| subject::class(l10n, classes, number)).collect();
        self.head.set_text_content(None);
        let corner = element(&self.head, "th", &l10n.text("confusion-corner", &[]))?;
        dom::set(&corner, "scope", "col");
        for class in 0..n {
            dom::set(&element(&self.head, "th", &class.to_string())?, "scope", "col");
        }
        self.body.set_text_content(None);
        let mut cells = Vec::new();
        self.current.set(if self.current.get() < n * n { self.current.get() } else { 0 });
        for label in 0..n {
            let row = element(&self.body, "tr", "")?;
            dom::set(&element(&row, "th", &subject::class_in_rows(l10n, classes, label))?, "scope", "row");
            let row_cells = &matrix[label * n..(label + 1) * n];
            for (read, &images_there) in row_cells.iter().enumerate() {
                let cell = element(&row, "td", "")?;
                let button: HtmlElement = element(&cell, "button", &images_there.to_string())?.unchecked_into();
                dom::set(&button, "type", "button");
                dom::set(&button, "data-cell", &format!("{label}-{read}"));
                dom::set(&button, "data-count", &images_there.to_string());
                let args = [
                    ("label", names[label].as_str().into()),
                    ("read", names[read].as_str().into()),
                    ("images", images_there.to_string().into()),
                ];
                dom::set(&button, "aria-label", &l10n.text("confusion-cell", &args));
                let kind = if label == read { "right" } else { "wrong" };
                button.class_list().add_1(kind)?;
                button.style().set_property("--p", &format!("{:.3}", strength(row_cells, label, read)))?;
                button.set_tab_index(if cells.len() == self.current.get() { 0 } else { -1 });
                cells.push(button);
            }
        }
        self.cells.replace(cells);
        Ok(())
    }

    fn show_classes(&self, l10n: &L10n, judgement: &Judgement, classes: Classes) -> std::result::Result<(), JsValue> {
        self.classes.set_text_content(None);
        let known = |share: Option<f64>| share.map_or_else(|| "–".into(), |share| percent(share as f32));
        let raw = |share: Option<f64>| share.map(|share| share.to_string()).unwrap_or_default();
        for (class, score) in judgement.class_scores().into_iter().enumerate() {
            let row = element(&self.classes, "tr", "")?;
            dom::set(&row, "data-class", &class.to_string());
            dom::set(&row, "data-precision", &raw(score.precision));
            dom::set(&row, "data-recall", &raw(score.recall));
            dom::set(&element(&row, "th", &subject::class_in_rows(l10n, classes, class))?, "scope", "row");
            for text in [score.images.to_string(), known(score.recall), known(score.precision), known(score.f1)] {
                element(&row, "td", &text)?;
            }
        }
        Ok(())
    }
}

/// How strongly a cell of a label's row is colored, 0 to 1. Mistakes are few: the root shows one in a hundred as a tenth.
pub fn strength(row: &[u32], label: usize, read: usize) -> f64 {
    let share = f64::from(row[read]) / f64::from(row.iter().sum::<u32>().max(1));
    if label == read { share } else { share.sqrt() }
}

/// Which of the cells the event comes from.
fn place(cells: &[HtmlElement], event: &Event) -> Option<usize> {
    let at = event.target()?.dyn_into::<Element>().ok()?;
    cells.iter().position(|cell| cell.is_same_node(Some(&at)))
}

fn element(parent: &Element, kind: &str, text: &str) -> std::result::Result<Element, JsValue> {
    let element = dom::document().create_element(kind)?;
    if !text.is_empty() {
        element.set_text_content(Some(text));
    }
    parent.append_child(&element)?;
    Ok(element)
}
