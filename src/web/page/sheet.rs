//! The drawing over a reload: in the tab's own storage, so that no other tab writes on this one's sheet. Where storage is off or
//! full, the drawing lasts as long as the page.

use super::dom;
use crate::ink::{Image, Stroke, sheet};
use web_sys::Storage;

/// Where the browser keeps it.
const STORED: &str = "inkling-sheet";

/// Keeps what is on the sheet now.
pub fn keep(strokes: &[Stroke], background: Option<&Image>) {
    let Some(storage) = storage() else { return };
    if strokes.is_empty() && background.is_none() {
        let _ = storage.remove_item(STORED);
    } else if storage.set_item(STORED, &sheet::to_text(strokes, background)).is_err() {
        // Better none than an older one.
        let _ = storage.remove_item(STORED);
    }
}

/// What was on it before the page was loaded again.
pub fn recall() -> (Vec<Stroke>, Option<Image>) {
    let text = storage().and_then(|storage| storage.get_item(STORED).ok().flatten());
    text.and_then(|text| sheet::from_text(&text)).unwrap_or_default()
}

fn storage() -> Option<Storage> {
    dom::window().session_storage().ok().flatten()
}
