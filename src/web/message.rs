//! How a message lies in `postMessage`: an array of the encoded value (a `Uint8Array`), a payload (a `Uint8Array`, transferred)
//! or null, and an attachment: shared memory, where workers of a group are set up, or the data set's files.

use crate::wire::{self, Decode, Encode};
use crate::{Error, Result};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};

/// A message to post, and what is to be transferred with it.
pub struct Outgoing {
    pub message: JsValue,
    pub transfer: JsValue,
}

/// Packs a value with its payload.
///
/// Errors when the value does not encode.
pub fn pack<T: Encode>(value: &T, payload: Option<&[u8]>, attachment: &JsValue) -> Result<Outgoing> {
    let head = Uint8Array::from(wire::encode(value)?.as_slice());
    let transfer = Array::of1(&head.buffer());
    let payload = match payload {
        Some(bytes) => {
            let copy = Uint8Array::from(bytes);
            transfer.push(&copy.buffer());
            copy.into()
        }
        None => JsValue::NULL,
    };
    Ok(Outgoing { message: Array::of3(&head, &payload, attachment).into(), transfer: transfer.into() })
}

/// What came in.
pub struct Incoming<T> {
    pub value: T,
    pub payload: Option<Vec<u8>>,
    pub attachment: JsValue,
}

/// Unpacks a message; `what` names it in errors.
///
/// Errors when it is not such a message.
pub fn unpack<T: Decode<()>>(message: &JsValue, what: &str) -> Result<Incoming<T>> {
    let malformed = || Error::Malformed { what: what.into(), reason: "it is not an array of bytes".into() };
    let parts: &Array = message.dyn_ref().ok_or_else(malformed)?;
    let head: Uint8Array = parts.get(0).dyn_into().map_err(|_| malformed())?;
    let payload = parts.get(1).dyn_ref::<Uint8Array>().map(Uint8Array::to_vec);
    Ok(Incoming { value: wire::decode(&head.to_vec(), what)?, payload, attachment: parts.get(2) })
}
