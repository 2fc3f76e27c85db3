//! The CPU's buffer: numbers, or a batch of images of which only the pixels with ink are kept.

use super::sparse::Sparse;

/// A vector of f32.
#[derive(Clone, Debug, Default)]
pub struct Buffer {
    /// Every number; out of date while `sparse` is in use.
    values: Vec<f32>,
    sparse: Sparse,
    /// Columns of the sparse matrix, or none while every number is in `values`.
    columns: Option<usize>,
}

impl Buffer {
    /// `len` zeros.
    pub fn zeros(len: usize) -> Buffer {
        Buffer { values: vec![0.0; len], ..Buffer::default() }
    }

    /// The sparse matrix, if that is what the buffer holds.
    pub fn sparse(&self) -> Option<&Sparse> {
        self.columns.map(|_| &self.sparse)
    }

    /// Makes it `other` with every number times `factor` of its index.
    pub fn scale(&mut self, other: &Buffer, len: usize, factor: impl Fn(u32) -> f32) {
        match other.columns {
            Some(columns) => self.set_rows(columns, |batch| batch.push_scaled(&other.sparse, columns as u32, factor)),
            None => {
                for ((y, x), index) in self.values_mut().iter_mut().zip(&other.values[..len]).zip(0..) {
                    *y = x * factor(index);
                }
            }
        }
    }

    /// Every number, where they are stored one by one: everywhere but in a sparse batch.
    pub fn values(&self) -> &[f32] {
        debug_assert!(self.columns.is_none(), "a sparse batch is read through `sparse` or `to_vec`");
        &self.values
    }

    /// Every number, to be written.
    pub fn values_mut(&mut self) -> &mut [f32] {
        self.columns = None;
        &mut self.values
    }

    /// The first `len` numbers.
    pub fn to_vec(&self, len: usize) -> Vec<f32> {
        let Some(columns) = self.columns else { return self.values[..len].to_vec() };
        let mut values = self.values.clone();
        self.sparse.write(columns, &mut values);
        values.truncate(len);
        values
    }

    /// The first `len` numbers: a sparse batch's are written to `unpacked`, which is memory kept between calls.
    pub fn written<'a>(&'a self, len: usize, unpacked: &'a mut Vec<f32>) -> &'a [f32] {
        let Some(columns) = self.columns else { return &self.values[..len] };
        unpacked.resize(len, 0.0);
        self.sparse.write(columns, unpacked);
        unpacked
    }

    /// Makes it a sparse batch of rows of `columns` numbers, which `push` adds.
    pub fn set_rows(&mut self, columns: usize, push: impl FnOnce(&mut Sparse)) {
        self.sparse.clear();
        push(&mut self.sparse);
        self.columns = Some(columns);
    }
}

impl From<Vec<f32>> for Buffer {
    fn from(values: Vec<f32>) -> Buffer {
        Buffer { values, ..Buffer::default() }
    }
}
