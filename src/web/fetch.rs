//! Fetches the site's own small files, without which nothing goes on: a few tries, and then an error.

use super::describe;
use super::download::{Bell, Wish, download};
use crate::{Error, Result};
use js_sys::Uint8Array;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::Blob;

/// 15 seconds at most, if every try fails at once.
const PATIENCE: u32 = 4;

/// A file of the site as text, `path` relative to the page.
///
/// Errors when it can't be had or is none.
pub async fn fetch_text(path: &str) -> Result<String> {
    let wish = Wish { url: path, cache: None, is_second: false, patience: Some(PATIENCE) };
    let blob = download(&wish, &Bell::default(), |_| {}).await?;
    String::from_utf8(bytes(&blob, path).await?)
        .map_err(|error| Error::Malformed { what: path.into(), reason: error.to_string() })
}

/// What is in the blob; `what` names it in errors.
///
/// Errors when the browser can't read it.
pub async fn bytes(blob: &Blob, what: &str) -> Result<Vec<u8>> {
    let failed = |error: JsValue| Error::Fetch { what: what.into(), reason: describe(&error) };
    let buffer = JsFuture::from(blob.array_buffer()).await.map_err(failed)?;
    Ok(Uint8Array::new(&buffer).to_vec())
}
