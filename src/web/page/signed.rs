//! Signed numbers as a picture, a square each.

use super::seen;
use crate::Result;
use wasm_bindgen::{Clamped, JsValue};
use web_sys::{HtmlCanvasElement, ImageData};

/// Signed numbers as colours, that many a row: red above zero, blue below, `most` (or else the largest of them) in
/// full color; over an image, if there is one.
///
/// Errors when the canvas can't be drawn on.
pub fn paint(canvas: &HtmlCanvasElement, columns: usize, values: &[f32], most: Option<f32>, image: Option<&[u8]>) -> Result<()> {
    let rows = values.len().div_ceil(columns);
    let most = most.unwrap_or_else(|| values.iter().fold(f32::MIN_POSITIVE, |most, value| most.max(value.abs())));
    let mut rgba = vec![0; 4 * columns * rows];
    for (place, (pixel, value)) in rgba.chunks_exact_mut(4).zip(values).enumerate() {
        let share = (value / most).abs().min(1.0);
        let under = image.and_then(|image| image.get(place)).map_or(255.0, |ink| 255.0 - f32::from(*ink) * 0.35);
        let color = if *value < 0.0 { [44.0, 90.0, 168.0] } else { [191.0, 47.0, 27.0] };
        for (channel, color) in pixel.iter_mut().zip(color) {
            *channel = (under + (color - under) * share) as u8;
        }
        pixel[3] = 255;
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

/// Squares a row of so many.
pub fn columns(units: usize) -> usize {
    if units <= 256 { units.clamp(1, 32) } else { 64 }
}
