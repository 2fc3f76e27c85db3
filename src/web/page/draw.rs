//! The practice square: hears the pen, paints the strokes. Points are shares of the square's side, so that a drawing
//! survives turning the phone or resizing the window.

use super::seen;
use super::{Message, Page, dom};
use crate::ink::{self, Image, Stroke};
use crate::{Error, Result};
use std::cell::Cell;
use std::rc::Rc;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use web_sys::{
    CanvasRenderingContext2d, Element, Event, HtmlButtonElement, HtmlCanvasElement, KeyboardEvent, MediaQueryList, PointerEvent,
    ResizeObserver,
};

/// The pen's width as a share of the side.
pub const PEN: f32 = 0.062;
/// A quick pen draws thinner, a slow one thicker: shares of [`PEN`].
const THIN: f32 = 0.8;
const THICK: f32 = 1.08;

#[wasm_bindgen]
extern "C" {
    /// A pointer event's place with its fraction of a pixel, which web-sys cuts off.
    type Place;
    #[wasm_bindgen(method, getter, js_name = clientX)]
    fn client_x(this: &Place) -> f64;
    #[wasm_bindgen(method, getter, js_name = clientY)]
    fn client_y(this: &Place) -> f64;
}

/// The section `.draw`.
pub struct Draw {
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    sheet: Element,
    undo: HtmlButtonElement,
    clear: HtmlButtonElement,
    painted: Painted,
}

/// How far the canvas holds the strokes already, so that a frame paints only what is new.
#[derive(Clone, Copy, Default)]
struct Painted {
    background: bool,
    strokes: usize,
    /// Points of the stroke after those.
    points: usize,
    /// The pen's width at the last painted point.
    width: f32,
}

impl Draw {
    /// Listens to the pen, the keys, the two buttons, and to whatever makes a new painting necessary.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Draw> {
        let canvas: HtmlCanvasElement = dom::by_id("draw")?;
        let no_context = || Error::State { reason: "the canvas has no 2D context".into() };
        let context = canvas.get_context("2d").ok().flatten().ok_or_else(no_context)?.dyn_into().map_err(|_| no_context())?;
        let sheet = canvas.parent_element().ok_or_else(no_context)?;
        let panel =
            Draw { canvas, context, sheet, undo: dom::by_id("undo")?, clear: dom::by_id("clear")?, painted: Painted::default() };
        listen_to_pen(page, &panel.canvas);
        listen_to_keys(page, &panel.canvas);
        listen_to_surroundings(page, &panel.canvas);
        let sender = page.clone();
        dom::on(&panel.undo, "click", move |_: Event| sender.send(Message::Undo));
        let sender = page.clone();
        dom::on(&panel.clear, "click", move |_: Event| sender.send(Message::Clear));
        Ok(panel)
    }

    /// Forgets what is painted: strokes were taken away, or the canvas or its colors changed.
    pub fn repaint(&mut self) {
        let side = f64::from(self.canvas.client_width()) * dom::window().device_pixel_ratio();
        // Setting the size clears the canvas.
        self.canvas.set_width(side as u32);
        self.canvas.set_height(side as u32);
        self.painted = Painted::default();
    }

    /// Paints what is not painted yet.
    pub fn show(&mut self, strokes: &[Stroke], background: Option<&Image>) {
        let is_empty = strokes.is_empty() && background.is_none();
        self.undo.set_disabled(is_empty);
        self.clear.set_disabled(is_empty);
        let _ = self.sheet.class_list().toggle_with_force("has-ink", !is_empty);
        if let (Some(image), false) = (background, self.painted.background) {
            self.painted.background = true;
            if let Err(error) = self.paint_image(image) {
                web_sys::console::error_1(&error);
            }
        }
        self.context.set_stroke_style_str(&dom::style("--ink"));
        self.context.set_line_cap("round");
        self.context.set_line_join("round");
        while let Some(stroke) = strokes.get(self.painted.strokes) {
            self.paint(&stroke.points);
            if self.painted.strokes + 1 == strokes.len() {
                // The last stroke may still grow.
                break;
            }
            self.painted = Painted { strokes: self.painted.strokes + 1, points: 0, ..self.painted };
        }
    }

    /// Paints an image as ink, its pixels as large as the sheet makes them.
    fn paint_image(&self, image: &Image) -> std::result::Result<(), JsValue> {
        let small: HtmlCanvasElement = dom::document().create_element("canvas")?.unchecked_into();
        small.set_width(ink::SIDE as u32);
        small.set_height(ink::SIDE as u32);
        let context = seen::context(&small).map_err(|error| JsValue::from(error.to_string()))?;
        seen::paint_ink(&context, image)?;
        // As transparent as the pixel is light, and in the ink's color.
        context.set_global_composite_operation("source-in")?;
        context.set_fill_style_str(&dom::style("--ink"));
        let small_side = ink::SIDE as f64;
        context.fill_rect(0.0, 0.0, small_side, small_side);
        let side = f64::from(self.canvas.width());
        self.context.draw_image_with_html_canvas_element_and_dw_and_dh(&small, 0.0, 0.0, side, side)
    }

    /// Paints a stroke's new points: curves between the middles of neighbours, so that no corner shows.
    fn paint(&mut self, points: &[[f32; 2]]) {
        let side = self.canvas.width() as f32;
        // On an image the pen is as wide as the network sees it there.
        let pen = if self.painted.background { ink::PEN as f32 / ink::SIDE as f32 } else { PEN };
        let middle = |a: [f32; 2], b: [f32; 2]| [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
        for i in self.painted.points..points.len() {
            let (point, before) = (points[i], points[i.saturating_sub(1)]);
            let distance = (point[0] - before[0]).hypot(point[1] - before[1]);
            let wish = (THICK - 6.0 * distance).clamp(THIN, THICK);
            self.painted.width = if i == 0 { 1.0 } else { 0.88 * self.painted.width + 0.12 * wish };
            let from = middle(points[i.saturating_sub(2)], before);
            let to = if i == 0 { point } else { middle(before, point) };
            let [from, control, to] = [from, before, to].map(|p| p.map(|x| f64::from(x * side)));
            self.context.set_line_width(f64::from(pen * side * self.painted.width));
            self.context.begin_path();
            self.context.move_to(from[0], from[1]);
            self.context.quadratic_curve_to(control[0], control[1], to[0], to[1]);
            self.context.stroke();
        }
        self.painted.points = points.len();
    }
}

/// One pen at a time: a second finger is ignored. The pointer is captured, so a stroke may leave the square and come back.
fn listen_to_pen(page: &Page, canvas: &HtmlCanvasElement) {
    let pen: Rc<Cell<Option<i32>>> = Rc::default();
    let place = {
        let canvas = canvas.clone();
        move |event: &PointerEvent| {
            let at = canvas.get_bounding_client_rect();
            let place: &Place = event.unchecked_ref();
            let share = |value: f64, from: f64, length: f64| ((value - from) / length.max(1.0)) as f32;
            [share(place.client_x(), at.left(), at.width()), share(place.client_y(), at.top(), at.height())]
        }
    };

    let (sender, held, spot, sheet) = (page.clone(), pen.clone(), place.clone(), canvas.clone());
    dom::on(canvas, "pointerdown", move |event: PointerEvent| {
        if held.get().is_some() || event.button() != 0 {
            return;
        }
        held.set(Some(event.pointer_id()));
        // Without capture (a synthetic pointer) the stroke ends at the square's edge; it can still be drawn.
        let _ = sheet.set_pointer_capture(event.pointer_id());
        sender.send(Message::StrokeBegan(spot(&event)));
    });

    let (sender, held, spot) = (page.clone(), pen.clone(), place.clone());
    dom::on(canvas, "pointermove", move |event: PointerEvent| {
        if held.get() == Some(event.pointer_id()) {
            let events = coalesced(&event);
            sender.send(Message::StrokeMoved(events.iter().map(&spot).collect()));
        }
    });

    for kind in ["pointerup", "pointercancel", "lostpointercapture"] {
        let (sender, held) = (page.clone(), pen.clone());
        dom::on(canvas, kind, move |event: PointerEvent| {
            if held.get() == Some(event.pointer_id()) {
                held.set(None);
                sender.send(Message::StrokeEnded);
            }
        });
    }
    // A long press would open a menu in the middle of a stroke.
    dom::on(canvas, "contextmenu", |event: Event| event.prevent_default());
}

/// The positions since the last frame that the browser merged into this event; older browsers tell only the event's own.
fn coalesced(event: &PointerEvent) -> Vec<PointerEvent> {
    let supported = js_sys::Reflect::has(event, &"getCoalescedEvents".into()).unwrap_or(false);
    let merged = if supported { event.get_coalesced_events().iter().map(JsCast::unchecked_into).collect() } else { Vec::new() };
    if merged.is_empty() { vec![event.clone()] } else { merged }
}

fn listen_to_keys(page: &Page, canvas: &HtmlCanvasElement) {
    let sender = page.clone();
    dom::on(canvas, "keydown", move |event: KeyboardEvent| {
        if matches!(event.key().as_str(), "Delete" | "Backspace") {
            event.prevent_default();
            sender.send(Message::Clear);
        }
    });
    let sender = page.clone();
    dom::on(&dom::window(), "keydown", move |event: KeyboardEvent| {
        let in_field =
            event.target().and_then(|target| target.dyn_into::<Element>().ok()).is_some_and(|e| e.tag_name() == "INPUT");
        let undo = event.key().eq_ignore_ascii_case("z") && (event.ctrl_key() || event.meta_key()) && !event.shift_key();
        if undo && !in_field {
            event.prevent_default();
            sender.send(Message::Undo);
        }
    });
}

/// Size, screen and color scheme.
fn listen_to_surroundings(page: &Page, canvas: &HtmlCanvasElement) {
    let sender = page.clone();
    let resized = Closure::<dyn FnMut(JsValue)>::new(move |_| sender.send(Message::Repaint));
    if let Ok(observer) = ResizeObserver::new(resized.as_ref().unchecked_ref()) {
        observer.observe(canvas);
    }
    resized.forget();
    let dark: Option<MediaQueryList> = dom::window().match_media("(prefers-color-scheme: dark)").ok().flatten();
    if let Some(dark) = dark {
        let sender = page.clone();
        dom::on(&dark, "change", move |_: Event| sender.send(Message::Repaint));
    }
}
