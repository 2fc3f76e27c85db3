//! What a run's chart shows: a bounded number of points, however long the run. When the bound is reached, neighbours are
//! merged into their mean, and from then on each point stands for twice as many reports.

/// Most points kept; a chart has fewer pixels than that.
pub const MAX_POINTS: usize = 2000;

/// The accuracies that a run is timed to, on the validation split.
pub const TARGETS: [f32; 2] = [0.97, 0.98];

/// Loss and accuracy at one place of a run.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Point {
    /// Epochs since the beginning, with fraction.
    pub epoch: f64,
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

    /// Adds an evaluation on the validation split whose outcome was known after `seconds`.
    pub fn push_validation(&mut self, point: Point, seconds: f64) {
        self.validation.push(point);
        for (target, reached) in TARGETS.iter().zip(&mut self.reached) {
            if point.accuracy >= *target {
                reached.get_or_insert(seconds);
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
}

fn mean(points: &[Point]) -> Point {
    let n = points.len().max(1) as f64;
    let of = |f: fn(&Point) -> f64| points.iter().map(f).sum::<f64>() / n;
    Point { epoch: of(|p| p.epoch), loss: of(|p| p.loss.into()) as f32, accuracy: of(|p| p.accuracy.into()) as f32 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_long_run_keeps_its_shape_in_bounded_memory() {
        let mut history = History::default();
        let reports = 100_000;
        for i in 0..reports {
            let x = f64::from(i) / f64::from(reports);
            history.push_training(Point { epoch: x, loss: (1.0 - x) as f32, accuracy: x as f32 });
        }
        let points = history.training();
        assert!((MAX_POINTS / 2..=MAX_POINTS).contains(&points.len()), "{}", points.len());
        assert!(points.is_sorted_by(|a, b| a.epoch < b.epoch));
        assert!(points[0].epoch < 0.001 && points[points.len() - 1].epoch > 0.998);
        for p in points {
            assert!((f64::from(p.accuracy) - p.epoch).abs() < 1e-5 && (f64::from(p.loss) - (1.0 - p.epoch)).abs() < 1e-5);
        }
    }

    #[test]
    fn a_target_is_reached_once_and_for_all() {
        let mut history = History::default();
        let mut after = |hits: u32, seconds: f64| {
            let accuracy = (f64::from(hits) / 5000.0) as f32;
            history.push_validation(Point { epoch: seconds, loss: 0.1, accuracy }, seconds);
            history.reached()
        };
        assert_eq!(after(4849, 0.5), [None, None]);
        assert_eq!(after(4850, 1.0), [Some(1.0), None], "4,850 of 5,000 are 97 %");
        assert_eq!(after(4800, 1.5), [Some(1.0), None]);
        assert_eq!(after(4900, 2.0), [Some(1.0), Some(2.0)]);
        assert_eq!(after(5000, 2.5), [Some(1.0), Some(2.0)]);
        let mut both = History::default();
        both.push_validation(Point { epoch: 1.0, loss: 0.1, accuracy: 0.99 }, 3.0);
        assert_eq!(both.reached(), [Some(3.0), Some(3.0)]);
        both.push_validation(Point { epoch: 1.0, loss: f32::NAN, accuracy: f32::NAN }, 4.0);
        assert_eq!(both.reached(), [Some(3.0), Some(3.0)]);
    }

    #[test]
    fn few_reports_are_kept_as_they_are() {
        let mut history = History::default();
        let point = Point { epoch: 0.5, loss: 2.0, accuracy: 0.25 };
        history.push_training(point);
        history.push_validation(point, 1.0);
        assert_eq!((history.training(), history.validation()), (&[point][..], &[point][..]));
    }
}
