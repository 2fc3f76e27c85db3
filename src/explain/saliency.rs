//! Which ink speaks for a digit and which against it: gradient times input (Simonyan et al. 2013; Shrikumar et al. 2016). Near
//! this drawing the digit's score (logit) changes by that much if a pixel's ink is taken away.

use crate::Result;
use crate::model::Predictor;

/// Rows, and columns, of the nine fields that a square image is spoken of by.
const FIELDS: usize = 3;
/// A field is worth a word if it has at least this share of what speaks for (or against).
const WORTH: f32 = 0.15;

/// See the module's documentation.
#[derive(Clone, Debug, PartialEq)]
pub struct Saliency {
    /// The digit's logit.
    pub score: f32,
    /// Of each pixel: gradient times input.
    pub pixels: Vec<f32>,
    /// The sum of what speaks for the digit, and of what speaks against it (0 or less).
    pub speaks_for: f32,
    pub speaks_against: f32,
}

impl Saliency {
    /// For one image (0 to 1 each pixel) and one digit.
    ///
    /// Errors as [`Predictor::input_gradient`].
    pub fn of(predictor: &mut Predictor, input: &[f32], digit: usize) -> Result<Saliency> {
        let gradient = predictor.input_gradient(input, digit)?;
        let pixels: Vec<f32> = gradient.iter().zip(input).map(|(gradient, x)| gradient * x).collect();
        let logits = predictor.outputs(input)?.pop().unwrap_or_default();
        let sum = |sign: f32| pixels.iter().filter(|pixel| **pixel * sign > 0.0).sum();
        Ok(Saliency {
            score: logits.get(digit).copied().unwrap_or_default(),
            speaks_for: sum(1.0),
            speaks_against: sum(-1.0),
            pixels,
        })
    }

    /// The fields of the image (0 to 8, row by row) in which most of what speaks for the digit is, or against it; at most two,
    /// the stronger one first.
    pub fn where_most(&self, speaks_for: bool) -> Vec<usize> {
        let side = self.pixels.len().isqrt().max(1);
        let mut fields = [0.0f32; FIELDS * FIELDS];
        for (place, pixel) in self.pixels.iter().enumerate() {
            if *pixel != 0.0 && (*pixel > 0.0) == speaks_for {
                let field = |at: usize| (at * FIELDS / side).min(FIELDS - 1);
                fields[field(place / side) * FIELDS + field(place % side)] += pixel.abs();
            }
        }
        let all: f32 = fields.iter().sum();
        let mut places: Vec<usize> = (0..fields.len()).filter(|&i| all > 0.0 && fields[i] >= WORTH * all).collect();
        places.sort_by(|&i, &j| fields[j].total_cmp(&fields[i]));
        places.truncate(2);
        places
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ink_is_spoken_of_by_where_it_is() {
        let mut pixels = vec![0.0; 784];
        // Above on the right, below in the middle, and a little on the left.
        (pixels[2 * 28 + 25], pixels[27 * 28 + 13], pixels[14 * 28]) = (2.0, 1.0, 0.1);
        pixels[14 * 28 + 14] = -3.0;
        let saliency = Saliency { score: 1.0, pixels, speaks_for: 3.1, speaks_against: -3.0 };
        assert_eq!(saliency.where_most(true), [2, 7]);
        assert_eq!(saliency.where_most(false), [4]);
    }
}
