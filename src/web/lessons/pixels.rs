//! Images on canvases, one canvas pixel a pixel: MNIST's white on black, numbers of both signs around grey, and neurons as
//! lights.

use super::controls::add;
use super::stage::failed;
use crate::Result;
use crate::data::pixel_to_input;
use crate::web::dom;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, Element, HtmlCanvasElement, ImageData};

/// A canvas in `parent`, described by `label`; one without a label is decoration.
pub fn canvas(parent: &Element, class: &str, [width, height]: [usize; 2], label: &str) -> Result<HtmlCanvasElement> {
    let canvas: HtmlCanvasElement = add(parent, "canvas", &format!("pixels {class}"))?.unchecked_into();
    canvas.set_width(width as u32);
    canvas.set_height(height as u32);
    describe(&canvas, label);
    Ok(canvas)
}

/// Says what is on it.
pub fn describe(canvas: &HtmlCanvasElement, label: &str) {
    if label.is_empty() {
        dom::set(canvas, "aria-hidden", "true");
    } else {
        dom::set(canvas, "role", "img");
        dom::set(canvas, "aria-label", label);
    }
}

/// Pixels from 0, black, to 255, white.
pub fn paint(canvas: &HtmlCanvasElement, pixels: &[u8]) {
    put(canvas, pixels.iter().copied().map(opaque));
}

/// Inputs from 0 to 1.
pub fn paint_inputs(canvas: &HtmlCanvasElement, inputs: &[f32]) {
    paint(canvas, &from_inputs(inputs));
}

/// Numbers from -`most`, black, over 0, grey, to `most`, white; what is no number stays open.
pub fn paint_signed(canvas: &HtmlCanvasElement, values: &[f32], most: f32) {
    let most = most.max(f32::MIN_POSITIVE);
    let grey = |value: f32| (128.0 + 127.0 * (value / most).clamp(-1.0, 1.0)) as u8;
    put(canvas, values.iter().map(|value| if value.is_nan() { [0; 4] } else { opaque(grey(*value)) }));
}

/// Lights from -1 to 1 on black: white, or blue below 0, dim near 0. What is left of the last row stays open.
pub fn paint_lights(canvas: &HtmlCanvasElement, lights: &[f32]) {
    let color = |light: &f32| {
        let full = if *light < 0.0 { [90.0, 150.0, 255.0] } else { [255.0; 3] };
        let [red, green, blue] = full.map(|byte: f32| (byte * light.abs()) as u8);
        [red, green, blue, 255]
    };
    let pixels = canvas.width() as usize * canvas.height() as usize;
    put(canvas, lights.iter().map(color).chain(std::iter::repeat([0; 4])).take(pixels));
}

/// An image's inputs as its pixels.
pub fn from_inputs(inputs: &[f32]) -> Vec<u8> {
    inputs.iter().map(|x| (x * 255.0).round() as u8).collect()
}

/// An image's pixels as its inputs.
pub fn to_inputs(pixels: &[u8]) -> Vec<f32> {
    pixels.iter().copied().map(pixel_to_input).collect()
}

fn opaque(grey: u8) -> [u8; 4] {
    [grey, grey, grey, 255]
}

fn put(canvas: &HtmlCanvasElement, rgba: impl Iterator<Item = [u8; 4]>) {
    let rgba: Vec<u8> = rgba.flatten().collect();
    let painted = || -> Result<()> {
        let data = ImageData::new_with_u8_clamped_array(Clamped(&rgba), canvas.width()).map_err(|error| failed(&error))?;
        let context = canvas.get_context("2d").map_err(|error| failed(&error))?;
        if let Some(context) = context.and_then(|context| context.dyn_into::<CanvasRenderingContext2d>().ok()) {
            context.put_image_data(&data, 0.0, 0.0).map_err(|error| failed(&error))?;
        }
        Ok(())
    };
    if let Err(error) = painted() {
        web_sys::console::error_1(&error.to_string().into());
    }
}
