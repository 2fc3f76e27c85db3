//! WebGPU compute through wgpu.

/// The WebGPU backend.
pub struct Gpu;
