//! Unpacks gzip, as the browser does it: the same in a page and in a worker.

use crate::data::idx;
use crate::web::describe;
use crate::{Error, Result};
use js_sys::{Array, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};
use wasm_bindgen_futures::JsFuture;
use web_sys::{Blob, ReadableStream, ReadableStreamDefaultReader, ReadableWritablePair, WritableStream};

#[wasm_bindgen]
extern "C" {
    /// web-sys has it only behind its flag for unstable interfaces.
    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> std::result::Result<DecompressionStream, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn readable(this: &DecompressionStream) -> ReadableStream;
    #[wasm_bindgen(method, getter)]
    fn writable(this: &DecompressionStream) -> WritableStream;
}

/// How such a file begins.
pub const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// What is in the file, compressed or not; `what` names it in errors.
///
/// Errors when it is damaged or too large.
pub async fn unpacked(file: &Blob, what: &str) -> Result<Vec<u8>> {
    // Outside of Rust's memory, which grows to twice its size when it grows, and never shrinks.
    let (pieces, mut length) = (Array::new(), 0);
    unpack(file, what, |piece| {
        length += piece.length() as usize;
        pieces.push(piece);
        Ok(())
    })
    .await?;
    let (mut bytes, mut end) = (vec![0; length], 0);
    for piece in pieces.iter().map(JsCast::unchecked_into::<Uint8Array>) {
        let begin = end;
        end += piece.length() as usize;
        piece.copy_to(&mut bytes[begin..end]);
    }
    Ok(bytes)
}

/// Gives what is in the file, compressed or not, to `take`, piece by piece; `what` names it in errors.
///
/// Errors when it is damaged, or larger than images to learn from may be: a small file can be packed zeros without end; or as
/// `take` says.
pub async fn unpack(file: &Blob, what: &str, mut take: impl FnMut(&Uint8Array) -> Result<()>) -> Result<()> {
    let failed = |error: JsValue| Error::Fetch { what: what.into(), reason: describe(&error) };
    let damaged = |error: JsValue| Error::Malformed { what: what.into(), reason: describe(&error) };
    let too_large = |got: u64| Error::TooLarge { what: what.into(), limit: idx::MAX_BYTES as u64, got };
    if file.size() > idx::MAX_BYTES as f64 {
        return Err(too_large(file.size() as u64));
    }
    let reader: ReadableStreamDefaultReader = stream(file).await.map_err(failed)?.get_reader().unchecked_into();
    let mut length = 0;
    loop {
        let piece = JsFuture::from(reader.read()).await.map_err(damaged)?;
        let piece = Reflect::get(&piece, &"value".into()).map_err(failed)?;
        let Ok(piece) = piece.dyn_into::<Uint8Array>() else { return Ok(()) };
        length += piece.length() as usize;
        if length > idx::MAX_BYTES {
            return Err(too_large(length as u64));
        }
        take(&piece)?;
    }
}

async fn stream(file: &Blob) -> std::result::Result<ReadableStream, JsValue> {
    let start = JsFuture::from(file.slice_with_f64_and_f64(0.0, MAGIC.len() as f64)?.array_buffer()).await?;
    // A server may declare the file as compressed content: then the browser has unpacked it on the way.
    if Uint8Array::new(&start).to_vec() != MAGIC {
        return Ok(file.stream());
    }
    let unpack = DecompressionStream::new("gzip")?;
    Ok(file.stream().pipe_through(&ReadableWritablePair::new(&unpack.readable(), &unpack.writable())))
}
