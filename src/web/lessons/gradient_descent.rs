//! A ball on a loss curve: `x -= slope * learning rate`, step by step and running, with momentum.

use super::controls::{Range, Slider, add, button, choice, factor, figure};
use super::plot::Plot;
use super::stage::{Next, Stage};
use super::svg;
use crate::Result;
use crate::explain::descent::{Ball, Curve, Fate};
use crate::web::dom;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{Element, Event};

/// A ball that is still going after so many steps is stopped.
const MOST: usize = 1000;
/// Frames between two steps of a run.
const FRAMES: u8 = 3;
/// How many of the places before are shown.
const TRAIL: usize = 12;
/// Where the bowl is at least so steep, reaching the minimum is a task.
const STEEP: f64 = 1.0;

/// Builds it.
pub fn show(stage: &Stage) -> Result<()> {
    let root: &Element = stage.root();
    let columns = add(root, "div", "columns")?;
    let controls = add(&columns, "div", "controls-column")?;
    let options = Curve::ALL.map(|curve| (curve.name(), stage.text(&format!("gradient-descent-{}", curve.name()), &[])));
    let chosen = choice(&controls, "gradient-descent-curve", &stage.text("gradient-descent-curve", &[]), &options)?;
    let slider = |id: &str, range, value| {
        let id = format!("gradient-descent-{id}");
        let slider = Slider::new(stage, &controls, &id, &stage.text(&id, &[]), range, value)?;
        slider.widen();
        Ok::<_, crate::Error>(slider)
    };
    let (from, to) = Curve::Bowl.range();
    let start = Rc::new(slider("start", Range(from as f32, to as f32, 0.1), Curve::Bowl.start())?);
    let rate = slider("rate", Range(0.01, 1.2, 0.01), 0.1)?;
    let momentum = slider("momentum", Range(0.0, 0.95, 0.05), 0.0)?;
    {
        let (select, start) = (chosen.clone(), Rc::clone(&start));
        stage.on(&chosen, "change", move |_: Event| {
            let curve = Curve::parse(&select.value()).unwrap_or(Curve::Bowl);
            let (from, to) = curve.range();
            start.stretch(from as f32, to as f32, curve.start());
        });
    }
    let (steps, running, is_reset) = (Rc::new(Cell::new(0_usize)), Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
    let buttons = add(&controls, "div", "buttons")?;
    let (more, halt) = (Rc::clone(&steps), Rc::clone(&running));
    button(stage, &buttons, "gradient-descent-step", &stage.text("gradient-descent-step", &[]), move || {
        halt.set(false);
        more.set(more.get() + 1);
    })?;
    let turn = Rc::clone(&running);
    let run = button(stage, &buttons, "gradient-descent-run", &stage.text("gradient-descent-run", &[]), move || {
        turn.set(!turn.get());
    })?;
    let again = Rc::clone(&is_reset);
    button(stage, &buttons, "gradient-descent-reset", &stage.text("gradient-descent-reset", &[]), move || again.set(true))?;
    let here = add(&controls, "p", "sum")?;
    here.set_id("gradient-descent-here");
    let next = add(&controls, "p", "sum")?;
    next.set_id("gradient-descent-next");
    let said = add(&controls, "p", "")?;
    said.set_id("gradient-descent-said");
    dom::set(&said, "role", "status");
    let pictures = Curve::ALL.iter().map(|curve| Picture::new(stage, &columns, *curve)).collect::<Result<Vec<_>>>()?;

    let words = stage.clone();
    let mut ball = Ball::new([start.value()]);
    let (mut set, mut frames) = ((Curve::Bowl, start.value()), 0_u8);
    stage.draw(move || {
        let curve = Curve::parse(&chosen.value()).unwrap_or(Curve::Bowl);
        if is_reset.take() || set != (curve, start.value()) {
            set = (curve, start.value());
            ball = Ball::new([start.value()]);
            running.set(false);
        }
        let go = |ball: &mut Ball<1>| ball.step(|[w]| [curve.slope(w)], rate.value(), momentum.value());
        for _ in 0..steps.take() {
            go(&mut ball);
        }
        let can_go = |ball: &Ball<1>| ball.fate() == Fate::Going && ball.steps() < MOST;
        if running.get() {
            if words.is_still() {
                while can_go(&ball) {
                    go(&mut ball);
                }
            } else if frames == 0 && can_go(&ball) {
                go(&mut ball);
            }
            frames = (frames + 1) % FRAMES;
            running.set(can_go(&ball));
        }

        let [w] = ball.at();
        let (loss, slope) = (curve.loss(f64::from(w)) as f32, curve.slope(f64::from(w)) as f32);
        let args = [
            ("steps", ball.steps().into()),
            ("w", figure(w, 3).into()),
            ("loss", figure(loss, 3).into()),
            ("slope", figure(slope, 3).into()),
        ];
        dom::set_text(&here, &words.text("gradient-descent-here", &args));
        let is_gone = ball.fate() == Fate::Diverged;
        let mut ahead = ball.clone();
        go(&mut ahead);
        // With momentum the slopes before count, too.
        let speed = if momentum.value() > 0.0 {
            let before = ball.velocity()[0];
            format!("({} × {} + {})", figure(momentum.value(), 2), factor(before, 3), factor(slope, 3))
        } else {
            factor(slope, 3)
        };
        let sum = format!("w = {} − {speed} × {} = {}", figure(w, 3), figure(rate.value(), 2), figure(ahead.at()[0], 3));
        let coming = words.text("gradient-descent-next", &[("sum", sum.into())]);
        dom::set_text(&next, if is_gone { "" } else { &coming });
        let state = match ball.fate() {
            Fate::Diverged => "diverged",
            Fate::Still => "still",
            Fate::Going if ball.steps() >= MOST => "tired",
            Fate::Going => "going",
        };
        dom::set_text(&said, &words.text(&format!("gradient-descent-{state}"), &[]));
        let run_text =
            if running.get() { words.text("gradient-descent-pause", &[]) } else { words.text("gradient-descent-run", &[]) };
        dom::set_text(&run, &run_text);
        for picture in &pictures {
            picture.draw(curve, &ball);
        }

        let from = f64::from(ball.trail[0][0]);
        if curve == Curve::Bowl && ball.fate() == Fate::Still && curve.slope(from).abs() >= STEEP {
            words.done("minimum");
        }
        if is_gone {
            words.done("diverge");
        }
        let is_over = from > 1.0 && w < -1.0 && ball.fate() == Fate::Still;
        if curve == Curve::TwoValleys && is_over && momentum.value() > 0.0 {
            words.done("escape");
        }
        if running.get() { Next::Frame } else { Next::Rest }
    });
    Ok(())
}

/// One curve with its ball.
struct Picture {
    curve: Curve,
    figure: Element,
    plot: Plot,
    /// Width and height of the plane.
    size: [f32; 2],
    tangent: Element,
    trail: Vec<Element>,
    ball: Element,
}

impl Picture {
    fn new(stage: &Stage, parent: &Element, curve: Curve) -> Result<Picture> {
        let figure = add(parent, "figure", "")?;
        let x = [curve.range().0 as f32, curve.range().1 as f32];
        let (y, tick) = match curve {
            Curve::Bowl => ([0.0, 18.0], [1.0, 5.0]),
            Curve::TwoValleys => ([-3.0, 10.0], [1.0, 2.0]),
            Curve::Plateau => ([0.0, 1.2], [2.0, 0.5]),
        };
        let label = stage.text("gradient-descent-picture", &[]);
        let plot = Plot::new(&figure, &label, ["w", "C"], x, y, [360.0, 300.0], tick)?;
        plot.draw_curve(&plot.curve("curve")?, |w| curve.loss(f64::from(w)) as f32);
        let tangent = plot.line(&plot.svg, "border", [0.0, 0.0], [0.0, 0.0])?;
        let trail = (0..TRAIL).map(|_| plot.dot("dot", [0.0, 0.0])).collect::<Result<Vec<_>>>()?;
        trail.iter().for_each(|dot| svg::set(dot, "r", 3.5));
        let ball = plot.dot("dot second", [0.0, 0.0])?;
        svg::set(&ball, "r", 8.0);
        add(&figure, "figcaption", "")?.set_text_content(Some(&stage.text("gradient-descent-caption", &[])));
        Ok(Picture { curve, figure, plot, size: [x[1] - x[0], y[1] - y[0]], tangent, trail, ball })
    }

    fn draw(&self, chosen: Curve, ball: &Ball<1>) {
        dom::show(&self.figure, self.curve == chosen);
        if self.curve != chosen {
            return;
        }
        let point = |[w]: [f32; 1]| [w, self.curve.loss(f64::from(w)) as f32];
        let is_inside = |w: f32| f64::from(w) >= self.curve.range().0 && f64::from(w) <= self.curve.range().1;
        let mut before = ball.trail.iter().rev().skip(1).take(TRAIL).filter(|[w]| is_inside(*w));
        let at = point(ball.at());
        for dot in &self.trail {
            self.plot.move_dot(dot, before.next().map_or(at, |place| point(*place)));
        }
        self.plot.move_dot(&self.ball, at);
        // As long on the picture wherever it is.
        let slope = self.curve.slope(f64::from(at[0])) as f32;
        let reach = 0.14 * self.size[0] / (slope * self.size[0] / self.size[1]).hypot(1.0);
        let ends = [at[0] - reach, at[0] + reach].map(|w| [w, at[1] + slope * (w - at[0])]);
        let ends = if is_inside(at[0]) { ends } else { [[0.0, 0.0]; 2] };
        self.plot.move_line(&self.tangent, ends[0], ends[1]);
    }
}
