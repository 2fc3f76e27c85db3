//! Slopes to look at: a curve with its tangent and the secant that comes close to it, and a surface with a slice through it.

use super::controls::{Range, Slider, add, choice, factor, figure};
use super::net::Net;
use super::plot::Plot;
use super::stage::{Next, Stage};
use crate::Result;
use crate::explain::derivative::{self, Line, Polynomial};
use crate::web::dom;
use web_sys::Element;

/// The curves, by the name of their option, with their coefficients.
const CURVES: [(&str, &[f64]); 3] = [("square", &[1.0, 0.0, 0.0]), ("cube", &[1.0, 0.0, -3.0, 0.0]), ("line", &[2.0, 1.0])];
const SURFACE: &str = "surface";
/// Half a side of the ground below the surface.
const SIDE: f32 = 2.0;
/// So near, the secant is as good as the tangent: a task.
const NEAR: f64 = 0.05;

/// Builds it.
pub fn show(stage: &Stage) -> Result<()> {
    let root: &Element = stage.root();
    let columns = add(root, "div", "columns")?;
    let controls = add(&columns, "div", "controls-column")?;
    let curves = CURVES.map(|(name, a)| (name, format!("f(x) = {}", Polynomial(a.to_vec()))));
    let options: Vec<_> = curves.into_iter().chain([(SURFACE, "f(x, y) = x² + xy + y²".to_string())]).collect();
    let chosen = choice(&controls, "derivative-function", &stage.text("derivative-function", &[]), &options)?;
    let of_curve = add(&controls, "div", "")?;
    let x = Slider::new(stage, &of_curve, "derivative-x", "x", Range(-SIDE, SIDE, 0.1), 1.5)?;
    let h = Slider::new(stage, &of_curve, "derivative-h", "h", Range(0.01, 1.0, 0.01), 1.0)?;
    let of_surface = add(&controls, "div", "")?;
    let slider = |axis: &str, value| {
        Slider::new(stage, &of_surface, &format!("derivative-at-{axis}"), axis, Range(-SIDE, SIDE, 0.1), value)
    };
    let at = [slider("x", 1.0)?, slider("y", 2.0)?];
    let ways = [("0", stage.text("derivative-along-x", &[])), ("1", stage.text("derivative-along-y", &[]))];
    let along = choice(&of_surface, "derivative-along", &stage.text("derivative-along", &[]), &ways)?;
    let lines = ["rule", "tangent", "secant"].map(|name| -> Result<Element> {
        let line = add(&controls, "p", if name == "tangent" { "sum as-validation" } else { "sum" })?;
        line.set_id(&format!("derivative-{name}"));
        Ok(line)
    });
    let [rule, tangent, secant] = lines;
    let (rule, tangent, secant) = (rule?, tangent?, secant?);

    let curve = Curve::new(stage, &columns)?;
    let net_figure = add(&columns, "figure", "")?;
    let net = Net::new(&net_figure, &stage.text("derivative-net", &[]), value, SIDE)?;
    add(&net_figure, "figcaption", "")?.set_text_content(Some(&stage.text("derivative-net-caption", &[])));
    let slices = [Slice::new(stage, &columns, "x")?, Slice::new(stage, &columns, "y")?];

    let words = stage.clone();
    stage.draw(move || {
        let name = chosen.value();
        let polynomial = CURVES.into_iter().find(|(curve, _)| *curve == name).map(|(_, a)| Polynomial(a.to_vec()));
        let way = usize::from(along.value() == "1");
        dom::show(&of_curve, polynomial.is_some());
        dom::show(&of_surface, polynomial.is_none());
        dom::show(&curve.figure, polynomial.is_some());
        dom::show(&net_figure, polynomial.is_none());
        slices.iter().enumerate().for_each(|(i, slice)| dom::show(&slice.figure, polynomial.is_none() && i == way));
        if let Some(f) = polynomial {
            let (x, h) = (tenths(x.value()), f64::from(h.value()));
            let (touching, through) = (derivative::tangent(&f, x), derivative::secant(&f, x, h));
            dom::set_text(&rule, &format!("df/dx = {} = {}", f.rule(), f.derivative()));
            dom::set_text(&tangent, &words.text("derivative-tangent", &[("slope", short(touching.slope).into())]));
            let (far, near) = (factor(f.value(x + h) as f32, 3), factor(f.value(x) as f32, 3));
            let quotient = format!("({far} − {near}) / {} = {}", short(h), short(through.slope));
            dom::set_text(&secant, &words.text("derivative-secant", &[("sum", quotient.into())]));
            curve.draw(&f, touching, through, h);
            if name != "line" && (through.slope - touching.slope).abs() < NEAR {
                words.done("close");
            }
            if name == "cube" && touching.slope.abs() < 1e-9 {
                words.done("flat");
            }
        } else {
            let [x, y] = [0, 1].map(|i| tenths(at[i].value()));
            let (dx, dy) = derivative::gradient(x, y);
            // The function is the same with x and y exchanged.
            let (moving, fixed) = if way == 0 { (x, y) } else { (y, x) };
            let slice = derivative::slice(fixed);
            let cut = if way == 0 { format!("f(x, {})", short(y)) } else { format!("f({}, y)", short(x)) };
            let written = slice.to_string();
            let written = if way == 0 { written } else { written.replace('x', "y") };
            let of_slice = [("cut", format!("{cut} = {written}").into())];
            dom::set_text(&rule, &words.text("derivative-slice", &of_slice));
            let [fx, fy] = [x, y].map(|value| factor(value as f32, 1));
            dom::set_text(&tangent, &format!("∂f/∂x = 2x + y = 2 × {fx} + {fy} = {}", short(dx)));
            dom::set_text(&secant, &format!("∂f/∂y = x + 2y = {fx} + 2 × {fy} = {}", short(dy)));
            net.draw(value, way, fixed, [x, y]);
            slices[way].draw(&slice, derivative::tangent(&slice, moving));
            if dx.abs() < 1e-9 && dy.abs() > 1e-9 {
                words.done("partial");
            }
        }
        Next::Rest
    });
    Ok(())
}

fn value([x, y]: [f64; 2]) -> f64 {
    derivative::surface(x, y)
}

/// What a slider in steps of a tenth says, without f32's rounding.
fn tenths(value: f32) -> f64 {
    (f64::from(value) * 10.0).round() / 10.0
}

fn short(value: f64) -> String {
    figure(value as f32, 3)
}

/// A curve with tangent and secant.
struct Curve {
    figure: Element,
    plot: Plot,
    curve: Element,
    tangent: Element,
    secant: Element,
    dots: [Element; 2],
}

impl Curve {
    fn new(stage: &Stage, parent: &Element) -> Result<Curve> {
        let figure = add(parent, "figure", "")?;
        let label = stage.text("derivative-curve", &[]);
        let plot = Plot::new(&figure, &label, ["x", "f"], [-2.5, 3.1], [-4.0, 9.6], [360.0, 360.0], [1.0, 2.0])?;
        let secant = plot.curve("curve third")?;
        let (curve, tangent) = (plot.curve("curve")?, plot.curve("curve second")?);
        let dots = [plot.dot("dot third", [0.0, 0.0])?, plot.dot("dot second", [0.0, 0.0])?];
        add(&figure, "figcaption", "")?.set_text_content(Some(&stage.text("derivative-curve-caption", &[])));
        Ok(Curve { figure, plot, curve, tangent, secant, dots })
    }

    fn draw(&self, f: &Polynomial, tangent: Line, secant: Line, h: f64) {
        self.plot.draw_curve(&self.curve, |x| f.value(f64::from(x)) as f32);
        for (element, line) in [(&self.tangent, tangent), (&self.secant, secant)] {
            self.plot.draw_curve(element, |x| line.value(f64::from(x)) as f32);
        }
        for (dot, x) in self.dots.iter().zip([secant.x0 + h, secant.x0]) {
            self.plot.move_dot(dot, [x as f32, f.value(x) as f32]);
        }
    }
}

/// The surface's slice as a curve, with its tangent.
struct Slice {
    figure: Element,
    plot: Plot,
    curve: Element,
    tangent: Element,
    dot: Element,
}

impl Slice {
    fn new(stage: &Stage, parent: &Element, axis: &str) -> Result<Slice> {
        let figure = add(parent, "figure", "")?;
        let label = stage.text("derivative-slice-picture", &[]);
        let plot = Plot::new(&figure, &label, [axis, "f"], [-SIDE, SIDE], [-1.0, 12.5], [360.0, 300.0], [1.0, 2.0])?;
        let (curve, tangent) = (plot.curve("curve")?, plot.curve("curve second")?);
        let dot = plot.dot("dot second", [0.0, 0.0])?;
        add(&figure, "figcaption", "")?.set_text_content(Some(&stage.text("derivative-slice-caption", &[])));
        Ok(Slice { figure, plot, curve, tangent, dot })
    }

    fn draw(&self, f: &Polynomial, tangent: Line) {
        self.plot.draw_curve(&self.curve, |x| f.value(f64::from(x)) as f32);
        self.plot.draw_curve(&self.tangent, |x| tangent.value(f64::from(x)) as f32);
        self.plot.move_dot(&self.dot, [tangent.x0 as f32, tangent.y0 as f32]);
    }
}
