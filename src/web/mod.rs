//! Everything that knows JavaScript: the worker that trains, the page's handle to it, the library that other pages import,
//! and the page itself.

mod adapter;
mod client;
#[cfg(any(feature = "engine", feature = "gpu-engine"))]
mod data;
#[cfg(any(feature = "page", feature = "lessons"))]
pub mod dom;
#[cfg(any(feature = "page", feature = "lessons"))]
#[cfg_attr(not(feature = "page"), expect(dead_code, reason = "lessons fetch small files only, and wait for them in silence"))]
mod download;
#[cfg(any(feature = "page", feature = "lessons"))]
pub mod fetch;
#[cfg(feature = "engine")]
mod group;
#[cfg(any(feature = "engine", feature = "gpu-engine", feature = "page"))]
mod gzip;
#[cfg(any(feature = "page", feature = "lessons"))]
pub mod l10n;
#[cfg(feature = "lessons")]
pub mod lessons;
mod mailbox;
pub mod message;
#[cfg(feature = "library")]
mod network;
#[cfg(feature = "library")]
mod options;
#[cfg(feature = "page")]
pub mod page;
#[cfg(any(feature = "page", feature = "lessons"))]
#[cfg_attr(not(feature = "page"), expect(dead_code, reason = "only the page fetches large files"))]
mod parts;
#[cfg(feature = "page")]
mod store;
#[cfg(feature = "engine")]
mod team;
#[cfg(any(feature = "engine", feature = "gpu-engine"))]
mod worker;
mod workers;

pub use client::{Client, News, Wish};
pub use workers::{why_alone, workers_for};

use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

#[wasm_bindgen]
extern "C" {
    /// JavaScript's own way to say a value. Rust's `{:?}` would bring the formatting of floats along, 20 kB.
    #[wasm_bindgen(catch, js_name = String)]
    fn said(value: &JsValue) -> Result<String, JsValue>;
}

/// What JavaScript says went wrong, or any other value in words.
pub fn describe(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => {
            // JSON has no NaN and no infinity.
            let number = error.as_f64().and_then(|_| said(error).ok());
            let text =
                error.as_string().or(number).or_else(|| js_sys::JSON::stringify(error).ok().and_then(|json| json.as_string()));
            text.or_else(|| said(error).ok()).unwrap_or_default()
        }
    }
}
