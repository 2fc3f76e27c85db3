//! Of the lesson from rule to learning: what an MLP, a CNN and an RNN do with an image, step by step.

use super::background::Clicked;
use super::controls::{Range, Slider, add, add_text, button, choice, factor, figure};
use super::stage::{Next, Stage};
use super::{page, pixels};
use crate::Result;
use crate::explain::views::{self, KERNELS, MEMORY, PLACES, Reader, WINDOW};
use crate::ink::{PIXELS, SIDE};
use crate::web::dom;
use std::cell::{Cell, RefCell};
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlButtonElement, HtmlCanvasElement, HtmlElement, HtmlSelectElement};

/// What the window's sum is at least at an edge.
const EDGE: f32 = 2.0;
/// Frames between two steps of a view that plays.
const FRAMES: u8 = 4;
/// The views, as the choice names them.
const VIEWS: [&str; 3] = ["mlp", "cnn", "rnn"];

/// See the module's documentation.
pub(super) struct Views {
    words: Stage,
    reader: Reader,
    frames: u8,
    /// The view that the slider goes through.
    shown: Cell<&'static str>,

    kind: HtmlSelectElement,
    kernel: HtmlSelectElement,
    step: Slider,
    play: HtmlButtonElement,
    image: HtmlCanvasElement,
    row: HtmlCanvasElement,
    map: HtmlCanvasElement,
    memory: HtmlCanvasElement,
    frame: HtmlElement,
    says: Element,
    sum: Element,
}

impl Views {
    pub(super) fn new(stage: &Stage, root: &Element, clicked: &Rc<RefCell<Clicked>>) -> Result<Views> {
        add_text(root, "h3", "", &stage.text("background-views", &[]))?;
        let columns = add(root, "div", "columns")?;
        let left = add(&columns, "div", "")?;
        stage.take_square(&add(&left, "div", "")?);
        let options = VIEWS.map(|view| (view, stage.text(&format!("background-{view}"), &[])));
        let kind = choice(&left, "background-view", &stage.text("background-view", &[]), &options)?;
        let kernels = KERNELS.map(|(name, _)| (name, stage.text(&format!("background-kernel-{name}"), &[])));
        let kernel = choice(&left, "background-kernel", &stage.text("background-kernel", &[]), &kernels)?;
        let label = stage.text("background-step", &[]);
        let step = Slider::new(stage, &left, "background-step", &label, Range(1.0, SIDE as f32, 1.0), 1.0)?;
        step.widen();
        let row = add(&left, "div", "buttons")?;
        let clicks = Rc::clone(clicked);
        let play = button(stage, &row, "background-play", &stage.text("background-play", &[]), move || {
            let plays = &mut clicks.borrow_mut().plays;
            *plays = !*plays;
        })?;
        let says = add(&left, "p", "")?;
        says.set_id("background-view-says");
        let sum = add(&left, "p", "sum")?;
        sum.set_id("background-sum");

        let right = add(&columns, "div", "views")?;
        let place = add(&right, "div", "framed")?;
        let image = pixels::canvas(&place, "", [SIDE, SIDE], "")?;
        let frame: HtmlElement = add(&place, "i", "")?.unchecked_into();
        let described =
            |id: &str, size: [usize; 2]| pixels::canvas(&right, id, size, &stage.text(&format!("background-{id}"), &[]));
        Ok(Views {
            words: stage.clone(),
            reader: Reader::new(1),
            frames: 0,
            shown: Cell::new(VIEWS[0]),
            kind,
            kernel,
            step,
            play,
            image,
            row: described("row", [PIXELS, 1])?,
            map: described("map", [PLACES, PLACES])?,
            memory: described("memory", [SIDE, MEMORY])?,
            frame,
            says,
            sum,
        })
    }

    /// `example`: the image under the rule's cells, for visitors who have not drawn.
    pub(super) fn draw(&mut self, example: Option<Vec<f32>>, clicked: &mut Clicked) -> Next {
        let view = VIEWS.into_iter().find(|view| *view == self.kind.value()).unwrap_or(VIEWS[0]);
        let steps = if view == "cnn" { PLACES * PLACES } else { SIDE };
        if self.shown.replace(view) != view {
            self.step.stretch(1.0, steps as f32, 1.0);
        }
        let mut step = self.step.value() as usize;
        if clicked.plays {
            // A CNN has 676 places: a row of them at a time is slow enough to see.
            let stride = if view == "cnn" { 5 } else { 1 };
            if self.words.is_still() {
                step = steps;
            } else if self.frames == 0 {
                step = if step >= steps { 1 } else { (step + stride).min(steps) };
            }
            self.frames = (self.frames + 1) % FRAMES;
            self.step.set(step as f32);
            clicked.plays = step < steps;
        }
        let text = if clicked.plays { self.words.text("background-pause", &[]) } else { self.words.text("background-play", &[]) };
        dom::set_text(&self.play, &text);
        let drawn = page::drawing();
        let is_there = drawn.is_some() || example.is_some();
        let image = drawn.or(example).unwrap_or_else(|| vec![0.0; PIXELS]);
        pixels::paint_inputs(&self.image, &image);
        for (canvas, of) in [(&self.row, "mlp"), (&self.map, "cnn"), (&self.memory, "rnn")] {
            dom::show(canvas, of == view);
        }
        if let Some(row) = self.kernel.parent_element() {
            dom::show(&row, view == "cnn");
        }
        let place = step - 1;
        let says = if is_there { format!("background-{view}-says") } else { "background-no-image".into() };
        dom::set_text(&self.says, &self.words.text(&says, &[]));
        match view {
            "cnn" => self.convolve(&image, place),
            "rnn" => self.read(&image, place),
            _ => self.lay_out(&image, place),
        }
        if clicked.plays { Next::Frame } else { Next::Rest }
    }

    /// Where the frame stands on the image: row, column, rows, columns.
    fn set_frame(&self, [row, column, rows, columns]: [usize; 4]) {
        let part = |pixels: usize| 100.0 * pixels as f32 / SIDE as f32;
        let [top, left, height, width] = [row, column, rows, columns].map(part);
        for (side, share) in [("top", top), ("left", left), ("height", height), ("width", width)] {
            let _ = self.frame.style().set_property(side, &format!("{share:.2}%"));
        }
    }

    /// All pixels in a row, as an MLP has them: those of this row of the image are light, the others dim.
    fn lay_out(&self, image: &[f32], row: usize) {
        self.set_frame([row, 0, 1, SIDE]);
        let here = row * SIDE..(row + 1) * SIDE;
        // Paper of this row is lifted, so that the place is seen in an empty row, too.
        let shown: Vec<f32> = (0..).zip(image).map(|(i, x)| if here.contains(&i) { 0.3 + 0.7 * x } else { 0.55 * x }).collect();
        pixels::paint_inputs(&self.row, &shown);
        let args = [("row", (row + 1).into()), ("from", (row * SIDE + 1).into()), ("to", ((row + 1) * SIDE).into())];
        dom::set_text(&self.sum, &self.words.text("background-mlp-sum", &args));
    }

    /// The feature map up to this place, and the sum there.
    fn convolve(&self, image: &[f32], place: usize) {
        let kernel = KERNELS.iter().find(|(name, _)| *name == self.kernel.value()).map_or(&KERNELS[0].1, |(_, kernel)| kernel);
        let (row, column) = (place / PLACES, place % PLACES);
        self.set_frame([row, column, WINDOW, WINDOW]);
        let mut map = views::feature_map(image, kernel);
        let here = map[place];
        let most = map.iter().fold(0.0_f32, |most, x| most.max(x.abs()));
        // The window has not been there yet.
        map[place + 1..].fill(f32::NAN);
        pixels::paint_signed(&self.map, &map, most);
        let window = views::window(image, row, column);
        let terms = window.iter().zip(kernel).filter(|(_, weight)| **weight != 0.0);
        let terms: Vec<String> = terms.map(|(x, weight)| format!("{} × {}", figure(*x, 2), factor(*weight, 2))).collect();
        dom::set_text(&self.sum, &format!("{} = {}", terms.join(" + "), figure(here, 2)));
        if here.abs() >= EDGE {
            self.words.done("edge");
        }
    }

    /// What the RNN remembers after each row up to this one, a column each.
    fn read(&self, image: &[f32], row: usize) {
        self.set_frame([row, 0, 1, SIDE]);
        let after = self.reader.read(image);
        let value = |i: usize| if i % SIDE <= row { after[i % SIDE][i / SIDE] } else { f32::NAN };
        pixels::paint_signed(&self.memory, &(0..SIDE * MEMORY).map(value).collect::<Vec<_>>(), 1.0);
        let memory: Vec<String> = after[row].iter().map(|h| figure(*h, 2)).collect();
        let args = [("row", (row + 1).into()), ("memory", memory.join("　").into())];
        dom::set_text(&self.sum, &self.words.text("background-rnn-sum", &args));
    }
}
