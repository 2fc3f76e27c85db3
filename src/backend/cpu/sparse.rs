//! Images in which most pixels are paper. Four of five MNIST pixels are zero, and a product with zero is known: the first
//! layer, nearly all of the arithmetic, skips them. Exact, not approximate.

use super::lanes::{Kernel, Lanes, run};
use super::matmul::{Matrix, Target, copy};
use crate::data::{Dataset, InkPixel, for_each_inked, pixel_to_input};
use std::hint::black_box;

/// From that many rows on, a product packs the matrix that it is multiplied with.
const PACKED_ROWS: usize = 64;

/// Bytes that memory delivers at a time.
const CACHE_LINE: usize = 64;

/// A number and its column.
#[derive(Clone, Copy, Debug)]
struct Entry {
    column: u32,
    value: f32,
}

impl From<InkPixel> for Entry {
    fn from(pixel: InkPixel) -> Entry {
        Entry { column: pixel.place().into(), value: pixel_to_input(pixel.value()) }
    }
}

/// Memory for packed columns, kept between products.
#[derive(Default)]
pub struct Panels {
    of_32: Vec<[f32; 32]>,
    of_16: Vec<[f32; 16]>,
    of_4: Vec<[f32; 4]>,
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

    /// Adds images that are mostly paper as rows.
    #[inline(never)]
    pub fn push_images(&mut self, dataset: &Dataset, images: &[u32]) {
        let ink = |image: u32| dataset.ink(image as usize).unwrap_or_default();
        // They lie far apart in more memory than a cache holds: asked for all at once, they arrive together.
        let lines = images.iter().flat_map(|&image| ink(image).iter().step_by(CACHE_LINE / size_of::<InkPixel>()));
        black_box(lines.fold(0, |any, pixel| any ^ pixel.place()));
        for &image in images {
            self.entries.extend(ink(image).iter().map(|pixel| Entry::from(*pixel)));
            self.ends.push(self.entries.len() as u32);
        }
    }

    /// Adds an image that is not one of the data set's as a row.
    pub fn push_image(&mut self, image: &[u8]) {
        for_each_inked(image, |pixel| self.entries.push(pixel.into()));
        self.ends.push(self.entries.len() as u32);
    }

    /// Makes it a matrix of which every number is given.
    #[inline(never)]
    pub fn set(&mut self, matrix: Matrix) {
        self.clear();
        (0..matrix.row_count()).for_each(|row| self.push_row(matrix.row(row)));
    }

    /// Adds a row of numbers.
    pub fn push_row(&mut self, values: &[f32]) {
        let mut at = self.entries.len();
        self.entries.resize(at + values.len(), Entry { column: 0, value: 0.0 });
        for (column, &value) in (0..).zip(values) {
            // Written in any case and kept if it is not zero: which ones are is too random for a branch.
            self.entries[at] = Entry { column, value };
            at += usize::from(value != 0.0);
        }
        self.entries.truncate(at);
        self.ends.push(at as u32);
    }

    /// Adds the rows of another matrix, which has that many columns, with every number times `factor` of its index.
    pub fn push_scaled(&mut self, other: &Sparse, columns: u32, factor: impl Fn(u32) -> f32) {
        self.entries.reserve(other.entries.len());
        for (row, entries) in (0..).zip(other.rows()) {
            for &Entry { column, value } in entries {
                let value = value * factor(row * columns + column);
                if value != 0.0 {
                    self.entries.push(Entry { column, value });
                }
            }
            self.ends.push(self.entries.len() as u32);
        }
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
    fn transpose(&mut self, other: &Sparse, columns: usize) {
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
        // As much memory as the other has: it was as full before, or will be.
        self.entries.reserve(other.entries.capacity().saturating_sub(self.entries.len()));
        self.entries.resize(other.entries.len(), Entry { column: 0, value: 0.0 });
        for (number, row) in (0..).zip(other.rows()) {
            for entry in row {
                let place = &mut self.places[entry.column as usize];
                self.entries[*place as usize] = Entry { column: number, value: entry.value };
                *place += 1;
            }
        }
    }

    /// c = self w + start, where `start` is the first value of every row's sums, or zero.
    pub fn product(&self, w: Matrix, start: Option<&[f32]>, c: Target, panels: &mut Panels) {
        run(Product { x: self, w, start, c, panels });
    }

    /// c = self^T b, where `self` has that many columns. `transposed` is memory for its transpose. The sums are added in the same
    /// order, whichever way is taken.
    pub fn transposed_product(&self, columns: usize, b: Matrix, c: Target, transposed: &mut Sparse, panels: &mut Panels) {
        match b.column_count() {
            0..=16 => run(Scatter { x: self, columns, b, c, panel: &mut panels.of_16 }),
            17..=32 => run(Scatter { x: self, columns, b, c, panel: &mut panels.of_32 }),
            _ => {
                transposed.transpose(self, columns);
                transposed.product(b, None, c, panels);
            }
        }
    }
}

/// [`Sparse::product`] of `x`.
struct Product<'a> {
    x: &'a Sparse,
    w: Matrix<'a>,
    start: Option<&'a [f32]>,
    c: Target<'a>,
    panels: &'a mut Panels,
}

impl Kernel for Product<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let Product { x, w, start, mut c, panels } = self;
        let (mut column, columns) = (0, w.column_count());
        while column < columns {
            let at = (w, column, start);
            // 32 sums fill eight registers of four: each load of w is one multiplication and addition. Where fewer are left, sums
            // that nobody wants cost less than going through all entries once more.
            column += match columns - column {
                0..=4 => columns_of(lanes, x, at, &mut c, &mut panels.of_4),
                5..=16 => columns_of(lanes, x, at, &mut c, &mut panels.of_16),
                _ => columns_of(lanes, x, at, &mut c, &mut panels.of_32),
            };
        }
    }
}

/// `N` columns of a product, from `column` on, or as many as there are. Returns how many.
#[cfg_attr(target_arch = "wasm32", inline(never))]
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
fn columns_of<const N: usize>(
    lanes: impl Lanes,
    x: &Sparse,
    (w, column, start): (Matrix, usize, Option<&[f32]>),
    c: &mut Target,
    panel: &mut Vec<[f32; N]>,
) -> usize {
    let width = N.min(w.column_count() - column);
    let mut begin = [0.0; N];
    if let Some(start) = start {
        copy::<N>(&start[column..column + width], &mut begin);
    }
    if x.ends.len() < PACKED_ROWS && w.has_rows() && width == N {
        for (number, row) in x.rows().enumerate() {
            let sums = sum(lanes, row, begin, |row| w.row(row)[column..].first_chunk::<N>());
            if let Some(c) = c.row(number)[column..].first_chunk_mut() {
                *c = sums;
            }
        }
        return width;
    }
    // Rows that are used again and again stand side by side: far apart, they would displace each other from the cache.
    let panel = w.transposed().packed(column, panel);
    for (number, row) in x.rows().enumerate() {
        let sums = sum(lanes, row, begin, |row| panel.get(row));
        let c = &mut c.row(number)[column..column + width];
        match c.first_chunk_mut() {
            Some(c) => *c = sums,
            // Through a copy of their own: sums that anything else points to would not stay in registers.
            None => c.iter_mut().zip(sums).for_each(|(c, sum)| *c = sum),
        }
    }
    width
}

/// `begin` + the sum of a row's numbers times what `w` has for their columns.
#[inline(always)]
fn sum<'w, const N: usize>(
    lanes: impl Lanes,
    row: &[Entry],
    begin: [f32; N],
    w: impl Fn(usize) -> Option<&'w [f32; N]>,
) -> [f32; N] {
    let mut sums = begin;
    for entry in row {
        if let Some(w) = w(entry.column as usize) {
            lanes.multiply_add(&mut sums, entry.value, w);
        }
    }
    sums
}

/// [`Sparse::transposed_product`] of `x`, row by row, for a `b` of at most `N` columns: sums that wait in memory cost more than
/// those in registers, but less than a transpose that is used once.
struct Scatter<'a, const N: usize> {
    x: &'a Sparse,
    columns: usize,
    b: Matrix<'a>,
    c: Target<'a>,
    panel: &'a mut Vec<[f32; N]>,
}

impl<const N: usize> Kernel for Scatter<'_, N> {
    #[inline(always)]
    fn run<L: Lanes>(mut self, lanes: L) {
        self.panel.clear();
        self.panel.resize(self.columns, [0.0; N]);
        for (number, row) in self.x.rows().enumerate() {
            let mut factors = [0.0; N];
            copy::<N>(self.b.row(number), &mut factors);
            for entry in row {
                if let Some(sums) = self.panel.get_mut(entry.column as usize) {
                    lanes.multiply_add(sums, entry.value, &factors);
                }
            }
        }
        for (number, sums) in self.panel.iter().enumerate() {
            copy::<N>(sums, &mut self.c.row(number)[..self.b.column_count()]);
        }
    }
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::super::lanes::Width;
    use super::*;

    #[test]
    fn products_are_right_for_all_registers_and_the_same_on_all_ways() {
        let mut rng = fastrand::Rng::with_seed(1);
        for (rows, inputs, units) in [(1, 1, 1), (3, 50, 4), (20, 60, 5), (70, 90, 16), (70, 90, 31), (65, 40, 32), (80, 33, 55)]
        {
            let x: Vec<f32> = (0..rows * inputs).map(|_| if rng.u8(..5) == 0 { rng.f32() } else { 0.0 }).collect();
            let (w, b): (Vec<f32>, Vec<f32>) =
                ((0..inputs * units).map(|_| rng.f32()).collect(), (0..rows * units).map(|_| rng.f32()).collect());
            let start: Vec<f32> = (0..units).map(|_| rng.f32()).collect();
            let (mut sparse, mut transposed) = (Sparse::default(), Sparse::default());
            sparse.set(Matrix::new(&x, rows, inputs));
            transposed.transpose(&sparse, inputs);
            for width in Width::all() {
                let what = format!("{width:?}, {rows}x{inputs}x{units}");
                let (mut y, mut dw) = (vec![f32::NAN; rows * units], vec![f32::NAN; inputs * units]);
                let (c, w) = (Target::new(&mut y, units, 0), Matrix::new(&w, inputs, units));
                width.run(Product { x: &sparse, w, start: Some(&start), c, panels: &mut Panels::default() });
                let want = |row: usize, unit: usize| -> f64 {
                    let products = (0..inputs).map(|k| f64::from(x[row * inputs + k]) * f64::from(w.row(k)[unit]));
                    f64::from(start[unit]) + products.sum::<f64>()
                };
                for (i, got) in y.iter().enumerate() {
                    let want = want(i / units, i % units);
                    assert!((f64::from(*got) - want).abs() < 1e-5 * want, "{what}: {got}, not {want}");
                }
                let (c, dz) = (Target::new(&mut dw, units, 0), Matrix::new(&b, rows, units));
                width.run(Product { x: &transposed, w: dz, start: None, c, panels: &mut Panels::default() });
                if units <= 32 {
                    let mut scattered = vec![f32::NAN; inputs * units];
                    let c = Target::new(&mut scattered, units, 0);
                    width.run(Scatter::<32> { x: &sparse, columns: inputs, b: dz, c, panel: &mut Vec::new() });
                    assert_eq!(scattered, dw, "{what}");
                }
            }
        }
    }
}
