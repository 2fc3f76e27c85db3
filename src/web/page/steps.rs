//! How a drawing becomes what the network sees, in four pictures that come to life one after the other: drawn, in its box,
//! 20x20, 28x28. All four share one plan, the image's 28x28 cells, with the box at first in their middle.

use super::app::App;
use super::{Message, Page, dom, draw, seen};
use crate::Result;
use crate::ink::{self, BOX, PEN, Point, SIDE, Steps};
use std::f64::consts::TAU;
use web_sys::{CanvasRenderingContext2d, Element, Event, HtmlCanvasElement, HtmlDialogElement};

/// How long each picture moves, and how long it then stands before the next one begins, in seconds.
const MOVES: [f64; 4] = [1.2, 1.2, 1.2, 1.4];
const STANDS: f64 = 0.5;
/// How long the dialog stays when all is shown and nobody touches it, in seconds.
const STAYS: f64 = 8.0;
/// Cells on each side of the box while it is in the middle.
const MARGIN: f64 = (SIDE - BOX) as f64 / 2.0;

/// What can happen here.
pub enum Action {
    Show,
    /// Somebody looks at it closely: it does not close by itself.
    Stay,
    Close,
    Closed,
}

/// `#show-steps` and the dialog `#steps`.
pub struct Panel {
    open: Element,
    dialog: HtmlDialogElement,
    again: Element,
    pictures: Vec<Picture>,
    playing: Option<Playing>,
}

struct Picture {
    item: Element,
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
}

struct Playing {
    steps: Steps,
    /// When it began; `None` where nothing is to move.
    since: Option<f64>,
    stays: bool,
    /// All is shown: only the time to close is waited for.
    is_over: bool,
}

impl Panel {
    /// Listens to the buttons and to whatever closes the dialog.
    ///
    /// Errors when index.html lacks an element.
    pub fn new(page: &Page) -> Result<Panel> {
        let items = dom::all("#steps li").into_iter().zip(dom::all("#steps canvas"));
        let pictures = items.map(|(item, canvas)| {
            let canvas: HtmlCanvasElement = wasm_bindgen::JsCast::unchecked_into(canvas);
            Ok(Picture { item, context: seen::context(&canvas)?, canvas })
        });
        let panel = Panel {
            open: dom::by_id("show-steps")?,
            dialog: dom::by_id("steps")?,
            again: dom::by_id("steps-again")?,
            pictures: pictures.collect::<Result<_>>()?,
            playing: None,
        };
        let send = |target: &web_sys::EventTarget, kind: &str, action: fn() -> Action| {
            let sender = page.clone();
            dom::on(target, kind, move |_: Event| sender.send(Message::Steps(action())));
        };
        send(&panel.open, "click", || Action::Show);
        send(&panel.again, "click", || Action::Show);
        send(&dom::by_id("steps-close")?, "click", || Action::Close);
        for kind in ["pointermove", "pointerdown", "keydown"] {
            send(&panel.dialog, kind, || Action::Stay);
        }
        // Escape closes a dialog, too.
        send(&panel.dialog, "close", || Action::Closed);
        let (sender, dialog) = (page.clone(), panel.dialog.clone());
        dom::on(&panel.dialog, "click", move |event: Event| {
            // What is around the content is the dialog's own.
            if event.target().as_ref() == Some(dialog.as_ref()) {
                sender.send(Message::Steps(Action::Close));
            }
        });
        Ok(panel)
    }

    /// Offers the steps where there is ink.
    pub fn offer(&self, has_ink: bool) {
        dom::show(&self.open, has_ink);
    }

    /// Opens the dialog, or begins again.
    fn show(&mut self, steps: Steps) {
        if !self.dialog.open()
            && let Err(error) = self.dialog.show_modal()
        {
            web_sys::console::error_1(&error);
            return;
        }
        let still = dom::window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|m| m.matches());
        dom::show(&self.again, !still);
        self.playing = Some(Playing { steps, since: (!still).then(dom::seconds), stays: still, is_over: false });
    }

    /// Paints the pictures as they are now. Whether there is more to come.
    pub fn paint(&mut self) -> bool {
        let Some(playing) = &mut self.playing else { return false };
        let mut passed = playing.since.map_or(f64::INFINITY, |since| dom::seconds() - since);
        if playing.is_over {
            if passed >= MOVES.iter().map(|moves| moves + STANDS).sum::<f64>() + STAYS && !playing.stays {
                self.dialog.close();
            }
            return !playing.stays && self.dialog.open();
        }
        let mut step = String::new();
        for (i, picture) in self.pictures.iter().enumerate() {
            let is_current = (0.0..MOVES[i] + STANDS).contains(&passed);
            if is_current {
                step = (i + 1).to_string();
            }
            let _ = picture.item.class_list().toggle_with_force("current", is_current);
            picture.paint(i, &playing.steps, (passed / MOVES[i]).min(1.0));
            passed -= MOVES[i] + STANDS;
        }
        playing.is_over = step.is_empty();
        dom::set(&self.dialog, "data-step", &step);
        true
    }
}

impl App {
    /// Answers what happens here.
    pub(super) fn steps(&mut self, action: Action) {
        match action {
            Action::Show => {
                if let Some(steps) = ink::steps(&self.strokes) {
                    self.steps.show(steps);
                    self.request_frame();
                }
            }
            Action::Stay => {
                if let Some(playing) = &mut self.steps.playing {
                    playing.stays = true;
                }
            }
            Action::Close => self.steps.dialog.close(),
            Action::Closed => self.steps.playing = None,
        }
    }
}

impl Picture {
    /// Paints picture `i` after the share `t` of its movement; nothing before it begins.
    fn paint(&self, i: usize, steps: &Steps, t: f64) {
        let side = f64::from(self.canvas.client_width()) * dom::window().device_pixel_ratio();
        // Setting the size clears the canvas.
        self.canvas.set_width(side as u32);
        self.canvas.set_height(side as u32);
        if t < 0.0 {
            return;
        }
        let plan = Plan { context: &self.context, cell: side / SIDE as f64, steps };
        let eased = t * t * (3.0 - 2.0 * t);
        match i {
            0 => plan.paths(|p| plan.drawn(p), f64::from(draw::PEN) * SIDE as f64, t),
            1 => plan.boxed(eased),
            2 => plan.pixels(t),
            _ => plan.centered(eased),
        }
    }
}

/// A picture's 28x28 cells, `cell` canvas pixels each.
struct Plan<'a> {
    context: &'a CanvasRenderingContext2d,
    cell: f64,
    steps: &'a Steps,
}

impl Plan<'_> {
    /// Where a point of the box is on the drawing.
    fn drawn(&self, point: Point) -> Point {
        self.steps.placement.to_drawing(point).map(|share| share * SIDE as f64)
    }

    /// The box is found on the drawing and brought to the middle.
    fn boxed(&self, t: f64) {
        let between = |from: f64, to: f64| from + (to - from) * t;
        let place = |p: Point| {
            let drawn = self.drawn(p);
            [0, 1].map(|axis| between(drawn[axis], p[axis] + MARGIN))
        };
        self.paths(place, between(f64::from(draw::PEN) * SIDE as f64, PEN), 1.0);
        self.outline(place([0.0; 2]), place([BOX as f64; 2]));
    }

    /// The paths become pixels, row by row.
    fn pixels(&self, t: f64) {
        self.paths(|p| p.map(|x| x + MARGIN), PEN, 1.0);
        self.levels([MARGIN; 2], (t * BOX as f64).floor() as usize);
        self.outline([MARGIN; 2], [MARGIN + BOX as f64; 2]);
    }

    /// The box goes where its centre of mass is in the middle.
    fn centered(&self, t: f64) {
        let corner = self.steps.offset.map(|to| MARGIN + (to as f64 - MARGIN) * t);
        self.fill("#000", [0.0; 2], SIDE as f64);
        self.levels(corner, BOX);
        self.outline(corner, corner.map(|x| x + BOX as f64));
        // The middle of the cell with index 14, where MNIST has it.
        let middle = (SIDE / 2) as f64 + 0.5;
        self.line([middle, 0.0], [middle, SIDE as f64]);
        self.line([0.0, middle], [SIDE as f64, middle]);
        let center = [0, 1].map(|axis| (corner[axis] + self.steps.center[axis]) * self.cell);
        self.context.set_fill_style_str(&dom::style("--red"));
        self.dot(center, self.cell);
    }

    /// The first share `t` of the paths, as their points came, by a pen `width` cells wide.
    fn paths(&self, place: impl Fn(Point) -> Point, width: f64, t: f64) {
        let ink = dom::style("--ink");
        self.context.set_stroke_style_str(&ink);
        self.context.set_fill_style_str(&ink);
        self.context.set_line_cap("round");
        self.context.set_line_join("round");
        self.context.set_line_width(width * self.cell);
        let points: usize = self.steps.paths.iter().map(Vec::len).sum();
        let mut left = (t * points as f64).ceil() as usize;
        for path in &self.steps.paths {
            let shown = &path[..left.min(path.len())];
            left -= shown.len();
            self.context.begin_path();
            for &point in shown {
                let [x, y] = place(point).map(|v| v * self.cell);
                self.context.line_to(x, y);
            }
            self.context.stroke();
            if let [only] = shown {
                self.dot(place(*only).map(|v| v * self.cell), width * self.cell / 2.0);
            }
        }
    }

    /// The box's first rows, as the network gets them: white on black.
    fn levels(&self, corner: Point, rows: usize) {
        for (i, level) in self.steps.levels.iter().enumerate().take(rows * BOX) {
            let at = [corner[0] + (i % BOX) as f64, corner[1] + (i / BOX) as f64];
            self.fill(&format!("rgb({level} {level} {level})"), at, 1.0);
        }
    }

    fn fill(&self, color: &str, corner: Point, side: f64) {
        self.context.set_fill_style_str(color);
        // Whole canvas pixels: no seams between cells.
        let [from, to] = [corner, corner.map(|x| x + side)].map(|p| p.map(|x| (x * self.cell).round()));
        self.context.fill_rect(from[0], from[1], to[0] - from[0], to[1] - from[1]);
    }

    fn outline(&self, from: Point, to: Point) {
        let corners = [from, [to[0], from[1]], to, [from[0], to[1]], from];
        corners.windows(2).for_each(|pair| self.line(pair[0], pair[1]));
    }

    fn line(&self, from: Point, to: Point) {
        self.context.set_stroke_style_str(&dom::style("--red"));
        self.context.set_line_width(0.25 * self.cell);
        self.context.begin_path();
        self.context.move_to(from[0] * self.cell, from[1] * self.cell);
        self.context.line_to(to[0] * self.cell, to[1] * self.cell);
        self.context.stroke();
    }

    fn dot(&self, [x, y]: Point, radius: f64) {
        self.context.begin_path();
        if let Err(error) = self.context.arc(x, y, radius, 0.0, TAU) {
            web_sys::console::error_1(&error);
        }
        self.context.fill();
    }
}
