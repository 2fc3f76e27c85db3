//! One neuron with two inputs: z = x1 w1 + x2 w2 + b, a = f(z), and the line z = 0 in the plane of its inputs.

use super::{dense, slope};
use crate::nn::Activation;

/// See the module's documentation.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Neuron {
    pub w: [f32; 2],
    pub b: f32,
    pub activation: Activation,
}

/// What a neuron makes of one input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    pub z: f32,
    pub a: f32,
    /// f'(z).
    pub slope: f32,
}

impl Neuron {
    /// The first neuron of the deck's example network.
    pub const DECK: Neuron = Neuron { w: [1.0, -2.0], b: 1.0, activation: Activation::Sigmoid };

    /// What it makes of `x`.
    pub fn answer(&self, x: [f32; 2]) -> Answer {
        let z = dense(&x, &self.w, &[self.b], Activation::Linear)[0];
        Answer { z, a: self.activation.apply(z), slope: slope(self.activation, z) }
    }

    /// Where the line z = 0 crosses the square from -`side` to `side`; `None` where it does not, or where there is no line.
    pub fn line(&self, side: f32) -> Option<[[f32; 2]; 2]> {
        let [w1, w2] = self.w;
        let mut crossings: Vec<[f32; 2]> = Vec::new();
        for edge in [-side, side] {
            // x2 on the left and right edges, x1 on the lower and upper ones.
            let (x2, x1) = (-(w1 * edge + self.b) / w2, -(w2 * edge + self.b) / w1);
            for point in [[edge, x2], [x1, edge]] {
                let inside = point.iter().all(|x| x.is_finite() && x.abs() <= side * 1.000_01);
                if inside && !crossings.iter().any(|seen| (seen[0] - point[0]).hypot(seen[1] - point[1]) < 1e-4 * side) {
                    crossings.push(point);
                }
            }
        }
        match crossings[..] {
            [from, to, ..] => Some([from, to]),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decks_first_neuron_has_z_4_and_a_098() {
        let answer = Neuron::DECK.answer([1.0, -1.0]);
        assert_eq!(answer.z, 4.0);
        assert!((answer.a - 0.98).abs() <= 0.005, "{answer:?}");
    }

    #[test]
    fn the_slope_is_that_of_the_curve() {
        for activation in Activation::ALL {
            for z in [-2.3_f32, -0.4, 0.7, 1.9] {
                let h = 1e-2;
                let numeric = (activation.apply(z + h) - activation.apply(z - h)) / (2.0 * h);
                assert!((slope(activation, z) - numeric).abs() < 1e-3, "{activation:?} at {z}");
            }
        }
    }

    #[test]
    fn the_line_is_where_z_is_zero() {
        for (w, b) in [([1.0, -2.0], 1.0), ([1.0, 0.0], -2.0), ([0.0, 3.0], 0.5), ([1.0, 1.0], 0.0), ([-0.5, 0.1], 0.7)] {
            let neuron = Neuron { w, b, activation: Activation::Linear };
            let [from, to] = neuron.line(3.0).unwrap_or_else(|| panic!("{w:?} {b}"));
            assert!((from[0] - to[0]).hypot(from[1] - to[1]) > 1.0);
            for point in [from, to] {
                assert!(neuron.answer(point).z.abs() < 1e-4, "{w:?} {b} {point:?}");
            }
        }
        assert_eq!(Neuron { w: [0.0, 0.0], b: 1.0, activation: Activation::Relu }.line(3.0), None);
        assert_eq!(Neuron { w: [1.0, 0.0], b: 9.0, activation: Activation::Relu }.line(3.0), None);
    }
}
