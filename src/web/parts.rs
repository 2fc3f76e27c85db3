//! The site's large files in the browser's cache: whole ones, and what has come of one whose download was interrupted.

use crate::download::Partial;
use js_sys::{Array, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, Cache, CacheStorage, Headers, Response, ResponseInit};

/// The length of the whole file, beside the ETag of a part.
const TOTAL: &str = "x-total";

type Kept<T> = Result<T, JsValue>;

/// The cache of that name.
///
/// Errors where the browser has none: on plain http, and in some private windows.
pub async fn open(name: &str) -> Kept<Cache> {
    let storage: CacheStorage = Reflect::get(&js_sys::global(), &"caches".into())?.dyn_into()?;
    JsFuture::from(storage.open(name)).await?.dyn_into()
}

/// The whole file.
///
/// Errors when it is not there.
pub async fn whole(cache: &Cache, url: &str) -> Kept<Blob> {
    blob(&find(cache, url).await?).await
}

/// Keeps the whole file, in place of the part that had come.
///
/// Errors when there is no room.
pub async fn keep_whole(cache: &Cache, url: &str, file: &Blob) -> Kept<()> {
    JsFuture::from(cache.delete_with_str(&part_of(url))).await?;
    let copy = Response::new_with_opt_blob(Some(file))?;
    JsFuture::from(cache.put_with_str(url, &copy)).await.map(|_| ())
}

/// Keeps a part.
///
/// Errors when there is no room.
pub async fn keep(cache: &Cache, url: &str, part: &Partial, pieces: &Array) -> Kept<()> {
    // Without a strong ETag nobody could go on with it.
    let Some((_, tag)) = part.rest() else { return Ok(()) };
    let headers = Headers::new()?;
    headers.set("etag", tag)?;
    if let Some(total) = part.total() {
        headers.set(TOTAL, &total.to_string())?;
    }
    let init = ResponseInit::new();
    init.set_headers(&headers);
    let copy = Response::new_with_opt_blob_and_init(Some(&Blob::new_with_u8_array_sequence(pieces)?), &init)?;
    JsFuture::from(cache.put_with_str(&part_of(url), &copy)).await.map(|_| ())
}

/// The part that was kept, as one piece.
///
/// Errors when there is none.
pub async fn recall(cache: &Cache, url: &str) -> Kept<(Partial, Array)> {
    let kept = find(cache, &part_of(url)).await?;
    let header = |name: &str| Ok::<_, JsValue>(kept.headers().get(name)?.unwrap_or_default());
    let (tag, total) = (header("etag")?, header(TOTAL)?.parse().ok());
    let part = blob(&kept).await?;
    Ok((Partial::kept(url, part.size() as u64, total, &tag), Array::of1(&part)))
}

fn part_of(url: &str) -> String {
    format!("{url}?part")
}

async fn find(cache: &Cache, address: &str) -> Kept<Response> {
    JsFuture::from(cache.match_with_str(address)).await?.dyn_into()
}

async fn blob(response: &Response) -> Kept<Blob> {
    JsFuture::from(response.blob()?).await?.dyn_into()
}
