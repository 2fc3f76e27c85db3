//! The forms that digits are written in, as text that anyone can extend; `digits.txt` says how.

use crate::ink::Stroke;
use crate::{Error, Result};

const DIGITS: &str = include_str!("digits.txt");
const OTHERS: &str = include_str!("others.txt");

/// Points that a curve has between two knots.
const STEPS: usize = 12;

/// One way to write a digit, or something else.
#[derive(Clone, Debug, PartialEq)]
pub struct Form {
    /// `None` if it is no digit.
    pub label: Option<u8>,
    /// What tells it from the other forms of its label.
    pub name: String,
    /// How often it is written, next to the others of its label.
    pub weight: u32,
    pub strokes: Vec<Vec<Knot>>,
}

/// A point that a stroke passes through.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Knot {
    /// On a sheet 100 wide and 140 high; y grows downwards.
    pub at: [f32; 2],
    /// Whether the direction changes at once.
    pub corner: bool,
}

/// The project's forms of the ten digits.
///
/// Errors as [`parse`], which the tests rule out.
pub fn digits() -> Result<Vec<Form>> {
    parse(DIGITS)
}

/// The project's drawings that are no digit.
///
/// Errors as [`parse`], which the tests rule out.
pub fn others() -> Result<Vec<Form>> {
    parse(OTHERS)
}

/// Reads forms.
///
/// Errors, with the number of the line, where it is neither a form's first line, nor a stroke, nor a comment.
pub fn parse(text: &str) -> Result<Vec<Form>> {
    let mut forms: Vec<Form> = Vec::new();
    for (number, line) in (1..).zip(text.lines().map(str::trim)) {
        let wrong = |reason: &str| Error::Malformed { what: format!("line {number} of the forms"), reason: reason.into() };
        if line.is_empty() || line.starts_with('#') {
            continue;
        }
        if let Some(title) = line.strip_prefix("form ") {
            forms.push(title_of(title).ok_or_else(|| wrong("expected `form LABEL NAME`, or `form LABEL NAME * WEIGHT`"))?);
            continue;
        }
        let stroke = line.split_whitespace().map(knot).collect::<Option<Vec<Knot>>>();
        let stroke = stroke.ok_or_else(|| wrong("expected points `x,y`, with `!` after a corner"))?;
        let form = forms.last_mut().ok_or_else(|| wrong("a stroke before the first form"))?;
        form.strokes.push(stroke);
    }
    if let Some(form) = forms.iter().find(|form| form.strokes.is_empty()) {
        return Err(Error::Malformed { what: format!("the form `{}`", form.name), reason: "it has no stroke".into() });
    }
    Ok(forms)
}

fn title_of(title: &str) -> Option<Form> {
    let (label, name) = title.split_once(' ')?;
    let label = match label {
        "-" => None,
        _ => Some(label.parse().ok().filter(|label| *label < 10)?),
    };
    let (name, weight) = match name.split_once(" * ") {
        Some((name, weight)) => (name, weight.trim().parse().ok().filter(|weight| *weight > 0)?),
        None => (name, 1),
    };
    Some(Form { label, name: name.trim().into(), weight, strokes: Vec::new() })
}

fn knot(text: &str) -> Option<Knot> {
    let (text, corner) = text.strip_suffix('!').map_or((text, false), |text| (text, true));
    let (x, y) = text.split_once(',')?;
    let number = |text: &str| text.parse().ok().filter(|v: &f32| v.is_finite());
    Some(Knot { at: [number(x)?, number(y)?], corner })
}

/// The stroke through the knots: between corners a centripetal Catmull-Rom curve (Yuksel, Schaefer and Keyser 2011), which has
/// neither loops nor overshoot.
pub fn curve(knots: &[Knot]) -> Stroke {
    let mut points = Vec::with_capacity(knots.len() * STEPS);
    points.extend(knots.first().map(|knot| knot.at));
    for i in 1..knots.len() {
        let (from, to) = (knots[i - 1], knots[i]);
        // Beyond a corner or an end the curve goes on straight.
        let beyond = |end: [f32; 2], other: [f32; 2]| [0, 1].map(|axis| 2.0 * end[axis] - other[axis]);
        let before = if from.corner || i < 2 { beyond(from.at, to.at) } else { knots[i - 2].at };
        let after = match knots.get(i + 1) {
            Some(next) if !to.corner => next.at,
            _ => beyond(to.at, from.at),
        };
        let curve = [before, from.at, to.at, after];
        points.extend((1..=STEPS).map(|step| between(curve, step as f32 / STEPS as f32)));
    }
    Stroke { points }
}

/// The point at `t` (0 to 1) between the second and the third of four points, by Barry and Goldman's pyramid.
fn between(p: [[f32; 2]; 4], t: f32) -> [f32; 2] {
    let gap = |a: [f32; 2], b: [f32; 2]| (b[0] - a[0]).hypot(b[1] - a[1]).sqrt().max(1e-3);
    let t0 = 0.0;
    let t1 = t0 + gap(p[0], p[1]);
    let t2 = t1 + gap(p[1], p[2]);
    let t3 = t2 + gap(p[2], p[3]);
    let t = t1 + t * (t2 - t1);
    let mix = |a: [f32; 2], b: [f32; 2], from: f32, to: f32| {
        let part = (t - from) / (to - from);
        [0, 1].map(|axis| a[axis] + part * (b[axis] - a[axis]))
    };
    let (a, b, c) = (mix(p[0], p[1], t0, t1), mix(p[1], p[2], t1, t2), mix(p[2], p[3], t2, t3));
    let (a, b) = (mix(a, b, t0, t2), mix(b, c, t1, t3));
    mix(a, b, t1, t2)
}
