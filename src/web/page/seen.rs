//! The image that the network sees, one canvas pixel a pixel.

use super::dom;
use crate::ink;
use crate::{Error, Result};
use wasm_bindgen::{Clamped, JsCast, JsValue};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

/// `canvas#seen`.
pub struct Seen {
    context: CanvasRenderingContext2d,
}

impl Seen {
    /// Finds its canvas.
    ///
    /// Errors when index.html has none, or it can't be drawn on.
    pub fn new() -> Result<Seen> {
        Ok(Seen { context: context(&dom::by_id("seen")?)? })
    }

    /// White on black, as MNIST is; all black where there is no ink.
    pub fn show(&self, image: Option<&[u8]>) {
        paint(&self.context, image.unwrap_or(&[0; ink::PIXELS]));
    }
}

/// Paints a square image's pixels on a canvas, which gets its size.
pub fn paint(context: &CanvasRenderingContext2d, image: &[u8]) {
    if let Some(canvas) = context.canvas() {
        let side = image.len().isqrt() as u32;
        if (canvas.width(), canvas.height()) != (side, side) {
            canvas.set_width(side);
            canvas.set_height(side);
        }
    }
    if let Err(error) = put(context, image, |ink| [ink, ink, ink, 255]) {
        web_sys::console::error_1(&error);
    }
}

/// Paints the image's ink black, and leaves the paper transparent.
pub fn paint_ink(context: &CanvasRenderingContext2d, image: &[u8]) -> std::result::Result<(), JsValue> {
    put(context, image, |ink| [0, 0, 0, ink])
}

fn put(context: &CanvasRenderingContext2d, image: &[u8], color: fn(u8) -> [u8; 4]) -> std::result::Result<(), JsValue> {
    let rgba: Vec<u8> = image.iter().flat_map(|&ink| color(ink)).collect();
    let side = image.len().isqrt() as u32;
    let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&rgba), side, side)?;
    context.put_image_data(&data, 0.0, 0.0)
}

/// What draws on a canvas.
///
/// Errors when it can't be drawn on.
pub fn context(canvas: &HtmlCanvasElement) -> Result<CanvasRenderingContext2d> {
    let no_context = || Error::State { reason: "the canvas has no 2D context".into() };
    canvas.get_context("2d").ok().flatten().ok_or_else(no_context)?.dyn_into().map_err(|_| no_context())
}
