//! Images in which most pixels are paper. Four of five MNIST pixels are zero, and a product with zero is known: the first
//! layer, nearly all of the arithmetic, skips them. Exact, not approximate.

use super::lanes::multiply_add;
use crate::data::{Dataset, pixel_to_input};
use std::hint::black_box;
use std::ops::Range;

/// From that many rows on, a product packs the matrix that it is multiplied with.
const PACKED_ROWS: usize = 32;

/// Bytes that memory delivers at a time.
const CACHE_LINE: usize = 64;

/// The pixels with ink of a whole data set, found once.
pub struct Ink {
    /// Where each image ends in `pixels`.
    ends: Vec<usize>,
    pixels: Vec<InkPixel>,
    /// The network's input for each value of a pixel.
    inputs: [f32; 256],
}

/// A pixel that is not paper: four bytes, for there are nine million of them.
#[derive(Clone, Copy)]
struct InkPixel {
    place: u16,
    value: u8,
}

impl Ink {
    /// The data set's ink, or none if more than this share of the pixels has ink or an image is too large for a place in 16 bits.
    pub fn of(dataset: &Dataset, most: f32) -> Option<Ink> {
        let places = u16::try_from(dataset.inputs()).ok()?;
        let inputs = std::array::from_fn(|value| pixel_to_input(value as u8));
        let mut ink = Ink { ends: Vec::with_capacity(dataset.len()), pixels: Vec::new(), inputs };
        let most = (most * dataset.pixels().len() as f32) as usize;
        for image in dataset.pixels().chunks_exact(places.max(1).into()) {
            // Eight pixels at a time, most of which are paper.
            for (word, first) in image.chunks(8).zip((0..places).step_by(8)) {
                if word != [0; 8] {
                    let inked = word.iter().zip(first..).filter(|(value, _)| **value != 0);
                    ink.pixels.extend(inked.map(|(&value, place)| InkPixel { place, value }));
                }
            }
            if ink.pixels.len() > most {
                return None;
            }
            ink.ends.push(ink.pixels.len());
        }
        Some(ink)
    }

    fn image(&self, number: u32) -> &[InkPixel] {
        let number = number as usize;
        let begin = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.pixels[begin..self.ends[number]]
    }
}

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

    /// Adds images as rows.
    #[inline(never)]
    pub fn push_images(&mut self, ink: &Ink, images: &[u32]) {
        // They lie far apart in more memory than a cache holds: asked for all at once, they arrive together.
        let lines = images.iter().flat_map(|&image| ink.image(image).iter().step_by(CACHE_LINE / size_of::<InkPixel>()));
        black_box(lines.fold(0, |any, pixel| any ^ pixel.place));
        for &image in images {
            let entry = |pixel: &InkPixel| Entry { column: pixel.place.into(), value: ink.inputs[usize::from(pixel.value)] };
            self.entries.extend(ink.image(image).iter().map(entry));
            self.ends.push(self.entries.len() as u32);
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
    #[inline(never)]
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

    /// Those columns of y (rows, units) = self w + start, where w is (columns of self, units) and `start` is the first value of
    /// every row's sums, or zero.
    pub fn product(
        &self,
        w: &[f32],
        units: usize,
        columns: Range<usize>,
        start: Option<&[f32]>,
        y: &mut [f32],
        panel: &mut Vec<f32>,
    ) {
        // 32 sums fill eight registers of four: each load of w is one multiplication and addition.
        let Range { start: mut first, end } = columns;
        while end - first >= 32 {
            self.columns::<32>(w, units, first, start, y, panel);
            first += 32;
        }
        if end - first >= 16 {
            self.columns::<16>(w, units, first, start, y, panel);
            first += 16;
        }
        while end - first >= 4 {
            self.columns::<4>(w, units, first, start, y, panel);
            first += 4;
        }
        while first < end {
            self.columns::<1>(w, units, first, start, y, panel);
            first += 1;
        }
    }

    /// `N` columns of the product, from `first` on.
    fn columns<const N: usize>(
        &self,
        w: &[f32],
        units: usize,
        first: usize,
        start: Option<&[f32]>,
        y: &mut [f32],
        panel: &mut Vec<f32>,
    ) {
        let mut begin = [0.0; N];
        if let Some(start) = start {
            begin.copy_from_slice(&start[first..first + N]);
        }
        let rows = self.rows().zip(y.chunks_exact_mut(units));
        if self.ends.len() < PACKED_ROWS {
            for (row, y) in rows {
                let sums = sum(row, begin, |row| w[row * units + first..].first_chunk::<N>());
                y[first..first + N].copy_from_slice(&sums);
            }
            return;
        }
        // Rows that are used again and again stand side by side: far apart, they would displace each other from the cache.
        panel.clear();
        w.chunks_exact(units).for_each(|row| panel.extend_from_slice(&row[first..first + N]));
        let (panel, _) = panel.as_chunks::<N>();
        for (row, y) in rows {
            let sums = sum(row, begin, |row| panel.get(row));
            y[first..first + N].copy_from_slice(&sums);
        }
    }
}

/// `begin` + the sum of a row's numbers times what `w` has for their columns.
#[inline(always)]
fn sum<'w, const N: usize>(row: &[Entry], begin: [f32; N], w: impl Fn(usize) -> Option<&'w [f32; N]>) -> [f32; N] {
    let mut sums = begin;
    for entry in row {
        if let Some(w) = w(entry.column as usize) {
            multiply_add(&mut sums, entry.value, w);
        }
    }
    sums
}
