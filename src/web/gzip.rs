//! Unpacks gzip, as the browser does it: the same in a page and in a worker.

use wasm_bindgen::{JsValue, prelude::wasm_bindgen};
use web_sys::{Blob, ReadableStream, ReadableWritablePair, WritableStream};

#[wasm_bindgen]
extern "C" {
    /// web-sys has it only behind its flag for unstable interfaces.
    type DecompressionStream;
    #[wasm_bindgen(constructor, catch)]
    fn new(format: &str) -> Result<DecompressionStream, JsValue>;
    #[wasm_bindgen(method, getter)]
    fn readable(this: &DecompressionStream) -> ReadableStream;
    #[wasm_bindgen(method, getter)]
    fn writable(this: &DecompressionStream) -> WritableStream;
}

/// How such a file begins.
pub const MAGIC: [u8; 2] = [0x1f, 0x8b];

/// What is in the compressed file. Reading it fails where it is damaged.
///
/// Errors when the browser can't unpack.
pub fn unpacked(blob: &Blob) -> Result<ReadableStream, JsValue> {
    let unpack = DecompressionStream::new("gzip")?;
    Ok(blob.stream().pipe_through(&ReadableWritablePair::new(&unpack.readable(), &unpack.writable())))
}
