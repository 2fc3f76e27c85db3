//! Where each weight lives in the one flat parameter vector: layer by layer, W then b; W row-major (inputs, units).
//! Gradients, optimizer state, model files, messages and the JavaScript library all use this order.

/// One Dense layer: its shape and its place in the flat vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct DenseShape {
    /// Numbers that come in.
    pub inputs: usize,
    /// Neurons: numbers that go out.
    pub units: usize,
    /// Offset of W (inputs * units numbers) in the flat vector.
    pub weights: usize,
    /// Offset of b (units numbers) in the flat vector.
    pub bias: usize,
}

/// All layers' places.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Layout {
    /// The Dense layers, input side first.
    pub layers: Vec<DenseShape>,
    /// Length of the flat vector.
    pub parameters: usize,
}

impl Layout {
    /// The layout of Dense layers between `sizes`, for example `[784, 128, 10]`.
    pub fn new(sizes: &[usize]) -> Layout {
        let mut at = 0;
        let layers = sizes
            .windows(2)
            .map(|pair| {
                let (inputs, units) = (pair[0], pair[1]);
                let shape = DenseShape { inputs, units, weights: at, bias: at + inputs * units };
                at = shape.bias + units;
                shape
            })
            .collect();
        Layout { layers, parameters: at }
    }
}
