//! A group of workers: each worker has its own wasm memory (stable Rust has no shared one), and what they exchange goes through
//! a `SharedArrayBuffer`.
//!
//! Layout: 64 control words (i32), word s = how many exchanges the worker in seat s has come to; then for even and for odd
//! exchanges one slot of f32 for each seat. Two sets of slots make one barrier an exchange enough: who writes to a set
//! has seen everyone arrive at the exchange in between, so nobody reads that set any more.

use crate::backend::cpu::Group;
use crate::{Error, Result};
use js_sys::{Atomics, Float32Array, Int32Array, SharedArrayBuffer};
use wasm_bindgen::prelude::wasm_bindgen;

#[wasm_bindgen]
extern "C" {
    /// A control word. js-sys has it, too, but catches exceptions, and makes garbage to collect of every look for that.
    #[wasm_bindgen(js_namespace = Atomics, js_name = load)]
    fn look(control: &Int32Array, seat: u32) -> i32;
}

/// Control words; also the most seats.
const CONTROL: usize = 64;
/// Numbers in a slot: at least 32 rows of the widest layer, a megabyte.
const CAPACITY: usize = 1 << 18;
/// Looks at another worker's counter before going to sleep, since going to sleep and being woken takes time, too: of 2,000,
/// 20,000 and 100,000 the middle one trained a little faster with two workers on two cores.
const SPINS: usize = 20_000;
/// A worker that is silent through so many naps of so many milliseconds counts as dead. Many short ones: a computer that sleeps,
/// or a clock that jumps, ends one nap early, not the wait.
const NAPS: usize = 40;
const NAP: f64 = 500.0;

/// A worker's seat at the shared memory.
pub struct SharedGroup {
    seat: usize,
    seats: usize,
    control: Int32Array,
    /// By parity, then by seat.
    slots: [Vec<Float32Array>; 2],
    round: i32,
}

impl SharedGroup {
    /// Bytes of shared memory for `seats` workers.
    pub fn bytes(seats: usize) -> usize {
        4 * (CONTROL + 2 * seats * CAPACITY)
    }

    /// Takes seat `seat` at memory of that size.
    pub fn new(memory: &SharedArrayBuffer, seat: usize, seats: usize) -> SharedGroup {
        let slots = [0, 1].map(|parity| {
            let slot = |seat: usize| {
                let at = 4 * (CONTROL + (parity * seats + seat) * CAPACITY);
                Float32Array::new_with_byte_offset_and_length(memory, at as u32, CAPACITY as u32)
            };
            (0..seats).map(slot).collect()
        });
        let control = Int32Array::new_with_byte_offset_and_length(memory, 0, CONTROL as u32);
        SharedGroup { seat, seats, control, slots, round: 0 }
    }

    fn wait_for(&self, seat: usize) -> Result<()> {
        let failed = |_| Error::Device { reason: "this browser can't share memory between workers".into() };
        for _ in 0..SPINS {
            if look(&self.control, seat as u32) >= self.round {
                return Ok(());
            }
        }
        let mut naps = 0;
        loop {
            let arrived = look(&self.control, seat as u32);
            if arrived >= self.round {
                return Ok(());
            }
            let woken = Atomics::wait_with_timeout(&self.control, seat as u32, arrived, NAP).map_err(failed)?;
            naps += usize::from(woken == "timed-out");
            if naps >= NAPS {
                return Err(Error::Device { reason: format!("training worker {seat} does not answer") });
            }
        }
    }
}

impl Group for SharedGroup {
    fn seat(&self) -> (usize, usize) {
        (self.seat, self.seats)
    }

    fn capacity(&self) -> usize {
        CAPACITY
    }

    fn exchange(&mut self, values: &[f32]) -> Result<()> {
        self.round += 1;
        let slots = &self.slots[(self.round & 1) as usize];
        slots[self.seat].subarray(0, values.len() as u32).copy_from(values);
        let failed = |_| Error::Device { reason: "this browser can't share memory between workers".into() };
        Atomics::store(&self.control, self.seat as u32, self.round).map_err(failed)?;
        Atomics::notify(&self.control, self.seat as u32).map_err(failed)?;
        (0..self.seats).filter(|&seat| seat != self.seat).try_for_each(|seat| self.wait_for(seat))
    }

    fn fetch(&self, seat: usize, at: usize, values: &mut [f32]) {
        let slot = &self.slots[(self.round & 1) as usize][seat];
        slot.subarray(at as u32, (at + values.len()) as u32).copy_to(values);
    }
}
