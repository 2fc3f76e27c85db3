//! The model file. Layout, integers little-endian:
//!
//! | bytes | content |
//! |---|---|
//! | 8 | magic `INKLING` and a line feed, so that a text-mode transfer damages it visibly |
//! | 4 | version, [`VERSION`] |
//! | 4 | CRC-32 of everything after it |
//! | 4 | length of the header |
//! | that many | header: [`ModelSpec`] and [`About`], bincode |
//! | 4 each | the flat parameter vector, f32 |
//!
//! Decoding checks in this order, so that the sentence a person gets names the real cause.

use super::numbers::floats;
use crate::nn::{MAX_PARAMETERS, ModelSpec};
use crate::wire::{self, Decode, Encode};
use crate::{Error, Result};

const MAGIC: &[u8; 8] = b"INKLING\n";
/// The version that this build writes and reads.
pub const VERSION: u32 = 1;
const HEADER_AT: usize = 20;
/// Larger than any file that this build can write.
pub const MAX_BYTES: usize = HEADER_AT + wire::LIMIT + 4 * MAX_PARAMETERS;

/// Where a network comes from.
#[derive(Clone, Debug, Default, PartialEq, Encode, Decode)]
pub struct About {
    /// The command or the settings that made it.
    pub made_by: String,
    /// Share of the 10,000 MNIST test images that it reads right, if it was measured.
    pub test_accuracy: Option<f32>,
}

/// A trained network.
#[derive(Clone, Debug, PartialEq)]
pub struct ModelFile {
    pub spec: ModelSpec,
    /// Flat, in the order of [`crate::nn::Layout`].
    pub parameters: Vec<f32>,
    pub about: About,
}

/// The file's bytes.
///
/// Errors when `about` is too long.
pub fn encode(model: &ModelFile) -> Result<Vec<u8>> {
    let header = wire::encode(&(&model.spec, &model.about))?;
    let mut bytes = Vec::with_capacity(HEADER_AT + header.len() + 4 * model.parameters.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&VERSION.to_le_bytes());
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(&(header.len() as u32).to_le_bytes());
    bytes.extend_from_slice(&header);
    bytes.extend(model.parameters.iter().flat_map(|p| p.to_le_bytes()));
    let checksum = crc32fast::hash(&bytes[16..]);
    bytes[12..16].copy_from_slice(&checksum.to_le_bytes());
    Ok(bytes)
}

/// The network in a file's bytes.
///
/// Errors with the first thing that is wrong: too large, not a model file, another version, cut short, damaged, a network that
/// this build does not allow, a number of weights that does not fit it, or weights that are not finite.
pub fn decode(bytes: &[u8]) -> Result<ModelFile> {
    let what = || "the model file".to_string();
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge { what: what(), limit: MAX_BYTES as u64, got: bytes.len() as u64 });
    }
    if bytes.len() < MAGIC.len() || &bytes[..MAGIC.len()] != MAGIC {
        return Err(Error::NotA { what: "an Inkling model file".into() });
    }
    let truncated = |expected: usize| Error::Truncated { what: what(), expected: expected as u64, got: bytes.len() as u64 };
    if bytes.len() < HEADER_AT {
        return Err(truncated(HEADER_AT));
    }
    let word = |at: usize| u32::from_le_bytes([bytes[at], bytes[at + 1], bytes[at + 2], bytes[at + 3]]);
    let (version, checksum, header_len) = (word(8), word(12), word(16) as usize);
    if version != VERSION {
        return Err(Error::Version { supported: VERSION, got: version });
    }
    if header_len > wire::LIMIT {
        return Err(Error::TooLarge {
            what: "the model file's header".into(),
            limit: wire::LIMIT as u64,
            got: header_len as u64,
        });
    }
    let weights_at = HEADER_AT + header_len;
    if bytes.len() < weights_at {
        return Err(truncated(weights_at));
    }
    // The header tells the file's length; only then can "cut short" be told from "damaged".
    let header = wire::decode::<(ModelSpec, About)>(&bytes[HEADER_AT..weights_at], "the model file's header");
    if let Ok((spec, _)) = &header {
        let expected = weights_at + 4 * spec.layout().parameters;
        match bytes.len().cmp(&expected) {
            std::cmp::Ordering::Less => return Err(truncated(expected)),
            std::cmp::Ordering::Greater => {
                return Err(Error::TrailingBytes { what: what(), expected: expected as u64, got: bytes.len() as u64 });
            }
            std::cmp::Ordering::Equal => {}
        }
    }
    if crc32fast::hash(&bytes[16..]) != checksum {
        return Err(Error::Checksum { what: what() });
    }
    let (spec, about) = header?;
    let parameters = floats(&bytes[weights_at..]);
    if !parameters.iter().all(|p| p.is_finite()) {
        return Err(Error::NotFinite { what: what() });
    }
    Ok(ModelFile { spec, parameters, about })
}
