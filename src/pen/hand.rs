//! Random hands: the same form, written as different people would, and as one person would on another day.

use super::form::{Form, Knot, curve};
use crate::ink::Stroke;
use std::f32::consts::TAU;

/// How much hands differ: standard deviations, in hundredths of the sheet's width where nothing else is said. The defaults were
/// chosen on digits that people wrote on a tablet, which the shipped network does not learn from.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Hand {
    /// Where a knot is.
    pub knots: f32,
    /// Where a stroke is, next to the others.
    pub strokes: f32,
    /// How far a stroke's ends are drawn out or cut off, as a share of the way to the next knot.
    pub ends: f32,
    /// Rotation, in radians.
    pub rotation: f32,
    /// Slant: x per y.
    pub shear: f32,
    /// Width against height: the logarithm of their ratio.
    pub stretch: f32,
    /// The size of one half of the digit against the other: the exponent of x and of y.
    pub halves: f32,
    /// A slow bend of everything.
    pub bend: f32,
    /// Share of the corners that are written round.
    pub round: f32,
}

impl Default for Hand {
    fn default() -> Hand {
        Hand {
            knots: 4.0,
            strokes: 2.5,
            ends: 0.12,
            rotation: 0.1,
            shear: 0.18,
            stretch: 0.28,
            halves: 0.2,
            bend: 4.0,
            round: 0.25,
        }
    }
}

/// The sheet that forms are drawn on.
const SHEET: [f32; 2] = [100.0, 140.0];

impl Hand {
    /// One drawing of the form.
    pub fn write(&self, form: &Form, rng: &mut fastrand::Rng) -> Vec<Stroke> {
        // Some hands are steady.
        let care = 0.3 + 0.9 * rng.f32();
        let place = self.place(rng);
        let strokes = form.strokes.iter().map(|knots| {
            let moved = [0, 1].map(|_| self.strokes * care * normal(rng));
            let mut knots: Vec<Knot> = knots
                .iter()
                .map(|knot| Knot {
                    at: [0, 1].map(|axis| knot.at[axis] + moved[axis] + self.knots * care * normal(rng)),
                    corner: knot.corner && rng.f32() >= self.round,
                })
                .collect();
            draw_out(&mut knots, self.ends * normal(rng));
            knots.reverse();
            draw_out(&mut knots, self.ends * normal(rng));
            knots.reverse();
            let mut stroke = curve(&knots);
            stroke.points.iter_mut().for_each(|point| *point = place(*point));
            stroke
        });
        strokes.collect()
    }

    /// How one hand differs from itself.
    pub const AGAIN: Hand = Hand {
        knots: 0.0,
        strokes: 1.0,
        ends: 0.0,
        rotation: 0.06,
        shear: 0.08,
        stretch: 0.12,
        halves: 0.08,
        bend: 2.0,
        round: 0.0,
    };

    /// A drawing as this hand would copy it. Whatever its size and place, the copy lies on the sheet; points that are not finite
    /// are left out.
    pub fn copy(&self, strokes: &[Stroke], rng: &mut fastrand::Rng) -> Vec<Stroke> {
        let finite = |stroke: &Stroke| -> Vec<[f32; 2]> {
            stroke.points.iter().copied().filter(|point| point.iter().all(|v| v.is_finite())).collect()
        };
        let strokes: Vec<Vec<[f32; 2]>> = strokes.iter().map(finite).collect();
        let along = |axis: usize| strokes.iter().flatten().map(move |point| point[axis]);
        let low = [0, 1].map(|axis| along(axis).fold(f32::INFINITY, f32::min));
        let size = [0, 1].map(|axis| along(axis).fold(f32::NEG_INFINITY, f32::max) - low[axis]);
        let scale = [0, 1].map(|axis| SHEET[axis] / size[axis].max(f32::MIN_POSITIVE)).into_iter().fold(f32::MAX, f32::min);
        let place = self.place(rng);
        let strokes = strokes.into_iter().map(|points| {
            let moved = [normal(rng), normal(rng)].map(|far| self.strokes * far);
            let on_sheet = |point: [f32; 2]| {
                [0, 1].map(|axis| (point[axis] - low[axis] - size[axis] / 2.0) * scale + SHEET[axis] / 2.0 + moved[axis])
            };
            Stroke { points: points.into_iter().map(|point| place(on_sheet(point))).collect() }
        });
        strokes.collect()
    }

    /// Where this hand puts a point of the sheet.
    fn place(&self, rng: &mut fastrand::Rng) -> impl Fn([f32; 2]) -> [f32; 2] + use<> {
        let mut normal = || normal(rng);
        let halves = [0, 1].map(|_| (self.halves * normal()).exp());
        let (sin, cos) = (self.rotation * normal()).sin_cos();
        let (shear, stretch) = (self.shear * normal(), (0.5 * self.stretch * normal()).exp());
        // Waves of about the sheet's length, one along and one across for each axis.
        let bend = self.bend / 2.0;
        let waves: [[[f32; 3]; 2]; 2] = [0, 1].map(|_| [0, 1].map(|_| [bend * normal(), 1.0 + 0.35 * normal(), TAU * normal()]));
        move |point| {
            let shares = [0, 1].map(|axis| (point[axis] / SHEET[axis] - 0.5) * 2.0);
            let bent = [0, 1].map(|axis| {
                let wave = |[height, frequency, phase]: [f32; 3], along: f32| height * (frequency * 3.0 * along + phase).sin();
                let uneven = power(shares[axis], halves[axis]) * SHEET[axis] / 2.0;
                uneven + wave(waves[axis][0], shares[0]) + wave(waves[axis][1], shares[1])
            });
            let (x, y) = ((bent[0] - shear * bent[1]) * stretch, bent[1] / stretch);
            [cos * x - sin * y, sin * x + cos * y]
        }
    }
}

/// Moves the middle of -1 to 1 by bending the scale: from (0, 1)^exponent. Beyond the ends it goes on straight.
fn power(share: f32, exponent: f32) -> f32 {
    let t = (share + 1.0) / 2.0;
    let bent = if (0.0..=1.0).contains(&t) { t.powf(exponent) } else { t };
    2.0 * bent - 1.0
}

/// Moves the first knot away from the second, or nearer, by that share of their distance.
fn draw_out(knots: &mut [Knot], share: f32) {
    if let [first, second, ..] = knots {
        first.at = [0, 1].map(|axis| first.at[axis] + share * (first.at[axis] - second.at[axis]));
    }
}

/// Nearly normal: the sum of three even numbers, scaled to a standard deviation of 1; never beyond 3.
pub(super) fn normal(rng: &mut fastrand::Rng) -> f32 {
    (0..3).map(|_| rng.f32() * 2.0 - 1.0).sum()
}
