//! Drawings as text: one JSON object a line, `{"strokes": [[[x, y], ...], ...]}`; `y` grows downwards, any unit.
//!
//! Further fields are ignored, and so is what follows `x` and `y` in a point (pressure, time). Only the command line reads this.

use std::fmt;

use serde::Deserialize;
use serde::de::{Error as _, IgnoredAny, SeqAccess, Visitor};

use super::Stroke;
use crate::{Error, Result};

/// Points in one drawing: far more than a hand draws.
const MAX_POINTS: usize = 1_000_000;

/// Bytes in one line: room for `MAX_POINTS` points of 64 characters.
const MAX_BYTES: usize = 64 * MAX_POINTS;

/// Reads one line. No strokes, and strokes without points, are drawings without ink.
///
/// Errors, with the column, when it is not JSON, when `strokes` is missing or is something else than lists of points, when a
/// point has fewer than two numbers or one that f32 can't hold (JSON itself has neither NaN nor infinity), or when there are
/// more than a million points.
pub fn parse_line(line: &str) -> Result<Vec<Stroke>> {
    if line.len() > MAX_BYTES {
        return Err(Error::TooLarge { what: "a drawing (bytes)".into(), limit: MAX_BYTES as u64, got: line.len() as u64 });
    }
    let malformed = |reason| Error::Malformed { what: "the drawing".into(), reason };
    // A derived struct would also take a list of its fields' values.
    if !line.trim_start().starts_with('{') {
        return Err(malformed(r#"expected an object {"strokes": ...}"#.into()));
    }
    let Drawing { strokes } = serde_json::from_str(line).map_err(|error| malformed(reason(&error)))?;
    let points = strokes.iter().map(Vec::len).sum::<usize>();
    if points > MAX_POINTS {
        return Err(Error::TooLarge { what: "a drawing (points)".into(), limit: MAX_POINTS as u64, got: points as u64 });
    }
    Ok(strokes.into_iter().map(|points| Stroke { points: points.into_iter().map(|Point(xy)| xy).collect() }).collect())
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
struct Drawing {
    strokes: Vec<Vec<Point>>,
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
