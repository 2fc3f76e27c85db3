//! The IDX format (LeCun): magic `00 00 08 <dimensions>`, big-endian u32 sizes, then bytes.

use super::Dataset;
use crate::{Error, Result};

/// The largest file that is taken: four times MNIST's training images.
pub const MAX_BYTES: usize = 200_000_000;

/// Header and content of an IDX file of unsigned bytes.
#[derive(Debug, PartialEq, Eq)]
pub struct Idx<'a> {
    /// Sizes, slowest first: `[60000, 28, 28]`.
    pub sizes: Vec<usize>,
    /// The bytes.
    pub content: &'a [u8],
}

/// Reads an IDX file of unsigned bytes with that many dimensions; `what` names it in errors.
///
/// Errors when it is something else, too short, too long, or too large.
pub fn parse<'a>(bytes: &'a [u8], dimensions: usize, what: &str) -> Result<Idx<'a>> {
    if bytes.len() > MAX_BYTES {
        return Err(Error::TooLarge { what: what.into(), limit: MAX_BYTES as u64, got: bytes.len() as u64 });
    }
    let header = header_len(dimensions);
    if bytes.len() < header {
        return Err(Error::Truncated { what: what.into(), expected: header as u64, got: bytes.len() as u64 });
    }
    if bytes[..4] != [0, 0, 8, dimensions as u8] {
        return Err(Error::NotA { what: format!("an IDX file of bytes with {dimensions} dimensions ({what})") });
    }
    let sizes: Vec<usize> =
        bytes[4..header].chunks_exact(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]) as usize).collect();
    // Sizes come from the file: their product can overflow.
    let length = sizes.iter().try_fold(1u64, |n, &s| n.checked_mul(s as u64)).unwrap_or(u64::MAX);
    let content = &bytes[header..];
    match (content.len() as u64).cmp(&length) {
        std::cmp::Ordering::Less => Err(Error::Truncated { what: what.into(), expected: length, got: content.len() as u64 }),
        std::cmp::Ordering::Greater => {
            Err(Error::TrailingBytes { what: what.into(), expected: length, got: content.len() as u64 })
        }
        std::cmp::Ordering::Equal => Ok(Idx { sizes, content }),
    }
}

/// Images (n, rows, columns) and labels (n) together. Takes the bytes, so that 47 MB need not be there twice.
///
/// Errors when one of them is bad or their counts differ.
pub fn dataset(mut images: Vec<u8>, mut labels: Vec<u8>, classes: usize) -> Result<Dataset> {
    let sizes = parse(&images, 3, "the image file")?.sizes;
    let count = parse(&labels, 1, "the label file")?.sizes[0];
    if sizes[0] != count {
        return Err(Error::Shape { what: "labels for the images".into(), expected: sizes[0] as u64, got: count as u64 });
    }
    images.drain(..header_len(3));
    labels.drain(..header_len(1));
    // Of no images, a file can say any size.
    let inputs = sizes[1].checked_mul(sizes[2]).filter(|inputs| *inputs <= MAX_BYTES);
    let too_large =
        || Error::TooLarge { what: "an image's side".into(), limit: MAX_BYTES as u64, got: sizes[1].max(sizes[2]) as u64 };
    Dataset::new(images, labels, inputs.ok_or_else(too_large)?, classes)
}

fn header_len(dimensions: usize) -> usize {
    4 + 4 * dimensions
}
