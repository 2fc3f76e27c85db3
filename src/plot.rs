//! What a chart shows, without the canvas: what lies along the axes, their scales and marks, smoothing, and the point nearest to
//! a place. A point here is `[x, y]`; whatever is not finite is left out.

use crate::history::Point;

/// What a chart's horizontal axis counts.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Along {
    #[default]
    Epoch,
    Step,
    Seconds,
}

impl Along {
    pub const ALL: [Along; 3] = [Along::Epoch, Along::Step, Along::Seconds];

    /// Stable name, also in the locale files.
    pub fn name(self) -> &'static str {
        match self {
            Along::Epoch => "epoch",
            Along::Step => "step",
            Along::Seconds => "seconds",
        }
    }

    /// The one of that name.
    pub fn parse(name: &str) -> Option<Along> {
        Along::ALL.into_iter().find(|along| along.name() == name)
    }

    /// Where the point lies.
    pub fn of(self, point: &Point) -> f64 {
        match self {
            Along::Epoch => point.epoch,
            Along::Step => point.step,
            Along::Seconds => point.seconds,
        }
    }
}

/// What a chart's vertical axis shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Quantity {
    Loss,
    /// In per cent.
    Accuracy,
}

impl Quantity {
    /// How much of it the point has.
    pub fn of(self, point: &Point) -> f64 {
        match self {
            Quantity::Loss => point.loss.into(),
            Quantity::Accuracy => 100.0 * f64::from(point.accuracy),
        }
    }

    /// A value as a person reads it.
    pub fn text(self, value: f64) -> String {
        match self {
            Quantity::Loss if value.abs() >= 0.1 => format!("{value:.3}"),
            Quantity::Loss => format!("{value:.4}"),
            Quantity::Accuracy => format!("{value:.2}%"),
        }
    }
}

/// The points of a chart's line.
pub fn line(points: &[Point], along: Along, quantity: Quantity) -> Vec<[f64; 2]> {
    let at = |point| [along.of(point), quantity.of(point)];
    points.iter().map(at).filter(|[x, y]| x.is_finite() && y.is_finite()).collect()
}

/// The exponential moving average: each point becomes the mean of itself and all before, each weighted with
/// `exp(-distance / width)`. By distance along the axis and not by number of points, so that the same run in fewer points
/// looks the same. At even distances `d` this is the usual `m = w m + (1 - w) y` with `w = exp(-d / width)`, corrected for its
/// beginning as Adam's moments are.
pub fn smooth(line: &[[f64; 2]], width: f64) -> Vec<[f64; 2]> {
    let (mut sum, mut weight) = (0.0, 0.0);
    let mut before = f64::NEG_INFINITY;
    let mut next = |&[x, y]: &[f64; 2]| {
        let kept = if width > 0.0 { (-(x - before).max(0.0) / width).exp() } else { 0.0 };
        (sum, weight, before) = (sum * kept + y, weight * kept + 1.0, x);
        [x, sum / weight]
    };
    line.iter().map(&mut next).collect()
}

/// The width for [`smooth`] on an axis that long: `smoothing` from 0 (none) to 1.
pub fn smoothing_width(smoothing: f64, axis: f64) -> f64 {
    // Squared, so that there is room for little smoothing.
    0.2 * smoothing.clamp(0.0, 1.0).powi(2) * axis
}

/// The point of a line that is nearest to `x`; `None` where there is none.
pub fn nearest(line: &[[f64; 2]], x: f64) -> Option<[f64; 2]> {
    let after = line.partition_point(|[other, _]| *other < x);
    let both = [after.checked_sub(1), Some(after)];
    let near = both.into_iter().flatten().filter_map(|i| line.get(i)).copied();
    near.min_by(|a, b| (a[0] - x).abs().total_cmp(&(b[0] - x).abs()))
}

/// An axis: which values it shows.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Scale {
    min: f64,
    max: f64,
    is_log: bool,
}

/// Least and largest of the values.
fn bounds(values: impl Iterator<Item = f64>) -> Option<(f64, f64)> {
    values.fold(None, |bounds, v| Some(bounds.map_or((v, v), |(min, max): (f64, f64)| (min.min(v), max.max(v)))))
}

impl Scale {
    /// From 0 to the largest of the values.
    pub fn from_zero(values: impl Iterator<Item = f64>) -> Scale {
        let max = bounds(values).map_or(1.0, |(_, max)| max);
        Scale { min: 0.0, max: if max > 0.0 { max } else { 1.0 }, is_log: false }
    }

    /// Of losses: from 0 to a little above the largest; with `is_log` a little beyond both, and what is not above 0 has no place.
    pub fn of_loss(values: impl Iterator<Item = f64>, is_log: bool) -> Scale {
        if !is_log {
            let Scale { max, .. } = Scale::from_zero(values);
            return Scale { min: 0.0, max: 1.05 * max, is_log };
        }
        let (min, max) = bounds(values.filter(|v| *v > 0.0)).unwrap_or((0.1, 1.0));
        // In all at least from 2 to 5, or the axis may have no mark.
        let room = (max / min).powf(0.04).max(1.6);
        Scale { min: min / room, max: max * room, is_log }
    }

    /// Of accuracies in per cent: from a little below the least to 100.
    pub fn of_accuracy(values: impl Iterator<Item = f64>) -> Scale {
        let min = bounds(values).map_or(0.0, |(min, _)| min);
        Scale { min: (min - 0.05 * (100.0 - min)).clamp(0.0, 99.0), max: 100.0, is_log: false }
    }

    /// The largest value that has a place.
    pub fn max(&self) -> f64 {
        self.max
    }

    /// Where the value lies: 0 at the axis's beginning, 1 at its end. `None` for what a logarithmic axis can't show.
    pub fn share(&self, value: f64) -> Option<f64> {
        let share = match self.is_log {
            true if value <= 0.0 => return None,
            true => (value / self.min).ln() / (self.max / self.min).ln(),
            false => (value - self.min) / (self.max - self.min),
        };
        Some(share).filter(|share| share.is_finite())
    }

    /// The value there.
    pub fn value(&self, share: f64) -> f64 {
        if self.is_log { self.min * (self.max / self.min).powf(share) } else { self.min + share * (self.max - self.min) }
    }

    /// Round values to mark, at most about `most` of them.
    pub fn marks(&self, most: usize) -> Vec<f64> {
        if self.is_log { self.log_marks(most.max(1)) } else { self.even_marks(most.max(1)) }
    }

    /// 1, 2 or 5 times a power of ten apart.
    fn even_marks(&self, most: usize) -> Vec<f64> {
        let least = (self.max - self.min) / most as f64;
        let power = 10_f64.powf(least.log10().floor());
        let step = [1.0, 2.0, 5.0, 10.0].map(|n| n * power).into_iter().find(|step| *step >= least * 0.999_999);
        let step = step.unwrap_or(10.0 * power);
        let (first, last) = ((self.min / step - 1e-9).ceil() as i64, (self.max / step + 1e-9).floor() as i64);
        // Divided where the step is a fraction: 3 times 0.1 is not 0.3, 3 divided by 10 is.
        let times = |n: i64| if step < 1.0 { n as f64 / (1.0 / step).round() } else { n as f64 * step };
        (first..=last).map(times).collect()
    }

    /// Powers of ten, with 2 and 5 times these between them where there is room.
    fn log_marks(&self, most: usize) -> Vec<f64> {
        let decades = self.min.log10().floor() as i32..=self.max.log10().ceil() as i32;
        let marks = |factors: &[f64], every: i32| -> Vec<f64> {
            let powers = decades.clone().filter(|power| power.rem_euclid(every) == 0);
            let all = powers.flat_map(|power| factors.iter().map(move |factor| times_ten_to(*factor, power)));
            all.filter(|v| (self.min..=self.max).contains(v)).collect()
        };
        let fine = [marks(&[1.0, 2.0, 5.0], 1), marks(&[1.0, 3.0], 1)].into_iter().find(|marks| marks.len() <= most);
        fine.or_else(|| (1..40).map(|every| marks(&[1.0], every)).find(|marks| marks.len() <= most)).unwrap_or_default()
    }
}

/// A mark's label: no digit that says nothing.
pub fn mark_text(value: f64) -> String {
    match value.abs() {
        0.0 => "0".into(),
        size if size >= 1e6 => format!("{}M", (value / 1e5).round() / 10.0),
        size if size >= 1e4 => format!("{}k", (value / 100.0).round() / 10.0),
        size if size < 1e-4 => format!("{value:e}"),
        _ => format!("{}", (value * 1e6).round() / 1e6),
    }
}

/// Exactly the number that is written so.
fn times_ten_to(factor: f64, power: i32) -> f64 {
    if power < 0 { factor / 10_f64.powi(-power) } else { factor * 10_f64.powi(power) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn smoothing_is_the_usual_moving_average() {
        let values = [4.0, 0.0, 1.0, 3.0, 2.5];
        let line: Vec<_> = (0..).zip(values).map(|(i, y)| [f64::from(i) * 0.5, y]).collect();
        let w = 0.75_f64;
        let got = smooth(&line, -0.5 / w.ln());
        let (mut m, mut correction) = (0.0, 1.0);
        for (point, value) in got.iter().zip(values) {
            m = w * m + (1.0 - w) * value;
            correction *= w;
            assert!((point[1] - m / (1.0 - correction)).abs() < 1e-12, "{got:?}");
        }
        assert_eq!(got.iter().map(|p| p[0]).collect::<Vec<_>>(), line.iter().map(|p| p[0]).collect::<Vec<_>>());
        assert_eq!(smooth(&line, 0.0), line, "no width, no smoothing");
        assert_eq!(smooth(&[], 1.0), Vec::<[f64; 2]>::new());
    }

    #[test]
    fn a_run_in_fewer_points_is_smoothed_alike() {
        let wave = |x: f64| (-x).exp() + 0.1 * (40.0 * x).sin();
        let many: Vec<_> = (0..4000).map(|i| f64::from(i) / 1000.0).map(|x| [x, wave(x)]).collect();
        let few: Vec<_> = many.chunks(10).map(|c| [0, 1].map(|k| c.iter().map(|p| p[k]).sum::<f64>() / 10.0)).collect();
        let (many, few) = (smooth(&many, 0.5), smooth(&few, 0.5));
        for point in &few[20..] {
            let other = nearest(&many, point[0]).unwrap();
            assert!((point[1] - other[1]).abs() < 0.01, "{point:?} {other:?}");
        }
    }

    #[test]
    fn the_nearest_point_is_found() {
        let line = [[1.0, 10.0], [2.0, 20.0], [4.0, 40.0]];
        for (x, want) in [(-5.0, 10.0), (1.4, 10.0), (1.6, 20.0), (2.9, 20.0), (3.1, 40.0), (9.0, 40.0), (2.0, 20.0)] {
            assert_eq!(nearest(&line, x).map(|p| p[1]), Some(want), "{x}");
        }
        assert_eq!(nearest(&[], 1.0), None);
    }

    #[test]
    fn scales_hold_their_values_and_lead_back() {
        let losses = [0.02, 2.3, 0.5];
        let scales = [
            Scale::from_zero(losses.into_iter()),
            Scale::of_loss(losses.into_iter(), false),
            Scale::of_loss(losses.into_iter(), true),
            Scale::of_accuracy(losses.into_iter()),
        ];
        for scale in scales {
            for value in losses {
                let share = scale.share(value).unwrap();
                assert!((0.0..=1.0).contains(&share), "{value} at {share} of {scale:?}");
                assert!((scale.value(share) - value).abs() < 1e-12);
            }
        }
        assert_eq!(scales[0].share(0.0), Some(0.0));
        assert_eq!(scales[3].share(100.0), Some(1.0));
        let log = scales[2];
        let middle = (0.02_f64 * 2.3).sqrt();
        assert!((log.share(middle).unwrap() - 0.5).abs() < 1e-12, "the geometric mean lies in the middle");
        assert_eq!((log.share(0.0), log.share(-1.0), scales[1].share(f64::NAN)), (None, None, None));
    }

    #[test]
    fn scales_of_nothing_or_of_one_value_are_still_scales() {
        for values in [vec![], vec![0.0], vec![3.0], vec![3.0, 3.0]] {
            let all = || values.iter().copied();
            for scale in [Scale::from_zero(all()), Scale::of_loss(all(), false), Scale::of_loss(all(), true)] {
                assert!(scale.max() > scale.value(0.0), "{scale:?}");
                assert!(!scale.marks(5).is_empty(), "{scale:?}");
            }
        }
        assert_eq!(Scale::of_accuracy([100.0].into_iter()).value(0.0), 99.0, "even where all is right there is something to see");
    }

    #[test]
    fn marks_are_round_and_few() {
        let even = |max: f64, most| Scale::from_zero([max].into_iter()).marks(most);
        assert_eq!(even(5.0, 5), [0.0, 1.0, 2.0, 3.0, 4.0, 5.0]);
        assert_eq!(even(0.31, 4), [0.0, 0.1, 0.2, 0.3]);
        assert_eq!(even(8_595.0, 5), [0.0, 2_000.0, 4_000.0, 6_000.0, 8_000.0]);
        assert_eq!(Scale::of_accuracy([92.0].into_iter()).marks(5), [92.0, 94.0, 96.0, 98.0, 100.0]);
        let log = |min, max, most| Scale { min, max, is_log: true }.marks(most);
        assert_eq!(log(0.09, 2.5, 6), [0.1, 0.2, 0.5, 1.0, 2.0]);
        assert_eq!(log(0.009, 2.5, 6), [0.01, 0.03, 0.1, 0.3, 1.0]);
        assert_eq!(log(1e-9, 1.5, 6), [1e-8, 1e-6, 1e-4, 0.01, 1.0]);
        assert_eq!(log(0.3, 0.6, 6), [0.5]);
    }

    #[test]
    fn marks_are_short() {
        let texts = [0.0, 0.2, 100.0, 8_000.0, 12_500.0, 2e6, 0.001, 1e-6].map(mark_text);
        assert_eq!(texts, ["0", "0.2", "100", "8000", "12.5k", "2M", "0.001", "1e-6"]);
    }

    #[test]
    fn a_line_lies_along_what_was_chosen() {
        let point = Point { step: 860.0, epoch: 2.0, seconds: 1.5, loss: 0.25, accuracy: 0.5 };
        let broken = Point { loss: f32::NAN, ..point };
        let all = Along::ALL.map(|along| line(&[point, broken], along, Quantity::Loss));
        assert_eq!(all, [[[2.0, 0.25]], [[860.0, 0.25]], [[1.5, 0.25]]]);
        assert_eq!(line(&[point, broken], Along::Epoch, Quantity::Accuracy), [[2.0, 50.0]; 2]);
        assert_eq!(Along::ALL.map(|along| Along::parse(along.name())), Along::ALL.map(Some));
    }
}
