//! A group of threads in one process: what several web workers do over shared memory, natively.

use super::Group;
use crate::{Error, Result};
use std::sync::{Arc, Barrier, Mutex};

/// One thread's seat.
pub struct ThreadGroup {
    seat: usize,
    shared: Arc<Shared>,
}

struct Shared {
    barrier: Barrier,
    slots: Vec<Mutex<Vec<f32>>>,
}

impl ThreadGroup {
    /// Seats for `seats` threads.
    pub fn seats(seats: usize) -> Vec<ThreadGroup> {
        let slots = (0..seats).map(|_| Mutex::default()).collect();
        let shared = Arc::new(Shared { barrier: Barrier::new(seats), slots });
        (0..seats).map(|seat| ThreadGroup { seat, shared: Arc::clone(&shared) }).collect()
    }
}

impl Group for ThreadGroup {
    fn seat(&self) -> (usize, usize) {
        (self.seat, self.shared.slots.len())
    }

    fn sum(&mut self, values: &mut [f32]) -> Result<()> {
        let died = |_| Error::Device { reason: "a training thread died".into() };
        {
            let mut slot = self.shared.slots[self.seat].lock().map_err(died)?;
            slot.clear();
            slot.extend_from_slice(values);
        }
        self.shared.barrier.wait();
        values.fill(0.0);
        for slot in &self.shared.slots {
            let slot = slot.lock().map_err(|_| Error::Device { reason: "a training thread died".into() })?;
            for (sum, value) in values.iter_mut().zip(slot.iter()) {
                *sum += value;
            }
        }
        self.shared.barrier.wait();
        Ok(())
    }
}
