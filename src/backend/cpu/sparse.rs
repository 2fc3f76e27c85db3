//! Batches of images in which most pixels are paper. Four of five MNIST pixels are zero, and a product with zero is known:
//! the first layer, nearly all of the arithmetic, skips them. Exact, not approximate.

use crate::data::pixel_to_input;

/// A number and its column.
#[derive(Clone, Copy, Debug)]
struct Entry {
    column: u32,
    value: f32,
}

/// The rows of a matrix, each as its numbers that are not zero (compressed sparse rows).
#[derive(Clone, Debug, Default)]
pub struct Sparse {
    /// Where each row ends in `entries`.
    ends: Vec<u32>,
    entries: Vec<Entry>,
    /// For transposing: where the next entry of each column goes.
    places: Vec<u32>,
}

impl Sparse {
    /// No rows.
    pub fn clear(&mut self) {
        self.ends.clear();
        self.entries.clear();
    }

    /// The share of its numbers that are not zero, in rows of that many columns.
    pub fn density(&self, columns: usize) -> f32 {
        self.entries.len() as f32 / (self.ends.len() * columns).max(1) as f32
    }

    /// Adds an image as a row.
    pub fn push_image(&mut self, pixels: &[u8]) {
        let mut words = pixels.chunks_exact(8);
        let mut first = 0;
        for word in &mut words {
            // Most words are eight pixels of paper.
            if word != [0; 8] {
                self.push_pixels(first, word);
            }
            first += 8;
        }
        self.push_pixels(first, words.remainder());
        self.ends.push(self.entries.len() as u32);
    }

    fn push_pixels(&mut self, first: u32, pixels: &[u8]) {
        for (column, &pixel) in (first..).zip(pixels) {
            if pixel != 0 {
                self.entries.push(Entry { column, value: pixel_to_input(pixel) });
            }
        }
    }

    /// Adds a row of numbers.
    pub fn push_row(&mut self, values: &[f32]) {
        let ink = (0..).zip(values).filter(|(_, value)| **value != 0.0);
        self.entries.extend(ink.map(|(column, &value)| Entry { column, value }));
        self.ends.push(self.entries.len() as u32);
    }

    /// Every row with its numbers.
    fn rows(&self) -> impl Iterator<Item = &[Entry]> {
        let begins = std::iter::once(&0).chain(&self.ends);
        begins.zip(&self.ends).map(|(&begin, &end)| &self.entries[begin as usize..end as usize])
    }

    /// Writes all numbers of its rows, zeros included, to `values`, row-major with that many columns.
    pub fn write(&self, columns: usize, values: &mut [f32]) {
        for (row, values) in self.rows().zip(values.chunks_exact_mut(columns)) {
            values.fill(0.0);
            for entry in row {
                values[entry.column as usize] = entry.value;
            }
        }
    }

    /// Makes `self` the transpose of `other`, which has that many columns. A column's entries keep the order of the rows.
    pub fn transpose(&mut self, other: &Sparse, columns: usize) {
        self.places.clear();
        self.places.resize(columns + 1, 0);
        for entry in &other.entries {
            self.places[entry.column as usize + 1] += 1;
        }
        for column in 0..columns {
            self.places[column + 1] += self.places[column];
        }
        self.ends.clear();
        self.ends.extend_from_slice(&self.places[1..]);
        self.entries.resize(other.entries.len(), Entry { column: 0, value: 0.0 });
        for (number, row) in (0..).zip(other.rows()) {
            for entry in row {
                let place = &mut self.places[entry.column as usize];
                self.entries[*place as usize] = Entry { column: number, value: entry.value };
                *place += 1;
            }
        }
    }

    /// y (rows, units) = self w + start, where w is (columns, units) and `start` is the first value of every row's sums, or zero.
    pub fn product(&self, w: &[f32], units: usize, start: Option<&[f32]>, y: &mut [f32]) {
        // 32 sums fill eight registers of four: each load of w is one multiplication and one addition.
        let mut first = 0;
        while units - first >= 32 {
            self.columns::<32>(w, units, first, start, y);
            first += 32;
        }
        while units - first >= 8 {
            self.columns::<8>(w, units, first, start, y);
            first += 8;
        }
        while first < units {
            self.columns::<1>(w, units, first, start, y);
            first += 1;
        }
    }

    /// `N` columns of the product, from `first` on.
    #[inline(always)]
    fn columns<const N: usize>(&self, w: &[f32], units: usize, first: usize, start: Option<&[f32]>, y: &mut [f32]) {
        let mut begin = [0.0; N];
        if let Some(start) = start {
            begin.copy_from_slice(&start[first..first + N]);
        }
        for (row, y) in self.rows().zip(y.chunks_exact_mut(units)) {
            let mut sums = begin;
            for entry in row {
                let at = entry.column as usize * units + first;
                for (sum, w) in sums.iter_mut().zip(&w[at..at + N]) {
                    *sum += entry.value * w;
                }
            }
            y[first..first + N].copy_from_slice(&sums);
        }
    }
}
