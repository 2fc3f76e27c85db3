//! Drawings as text: one JSON object a line, `{"label": 3, "strokes": [[[x, y], ...], ...]}`; `y` grows downwards, any unit. The
//! label, the digit that was meant, may be missing.
//!
//! Further fields are ignored, and so is what follows `x` and `y` in a point (pressure, time).

use std::fmt;

use serde::de::{Error as _, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Serialize};

use super::Stroke;
use crate::{Error, Result};

/// Points in one drawing: far more than a hand draws.
const MAX_POINTS: usize = 1_000_000;

/// Bytes in one line: room for `MAX_POINTS` points of 64 characters.
const MAX_BYTES: usize = 64 * MAX_POINTS;

/// A drawing, and the digit that was meant, where that is known.
#[derive(Clone, Debug, PartialEq)]
pub struct Drawing {
    pub label: Option<u8>,
    pub strokes: Vec<Stroke>,
}

/// Reads one line. No strokes, and strokes without points, are drawings without ink; a label that is no digit is none.
///
/// Errors, with the column, when it is not JSON, when `strokes` is missing or is something else than lists of points, when a
/// point has fewer than two numbers or one that f32 can't hold (JSON itself has neither NaN nor infinity), or when there are
/// more than a million points. Allocates at most 32 times the line's bytes and 256 KiB.
pub fn parse_line(line: &str) -> Result<Drawing> {
    if line.len() > MAX_BYTES {
        return Err(Error::TooLarge { what: "a drawing (bytes)".into(), limit: MAX_BYTES as u64, got: line.len() as u64 });
    }
    let malformed = |reason| Error::Malformed { what: "the drawing".into(), reason };
    // A derived struct would also take a list of its fields' values.
    if !line.trim_start().starts_with('{') {
        return Err(malformed(r#"expected an object {"strokes": ...}"#.into()));
    }
    let Line { label, strokes } = serde_json::from_str(line).map_err(|error| malformed(reason(&error)))?;
    let points = strokes.iter().map(Vec::len).sum::<usize>();
    if points > MAX_POINTS {
        return Err(Error::TooLarge { what: "a drawing (points)".into(), limit: MAX_POINTS as u64, got: points as u64 });
    }
    let label = match label {
        Some(Label::Number(digit @ 0..=9)) => Some(digit),
        Some(Label::Number(_) | Label::Other) | None => None,
    };
    let strokes = strokes.into_iter().map(|points| Stroke { points: points.into_iter().map(|Point(xy)| xy).collect() });
    Ok(Drawing { label, strokes: strokes.collect() })
}

/// Reads a whole text of labelled drawings; empty lines are skipped.
///
/// Errors, with the number of the line, as [`parse_line`], and when a drawing has no label from 0 to 9 or no ink.
pub fn parse_labelled(text: &str) -> Result<Vec<Drawing>> {
    let lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty());
    let read = |(number, line): (usize, &str)| {
        let failed = |reason: String| Error::Malformed { what: format!("line {}", number + 1), reason };
        let drawing = parse_line(line).map_err(|error| failed(error.to_string()))?;
        if drawing.label.is_none() {
            return Err(failed("it has no \"label\" from 0 to 9".into()));
        }
        if super::image(&drawing.strokes).is_none() {
            return Err(failed("the drawing has no ink".into()));
        }
        Ok(drawing)
    };
    lines.map(read).collect()
}

/// The line that [`parse_line`] reads as this drawing. Numbers that JSON can't write (not finite) become `null`: leave them out.
pub fn to_line(drawing: &Drawing) -> String {
    #[derive(Serialize)]
    struct Written<'a> {
        #[serde(skip_serializing_if = "Option::is_none")]
        label: Option<u8>,
        strokes: Vec<&'a [[f32; 2]]>,
    }
    let strokes = drawing.strokes.iter().map(|stroke| stroke.points.as_slice()).collect();
    // Nothing in it can fail: no maps, and writing to memory.
    serde_json::to_string(&Written { label: drawing.label, strokes }).unwrap_or_default()
}

/// The parser's message without its line number, which is 1 whatever the line is in the file.
fn reason(error: &serde_json::Error) -> String {
    let text = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    match text.strip_suffix(&place) {
        Some(message) => format!("{message} (column {})", error.column()),
        None => text,
    }
}

#[derive(Deserialize)]
struct Line {
    label: Option<Label>,
    strokes: Vec<Vec<Point>>,
}

/// Read by hand: serde's untagged enums keep a copy of all that a label holds, 40 times its text.
enum Label {
    Number(u8),
    Other,
}

impl<'de> Deserialize<'de> for Label {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_any(LabelVisitor)
    }
}

struct LabelVisitor;

impl<'de> Visitor<'de> for LabelVisitor {
    type Value = Label;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a label")
    }

    fn visit_u64<E>(self, number: u64) -> std::result::Result<Label, E> {
        Ok(u8::try_from(number).map_or(Label::Other, Label::Number))
    }

    fn visit_i64<E>(self, _: i64) -> std::result::Result<Label, E> {
        Ok(Label::Other)
    }

    fn visit_f64<E>(self, _: f64) -> std::result::Result<Label, E> {
        Ok(Label::Other)
    }

    fn visit_bool<E>(self, _: bool) -> std::result::Result<Label, E> {
        Ok(Label::Other)
    }

    fn visit_str<E>(self, _: &str) -> std::result::Result<Label, E> {
        Ok(Label::Other)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut parts: A) -> std::result::Result<Label, A::Error> {
        while parts.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Label::Other)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut parts: A) -> std::result::Result<Label, A::Error> {
        while parts.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(Label::Other)
    }
}

struct Point([f32; 2]);

impl<'de> Deserialize<'de> for Point {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        deserializer.deserialize_seq(PointVisitor)
    }
}

struct PointVisitor;

impl<'de> Visitor<'de> for PointVisitor {
    type Value = Point;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a point [x, y]")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut numbers: A) -> std::result::Result<Point, A::Error> {
        let mut point = [0.0; 2];
        for (i, value) in point.iter_mut().enumerate() {
            let number: f64 = numbers.next_element()?.ok_or_else(|| A::Error::invalid_length(i, &self))?;
            *value = number as f32;
            if !value.is_finite() {
                return Err(A::Error::custom(format_args!("the number {number:e} is too large")));
            }
        }
        while numbers.next_element::<IgnoredAny>()?.is_some() {}
        Ok(Point(point))
    }
}
