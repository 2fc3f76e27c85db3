//! Fetches the site's own files.

use super::{describe, dom};
use crate::{Error, Result};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Response;

/// A file of the site, `path` relative to the page.
///
/// Errors when it can't be had.
pub async fn fetch(path: &str) -> Result<Vec<u8>> {
    let failed = |reason: String| Error::Fetch { what: path.into(), reason };
    let js = |error: JsValue| failed(describe(&error));
    let response: Response = JsFuture::from(dom::window().fetch_with_str(path)).await.map_err(js)?.unchecked_into();
    if !response.ok() {
        return Err(failed(format!("HTTP {}", response.status())));
    }
    let buffer = JsFuture::from(response.array_buffer().map_err(js)?).await.map_err(js)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}

/// The same as text.
///
/// Errors when it can't be had or is none.
pub async fn fetch_text(path: &str) -> Result<String> {
    let bytes = fetch(path).await?;
    String::from_utf8(bytes).map_err(|error| Error::Malformed { what: path.into(), reason: error.to_string() })
}
