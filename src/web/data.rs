//! Fetches the data set: four gzip-compressed IDX files beside the page, kept in the browser's cache for next time.

use super::{describe, gzip};
use crate::data::{Dataset, idx};
use crate::train::Data;
use crate::{Error, Result};
use js_sys::{Array, Reflect, Uint8Array};
use std::sync::Arc;
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, CacheStorage, ReadableStreamDefaultReader, Response};

/// Images before labels, training before test.
const FILES: [&str; 4] =
    ["train-images-idx3-ubyte", "train-labels-idx1-ubyte", "t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
/// Digits.
const CLASSES: usize = 10;
/// Raise it when the files change.
const CACHE: &str = "inkling-data-1";

#[wasm_bindgen]
extern "C" {
    /// The same in a page and in a worker.
    #[wasm_bindgen(js_name = fetch)]
    fn global_fetch(url: &str) -> js_sys::Promise;
}

/// The data set in the folder `base` (which ends with a slash); `progress` hears bytes loaded and bytes in all.
///
/// Errors when a file can't be fetched or is not what it should be.
pub async fn load(base: &str, mut progress: impl FnMut(u64, u64)) -> Result<Data> {
    let cache = open_cache().await;
    let mut responses = Vec::new();
    for file in FILES {
        let url = format!("{base}{file}.gz");
        responses.push(respond(cache.as_ref(), &url).await.map_err(|error| failed(file, &error))?);
    }
    let total = responses.iter().map(|r| r.bytes).sum();
    let mut loaded = 0;
    let mut files = Vec::new();
    for (file, response) in FILES.into_iter().zip(&responses) {
        let bytes = read(cache.as_ref(), response, |bytes| {
            loaded += bytes;
            // A server that compresses once more reports another length than it sends.
            progress(loaded.min(total), total);
        });
        files.push(bytes.await.map_err(|error| failed(file, &error))?);
    }
    let mut files = files.into_iter();
    let mut set = || -> Result<Arc<Dataset>> {
        let (images, labels) = (files.next().unwrap_or_default(), files.next().unwrap_or_default());
        idx::dataset(images, labels, CLASSES).map(Arc::new)
    };
    Ok(Data { training: set()?, test: set()? })
}

fn failed(file: &str, error: &JsValue) -> Error {
    Error::Fetch { what: format!("the data file {file}.gz"), reason: describe(error) }
}

struct Found {
    url: String,
    response: Response,
    bytes: u64,
    cached: bool,
}

/// The cache, where the browser has one: not on plain http, nor in some private windows.
async fn open_cache() -> Option<Cache> {
    let storage: CacheStorage = Reflect::get(&js_sys::global(), &"caches".into()).ok()?.dyn_into().ok()?;
    JsFuture::from(storage.open(CACHE)).await.ok()?.dyn_into().ok()
}

async fn respond(cache: Option<&Cache>, url: &str) -> std::result::Result<Found, JsValue> {
    if let Some(cache) = cache
        && let Ok(found) = JsFuture::from(cache.match_with_str(url)).await
        && let Ok(response) = found.dyn_into::<Response>()
    {
        let bytes = length(&response);
        return Ok(Found { url: url.into(), response, bytes, cached: true });
    }
    let response: Response = JsFuture::from(global_fetch(url)).await?.dyn_into()?;
    if !response.ok() {
        return Err(format!("the server answered {} {}", response.status(), response.status_text()).into());
    }
    let bytes = length(&response);
    Ok(Found { url: url.into(), response, bytes, cached: false })
}

fn length(response: &Response) -> u64 {
    response.headers().get("content-length").ok().flatten().and_then(|length| length.parse().ok()).unwrap_or(0)
}

/// The decompressed bytes; puts what was fetched into the cache.
async fn read(cache: Option<&Cache>, found: &Found, mut progress: impl FnMut(u64)) -> std::result::Result<Vec<u8>, JsValue> {
    let body = found.response.body().ok_or("the answer is empty")?;
    let reader: ReadableStreamDefaultReader = body.get_reader().dyn_into()?;
    let chunks = Array::new();
    loop {
        let result = JsFuture::from(reader.read()).await?;
        if Reflect::get(&result, &"done".into())?.is_truthy() {
            break;
        }
        let chunk: Uint8Array = Reflect::get(&result, &"value".into())?.dyn_into()?;
        progress(u64::from(chunk.length()));
        chunks.push(&chunk);
    }
    let blob = Blob::new_with_u8_array_sequence(&chunks)?;
    let first = chunks.get(0).dyn_into::<Uint8Array>().map(|chunk| (chunk.get_index(0), chunk.get_index(1)));
    // A server may have declared the file as compressed content: then the browser has unpacked it already.
    let stream = if first == Ok(gzip::MAGIC.into()) { gzip::unpacked(&blob)? } else { blob.stream() };
    let bytes = JsFuture::from(Response::new_with_opt_readable_stream(Some(&stream))?.array_buffer()?).await?;
    if let (Some(cache), false) = (cache, found.cached) {
        let headers = web_sys::Headers::new()?;
        headers.set("content-length", &(blob.size() as u64).to_string())?;
        let init = web_sys::ResponseInit::new();
        init.set_headers(&headers);
        let copy = Response::new_with_opt_blob_and_init(Some(&blob), &init)?;
        // A full disk or a private window: the data is here, only next time it is fetched again.
        let _ = JsFuture::from(cache.put_with_str(&found.url, &copy)).await;
    }
    Ok(Uint8Array::new(&bytes).to_vec())
}
