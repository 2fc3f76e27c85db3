//! Numbers on their way through g, h and f: the values ahead, the slopes back; along one path and along two.

use super::controls::{Range, Slider, add, choice, factor, figure};
use super::flow::{Course, Edge, Flow, Node};
use super::stage::Stage;
use super::walk::Walk;
use crate::Result;
use crate::explain::chain::{self, OnePath, TwoPaths};
use crate::explain::derivative::central_difference;
use crate::web::dom;
use web_sys::Element;

/// Steps: the first values, z, the slopes at z, and those at the beginning.
const STEPS: usize = 4;
/// How far a value is moved to both sides for the check.
const H: f64 = 1e-3;

/// Builds it.
pub fn show(stage: &Stage) -> Result<()> {
    let root: &Element = stage.root();
    let columns = add(root, "div", "columns")?;
    let controls = add(&columns, "div", "controls-column")?;
    let options = ["one", "two"].map(|paths| (paths, stage.text(&format!("chain-rule-{paths}"), &[])));
    let paths = choice(&controls, "chain-rule-paths", &stage.text("chain-rule-paths", &[]), &options)?;
    let range = Range(-3.0, 3.0, 0.5);
    let of_one = add(&controls, "div", "")?;
    let x = Slider::new(stage, &of_one, "chain-rule-x", "x", range, 1.0)?;
    let of_two = add(&controls, "div", "")?;
    let t = Slider::new(stage, &of_two, "chain-rule-t", "t", range, 1.0)?;
    let walk = Walk::new(stage, &controls, "chain-rule", STEPS)?;
    let lines = add(&controls, "div", "")?;
    lines.set_id("chain-rule-lines");
    dom::set(&lines, "role", "status");
    let lines = [(); STEPS + 2].map(|()| add(&lines, "p", "sum"));
    let lines = lines.into_iter().collect::<Result<Vec<_>>>()?;
    let one = One::new(stage, &columns)?;
    let two = Two::new(stage, &columns)?;

    let again = walk.clone();
    stage.on(&paths, "change", move |_: web_sys::Event| again.go(0));
    let words = stage.clone();
    stage.draw(move || {
        let next = walk.advance(words.is_still());
        let is_one = paths.value() == "one";
        for (element, shown) in [(&of_one, is_one), (&one.figure, is_one), (&of_two, !is_one), (&two.figure, !is_one)] {
            dom::show(element, shown);
        }
        let (written, slope) = if is_one {
            let path = chain::one_path(f64::from(x.value()));
            one.draw(&path, &walk);
            if path.dz_dx == 0.0 && walk.has(STEPS) {
                words.done("zero");
            }
            (of_one_path(&path), central_difference(|x| chain::one_path(x).z, path.x, H))
        } else {
            let both = chain::two_paths(f64::from(t.value()));
            two.draw(&both, &walk);
            if walk.has(STEPS) {
                words.done("through");
                if both.along_x * both.along_y < 0.0 {
                    words.done("against");
                }
            }
            (of_two_paths(&both), central_difference(|t| chain::two_paths(t).z, both.t, H))
        };
        for (i, line) in lines.iter().enumerate() {
            // The last step has two lines; the check comes after it.
            let text = match written.get(i) {
                Some(text) if walk.has((i + 1).min(STEPS)) => text.clone(),
                None if walk.has(STEPS) => words.text("chain-rule-check", &[("slope", short(slope).into())]),
                _ => String::new(),
            };
            dom::set_text(line, &text);
        }
        next
    });
    Ok(())
}

fn short(value: f64) -> String {
    figure(value as f32, 2)
}

fn times(value: f64) -> String {
    factor(value as f32, 2)
}

fn of_one_path(path: &OnePath) -> Vec<String> {
    let OnePath { x, y, z, dy_dx, dz_dy, dz_dx } = *path;
    vec![
        format!("y = g(x) = 2x + 1 = 2 × {} + 1 = {}", times(x), short(y)),
        format!("z = h(y) = y² = {}² = {}", times(y), short(z)),
        format!("dz/dy = 2y = 2 × {} = {}", times(y), short(dz_dy)),
        format!("dy/dx = {}", short(dy_dx)),
        format!("dz/dx = dz/dy · dy/dx = {} × {} = {}", times(dz_dy), times(dy_dx), short(dz_dx)),
    ]
}

fn of_two_paths(paths: &TwoPaths) -> Vec<String> {
    let TwoPaths { t, x, y, z, dx_dt, dy_dt, dz_dx, dz_dy, along_x, along_y, dz_dt } = *paths;
    vec![
        format!("x = g(t) = t² = {}, y = h(t) = 3t = 3 × {} = {}", short(x), times(t), short(y)),
        format!("z = f(x, y) = x² + xy + y² = {}² + {} × {} + {}² = {}", times(x), times(x), times(y), times(y), short(z)),
        format!("∂z/∂x = 2x + y = {}, ∂z/∂y = x + 2y = {}", short(dz_dx), short(dz_dy)),
        format!("dx/dt = 2t = {}, dy/dt = {}", short(dx_dt), short(dy_dt)),
        format!(
            "dz/dt = ∂z/∂x · dx/dt + ∂z/∂y · dy/dt = {} × {} + {} × {} = {} + {} = {}",
            times(dz_dx),
            times(dx_dt),
            times(dz_dy),
            times(dy_dt),
            times(along_x),
            times(along_y),
            short(dz_dt)
        ),
    ]
}

/// A value that is known once this step has arrived.
fn known(walk: &Walk, step: usize, value: f64) -> Option<String> {
    walk.has(step).then(|| short(value))
}

/// An edge on which `ahead` runs in one step and `back` in another, after which its own slope stands on it.
fn draw_edge(edge: &Edge, walk: &Walk, [ahead, back]: [(usize, f64); 2], name: &str, slope: f64) {
    let label = if walk.has(back.0) { format!("{name} = {}", short(slope)) } else { String::new() };
    let (course, number) = match walk.at() {
        step if step == ahead.0 => (Course::Ahead, ahead.1),
        step if step == back.0 => (Course::Back, back.1),
        _ => (Course::Rest, 0.0),
    };
    let is_under_way = course != Course::Rest && walk.share() < 1.0;
    edge.show(course, &label, is_under_way.then(|| (walk.share(), short(number))));
}

/// What came back to a node.
fn came_back(walk: &Walk, step: usize, name: &str, slope: f64) -> String {
    if walk.has(step) { format!("{name} = {}", short(slope)) } else { String::new() }
}

/// x to y to z.
struct One {
    figure: Element,
    nodes: [Node; 3],
    edges: [Edge; 2],
}

impl One {
    fn new(stage: &Stage, parent: &Element) -> Result<One> {
        const AT: [[f32; 2]; 3] = [[45.0, 60.0], [180.0, 60.0], [315.0, 60.0]];
        let figure = add(parent, "figure", "")?;
        let flow = Flow::new(&figure, &stage.text("chain-rule-picture", &[]), [360.0, 130.0])?;
        let nodes = [flow.node(AT[0], "x")?, flow.node(AT[1], "y = g(x)")?, flow.node(AT[2], "z = h(y)")?];
        let edges = [flow.edge(AT[0], AT[1], 0.5)?, flow.edge(AT[1], AT[2], 0.5)?];
        add(&figure, "figcaption", "")?.set_text_content(Some(&stage.text("chain-rule-caption", &[])));
        Ok(One { figure, nodes, edges })
    }

    fn draw(&self, path: &OnePath, walk: &Walk) {
        let [x, y, z] = &self.nodes;
        x.show(Some(short(path.x)));
        y.show(known(walk, 1, path.y));
        z.show(known(walk, 2, path.z));
        x.note("", &came_back(walk, 4, "dz/dx", path.dz_dx));
        y.note("", &came_back(walk, 3, "dz/dy", path.dz_dy));
        draw_edge(&self.edges[0], walk, [(1, path.y), (4, path.dz_dx)], "dy/dx", path.dy_dx);
        draw_edge(&self.edges[1], walk, [(2, path.z), (3, path.dz_dy)], "dz/dy", path.dz_dy);
    }
}

/// t to x and y, both to z.
struct Two {
    figure: Element,
    nodes: [Node; 4],
    edges: [Edge; 4],
}

impl Two {
    fn new(stage: &Stage, parent: &Element) -> Result<Two> {
        const AT: [[f32; 2]; 4] = [[45.0, 130.0], [180.0, 50.0], [180.0, 210.0], [315.0, 130.0]];
        let figure = add(parent, "figure", "")?;
        let flow = Flow::new(&figure, &stage.text("chain-rule-picture", &[]), [360.0, 270.0])?;
        let [t, x, y, z] = AT;
        let nodes = [flow.node(t, "t")?, flow.node(x, "x = g(t)")?, flow.node(y, "y = h(t)")?, flow.node(z, "z = f(x, y)")?];
        let edges = [(t, x), (t, y), (x, z), (y, z)].map(|(from, to)| flow.edge(from, to, 0.5));
        let [a, b, c, d] = edges;
        add(&figure, "figcaption", "")?.set_text_content(Some(&stage.text("chain-rule-caption", &[])));
        Ok(Two { figure, nodes, edges: [a?, b?, c?, d?] })
    }

    fn draw(&self, paths: &TwoPaths, walk: &Walk) {
        let [t, x, y, z] = &self.nodes;
        t.show(Some(short(paths.t)));
        x.show(known(walk, 1, paths.x));
        y.show(known(walk, 1, paths.y));
        z.show(known(walk, 2, paths.z));
        t.note("", &came_back(walk, 4, "dz/dt", paths.dz_dt));
        x.note("", &came_back(walk, 3, "∂z/∂x", paths.dz_dx));
        y.note("", &came_back(walk, 3, "∂z/∂y", paths.dz_dy));
        let [to_x, to_y, from_x, from_y] = &self.edges;
        draw_edge(to_x, walk, [(1, paths.x), (4, paths.along_x)], "dx/dt", paths.dx_dt);
        draw_edge(to_y, walk, [(1, paths.y), (4, paths.along_y)], "dy/dt", paths.dy_dt);
        draw_edge(from_x, walk, [(2, paths.z), (3, paths.dz_dx)], "∂z/∂x", paths.dz_dx);
        draw_edge(from_y, walk, [(2, paths.z), (3, paths.dz_dy)], "∂z/∂y", paths.dz_dy);
    }
}
