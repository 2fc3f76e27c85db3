//! Every shader through naga, the WGSL compiler of wgpu and Firefox, without a device: parsed, its constants set, validated.
#![cfg(not(target_arch = "wasm32"))]

use inkling::backend::gpu::{Kernel, Variant};
use naga::back::pipeline_constants::process_overrides;
use naga::valid::{Capabilities, ValidationFlags, Validator};
use std::path::Path;

/// No capability beyond what WebGPU always has, and what the variant's division says that it needs.
fn validator(variant: Variant) -> Validator {
    let needs = variant.division.needs();
    let mut capabilities = Capabilities::empty();
    capabilities.set(Capabilities::SUBGROUP, needs.contains(wgpu::Features::SUBGROUP));
    capabilities.set(Capabilities::SHADER_FLOAT16, needs.contains(wgpu::Features::SHADER_F16));
    Validator::new(ValidationFlags::all(), capabilities)
}

#[test]
fn every_shader_is_valid_in_every_variant() {
    for (kernel, variant) in variants() {
        let (name, source) = (kernel.name(), kernel.source_for_naga(variant));
        let module =
            naga::front::wgsl::parse_str(&source).unwrap_or_else(|why| panic!("{name}: {}", why.emit_to_string(&source)));
        let info = validator(variant).validate(&module).unwrap_or_else(|why| panic!("{name}: {}", why.emit_to_string(&source)));
        let constants = kernel.constants(variant);
        let mut values = naga::back::PipelineConstants::default();
        values.extend(constants.iter().map(|&(name, value)| (name.to_string(), value)));
        let (module, _) =
            process_overrides(&module, &info, None, &values).unwrap_or_else(|why| panic!("{name}, {variant:?}: {why}"));
        validator(variant).validate(&module).unwrap_or_else(|why| panic!("{name}, {variant:?}: {why:?}"));
        within_webgpus_limits(&module, &format!("{name}, {variant:?}"));
    }
}

fn variants() -> impl Iterator<Item = (Kernel, Variant)> {
    Kernel::ALL.into_iter().flat_map(|kernel| Variant::ALL.map(|variant| (kernel, variant)))
}

/// WebGPU's default limits: 256 invocations in a workgroup, and 16 KiB of its memory.
fn within_webgpus_limits(module: &naga::Module, what: &str) {
    let entry = &module.entry_points[0];
    let invocations: u32 = entry.workgroup_size.iter().product();
    assert!((1..=256).contains(&invocations), "{what}: {invocations} invocations");
    let mut layouter = naga::proc::Layouter::default();
    layouter.update(module.to_ctx()).unwrap_or_else(|why| panic!("{what}: {why}"));
    let workgroup = module.global_variables.iter().filter(|(_, v)| v.space == naga::AddressSpace::WorkGroup);
    let bytes: u32 = workgroup.map(|(_, v)| layouter[v.ty].size).sum();
    assert!(bytes <= 16384, "{what}: {bytes} bytes of workgroup memory");
}

/// At most four storage buffers a stage: old devices have no more.
#[test]
fn no_shader_binds_more_than_four_storage_buffers() {
    for (kernel, variant) in variants() {
        let buffers = kernel.source(variant).matches("var<storage").count();
        assert!((1..=4).contains(&buffers), "{}: {buffers}", kernel.name());
    }
}

#[test]
fn every_wgsl_file_is_part_of_a_shader() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/backend/gpu");
    let files = std::fs::read_dir(folder).expect("the folder is there").map(|entry| entry.expect("readable").path());
    let mut count = 0;
    for file in files.filter(|file| file.extension().is_some_and(|extension| extension == "wgsl")) {
        let text = std::fs::read_to_string(&file).expect("readable");
        assert!(variants().any(|(kernel, variant)| kernel.source(variant).contains(&text)), "{} is in no shader", file.display());
        count += 1;
    }
    assert!(count >= Kernel::ALL.len());
}

/// A kernel's first line says what one invocation computes.
#[test]
fn every_shader_begins_by_saying_what_one_invocation_does() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/backend/gpu");
    for kernel in Kernel::ALL {
        let file = folder.join(format!("{}.wgsl", kernel.name()));
        let text = std::fs::read_to_string(&file).unwrap_or_else(|why| panic!("{}: {why}", file.display()));
        assert!(text.starts_with("// One invocation "), "{}", file.display());
    }
}
