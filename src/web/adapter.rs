//! The WebGPU adapter as the browser describes it. Asking for it opens no device and loads nothing.

use super::workers::global;
use crate::error::GpuReason;
use js_sys::{Object, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;

#[wasm_bindgen]
extern "C" {
    /// `navigator.gpu`, which web-sys has only behind its flag for unstable interfaces.
    type Gpu;
    #[wasm_bindgen(method, catch, js_name = requestAdapter)]
    fn request_adapter(this: &Gpu, options: &Object) -> Result<Promise, JsValue>;
}

/// The name of the adapter that WebGPU would compute on, for example `nvidia ada`.
///
/// Errors with the reason why there is none.
pub async fn name() -> Result<String, GpuReason> {
    if !global(&["isSecureContext"]).is_truthy() {
        return Err(GpuReason::InsecurePage);
    }
    let gpu = global(&["navigator", "gpu"]);
    if !gpu.is_truthy() {
        return Err(GpuReason::NoApi);
    }
    // The same that the worker will ask for.
    let options = Object::new();
    let _ = Reflect::set(&options, &"powerPreference".into(), &"high-performance".into());
    let asked = gpu.unchecked_into::<Gpu>().request_adapter(&options).map(JsFuture::from);
    let adapter = match asked {
        Ok(answer) => answer.await.unwrap_or(JsValue::NULL),
        Err(_) => JsValue::NULL,
    };
    if !adapter.is_truthy() {
        return Err(GpuReason::NoAdapter);
    }
    let info = Reflect::get(&adapter, &"info".into()).unwrap_or(JsValue::UNDEFINED);
    let get = |name: &str| Reflect::get(&info, &name.into()).ok().and_then(|text| text.as_string()).unwrap_or_default();
    // Browsers often keep the description to themselves.
    let told = [get("description"), format!("{} {}", get("vendor"), get("architecture"))];
    Ok(told.iter().map(|text| text.trim()).find(|text| !text.is_empty()).unwrap_or("WebGPU").into())
}
