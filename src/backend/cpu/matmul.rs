//! The one matrix product of the CPU backend: c = a b + start, for x W, x^T dz and dz W^T alike. Both factors are packed into
//! panels, and a 4x8 tile of c is kept in registers (eight 4-lane accumulators: the best of the tiles measured in wasm).

use super::lanes::multiply_add;
use std::ops::Range;

/// Rows and columns of the tile held in registers.
const TILE_ROWS: usize = 4;
const TILE_COLUMNS: usize = 8;

/// How many products are summed before the sums go back to memory: panels that long stay in the cache next to the processor.
const DEPTH: usize = 512;

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

    /// Packs `WIDTH` rows from `first` on, so that panel[k][i] = self[first + i][k]; missing rows are zero.
    fn pack<const WIDTH: usize>(self, first: usize, panel: &mut [[f32; WIDTH]]) {
        let width = WIDTH.min(self.rows - first);
        if width < WIDTH {
            panel.fill([0.0; WIDTH]);
        }
        if self.row_stride == 1 {
            for (k, packed) in panel.iter_mut().enumerate() {
                let at = k * self.column_stride + first;
                packed[..width].copy_from_slice(&self.values[at..at + width]);
            }
        } else {
            for i in 0..width {
                let row = &self.values[(first + i) * self.row_stride..];
                for (packed, value) in panel.iter_mut().zip(row) {
                    packed[i] = *value;
                }
            }
        }
    }
}

/// Memory for packed panels, kept between products so that a training step allocates nothing.
#[derive(Default)]
pub struct Scratch {
    a: Vec<[f32; TILE_ROWS]>,
    b: Vec<[f32; TILE_COLUMNS]>,
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
}

impl Scratch {
    /// c[row][column] = start[column] + sum over k of a[row][k] * b[k][column], where `start` is zero if there is none.
    pub fn matmul(&mut self, a: Matrix, b: Matrix, start: Option<&[f32]>, c: Target) {
        debug_assert_eq!(a.columns, b.rows);
        let (rows, columns) = (a.rows, b.columns);
        for row in 0..rows {
            let at = row * c.stride + c.first;
            let row = &mut c.values[at..at + columns];
            match start {
                Some(start) => row.copy_from_slice(&start[..columns]),
                None => row.fill(0.0),
            }
        }
        for first in (0..a.columns).step_by(DEPTH) {
            let depth = first..a.columns.min(first + DEPTH);
            self.add_product(a.columns(depth.clone()), b.rows(depth), c.values, c.stride, c.first);
        }
    }

    #[inline(never)]
    fn add_product(&mut self, a: Matrix, b: Matrix, c: &mut [f32], stride: usize, first: usize) {
        let (rows, depth, columns) = (a.rows, a.columns, b.columns);
        let row_panels = rows.div_ceil(TILE_ROWS);
        if self.a.len() < row_panels * depth {
            self.a.resize(row_panels * depth, [0.0; TILE_ROWS]);
        }
        if self.b.len() < depth {
            self.b.resize(depth, [0.0; TILE_COLUMNS]);
        }
        let a_panels = &mut self.a[..row_panels * depth];
        for (panel, packed) in a_panels.chunks_exact_mut(depth).enumerate() {
            a.pack(panel * TILE_ROWS, packed);
        }
        let b_panel = &mut self.b[..depth];
        for column in (0..columns).step_by(TILE_COLUMNS) {
            b.transposed().pack(column, b_panel);
            let width = TILE_COLUMNS.min(columns - column);
            for (panel, a_panel) in a_panels.chunks_exact(depth).enumerate() {
                let sums = tile(a_panel, b_panel);
                let first_row = panel * TILE_ROWS;
                for (row, sums) in (first_row..rows).zip(&sums) {
                    let at = row * stride + first + column;
                    for (c, sum) in c[at..at + width].iter_mut().zip(sums) {
                        *c += sum;
                    }
                }
            }
        }
    }
}

/// One tile: the sum over k of the outer products of a panel's k-th column and b panel's k-th row.
#[inline(always)]
fn tile(a: &[[f32; TILE_ROWS]], b: &[[f32; TILE_COLUMNS]]) -> [[f32; TILE_COLUMNS]; TILE_ROWS] {
    let mut sums = [[0.0; TILE_COLUMNS]; TILE_ROWS];
    for (a, b) in a.iter().zip(b) {
        for (sums, a) in sums.iter_mut().zip(a) {
            multiply_add(sums, *a, b);
        }
    }
    sums
}
