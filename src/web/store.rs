//! Bytes by name that outlive the page, in IndexedDB: the one store that browsers have on plain http as well, which holds more than a
//! few megabytes and writes all of a value or nothing of it.

use super::describe;
use crate::{Error, Result};
use js_sys::{Promise, Uint8Array};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{IdbDatabase, IdbObjectStore, IdbRequest, IdbTransaction, IdbTransactionMode};

const DATABASE: &str = "inkling";
const STORE: &str = "kept";

/// Keeps `bytes` in place of what had that name.
///
/// Errors when the browser has no store, or no room left.
pub async fn put(name: &str, bytes: &[u8]) -> Result<()> {
    let value = Uint8Array::from(bytes);
    change(|store| store.put_with_key(&value, &name.into())).await
}

/// Forgets what has that name.
///
/// Errors when the browser has no store.
pub async fn delete(name: &str) -> Result<()> {
    change(|store| store.delete(&name.into())).await
}

/// What has that name.
///
/// Errors when the browser has no store.
pub async fn get(name: &str) -> Result<Option<Vec<u8>>> {
    let value = read(|store| store.get(&name.into())).await?;
    Ok(value.dyn_into::<Uint8Array>().ok().map(|bytes| bytes.to_vec()))
}

/// All names that begin so.
///
/// Errors when the browser has no store.
pub async fn names(beginning: &str) -> Result<Vec<String>> {
    let keys: js_sys::Array = read(|store| store.get_all_keys()).await?.unchecked_into();
    Ok(keys.iter().filter_map(|key| key.as_string()).filter(|key| key.starts_with(beginning)).collect())
}

type Asked = std::result::Result<IdbRequest, JsValue>;

async fn read(ask: impl FnOnce(&IdbObjectStore) -> Asked) -> Result<JsValue> {
    let database = open().await?;
    let value = async {
        let transaction = database.transaction_with_str(STORE)?;
        answer(&ask(&transaction.object_store(STORE)?)?).await
    };
    let value = value.await;
    database.close();
    value.map_err(failed)
}

async fn change(ask: impl FnOnce(&IdbObjectStore) -> Asked) -> Result<()> {
    let database = open().await?;
    let done = async {
        let transaction = database.transaction_with_str_and_mode(STORE, IdbTransactionMode::Readwrite)?;
        ask(&transaction.object_store(STORE)?)?;
        end(&transaction).await
    };
    let done = done.await;
    database.close();
    done.map_err(failed)
}

async fn open() -> Result<IdbDatabase> {
    let opened = async {
        let none = || JsValue::from("this browser has no IndexedDB");
        let factory = super::dom::window().indexed_db()?.ok_or_else(none)?;
        let request = factory.open_with_u32(DATABASE, 1)?;
        let asked = request.clone();
        let create = Closure::once_into_js(move || {
            if let Some(database) = asked.result().ok().and_then(|result| result.dyn_into::<IdbDatabase>().ok()) {
                let _ = database.create_object_store(STORE);
            }
        });
        request.set_onupgradeneeded(Some(create.unchecked_ref()));
        answer(&request).await?.dyn_into()
    };
    opened.await.map_err(failed)
}

/// The request's result, when it is there.
async fn answer(request: &IdbRequest) -> std::result::Result<JsValue, JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        request.set_onsuccess(Some(&resolve));
        request.set_onerror(Some(&reject));
    });
    match JsFuture::from(promise).await {
        Ok(_) => request.result(),
        Err(event) => Err(request.error().ok().flatten().map_or(event, JsValue::from)),
    }
}

/// Waits until all of it is written.
async fn end(transaction: &IdbTransaction) -> std::result::Result<(), JsValue> {
    let promise = Promise::new(&mut |resolve, reject| {
        transaction.set_oncomplete(Some(&resolve));
        transaction.set_onabort(Some(&reject));
    });
    match JsFuture::from(promise).await {
        Ok(_) => Ok(()),
        Err(event) => Err(transaction.error().map_or(event, JsValue::from)),
    }
}

fn failed(error: JsValue) -> Error {
    Error::State { reason: describe(&error) }
}
