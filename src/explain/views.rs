//! What three kinds of networks do with the same image: an MLP takes all pixels in a row, a CNN moves a small window over it, an
//! RNN reads row by row and remembers.

use super::dense;
use crate::ink::SIDE;
use crate::nn::{Activation, Initializer};

/// Rows, and columns, of a kernel.
pub const WINDOW: usize = 3;
/// Places of the window in a row, and in a column.
pub const PLACES: usize = SIDE - WINDOW + 1;
/// Numbers that the RNN remembers.
pub const MEMORY: usize = 8;

/// A kernel: what each pixel of the window counts, row by row.
pub type Kernel = [f32; WINDOW * WINDOW];

/// Kernels with their names; a CNN learns its own.
pub const KERNELS: [(&str, Kernel); 4] = [
    ("left-edge", [-1.0, 0.0, 1.0, -1.0, 0.0, 1.0, -1.0, 0.0, 1.0]),
    ("upper-edge", [-1.0, -1.0, -1.0, 0.0, 0.0, 0.0, 1.0, 1.0, 1.0]),
    ("slant", [0.0, -1.0, 2.0, -1.0, 2.0, -1.0, 2.0, -1.0, 0.0]),
    ("blur", [1.0 / 9.0; 9]),
];

/// The pixels under the window at this place.
pub fn window(image: &[f32], row: usize, column: usize) -> Kernel {
    std::array::from_fn(|i| image[(row + i / WINDOW) * SIDE + column + i % WINDOW])
}

/// The sum of the pixels under the window, each times its number in the kernel.
pub fn convolve(image: &[f32], kernel: &Kernel, row: usize, column: usize) -> f32 {
    dense(&window(image, row, column), kernel, &[0.0], Activation::Linear)[0]
}

/// That sum at every place, row by row: 26x26 numbers.
pub fn feature_map(image: &[f32], kernel: &Kernel) -> Vec<f32> {
    (0..PLACES * PLACES).map(|place| convolve(image, kernel, place / PLACES, place % PLACES)).collect()
}

/// An RNN that has learned nothing yet: h = tanh(x W + h U), where x is a row of the image and h what it remembers.
pub struct Reader {
    /// W, then U, row-major (28 + 8, 8).
    weights: Vec<f32>,
}

impl Reader {
    /// With weights drawn by `seed`.
    pub fn new(seed: u64) -> Reader {
        let mut weights = vec![0.0; (SIDE + MEMORY) * MEMORY];
        let mut rng = fastrand::Rng::with_seed(seed);
        Initializer::GlorotUniform.fill(&mut weights, SIDE + MEMORY, MEMORY, &mut rng);
        Reader { weights }
    }

    /// What it remembers after each row.
    pub fn read(&self, image: &[f32]) -> Vec<Vec<f32>> {
        let mut memory = vec![0.0; MEMORY];
        let mut after = Vec::with_capacity(SIDE);
        for row in image.chunks_exact(SIDE) {
            memory = dense(&[row, &memory].concat(), &self.weights, &[0.0; MEMORY], Activation::Tanh);
            after.push(memory.clone());
        }
        after
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn image() -> Vec<f32> {
        let mut rng = fastrand::Rng::with_seed(5);
        (0..SIDE * SIDE).map(|_| rng.f32()).collect()
    }

    /// In f64, with the indices written out.
    #[test]
    fn a_feature_map_is_the_sum_at_every_place() {
        let image = image();
        for (_, kernel) in KERNELS {
            let map = feature_map(&image, &kernel);
            assert_eq!(map.len(), 26 * 26);
            for row in 0..26 {
                for column in 0..26 {
                    let mut sum = 0.0;
                    for i in 0..3 {
                        for j in 0..3 {
                            sum += f64::from(kernel[3 * i + j]) * f64::from(image[(row + i) * 28 + column + j]);
                        }
                    }
                    assert!((f64::from(map[26 * row + column]) - sum).abs() < 1e-5, "{row} {column}");
                }
            }
        }
    }

    #[test]
    fn an_edge_kernel_answers_at_edges_only() {
        // Ink from column 10 on.
        let image: Vec<f32> = (0..SIDE * SIDE).map(|i| if i % SIDE >= 10 { 1.0 } else { 0.0 }).collect();
        let map = feature_map(&image, &KERNELS[0].1);
        for (column, sum) in map[..PLACES].iter().enumerate() {
            assert_eq!(*sum, if (8..10).contains(&column) { 3.0 } else { 0.0 }, "{column}");
        }
        assert!(feature_map(&image, &KERNELS[1].1).iter().all(|x| *x == 0.0));
    }

    /// What it remembers depends on the rows before, in their order, and on no later one.
    #[test]
    fn a_reader_remembers_what_it_has_read() {
        let reader = Reader::new(1);
        let mut image = image();
        let before = reader.read(&image);
        assert_eq!((before.len(), before[0].len()), (SIDE, MEMORY));
        assert!(before.iter().flatten().all(|h| h.abs() < 1.0));
        image[14 * SIDE + 3] += 1.0;
        let after = reader.read(&image);
        assert_eq!(before[..14], after[..14]);
        assert!((14..18).all(|row| before[row] != after[row]));
        // The second step in f64.
        let mut sums = [0.0_f64; MEMORY];
        for (unit, sum) in sums.iter_mut().enumerate() {
            let inputs = image[SIDE..2 * SIDE].iter().chain(&after[0]);
            *sum = inputs.zip(reader.weights[unit..].iter().step_by(MEMORY)).map(|(x, w)| f64::from(*x) * f64::from(*w)).sum();
        }
        for (sum, h) in sums.iter().zip(&after[1]) {
            assert!((sum.tanh() - f64::from(*h)).abs() < 1e-5, "{sum} {h}");
        }
    }
}
