//! Everything that knows JavaScript: the worker that trains, the page's handle to it, the library that other pages import,
//! and the page itself.

mod client;
#[cfg(feature = "engine")]
mod data;
#[cfg(feature = "engine")]
mod group;
#[cfg(feature = "engine")]
mod mailbox;
pub mod message;
#[cfg(feature = "engine")]
mod network;
#[cfg(feature = "engine")]
mod options;
pub mod page;
#[cfg(feature = "engine")]
mod team;
#[cfg(feature = "engine")]
mod worker;

pub use client::{Client, workers_for};

use wasm_bindgen::{JsCast, JsValue};

/// What JavaScript says went wrong, or any other value in words.
pub fn describe(error: &JsValue) -> String {
    match error.dyn_ref::<js_sys::Error>() {
        Some(error) => String::from(error.message()),
        None => {
            let text = error.as_string().or_else(|| js_sys::JSON::stringify(error).ok().and_then(|json| json.as_string()));
            text.unwrap_or_else(|| format!("{error:?}"))
        }
    }
}
