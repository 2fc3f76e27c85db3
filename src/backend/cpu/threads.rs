//! A group of threads in one process: what several web workers do over shared memory, natively.

use super::Group;
use crate::{Error, Result};
use std::hint::spin_loop;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, PoisonError, RwLock};
use std::thread::yield_now;

/// Numbers that a thread can show at a time.
const CAPACITY: usize = 1 << 18;
/// Looks at another thread's counter before letting others run: an exchange is a few microseconds away.
const SPINS: usize = 20_000;

/// One thread's seat.
pub struct ThreadGroup {
    seat: usize,
    round: u32,
    capacity: usize,
    shared: Arc<Vec<Member>>,
}

#[derive(Default)]
struct Member {
    /// How many exchanges it has taken part in.
    arrived: AtomicU32,
    /// Whether it has ended.
    gone: AtomicBool,
    /// What it showed, by parity of the exchange: who writes a slot has seen everyone arrive at the exchange in between.
    slots: [RwLock<Vec<f32>>; 2],
}

impl ThreadGroup {
    /// Seats for `seats` threads.
    pub fn seats(seats: usize) -> Vec<ThreadGroup> {
        ThreadGroup::with_capacity(seats, CAPACITY)
    }

    /// Seats for `seats` threads that can show `capacity` numbers at a time.
    pub(super) fn with_capacity(seats: usize, capacity: usize) -> Vec<ThreadGroup> {
        let shared: Arc<Vec<Member>> = Arc::new((0..seats).map(|_| Member::default()).collect());
        (0..seats).map(|seat| ThreadGroup { seat, round: 0, capacity, shared: Arc::clone(&shared) }).collect()
    }

    fn slot(&self, seat: usize) -> &RwLock<Vec<f32>> {
        &self.shared[seat].slots[(self.round & 1) as usize]
    }
}

impl Group for ThreadGroup {
    fn seat(&self) -> (usize, usize) {
        (self.seat, self.shared.len())
    }

    fn capacity(&self) -> usize {
        self.capacity
    }

    fn exchange(&mut self, values: &[f32]) -> Result<()> {
        self.round += 1;
        {
            let mut slot = self.slot(self.seat).write().unwrap_or_else(PoisonError::into_inner);
            slot.clear();
            slot.extend_from_slice(values);
        }
        self.shared[self.seat].arrived.store(self.round, Ordering::Release);
        for member in self.shared.iter() {
            let mut looks = 0;
            loop {
                // In this order: a thread that has ended may have shown everything before.
                let gone = member.gone.load(Ordering::Acquire);
                if member.arrived.load(Ordering::Acquire) >= self.round {
                    break;
                }
                if gone {
                    return Err(Error::Device { reason: "a training thread died".into() });
                }
                if looks < SPINS {
                    spin_loop()
                } else {
                    yield_now()
                }
                looks += 1;
            }
        }
        Ok(())
    }

    fn fetch(&self, seat: usize, at: usize, values: &mut [f32]) {
        let slot = self.slot(seat).read().unwrap_or_else(PoisonError::into_inner);
        values.copy_from_slice(&slot[at..at + values.len()]);
    }
}

impl Drop for ThreadGroup {
    fn drop(&mut self) {
        self.shared[self.seat].gone.store(true, Ordering::Release);
    }
}
