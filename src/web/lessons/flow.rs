//! A graph in which numbers run: nodes with their values, edges with what they multiply by, and a token on its way along an edge.

use super::svg;
use crate::Result;
use crate::web::dom;
use web_sys::Element;

/// A node's radius, and a token's width and height.
const RADIUS: f32 = 21.0;
const TOKEN: [f32; 2] = [42.0, 19.0];
/// Between two lines below a node.
const LINE: f32 = 12.0;

/// See the module's documentation.
pub struct Flow {
    /// From the back to the front.
    edges: Element,
    nodes: Element,
    tokens: Element,
}

/// A node.
pub struct Node {
    circle: Element,
    value: Element,
    notes: [Element; 2],
    /// Where the first line below it stands.
    below: f32,
}

/// What happens on an edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Course {
    Rest,
    /// From the input to the result.
    Ahead,
    /// From the result back.
    Back,
}

/// An edge, with its token.
pub struct Edge {
    line: Element,
    label: Element,
    token: Element,
    number: Element,
    ends: [[f32; 2]; 2],
}

impl Flow {
    /// An empty picture of `size` units.
    pub fn new(parent: &Element, label: &str, size: [f32; 2]) -> Result<Flow> {
        let picture = svg::picture(parent, "flow", size[0], size[1], label)?;
        let group = || svg::add(&picture, "g", &[]);
        Ok(Flow { edges: group()?, nodes: group()?, tokens: group()? })
    }

    /// A node with its name above it.
    pub fn node(&self, [x, y]: [f32; 2], name: &str) -> Result<Node> {
        let circle = svg::add(&self.nodes, "circle", &[("class", "node"), ("r", &RADIUS.to_string())])?;
        svg::set(&circle, "cx", x);
        svg::set(&circle, "cy", y);
        svg::text(&self.nodes, "name", x, y - RADIUS - 6.0, name)?;
        let value = svg::text(&self.nodes, "value", x, y + 4.0, "")?;
        let below = y + RADIUS + LINE + 1.0;
        let note = |class| svg::text(&self.nodes, class, x, below, "");
        Ok(Node { circle, value, notes: [note("note")?, note("note back")?], below })
    }

    /// An edge between the middles of two nodes. Its label stands at that share of the way: not where edges cross.
    pub fn edge(&self, from: [f32; 2], to: [f32; 2], label_at: f32) -> Result<Edge> {
        let line = svg::add(&self.edges, "line", &[])?;
        let ends = [("x1", from[0]), ("y1", from[1]), ("x2", to[0]), ("y2", to[1])];
        ends.iter().for_each(|(name, value)| svg::set(&line, name, *value));
        let [x, y] = between(from, to, label_at);
        let label = svg::text(&self.edges, "label", x, y + 4.0, "")?;
        let token = svg::add(&self.tokens, "g", &[("class", "token")])?;
        let [width, height] = TOKEN;
        let box_of = svg::add(&token, "rect", &[("rx", "9")])?;
        for (name, value) in [("x", -width / 2.0), ("y", -height / 2.0), ("width", width), ("height", height)] {
            svg::set(&box_of, name, value);
        }
        let number = svg::text(&token, "value", 0.0, 4.0, "")?;
        let edge = Edge { line, label, token, number, ends: [from, to] };
        edge.show(Course::Rest, "", None);
        Ok(edge)
    }
}

impl Node {
    /// Shows what it is worth, if that is known yet.
    pub fn show(&self, value: Option<String>) {
        dom::set(&self.circle, "class", if value.is_some() { "node" } else { "node open" });
        dom::set_text(&self.value, &value.unwrap_or_default());
    }

    /// Lines below it: a plain one, if any, and what came back.
    pub fn note(&self, plain: &str, back: &str) {
        dom::set_text(&self.notes[0], plain);
        dom::set_text(&self.notes[1], back);
        svg::set(&self.notes[1], "y", self.below + if plain.is_empty() { 0.0 } else { LINE });
    }
}

impl Edge {
    /// Shows its label, and a token so far on its way (0 to 1), if one is on its way.
    pub fn show(&self, course: Course, label: &str, token: Option<(f32, String)>) {
        let class = match course {
            Course::Rest => "edge",
            Course::Ahead => "edge ahead",
            Course::Back => "edge back",
        };
        dom::set(&self.line, "class", class);
        dom::set_text(&self.label, label);
        let is_under_way = token.is_some();
        if let Some((share, number)) = token {
            let share = if course == Course::Back { 1.0 - share } else { share };
            let [x, y] = between(self.ends[0], self.ends[1], share);
            dom::set(&self.token, "transform", &format!("translate({x:.1} {y:.1})"));
            dom::set_text(&self.number, &number);
        }
        dom::set(&self.token, "visibility", if is_under_way { "visible" } else { "hidden" });
    }
}

fn between(from: [f32; 2], to: [f32; 2], share: f32) -> [f32; 2] {
    [0, 1].map(|i| from[i] + (to[i] - from[i]) * share)
}
