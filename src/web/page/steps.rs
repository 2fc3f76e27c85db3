//! How a drawing becomes the image that the network sees, in four pictures that come one after the other (style.css moves them).

use super::app::App;
use super::{Message, Page, dom, seen};
use crate::Result;
use crate::ink::{self, BOX, SIDE, Steps, Stroke};
use wasm_bindgen::JsCast;
use web_sys::{CanvasRenderingContext2d, Element, Event, HtmlButtonElement, HtmlCanvasElement, HtmlDialogElement};

/// Pixels of a picture's side: ten for each of the image's.
const PICTURE: f64 = 10.0 * SIDE as f64;

/// The dialog `#steps` and the button that opens it.
pub struct Panel {
    button: HtmlButtonElement,
    dialog: HtmlDialogElement,
    pictures: Vec<HtmlCanvasElement>,
}

impl Panel {
    /// Finds its elements and listens to the two buttons. Esc closes every dialog.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Panel> {
        let (button, sender): (HtmlButtonElement, _) = (dom::by_id("show-steps")?, page.clone());
        dom::on(&button, "click", move |_: Event| sender.send(Message::ShowSteps));
        let dialog: HtmlDialogElement = dom::by_id("steps")?;
        let (close, closing) = (dom::by_id::<Element>("steps-close")?, dialog.clone());
        dom::on(&close, "click", move |_: Event| closing.close());
        let pictures = dom::all("#steps canvas").into_iter().filter_map(|canvas| canvas.dyn_into().ok()).collect();
        Ok(Panel { button, dialog, pictures })
    }

    /// There is something to show, or not.
    pub fn show(&self, has_ink: bool) {
        self.button.set_disabled(!has_ink);
    }

    /// Opens the dialog with the steps of this drawing.
    fn open(&self, strokes: &[Stroke], steps: &Steps) -> Result<()> {
        for (i, canvas) in self.pictures.iter().enumerate() {
            canvas.set_width(PICTURE as u32);
            canvas.set_height(PICTURE as u32);
            let context = seen::context(canvas)?;
            match i {
                0 => draw_strokes(&context, strokes),
                1 => draw_boxed(&context, &steps.paths),
                2 => draw_pixels(&context, &steps.boxed, BOX),
                _ => {
                    draw_pixels(&context, &steps.image, SIDE);
                    draw_place(&context, steps.place);
                }
            }
        }
        if let Err(error) = self.dialog.show_modal() {
            web_sys::console::error_1(&error);
        }
        Ok(())
    }
}

impl App {
    /// Shows how the drawing becomes the image.
    pub(super) fn show_steps(&mut self) {
        let Some(steps) = ink::steps(&self.strokes, ink::PEN) else { return };
        if let Err(error) = self.steps.open(&self.strokes, &steps) {
            self.notes.add(&self.l10n, super::notes::Note::Failure(error));
        }
    }
}

/// The strokes as they were drawn: points are shares of the square's side.
fn draw_strokes(context: &CanvasRenderingContext2d, strokes: &[Stroke]) {
    pen(context, super::draw::PEN.into());
    for stroke in strokes {
        path(context, stroke.points.iter().map(|point| point.map(f64::from)), 1.0);
    }
}

/// The strokes in their box.
fn draw_boxed(context: &CanvasRenderingContext2d, paths: &[Vec<[f64; 2]>]) {
    let side = BOX as f64;
    pen(context, ink::PEN / side);
    for points in paths {
        path(context, points.iter().copied(), side);
    }
    frame(context, 0.0, 0.0, PICTURE);
}

/// Pixels as squares, white on black, with lines between.
fn draw_pixels(context: &CanvasRenderingContext2d, pixels: &[u8], side: usize) {
    let size = PICTURE / side as f64;
    context.set_fill_style_str("#333");
    context.fill_rect(0.0, 0.0, PICTURE, PICTURE);
    for (i, ink) in pixels.iter().enumerate() {
        context.set_fill_style_str(&format!("rgb({ink} {ink} {ink})"));
        context.fill_rect((i % side) as f64 * size, (i / side) as f64 * size, size - 1.0, size - 1.0);
    }
}

/// The box within the image, and the middle, where the ink's centre of mass is now.
fn draw_place(context: &CanvasRenderingContext2d, [across, down]: [usize; 2]) {
    let size = PICTURE / SIDE as f64;
    frame(context, across as f64 * size, down as f64 * size, BOX as f64 * size);
    let middle = PICTURE / 2.0;
    context.begin_path();
    for (x, y) in [(2.0 * size, 0.0), (0.0, 2.0 * size)] {
        context.move_to(middle - x, middle - y);
        context.line_to(middle + x, middle + y);
    }
    context.stroke();
}

/// A red square.
fn frame(context: &CanvasRenderingContext2d, left: f64, top: f64, side: f64) {
    context.set_stroke_style_str(&dom::style("--red"));
    context.set_line_width(3.0);
    context.stroke_rect(left + 1.5, top + 1.5, side - 3.0, side - 3.0);
}

/// A pen, as wide as that share of the picture.
fn pen(context: &CanvasRenderingContext2d, width: f64) {
    context.set_stroke_style_str(&dom::style("--ink"));
    context.set_line_cap("round");
    context.set_line_join("round");
    context.set_line_width(width * PICTURE);
}

/// A line through points whose unit is the picture's side divided by `side`.
fn path(context: &CanvasRenderingContext2d, points: impl Iterator<Item = [f64; 2]>, side: f64) {
    context.begin_path();
    for (i, point) in points.enumerate() {
        let [x, y] = point.map(|v| v / side * PICTURE);
        if i == 0 {
            // A tap is a dot.
            context.move_to(x, y);
        }
        context.line_to(x, y);
    }
    context.stroke();
}
