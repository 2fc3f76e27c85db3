//! The two charts, loss and accuracy: the present run's lines, those of the past runs that are shown, and the values where
//! somebody points at. A chart is a slider along its axis, so that keys reach every value.

use super::app::App;
use super::canvas::{Chart, Colors, Line, Place};
use super::l10n::L10n;
use super::numbers::Numbers;
use super::{Message, Page, dom, files, seen, subject};
use crate::history::Point;
use crate::plot::{self, Along, Quantity, Scale};
use crate::web::describe;
use crate::{Error, Result};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Blob, CanvasRenderingContext2d, Element, Event, HtmlCanvasElement, HtmlElement, HtmlInputElement, HtmlSelectElement,
    KeyboardEvent, PointerEvent,
};

/// A key moves so far along the axis.
const KEY_STEP: f64 = 0.02;
/// Runs that are named where somebody points at; a phone has no room for more.
const MOST_READ: usize = 6;

/// What a person does here.
pub enum Action {
    Along(Along),
    Log(bool),
    /// 0 to 1.
    Smooth(f64),
    Which(Which),
    /// Points at this share of the axis, or away.
    Point(Option<f64>),
    /// Goes so far along the axis.
    Move(f64),
    /// Opened or closed the table.
    Numbers,
    /// The picture is made.
    Picture(Result<Vec<u8>>),
}

/// Which lines are drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Which {
    Both,
    Training,
    Validation,
}

impl Which {
    const ALL: [Which; 3] = [Which::Both, Which::Training, Which::Validation];

    /// As index.html and the locale files say it.
    fn name(self) -> &'static str {
        match self {
            Which::Both => "both",
            Which::Training => "training",
            Which::Validation => "validation",
        }
    }
}

/// A run whose lines are drawn.
pub struct Drawn<'a> {
    pub name: String,
    /// Its number among the runs that are over; `None` for the present one, which has colors of its own.
    pub past: Option<u32>,
    pub training: &'a [Point],
    pub validation: &'a [Point],
}

/// The part `.charts` of the section `.train`.
pub struct Charts {
    page: Page,
    root: Element,
    axis: Element,
    runs: Element,
    along: Along,
    is_log: bool,
    smoothing: f64,
    which: Which,
    cursor: Option<f64>,
    curves: [Curve; 2],
    pub(super) numbers: Numbers,
    /// `None` once they changed.
    colors: RefCell<Option<Rc<Colors>>>,
}

struct Curve {
    quantity: Quantity,
    canvas: HtmlCanvasElement,
    context: CanvasRenderingContext2d,
    readout: HtmlElement,
}

impl Charts {
    /// Finds its elements, and listens.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Charts> {
        let curve = |name: &str, quantity| -> Result<Curve> {
            let canvas: HtmlCanvasElement = dom::by_id(&format!("{name}-chart"))?;
            listen_to_pointer(page, &canvas);
            let context = seen::context(&canvas)?;
            Ok(Curve { quantity, context, canvas, readout: dom::by_id(&format!("{name}-readout"))? })
        };
        let send = |page: &Page, action: Option<Action>| action.into_iter().for_each(|a| page.send(Message::Chart(a)));
        let (along, sender): (HtmlSelectElement, _) = (dom::by_id("chart-along")?, page.clone());
        let asked = along.clone();
        dom::on(&along, "change", move |_: Event| send(&sender, Along::parse(&asked.value()).map(Action::Along)));
        let (which, sender): (HtmlSelectElement, _) = (dom::by_id("chart-which")?, page.clone());
        let asked = which.clone();
        dom::on(&which, "change", move |_: Event| {
            let which = Which::ALL.into_iter().find(|which| which.name() == asked.value());
            send(&sender, which.map(Action::Which));
        });
        let (log, sender): (HtmlInputElement, _) = (dom::by_id("chart-log")?, page.clone());
        let asked = log.clone();
        dom::on(&log, "change", move |_: Event| send(&sender, Some(Action::Log(asked.checked()))));
        let (smoothing, sender): (HtmlInputElement, _) = (dom::by_id("chart-smoothing")?, page.clone());
        let asked = smoothing.clone();
        dom::on(&smoothing, "input", move |_: Event| {
            send(&sender, asked.value().parse::<f64>().ok().map(|percent| Action::Smooth(percent / 100.0)));
        });
        Ok(Charts {
            page: page.clone(),
            root: dom::by_id("charts")?,
            axis: dom::by_id("chart-axis")?,
            runs: dom::by_id("chart-runs")?,
            along: Along::default(),
            is_log: log.checked(),
            smoothing: 0.0,
            which: Which::Both,
            cursor: None,
            curves: [curve("loss", Quantity::Loss)?, curve("accuracy", Quantity::Accuracy)?],
            numbers: Numbers::new(page)?,
            colors: RefCell::new(None),
        })
    }

    /// The size or the colors changed.
    pub fn repaint(&mut self) {
        self.colors.replace(None);
    }

    fn take(&mut self, action: &Action) {
        match *action {
            Action::Along(along) => self.along = along,
            Action::Log(is_log) => self.is_log = is_log,
            Action::Smooth(smoothing) => self.smoothing = smoothing,
            Action::Which(which) => self.which = which,
            Action::Point(at) => self.cursor = at.map(|share| share.clamp(0.0, 1.0)),
            Action::Move(by) => self.cursor = Some((self.cursor.unwrap_or(1.0) + by).clamp(0.0, 1.0)),
            Action::Numbers | Action::Picture(_) => {}
        }
    }

    /// Draws the runs, the present one first; without any, the words that stand in the charts' place are shown.
    pub fn show(&self, l10n: &L10n, drawn: &[Drawn]) {
        let drawn: Vec<&Drawn> = drawn.iter().filter(|run| !run.training.is_empty()).collect();
        let _ = self.root.class_list().toggle_with_force("drawn", !drawn.is_empty());
        if drawn.is_empty() {
            return;
        }
        let axis = l10n.text(&format!("chart-axis-{}", self.along.name()), &[]);
        dom::set_text(&self.axis, &axis);
        let colors = &*self.colors.borrow_mut().get_or_insert_with(|| Rc::new(Colors::of_page())).clone();
        self.show_names(&drawn, colors);
        let x = self.axis(&drawn);
        for curve in &self.curves {
            let lines = self.lines(&drawn, curve.quantity, x, colors);
            let chart = Chart { lines: &lines, x, y: self.scale(curve.quantity, &lines), cursor: self.cursor };
            curve.paint(&chart, colors);
            let text = self.cursor.map(|cursor| self.read(l10n, &drawn, curve.quantity, x.value(cursor)));
            curve.show_readout(text, self.cursor.unwrap_or(1.0));
        }
    }

    /// Names and colors of the past runs.
    fn show_names(&self, drawn: &[&Drawn], colors: &Colors) {
        let past: Vec<_> = drawn.iter().filter_map(|run| Some((run.past?, run.name.as_str()))).collect();
        let key: String = past.iter().map(|(id, name)| format!("{id} {} {name}\n", colors.of_run(*id))).collect();
        if self.runs.get_attribute("data-shown").as_deref() == Some(&key) {
            return;
        }
        dom::set(&self.runs, "data-shown", &key);
        self.runs.set_text_content(None);
        for (id, name) in past {
            let Ok(item) = dom::document().create_element("li") else { continue };
            item.set_text_content(Some(name));
            if let Some(item) = item.dyn_ref::<HtmlElement>() {
                _ = item.style().set_property("--mark", colors.of_run(id));
            }
            _ = self.runs.append_child(&item);
        }
    }

    /// The horizontal axis that holds all points.
    fn axis(&self, drawn: &[&Drawn]) -> Scale {
        let ends = drawn.iter().flat_map(|run| [run.training.last(), run.validation.last()]).flatten();
        Scale::from_zero(ends.map(|point| self.along.of(point)))
    }

    fn scale(&self, quantity: Quantity, lines: &[Line]) -> Scale {
        let values = lines.iter().flat_map(|line| &line.points).map(|[_, y]| *y);
        match quantity {
            Quantity::Loss => Scale::of_loss(values, self.is_log),
            Quantity::Accuracy => Scale::of_accuracy(values),
        }
    }

    /// All lines, the present run's last, so that they lie on top.
    fn lines(&self, drawn: &[&Drawn], quantity: Quantity, x: Scale, colors: &Colors) -> Vec<Line> {
        let width = plot::smoothing_width(self.smoothing, x.max());
        let mut lines = Vec::new();
        for run in drawn.iter().rev() {
            let color = |own: &String| run.past.map_or(own.clone(), |id| colors.of_run(id).into());
            let thin = run.past.is_some();
            let line = |points, color, width, dashed, faint| Line { points, color, width, dashed, dots: dashed && !thin, faint };
            if self.which != Which::Validation {
                let points = plot::line(run.training, self.along, quantity);
                if width > 0.0 {
                    let smooth = plot::smooth(&points, width);
                    if !thin {
                        lines.push(line(points, color(&colors.training), 1.0, false, true));
                    }
                    lines.push(line(smooth, color(&colors.training), if thin { 1.5 } else { 2.0 }, false, false));
                } else {
                    lines.push(line(points, color(&colors.training), if thin { 1.5 } else { 2.0 }, false, false));
                }
            }
            if self.which != Which::Training {
                let points = plot::line(run.validation, self.along, quantity);
                lines.push(line(points, color(&colors.validation), 1.5, true, false));
            }
        }
        lines
    }

    /// The values at `x`, a line a run.
    fn read(&self, l10n: &L10n, drawn: &[&Drawn], quantity: Quantity, x: f64) -> String {
        let place = match self.along {
            Along::Step => format!("{x:.0}"),
            Along::Epoch | Along::Seconds => format!("{x:.2}"),
        };
        let place = l10n.text(&format!("chart-at-{}", self.along.name()), &[("place", place.into())]);
        let head = l10n.text("chart-head", &[("place", place.into()), ("which", self.which.name().into())]);
        let width = plot::smoothing_width(self.smoothing, self.axis(drawn).max());
        let value = |points: &[Point], width: f64| {
            let line = plot::smooth(&plot::line(points, self.along, quantity), width);
            plot::nearest(&line, x).map_or_else(|| "–".into(), |[_, y]| quantity.text(y))
        };
        let mut lines = vec![head];
        for run in drawn.iter().take(MOST_READ) {
            let (training, validation) = (|| value(run.training, width), || value(run.validation, 0.0));
            let values = match self.which {
                Which::Both => format!("{} / {}", training(), validation()),
                Which::Training => training(),
                Which::Validation => validation(),
            };
            lines.push(format!("{}: {values}", run.name));
        }
        if drawn.len() > MOST_READ {
            lines.push("…".into());
        }
        lines.join("\n")
    }

    /// Both charts as a picture, with the runs' names; [`Action::Picture`] has it.
    pub fn picture(&self, l10n: &L10n, drawn: &[Drawn]) -> Result<()> {
        let drawn: Vec<&Drawn> = drawn.iter().filter(|run| !run.training.is_empty()).collect();
        let colors = Colors::of_page();
        const ROW: f64 = 22.0;
        let place = Place { x: 16.0, y: 48.0, width: 720.0, height: 420.0 };
        let (width, height) = (2.0 * place.width + 48.0, place.y + place.height + 16.0 + ROW * (drawn.len() as f64 + 1.0));
        let failed = |error| Error::Fetch { what: "PNG".into(), reason: describe(&error) };
        let canvas: HtmlCanvasElement = dom::document().create_element("canvas").map_err(failed)?.unchecked_into();
        canvas.set_width(2 * width as u32);
        canvas.set_height(2 * height as u32);
        let context = seen::context(&canvas)?;
        context.scale(2.0, 2.0).map_err(failed)?;
        context.set_fill_style_str(&colors.sheet);
        context.fill_rect(0.0, 0.0, width, height);
        let x = self.axis(&drawn);
        let axis = l10n.text(&format!("chart-axis-{}", self.along.name()), &[]);
        let titles = [l10n.text("chart-loss", &[]), l10n.text("chart-accuracy", &[])];
        for (i, (curve, title)) in self.curves.iter().zip(titles).enumerate() {
            let lines = self.lines(&drawn, curve.quantity, x, &colors);
            let chart = Chart { lines: &lines, x, y: self.scale(curve.quantity, &lines), cursor: None };
            let place = Place { x: place.x + i as f64 * (place.width + 16.0), ..place };
            chart.paint(&context, place, &colors);
            write(&context, &colors.ink, "600 16px system-ui, sans-serif", &title, place.x + 8.0, 28.0);
        }
        let mut y = place.y + place.height + 20.0;
        let font = "14px system-ui, sans-serif";
        let both = format!("{axis}　— {}　┄ {}", l10n.text("legend-training", &[]), l10n.text("legend-validation", &[]));
        write(&context, &colors.ink, font, &both, place.x + 8.0, y);
        for run in &drawn {
            y += ROW;
            let color = run.past.map_or(colors.training.as_str(), |id| colors.of_run(id));
            context.set_fill_style_str(color);
            context.fill_rect(place.x + 8.0, y - 6.0, 22.0, 4.0);
            write(&context, &colors.ink, font, &run.name, place.x + 40.0, y);
        }
        let sender = self.page.clone();
        let made = Closure::once_into_js(move |blob: Option<Blob>| {
            wasm_bindgen_futures::spawn_local(async move {
                let none = || Error::Fetch { what: "PNG".into(), reason: "the browser made none".into() };
                let bytes = match blob {
                    None => Err(none()),
                    Some(blob) => wasm_bindgen_futures::JsFuture::from(blob.array_buffer())
                        .await
                        .map(|buffer| js_sys::Uint8Array::new(&buffer).to_vec())
                        .map_err(|_| none()),
                };
                sender.send(Message::Chart(Action::Picture(bytes)));
            });
        });
        canvas.to_blob(made.unchecked_ref()).map_err(failed)
    }
}

impl Curve {
    fn paint(&self, chart: &Chart, colors: &Colors) {
        let ratio = dom::window().device_pixel_ratio();
        let (width, height) = (f64::from(self.canvas.client_width()), f64::from(self.canvas.client_height()));
        let pixels = [width, height].map(|side| (side * ratio).round() as u32);
        if [self.canvas.width(), self.canvas.height()] != pixels {
            self.canvas.set_width(pixels[0]);
            self.canvas.set_height(pixels[1]);
        }
        if self.context.set_transform(ratio, 0.0, 0.0, ratio, 0.0, 0.0).is_ok() {
            self.context.clear_rect(0.0, 0.0, width, height);
            chart.paint(&self.context, Place { x: 0.0, y: 0.0, width, height }, colors);
        }
    }

    fn place(&self) -> Place {
        place(&self.canvas)
    }

    /// What is read, beside where somebody points at: to its right in the left half.
    fn show_readout(&self, text: Option<String>, share: f64) {
        dom::show(&self.readout, text.is_some());
        let Some(text) = text else { return };
        dom::set_text(&self.readout, &text);
        dom::set(&self.canvas, "aria-valuenow", &format!("{:.0}", 100.0 * share));
        dom::set(&self.canvas, "aria-valuetext", &text.replace('\n', "; "));
        let (pixel, width) = (self.place().pixel(share), f64::from(self.canvas.client_width()));
        let style = self.readout.style();
        let (side, other, at) =
            if share < 0.5 { ("left", "right", pixel + 10.0) } else { ("right", "left", width - pixel + 10.0) };
        _ = style.set_property(side, &format!("{at:.0}px"));
        _ = style.set_property(other, "auto");
    }
}

fn place(canvas: &HtmlCanvasElement) -> Place {
    Place { x: 0.0, y: 0.0, width: canvas.client_width().into(), height: canvas.client_height().into() }
}

fn write(context: &CanvasRenderingContext2d, color: &str, font: &str, text: &str, x: f64, y: f64) {
    context.set_fill_style_str(color);
    context.set_font(font);
    context.set_text_align("left");
    context.set_text_baseline("alphabetic");
    _ = context.fill_text(text, x, y);
}

fn listen_to_pointer(page: &Page, canvas: &HtmlCanvasElement) {
    let point = |at: Option<f64>| Message::Chart(Action::Point(at));
    for kind in ["pointerdown", "pointermove"] {
        let (sender, target) = (page.clone(), canvas.clone());
        dom::on(canvas, kind, move |event: PointerEvent| {
            sender.send(point(Some(place(&target).share(event.offset_x().into()))));
        });
    }
    for kind in ["pointerleave", "blur"] {
        let sender = page.clone();
        dom::on(canvas, kind, move |_: Event| sender.send(point(None)));
    }
    let sender = page.clone();
    dom::on(canvas, "keydown", move |event: KeyboardEvent| {
        let action = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => Action::Move(KEY_STEP),
            "ArrowLeft" | "ArrowDown" => Action::Move(-KEY_STEP),
            "PageUp" => Action::Move(5.0 * KEY_STEP),
            "PageDown" => Action::Move(-5.0 * KEY_STEP),
            "Home" => Action::Point(Some(0.0)),
            "End" => Action::Point(Some(1.0)),
            "Escape" => Action::Point(None),
            _ => return,
        };
        event.prevent_default();
        sender.send(Message::Chart(action));
    });
}

impl App {
    /// Does what a person asked for.
    pub(super) fn chart(&mut self, action: Action) {
        match action {
            Action::Picture(picture) => {
                let saved = picture.and_then(|bytes| files::save("inkling-runs.png", &bytes));
                return self.noted(saved.err().map(super::notes::Note::Failure));
            }
            other => self.charts.take(&other),
        }
        self.chart_changed();
    }

    /// The runs whose lines are drawn: the present one, and the past ones that are shown.
    pub(super) fn drawn(&self) -> Vec<Drawn<'_>> {
        let present = self.run.as_ref();
        let recorded = present.and_then(|run| run.recorded);
        let name = |id: Option<u32>| id.and_then(|id| self.runs.name(&self.l10n, id));
        let first = present.map(|run| Drawn {
            name: name(recorded).unwrap_or_else(|| self.l10n.text("run-present", &[])),
            past: None,
            training: run.history.training(),
            validation: run.history.validation(),
        });
        let others = self.runs.shown().filter(|record| Some(record.id) != recorded).map(|record| Drawn {
            // Curves of other images are no fair comparison: they say so.
            name: match present.filter(|run| run.settings.data != record.settings.data) {
                Some(_) => {
                    format!("{} ({})", name(Some(record.id)).unwrap_or_default(), subject::data(&self.l10n, record.settings.data))
                }
                None => name(Some(record.id)).unwrap_or_default(),
            },
            past: Some(record.id),
            training: &record.curve.training,
            validation: &record.curve.validation,
        });
        first.into_iter().chain(others).collect()
    }

    /// Draws the charts and the numbers below them.
    pub(super) fn show_chart(&self) {
        self.charts.show(&self.l10n, &self.drawn());
        self.charts.numbers.show(&self.l10n, self.run.as_ref());
    }
}
