//! Signed numbers as a picture, a square each.

use super::{dom, seen};
use crate::Result;
use wasm_bindgen::{Clamped, JsValue};
use web_sys::{HtmlCanvasElement, ImageData};

/// How much of the ink shows under the colors.
const INK: f32 = 0.35;

/// Signed numbers as colours, that many a row: the page's red above zero, its blue below, `most` (or else the largest of them) in
/// full color, and zero as nothing; over an image's ink, if there is one.
///
/// Errors when the canvas can't be drawn on.
pub fn paint(canvas: &HtmlCanvasElement, columns: usize, values: &[f32], most: Option<f32>, image: Option<&[u8]>) -> Result<()> {
    let rows = values.len().div_ceil(columns);
    let most = most.unwrap_or_else(|| values.iter().fold(f32::MIN_POSITIVE, |most, value| most.max(value.abs())));
    let [red, blue, ink] = ["--red", "--blue", "--ink"].map(color);
    let mut rgba = vec![0; 4 * columns * rows];
    for (place, (pixel, value)) in rgba.chunks_exact_mut(4).zip(values).enumerate() {
        let share = (value / most).abs().min(1.0);
        let under = image.and_then(|image| image.get(place)).map_or(0.0, |ink| f32::from(*ink) / 255.0 * INK);
        let color = if *value < 0.0 { blue } else { red };
        let cover = share + under * (1.0 - share);
        for ((channel, color), ink) in pixel.iter_mut().zip(color).zip(ink) {
            *channel = ((color * share + ink * under * (1.0 - share)) / cover.max(f32::MIN_POSITIVE)) as u8;
        }
        pixel[3] = (255.0 * cover) as u8;
    }
    canvas.set_width(columns as u32);
    canvas.set_height(rows as u32);
    let shown = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), columns as u32, rows as u32)
        .and_then(|data| seen::context(canvas).map_err(|_| JsValue::NULL)?.put_image_data(&data, 0.0, 0.0));
    if let Err(error) = shown {
        web_sys::console::error_1(&error);
    }
    Ok(())
}

/// One of style.css's colors, which are written `#rrggbb`.
fn color(name: &str) -> [f32; 3] {
    let text = dom::style(name);
    [1, 3, 5].map(|at| text.get(at..at + 2).and_then(|hex| u8::from_str_radix(hex, 16).ok()).unwrap_or(128).into())
}

/// Squares a row of so many.
pub fn columns(units: usize) -> usize {
    if units <= 256 { units.clamp(1, 32) } else { 64 }
}
