//! A plane with axes, for curves and points.

use super::svg;
use crate::Result;
use crate::web::dom;
use web_sys::Element;

/// Units of the picture around the plane, where numbers of the axes stand.
const MARGIN: f32 = 22.0;

/// A part of the plane, from `x[0]` to `x[1]` and `y[0]` to `y[1]`, on a picture of `size` units.
pub struct Plot {
    pub svg: Element,
    /// Below the axes, for areas.
    pub ground: Element,
    x: [f32; 2],
    y: [f32; 2],
    size: [f32; 2],
}

impl Plot {
    /// Draws the axes, with their names at the ends and a number at every `tick`.
    pub fn new(
        parent: &Element,
        label: &str,
        names: [&str; 2],
        x: [f32; 2],
        y: [f32; 2],
        size: [f32; 2],
        tick: [f32; 2],
    ) -> Result<Plot> {
        let svg = svg::picture(parent, "plot", size[0], size[1], label)?;
        let ground = svg::add(&svg, "g", &[])?;
        let plot = Plot { svg, ground, x, y, size };
        let zero = [0.0_f32.clamp(x[0], x[1]), 0.0_f32.clamp(y[0], y[1])];
        for (axis, range) in [x, y].into_iter().enumerate() {
            let ends = range.map(|end| if axis == 0 { [end, zero[1]] } else { [zero[0], end] });
            plot.line(&plot.svg, "axis", ends[0], ends[1])?;
            let mut at = (range[0] / tick[axis]).ceil() * tick[axis];
            while at <= range[1] + 1e-4 {
                if (at - zero[axis]).abs() > 1e-4 {
                    let point = plot.at(if axis == 0 { [at, zero[1]] } else { [zero[0], at] });
                    let (class, dx, dy) = if axis == 0 { ("tick middle", 0.0, 13.0) } else { ("tick end", -5.0, 4.0) };
                    svg::text(&plot.svg, class, point[0] + dx, point[1] + dy, &super::controls::figure(at, 1))?;
                }
                at += tick[axis];
            }
        }
        let right = plot.at([x[1], zero[1]]);
        svg::text(&plot.svg, "name end", right[0], right[1] - 6.0, names[0])?;
        let top = plot.at([zero[0], y[1]]);
        svg::text(&plot.svg, "name", top[0] + 6.0, top[1] + 6.0, names[1])?;
        Ok(plot)
    }

    /// Where a point of the plane is on the picture.
    pub fn at(&self, point: [f32; 2]) -> [f32; 2] {
        let share = |value: f32, range: [f32; 2]| (value - range[0]) / (range[1] - range[0]);
        let [width, height] = self.size.map(|side| side - 2.0 * MARGIN);
        [MARGIN + width * share(point[0], self.x), MARGIN + height * (1.0 - share(point[1], self.y))]
    }

    /// The point of the plane at these shares of the picture's width and height; at the edge of the plane if it is outside.
    pub fn point(&self, share: [f32; 2]) -> [f32; 2] {
        let along = |axis: usize| (share[axis] * self.size[axis] - MARGIN) / (self.size[axis] - 2.0 * MARGIN);
        let [right, down] = [along(0).clamp(0.0, 1.0), along(1).clamp(0.0, 1.0)];
        [self.x[0] + right * (self.x[1] - self.x[0]), self.y[1] - down * (self.y[1] - self.y[0])]
    }

    /// A line between two points of the plane.
    pub fn line(&self, parent: &Element, class: &str, from: [f32; 2], to: [f32; 2]) -> Result<Element> {
        let line = svg::add(parent, "line", &[("class", class)])?;
        self.move_line(&line, from, to);
        Ok(line)
    }

    /// Moves it.
    pub fn move_line(&self, line: &Element, from: [f32; 2], to: [f32; 2]) {
        let ([x1, y1], [x2, y2]) = (self.at(from), self.at(to));
        [("x1", x1), ("y1", y1), ("x2", x2), ("y2", y2)].iter().for_each(|(name, value)| svg::set(line, name, *value));
    }

    /// A dot at a point of the plane.
    pub fn dot(&self, class: &str, point: [f32; 2]) -> Result<Element> {
        let dot = svg::add(&self.svg, "circle", &[("class", class), ("r", "6")])?;
        self.move_dot(&dot, point);
        Ok(dot)
    }

    /// Moves it; what is outside stays at the edge.
    pub fn move_dot(&self, dot: &Element, point: [f32; 2]) {
        let inside = [point[0].clamp(self.x[0], self.x[1]), point[1].clamp(self.y[0], self.y[1])];
        let [x, y] = self.at(inside);
        svg::set(dot, "cx", x);
        svg::set(dot, "cy", y);
    }

    /// An empty curve.
    pub fn curve(&self, class: &str) -> Result<Element> {
        svg::add(&self.svg, "path", &[("class", class)])
    }

    /// Draws y = f(x) with a curve; it is cut where it leaves the plane.
    pub fn draw_curve(&self, curve: &Element, f: impl Fn(f32) -> f32) {
        const STEPS: u16 = 160;
        let (mut path, mut is_down) = (String::new(), false);
        for i in 0..=STEPS {
            let x = self.x[0] + (self.x[1] - self.x[0]) * f32::from(i) / f32::from(STEPS);
            let y = f(x);
            let inside = y.is_finite() && y >= self.y[0] - 1e-3 && y <= self.y[1] + 1e-3;
            if inside {
                let [px, py] = self.at([x, y]);
                path += &format!("{}{px:.1} {py:.1}", if is_down { "L" } else { "M" });
            }
            is_down = inside;
        }
        dom::set(curve, "d", &path);
    }
}
