//! A ball on a loss over one weight or two: `x -= slope * learning rate`, step by step and running, with momentum.

use super::controls::{Range, Slider, add, button, choice, factor, figure};
use super::gradient_descent_pictures::{CurvePicture, Map};
use super::stage::{Next, Stage};
use super::svg;
use crate::Result;
use crate::explain::descent::{Ball, Curve, Fate, Ground, Surface};
use crate::web::dom;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::{Element, Event, PointerEvent};

/// A ball that is still going after so many steps is stopped.
const MOST: usize = 1000;
/// Frames between two steps of a run.
const FRAMES: u8 = 3;
/// Where the bowl is at least so steep, reaching the minimum is a task.
const STEEP: f64 = 1.0;
/// Through the ravine in so many steps: a task that needs momentum.
const FEW: usize = 40;

/// Builds it.
pub fn show(stage: &Stage) -> Result<()> {
    let root: &Element = stage.root();
    let columns = add(root, "div", "columns")?;
    let controls = add(&columns, "div", "controls-column")?;
    let options = Ground::ALL.map(|ground| (ground.name(), stage.text(&format!("gradient-descent-{}", ground.name()), &[])));
    let chosen = choice(&controls, "gradient-descent-curve", &stage.text("gradient-descent-curve", &[]), &options)?;
    let slider = |place: &Element, id: &str, range, value| {
        let id = format!("gradient-descent-{id}");
        let slider = Slider::new(stage, place, &id, &stage.text(&id, &[]), range, value)?;
        slider.widen();
        Ok::<_, crate::Error>(slider)
    };
    let [of_one, of_two] = [add(&controls, "div", "")?, add(&controls, "div", "")?];
    let (from, to) = Curve::Bowl.range();
    let start = Rc::new(slider(&of_one, "start", Range(from as f32, to as f32, 0.1), Curve::Bowl.start())?);
    let side = Range(-Map::SIDE, Map::SIDE, 0.1);
    let starts = Rc::new([slider(&of_two, "start-1", side, 0.0)?, slider(&of_two, "start-2", side, 0.0)?]);
    let rate = slider(&controls, "rate", Range(0.01, 1.2, 0.01), 0.1)?;
    let momentum = slider(&controls, "momentum", Range(0.0, 0.95, 0.05), 0.0)?;
    {
        let (select, start, starts) = (chosen.clone(), Rc::clone(&start), Rc::clone(&starts));
        stage.on(&chosen, "change", move |_: Event| match Ground::parse(&select.value()) {
            Some(Ground::One(curve)) => {
                let (from, to) = curve.range();
                start.stretch(from as f32, to as f32, curve.start());
            }
            Some(Ground::Two(surface)) => starts.iter().zip(surface.start()).for_each(|(slider, w)| slider.set(w)),
            None => {}
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
    let words_of = |name: &str| stage.text(&format!("gradient-descent-{name}"), &[]);
    let texts = [words_of("picture"), words_of("caption")];
    let curves = Curve::ALL.iter().map(|curve| CurvePicture::new(&columns, &texts, *curve)).collect::<Result<Vec<_>>>()?;
    let texts = [words_of("map"), words_of("map-caption")];
    let maps = Surface::ALL.iter().map(|surface| Map::new(&columns, &texts, *surface)).collect::<Result<Vec<_>>>()?;
    for map in &maps {
        let (plot, starts) = (Rc::clone(&map.plot), Rc::clone(&starts));
        stage.on(&map.plot.svg, "click", move |event: PointerEvent| {
            let point = plot.point(svg::place(&event, &plot.svg));
            starts.iter().zip(point).for_each(|(slider, w)| slider.set((w * 10.0).round() / 10.0));
        });
    }

    let words = stage.clone();
    let mut ball = Ball::new([start.value(), 0.0]);
    let (mut set, mut frames) = ((Ground::One(Curve::Bowl), ball.at()), 0_u8);
    stage.draw(move || {
        let ground = Ground::parse(&chosen.value()).unwrap_or(Ground::One(Curve::Bowl));
        let is_one = ground.weights() == 1;
        dom::show(&of_one, is_one);
        dom::show(&of_two, !is_one);
        let from = if is_one { [start.value(), 0.0] } else { [starts[0].value(), starts[1].value()] };
        if is_reset.take() || set != (ground, from) {
            set = (ground, from);
            ball = Ball::new(from);
            running.set(false);
        }
        let go = |ball: &mut Ball<2>| ball.step(|w| ground.slope(w), rate.value(), momentum.value());
        for _ in 0..steps.take() {
            go(&mut ball);
        }
        let can_go = |ball: &Ball<2>| ball.fate() == Fate::Going && ball.steps() < MOST;
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

        let at = ball.at().map(f64::from);
        let slope = ground.slope(at).map(|slope| slope as f32);
        let written = |values: [f32; 2]| match values.map(|value| figure(value, 3)) {
            [w, _] if is_one => w,
            [w1, w2] => format!("({w1}, {w2})"),
        };
        let args = [
            ("steps", ball.steps().into()),
            ("w", written(ball.at()).into()),
            ("loss", figure(ground.loss(at) as f32, 3).into()),
            ("slope", written(slope).into()),
        ];
        dom::set_text(&here, &words.text("gradient-descent-here", &args));
        let is_gone = ball.fate() == Fate::Diverged;
        let mut ahead = ball.clone();
        go(&mut ahead);
        let sum = |i: usize| {
            // With momentum the slopes before count, too.
            let speed = if momentum.value() > 0.0 {
                let before = factor(ball.velocity()[i], 3);
                format!("({} × {before} + {})", figure(momentum.value(), 2), factor(slope[i], 3))
            } else {
                factor(slope[i], 3)
            };
            let name = if is_one { "w" } else { ["w₁", "w₂"][i] };
            let (now, then) = (figure(ball.at()[i], 3), figure(ahead.at()[i], 3));
            format!("{name} = {now} − {speed} × {} = {then}", figure(rate.value(), 2))
        };
        let sums: Vec<String> = (0..ground.weights()).map(sum).collect();
        let coming = words.text("gradient-descent-next", &[("sum", sums.join(", ").into())]);
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
        curves.iter().for_each(|picture| picture.draw(ground, &ball));
        maps.iter().for_each(|map| map.draw(ground, &ball));

        let is_still = ball.fate() == Fate::Still;
        let is_steep = Curve::Bowl.slope(f64::from(from[0])).abs() >= STEEP;
        match ground {
            Ground::One(Curve::Bowl) if is_still && is_steep => words.done("minimum"),
            Ground::One(Curve::TwoValleys) if is_still && from[0] > 1.0 && at[0] < -1.0 && momentum.value() > 0.0 => {
                words.done("escape");
            }
            Ground::Two(Surface::Ravine) if is_still && from == Surface::Ravine.start() && ball.steps() <= FEW => {
                words.done("ravine");
            }
            _ => {}
        }
        if is_gone {
            words.done("diverge");
        }
        if running.get() { Next::Frame } else { Next::Rest }
    });
    Ok(())
}
