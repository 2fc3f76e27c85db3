//! Downloads the site's own files over lines that break: `crate::download` has the rules, here the browser asks, reads and waits.

use super::{describe, dom, parts};
use crate::download::{Head, Meaning, Partial, Trouble, pause};
use crate::{Error, Result};
use js_sys::{Array, Function, Promise, Reflect, Uint8Array};
use std::cell::RefCell;
use std::rc::Rc;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{
    AbortController, Blob, Cache, Headers, ReadableStreamDefaultReader, RequestCache, RequestInit, RequestRedirect, Response,
};

/// So many milliseconds without a byte count as a broken line: longer than a crowded network keeps anybody waiting.
const STALLED: i32 = 20_000;
/// What has come is kept whenever it is so many bytes more.
const KEPT_EVERY: u64 = 2_000_000;

/// What is to be had, and how.
pub struct Wish<'a> {
    pub url: &'a str,
    /// Where to keep what has come, so that a reload does not lose it.
    pub cache: Option<&'a Cache>,
    /// The file that came the last time was damaged: neither it nor a part of it is used.
    pub is_second: bool,
    /// After how many failures in a row nobody waits any longer; `None` for never.
    pub patience: Option<u32>,
}

/// How a download is getting on.
pub enum Happening {
    /// Bytes that are here, and in all if that is known.
    Came { received: u64, total: Option<u64> },
    /// It waits for this reason, and will then try again.
    Waits(Trouble),
}

/// Has downloads that wait go on at once. Clones are the same bell.
#[derive(Clone, Default)]
pub struct Bell(Rc<RefCell<Vec<Function>>>);

impl Bell {
    /// Ends the pauses.
    pub fn ring(&self) {
        for go_on in self.0.take() {
            let _ = go_on.call0(&JsValue::NULL);
        }
    }

    /// Waits so many failures' pause, or until it is rung.
    pub async fn wait(&self, failures: u32) {
        let seconds = pause(failures, js_sys::Math::random());
        let mut waiting = None;
        let rings = Promise::new(&mut |go_on, _| {
            self.0.borrow_mut().push(go_on.clone());
            waiting = Some((Timer::start(&go_on, (seconds * 1000.0) as i32), go_on));
        });
        let _ = JsFuture::from(rings).await;
        self.0.borrow_mut().retain(|other| waiting.as_ref().is_none_or(|(_, go_on)| go_on != other));
    }
}

/// A timer that ends when it is dropped.
struct Timer(i32);

impl Timer {
    fn start(then: &Function, milliseconds: i32) -> Timer {
        let started = dom::window().set_timeout_with_callback_and_timeout_and_arguments_0(then, milliseconds);
        Timer(started.unwrap_or_default())
    }
}

impl Drop for Timer {
    fn drop(&mut self) {
        dom::window().clear_timeout_with_handle(self.0);
    }
}

/// The file; `tell` hears how it is getting on.
///
/// Errors when the server does not have it, has it damaged, or patience has ended.
pub async fn download(wish: &Wish<'_>, bell: &Bell, mut tell: impl FnMut(Happening)) -> Result<Blob> {
    let kept = match wish.cache {
        Some(cache) if !wish.is_second => parts::recall(cache, wish.url).await.ok(),
        _ => None,
    };
    let (mut partial, pieces) = kept.unwrap_or_else(|| (Partial::new(wish.url), Array::new()));
    let mut failures = 0;
    loop {
        let before = partial.received();
        let Some(trouble) = attempt(wish, &mut partial, &pieces, &mut tell).await? else {
            return Blob::new_with_u8_array_sequence(&pieces)
                .map_err(|error| Error::Fetch { what: wish.url.into(), reason: describe(&error) });
        };
        failures = if partial.received() > before { 1 } else { failures + 1 };
        if wish.patience.is_some_and(|most| failures > most) {
            return Err(Error::Fetch { what: wish.url.into(), reason: trouble.to_string() });
        }
        keep(wish, &partial, &pieces).await;
        tell(Happening::Waits(trouble));
        bell.wait(failures).await;
    }
}

/// One request, and its answer; `None` once the file is whole.
async fn attempt(
    wish: &Wish<'_>,
    partial: &mut Partial,
    pieces: &Array,
    tell: &mut impl FnMut(Happening),
) -> Result<Option<Trouble>> {
    let failed = |error: JsValue| Error::Fetch { what: wish.url.into(), reason: describe(&error) };
    let line = Line(AbortController::new().map_err(failed)?);
    let init = request(wish, partial, &line).map_err(failed)?;
    let response: Response = match within(dom::window().fetch_with_str_and_init(wish.url, &init)).await {
        Ok(response) => response.unchecked_into(),
        Err(trouble) => return Ok(Some(trouble)),
    };
    match partial.hear(&head(&response), wish.url.ends_with(".html"))? {
        Meaning::Whole => pieces.set_length(0),
        Meaning::Rest => {}
        Meaning::Wait(trouble) => return Ok(Some(trouble)),
    }
    let trouble = read(wish, &response, partial, pieces, tell).await.err();
    let is_whole = partial.end(trouble.is_some())?;
    Ok(if is_whole { None } else { Some(trouble.unwrap_or(Trouble::Cut)) })
}

/// An answer that ends when nobody reads it any more.
struct Line(AbortController);

impl Drop for Line {
    fn drop(&mut self) {
        self.0.abort();
    }
}

fn request(wish: &Wish<'_>, partial: &Partial, line: &Line) -> std::result::Result<RequestInit, JsValue> {
    let init = RequestInit::new();
    init.set_signal(Some(&line.0.signal()));
    // Who has to sign in is often led to another host, which the page never asks.
    init.set_redirect(RequestRedirect::Manual);
    if wish.is_second || partial.is_second() {
        init.set_cache(RequestCache::Reload);
    }
    if let Some((range, tag)) = partial.rest() {
        let headers = Headers::new()?;
        headers.set("range", &range)?;
        headers.set("if-range", tag)?;
        init.set_headers(&headers);
    }
    Ok(init)
}

fn head(response: &Response) -> Head {
    let headers = response.headers();
    let header = |name: &str| headers.get(name).ok().flatten();
    Head {
        status: response.status(),
        content_type: header("content-type").unwrap_or_default(),
        content_length: header("content-length").and_then(|length| length.parse().ok()),
        content_range: header("content-range"),
        etag: header("etag"),
        is_encoded: header("content-encoding").is_some_and(|encoding| encoding != "identity"),
    }
}

/// Reads the answer's body to its end.
///
/// Errors when that does not come.
async fn read(
    wish: &Wish<'_>,
    response: &Response,
    partial: &mut Partial,
    pieces: &Array,
    tell: &mut impl FnMut(Happening),
) -> std::result::Result<(), Trouble> {
    let Some(body) = response.body() else { return Ok(()) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut kept = partial.received();
    loop {
        let piece = within(reader.read()).await?;
        let bytes = Reflect::get(&piece, &"value".into()).unwrap_or(JsValue::UNDEFINED);
        let Ok(bytes) = bytes.dyn_into::<Uint8Array>() else { return Ok(()) };
        pieces.push(&bytes);
        partial.take(bytes.length().into());
        tell(Happening::Came { received: partial.received(), total: partial.total() });
        if partial.received() - kept > KEPT_EVERY {
            kept = partial.received();
            keep(wish, partial, pieces).await;
        }
    }
}

/// Keeps what has come. Where the browser refuses, a reload begins anew.
async fn keep(wish: &Wish<'_>, partial: &Partial, pieces: &Array) {
    if let Some(cache) = wish.cache {
        let _ = parts::keep(cache, wish.url, partial, pieces).await;
    }
}

/// What a promise of the network comes to.
///
/// Errors when it is broken, or nothing happens for too long.
async fn within(promise: Promise) -> std::result::Result<JsValue, Trouble> {
    let mut timer = None;
    // Nothing else resolves to nothing.
    let late = Promise::new(&mut |resolve, _| timer = Some(Timer::start(&resolve, STALLED)));
    match JsFuture::from(Promise::race(&Array::of2(&promise, &late))).await {
        Ok(nothing) if nothing.is_undefined() => Err(Trouble::Stalled),
        Ok(value) => Ok(value),
        Err(_) => Err(broken()),
    }
}

/// Why something did not come.
pub fn broken() -> Trouble {
    if dom::window().navigator().on_line() { Trouble::Cut } else { Trouble::Offline }
}
