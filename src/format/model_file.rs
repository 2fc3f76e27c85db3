//! The model file. Layout, integers little-endian:
//!
//! | bytes | content |
//! |---|---|
//! | 8 | magic `INKLING` and a line feed, so that a text-mode transfer damages it visibly |
//! | 4 | version: 1, 2, 3 or 4 |
//! | 4 | CRC-32 of everything after it |
//! | 4 | length of the header |
//! | that many | header, bincode: version 3 [`ModelSpec`] and [`About`]; version 4 these and [`Subject`]; versions 1 and 2, which know Dense layers only, inputs, for each layer units and activation, and [`About`], in version 2 also the bits of a weight (one byte) |
//! | 4 each | versions 1, 3 and 4: the flat parameter vector, f32 |
//! | the rest | version 2: weights in fewer bits, as [`super::packed`] says |
//!
//! A person's networks are saved exactly, as version 3, or as version 4 where it reads other images than MNIST's or has other
//! classes; the network that ships with the page is packed, as version 2. Version 1 is what earlier builds saved.
//!
//! Decoding checks in this order, so that the sentence a person gets names the real cause.

use super::numbers::floats;
use super::packed;
use crate::data::Subject;
use crate::nn::{Activation, DenseSpec, LayerSpec, MAX_PARAMETERS, ModelSpec, NormShape};
use crate::wire::{self, Decode, Encode};
use crate::{Error, Result};

const MAGIC: &[u8; 8] = b"INKLING\n";
/// Dense layers, weights as they are.
const DENSE: u32 = 1;
/// Dense layers, weights in fewer bits.
const PACKED: u32 = 2;
/// Any layers, weights as they are.
const EXACT: u32 = 3;
/// The same, of images that are not MNIST's digits.
const OTHER: u32 = 4;
/// The newest version that this build reads.
pub const VERSION: u32 = OTHER;
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
    /// What it reads.
    pub subject: Subject,
}

/// The file's bytes, with every weight as it is.
///
/// Errors when `about` is too long.
pub fn encode(model: &ModelFile) -> Result<Vec<u8>> {
    let weights = model.parameters.iter().flat_map(|p| p.to_le_bytes()).collect();
    let (spec, about) = (&model.spec, &model.about);
    if model.subject.is_digits() {
        return Ok(assemble(EXACT, &wire::encode(&(spec, about))?, weights));
    }
    Ok(assemble(OTHER, &wire::encode(&(spec, about, model.subject))?, weights))
}

/// The file's bytes, with each weight in so many bits (2 to 8): smaller, and not quite the same network.
///
/// Errors when `about` is too long, a weight can't have so many bits, or the network has other layers than Dense.
pub fn encode_packed(model: &ModelFile, bits: u32) -> Result<Vec<u8>> {
    check_bits(bits)?;
    if !model.spec.is_plain() {
        return Err(Error::Setting { name: "layers".into(), value: "others than Dense".into(), allowed: "Dense".into() });
    }
    let weights = packed::pack(&model.spec.layout(), &model.parameters, bits);
    let layers: DenseLayers = model.spec.dense().map(|dense| (dense.units, dense.activation)).collect();
    Ok(assemble(PACKED, &wire::encode(&((model.spec.inputs(), layers), &model.about, bits as u8))?, weights))
}

/// Units and activation of each layer: all that versions 1 and 2 know.
type DenseLayers = Vec<(usize, Activation)>;

fn plain((inputs, layers): (usize, DenseLayers)) -> Result<ModelSpec> {
    let dense = |(units, activation)| LayerSpec::Dense(DenseSpec::new(units, activation));
    ModelSpec::new(inputs, layers.into_iter().map(dense).collect())
}

fn check_bits(bits: u32) -> Result<()> {
    if packed::BITS.contains(&bits) {
        return Ok(());
    }
    Err(Error::Setting {
        name: "bits of a weight".into(),
        value: bits.to_string(),
        allowed: format!("{} to {}", packed::BITS.start(), packed::BITS.end()),
    })
}

fn assemble(version: u32, header: &[u8], weights: Vec<u8>) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(HEADER_AT + header.len() + weights.len());
    bytes.extend_from_slice(MAGIC);
    bytes.extend_from_slice(&version.to_le_bytes());
    bytes.extend_from_slice(&[0; 4]);
    bytes.extend_from_slice(&(header.len() as u32).to_le_bytes());
    bytes.extend_from_slice(header);
    bytes.extend(weights);
    let checksum = crc32fast::hash(&bytes[16..]);
    bytes[12..16].copy_from_slice(&checksum.to_le_bytes());
    bytes
}

/// The network in a file's bytes.
///
/// Errors with the first thing that is wrong: too large, not a model file, another version, cut short, damaged, a network that
/// this build does not allow, a number of weights that does not fit it, weights that are not finite, a variance below 0, or an
/// accuracy that is none. Allocates at most 20 times the file's bytes (two bits become a number) and 256 KiB.
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
    if ![DENSE, PACKED, EXACT, OTHER].contains(&version) {
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
    let header = decode_header(version, &bytes[HEADER_AT..weights_at]);
    if let Ok((spec, _, _, bits)) = &header {
        let layout = spec.layout();
        let expected = weights_at + bits.map_or(4 * layout.parameters, |bits| packed::len(&layout, bits));
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
    let (spec, about, subject, bits) = header?;
    let weights = &bytes[weights_at..];
    let parameters = match bits {
        Some(bits) => packed::unpack(&spec.layout(), weights, bits),
        None => floats(weights),
    };
    if !parameters.iter().all(|p| p.is_finite()) {
        return Err(Error::NotFinite { what: what() });
    }
    let malformed = |reason: &str| Error::Malformed { what: what(), reason: reason.into() };
    let is_negative = |norm: &NormShape| parameters[norm.moving + norm.units..][..norm.units].iter().any(|v| *v < 0.0);
    if spec.layout().norms.iter().any(is_negative) {
        return Err(malformed("a normalization's variance is below 0"));
    }
    if about.test_accuracy.is_some_and(|accuracy| !(0.0..=1.0).contains(&accuracy)) {
        return Err(malformed("its accuracy is not between 0 and 1"));
    }
    Ok(ModelFile { spec, parameters, about, subject })
}

/// The header of that version; bits where the weights are packed.
fn decode_header(version: u32, bytes: &[u8]) -> Result<(ModelSpec, About, Subject, Option<u32>)> {
    let what = "the model file's header";
    match version {
        EXACT => {
            let (spec, about) = wire::decode::<(ModelSpec, About)>(bytes, what)?;
            Ok((spec, about, Subject::DIGITS, None))
        }
        OTHER => {
            let (spec, about, subject) = wire::decode::<(ModelSpec, About, Subject)>(bytes, what)?;
            subject.check(&spec)?;
            Ok((spec, about, subject, None))
        }
        DENSE => {
            let (layers, about) = wire::decode::<((usize, DenseLayers), About)>(bytes, what)?;
            Ok((plain(layers)?, about, Subject::DIGITS, None))
        }
        _ => {
            let (layers, about, bits) = wire::decode::<((usize, DenseLayers), About, u8)>(bytes, what)?;
            check_bits(bits.into())?;
            Ok((plain(layers)?, about, Subject::DIGITS, Some(bits.into())))
        }
    }
}
