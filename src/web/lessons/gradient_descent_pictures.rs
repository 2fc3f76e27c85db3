//! The pictures of gradient descent: a curve with its ball, and a contour map with its ball.

use super::controls::{add, add_text, figure};
use super::plot::Plot;
use super::svg;
use crate::Result;
use crate::explain::contour;
use crate::explain::descent::{Ball, Curve, Ground, Surface};
use crate::web::dom;
use std::rc::Rc;
use web_sys::Element;

/// How many of the places before are shown.
const TRAIL: usize = 12;

/// A curve with its ball.
pub struct CurvePicture {
    curve: Curve,
    figure: Element,
    plot: Plot,
    /// Width and height of the plane.
    size: [f32; 2],
    tangent: Element,
    balls: Balls,
}

impl CurvePicture {
    /// `texts` are what it shows and its caption.
    pub fn new(parent: &Element, [label, caption]: &[String; 2], curve: Curve) -> Result<CurvePicture> {
        let figure = add(parent, "figure", "")?;
        let x = [curve.range().0 as f32, curve.range().1 as f32];
        let (y, tick) = match curve {
            Curve::Bowl => ([0.0, 18.0], [1.0, 5.0]),
            Curve::TwoValleys => ([0.0, 13.0], [1.0, 2.0]),
            Curve::Plateau => ([0.0, 1.2], [2.0, 0.5]),
        };
        let plot = Plot::new(&figure, label, ["w", "C"], x, y, [360.0, 300.0], tick)?;
        plot.draw_curve(&plot.curve("curve")?, |w| curve.loss(f64::from(w)) as f32);
        let tangent = plot.line(&plot.svg, "border", [0.0, 0.0], [0.0, 0.0])?;
        let balls = Balls::new(&plot)?;
        add_text(&figure, "figcaption", "", caption)?;
        Ok(CurvePicture { curve, figure, plot, size: [x[1] - x[0], y[1] - y[0]], tangent, balls })
    }

    /// Draws the ball, if it is on this curve.
    pub fn draw(&self, ground: Ground, ball: &Ball<2>) {
        let is_chosen = ground == Ground::One(self.curve);
        dom::show(&self.figure, is_chosen);
        if !is_chosen {
            return;
        }
        let point = |[w, _]: [f32; 2]| [w, self.curve.loss(f64::from(w)) as f32];
        let is_inside = |w: f32| f64::from(w) >= self.curve.range().0 && f64::from(w) <= self.curve.range().1;
        self.balls.draw(&self.plot, ball, point, |[w, _]| is_inside(w));
        // As long on the picture wherever it is.
        let at = point(ball.at());
        let slope = self.curve.slope(f64::from(at[0])) as f32;
        let reach = 0.14 * self.size[0] / (slope * self.size[0] / self.size[1]).hypot(1.0);
        let ends = [at[0] - reach, at[0] + reach].map(|w| [w, at[1] + slope * (w - at[0])]);
        let ends = if is_inside(at[0]) { ends } else { [[0.0, 0.0]; 2] };
        self.plot.move_line(&self.tangent, ends[0], ends[1]);
    }
}

/// A surface as a contour map, with its ball.
pub struct Map {
    surface: Surface,
    figure: Element,
    pub plot: Rc<Plot>,
    trail: Element,
    down: Element,
    balls: Balls,
}

impl Map {
    /// Half a side of the map.
    pub const SIDE: f32 = 3.0;
    /// Squares of its shading, and of the grid on which lines are looked for.
    const SHADES: u8 = 24;
    const CELLS: u16 = 60;
    /// Losses of the lines: squares, so that the lines are as far apart everywhere; every second one is written.
    const LINES: u8 = 11;
    /// How long the line is that leads down.
    const DOWN: f32 = 0.7;

    /// `texts` are what it shows and its caption.
    pub fn new(parent: &Element, [label, caption]: &[String; 2], surface: Surface) -> Result<Map> {
        let figure = add(parent, "figure", "map")?;
        let range = [-Map::SIDE, Map::SIDE];
        let plot = Plot::new(&figure, label, ["w₁", "w₂"], range, range, [360.0, 360.0], [1.0, 1.0])?;
        shade(&plot, surface)?;
        let reach = range.map(f64::from);
        // A line's number stands where the line is farthest this way, off the axes.
        let written_at = match surface {
            Surface::Slides => [1.0, 1.0],
            Surface::Ravine => [0.3, 1.0],
        };
        for i in 1..=Map::LINES {
            let loss = (f64::from(i) / 2.0).powi(2);
            let pieces = contour::line(|w| surface.loss(w), reach, reach, Map::CELLS, loss);
            let path: String = pieces.iter().map(|[from, to]| format!("M{}L{}", on(&plot, *from), on(&plot, *to))).collect();
            svg::add(&plot.svg, "path", &[("class", "height"), ("d", &path)])?;
            let way = |end: &&[f64; 2]| end[0] * written_at[0] + end[1] * written_at[1];
            let is_inside = |end: &&[f64; 2]| end.iter().all(|w| w.abs() < 0.95 * reach[1]);
            let farthest = pieces.iter().flatten().filter(is_inside).max_by(|a, b| way(a).total_cmp(&way(b)));
            if let Some(end) = farthest.filter(|_| i % 2 == 0) {
                let [x, y] = plot.at(end.map(|w| w as f32));
                svg::text(&plot.svg, "loss", x, y + 4.0, &written(loss))?;
            }
        }
        let trail = plot.curve("trail")?;
        let down = plot.line(&plot.svg, "border", [0.0, 0.0], [0.0, 0.0])?;
        let balls = Balls::new(&plot)?;
        add_text(&figure, "figcaption", "", caption)?;
        Ok(Map { surface, figure, plot: Rc::new(plot), trail, down, balls })
    }

    /// Draws the ball, if it is on this map.
    pub fn draw(&self, ground: Ground, ball: &Ball<2>) {
        let is_chosen = ground == Ground::Two(self.surface);
        dom::show(&self.figure, is_chosen);
        if !is_chosen {
            return;
        }
        let is_inside = |w: [f32; 2]| w.iter().all(|w| w.abs() <= Map::SIDE);
        self.balls.draw(&self.plot, ball, |w| w, is_inside);
        let places = ball.trail.iter().filter(|w| is_inside(**w)).enumerate();
        let path: String =
            places.map(|(i, w)| format!("{}{}", if i == 0 { "M" } else { "L" }, on(&self.plot, w.map(f64::from)))).collect();
        dom::set(&self.trail, "d", &path);
        let at = ball.at();
        let slope = self.surface.slope(at.map(f64::from)).map(|slope| slope as f32);
        let steep = slope[0].hypot(slope[1]);
        let is_drawn = is_inside(at) && steep > 0.0;
        let end = if is_drawn { [0, 1].map(|i| at[i] - Map::DOWN * slope[i] / steep) } else { [0.0, 0.0] };
        self.plot.move_line(&self.down, if is_drawn { at } else { end }, end);
    }
}

/// The deeper the colour, the larger the loss.
fn shade(plot: &Plot, surface: Surface) -> Result<()> {
    let step = 2.0 * Map::SIDE / f32::from(Map::SHADES);
    let at = |i: u8| -Map::SIDE + step * f32::from(i);
    let highest = surface.loss([f64::from(Map::SIDE); 2]).sqrt();
    for (i, j) in (0..Map::SHADES).flat_map(|j| (0..Map::SHADES).map(move |i| (i, j))) {
        let ([left, bottom], [right, top]) = (plot.at([at(i), at(j)]), plot.at([at(i) + step, at(j) + step]));
        let cell = svg::add(&plot.ground, "rect", &[("class", "shade")])?;
        for (name, value) in [("x", left), ("y", top), ("width", right - left), ("height", bottom - top)] {
            svg::set(&cell, name, value);
        }
        let middle = [at(i) + step / 2.0, at(j) + step / 2.0].map(f64::from);
        svg::set(&cell, "opacity", (surface.loss(middle).sqrt() / highest) as f32);
    }
    Ok(())
}

/// A point of the plane, as a path has it.
fn on(plot: &Plot, point: [f64; 2]) -> String {
    let [x, y] = plot.at(point.map(|w| w as f32));
    format!("{x:.1} {y:.1}")
}

fn written(loss: f64) -> String {
    figure(loss as f32, 2)
}

/// The ball, and where it was in the last steps.
struct Balls {
    trail: Vec<Element>,
    ball: Element,
}

impl Balls {
    fn new(plot: &Plot) -> Result<Balls> {
        let trail = (0..TRAIL).map(|_| plot.dot("dot", [0.0, 0.0])).collect::<Result<Vec<_>>>()?;
        trail.iter().for_each(|dot| svg::set(dot, "r", 3.5));
        let ball = plot.dot("dot second", [0.0, 0.0])?;
        svg::set(&ball, "r", 8.0);
        Ok(Balls { trail, ball })
    }

    /// Each place stands at a point of the plane; those before are left out where they are not inside.
    fn draw(&self, plot: &Plot, ball: &Ball<2>, point: impl Fn([f32; 2]) -> [f32; 2], is_inside: impl Fn([f32; 2]) -> bool) {
        let mut before = ball.trail.iter().rev().skip(1).take(TRAIL).filter(|place| is_inside(**place));
        let at = point(ball.at());
        for dot in &self.trail {
            plot.move_dot(dot, before.next().map_or(at, |place| point(*place)));
        }
        plot.move_dot(&self.ball, at);
    }
}
