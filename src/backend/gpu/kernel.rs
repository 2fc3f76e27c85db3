//! The shaders: one `NAME.wgsl` an operation, its bindings, and the pipelines made of it.

use super::recorder::Args;

/// A shader. Binding 0 holds the `Args`; the buffers follow in the order in which the shader declares them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kernel {
    Clear,
    Gather,
    Dense,
    DenseWeightGradient,
    DenseInputGradient,
    Softmax,
    SoftmaxCrossEntropy,
    Update,
}

impl Kernel {
    /// Every kernel.
    pub const ALL: [Kernel; 8] = [
        Kernel::Clear,
        Kernel::Gather,
        Kernel::Dense,
        Kernel::DenseWeightGradient,
        Kernel::DenseInputGradient,
        Kernel::Softmax,
        Kernel::SoftmaxCrossEntropy,
        Kernel::Update,
    ];

    /// The operation's name and the file's stem.
    pub fn name(self) -> &'static str {
        match self {
            Kernel::Clear => "clear",
            Kernel::Gather => "gather",
            Kernel::Dense => "dense",
            Kernel::DenseWeightGradient => "dense_weight_gradient",
            Kernel::DenseInputGradient => "dense_input_gradient",
            Kernel::Softmax => "softmax",
            Kernel::SoftmaxCrossEntropy => "softmax_cross_entropy",
            Kernel::Update => "update",
        }
    }

    /// The whole WGSL: what it shares with others, then its own file.
    pub fn source(self) -> &'static str {
        match self {
            Kernel::Clear => concat!(include_str!("prelude.wgsl"), include_str!("clear.wgsl")),
            Kernel::Gather => concat!(include_str!("prelude.wgsl"), include_str!("gather.wgsl")),
            Kernel::Dense => concat!(
                include_str!("prelude.wgsl"),
                include_str!("matrix.wgsl"),
                include_str!("activation.wgsl"),
                include_str!("dense.wgsl")
            ),
            Kernel::DenseWeightGradient => {
                concat!(include_str!("prelude.wgsl"), include_str!("matrix.wgsl"), include_str!("dense_weight_gradient.wgsl"))
            }
            Kernel::DenseInputGradient => concat!(
                include_str!("prelude.wgsl"),
                include_str!("matrix.wgsl"),
                include_str!("activation.wgsl"),
                include_str!("dense_input_gradient.wgsl")
            ),
            Kernel::Softmax => concat!(include_str!("prelude.wgsl"), include_str!("softmax.wgsl")),
            Kernel::SoftmaxCrossEntropy => concat!(include_str!("prelude.wgsl"), include_str!("softmax_cross_entropy.wgsl")),
            Kernel::Update => concat!(include_str!("prelude.wgsl"), include_str!("update.wgsl")),
        }
    }

    /// The sets of constants that it is compiled with: matrix kernels twice, the second time for rows that all begin at a
    /// multiple of four numbers.
    pub fn constants(self) -> &'static [&'static [(&'static str, f64)]] {
        match self {
            Kernel::Dense | Kernel::DenseWeightGradient | Kernel::DenseInputGradient => {
                &[&[("ALIGNED", 0.0)], &[("ALIGNED", 1.0)]]
            }
            _ => &[&[]],
        }
    }

    /// How many buffers it only reads, and how many it also writes; those come last.
    fn buffers(self) -> (u32, u32) {
        match self {
            Kernel::Clear => (0, 1),
            Kernel::Gather | Kernel::SoftmaxCrossEntropy => (2, 2),
            Kernel::Dense | Kernel::DenseWeightGradient => (2, 1),
            Kernel::DenseInputGradient => (3, 1),
            Kernel::Softmax => (1, 1),
            Kernel::Update => (1, 3),
        }
    }

    /// Compiles it.
    pub(super) fn compile(self, device: &wgpu::Device) -> Compiled {
        let (reads, writes) = self.buffers();
        let arguments = wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Uniform,
            has_dynamic_offset: true,
            min_binding_size: std::num::NonZero::new(size_of::<Args>() as u64),
        };
        let storage = (0..reads + writes).map(|i| wgpu::BindingType::Buffer {
            ty: wgpu::BufferBindingType::Storage { read_only: i < reads },
            has_dynamic_offset: false,
            min_binding_size: None,
        });
        let entries: Vec<_> = std::iter::once(arguments)
            .chain(storage)
            .zip(0..)
            .map(|(ty, binding)| wgpu::BindGroupLayoutEntry { binding, visibility: wgpu::ShaderStages::COMPUTE, ty, count: None })
            .collect();
        let bindings =
            device.create_bind_group_layout(&wgpu::BindGroupLayoutDescriptor { label: Some(self.name()), entries: &entries });
        let layout = device.create_pipeline_layout(&wgpu::PipelineLayoutDescriptor {
            label: Some(self.name()),
            bind_group_layouts: &[Some(&bindings)],
            immediate_size: 0,
        });
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(self.name()),
            source: wgpu::ShaderSource::Wgsl(self.source().into()),
        });
        let pipelines = self.constants().iter().map(|constants| {
            device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
                label: Some(self.name()),
                layout: Some(&layout),
                module: &module,
                entry_point: Some("main"),
                compilation_options: wgpu::PipelineCompilationOptions { constants, ..Default::default() },
                cache: None,
            })
        });
        Compiled { pipelines: pipelines.collect(), bindings }
    }
}

/// A kernel on a device.
pub(super) struct Compiled {
    /// One for each of [`Kernel::constants`].
    pub pipelines: Vec<wgpu::ComputePipeline>,
    pub bindings: wgpu::BindGroupLayout,
}
