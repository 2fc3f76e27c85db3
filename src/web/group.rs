//! Sums over workers in a `SharedArrayBuffer`: each worker has its own wasm memory (stable Rust has no shared one) and
//! exchanges gradients through memory that JavaScript shares.
//!
//! Layout: 64 control words (i32), word s = how many sums the worker in seat s has contributed to; then for even and for odd
//! sums one slot of `capacity` f32 for each seat. Two sets of slots make one barrier a sum enough: who writes to a set
//! has seen everyone arrive at the sum in between, so nobody reads that set any more.

use crate::backend::cpu::Group;
use crate::{Error, Result};
use js_sys::{Atomics, Float32Array, Int32Array, SharedArrayBuffer};
use std::cmp::Ordering;

/// Control words; also the most seats.
const CONTROL: usize = 64;
/// Looks at another worker's counter before going to sleep, since going to sleep and being woken takes time, too. Not tuned.
const SPINS: usize = 2_000;
/// A worker that is silent for this long, in milliseconds, counts as dead.
const PATIENCE: f64 = 20_000.0;

/// A worker's seat at the shared memory.
pub struct SharedGroup {
    seat: usize,
    seats: usize,
    control: Int32Array,
    /// By parity, then by seat.
    slots: [Vec<Float32Array>; 2],
    round: i32,
    before: Vec<f32>,
    theirs: Vec<f32>,
}

impl SharedGroup {
    /// Bytes of shared memory for `seats` workers that sum at most `capacity` numbers at a time.
    pub fn bytes(seats: usize, capacity: usize) -> usize {
        4 * (CONTROL + 2 * seats * capacity)
    }

    /// Takes seat `seat` at memory of that size.
    pub fn new(memory: &SharedArrayBuffer, seat: usize, seats: usize, capacity: usize) -> SharedGroup {
        let slots = [0, 1].map(|parity| {
            let slot = |seat: usize| {
                let at = 4 * (CONTROL + (parity * seats + seat) * capacity);
                Float32Array::new_with_byte_offset_and_length(memory, at as u32, capacity as u32)
            };
            (0..seats).map(slot).collect()
        });
        let control = Int32Array::new_with_byte_offset_and_length(memory, 0, CONTROL as u32);
        SharedGroup { seat, seats, control, slots, round: 0, before: Vec::new(), theirs: Vec::new() }
    }

    fn wait_for(&self, seat: usize) -> Result<()> {
        let failed = |_| Error::Device { reason: "this browser can't share memory between workers".into() };
        for _ in 0..SPINS {
            if Atomics::load(&self.control, seat as u32).map_err(failed)? >= self.round {
                return Ok(());
            }
        }
        loop {
            let arrived = Atomics::load(&self.control, seat as u32).map_err(failed)?;
            if arrived >= self.round {
                return Ok(());
            }
            let woken = Atomics::wait_with_timeout(&self.control, seat as u32, arrived, PATIENCE).map_err(failed)?;
            if woken == "timed-out" {
                return Err(Error::Device { reason: format!("training worker {seat} does not answer") });
            }
        }
    }
}

impl Group for SharedGroup {
    fn seat(&self) -> (usize, usize) {
        (self.seat, self.seats)
    }

    fn sum(&mut self, values: &mut [f32]) -> Result<()> {
        self.round += 1;
        let slots = &self.slots[(self.round & 1) as usize];
        let len = values.len() as u32;
        slots[self.seat].subarray(0, len).copy_from(values);
        let failed = |_| Error::Device { reason: "this browser can't share memory between workers".into() };
        Atomics::store(&self.control, self.seat as u32, self.round).map_err(failed)?;
        Atomics::notify(&self.control, self.seat as u32).map_err(failed)?;
        for seat in (0..self.seats).filter(|&seat| seat != self.seat) {
            self.wait_for(seat)?;
        }
        // In the order of the seats, so that every worker gets the same bits: those before this one, its own, those after.
        self.before.resize(values.len(), 0.0);
        self.theirs.resize(values.len(), 0.0);
        for (seat, slot) in slots.iter().enumerate() {
            let slot = slot.subarray(0, len);
            match seat.cmp(&self.seat) {
                Ordering::Less if seat == 0 => slot.copy_to(&mut self.before),
                Ordering::Less => {
                    slot.copy_to(&mut self.theirs);
                    add(&mut self.before, &self.theirs);
                }
                Ordering::Equal if seat == 0 => {}
                Ordering::Equal => add(values, &self.before),
                Ordering::Greater => {
                    slot.copy_to(&mut self.theirs);
                    add(values, &self.theirs);
                }
            }
        }
        Ok(())
    }
}

fn add(sums: &mut [f32], values: &[f32]) {
    for (sum, value) in sums.iter_mut().zip(values) {
        *sum += value;
    }
}
