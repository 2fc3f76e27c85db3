//! Gradient descent to look at: loss curves over one weight and loss surfaces over two, and a ball that goes down on them by the
//! rules that train networks.

use super::derivative::{self, Polynomial};
use crate::nn::{Activation, Optimizer};

/// A loss as a function of one weight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Curve {
    /// w^2 - 2w + 2: one minimum, of 1, at 1.
    Bowl,
    /// w^4/4 - 2w^2 + w + 7: the deeper valley at w = -2.11, a shallower one at w = 1.86.
    TwoValleys,
    /// (sigmoid(w) - 1)^2: a neuron with input 1 that should answer 1. Where it is far off, it is flat.
    Plateau,
}

/// A loss as a function of two weights.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Surface {
    /// x^2 + xy + y^2, as on the slides.
    Slides,
    /// (x^2 + 15 y^2) / 4: steep across, hardly any slope along.
    Ravine,
}

/// Past this, the ball is gone: it diverges.
const FAR: f32 = 1e3;
/// A step that is shorter, on ground that is flatter, is a standstill.
const STILL: f64 = 1e-3;

impl Curve {
    /// All of them.
    pub const ALL: [Curve; 3] = [Curve::Bowl, Curve::TwoValleys, Curve::Plateau];

    /// Stable name: the locale files hold its words.
    pub fn name(self) -> &'static str {
        match self {
            Curve::Bowl => "bowl",
            Curve::TwoValleys => "two-valleys",
            Curve::Plateau => "plateau",
        }
    }

    /// Where it is drawn: from and to which weight.
    pub fn range(self) -> (f64, f64) {
        match self {
            Curve::Bowl => (-3.0, 5.0),
            Curve::TwoValleys => (-3.2, 3.0),
            Curve::Plateau => (-8.0, 8.0),
        }
    }

    /// Where the ball starts.
    pub fn start(self) -> f32 {
        match self {
            Curve::Bowl => -2.5,
            Curve::TwoValleys => 2.8,
            Curve::Plateau => -6.0,
        }
    }

    /// The loss.
    pub fn loss(self, w: f64) -> f64 {
        match self {
            Curve::Bowl | Curve::TwoValleys => self.polynomial().value(w),
            Curve::Plateau => (Activation::Sigmoid.apply(w) - 1.0).powi(2),
        }
    }

    /// Its slope: dC/dw.
    pub fn slope(self, w: f64) -> f64 {
        match self {
            Curve::Bowl | Curve::TwoValleys => self.polynomial().derivative().value(w),
            Curve::Plateau => {
                let a = Activation::Sigmoid.apply(w);
                2.0 * (a - 1.0) * Activation::Sigmoid.derivative(a)
            }
        }
    }

    fn polynomial(self) -> Polynomial {
        match self {
            Curve::TwoValleys => Polynomial(vec![0.25, 0.0, -2.0, 1.0, 7.0]),
            Curve::Bowl | Curve::Plateau => Polynomial(vec![1.0, -2.0, 2.0]),
        }
    }
}

impl Surface {
    /// All of them.
    pub const ALL: [Surface; 2] = [Surface::Slides, Surface::Ravine];

    /// Stable name: the locale files hold its words.
    pub fn name(self) -> &'static str {
        match self {
            Surface::Slides => "slides",
            Surface::Ravine => "ravine",
        }
    }

    /// Where the ball starts.
    pub fn start(self) -> [f32; 2] {
        match self {
            Surface::Slides => [-2.5, 2.0],
            Surface::Ravine => [-2.6, 1.5],
        }
    }

    /// The loss.
    pub fn loss(self, [x, y]: [f64; 2]) -> f64 {
        match self {
            Surface::Slides => derivative::surface(x, y),
            Surface::Ravine => (x * x + 15.0 * y * y) / 4.0,
        }
    }

    /// The slopes along each weight: the gradient.
    pub fn slope(self, [x, y]: [f64; 2]) -> [f64; 2] {
        match self {
            Surface::Slides => derivative::gradient(x, y).into(),
            Surface::Ravine => [x / 2.0, 15.0 * y / 2.0],
        }
    }
}

/// What a ball goes down on: a loss over one weight, or over two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ground {
    /// The second weight does nothing.
    One(Curve),
    Two(Surface),
}

impl Ground {
    /// All of them.
    pub const ALL: [Ground; 5] = [
        Ground::One(Curve::Bowl),
        Ground::One(Curve::TwoValleys),
        Ground::One(Curve::Plateau),
        Ground::Two(Surface::Slides),
        Ground::Two(Surface::Ravine),
    ];

    /// Stable name: the locale files hold its words.
    pub fn name(self) -> &'static str {
        match self {
            Ground::One(curve) => curve.name(),
            Ground::Two(surface) => surface.name(),
        }
    }

    /// The ground of that name.
    pub fn parse(name: &str) -> Option<Ground> {
        Ground::ALL.into_iter().find(|ground| ground.name() == name)
    }

    /// How many weights it is over.
    pub fn weights(self) -> usize {
        match self {
            Ground::One(_) => 1,
            Ground::Two(_) => 2,
        }
    }

    /// The loss.
    pub fn loss(self, w: [f64; 2]) -> f64 {
        match self {
            Ground::One(curve) => curve.loss(w[0]),
            Ground::Two(surface) => surface.loss(w),
        }
    }

    /// The slopes along each weight.
    pub fn slope(self, w: [f64; 2]) -> [f64; 2] {
        match self {
            Ground::One(curve) => [curve.slope(w[0]), 0.0],
            Ground::Two(surface) => surface.slope(w),
        }
    }
}

/// Where a descent stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Going,
    /// So flat, and so slow, that it stays.
    Still,
    /// Gone: each step was larger than the one before.
    Diverged,
}

/// A ball of `N` weights that goes down a loss.
#[derive(Clone, Debug, PartialEq)]
pub struct Ball<const N: usize> {
    /// Where it was after each step, the start first.
    pub trail: Vec<[f32; N]>,
    /// Momentum's memory of the slopes.
    velocity: [f32; N],
    fate: Fate,
}

impl<const N: usize> Ball<N> {
    /// A ball at rest.
    pub fn new(start: [f32; N]) -> Ball<N> {
        Ball { trail: vec![start], velocity: [0.0; N], fate: Fate::Going }
    }

    /// Where it is.
    pub fn at(&self) -> [f32; N] {
        self.trail.last().copied().unwrap_or([0.0; N])
    }

    /// What momentum remembers: the slopes before, the older the less.
    pub fn velocity(&self) -> [f32; N] {
        self.velocity
    }

    /// The steps that it went.
    pub fn steps(&self) -> usize {
        self.trail.len() - 1
    }

    /// Whether it goes on.
    pub fn fate(&self) -> Fate {
        self.fate
    }

    /// One step: x -= slope * learning rate; with momentum the slopes before it count, too.
    pub fn step(&mut self, slope: impl Fn([f64; N]) -> [f64; N], learning_rate: f32, momentum: f32) {
        if self.fate == Fate::Diverged {
            return;
        }
        let before = self.at();
        let mut after = before;
        let gradient = slope(before.map(f64::from)).map(|slope| slope as f32);
        let optimizer = if momentum > 0.0 { Optimizer::Momentum { momentum } } else { Optimizer::Sgd };
        optimizer.update(optimizer.at_step(learning_rate, 1), &mut after, &gradient, &mut self.velocity, &mut []);
        if !after.iter().all(|w| w.abs() < FAR) {
            self.fate = Fate::Diverged;
        } else {
            let moved = after.iter().zip(before).map(|(a, b)| f64::from((a - b).abs())).fold(0.0, f64::max);
            let flat = gradient.iter().all(|slope| f64::from(slope.abs()) < STILL);
            self.fate = if flat && moved < STILL { Fate::Still } else { Fate::Going };
        }
        self.trail.push(after);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run(curve: Curve, rate: f32, momentum: f32, steps: usize) -> Ball<1> {
        let mut ball = Ball::new([curve.start()]);
        for _ in 0..steps {
            if ball.fate() != Fate::Going {
                break;
            }
            ball.step(|[w]| [curve.slope(w)], rate, momentum);
        }
        ball
    }

    #[test]
    fn slopes_are_those_of_the_losses() {
        for curve in Curve::ALL {
            for w in [-3.0, -1.0, 0.3, 2.5] {
                let slope = derivative::central_difference(|w| curve.loss(w), w, 1e-5);
                assert!((slope - curve.slope(w)).abs() < 1e-6, "{curve:?} at {w}: {slope}");
            }
        }
        for surface in Surface::ALL {
            for [x, y] in [[1.0, 2.0], [-2.0, 0.5]] {
                let along_x = derivative::central_difference(|x| surface.loss([x, y]), x, 1e-5);
                let along_y = derivative::central_difference(|y| surface.loss([x, y]), y, 1e-5);
                let [dx, dy] = surface.slope([x, y]);
                assert!((along_x - dx).abs() < 1e-6 && (along_y - dy).abs() < 1e-6, "{surface:?} at {x}, {y}");
            }
        }
    }

    #[test]
    fn a_ground_is_its_curve_or_surface() {
        for ground in Ground::ALL {
            assert_eq!(Ground::parse(ground.name()), Some(ground));
            for w in [[-1.5, 0.5], [2.0, -0.7]] {
                let [dx, dy] = ground.slope(w);
                let along = |axis: usize| {
                    let moved = |value: f64| if axis == 0 { [value, w[1]] } else { [w[0], value] };
                    derivative::central_difference(|value| ground.loss(moved(value)), w[axis], 1e-5)
                };
                assert!((along(0) - dx).abs() < 1e-6 && (along(1) - dy).abs() < 1e-6, "{ground:?} at {w:?}");
                assert_eq!(ground.weights() == 1, dy == 0.0);
            }
        }
    }

    /// A loss is never negative.
    #[test]
    fn no_curve_goes_below_zero() {
        for curve in Curve::ALL {
            let (from, to) = curve.range();
            let lowest = (0..=1000).map(|i| curve.loss(from + (to - from) * f64::from(i) / 1000.0)).fold(f64::MAX, f64::min);
            assert!((0.0..1.1).contains(&lowest), "{curve:?}: {lowest}");
        }
    }

    /// The lesson's task: no learning rate alone comes to rest in the ravine within 40 steps; with momentum, some do.
    #[test]
    fn only_momentum_is_through_the_ravine_in_40_steps() {
        let rests = |rate: f32, momentum: f32| {
            let mut ball = Ball::new(Surface::Ravine.start());
            (0..40).for_each(|_| ball.step(|w| Surface::Ravine.slope(w), rate, momentum));
            ball.fate() == Fate::Still
        };
        let rates = || (1..=120).map(|i| i as f32 / 100.0);
        assert!(!rates().any(|rate| rests(rate, 0.0)));
        let with = |momentum| rates().filter(|rate| rests(*rate, momentum)).count();
        let fast: Vec<usize> = [0.3, 0.4, 0.5, 0.6].map(with).to_vec();
        assert!(fast.iter().all(|count| *count >= 3), "{fast:?}");
    }

    /// x -= slope * learning rate: from -2.5 on w^2 - 2w + 2 the slope is -7, so that a rate of 0.1 leads to -1.8.
    #[test]
    fn one_step_as_on_the_slides() {
        let ball = run(Curve::Bowl, 0.1, 0.0, 1);
        assert!((ball.at()[0] - -1.8).abs() < 1e-6);
        assert_eq!(ball.steps(), 1);
    }

    /// On the bowl (slope 2 (w - 1)) a rate of 0.5 arrives at once, below 1 it arrives, at 1 it swings for ever, above it
    /// diverges.
    #[test]
    fn from_too_slow_to_diverging() {
        assert_eq!(run(Curve::Bowl, 0.5, 0.0, 1).at(), [1.0]);
        assert_eq!(run(Curve::Bowl, 0.1, 0.0, 100).fate(), Fate::Still);
        assert_eq!(run(Curve::Bowl, 0.9, 0.0, 100).fate(), Fate::Still);
        assert_eq!(run(Curve::Bowl, 0.001, 0.0, 100).fate(), Fate::Going);
        let swinging = run(Curve::Bowl, 1.0, 0.0, 100);
        assert_eq!((swinging.fate(), swinging.at()), (Fate::Going, [-2.5]));
        assert_eq!(run(Curve::Bowl, 1.1, 0.0, 100).fate(), Fate::Diverged);
    }

    /// Gradient descent ends in the valley that it starts in; with momentum the ball rolls over into the deeper one.
    #[test]
    fn a_local_minimum_and_momentum() {
        let (stuck, over) = (run(Curve::TwoValleys, 0.05, 0.0, 500), run(Curve::TwoValleys, 0.05, 0.9, 500));
        assert!((stuck.at()[0] - 1.86).abs() < 0.02, "{:?}", stuck.at());
        assert!((over.at()[0] - -2.11).abs() < 0.02, "{:?}", over.at());
        assert!(Curve::TwoValleys.loss(-2.11) < Curve::TwoValleys.loss(1.86));
    }

    /// Far out on a sigmoid's plateau there is hardly a slope to follow.
    #[test]
    fn a_plateau_hardly_moves() {
        let ball = run(Curve::Plateau, 0.1, 0.0, 100);
        assert!((ball.at()[0] - Curve::Plateau.start()).abs() < 0.1);
    }

    /// Down the ravine, momentum is where gradient descent with the same rate is not yet.
    #[test]
    fn momentum_goes_along_the_ravine() {
        let go = |momentum: f32| {
            let mut ball = Ball::new(Surface::Ravine.start());
            (0..60).for_each(|_| ball.step(|w| Surface::Ravine.slope(w), 0.02, momentum));
            Surface::Ravine.loss(ball.at().map(f64::from))
        };
        assert!(go(0.8) < go(0.0) / 10.0, "{} and {}", go(0.8), go(0.0));
    }
}
