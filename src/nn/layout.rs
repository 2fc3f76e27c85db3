//! Where each parameter lives in the one flat vector: layer by layer, a Dense layer's W then b, W row-major (inputs, units), a
//! normalization's gamma then beta; after all of them, what is not trained: each normalization's moving mean, then its variance.
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

/// One batch normalization: its width and its places in the flat vector.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NormShape {
    /// Numbers that come in and go out.
    pub units: usize,
    /// Offset of gamma (units numbers); beta follows it.
    pub gamma: usize,
    /// Offset of the moving mean (units numbers); the moving variance follows it.
    pub moving: usize,
}

/// All layers' places.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Layout {
    /// The Dense layers, input side first.
    pub layers: Vec<DenseShape>,
    /// The batch normalizations, input side first.
    pub norms: Vec<NormShape>,
    /// How many numbers, from the first on, are trained.
    pub trainable: usize,
    /// Length of the flat vector.
    pub parameters: usize,
}

/// What has parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// A Dense layer of that many units.
    Dense(usize),
    BatchNormalization,
}

impl Layout {
    /// The layout of Dense layers between `sizes`, for example `[784, 128, 10]`.
    pub fn new(sizes: &[usize]) -> Layout {
        let (inputs, units) = sizes.split_first().map_or((0, sizes), |(inputs, units)| (*inputs, units));
        Layout::of(inputs, units.iter().map(|units| Part::Dense(*units)))
    }

    /// The layout of such parts, one after the other.
    pub fn of(inputs: usize, parts: impl IntoIterator<Item = Part>) -> Layout {
        let mut layout = Layout::default();
        let (mut at, mut width) = (0, inputs);
        for part in parts {
            match part {
                Part::Dense(units) => {
                    let shape = DenseShape { inputs: width, units, weights: at, bias: at + width * units };
                    at = shape.bias + units;
                    width = units;
                    layout.layers.push(shape);
                }
                Part::BatchNormalization => {
                    layout.norms.push(NormShape { units: width, gamma: at, moving: 0 });
                    at += 2 * width;
                }
            }
        }
        layout.trainable = at;
        for norm in &mut layout.norms {
            norm.moving = at;
            at += 2 * norm.units;
        }
        layout.parameters = at;
        layout
    }
}
