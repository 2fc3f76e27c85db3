//! Numbers back from the device: through buffers that can be mapped, kept for the next time.

use super::device::Failure;
use crate::{Error, Result};
use futures_channel::oneshot;

/// Mappable buffers kept at most.
const MAX_KEPT: usize = 4;

/// The mappable buffers that nobody uses now.
#[derive(Default)]
pub(super) struct Readback {
    kept: Vec<wgpu::Buffer>,
}

impl Readback {
    /// A buffer of at least `bytes` bytes to copy to.
    pub fn take(&mut self, device: &wgpu::Device, bytes: u64) -> wgpu::Buffer {
        let size = bytes.next_power_of_two();
        if let Some(i) = self.kept.iter().position(|buffer| buffer.size() == size) {
            return self.kept.swap_remove(i);
        }
        device.create_buffer(&wgpu::BufferDescriptor {
            label: Some("readback"),
            size,
            usage: wgpu::BufferUsages::MAP_READ | wgpu::BufferUsages::COPY_DST,
            mapped_at_creation: false,
        })
    }

    /// Waits until the copy to `buffer` has happened and returns its first `len` numbers.
    ///
    /// Errors when the device failed.
    pub async fn read(&mut self, device: &wgpu::Device, failure: &Failure, buffer: wgpu::Buffer, len: usize) -> Result<Vec<f32>> {
        let bytes = len as u64 * 4;
        let (sender, mapped) = oneshot::channel();
        buffer.map_async(wgpu::MapMode::Read, ..bytes, move |result| {
            // Nobody listens if the reader was dropped.
            let _ = sender.send(result);
        });
        // Natively this waits; in the browser it does nothing, and the callback comes by itself.
        let polled = device.poll(wgpu::PollType::wait_indefinitely());
        failure.check()?;
        polled.map_err(|why| Error::Device { reason: why.to_string() })?;
        let mapped = mapped.await;
        failure.check()?;
        match mapped {
            Ok(Ok(())) => {}
            Ok(Err(why)) => return Err(Error::Device { reason: why.to_string() }),
            Err(oneshot::Canceled) => return Err(Error::Device { reason: "it gave no answer".into() }),
        }
        let mut values = vec![0.0f32; len];
        {
            let view = buffer.get_mapped_range(..bytes).map_err(|why| Error::Device { reason: why.to_string() })?;
            bytemuck::cast_slice_mut(&mut values).copy_from_slice(&view);
        }
        buffer.unmap();
        if self.kept.len() == MAX_KEPT {
            self.kept.remove(0).destroy();
        }
        self.kept.push(buffer);
        Ok(values)
    }
}
