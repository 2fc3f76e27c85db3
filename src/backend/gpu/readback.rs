//! Numbers back from the device: through buffers that can be mapped, kept for the next time.

use super::device::Failure;
use crate::{Error, Result};
use futures_channel::oneshot;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// Mappable buffers kept at most.
const MAX_KEPT: usize = 4;

/// The mappable buffers that nobody uses now.
#[derive(Default)]
pub(super) struct Readback {
    kept: Vec<wgpu::Buffer>,
}

/// Numbers on their way back.
pub struct Reading {
    buffer: wgpu::Buffer,
    /// Numbers that were copied, and how many of them were asked for: WebGPU maps no empty range.
    copied: usize,
    len: usize,
    mapped: oneshot::Receiver<std::result::Result<(), wgpu::BufferAsyncError>>,
    arrived: Arc<AtomicBool>,
}

impl Reading {
    /// Whether it has ended, well or not.
    pub(super) fn has_arrived(&self) -> bool {
        self.arrived.load(Ordering::Acquire)
    }
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

    /// Begins to map `buffer`, to which `copied` numbers are being copied, of which the first `len` are wanted.
    pub fn start(buffer: wgpu::Buffer, copied: usize, len: usize) -> Reading {
        let (sender, mapped) = oneshot::channel();
        let arrived = Arc::new(AtomicBool::new(false));
        let flag = Arc::clone(&arrived);
        buffer.map_async(wgpu::MapMode::Read, ..copied as u64 * 4, move |result| {
            flag.store(true, Ordering::Release);
            // Nobody listens if the reader was dropped.
            let _ = sender.send(result);
        });
        Reading { buffer, copied, len, mapped, arrived }
    }

    /// Waits until the numbers are there.
    ///
    /// Errors when the device failed.
    pub async fn finish(&mut self, device: &wgpu::Device, failure: &Failure, reading: Reading) -> Result<Vec<f32>> {
        let Reading { buffer, copied, len, mapped, arrived } = reading;
        if !arrived.load(Ordering::Acquire) {
            // Natively this waits; in the browser it does nothing, and the callback comes by itself.
            let polled = device.poll(wgpu::PollType::wait_indefinitely());
            failure.check()?;
            polled.map_err(|why| Error::Device { reason: why.to_string() })?;
        }
        let mapped = mapped.await;
        failure.check()?;
        match mapped {
            Ok(Ok(())) => {}
            Ok(Err(why)) => return Err(Error::Device { reason: why.to_string() }),
            Err(oneshot::Canceled) => return Err(Error::Device { reason: "it gave no answer".into() }),
        }
        let mut values = vec![0.0f32; copied];
        {
            let view = buffer.get_mapped_range(..copied as u64 * 4).map_err(|why| Error::Device { reason: why.to_string() })?;
            bytemuck::cast_slice_mut(&mut values).copy_from_slice(&view);
        }
        buffer.unmap();
        if self.kept.len() == MAX_KEPT {
            self.kept.remove(0).destroy();
        }
        self.kept.push(buffer);
        values.truncate(len);
        Ok(values)
    }
}
