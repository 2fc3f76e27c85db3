//! Recording: operations wait in a list until it is submitted as one compute pass, their scalar arguments written at once.
//! In the browser every call to WebGPU crosses into JavaScript, so an operation costs as few of them as can be.

use super::buffer::{Buffer, Memory};
use super::compiler::Compiler;
use super::division::Division;
use super::kernel::{Compiled, Kernel, Variant};
use std::collections::HashMap;

/// Bytes between two operations' arguments: WebGPU's default alignment of dynamic offsets.
const SLOT: usize = 256;
/// Operations in one submission at most.
const SLOTS: usize = 2048;
/// Bind groups kept at most; a training step needs a dozen.
const MAX_GROUPS: usize = 1024;
/// Buffers of one operation at most.
const MAX_BUFFERS: usize = 4;
/// Invocations in a workgroup of the kernels that count items.
const ITEMS: usize = 64;
/// WebGPU's default limit for each dimension of a dispatch.
const MAX_GRID: usize = 65535;

/// Scalar arguments; `Args` in `prelude.wgsl` says what they are.
#[repr(C)]
#[derive(Clone, Copy, Debug, Default, bytemuck::Pod, bytemuck::Zeroable)]
pub(super) struct Args {
    pub rows: u32,
    pub inputs: u32,
    pub units: u32,
    pub weights: u32,
    pub bias: u32,
    pub start: u32,
    pub labels: u32,
    pub len: u32,
    pub code: u32,
    pub smoothing: f32,
    pub scale: f32,
    pub rate: f32,
    pub epsilon: f32,
    pub beta1: f32,
    pub beta2: f32,
    pub decay: f32,
    pub side: u32,
    pub key: u32,
    pub half_turn: f32,
    pub shear: f32,
    pub smallest: f32,
    pub largest: f32,
    pub stretch: f32,
    pub shift: f32,
    pub elastic: f32,
    pub thickness: f32,
    pub gamma: u32,
    pub moving: u32,
    pub threshold: u32,
}

/// How many workgroups, in x and y.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Grid(u32, u32);

impl Grid {
    /// One invocation an item.
    pub fn items(count: usize) -> Grid {
        let groups = count.div_ceil(ITEMS);
        let y = groups.div_ceil(MAX_GRID).max(1);
        Grid(groups.div_ceil(y) as u32, y as u32)
    }

    /// A matrix in parts.
    pub fn parts(division: Division, rows: usize, columns: usize) -> Grid {
        Grid(columns.div_ceil(division.side()) as u32, rows.div_ceil(division.side()) as u32)
    }
}

/// What was asked of the device.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    pub dispatches: u64,
    pub submissions: u64,
    pub bind_groups: u64,
}

impl std::ops::Add for Counts {
    type Output = Counts;

    fn add(self, other: Counts) -> Counts {
        Counts {
            dispatches: self.dispatches + other.dispatches,
            submissions: self.submissions + other.submissions,
            bind_groups: self.bind_groups + other.bind_groups,
        }
    }
}

impl std::ops::Sub for Counts {
    type Output = Counts;

    fn sub(self, earlier: Counts) -> Counts {
        Counts {
            dispatches: self.dispatches - earlier.dispatches,
            submissions: self.submissions - earlier.submissions,
            bind_groups: self.bind_groups - earlier.bind_groups,
        }
    }
}

/// A recorded operation.
struct Operation {
    kernel: Kernel,
    variant: Variant,
    group: wgpu::BindGroup,
    grid: Grid,
}

/// The list, and what running it needs.
pub(super) struct Recorder {
    kernels: Vec<Compiled>,
    groups: HashMap<(Kernel, [u64; MAX_BUFFERS]), wgpu::BindGroup>,
    arguments: wgpu::Buffer,
    staged: Vec<u8>,
    pending: Vec<Operation>,
    pub counts: Counts,
    pub compiler: Compiler,
}

impl Recorder {
    /// An empty list. `clock` tells seconds.
    pub fn new(device: &wgpu::Device, clock: fn() -> f64) -> Recorder {
        Recorder {
            kernels: Kernel::ALL.iter().map(|kernel| kernel.on_device(device)).collect(),
            groups: HashMap::new(),
            arguments: device.create_buffer(&wgpu::BufferDescriptor {
                label: Some("arguments"),
                size: (SLOT * SLOTS) as u64,
                usage: wgpu::BufferUsages::UNIFORM | wgpu::BufferUsages::COPY_DST,
                mapped_at_creation: false,
            }),
            staged: Vec::with_capacity(SLOT * SLOTS),
            pending: Vec::with_capacity(SLOTS),
            counts: Counts::default(),
            compiler: Compiler::new(clock),
        }
    }

    /// Operations that were not submitted yet.
    pub fn len(&self) -> usize {
        self.pending.len()
    }

    /// Whether the next operation has to wait for a submission.
    pub fn is_full(&self) -> bool {
        self.pending.len() == SLOTS
    }

    /// Appends an operation.
    pub fn record(
        &mut self,
        device: &wgpu::Device,
        kernel: Kernel,
        variant: Variant,
        args: Args,
        grid: Grid,
        buffers: &[&Buffer],
    ) {
        let Compiled { layout, pipelines, .. } = &mut self.kernels[kernel as usize];
        let pipeline = &mut pipelines[variant.number()];
        if pipeline.is_none() {
            *pipeline = Some(self.compiler.compile(device, || kernel.compile(variant, device, layout)));
        }
        let mut ids = [0; MAX_BUFFERS];
        for (id, buffer) in ids.iter_mut().zip(buffers) {
            *id = buffer.id;
        }
        let group = self.groups.entry((kernel, ids)).or_insert_with(|| {
            self.counts.bind_groups += 1;
            let arguments = wgpu::BufferBinding {
                buffer: &self.arguments,
                offset: 0,
                size: std::num::NonZero::new(size_of::<Args>() as u64),
            };
            let storage = buffers.iter().map(|buffer| buffer.raw.as_entire_binding());
            let entries: Vec<_> = std::iter::once(wgpu::BindingResource::Buffer(arguments))
                .chain(storage)
                .zip(0..)
                .map(|(resource, binding)| wgpu::BindGroupEntry { binding, resource })
                .collect();
            device.create_bind_group(&wgpu::BindGroupDescriptor {
                label: Some(kernel.name()),
                layout: &self.kernels[kernel as usize].bindings,
                entries: &entries,
            })
        });
        self.pending.push(Operation { kernel, variant, group: group.clone(), grid });
        self.staged.extend_from_slice(bytemuck::bytes_of(&args));
        self.staged.resize(SLOT * self.pending.len(), 0);
    }

    /// Submits what was recorded, and after it, `copy` the beginning of the first buffer to the second. None if there was
    /// nothing to do.
    pub fn submit(
        &mut self,
        device: &wgpu::Device,
        queue: &wgpu::Queue,
        memory: &Memory,
        copy: Option<(&wgpu::Buffer, &wgpu::Buffer, u64)>,
    ) -> Option<wgpu::SubmissionIndex> {
        let mut index = None;
        if !self.pending.is_empty() || copy.is_some() {
            let mut encoder = device.create_command_encoder(&wgpu::CommandEncoderDescriptor::default());
            self.encode(queue, &mut encoder);
            if let Some((from, to, bytes)) = copy {
                encoder.copy_buffer_to_buffer(from, 0, to, 0, bytes);
            }
            index = Some(queue.submit([encoder.finish()]));
            self.counts.submissions += 1;
        }
        // Nothing waits any more, so dropped buffers can go.
        for retired in memory.take_retired() {
            self.groups.retain(|(_, ids), _| !ids.contains(&retired.id));
            retired.raw.destroy();
        }
        if self.groups.len() > MAX_GROUPS {
            self.groups.clear();
        }
        index
    }

    fn encode(&mut self, queue: &wgpu::Queue, encoder: &mut wgpu::CommandEncoder) {
        if self.pending.is_empty() {
            return;
        }
        // Writes and submissions keep their order on the queue: passes submitted before have read their arguments.
        queue.write_buffer(&self.arguments, 0, &self.staged);
        let mut pass = encoder.begin_compute_pass(&wgpu::ComputePassDescriptor::default());
        let mut set = None;
        for (slot, Operation { kernel, variant, group, grid }) in self.pending.iter().enumerate() {
            if set != Some((*kernel, *variant))
                && let Some(pipeline) = &self.kernels[*kernel as usize].pipelines[variant.number()]
            {
                pass.set_pipeline(pipeline);
                set = Some((*kernel, *variant));
            }
            pass.set_bind_group(0, group, &[(slot * SLOT) as u32]);
            pass.dispatch_workgroups(grid.0, grid.1, 1);
        }
        drop(pass);
        self.counts.dispatches += self.pending.len() as u64;
        self.pending.clear();
        self.staged.clear();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_grid_has_enough_invocations_and_stays_within_webgpus_limit() {
        for count in [1, 64, 65, 128 * 784, MAX_GRID * ITEMS, MAX_GRID * ITEMS + 1, 64 << 20] {
            let Grid(x, y) = Grid::items(count);
            assert!(x as usize * y as usize * ITEMS >= count, "{count}: {x} x {y}");
            assert!(x as usize <= MAX_GRID && y as usize <= MAX_GRID, "{count}: {x} x {y}");
        }
        assert_eq!(Grid::parts(Division::Tiles, 33, 10), Grid(1, 2));
    }
}
