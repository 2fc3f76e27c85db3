//! The shaders that not every adapter can run, through the browser's own WGSL compiler, which is stricter than naga in places,
//! such as where subgroups may be used.

use inkling::backend::gpu::{Kernel, Variant};
use inkling_e2e::{Gpu, Page, Setup, drive};
use serde_json::{Map, Value, json};

/// What is wrong with each shader, null for those that need what the adapter lacks; null if there is no adapter.
const COMPILE: &str = "
    const shaders = arguments[0];
    return (async () => {
        const adapter = await navigator.gpu?.requestAdapter();
        if (!adapter) return null;
        const has = (feature) => adapter.features.has(feature);
        const device = await adapter.requestDevice({ requiredFeatures: ['subgroups', 'shader-f16'].filter(has) });
        const compile = async ({ needs, code, constants }) => {
            if (!has(needs)) return null;
            const module = device.createShaderModule({ code });
            const compute = { module, entryPoint: 'main', constants };
            const pipeline = device.createComputePipelineAsync({ layout: 'auto', compute });
            return pipeline.then(() => '', (error) => error.message);
        };
        return Promise.all(shaders.map(compile));
    })();";

/// What a shader's first line says that it needs, and what WebGPU calls it.
const NEEDS: [(&str, &str); 2] = [("enable subgroups;", "subgroups"), ("enable f16;", "shader-f16")];

/// Such shaders, in every variant.
fn shaders() -> Vec<Value> {
    let mut shaders = Vec::new();
    for (kernel, variant) in Kernel::ALL.into_iter().flat_map(|kernel| Variant::ALL.map(|variant| (kernel, variant))) {
        let code = kernel.source(variant);
        if let Some((_, needs)) = NEEDS.iter().find(|(line, _)| code.starts_with(line)) {
            let constants: Map<String, Value> =
                kernel.constants(variant).into_iter().map(|(name, value)| (name.into(), json!(value))).collect();
            let name = format!("{}, {variant:?}", kernel.name());
            shaders.push(json!({ "name": name, "needs": needs, "code": code, "constants": constants }));
        }
    }
    shaders
}

#[test]
fn the_browser_compiles_what_not_every_adapter_can() {
    drive(Setup { gpu: Gpu::Any, ..Setup::default() }, async |browser| {
        Page::open(browser, "?backend=cpu&lang=en").await;
        let shaders = shaders();
        assert!(NEEDS.iter().all(|(_, feature)| shaders.iter().any(|shader| shader["needs"] == *feature)));
        let said = browser.run(COMPILE, vec![json!(shaders)]).await;
        let Some(said) = said.as_array() else {
            assert!(std::env::var_os("INKLING_REQUIRE_GPU").is_none(), "there is no adapter");
            return println!("SKIPPED: this browser has no WebGPU adapter.");
        };
        assert_eq!(said.len(), shaders.len());
        for (shader, wrong) in shaders.iter().zip(said) {
            match wrong.as_str() {
                Some(wrong) => assert_eq!(wrong, "", "{}", shader["name"]),
                None => println!("SKIPPED {}: the adapter has no {}.", shader["name"], shader["needs"]),
            }
        }
    });
}
