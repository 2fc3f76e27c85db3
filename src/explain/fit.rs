//! A neuron with one input and no activation, y = w x + b, on a few points: its loss, the slopes of the loss, and learning.

use crate::nn::{Activation, Optimizer};

/// Points (x, y) that lie near a line.
pub const POINTS: [[f32; 2]; 7] = [[-2.5, -2.6], [-1.8, -1.5], [-0.9, -1.4], [0.0, -0.3], [0.8, 0.4], [1.6, 0.5], [2.4, 1.7]];

/// Where the slopes are this small, there is nothing left to learn.
const STILL: f32 = 1e-3;

/// The neuron.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Line {
    pub w: f32,
    pub b: f32,
}

impl Line {
    /// Its answer.
    pub fn answer(self, x: f32) -> f32 {
        super::dense(&[x], &[self.w], &[self.b], Activation::Linear)[0]
    }

    /// The mean of the squared differences.
    pub fn loss(self) -> f32 {
        POINTS.iter().map(|[x, y]| (self.answer(*x) - y).powi(2)).sum::<f32>() / POINTS.len() as f32
    }

    /// dC/dw and dC/db: the means of 2 (y_hat - y) x and of 2 (y_hat - y).
    pub fn slopes(self) -> [f32; 2] {
        let share = 2.0 / POINTS.len() as f32;
        let terms = POINTS.iter().map(|[x, y]| (self.answer(*x) - y, x));
        terms.fold([0.0, 0.0], |[w, b], (off, x)| [w + share * off * x, b + share * off])
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

    #[test]
    fn small_steps_reach_the_bottom_and_large_ones_leave_it() {
        let learn = |rate| (0..500).fold(Line { w: -1.5, b: 2.0 }, |line, _| line.step(rate));
        let best = learn(0.1);
        assert!(best.is_still() && best.loss() < 0.1, "{best:?} {}", best.loss());
        assert!(learn(0.01).loss() < 0.11);
        let far = (0..60).fold(Line { w: -1.5, b: 2.0 }, |line, _| line.step(0.5));
        assert!(far.loss() > 1000.0, "{far:?}");
    }
}
