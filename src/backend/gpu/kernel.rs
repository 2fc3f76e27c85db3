//! The shaders: one `NAME.wgsl` an operation, its bindings, and the variants in which it is compiled.

use super::division::Division;
use super::recorder::Args;

/// A shader. Binding 0 holds the `Args`; the buffers follow in the order in which the shader declares them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Kernel {
    Clear,
    Gather,
    GatherAugmented,
    Dense,
    Activate,
    DenseWeightGradient,
    DenseInputGradient,
    Softmax,
    SoftmaxLoss,
    Chain,
    Dropout,
    BatchStatistics,
    MovingStatistics,
    Normalize,
    NormalizeGradient,
    L2Gradient,
    Update,
}

/// How a kernel is compiled; the matrix products differ in both, the others in `aligned` at most.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Variant {
    pub division: Division,
    /// Whether every row of every matrix begins at a multiple of four numbers.
    pub aligned: bool,
}

impl Variant {
    /// Every variant, at its `Variant::number`.
    pub const ALL: [Variant; 2 * Division::ALL.len()] = {
        let mut all = [Variant { division: Division::Tiles, aligned: false }; 2 * Division::ALL.len()];
        let mut i = 0;
        while i < all.len() {
            all[i] = Variant { division: Division::ALL[i / 2], aligned: i % 2 == 1 };
            i += 1;
        }
        all
    };

    /// Its place in [`Variant::ALL`].
    pub(super) fn number(self) -> usize {
        2 * self.division as usize + usize::from(self.aligned)
    }
}

/// The text of these files.
macro_rules! files {
    ($($file:literal),+) => { &[$(include_str!($file)),+] };
}

/// What a product's shader has to enable, and the files that compute it.
fn product_files(division: Division) -> (&'static str, &'static [&'static str]) {
    match division {
        Division::Tiles => ("", files!("tiles.wgsl")),
        Division::Quarters | Division::Sixteenths => ("", files!("slices.wgsl")),
        Division::Blocks => ("", files!("stored_f32.wgsl", "blocks.wgsl")),
        Division::SubgroupQuarters | Division::SubgroupSixteenths => ("enable subgroups;\n", files!("subgroup_slices.wgsl")),
        Division::HalfBlocks => ("enable f16;\n", files!("stored_f16.wgsl", "blocks.wgsl")),
    }
}

impl Kernel {
    /// Every kernel.
    pub const ALL: [Kernel; 17] = [
        Kernel::Clear,
        Kernel::Gather,
        Kernel::GatherAugmented,
        Kernel::Dense,
        Kernel::Activate,
        Kernel::DenseWeightGradient,
        Kernel::DenseInputGradient,
        Kernel::Softmax,
        Kernel::SoftmaxLoss,
        Kernel::Chain,
        Kernel::Dropout,
        Kernel::BatchStatistics,
        Kernel::MovingStatistics,
        Kernel::Normalize,
        Kernel::NormalizeGradient,
        Kernel::L2Gradient,
        Kernel::Update,
    ];

    /// The operation's name and the file's stem.
    pub fn name(self) -> &'static str {
        match self {
            Kernel::Clear => "clear",
            Kernel::Gather => "gather",
            Kernel::GatherAugmented => "gather_augmented",
            Kernel::Dense => "dense",
            Kernel::Activate => "activate",
            Kernel::DenseWeightGradient => "dense_weight_gradient",
            Kernel::DenseInputGradient => "dense_input_gradient",
            Kernel::Softmax => "softmax",
            Kernel::SoftmaxLoss => "softmax_loss",
            Kernel::Chain => "chain",
            Kernel::Dropout => "dropout",
            Kernel::BatchStatistics => "batch_statistics",
            Kernel::MovingStatistics => "moving_statistics",
            Kernel::Normalize => "normalize",
            Kernel::NormalizeGradient => "normalize_gradient",
            Kernel::L2Gradient => "l2_gradient",
            Kernel::Update => "update",
        }
    }

    /// What it shares with others, and its own file.
    fn files(self) -> &'static [&'static str] {
        match self {
            Kernel::Clear => files!("clear.wgsl"),
            Kernel::Gather => files!("images.wgsl", "gather.wgsl"),
            Kernel::GatherAugmented => files!("images.wgsl", "random.wgsl", "gather_augmented.wgsl"),
            Kernel::Dense => files!("matrix.wgsl", "activation.wgsl", "dense.wgsl"),
            Kernel::Activate => files!("activation.wgsl", "activate.wgsl"),
            Kernel::DenseWeightGradient => files!("matrix.wgsl", "dense_weight_gradient.wgsl"),
            Kernel::DenseInputGradient => files!("matrix.wgsl", "activation.wgsl", "dense_input_gradient.wgsl"),
            Kernel::Softmax => files!("softmax.wgsl"),
            Kernel::SoftmaxLoss => files!("softmax_loss.wgsl"),
            Kernel::Chain => files!("activation.wgsl", "chain.wgsl"),
            Kernel::Dropout => files!("random.wgsl", "dropout.wgsl"),
            Kernel::BatchStatistics => files!("batch_statistics.wgsl"),
            Kernel::MovingStatistics => files!("moving_statistics.wgsl"),
            Kernel::Normalize => files!("normalize.wgsl"),
            Kernel::NormalizeGradient => files!("normalize_gradient.wgsl"),
            Kernel::L2Gradient => files!("l2_gradient.wgsl"),
            Kernel::Update => files!("update.wgsl"),
        }
    }

    /// The whole WGSL. It is put together when it is needed: ready-made, every variant would be as long as all its files.
    pub fn source(self, variant: Variant) -> String {
        let (enable, product) = if self.is_product() { product_files(variant.division) } else { ("", &[][..]) };
        [&[enable, include_str!("prelude.wgsl")], self.files(), product].concat().concat()
    }

    /// The same for naga, which knows subgroups but not the word for them.
    pub fn source_for_naga(self, variant: Variant) -> String {
        self.source(variant).replacen("enable subgroups;\n", "", 1)
    }

    fn is_product(self) -> bool {
        matches!(self, Kernel::Dense | Kernel::DenseWeightGradient | Kernel::DenseInputGradient)
    }

    /// The constants that it is compiled with.
    pub fn constants(self, variant: Variant) -> Vec<(&'static str, f64)> {
        let aligned = ("ALIGNED", f64::from(u8::from(variant.aligned)));
        match self {
            Kernel::Gather => vec![aligned],
            product if product.is_product() => [&[aligned], variant.division.constants()].concat(),
            _ => Vec::new(),
        }
    }

    /// How many buffers it only reads, and how many it also writes; those come last.
    fn buffers(self) -> (u32, u32) {
        match self {
            Kernel::Clear => (0, 1),
            Kernel::Gather | Kernel::GatherAugmented | Kernel::SoftmaxLoss | Kernel::NormalizeGradient => (2, 2),
            Kernel::Dense | Kernel::DenseWeightGradient | Kernel::Normalize => (2, 1),
            Kernel::DenseInputGradient => (3, 1),
            Kernel::Activate
            | Kernel::Softmax
            | Kernel::Chain
            | Kernel::Dropout
            | Kernel::MovingStatistics
            | Kernel::L2Gradient => (1, 1),
            Kernel::BatchStatistics => (1, 2),
            Kernel::Update => (1, 3),
        }
    }

    /// Its bindings on a device.
    pub(super) fn on_device(self, device: &wgpu::Device) -> Compiled {
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
        Compiled { bindings, layout, pipelines: [const { None }; Variant::ALL.len()] }
    }

    /// Compiles it. In a browser this begins in another process, and whoever uses the pipeline first waits there.
    pub(super) fn compile(self, variant: Variant, device: &wgpu::Device, layout: &wgpu::PipelineLayout) -> wgpu::ComputePipeline {
        let source = if cfg!(target_arch = "wasm32") { self.source(variant) } else { self.source_for_naga(variant) };
        let module = device.create_shader_module(wgpu::ShaderModuleDescriptor {
            label: Some(self.name()),
            source: wgpu::ShaderSource::Wgsl(source.into()),
        });
        device.create_compute_pipeline(&wgpu::ComputePipelineDescriptor {
            label: Some(self.name()),
            layout: Some(layout),
            module: &module,
            entry_point: Some("main"),
            compilation_options: wgpu::PipelineCompilationOptions {
                constants: &self.constants(variant),
                // Every kernel writes what it reads there.
                zero_initialize_workgroup_memory: false,
            },
            cache: None,
        })
    }
}

/// A kernel on a device.
pub(super) struct Compiled {
    pub bindings: wgpu::BindGroupLayout,
    pub layout: wgpu::PipelineLayout,
    /// By [`Variant::number`], each compiled when it is first used.
    pub pipelines: [Option<wgpu::ComputePipeline>; Variant::ALL.len()],
}
