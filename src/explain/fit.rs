//! A neuron with one input and no activation, y = w x + b, on a few points: its loss, the slopes of the loss, and learning.

use crate::nn::{Activation, Optimizer};

/// Points (x, y) that lie near a line.
pub const POINTS: [[f32; 2]; 7] = [[-2.5, -2.6], [-1.8, -1.5], [-0.9, -1.4], [0.0, -0.3], [0.8, 0.4], [1.6, 0.5], [2.4, 1.7]];

/// Where the slopes are this small, there is nothing left to learn.
const STILL: f32 = 1e-3;
/// With this loss a line is beyond help: its learning rate is too high.
const LOST: f32 = 1000.0;
/// Half the range of random weights and biases.
const RANGE: f32 = 3.0;
/// Random weights with a smaller loss are drawn again: nothing would be left to learn.
const BAD: f32 = 2.0;

/// The neuron.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    pub w: f32,
    pub b: f32,
}

impl Line {
    /// The line before it learns: w and b uniform between -3 and 3, another one for each seed, and never near the points.
    pub fn random(seed: u64) -> Line {
        let mut random = fastrand::Rng::with_seed(seed);
        loop {
            let [w, b] = [(); 2].map(|()| RANGE * (2.0 * random.f32() - 1.0));
            let line = Line { w, b };
            if line.loss() > BAD {
                return line;
            }
        }
    }

    /// Its answer.
    pub fn answer(self, x: f32) -> f32 {
        super::dense(&[x], &[self.w], &[self.b], Activation::Linear)[0]
    }

    /// y_hat - y at every point.
    pub fn differences(self) -> [f32; POINTS.len()] {
        POINTS.map(|[x, y]| self.answer(x) - y)
    }

    /// The mean of the squared differences.
    pub fn loss(self) -> f32 {
        self.differences().iter().map(|off| off.powi(2)).sum::<f32>() / POINTS.len() as f32
    }

    /// dC/dw and dC/db: the means of 2 (y_hat - y) x and of 2 (y_hat - y).
    pub fn slopes(self) -> [f32; 2] {
        let share = 2.0 / POINTS.len() as f32;
        let terms = self.differences().into_iter().zip(POINTS);
        terms.fold([0.0, 0.0], |[w, b], (off, [x, _])| [w + share * off * x, b + share * off])
    }

    /// After a step x -= slope * learning rate, by the rule that trains networks.
    pub fn step(self, learning_rate: f32) -> Line {
        let mut x = [self.w, self.b];
        Optimizer::Sgd.update(Optimizer::Sgd.at_step(learning_rate, 1), &mut x, &self.slopes(), &mut [], &mut []);
        Line { w: x[0], b: x[1] }
    }

    /// Whether it is at the bottom.
    pub fn is_still(self) -> bool {
        self.slopes().iter().all(|slope| slope.abs() < STILL)
    }

    /// Whether its loss has grown out of all proportion.
    pub fn is_lost(self) -> bool {
        // So that NaN is lost as well.
        !matches!(self.loss().partial_cmp(&LOST), Some(std::cmp::Ordering::Less))
    }
}

/// Losses that a course remembers.
const MEMORY: usize = 2000;

/// A line on its way from random weights: moved by hand, or learning.
#[derive(Clone, Debug, PartialEq)]
pub struct Course {
    line: Line,
    /// Steps that it has learned.
    steps: usize,
    /// After every move and every step, the newest last.
    losses: Vec<f32>,
}

impl Course {
    /// Where nothing has been done yet.
    pub fn new(line: Line) -> Course {
        Course { line, steps: 0, losses: vec![line.loss()] }
    }

    /// The line as it is.
    pub fn line(&self) -> Line {
        self.line
    }

    /// How many steps it has learned; none if all was done by hand.
    pub fn steps(&self) -> usize {
        self.steps
    }

    /// The loss from the beginning until now, at `share` (0 to 1) of the way.
    pub fn loss_at(&self, share: f32) -> f32 {
        let last = self.losses.len() - 1;
        let place = share.clamp(0.0, 1.0) * last as f32;
        let (before, part) = (place as usize, place.fract());
        let after = self.losses[(before + 1).min(last)];
        self.losses[before] + part * (after - self.losses[before])
    }

    /// Moves it by hand.
    pub fn move_to(&mut self, line: Line) {
        self.line = line;
        if self.losses.len() == MEMORY {
            self.losses.remove(0);
        }
        self.losses.push(line.loss());
    }

    /// Learns a step.
    pub fn learn(&mut self, learning_rate: f32) {
        self.steps += 1;
        self.move_to(self.line.step(learning_rate));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn slopes_are_those_of_the_loss() {
        let h = 1e-2;
        for line in [Line { w: 0.3, b: -1.0 }, Line { w: -2.0, b: 1.5 }] {
            let along_w = (Line { w: line.w + h, ..line }.loss() - Line { w: line.w - h, ..line }.loss()) / (2.0 * h);
            let along_b = (Line { b: line.b + h, ..line }.loss() - Line { b: line.b - h, ..line }.loss()) / (2.0 * h);
            let [w, b] = line.slopes();
            assert!((w - along_w).abs() < 1e-2 && (b - along_b).abs() < 1e-2, "{line:?}: {w} {along_w}, {b} {along_b}");
        }
    }

    /// The normal equations say where the bottom is.
    #[test]
    fn the_bottom_is_that_of_least_squares() {
        let n = POINTS.len() as f64;
        let mean = |f: &dyn Fn([f64; 2]) -> f64| POINTS.iter().map(|point| f(point.map(f64::from))).sum::<f64>() / n;
        let (x, y) = (mean(&|[x, _]| x), mean(&|[_, y]| y));
        let w = mean(&|[px, py]| (px - x) * (py - y)) / mean(&|[px, _]| (px - x).powi(2));
        let best = Line { w: w as f32, b: (y - w * x) as f32 };
        assert!(best.is_still() && (best.loss() - 0.0636).abs() < 1e-4, "{best:?} {}", best.loss());
        assert!(!Line { b: best.b + 0.1, ..best }.is_still());
    }

    #[test]
    fn random_lines_have_much_to_learn() {
        let lines: Vec<Line> = (0..50).map(Line::random).collect();
        for line in &lines {
            assert!(line.w.abs() <= RANGE && line.b.abs() <= RANGE && line.loss() > BAD, "{line:?}");
        }
        assert_eq!(lines[7], Line::random(7));
        assert_ne!(lines[7], lines[8]);
    }

    #[test]
    fn small_steps_reach_the_bottom_and_large_ones_leave_it() {
        let learn = |rate| (0..500).fold(Line { w: -1.5, b: 2.0 }, |line, _| line.step(rate));
        let best = learn(0.1);
        assert!(best.is_still() && best.loss() < 0.1, "{best:?} {}", best.loss());
        assert!(learn(0.01).loss() < 0.11);
        let far = (0..60).fold(Line { w: -1.5, b: 2.0 }, |line, _| line.step(0.5));
        assert!(far.is_lost() && !best.is_lost(), "{far:?}");
        assert!(Line { w: f32::NAN, b: 0.0 }.is_lost());
    }
    #[test]
    fn a_course_remembers_its_losses() {
        let (first, second) = (Line { w: -1.5, b: 2.0 }, Line { w: 0.5, b: 0.0 });
        let mut course = Course::new(first);
        assert_eq!((course.loss_at(0.0), course.loss_at(1.0)), (first.loss(), first.loss()));
        course.move_to(second);
        assert_eq!((course.steps(), course.line()), (0, second));
        course.learn(0.1);
        assert_eq!((course.steps(), course.line()), (1, second.step(0.1)));
        assert_eq!([0.0, 0.5, 1.0].map(|share| course.loss_at(share)), [first, second, second.step(0.1)].map(Line::loss));
        let half = (first.loss() + second.loss()) / 2.0;
        assert!((course.loss_at(0.25) - half).abs() < 1e-4);
        (0..2 * MEMORY).for_each(|_| course.move_to(first));
        assert_eq!((course.losses.len(), course.loss_at(0.0)), (MEMORY, first.loss()));
    }
}
