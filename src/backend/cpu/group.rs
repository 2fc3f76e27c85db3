//! Several CPU backends that train one network together. Each computes some of the units of every wide layer, for the whole
//! batch, and keeps those units' weights; what they exchange are the units' outputs, which are few beside the weights
//! (Megatron-LM calls it tensor parallelism). A narrow layer, such as the digits', is computed by everyone: less work than an
//! exchange.
//!
//! A unit's sums are added in the same order whoever computes them; only where a layer's inputs' gradient is summed over
//! several members' units does the number of members change the rounding.

use crate::nn::{DenseShape, NormShape};
use crate::{Error, Result};
use std::ops::Range;

/// How members reach each other.
pub trait Group {
    /// This member's number and how many there are.
    fn seat(&self) -> (usize, usize);

    /// How many numbers a member can show the others at a time.
    fn capacity(&self) -> usize;

    /// Shows `values` to the others and waits until each of them has shown theirs, for [`Group::fetch`] until the next exchange.
    ///
    /// Errors when a member does not answer.
    fn exchange(&mut self, values: &[f32]) -> Result<()>;

    /// Copies what member `seat` showed, from number `at` on.
    fn fetch(&self, seat: usize, at: usize, values: &mut [f32]);
}

/// Units go to members in blocks of this many: fewer would leave lanes of SIMD empty.
const BLOCK: usize = 16;

/// The units of a layer that the member in that seat computes: all of them if the layer is narrow.
fn share(units: usize, seat: usize, seats: usize) -> Range<usize> {
    let blocks = units.div_ceil(BLOCK);
    if seats == 1 || blocks < 2 {
        return 0..units;
    }
    let end = |seat: usize| (blocks * seat / seats * BLOCK).min(units);
    end(seat)..end(seat + 1)
}

/// The rows of a batch that the member in that seat makes.
fn share_of_rows(rows: usize, seat: usize, seats: usize) -> Range<usize> {
    rows * seat / seats..rows * (seat + 1) / seats
}

/// This backend among the others, if there are others.
#[derive(Default)]
pub struct Members {
    group: Option<Box<dyn Group>>,
    /// Numbers on their way to other members, and from one of them; kept, so that a training step allocates nothing.
    block: Vec<f32>,
    theirs: Vec<f32>,
    failure: Option<Error>,
}

impl Members {
    /// A member of `group`.
    pub fn of(group: Box<dyn Group>) -> Members {
        Members { group: Some(group), ..Members::default() }
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.seat().1
    }

    fn seat(&self) -> (usize, usize) {
        self.group.as_ref().map_or((0, 1), |group| group.seat())
    }

    /// The units of a layer that this member computes.
    pub fn share(&self, units: usize) -> Range<usize> {
        let (seat, seats) = self.seat();
        share(units, seat, seats)
    }

    /// Whether every member computes only some of the units.
    pub fn is_split(&self, units: usize) -> bool {
        self.share(units) != (0..units)
    }

    /// Errors if an exchange has failed: what was computed since is worth nothing.
    pub fn check(&self) -> Result<()> {
        self.failure.clone().map_or(Ok(()), Err)
    }

    /// Completes a matrix (rows, units) of which each member has its units' columns.
    pub fn gather_columns(&mut self, units: usize, matrix: &mut [f32]) {
        if self.is_split(units) && self.failure.is_none() {
            self.failure = self.try_gather(units, matrix).err();
        }
    }

    fn try_gather(&mut self, units: usize, matrix: &mut [f32]) -> Result<()> {
        let Some(group) = &mut self.group else { return Ok(()) };
        let (seat, seats) = group.seat();
        let rows = group.capacity() / units;
        for matrix in matrix.chunks_mut(rows * units) {
            self.block.clear();
            pack(matrix, units, share(units, seat, seats), &mut self.block);
            group.exchange(&self.block)?;
            for other in (0..seats).filter(|&other| other != seat) {
                let columns = share(units, other, seats);
                self.block.resize(matrix.len() / units * columns.len(), 0.0);
                group.fetch(other, 0, &mut self.block);
                unpack(&self.block, matrix, units, columns, |number, theirs| *number = theirs);
            }
        }
        Ok(())
    }

    /// The rows of a batch that this member makes for all.
    pub fn share_of_rows(&self, rows: usize) -> Range<usize> {
        let (seat, seats) = self.seat();
        share_of_rows(rows, seat, seats)
    }

    /// Completes a matrix of so many rows of which each member has its share.
    pub fn gather_rows(&mut self, rows: usize, matrix: &mut [f32]) {
        if self.len() > 1 && self.failure.is_none() {
            self.failure = self.try_gather_rows(rows, matrix).err();
        }
    }

    fn try_gather_rows(&mut self, rows: usize, matrix: &mut [f32]) -> Result<()> {
        let Some(group) = &mut self.group else { return Ok(()) };
        let (seat, seats) = group.seat();
        let columns = matrix.len() / rows;
        let numbers = |seat| share_of_rows(rows, seat, seats).start * columns..share_of_rows(rows, seat, seats).end * columns;
        let capacity = group.capacity();
        // As many exchanges as the largest share needs; who has nothing left shows nothing.
        for at in (0..rows.div_ceil(seats) * columns).step_by(capacity) {
            let part = |Range { start, end }: Range<usize>| (start + at).min(end)..(start + at + capacity).min(end);
            group.exchange(&matrix[part(numbers(seat))])?;
            for other in (0..seats).filter(|&other| other != seat) {
                group.fetch(other, 0, &mut matrix[part(numbers(other))]);
            }
        }
        Ok(())
    }

    /// Sums a matrix (rows, units) over all members; afterwards each has its own units' columns of the sum (all of them if
    /// the layer of that many units is narrow).
    pub fn sum_columns(&mut self, units: usize, matrix: &mut [f32]) {
        if self.failure.is_none() {
            self.failure = self.try_sum(units, matrix).err();
        }
    }

    fn try_sum(&mut self, units: usize, matrix: &mut [f32]) -> Result<()> {
        let Some(group) = &mut self.group else { return Ok(()) };
        let (seat, seats) = group.seat();
        let own = share(units, seat, seats);
        let split = own != (0..units);
        let rows = group.capacity() / units;
        for matrix in matrix.chunks_mut(rows * units) {
            let count = matrix.len() / units;
            self.block.clear();
            // What each of the others needs stands together, so that it is fetched at once.
            for other in 0..seats {
                if split && other != seat {
                    pack(matrix, units, share(units, other, seats), &mut self.block);
                }
            }
            group.exchange(if split { &self.block } else { matrix })?;
            // In the order of the seats, so that every run rounds alike: those before this one, its own, those after.
            let (before, theirs) = (&mut self.block, &mut self.theirs);
            before.clear();
            before.resize(count * own.len(), 0.0);
            theirs.resize(count * own.len(), 0.0);
            for other in 0..seats {
                if other == seat {
                    unpack(before, matrix, units, own.clone(), |number, before| *number += before);
                    continue;
                }
                // Its own units' columns are left out of what a member shows.
                let left_out = if other < seat { share(units, other, seats).len() } else { 0 };
                let at = if split { count * (own.start - left_out) } else { 0 };
                group.fetch(other, at, theirs);
                if other < seat {
                    before.iter_mut().zip(&*theirs).for_each(|(sum, theirs)| *sum += theirs);
                } else {
                    unpack(theirs, matrix, units, own.clone(), |number, theirs| *number += theirs);
                }
            }
        }
        Ok(())
    }

    /// The runs of the flat vector that hold the parameters which this member keeps. W and b are one matrix (inputs + 1, units).
    pub fn kept(&self, layer: DenseShape) -> impl Iterator<Item = Range<usize>> + use<> {
        let own = self.share(layer.units);
        let (rows, width) = if self.is_split(layer.units) {
            (layer.inputs + 1, own.len())
        } else {
            (1, layer.bias + layer.units - layer.weights)
        };
        (0..rows).map(move |row| {
            let at = layer.weights + row * layer.units + own.start;
            at..at + width
        })
    }

    /// The same of a normalization: its units' gamma and beta.
    pub fn kept_of_norm(&self, norm: NormShape) -> impl Iterator<Item = Range<usize>> + use<> {
        let own = self.share(norm.units);
        [norm.gamma, norm.gamma + norm.units].into_iter().map(move |at| at + own.start..at + own.end)
    }
}

/// Adds some columns of a matrix with that many columns to `block`, row by row.
fn pack(matrix: &[f32], units: usize, columns: Range<usize>, block: &mut Vec<f32>) {
    for row in matrix.chunks_exact(units) {
        block.extend_from_slice(&row[columns.clone()]);
    }
}

/// Applies each number of a packed block to its place in the matrix.
fn unpack(block: &[f32], matrix: &mut [f32], units: usize, columns: Range<usize>, apply: impl Fn(&mut f32, f32)) {
    if columns.is_empty() {
        return;
    }
    for (row, block) in matrix.chunks_exact_mut(units).zip(block.chunks_exact(columns.len())) {
        for (number, theirs) in row[columns.clone()].iter_mut().zip(block) {
            apply(number, *theirs);
        }
    }
}

#[cfg(all(test, not(target_arch = "wasm32")))]
mod tests {
    use super::super::ThreadGroup;
    use super::*;

    /// What each of `seats` members has after `work`.
    fn together(seats: usize, capacity: usize, work: impl Fn(usize, &mut Members) -> Vec<f32> + Sync) -> Vec<Vec<f32>> {
        std::thread::scope(|scope| {
            let run = |(seat, group)| {
                let work = &work;
                scope.spawn(move || work(seat, &mut Members::of(Box::new(group))))
            };
            let threads: Vec<_> = ThreadGroup::with_capacity(seats, capacity).into_iter().enumerate().map(run).collect();
            threads.into_iter().map(|thread| thread.join().unwrap()).collect()
        })
    }

    #[test]
    fn columns_come_together_however_few_numbers_fit() {
        for (seats, units, capacity) in [(2, 40, 10_000), (3, 50, 50), (4, 33, 99), (2, 10, 10)] {
            let whole: Vec<f32> = (0..7 * units).map(|i| i as f32).collect();
            let got = together(seats, capacity, |_, members| {
                let own = members.share(units);
                let mut matrix: Vec<f32> =
                    (0..7 * units).map(|i| if own.contains(&(i % units)) { i as f32 } else { -1.0 }).collect();
                members.gather_columns(units, &mut matrix);
                matrix
            });
            assert!(got.iter().all(|matrix| *matrix == whole), "{seats} seats, {units} units, capacity {capacity}");
        }
    }

    #[test]
    fn rows_come_together_however_few_numbers_fit() {
        for (seats, rows, capacity) in [(2, 8, 10_000), (3, 7, 5), (4, 3, 9), (5, 64, 1), (1, 4, 3)] {
            let whole: Vec<f32> = (0..9 * rows).map(|i| i as f32).collect();
            let got = together(seats, capacity, |_, members| {
                let own = members.share_of_rows(rows);
                let mut matrix: Vec<f32> = (0..9 * rows).map(|i| if own.contains(&(i / 9)) { i as f32 } else { -1.0 }).collect();
                members.gather_rows(rows, &mut matrix);
                matrix
            });
            assert!(got.iter().all(|matrix| *matrix == whole), "{seats} seats, {rows} rows, capacity {capacity}");
        }
    }

    #[test]
    fn sums_are_everyones_and_each_has_its_own() {
        for (seats, units, capacity) in [(2, 40, 10_000), (3, 50, 50), (4, 33, 99), (2, 10, 10), (3, 16, 48)] {
            let got = together(seats, capacity, |seat, members| {
                let mut matrix: Vec<f32> = (0..7 * units).map(|i| (i * (seat + 1)) as f32).collect();
                members.sum_columns(units, &mut matrix);
                matrix
            });
            let factor: usize = (1..=seats).sum();
            for (seat, matrix) in got.iter().enumerate() {
                let own = share(units, seat, seats);
                for (i, number) in matrix.iter().enumerate().filter(|(i, _)| own.contains(&(i % units))) {
                    assert_eq!(*number, (i * factor) as f32, "{seats} seats, {units} units, capacity {capacity}, number {i}");
                }
            }
        }
    }

    #[test]
    fn every_unit_has_one_owner_unless_the_layer_is_narrow() {
        for seats in 1..=9 {
            for units in 1..=300 {
                let shares: Vec<_> = (0..seats).map(|seat| share(units, seat, seats)).collect();
                if seats == 1 || units <= BLOCK {
                    assert!(shares.iter().all(|s| *s == (0..units)), "{units} units, {seats} seats");
                    continue;
                }
                assert_eq!(shares[0].start, 0);
                assert_eq!(shares[seats - 1].end, units);
                assert!(shares.windows(2).all(|pair| pair[0].end == pair[1].start), "{units} units, {seats} seats");
                assert!(shares.iter().all(|s| s.end <= units));
            }
        }
    }
}
