//! Paints one chart on a canvas: axes with their marks, lines, dots, and where somebody points at. What lies where decides
//! `crate::plot`.

use super::dom;
use crate::plot::{self, Scale};
use web_sys::CanvasRenderingContext2d;

/// Colors for the lines of past runs, in turn: `--run-0` ... in style.css.
pub const RUN_COLORS: usize = 8;

/// Room for the marks' labels, in CSS pixels.
const LEFT: f64 = 44.0;
const BOTTOM: f64 = 22.0;
const EDGE: f64 = 8.0;

/// The page's colors, asked for once: asking costs more than painting.
pub struct Colors {
    pub training: String,
    pub validation: String,
    pub ink: String,
    pub sheet: String,
    line: String,
    soft: String,
    runs: Vec<String>,
}

impl Colors {
    /// As style.css has them now.
    pub fn of_page() -> Colors {
        let [training, validation, ink, sheet, line, soft] =
            ["--blue", "--red", "--ink", "--paper", "--line", "--soft"].map(dom::style);
        let runs = (0..RUN_COLORS).map(|i| dom::style(&format!("--run-{i}"))).collect();
        Colors { training, validation, ink, sheet, line, soft, runs }
    }

    /// The color of a past run.
    pub fn of_run(&self, id: u32) -> &str {
        &self.runs[id as usize % RUN_COLORS]
    }
}

/// A line of a chart.
pub struct Line {
    pub points: Vec<[f64; 2]>,
    pub color: String,
    pub width: f64,
    /// Evaluations: dashed, in the present run with a dot at each.
    pub dashed: bool,
    pub dots: bool,
    /// What smoothing leaves behind: hardly seen, and not read.
    pub faint: bool,
}

/// Where a chart is painted, in CSS pixels.
#[derive(Clone, Copy)]
pub struct Place {
    pub x: f64,
    pub y: f64,
    pub width: f64,
    pub height: f64,
}

impl Place {
    /// The share of the axis at so many pixels from the place's left.
    pub fn share(&self, x: f64) -> f64 {
        (x - LEFT) / (self.width - LEFT - EDGE).max(1.0)
    }

    /// So many pixels from the place's left is that share of the axis.
    pub fn pixel(&self, share: f64) -> f64 {
        LEFT + share * (self.width - LEFT - EDGE).max(1.0)
    }
}

/// A chart to be painted.
pub struct Chart<'a> {
    pub lines: &'a [Line],
    pub x: Scale,
    pub y: Scale,
    /// Where somebody points at, along the axis.
    pub cursor: Option<f64>,
}

impl Chart<'_> {
    /// Paints it.
    pub fn paint(&self, context: &CanvasRenderingContext2d, place: Place, colors: &Colors) {
        let frame = Frame { context, place };
        self.paint_axes(&frame, colors);
        for line in self.lines {
            self.paint_line(&frame, line, colors);
        }
        if let Some(cursor) = self.cursor {
            self.paint_cursor(&frame, cursor, colors);
        }
    }

    fn paint_axes(&self, frame: &Frame, colors: &Colors) {
        let context = frame.context;
        context.set_font("12px system-ui, sans-serif");
        context.set_fill_style_str(&colors.soft);
        context.set_stroke_style_str(&colors.line);
        context.set_line_width(1.0);
        set_dash(context, false);
        context.begin_path();
        let place = frame.place;
        let label = |text: &str, x: f64, y: f64| _ = context.fill_text(text, x, y);
        context.set_text_align("right");
        context.set_text_baseline("middle");
        for mark in self.y.marks((place.height / 34.0) as usize) {
            let Some(share) = self.y.share(mark) else { continue };
            let y = frame.at(0.0, share)[1].round() + 0.5;
            context.move_to(frame.at(0.0, 0.0)[0], y);
            context.line_to(frame.at(1.0, 0.0)[0], y);
            label(&plot::mark_text(mark), frame.at(0.0, 0.0)[0] - 6.0, y);
        }
        context.set_text_baseline("top");
        context.set_text_align("center");
        for mark in self.x.marks((place.width / 64.0) as usize) {
            let Some(share) = self.x.share(mark) else { continue };
            let [x, y] = frame.at(share, 0.0);
            let x = x.round() + 0.5;
            context.move_to(x, frame.at(0.0, 1.0)[1]);
            context.line_to(x, y);
            // The last one would stick out.
            context.set_text_align(if share > 0.97 { "right" } else { "center" });
            label(&plot::mark_text(mark), if share > 0.97 { x + EDGE } else { x }, y + 6.0);
        }
        context.stroke();
    }

    fn paint_line(&self, frame: &Frame, line: &Line, colors: &Colors) {
        let context = frame.context;
        context.set_stroke_style_str(&line.color);
        context.set_line_width(line.width);
        context.set_line_join("round");
        context.set_global_alpha(if line.faint { 0.28 } else { 1.0 });
        set_dash(context, line.dashed);
        context.begin_path();
        let places = line.points.iter().filter_map(|&[x, y]| Some(frame.at(self.x.share(x)?, self.y.share(y)?)));
        for (i, [x, y]) in places.clone().enumerate() {
            if i == 0 {
                context.move_to(x, y);
            } else {
                context.line_to(x, y);
            }
        }
        context.stroke();
        set_dash(context, false);
        // A single point is no line: it gets its dot whatever it is.
        if line.dots || line.points.len() == 1 {
            places.for_each(|at| dot(context, at, 4.0, &line.color, &colors.sheet));
        }
        context.set_global_alpha(1.0);
    }

    fn paint_cursor(&self, frame: &Frame, cursor: f64, colors: &Colors) {
        let (context, x) = (frame.context, frame.at(cursor, 0.0)[0]);
        context.set_stroke_style_str(&colors.soft);
        context.set_line_width(1.0);
        context.begin_path();
        context.move_to(x, frame.at(0.0, 0.0)[1]);
        context.line_to(x, frame.at(0.0, 1.0)[1]);
        context.stroke();
        for line in self.lines.iter().filter(|line| !line.faint) {
            let Some([x, y]) = plot::nearest(&line.points, self.x.value(cursor)) else { continue };
            if let (Some(x), Some(y)) = (self.x.share(x), self.y.share(y)) {
                dot(context, frame.at(x, y), 4.5, &line.color, &colors.ink);
            }
        }
    }
}

struct Frame<'a> {
    context: &'a CanvasRenderingContext2d,
    place: Place,
}

impl Frame<'_> {
    /// Pixels of shares of both axes.
    fn at(&self, x: f64, y: f64) -> [f64; 2] {
        let Place { x: left, y: top, height, .. } = self.place;
        [left + self.place.pixel(x), top + EDGE + (1.0 - y) * (height - EDGE - BOTTOM)]
    }
}

fn dot(context: &CanvasRenderingContext2d, [x, y]: [f64; 2], radius: f64, fill: &str, edge: &str) {
    context.begin_path();
    if context.arc(x, y, radius, 0.0, std::f64::consts::TAU).is_ok() {
        context.set_fill_style_str(fill);
        context.fill();
        context.set_stroke_style_str(edge);
        context.set_line_width(1.5);
        context.stroke();
    }
}

fn set_dash(context: &CanvasRenderingContext2d, dashed: bool) {
    let pattern = if dashed { js_sys::Array::of2(&3.0.into(), &4.0.into()) } else { js_sys::Array::new() };
    _ = context.set_line_dash(&pattern);
}
