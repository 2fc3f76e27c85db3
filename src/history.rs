//! What a run's chart shows: a bounded number of points, however long the run. When the bound is reached, neighbours are
//! merged into their mean, and from then on each point stands for twice as many reports.

/// Most points kept; a chart has fewer pixels than that.
pub const MAX_POINTS: usize = 2000;

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
    /// Reports merged into one point.
    every: usize,
    /// Reports that do not fill a point yet.
    pending: Vec<Point>,
}

impl Default for History {
    fn default() -> History {
        History { training: Vec::new(), validation: Vec::new(), every: 1, pending: Vec::new() }
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

    /// Adds an evaluation on the validation split.
    pub fn push_validation(&mut self, point: Point) {
        self.validation.push(point);
    }

    /// Points on the training curve.
    pub fn training(&self) -> &[Point] {
        &self.training
    }

    /// Points at the ends of epochs.
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
    fn few_reports_are_kept_as_they_are() {
        let mut history = History::default();
        let point = Point { epoch: 0.5, loss: 2.0, accuracy: 0.25 };
        history.push_training(point);
        history.push_validation(point);
        assert_eq!((history.training(), history.validation()), (&[point][..], &[point][..]));
    }
}
