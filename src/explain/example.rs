//! The deck's example network: two inputs, three layers of two neurons, sigmoid everywhere, no softmax.

use super::dense;
use crate::nn::Activation;

/// A neuron's weights, from the upper and the lower neuron before it, and its bias.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Cell {
    pub w: [f32; 2],
    pub b: f32,
}

/// The network, and its input.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Example {
    pub x: [f32; 2],
    /// Layers from left to right, neurons from above.
    pub layers: [[Cell; 2]; 3],
}

/// What a neuron makes of its inputs.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Value {
    pub z: f32,
    pub a: f32,
}

const fn cell(w1: f32, w2: f32, b: f32) -> Cell {
    Cell { w: [w1, w2], b }
}

/// The outputs that the slide prints.
pub const PRINTED: [[f32; 2]; 3] = [[0.98, 0.12], [0.86, 0.11], [0.62, 0.83]];

impl Example {
    /// The network whose outputs the slide prints.
    pub const DECK: Example = Example {
        x: [1.0, -1.0],
        layers: [
            [cell(1.0, -2.0, 1.0), cell(-1.0, 1.0, 0.0)],
            [cell(2.0, -1.0, 0.0), cell(-2.0, -1.0, 0.0)],
            [cell(3.0, -1.0, -2.0), cell(-1.0, 4.0, 2.0)],
        ],
    };

    /// The network whose weights the slide prints: the last weight of the second layer is 1, where the outputs need -1.
    pub fn printed() -> Example {
        let mut example = Example::DECK;
        example.layers[1][1].w[1] = 1.0;
        example
    }

    /// All neurons' values, layer by layer.
    pub fn forward(&self) -> [[Value; 2]; 3] {
        let mut x = self.x;
        self.layers.map(|layer| {
            let [upper, lower] = layer;
            let (w, b) = ([upper.w[0], lower.w[0], upper.w[1], lower.w[1]], [upper.b, lower.b]);
            let z = dense(&x, &w, &b, Activation::Linear);
            let values = [z[0], z[1]].map(|z| Value { z, a: Activation::Sigmoid.apply(z) });
            x = values.map(|value| value.a);
            values
        })
    }

    /// Whether each output is the printed one, to two decimals.
    pub fn agrees(&self) -> [[bool; 2]; 3] {
        let values = self.forward();
        let near = |layer: usize, unit: usize| (values[layer][unit].a - PRINTED[layer][unit]).abs() <= 0.005;
        [0, 1, 2].map(|layer| [near(layer, 0), near(layer, 1)])
    }

    /// How many biases are not the slide's; none where an input or a weight is not, neither as printed nor as it has to be.
    pub fn biases_changed(&self) -> Option<usize> {
        let cells = |example: &Example| example.layers.into_iter().flatten().collect::<Vec<Cell>>();
        let same_weights =
            |other: &Example| self.x == other.x && cells(self).iter().zip(cells(other)).all(|(own, other)| own.w == other.w);
        let changed = || cells(self).iter().zip(cells(&Example::DECK)).filter(|(own, deck)| own.b != deck.b).count();
        (same_weights(&Example::DECK) || same_weights(&Example::printed())).then(changed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_decks_numbers() {
        let values = Example::DECK.forward();
        assert_eq!(values[0].map(|value| value.z), [4.0, -2.0]);
        assert_eq!(Example::DECK.agrees(), [[true; 2]; 3]);
    }

    /// With inputs of 0 only biases speak.
    #[test]
    fn no_input_is_not_no_output() {
        let values = Example { x: [0.0, 0.0], ..Example::DECK }.forward();
        assert_eq!(values[0].map(|value| value.z), [1.0, 0.0]);
        assert_eq!(values[0][1].a, 0.5);
        // 0.51 and 0.85, worked out in f64 by hand.
        let want = [0.511_847, 0.854_384];
        assert!(values[2].iter().zip(want).all(|(value, want)| (value.a - want).abs() < 1e-4), "{values:?}");
    }

    #[test]
    fn a_changed_bias_is_told_from_a_changed_weight() {
        for mut example in [Example::DECK, Example::printed()] {
            assert_eq!(example.biases_changed(), Some(0));
            example.layers[2][1].b = -2.0;
            assert_eq!(example.biases_changed(), Some(1));
            example.layers[0][0].b = 0.0;
            assert_eq!(example.biases_changed(), Some(2));
            assert_eq!(Example { x: [1.0, 1.0], ..example }.biases_changed(), None);
            example.layers[0][1].w[0] = 1.0;
            assert_eq!(example.biases_changed(), None);
        }
    }

    #[test]
    fn the_printed_weight_does_not_give_the_printed_outputs() {
        assert_eq!(Example::printed().agrees(), [[true, true], [true, false], [false, false]]);
    }
}
