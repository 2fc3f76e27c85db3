//! The one matrix product of the CPU backend: c = a b + start, for x W, x^T dz and dz W^T alike. The second factor is packed
//! into panels, the first where its rows lie apart, and a tile of c is kept in eight registers: four rows, two registers wide
//! (with four numbers to a register, 4x8, the best of the tiles measured in wasm).

use super::lanes::{Kernel, Lanes, run, transpose};
use std::ops::Range;

/// Rows of the tile held in registers; its columns fill two of them.
const TILE_ROWS: usize = 4;
/// Columns of the tile at the right edge, where so few are left.
const NARROW_TILE_COLUMNS: usize = 4;

/// How many products are summed before the sums go back to memory: panels that long stay in the cache next to the processor.
const DEPTH: usize = 512;

/// Numbers in a cache line.
const LINE: usize = 16;

/// A matrix in somebody else's memory, possibly transposed, possibly some columns of a larger one.
#[derive(Clone, Copy)]
pub struct Matrix<'a> {
    values: &'a [f32],
    rows: usize,
    columns: usize,
    row_stride: usize,
    column_stride: usize,
}

impl<'a> Matrix<'a> {
    /// Row-major (rows, columns).
    pub fn new(values: &'a [f32], rows: usize, columns: usize) -> Matrix<'a> {
        debug_assert_eq!(values.len(), rows * columns);
        Matrix { values, rows, columns, row_stride: columns, column_stride: 1 }
    }

    /// The same memory seen as (columns, rows).
    pub fn transposed(self) -> Matrix<'a> {
        Matrix { rows: self.columns, columns: self.rows, row_stride: self.column_stride, column_stride: self.row_stride, ..self }
    }

    /// Only those rows.
    pub fn rows(self, rows: Range<usize>) -> Matrix<'a> {
        let values = &self.values[(rows.start * self.row_stride).min(self.values.len())..];
        Matrix { values, rows: rows.len(), ..self }
    }

    /// Only those columns.
    pub fn columns(self, columns: Range<usize>) -> Matrix<'a> {
        self.transposed().rows(columns).transposed()
    }

    /// Packs `WIDTH` rows from `first` on, so that panel[k][i] = self[first + i][k]; for missing rows it packs any numbers.
    fn pack<const WIDTH: usize>(self, first: usize, panel: &mut [[f32; WIDTH]]) {
        let width = WIDTH.min(self.rows - first);
        if self.row_stride == 1 {
            for (k, packed) in panel.iter_mut().enumerate() {
                copy::<WIDTH>(&self.values[k * self.column_stride + first..], packed);
            }
        } else {
            // A cache line of each row at a time, so that what is written stays in the cache until it is full.
            for (block, k) in panel.chunks_mut(LINE).zip((0..).step_by(LINE)) {
                let len = block.len();
                for i in (0..width).step_by(4) {
                    let row = |i: usize| &self.values[(first + i) * self.row_stride + k..][..len];
                    if i + 4 <= width && len == LINE {
                        turn([0, 1, 2, 3].map(|j| row(i + j)), i, block);
                        continue;
                    }
                    for i in i..width.min(i + 4) {
                        block.iter_mut().zip(row(i)).for_each(|(packed, value)| packed[i] = *value);
                    }
                }
            }
        }
    }

    /// The same, in memory that is kept for it.
    pub fn packed<const WIDTH: usize>(self, first: usize, panel: &mut Vec<[f32; WIDTH]>) -> &mut [[f32; WIDTH]] {
        if panel.len() < self.columns {
            panel.resize(self.columns, [0.0; WIDTH]);
        }
        let panel = &mut panel[..self.columns];
        self.pack(first, panel);
        panel
    }

    /// How many rows there are.
    pub fn row_count(self) -> usize {
        self.rows
    }

    /// How many columns there are.
    pub fn column_count(self) -> usize {
        self.columns
    }

    /// Whether a row's numbers stand side by side.
    pub fn has_rows(self) -> bool {
        self.column_stride == 1
    }

    /// A row's numbers, where they stand side by side.
    pub fn row(self, row: usize) -> &'a [f32] {
        debug_assert!(self.has_rows());
        &self.values[row * self.row_stride..][..self.columns]
    }
}

/// Copies as many numbers as both have. `N` are a few instructions; fewer, of a length known too late, a loop.
#[inline(always)]
pub fn copy<const N: usize>(from: &[f32], to: &mut [f32]) {
    match (from.first_chunk::<N>(), to.first_chunk_mut::<N>()) {
        (Some(from), Some(to)) => *to = *from,
        _ => to.iter_mut().zip(from).for_each(|(to, from)| *to = *from),
    }
}

/// Packs four rows: block[k][i + j] = rows[j][k], four by four numbers at a time.
#[inline(always)]
fn turn<const WIDTH: usize>(rows: [&[f32]; 4], i: usize, block: &mut [[f32; WIDTH]]) {
    let [a, b, c, d] = rows.map(|row| row.as_chunks::<4>().0);
    for ((((block, a), b), c), d) in block.as_chunks_mut::<4>().0.iter_mut().zip(a).zip(b).zip(c).zip(d) {
        for (packed, turned) in block.iter_mut().zip(transpose([*a, *b, *c, *d])) {
            packed[i..i + 4].copy_from_slice(&turned);
        }
    }
}

/// Memory for packed panels, kept between products so that a training step allocates nothing.
#[derive(Default)]
pub struct Scratch {
    a: Vec<[f32; TILE_ROWS]>,
    b: Columns,
}

/// Columns of the second factor, as many as a tile has.
#[derive(Default)]
struct Columns {
    of_32: Vec<[f32; 32]>,
    of_16: Vec<[f32; 16]>,
    of_8: Vec<[f32; 8]>,
    of_4: Vec<[f32; NARROW_TILE_COLUMNS]>,
}

/// Where a product goes: some columns of a row-major matrix.
pub struct Target<'a> {
    values: &'a mut [f32],
    stride: usize,
    first: usize,
}

impl<'a> Target<'a> {
    /// The columns from `first` on of a matrix with `stride` columns.
    pub fn new(values: &'a mut [f32], stride: usize, first: usize) -> Target<'a> {
        Target { values, stride, first }
    }

    /// Row number `row`, from the first of these columns on.
    pub fn row(&mut self, row: usize) -> &mut [f32] {
        &mut self.values[row * self.stride + self.first..]
    }
}

impl Scratch {
    /// c[row][column] = start[column] + sum over k of a[row][k] * b[k][column], where `start` is zero if there is none.
    pub fn matmul(&mut self, a: Matrix, b: Matrix, start: Option<&[f32]>, mut c: Target) {
        debug_assert_eq!(a.columns, b.rows);
        let (rows, columns) = (a.rows, b.columns);
        for row in 0..rows {
            let row = &mut c.row(row)[..columns];
            match start {
                Some(start) => row.copy_from_slice(&start[..columns]),
                None => row.fill(0.0),
            }
        }
        for first in (0..a.columns).step_by(DEPTH) {
            let depth = first..a.columns.min(first + DEPTH);
            let c = Target { values: &mut *c.values, ..c };
            self.add_product(a.columns(depth.clone()), b.rows(depth), c);
        }
    }

    fn add_product(&mut self, a: Matrix, b: Matrix, c: Target) {
        let (rows, depth) = (a.rows, a.columns);
        let packed = !a.has_rows();
        if packed {
            let panels = rows.div_ceil(TILE_ROWS) * depth;
            if self.a.len() < panels {
                self.a.resize(panels, [0.0; TILE_ROWS]);
            }
            for (panel, packed) in self.a.chunks_exact_mut(depth).take(rows.div_ceil(TILE_ROWS)).enumerate() {
                a.pack(panel * TILE_ROWS, packed);
            }
        }
        let a = if packed { Panels::Packed(&self.a, rows) } else { Panels::Rows(a) };
        run(AddProduct { a, b, c, panels: &mut self.b });
    }
}

/// c += a b.
struct AddProduct<'a> {
    a: Panels<'a>,
    b: Matrix<'a>,
    c: Target<'a>,
    panels: &'a mut Columns,
}

impl Kernel for AddProduct<'_> {
    #[inline(always)]
    fn run<L: Lanes>(self, lanes: L) {
        let AddProduct { a, b, mut c, panels } = self;
        let mut column = 0;
        while column < b.columns {
            column += match L::LANES {
                16 => multiply(lanes, a, b, column, &mut panels.of_32, &mut c),
                8 => multiply(lanes, a, b, column, &mut panels.of_16, &mut c),
                _ if b.columns - column <= NARROW_TILE_COLUMNS => multiply(lanes, a, b, column, &mut panels.of_4, &mut c),
                _ => multiply(lanes, a, b, column, &mut panels.of_8, &mut c),
            };
        }
    }
}

/// The first factor, a tile's rows at a time.
#[derive(Clone, Copy)]
enum Panels<'a> {
    /// Packed, with that many rows in all.
    Packed(&'a [[f32; TILE_ROWS]], usize),
    /// Row-major, as it is.
    Rows(Matrix<'a>),
}

/// Adds `N` columns of the product of `a` and `b`, from `column` on. Returns `N`.
#[cfg_attr(target_arch = "wasm32", inline(never))]
#[cfg_attr(not(target_arch = "wasm32"), inline(always))]
fn multiply<const N: usize>(
    lanes: impl Lanes,
    a: Panels,
    b: Matrix,
    column: usize,
    panel: &mut Vec<[f32; N]>,
    c: &mut Target,
) -> usize {
    let depth = b.rows;
    let b_panel = b.transposed().packed(column, panel);
    let width = N.min(b.columns - column);
    let mut add = |first_row: usize, rows: usize, sums: &[[f32; N]; TILE_ROWS]| {
        for (row, sums) in (first_row..rows).zip(sums) {
            for (c, sum) in c.row(row)[column..column + width].iter_mut().zip(sums) {
                *c += sum;
            }
        }
    };
    match a {
        Panels::Packed(panels, rows) => {
            for (panel, first_row) in panels.chunks_exact(depth).zip((0..rows).step_by(TILE_ROWS)) {
                let mut sums = [[0.0; N]; TILE_ROWS];
                for (a, b) in panel.iter().zip(&*b_panel) {
                    for (sums, a) in sums.iter_mut().zip(a) {
                        lanes.multiply_add(sums, *a, b);
                    }
                }
                add(first_row, rows, &sums);
            }
        }
        Panels::Rows(a) => {
            for first_row in (0..a.rows).step_by(TILE_ROWS) {
                // The last rows are repeated where a tile's are missing; their sums are dropped.
                let [a0, a1, a2, a3] = [0, 1, 2, 3].map(|i| a.row((first_row + i).min(a.rows - 1)));
                let mut sums = [[0.0; N]; TILE_ROWS];
                for ((((b, a0), a1), a2), a3) in b_panel.iter().zip(a0).zip(a1).zip(a2).zip(a3) {
                    for (sums, a) in sums.iter_mut().zip([a0, a1, a2, a3]) {
                        lanes.multiply_add(sums, *a, b);
                    }
                }
                add(first_row, a.rows, &sums);
            }
        }
    }
    N
}

#[cfg(all(test, target_arch = "x86_64"))]
mod tests {
    use super::super::lanes::Width;
    use super::*;

    #[test]
    fn products_are_right_for_all_registers() {
        let mut rng = fastrand::Rng::with_seed(1);
        for (rows, depth, columns) in [(1, 1, 1), (5, 7, 3), (9, 33, 37), (4, 100, 12), (30, 200, 70)] {
            let (a, b): (Vec<f32>, Vec<f32>) =
                ((0..rows * depth).map(|_| rng.f32()).collect(), (0..depth * columns).map(|_| rng.f32()).collect());
            for width in Width::all() {
                let mut c = vec![1.0; rows * columns];
                let (a_rows, b_rows) = (Panels::Rows(Matrix::new(&a, rows, depth)), Matrix::new(&b, depth, columns));
                let c_whole = Target::new(&mut c, columns, 0);
                width.run(AddProduct { a: a_rows, b: b_rows, c: c_whole, panels: &mut Columns::default() });
                for (i, &got) in c.iter().enumerate() {
                    let (row, column) = (i / columns, i % columns);
                    let products = (0..depth).map(|k| f64::from(a[row * depth + k]) * f64::from(b[k * columns + column]));
                    let want = 1.0 + products.sum::<f64>();
                    assert!(
                        (f64::from(got) - want).abs() < 1e-5 * want,
                        "{width:?}, {rows}x{depth}x{columns}: {got}, not {want}"
                    );
                }
            }
        }
    }
}
