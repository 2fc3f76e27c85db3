//! A run as it is kept over a crash: everything that it goes on from, as bytes. On the processor it then ends with the same bits
//! as one that was never interrupted; a seed and the place in the run say all that is random.
//!
//! | bytes | content (integers little-endian) |
//! |---|---|
//! | 8 | magic `INKRUN` , the version 1, and a line feed |
//! | 4 | CRC-32 of everything after it |
//! | 4 | length of the header |
//! | that many | header, bincode: the network, the configuration, what the images were, [`Position`], [`Past`] |
//! | 4 each | the parameters, then the optimizer's numbers, f32 |

use super::trainer::numbers_of;
use super::{Sums, TrainConfig};
use crate::format::numbers::floats;
use crate::nn::ModelSpec;
use crate::wire::{self, Decode, Encode};
use crate::{Error, Result};

const MAGIC: &[u8; 8] = b"INKRUN\x01\n";
const HEADER_AT: usize = 16;
const WHAT: &str = "a kept run";

/// Where a trainer is.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Position {
    /// The epoch that was begun last, from 0; `None` before the first.
    pub pass: Option<u32>,
    /// Images of that epoch that were learned from.
    pub images: u64,
    /// Steps taken.
    pub step: u64,
    /// As it may have been changed by hand.
    pub learning_rate: f32,
}

/// What a run remembers besides.
#[derive(Clone, Copy, Debug, PartialEq, Encode, Decode)]
pub struct Past {
    /// Epochs completed.
    pub epoch: u32,
    pub steps_per_epoch: u32,
    /// The least validation loss at the end of an epoch, and how many epochs ago that was.
    pub best: Option<(f32, u32)>,
    pub first_loss: Option<f32>,
    /// Spent training.
    pub seconds: f64,
    /// What was not reported yet.
    pub unreported: Sums,
    pub unreported_steps: u32,
    pub unreported_seconds: f64,
    /// Of the epoch's last mini-batches.
    pub tail: Sums,
}

/// See the module's documentation.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    pub spec: ModelSpec,
    pub config: TrainConfig,
    /// [`Data::fingerprint`](super::Data::fingerprint) of the images.
    pub data: u32,
    pub position: Position,
    pub past: Past,
    /// The parameters, then the optimizer's numbers.
    pub numbers: Vec<f32>,
}

type Header = (ModelSpec, TrainConfig, u32, Position, Past);

impl Snapshot {
    /// As bytes.
    ///
    /// Errors when the network has too many layers for the header.
    pub fn encode(&self) -> Result<Vec<u8>> {
        let header = wire::encode(&(&self.spec, self.config, self.data, self.position, self.past))?;
        let mut bytes = Vec::with_capacity(HEADER_AT + header.len() + 4 * self.numbers.len());
        bytes.extend_from_slice(MAGIC);
        bytes.extend_from_slice(&[0; 4]);
        bytes.extend_from_slice(&(header.len() as u32).to_le_bytes());
        bytes.extend_from_slice(&header);
        bytes.extend(self.numbers.iter().flat_map(|number| number.to_le_bytes()));
        let checksum = crc32fast::hash(&bytes[12..]);
        bytes[8..12].copy_from_slice(&checksum.to_le_bytes());
        Ok(bytes)
    }

    /// Back from bytes. Besides the header's, at most [`wire::LIMIT`], it takes no more memory than the bytes.
    ///
    /// Errors with the first thing that is wrong: no kept run, cut short, damaged, a setting out of its range, another number of
    /// numbers than the network needs.
    pub fn decode(bytes: &[u8]) -> Result<Snapshot> {
        let cut = |expected: usize| Error::Truncated { what: WHAT.into(), expected: expected as u64, got: bytes.len() as u64 };
        if !bytes.starts_with(&MAGIC[..bytes.len().min(MAGIC.len())]) {
            return Err(Error::NotA { what: WHAT.into() });
        }
        let word = |at: usize| bytes[at..].first_chunk().map_or(0, |word| u32::from_le_bytes(*word));
        if bytes.len() < HEADER_AT {
            return Err(cut(HEADER_AT));
        }
        if crc32fast::hash(&bytes[12..]) != word(8) {
            return Err(Error::Checksum { what: WHAT.into() });
        }
        let rest = &bytes[HEADER_AT..];
        let length = word(12) as usize;
        let (header, numbers) = rest.split_at_checked(length).ok_or_else(|| cut(HEADER_AT.saturating_add(length)))?;
        let (spec, config, data, position, past): Header = wire::decode(header, WHAT)?;
        let config = config.check()?;
        let expected = 4 * numbers_of(&spec, &config) as u64;
        if numbers.len() as u64 != expected {
            return Err(Error::Shape { what: "bytes of a kept run's numbers".into(), expected, got: numbers.len() as u64 });
        }
        Ok(Snapshot { spec, config, data, position, past, numbers: floats(numbers) })
    }
}
