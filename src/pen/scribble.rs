//! Scribbles: drawings without meaning, of many kinds, which a network should not be sure about.

use super::hand::normal;
use crate::ink::Stroke;
use std::f32::consts::TAU;

/// A random scribble.
pub fn scribble(rng: &mut fastrand::Rng) -> Vec<Stroke> {
    match rng.u8(0..6) {
        0 => walks(rng),
        1 => waves(rng),
        2 => lines(rng),
        3 => knot(rng),
        4 => hatching(rng),
        _ => dots(rng),
    }
}

fn stroke(points: Vec<[f32; 2]>) -> Stroke {
    Stroke { points }
}

fn somewhere(rng: &mut fastrand::Rng) -> [f32; 2] {
    [rng.f32() * 100.0, rng.f32() * 100.0]
}

/// A hand that wanders: its direction changes at random.
fn walk(rng: &mut fastrand::Rng, steps: usize, turn: f32) -> Stroke {
    let (mut at, mut direction, mut bend) = (somewhere(rng), rng.f32() * TAU, 0.0);
    let points = (0..steps).map(|_| {
        bend = 0.8 * bend + turn * normal(rng);
        direction += bend;
        at = [at[0] + 4.0 * direction.cos(), at[1] + 4.0 * direction.sin()];
        at
    });
    stroke(points.collect())
}

fn walks(rng: &mut fastrand::Rng) -> Vec<Stroke> {
    let turn = 0.05 + 0.4 * rng.f32();
    (0..rng.usize(1..4))
        .map(|_| {
            let steps = rng.usize(15..90);
            walk(rng, steps, turn)
        })
        .collect()
}

/// A line that swings to and fro while it moves on.
fn waves(rng: &mut fastrand::Rng) -> Vec<Stroke> {
    let (swings, drift, height) = (rng.f32() * 5.0 + 1.5, rng.f32() * 100.0 + 20.0, rng.f32() * 50.0 + 10.0);
    let (tilt, phase, sharp) = (rng.f32() * TAU, rng.f32() * TAU, rng.bool());
    let (sin, cos) = tilt.sin_cos();
    let points = (0..=80).map(|i| {
        let t = i as f32 / 80.0;
        let wave = (t * swings * TAU + phase).sin();
        let wave = if sharp { wave.clamp(-0.9, 0.9).asin() / 1.12 } else { wave };
        let (x, y) = (t * drift + normal(rng), wave * height + normal(rng));
        [cos * x - sin * y, sin * x + cos * y]
    });
    vec![stroke(points.collect())]
}

/// A few straight lines, anywhere.
fn lines(rng: &mut fastrand::Rng) -> Vec<Stroke> {
    (0..rng.usize(3..7)).map(|_| stroke(vec![somewhere(rng), somewhere(rng)])).collect()
}

/// One line through random places.
fn knot(rng: &mut fastrand::Rng) -> Vec<Stroke> {
    let corner = rng.bool();
    let knots: Vec<_> = (0..rng.usize(5..16)).map(|_| super::form::Knot { at: somewhere(rng), corner }).collect();
    vec![super::form::curve(&knots)]
}

/// Lines side by side, as if to fill an area.
fn hatching(rng: &mut fastrand::Rng) -> Vec<Stroke> {
    let (count, joined, tilt) = (rng.usize(4..14), rng.bool(), rng.f32() * TAU);
    let (sin, cos) = tilt.sin_cos();
    let ends = (0..count).flat_map(|i| {
        let x = i as f32 * 100.0 / count as f32;
        let pair = [[x + 4.0 * normal(rng), 8.0 * normal(rng)], [x + 4.0 * normal(rng), 100.0 + 8.0 * normal(rng)]];
        if i % 2 == 0 { pair } else { [pair[1], pair[0]] }
    });
    let points: Vec<[f32; 2]> = ends.map(|[x, y]| [cos * x - sin * y, sin * x + cos * y]).collect();
    if joined { vec![stroke(points)] } else { points.chunks(2).map(|pair| stroke(pair.to_vec())).collect() }
}

/// Taps and short ticks.
fn dots(rng: &mut fastrand::Rng) -> Vec<Stroke> {
    let length = rng.f32() * 20.0;
    let tick = |rng: &mut fastrand::Rng| {
        let at = somewhere(rng);
        stroke(vec![at, [at[0] + length * normal(rng), at[1] + length * normal(rng)]])
    };
    (0..rng.usize(2..12)).map(|_| tick(rng)).collect()
}
