//! The CPU's buffer: numbers, or a batch of images of which only the pixels with ink are kept.

use super::sparse::Sparse;
use std::borrow::Cow;

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

    /// The first `len` numbers, borrowed where they are stored one by one.
    pub fn written(&self, len: usize) -> Cow<'_, [f32]> {
        match self.columns {
            None => Cow::Borrowed(&self.values[..len]),
            Some(_) => Cow::Owned(self.to_vec(len)),
        }
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
