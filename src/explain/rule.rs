//! A rule that a person writes to tell 0 from 1: "if there is enough ink in these cells, it is a 1". A cell is a block of 4x4
//! pixels.

use crate::data::pixel_to_input;
use crate::ink::{PIXELS, SIDE};

/// Cells in a row, and in a column.
pub const ACROSS: usize = 7;
/// All of them.
pub const CELLS: usize = ACROSS * ACROSS;
/// Pixels in a row of a cell.
const WIDE: usize = SIDE / ACROSS;

/// The mean ink of each cell, 0 to 1, row by row.
pub type Ink = [f32; CELLS];

/// The mean ink of the cells of an image (28x28, 0 to 255 a pixel).
pub fn ink(image: &[u8]) -> Ink {
    let mut cells = [0.0; CELLS];
    for (place, &pixel) in image.iter().take(PIXELS).enumerate() {
        let (row, column) = (place / SIDE / WIDE, place % SIDE / WIDE);
        cells[row * ACROSS + column] += pixel_to_input(pixel) / (WIDE * WIDE) as f32;
    }
    cells
}

/// See the module's documentation.
#[derive(Clone, Debug, PartialEq)]
pub struct Rule {
    /// The cells that are looked at.
    pub marked: [bool; CELLS],
    /// More ink than this, on average over the cells, is a 1.
    pub threshold: f32,
}

impl Rule {
    /// The mean ink of the marked cells; none where none is marked.
    pub fn ink(&self, ink: &Ink) -> f32 {
        let marked = self.marked.iter().filter(|marked| **marked).count();
        let sum: f32 = ink.iter().zip(&self.marked).filter(|(_, marked)| **marked).map(|(ink, _)| ink).sum();
        sum / marked.max(1) as f32
    }

    /// 1 or 0.
    pub fn reads(&self, ink: &Ink) -> u8 {
        u8::from(self.ink(ink) > self.threshold)
    }

    /// How it reads images with these labels, 0 or 1.
    pub fn score<'a>(&self, images: impl IntoIterator<Item = (&'a Ink, u8)>) -> Score {
        let mut score = Score::default();
        for (ink, label) in images {
            score.note(label, self.reads(ink));
        }
        score
    }
}

/// Images of zeros and of ones, and how many of them were read right.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Score {
    pub right: [usize; 2],
    pub all: [usize; 2],
}

impl Score {
    /// Counts an image with this label, 0 or 1, that was read so.
    pub fn note(&mut self, label: u8, read: u8) {
        let label = usize::from(label.min(1));
        self.all[label] += 1;
        self.right[label] += usize::from(usize::from(read) == label);
    }

    /// The share that was read right; 0 where there is no image.
    pub fn accuracy(&self) -> f32 {
        self.right.iter().sum::<usize>() as f32 / self.all.iter().sum::<usize>().max(1) as f32
    }
}

/// The mean of images, pixel by pixel; black where there is none.
pub fn mean<'a>(images: impl IntoIterator<Item = &'a [u8]>) -> Vec<u8> {
    let (mut sums, mut count) = (vec![0_u32; PIXELS], 0);
    for image in images {
        count += 1;
        sums.iter_mut().zip(image).for_each(|(sum, &pixel)| *sum += u32::from(pixel));
    }
    sums.iter().map(|sum| (sum / count.max(1)) as u8).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn marked(cells: &[usize]) -> [bool; CELLS] {
        std::array::from_fn(|cell| cells.contains(&cell))
    }

    #[test]
    fn a_cell_is_the_mean_of_its_sixteen_pixels() {
        let mut image = vec![0; PIXELS];
        // The last pixel of cell (0, 0), the first one of cell (1, 0), and all of the last row.
        image[3 * SIDE + 3] = 255;
        image[4 * SIDE] = 51;
        image[27 * SIDE..].fill(255);
        let cells = ink(&image);
        assert!((cells[0] - 1.0 / 16.0).abs() < 1e-6 && (cells[7] - 0.2 / 16.0).abs() < 1e-6);
        assert!(cells[42..].iter().all(|ink| (ink - 0.25).abs() < 1e-6));
        assert_eq!(cells[1], 0.0);
    }

    #[test]
    fn a_rule_reads_by_the_mean_of_its_cells() {
        let cells: Ink = std::array::from_fn(|cell| if cell == 24 { 0.8 } else { 0.0 });
        let rule = |cells: &[usize], threshold| Rule { marked: marked(cells), threshold };
        assert_eq!(rule(&[24], 0.5).reads(&cells), 1);
        assert_eq!(rule(&[24, 25], 0.5).reads(&cells), 0);
        assert_eq!(rule(&[24, 25], 0.3).reads(&cells), 1);
        assert_eq!(rule(&[], 0.0).reads(&cells), 0);
    }

    #[test]
    fn scores_count_zeros_and_ones() {
        let (dark, light) = ([1.0; CELLS], [0.0; CELLS]);
        let rule = Rule { marked: marked(&[3]), threshold: 0.5 };
        let score = rule.score([(&dark, 1), (&dark, 0), (&light, 0), (&light, 0)]);
        assert_eq!(score, Score { right: [2, 1], all: [3, 1] });
        assert!((score.accuracy() - 0.75).abs() < 1e-6);
        assert_eq!(Score::default().accuracy(), 0.0);
    }

    #[test]
    fn the_mean_image() {
        let (black, white) = (vec![0; PIXELS], vec![255; PIXELS]);
        assert_eq!(mean([&black[..], &white, &white]), vec![170; PIXELS]);
        assert_eq!(mean([]), black);
    }
}
