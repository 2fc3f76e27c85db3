//! The WebGPU backend in a dedicated worker of a real browser: `wasm-pack test --headless --chrome`.
#![cfg(target_arch = "wasm32")]

use inkling::backend::gpu::self_test;
use inkling::backend::{Backend, BackendKind, Gpu};
use inkling::error::GpuReason;
use inkling::{Error, Result};
use wasm_bindgen_test::{console_log, wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

/// The device. Tests compiled with INKLING_EXPECT_WEBGPU=1 fail without one, with 0 they fail with one; with neither, a line
/// says that the test was skipped.
async fn gpu(test: &str) -> Option<Gpu> {
    let expected = option_env!("INKLING_EXPECT_WEBGPU");
    match Gpu::new(|| 0.0).await {
        Ok(_) if expected == Some("0") => panic!("there should be no WebGPU here"),
        Ok(gpu) => Some(gpu),
        Err(why) if expected == Some("1") => panic!("WebGPU is expected, but: {why}"),
        Err(why) => {
            assert!(matches!(why, Error::NoGpu { reason: GpuReason::NoAdapter | GpuReason::NoDevice(_) }), "{why:?}");
            console_log!("without WebGPU there is nothing to compute on in {test}: {why}");
            None
        }
    }
}

#[wasm_bindgen_test]
async fn webgpu_computes_what_the_cpu_computes() {
    let Some(mut gpu) = gpu("webgpu_computes_what_the_cpu_computes").await else { return };
    console_log!("{}, software: {}", gpu.adapter_name(), gpu.is_software());
    assert_eq!(gpu.info().kind, BackendKind::WebGpu);
    assert!(!gpu.adapter_name().is_empty());
    assert_eq!(self_test(&mut gpu).await, Ok(()));
}

#[wasm_bindgen_test]
async fn what_goes_wrong_on_the_device_comes_back_from_the_next_read() {
    let Some(mut gpu) = gpu("what_goes_wrong_on_the_device_comes_back_from_the_next_read").await else { return };
    let fine = gpu.zeros(1);
    assert_eq!(gpu.read(&fine, 1).await, Ok(vec![0.0]));
    // 8 GiB: more than a browser lends.
    let _too_large = gpu.zeros(1 << 31);
    let result: Result<Vec<f32>> = gpu.read(&fine, 1).await;
    assert!(matches!(result, Err(Error::Device { .. })), "{result:?}");
}
