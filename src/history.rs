//! What a run's chart shows: a bounded number of points, however long the run. When the bound is reached, neighbours are
//! merged into their mean, and from then on each point stands for twice as many reports. A run that is over is kept as an even
//! shorter [`Curve`].

use crate::{Error, Result};

/// Most points kept; a chart has fewer pixels than that.
pub const MAX_POINTS: usize = 2000;

/// The accuracies that a run is timed to, on the validation split.
pub const TARGETS: [f32; 2] = [0.97, 0.98];

/// Loss and accuracy at one place of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Steps since the beginning; a mean, where points were merged.
    pub step: f64,
    /// Epochs since the beginning, with fraction.
    pub epoch: f64,
    /// Seconds since the click that began the run, pauses left out.
    pub seconds: f64,
    pub loss: f32,
    /// 0 to 1.
    pub accuracy: f32,
}

/// A run's past.
#[derive(Clone, Debug)]
pub struct History {
    training: Vec<Point>,
    validation: Vec<Point>,
    reached: [Option<f64>; TARGETS.len()],
    /// Reports merged into one point.
    every: usize,
    /// Reports that do not fill a point yet.
    pending: Vec<Point>,
}

impl Default for History {
    fn default() -> History {
        History { training: Vec::new(), validation: Vec::new(), reached: [None; TARGETS.len()], every: 1, pending: Vec::new() }
    }
}

impl History {
    /// Adds a report on mini-batches just trained on.
    pub fn push_training(&mut self, point: Point) {
        self.pending.push(point);
        if self.pending.len() < self.every {
            return;
        }
        self.training.push(mean(&self.pending));
        self.pending.clear();
        if self.training.len() > MAX_POINTS {
            self.training = self.training.chunks(2).map(mean).collect();
            self.every *= 2;
        }
    }

    /// Adds an evaluation on the validation split; its seconds are when its outcome was known.
    pub fn push_validation(&mut self, point: Point) {
        self.validation.push(point);
        for (target, reached) in TARGETS.iter().zip(&mut self.reached) {
            if point.accuracy >= *target {
                reached.get_or_insert(point.seconds);
            }
        }
    }

    /// After how many seconds each of [`TARGETS`] was reached: the first evaluation on the validation split that was not below
    /// it, as MLPerf counts (Mattson et al. 2020).
    pub fn reached(&self) -> [Option<f64>; TARGETS.len()] {
        self.reached
    }

    /// Points on the training curve.
    pub fn training(&self) -> &[Point] {
        &self.training
    }

    /// Points where there was an evaluation.
    pub fn validation(&self) -> &[Point] {
        &self.validation
    }

    /// The training point whose step is next to `step`; `None` where there is no point.
    pub fn near_step(&self, step: f64) -> Option<Point> {
        self.near(step, |point| point.step)
    }

    /// The training point whose `place` is next to `wanted`.
    fn near(&self, wanted: f64, place: impl Fn(&Point) -> f64) -> Option<Point> {
        let after = self.training.partition_point(|point| place(point) < wanted);
        let both = [after.checked_sub(1), Some(after)].into_iter().flatten().filter_map(|i| self.training.get(i));
        both.min_by(|a, b| (place(a) - wanted).abs().total_cmp(&(place(b) - wanted).abs())).copied()
    }

    /// Places of the run to read its numbers at, at most `most`: every evaluation, with the training point next to it; without
    /// evaluations, the end of every epoch. Of more than `most` some are left out, never the last.
    pub fn rows(&self, most: usize) -> Vec<(Point, Option<Point>)> {
        let near = |epoch: f64| self.near(epoch, |point| point.epoch);
        let rows: Vec<_> = if self.validation.is_empty() {
            let epochs = self.training.last().map_or(0.0, |last| last.epoch + 1e-9) as u32;
            (1..=epochs).filter_map(|epoch| Some((near(epoch.into())?, None))).collect()
        } else {
            self.validation.iter().filter_map(|check| Some((near(check.epoch)?, Some(*check)))).collect()
        };
        let every = rows.len().div_ceil(most.max(1)).max(1);
        let last = rows.len().saturating_sub(1);
        rows.into_iter().enumerate().filter(|(i, _)| (last - i).is_multiple_of(every)).map(|(_, row)| row).collect()
    }

    /// All of it as bytes: how many points there are on the training curve, of evaluations, not merged yet, and merged into one
    /// (u32), when each target was reached (f64, NaN for never), and the points (f64: step, epoch, seconds, loss, accuracy).
    /// Little-endian.
    pub fn to_bytes(&self) -> Vec<u8> {
        let lists = [&self.training, &self.validation, &self.pending];
        let counts = lists.map(|list| list.len() as u32).into_iter().chain([self.every as u32]);
        let reached = self.reached.iter().map(|seconds| seconds.unwrap_or(f64::NAN));
        let points = lists.into_iter().flatten().flat_map(|p| [p.step, p.epoch, p.seconds, p.loss.into(), p.accuracy.into()]);
        counts.flat_map(u32::to_le_bytes).chain(reached.chain(points).flat_map(f64::to_le_bytes)).collect()
    }

    /// Back from bytes, which take as much memory.
    ///
    /// Errors when their number does not fit the counts.
    pub fn from_bytes(bytes: &[u8]) -> Result<History> {
        let malformed = || Error::Malformed { what: "a kept run's history".into(), reason: "it is not what it should be".into() };
        let (counts, rest) = bytes.split_first_chunk::<16>().ok_or_else(malformed)?;
        let [training, validation, pending, every] =
            [0, 4, 8, 12].map(|at| counts[at..at + 4].first_chunk().map_or(0, |word| u32::from_le_bytes(*word)) as usize);
        let (numbers, ragged) = rest.as_chunks::<8>();
        let numbers: Vec<f64> = numbers.iter().map(|number| f64::from_le_bytes(*number)).collect();
        let (reached, points) = numbers.split_first_chunk().ok_or_else(malformed)?;
        let expected = [training, validation, pending].iter().try_fold(0_usize, |sum, count| sum.checked_add(*count));
        let fits = expected.is_some_and(|sum| sum.checked_mul(5) == Some(points.len()));
        if !fits || !ragged.is_empty() || every == 0 || training > MAX_POINTS || pending >= every {
            return Err(malformed());
        }
        let point = |p: &[f64; 5]| Point { step: p[0], epoch: p[1], seconds: p[2], loss: p[3] as f32, accuracy: p[4] as f32 };
        let mut points: Vec<Point> = points.as_chunks().0.iter().map(point).collect();
        let unmerged = points.split_off(training + validation);
        let evaluations = points.split_off(training);
        let reached = reached.map(|seconds: f64| (!seconds.is_nan()).then_some(seconds));
        Ok(History { training: points, validation: evaluations, reached, every, pending: unmerged })
    }

    /// The same in few points, to be kept: neighbours on the training curve are merged; of the evaluations some are left out,
    /// never the last.
    pub fn curve(&self) -> Curve {
        let finite = |points: &[Point]| -> Vec<Point> {
            points.iter().filter(|p| p.loss.is_finite() && p.accuracy.is_finite()).copied().collect()
        };
        let (training, validation) = (finite(&self.training), finite(&self.validation));
        let training = training.chunks(training.len().div_ceil(CURVE_TRAINING).max(1)).map(mean).collect();
        let every = validation.len().div_ceil(CURVE_VALIDATION).max(1);
        let last = validation.len().saturating_sub(1);
        let validation = validation.iter().enumerate().filter(|(i, _)| (last - i).is_multiple_of(every)).map(|(_, p)| *p);
        Curve { training, validation: validation.collect() }
    }
}

/// Most points of a [`Curve`], training and validation: fifty of them are about half a megabyte as text.
pub const CURVE_TRAINING: usize = 200;
pub const CURVE_VALIDATION: usize = 100;

/// A run's past in few points, all of them finite.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    pub training: Vec<Point>,
    pub validation: Vec<Point>,
}

fn mean(points: &[Point]) -> Point {
    let n = points.len().max(1) as f64;
    let of = |f: fn(&Point) -> f64| points.iter().map(f).sum::<f64>() / n;
    Point {
        step: of(|p| p.step),
        epoch: of(|p| p.epoch),
        seconds: of(|p| p.seconds),
        loss: of(|p| p.loss.into()) as f32,
        accuracy: of(|p| p.accuracy.into()) as f32,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A point after that share of a run of ten epochs, 1,000 steps and five seconds, in which the loss falls from 1 to 0.
    fn at(share: f64) -> Point {
        let (loss, accuracy) = ((1.0 - share) as f32, share as f32);
        Point { step: 1000.0 * share, epoch: 10.0 * share, seconds: 5.0 * share, loss, accuracy }
    }

    #[test]
    fn a_long_run_keeps_its_shape_in_bounded_memory() {
        let mut history = History::default();
        let reports = 100_000;
        for i in 0..reports {
            history.push_training(at(f64::from(i) / f64::from(reports)));
        }
        let points = history.training();
        assert!((MAX_POINTS / 2..=MAX_POINTS).contains(&points.len()), "{}", points.len());
        keeps_its_shape(points, 0.001);
        let curve = history.curve().training;
        assert!((CURVE_TRAINING / 2..=CURVE_TRAINING).contains(&curve.len()), "{}", curve.len());
        keeps_its_shape(&curve, 0.01);
    }

    /// Points of [`at`], in order, to within `gap` of both ends.
    fn keeps_its_shape(points: &[Point], gap: f64) {
        assert!(points.is_sorted_by(|a, b| a.epoch < b.epoch));
        let share = |p: &Point| f64::from(p.accuracy);
        assert!(share(&points[0]) < gap && share(&points[points.len() - 1]) > 1.0 - 2.0 * gap);
        for p in points {
            let want = at(share(p));
            let close = |got: f64, want: f64| (got - want).abs() < 1e-3;
            assert!(close(p.step, want.step) && close(p.epoch, want.epoch) && close(p.seconds, want.seconds), "{p:?}");
            assert!(close(p.loss.into(), want.loss.into()), "{p:?}");
        }
    }

    #[test]
    fn a_kept_curve_is_finite_and_ends_as_the_run_did() {
        let mut history = History::default();
        for i in 0..=250 {
            history.push_validation(at(f64::from(i) / 250.0));
        }
        history.push_training(at(0.5));
        history.push_training(Point { loss: f32::INFINITY, ..at(0.6) });
        history.push_training(Point { loss: f32::NAN, ..at(0.7) });
        let curve = history.curve();
        assert_eq!(curve.training, [at(0.5)]);
        assert!((CURVE_VALIDATION / 2..=CURVE_VALIDATION).contains(&curve.validation.len()), "{}", curve.validation.len());
        assert_eq!(curve.validation.last(), Some(&at(1.0)));
        assert!(curve.validation.is_sorted_by(|a, b| a.epoch < b.epoch));
        assert_eq!(History::default().curve(), Curve::default());
    }

    #[test]
    fn numbers_are_read_at_every_evaluation_or_epoch() {
        let mut history = History::default();
        (0..=100).for_each(|i| history.push_training(at(f64::from(i) / 100.0)));
        assert_eq!(
            [-5.0, 314.0, 316.0, 2000.0].map(|step| history.near_step(step)),
            [0.0, 0.31, 0.32, 1.0].map(|share| Some(at(share)))
        );
        assert_eq!(History::default().near_step(3.0), None);
        let epochs: Vec<_> = history.rows(20).iter().map(|(p, check)| (p.epoch.round(), check.is_some())).collect();
        assert_eq!(epochs, (1..=10).map(|n| (f64::from(n), false)).collect::<Vec<_>>());
        for i in 1..=30 {
            history.push_validation(at(f64::from(i) / 30.0));
        }
        let rows = history.rows(20);
        assert_eq!(rows.len(), 15);
        assert_eq!(rows[14].1, Some(at(1.0)));
        assert!(rows.iter().all(|(p, check)| (p.epoch - check.unwrap().epoch).abs() <= 0.051), "{rows:?}");
        assert!(History::default().rows(20).is_empty());
    }

    #[test]
    fn a_target_is_reached_once_and_for_all() {
        let mut history = History::default();
        let mut after = |hits: u32, seconds: f64| {
            let accuracy = (f64::from(hits) / 5000.0) as f32;
            history.push_validation(Point { seconds, accuracy, ..at(0.5) });
            history.reached()
        };
        assert_eq!(after(4849, 0.5), [None, None]);
        assert_eq!(after(4850, 1.0), [Some(1.0), None], "4,850 of 5,000 are 97 %");
        assert_eq!(after(4800, 1.5), [Some(1.0), None]);
        assert_eq!(after(4900, 2.0), [Some(1.0), Some(2.0)]);
        assert_eq!(after(5000, 2.5), [Some(1.0), Some(2.0)]);
        let mut both = History::default();
        both.push_validation(Point { seconds: 3.0, accuracy: 0.99, ..at(0.5) });
        assert_eq!(both.reached(), [Some(3.0), Some(3.0)]);
        both.push_validation(Point { seconds: 4.0, loss: f32::NAN, accuracy: f32::NAN, ..at(0.5) });
        assert_eq!(both.reached(), [Some(3.0), Some(3.0)]);
    }

    #[test]
    fn few_reports_are_kept_as_they_are() {
        let mut history = History::default();
        let point = at(0.25);
        history.push_training(point);
        history.push_validation(point);
        assert_eq!((history.training(), history.validation()), (&[point][..], &[point][..]));
    }
}
