//! Memory on the device. A dropped buffer is freed, but not before the operations that were recorded with it have run.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

/// A vector of 4-byte numbers on the device.
pub struct Buffer {
    pub(super) raw: wgpu::Buffer,
    /// Never given twice: names the buffer in the cache of bind groups.
    pub(super) id: u64,
    /// Numbers in it; its memory is rounded up to whole vec4.
    pub(super) len: usize,
    retired: Rc<RefCell<Vec<Retired>>>,
}

impl Drop for Buffer {
    fn drop(&mut self) {
        self.retired.borrow_mut().push(Retired { raw: self.raw.clone(), id: self.id });
    }
}

/// What remains of a dropped buffer.
pub(super) struct Retired {
    pub raw: wgpu::Buffer,
    pub id: u64,
}

/// Makes buffers and remembers the dropped ones.
#[derive(Default)]
pub(super) struct Memory {
    made: Cell<u64>,
    retired: Rc<RefCell<Vec<Retired>>>,
}

impl Memory {
    /// `len` zeros. A length that the device can't have is an error of the device, which the next read returns.
    pub fn zeros(&self, device: &wgpu::Device, len: usize) -> Buffer {
        let raw = device.create_buffer(&wgpu::BufferDescriptor {
            label: None,
            // No binding may be empty, and the shaders read whole vec4.
            size: (len as u64 * 4).next_multiple_of(16).max(16),
            usage: wgpu::BufferUsages::STORAGE | wgpu::BufferUsages::COPY_SRC | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        });
        self.made.set(self.made.get() + 1);
        Buffer { raw, id: self.made.get(), len, retired: self.retired.clone() }
    }

    /// The buffers dropped since the last call.
    pub fn take_retired(&self) -> Vec<Retired> {
        self.retired.take()
    }
}
