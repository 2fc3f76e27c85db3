//! A person's own files over visits, in the browser's cache, where it has one. What was kept and is no data set any more is left
//! out.

use super::data::Action;
use super::{Message, Page};
use crate::data::own::Own;
use crate::web::parts;
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{Headers, Response, ResponseInit};

/// Raise it when what is kept changes.
const CACHE: &str = "inkling-own-1";
/// No address of the site.
const ADDRESS: &str = "./own-files";
/// Sizes and names, beside the images.
const SETTING: &str = "x-inkling-data";
const SIZES: &str = "x-inkling-images";
const NAMES: &str = "x-inkling-names";

type Kept<T> = Result<T, JsValue>;

/// Keeps the files in place of those before; `refused` hears that the browser does not.
pub fn keep(own: &Own, names: &str, refused: impl FnOnce() + 'static) {
    let (bytes, setting) = (own.to_bytes(), own.origin().to_string());
    let sizes = format!("{} {}", own.training.len(), own.test.len());
    // A header holds ASCII only.
    let names = String::from(js_sys::encode_uri_component(names));
    spawn_local(async move {
        let kept = async {
            let headers = Headers::new()?;
            for (name, value) in [(SETTING, &setting), (SIZES, &sizes), (NAMES, &names)] {
                headers.set(name, value)?;
            }
            let init = ResponseInit::new();
            init.set_headers(&headers);
            let response = Response::new_with_opt_js_u8_array_and_init(Some(&Uint8Array::from(bytes.as_slice())), &init)?;
            JsFuture::from(parts::open(CACHE).await?.put_with_str(ADDRESS, &response)).await
        };
        if kept.await.is_err() {
            refused();
        }
    });
}

/// Fetches what an earlier visit kept, if it did.
pub fn recall(page: &Page) {
    let page = page.clone();
    spawn_local(async move {
        if let Ok(Some((own, names))) = kept().await {
            page.send(Message::Data(Action::Kept(own, names)));
        }
    });
}

async fn kept() -> Kept<Option<(Own, String)>> {
    let found = JsFuture::from(parts::open(CACHE).await?.match_with_str(ADDRESS)).await?;
    let Ok(response) = found.dyn_into::<Response>() else { return Ok(None) };
    let header = |name: &str| Ok::<_, JsValue>(response.headers().get(name)?.unwrap_or_default());
    let (setting, sizes) = (header(SETTING)?, header(SIZES)?);
    let names = js_sys::decode_uri_component(&header(NAMES)?)?;
    let bytes = Uint8Array::new(&JsFuture::from(response.array_buffer()?).await?).to_vec();
    Ok(Own::from_kept(&setting, &sizes, &bytes).map(|own| (own, names.into())))
}
