//! Adapter and device: asking for them, naming them, and remembering what goes wrong on them.

use super::division::Division;
use crate::error::GpuReason;
use crate::{Error, Result};
use std::sync::{Arc, Mutex, PoisonError};

/// Words in an adapter's name that give away a processor which imitates a graphics device.
const SOFTWARE: [&str; 4] = ["swiftshader", "llvmpipe", "lavapipe", "basic render"];

/// An open device.
pub(super) struct Device {
    pub device: wgpu::Device,
    pub queue: wgpu::Queue,
    pub name: String,
    pub software: bool,
    /// What it has that not every device has.
    pub features: wgpu::Features,
    pub failure: Failure,
}

/// Opens the fastest adapter's device.
///
/// Errors when there is none.
pub(super) async fn open() -> Result<Device> {
    let instance = wgpu::Instance::new(wgpu::InstanceDescriptor::new_without_display_handle());
    let options = wgpu::RequestAdapterOptions { power_preference: wgpu::PowerPreference::HighPerformance, ..Default::default() };
    let adapter = instance.request_adapter(&options).await.map_err(|_| Error::NoGpu { reason: GpuReason::NoAdapter })?;
    // WebGPU's default limits, but as large buffers as there can be: a wide layer, or the training set, is one buffer.
    let offered = adapter.limits();
    let required_limits = wgpu::Limits {
        max_buffer_size: offered.max_buffer_size,
        max_storage_buffer_binding_size: offered.max_storage_buffer_binding_size,
        ..Default::default()
    };
    let wanted = Division::ALL.into_iter().fold(wgpu::Features::empty(), |all, division| all | division.needs());
    let required_features = adapter.features() & wanted;
    let descriptor = wgpu::DeviceDescriptor { required_limits, required_features, ..Default::default() };
    let (device, queue) =
        adapter.request_device(&descriptor).await.map_err(|why| Error::NoGpu { reason: GpuReason::NoDevice(why.to_string()) })?;

    let failure = Failure::default();
    let lost = failure.clone();
    device.set_device_lost_callback(move |_, why| lost.record(format!("the device was lost ({why})")));
    let uncaptured = failure.clone();
    device.on_uncaptured_error(Arc::new(move |error: wgpu::Error| uncaptured.record(error.to_string())));

    let name = name(&adapter.get_info(), &device);
    let lower = name.to_lowercase();
    let software = adapter.get_info().device_type == wgpu::DeviceType::Cpu || SOFTWARE.iter().any(|word| lower.contains(word));
    let features = device.features() | browser_features(&device);
    Ok(Device { device, queue, name, software, features, failure })
}

/// The adapter's name. Browsers often keep the description to themselves and tell only vendor and architecture.
fn name(info: &wgpu::AdapterInfo, device: &wgpu::Device) -> String {
    match info.name.trim() {
        "" => browser_name(device).unwrap_or_else(|| "WebGPU".into()),
        name => name.into(),
    }
}

/// Vendor and architecture as the browser tells them, for example `nvidia ada`.
#[cfg(target_arch = "wasm32")]
fn browser_name(device: &wgpu::Device) -> Option<String> {
    let info = device.as_webgpu()?.adapter_info();
    // Browsers of 2023 and 2024 do not have the property.
    if info.is_undefined() {
        return None;
    }
    let name = format!("{} {}", info.vendor(), info.architecture()).trim().to_string();
    (!name.is_empty()).then_some(name)
}

/// What a browser's device has and wgpu does not know of: www/worker.js has asked for it.
#[cfg(target_arch = "wasm32")]
fn browser_features(device: &wgpu::Device) -> wgpu::Features {
    let has_subgroups = device.as_webgpu().is_some_and(|device| device.features().has("subgroups"));
    if has_subgroups { wgpu::Features::SUBGROUP } else { wgpu::Features::empty() }
}

/// Elsewhere wgpu knows it all.
#[cfg(not(target_arch = "wasm32"))]
fn browser_features(_: &wgpu::Device) -> wgpu::Features {
    wgpu::Features::empty()
}

/// Outside a browser every adapter has a name.
#[cfg(not(target_arch = "wasm32"))]
fn browser_name(_: &wgpu::Device) -> Option<String> {
    None
}

/// The first thing that went wrong; the device reports it whenever it likes, and the next read returns it.
#[derive(Clone, Default)]
pub(super) struct Failure(Arc<Mutex<Option<String>>>);

impl Failure {
    /// Remembers it unless something went wrong before.
    pub fn record(&self, reason: String) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(reason);
    }

    /// Errors when something went wrong.
    pub fn check(&self) -> Result<()> {
        match &*self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            Some(reason) => Err(Error::Device { reason: reason.clone() }),
            None => Ok(()),
        }
    }
}
