//! Matrices between their brackets, and the signs between them.

use super::controls::{add, add_text, figure};
use crate::explain::matrix::Matrix;
use web_sys::Element;

/// A matrix; `class` marks a number by its row and column.
pub fn matrix(parent: &Element, matrix: &Matrix, decimals: usize, class: impl Fn(usize, usize) -> &'static str) {
    let Ok(table) = add(parent, "table", "matrix") else { return };
    for (row, values) in matrix.rows().enumerate() {
        let Ok(line) = add(&table, "tr", "") else { return };
        for (column, value) in values.iter().enumerate() {
            let _ = add_text(&line, "td", class(row, column), &figure(*value as f32, decimals));
        }
    }
}

/// What stands between two matrices, if anything.
pub fn sign(parent: &Element, text: &str) {
    if !text.is_empty() {
        let _ = add_text(parent, "span", "sign", text);
    }
}
