//! A surface as a net of tiles, with the slice through it and a point on it.

use super::svg;
use crate::Result;
use crate::explain::relief;
use crate::web::dom;
use web_sys::Element;

/// Tiles along a side.
const CELLS: u16 = 14;
/// Units of the picture for a step of 1 on the ground, and its size.
const UNIT: f64 = 60.0;
const SIZE: [f32; 2] = [370.0, 250.0];
/// Where the middle of the ground is.
const MIDDLE: [f64; 2] = [185.0, 165.0];

/// See the module's documentation.
pub struct Net {
    side: f32,
    ground: Element,
    cut: Element,
    point: Element,
}

impl Net {
    /// Draws `surface` between -`side` and `side`.
    pub fn new(parent: &Element, label: &str, surface: impl Fn([f64; 2]) -> f64, side: f32) -> Result<Net> {
        let picture = svg::picture(parent, "plot net", SIZE[0], SIZE[1], label)?;
        let reach = f64::from(side);
        let tiles = relief::tiles(&surface, reach, CELLS);
        let highest = tiles.iter().map(|tile| tile.height).fold(f64::MIN_POSITIVE, f64::max);
        for tile in &tiles {
            let path = path(&tile.corners) + "Z";
            svg::add(&picture, "path", &[("class", "tile"), ("d", &path)])?;
            let opacity = format!("{:.2}", 0.1 + 0.9 * tile.height / highest);
            svg::add(&picture, "path", &[("class", "shade"), ("d", &path), ("opacity", &opacity)])?;
        }
        let name = |point: [f64; 2], class: &str, dy: f32, text: &str| {
            let [x, y] = place(relief::project(point, surface(point)));
            svg::text(&picture, class, x, y + dy, text)
        };
        name([0.0, -reach], "name middle", 22.0, "x →")?;
        name([reach, 0.0], "name", 10.0, "\u{a0}\u{a0}y ↗")?;
        let ground = svg::add(&picture, "path", &[("class", "cut-ground")])?;
        let cut = svg::add(&picture, "path", &[("class", "curve")])?;
        let point = svg::add(&picture, "circle", &[("class", "dot second"), ("r", "7")])?;
        Ok(Net { side, ground, cut, point })
    }

    /// Cuts along x at a fixed y (`along` 0) or along y at a fixed x (1), with the point at (x, y).
    pub fn draw(&self, surface: impl Fn([f64; 2]) -> f64, along: usize, fixed: f64, at: [f64; 2]) {
        let side = f64::from(self.side);
        let line = relief::cut(&surface, side, along, fixed);
        let ends = [side, -side].map(|end| relief::project(if along == 0 { [end, fixed] } else { [fixed, end] }, 0.0));
        dom::set(&self.cut, "d", &path(&line));
        dom::set(&self.ground, "d", &(path(&[line, ends.to_vec()].concat()) + "Z"));
        let [x, y] = place(relief::project(at, surface(at)));
        svg::set(&self.point, "cx", x);
        svg::set(&self.point, "cy", y);
    }
}

fn place([right, up]: [f64; 2]) -> [f32; 2] {
    [(MIDDLE[0] + UNIT * right) as f32, (MIDDLE[1] - UNIT * up) as f32]
}

fn path(points: &[[f64; 2]]) -> String {
    let corner = |(i, point): (usize, &[f64; 2])| {
        let [x, y] = place(*point);
        format!("{}{x:.1} {y:.1}", if i == 0 { "M" } else { "L" })
    };
    points.iter().enumerate().map(corner).collect()
}
