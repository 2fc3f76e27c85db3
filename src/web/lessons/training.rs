//! A neuron with one input on seven points: trained by hand with two sliders, or by the rule that trains networks.

use super::controls::{Range, Slider, add, add_text, button, factor, figure};
use super::plot::Plot;
use super::stage::{Next, Stage};
use crate::Result;
use crate::explain::fit::{Course, Line, POINTS};
use crate::web::dom;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::Element;

/// Frames between two steps of learning.
const FRAMES: u8 = 3;
/// A loss below this, by hand, is a task.
const GOOD: f32 = 0.1;
/// Half a side of the plane of the points, and of the sliders' way.
const SIDE: f32 = 3.0;
/// The largest loss on its plane.
const MOST: f32 = 25.0;
/// The random weights that everybody finds.
const FIRST: Line = Line { w: -1.5, b: 2.0 };

/// Builds it.
pub fn show(stage: &Stage) -> Result<()> {
    let root: &Element = stage.root();
    let columns = add(root, "div", "columns")?;
    let controls = add(&columns, "div", "controls-column")?;
    let slider = |id: &str, label: &str, value| Slider::new(stage, &controls, id, label, Range(-SIDE, SIDE, 0.05), value);
    let sliders = [slider("training-w", "w", FIRST.w)?, slider("training-b", "b", FIRST.b)?];
    let label = stage.text("training-rate", &[]);
    let rate = Slider::new(stage, &controls, "training-rate", &label, Range(0.01, 0.5, 0.01), 0.1)?;
    rate.widen();
    let (steps, running, is_new) = (Rc::new(Cell::new(0_usize)), Rc::new(Cell::new(false)), Rc::new(Cell::new(false)));
    let buttons = add(&controls, "div", "buttons")?;
    let again = Rc::clone(&is_new);
    button(stage, &buttons, "training-random", &stage.text("training-random", &[]), move || again.set(true))?;
    let (more, halt) = (Rc::clone(&steps), Rc::clone(&running));
    button(stage, &buttons, "training-step", &stage.text("training-step", &[]), move || {
        halt.set(false);
        more.set(more.get() + 1);
    })?;
    let turn = Rc::clone(&running);
    let learn = button(stage, &buttons, "training-learn", &stage.text("training-learn", &[]), move || turn.set(!turn.get()))?;
    let loss = add(&controls, "p", "sum")?;
    loss.set_id("training-loss");
    let next = add(&controls, "p", "sum")?;
    next.set_id("training-next");
    let said = add(&controls, "p", "")?;
    said.set_id("training-said");
    dom::set(&said, "role", "status");
    let points = Points::new(stage, &columns)?;
    let (plane, past) = history(stage, &columns)?;

    let words = stage.clone();
    let mut course = Course::new(FIRST);
    let (mut placed, mut frames) = ([FIRST.w, FIRST.b], 0_u8);
    stage.draw(move || {
        let moved = [sliders[0].value(), sliders[1].value()];
        if is_new.take() {
            running.set(false);
            course = Course::new(Line::random((js_sys::Math::random() * 1e9) as u64));
        } else if moved != placed {
            running.set(false);
            // The slider that was not moved may have rounded what was learned.
            let Line { w, b } = course.line();
            let w = if moved[0] == placed[0] { w } else { moved[0] };
            let b = if moved[1] == placed[1] { b } else { moved[1] };
            course.move_to(Line { w, b });
        }
        let is_over = |course: &Course| course.line().is_still() || course.line().is_lost();
        for _ in 0..steps.take() {
            if !is_over(&course) {
                course.learn(rate.value());
            }
        }
        if running.get() {
            if words.is_still() {
                while !is_over(&course) {
                    course.learn(rate.value());
                }
            } else if frames == 0 && !is_over(&course) {
                course.learn(rate.value());
            }
            frames = (frames + 1) % FRAMES;
            running.set(!is_over(&course));
        }
        let line = course.line();
        sliders[0].set(line.w);
        sliders[1].set(line.b);
        placed = [sliders[0].value(), sliders[1].value()];

        dom::set_text(&loss, &words.text("training-loss", &[("sum", spelled(line).into())]));
        let ahead = line.step(rate.value());
        let [of_w, of_b] = line.slopes();
        let rule = |name: &str, from: f32, slope: f32, to: f32| {
            let (slope, rate) = (factor(slope, 2), figure(rate.value(), 2));
            format!("{name} = {} − {slope} × {rate} = {}", figure(from, 2), figure(to, 2))
        };
        let args = [("w", rule("w", line.w, of_w, ahead.w).into()), ("b", rule("b", line.b, of_b, ahead.b).into())];
        let coming = words.text("training-next", &args);
        dom::set_text(&next, if line.is_lost() { "" } else { &coming });
        let state = if line.is_lost() {
            "lost"
        } else if line.is_still() {
            "still"
        } else if course.steps() > 0 {
            "learning"
        } else if line.loss() < GOOD {
            "good"
        } else {
            "far"
        };
        dom::set_text(&said, &words.text(&format!("training-{state}"), &[("steps", course.steps().into())]));
        let text = if running.get() { words.text("training-pause", &[]) } else { words.text("training-learn", &[]) };
        dom::set_text(&learn, &text);
        points.draw(line);
        plane.draw_curve(&past, |share| course.loss_at(share).min(MOST));

        if course.steps() == 0 && line.loss() < GOOD {
            words.done("by-hand");
        }
        if course.steps() > 0 && line.is_still() {
            words.done("learn");
        }
        if line.is_lost() {
            words.done("diverge");
        }
        if running.get() { Next::Frame } else { Next::Rest }
    });
    Ok(())
}

/// C = (8.35² + ...) / 7 = 21.12.
fn spelled(line: Line) -> String {
    let squares: Vec<String> = line.differences().iter().map(|off| format!("{}²", factor(*off, 2))).collect();
    format!("C = ({}) / {} = {}", squares.join(" + "), squares.len(), figure(line.loss(), 3))
}

/// The points, the line, and how far it is from each.
struct Points {
    plot: Plot,
    line: Element,
    gaps: Vec<Element>,
}

impl Points {
    fn new(stage: &Stage, parent: &Element) -> Result<Points> {
        let figure = add(parent, "figure", "")?;
        let label = stage.text("training-points", &[]);
        let plot = Plot::new(&figure, &label, ["x", "y"], [-SIDE, SIDE], [-SIDE, SIDE], [300.0, 300.0], [1.0, 1.0])?;
        let gaps = POINTS.iter().map(|point| plot.line(&plot.svg, "gap", *point, *point)).collect::<Result<Vec<_>>>()?;
        let line = plot.curve("curve second")?;
        for point in POINTS {
            plot.dot("dot", point)?;
        }
        add_text(&figure, "figcaption", "", &stage.text("training-points-caption", &[]))?;
        Ok(Points { plot, line, gaps })
    }

    fn draw(&self, line: Line) {
        self.plot.draw_curve(&self.line, |x| line.answer(x));
        for (gap, [x, y]) in self.gaps.iter().zip(POINTS) {
            self.plot.move_line(gap, [x, y], [x, line.answer(x).clamp(-SIDE, SIDE)]);
        }
    }
}

/// The plane of the loss over time, and its curve.
fn history(stage: &Stage, parent: &Element) -> Result<(Plot, Element)> {
    let figure = add(parent, "figure", "")?;
    // Time has no numbers: what is shown is all of it, from the random weights on.
    let no_tick = 2.0;
    let names = [&*stage.text("training-time", &[]), "C"];
    let label = stage.text("training-history", &[]);
    let plot = Plot::new(&figure, &label, names, [0.0, 1.0], [0.0, MOST], [300.0, 300.0], [no_tick, 5.0])?;
    let past = plot.curve("curve")?;
    add_text(&figure, "figcaption", "", &stage.text("training-history-caption", &[]))?;
    Ok((plot, past))
}
