//! Values as bytes, for messages and for the model file's header. The only file that knows bincode, whose own traits are a tenth
//! smaller in WebAssembly than serde's. The crate is no longer maintained (2.0.1 is its last version that works): to leave it,
//! give the two functions and the two derived traits another format and raise the model file's version.

use crate::{Error, Result};

pub use bincode::de::Decoder;
pub use bincode::error::DecodeError;
pub use bincode::{Decode, Encode, impl_borrow_decode};

/// No message or header is larger: large arrays travel beside them. Decoding allocates no more than this.
pub const LIMIT: usize = 64 * 1024;

/// The value as bytes (little-endian, variable-length integers).
///
/// Errors when the value has no such form.
pub fn encode<T: Encode>(value: &T) -> Result<Vec<u8>> {
    bincode::encode_to_vec(value, bincode::config::standard().with_limit::<LIMIT>())
        .map_err(|_| Error::Malformed { what: "a message".into(), reason: "it can't be encoded".into() })
}

/// The value back; `what` names it in errors.
///
/// Errors when the bytes are not such a value, when there are more of them, or when it would exceed [`LIMIT`].
pub fn decode<T: Decode<()>>(bytes: &[u8], what: &str) -> Result<T> {
    let config = bincode::config::standard().with_limit::<LIMIT>();
    let (value, used) = bincode::decode_from_slice(bytes, config).map_err(|error| {
        // In words of our own: bincode's would bring 20 kB of formatting into every module.
        let reason = match error {
            DecodeError::UnexpectedEnd { .. } => "it ends too soon",
            DecodeError::LimitExceeded => "it is too long",
            DecodeError::OtherString(reason) => return Error::Malformed { what: what.into(), reason },
            _ => "it is not what it should be",
        };
        Error::Malformed { what: what.into(), reason: reason.into() }
    })?;
    if used != bytes.len() {
        return Err(Error::TrailingBytes { what: what.into(), expected: used as u64, got: bytes.len() as u64 });
    }
    Ok(value)
}
