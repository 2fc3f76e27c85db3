//! A card of the result, a picture to share: the drawing and how it is read, the network, its accuracy, the curve, the address.

use super::app::App;
use super::notes::Note;
use super::{files, seen, subject};
use crate::history::Point;
use crate::ink;
use crate::web::dom;
use crate::web::l10n::{fine_percent, percent};
use crate::{Error, Result};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Blob, CanvasRenderingContext2d, HtmlCanvasElement};

/// The size that links are shown with elsewhere.
const WIDTH: u32 = 1200;
const HEIGHT: u32 = 630;
const EDGE: f64 = 56.0;
/// The side of the drawing.
const SHEET: f64 = 300.0;
/// Where the curve is drawn: left, top, width, height.
const CURVE: [f64; 4] = [420.0, 330.0, 720.0, 180.0];

/// What the card says, top down.
struct Lines {
    read: String,
    network: String,
    accuracy: String,
    address: String,
}

impl App {
    /// Saves the card as a PNG file.
    pub(super) fn save_card(&mut self) {
        let drawn = self.card().and_then(|canvas| {
            let saved = Closure::once_into_js(|blob: Option<Blob>| {
                let saved = blob.ok_or_else(|| failed(&JsValue::NULL)).and_then(|blob| files::save_blob("inkling.png", &blob));
                if let Err(error) = saved {
                    web_sys::console::error_1(&error.to_string().into());
                }
            });
            canvas.to_blob(saved.unchecked_ref()).map_err(|error| failed(&error))
        });
        if let Err(error) = drawn {
            self.notes.add(&self.l10n, Note::Failure(error));
        }
    }

    fn card(&self) -> Result<HtmlCanvasElement> {
        let canvas: HtmlCanvasElement =
            dom::document().create_element("canvas").map_err(|error| failed(&error))?.unchecked_into();
        canvas.set_width(WIDTH);
        canvas.set_height(HEIGHT);
        let context = seen::context(&canvas)?;
        self.draw_card(&context).map_err(|error| failed(&error))?;
        Ok(canvas)
    }

    fn lines(&self) -> Lines {
        let best = self.probabilities.as_ref().and_then(|all| {
            let digit = (0..all.len()).max_by(|&a, &b| all[a].total_cmp(&all[b]))?;
            Some([
                ("digit", subject::class(&self.l10n, self.subject().classes, digit).into()),
                ("probability", percent(all[digit]).into()),
            ])
        });
        let tested = self.network.as_ref().and_then(|network| network.about.test_accuracy);
        let location = dom::window().location();
        let address = location.origin().unwrap_or_default() + &location.pathname().unwrap_or_default();
        Lines {
            read: best.map(|args| self.l10n.text("card-read", &args)).unwrap_or_default(),
            network: self
                .network
                .as_ref()
                .map(|network| {
                    let sizes = network.predictor.spec().sizes();
                    let sizes = sizes.iter().map(usize::to_string).collect::<Vec<_>>().join("-");
                    self.l10n.text("card-network", &[("sizes", sizes.into())])
                })
                .unwrap_or_default(),
            accuracy: tested
                .map(|accuracy| self.l10n.text("card-accuracy", &[("accuracy", fine_percent(accuracy).into())]))
                .unwrap_or_default(),
            address,
        }
    }

    fn draw_card(&self, context: &CanvasRenderingContext2d) -> std::result::Result<(), JsValue> {
        let [paper, sheet, text, soft, green, red, blue] =
            ["--paper", "--sheet", "--ink", "--soft", "--green", "--red", "--blue"].map(dom::style);
        let fonts = dom::style("--sans");
        let lines = self.lines();
        let write = |words: &str, size: u32, color: &str, x: f64, y: f64| {
            context.set_font(&format!("{size}px {fonts}"));
            context.set_fill_style_str(color);
            context.fill_text_with_max_width(words, x, y, f64::from(WIDTH) - EDGE - x)
        };
        context.set_fill_style_str(&paper);
        context.fill_rect(0.0, 0.0, WIDTH.into(), HEIGHT.into());
        write("Inkling", 56, &green, EDGE, 96.0)?;
        write(&self.l10n.text("tagline", &[]), 26, &soft, 290.0, 94.0)?;

        let top = 150.0;
        context.set_fill_style_str(&sheet);
        context.fill_rect(EDGE, top, SHEET, SHEET);
        context.set_line_width(3.0);
        context.set_stroke_style_str(&green);
        context.stroke_rect(EDGE, top, SHEET, SHEET);
        let drawing: HtmlCanvasElement = dom::by_id("draw").map_err(|error| JsValue::from(error.to_string()))?;
        context.draw_image_with_html_canvas_element_and_dw_and_dh(&drawing, EDGE, top, SHEET, SHEET)?;
        if let Some(image) = &self.image {
            let small: HtmlCanvasElement = dom::document().create_element("canvas")?.unchecked_into();
            small.set_width(ink::SIDE as u32);
            small.set_height(ink::SIDE as u32);
            let inner = seen::context(&small).map_err(|error| JsValue::from(error.to_string()))?;
            seen::paint(&inner, image);
            context.set_image_smoothing_enabled(false);
            context.draw_image_with_html_canvas_element_and_dw_and_dh(&small, EDGE, top + SHEET + 16.0, 84.0, 84.0)?;
        }
        write(&lines.read, 44, &red, CURVE[0], 196.0)?;
        write(&lines.network, 32, &text, CURVE[0], 250.0)?;
        write(&lines.accuracy, 32, &text, CURVE[0], 298.0)?;
        write(&lines.address, 24, &soft, EDGE, f64::from(HEIGHT) - 28.0)?;
        let Some(history) = self.run.as_ref().map(|run| &run.history).filter(|history| history.training().len() > 1) else {
            return Ok(());
        };
        context.set_stroke_style_str(&dom::style("--line"));
        context.set_line_width(1.5);
        context.stroke_rect(CURVE[0], CURVE[1], CURVE[2], CURVE[3]);
        let last = history.training().iter().chain(history.validation()).map(|point| point.epoch).fold(0.0, f64::max);
        curve(context, history.training(), last, &blue);
        curve(context, history.validation(), last, &red);
        write(&self.l10n.text("card-curve", &[]), 20, &soft, CURVE[0], CURVE[1] + CURVE[3] + 28.0)
    }
}

/// Accuracy over epochs, 0 to 100 % over the height.
fn curve(context: &CanvasRenderingContext2d, points: &[Point], last: f64, color: &str) {
    context.begin_path();
    for point in points {
        let x = CURVE[0] + CURVE[2] * point.epoch / last.max(1e-9);
        context.line_to(x, CURVE[1] + CURVE[3] * (1.0 - f64::from(point.accuracy)));
    }
    context.set_stroke_style_str(color);
    context.set_line_width(3.0);
    context.stroke();
}

fn failed(error: &JsValue) -> Error {
    Error::Fetch { what: "inkling.png".into(), reason: crate::web::describe(error) }
}
