//! The IDX format (LeCun): magic `00 00 08 <dimensions>`, big-endian u32 sizes, then bytes.

use super::{Dataset, PixelsBuilder};
use crate::{Error, Result};
use std::cmp::Ordering;

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
        return Err(too_large(what, bytes.len() as u64));
    }
    let sizes = sizes(bytes, dimensions, what)?;
    let content = &bytes[header_len(dimensions)..];
    check_length(&sizes, content.len() as u64, what)?;
    Ok(Idx { sizes, content })
}

/// What the header says.
fn sizes(bytes: &[u8], dimensions: usize, what: &str) -> Result<Vec<usize>> {
    let header = header_len(dimensions);
    if bytes.len() < header {
        return Err(Error::Truncated { what: what.into(), expected: header as u64, got: bytes.len() as u64 });
    }
    if bytes[..4] != [0, 0, 8, dimensions as u8] {
        return Err(Error::NotA { what: format!("an IDX file of bytes with {dimensions} dimensions ({what})") });
    }
    Ok(bytes[4..header].chunks_exact(4).map(|b| u32::from_be_bytes([b[0], b[1], b[2], b[3]]) as usize).collect())
}

/// Whether so many bytes of content are what the header says.
fn check_length(sizes: &[usize], got: u64, what: &str) -> Result<()> {
    // Sizes come from the file: their product can overflow.
    let expected = sizes.iter().try_fold(1u64, |n, &s| n.checked_mul(s as u64)).unwrap_or(u64::MAX);
    match got.cmp(&expected) {
        Ordering::Less => Err(Error::Truncated { what: what.into(), expected, got }),
        Ordering::Greater => Err(Error::TrailingBytes { what: what.into(), expected, got }),
        Ordering::Equal => Ok(()),
    }
}

fn too_large(what: &str, got: u64) -> Error {
    Error::TooLarge { what: what.into(), limit: MAX_BYTES as u64, got }
}

const IMAGES: &str = "the image file";

/// Reads a file of images (n, rows, columns) as it arrives, so that its 47 MB are never there at once.
#[derive(Debug, Default)]
pub struct ImageReader {
    /// What came of it.
    header: Vec<u8>,
    content: u64,
    pixels: Option<PixelsBuilder>,
}

impl ImageReader {
    /// Takes the next bytes.
    ///
    /// Errors when it is another kind of file, or too large.
    pub fn push(&mut self, bytes: &[u8]) -> Result<()> {
        let missing = header_len(3) - self.header.len();
        let (header, content) = bytes.split_at(missing.min(bytes.len()));
        self.header.extend_from_slice(header);
        if self.header.len() < header_len(3) {
            return Ok(());
        }
        self.content += content.len() as u64;
        if self.content > MAX_BYTES as u64 {
            return Err(too_large(IMAGES, self.content));
        }
        let pixels = match &mut self.pixels {
            Some(pixels) => pixels,
            None => {
                let sizes = sizes(&self.header, 3, IMAGES)?;
                // Of no images, a file can say any size.
                let inputs = sizes[1].checked_mul(sizes[2]).filter(|inputs| *inputs <= MAX_BYTES);
                let inputs = inputs.ok_or_else(|| too_large("an image's side", sizes[1].max(sizes[2]) as u64))?;
                self.pixels.insert(PixelsBuilder::new(inputs))
            }
        };
        pixels.push(content);
        Ok(())
    }

    /// The images, with the labels of a file of theirs (n).
    ///
    /// Errors when the bytes are fewer or more than the header says, when the labels are not as many, or not below `classes`.
    pub fn finish(self, labels: &[u8], classes: usize) -> Result<Dataset> {
        let sizes = sizes(&self.header, 3, IMAGES)?;
        check_length(&sizes, self.content, IMAGES)?;
        let labels = parse(labels, 1, "the label file")?;
        if sizes[0] != labels.sizes[0] {
            let (expected, got) = (sizes[0] as u64, labels.sizes[0] as u64);
            return Err(Error::Shape { what: "labels for the images".into(), expected, got });
        }
        let pixels = self.pixels.map(PixelsBuilder::finish).unwrap_or_default();
        Dataset::of(pixels, labels.content.to_vec(), classes)
    }
}

/// Images (n, rows, columns) and labels (n) together.
///
/// Errors when one of them is bad or their counts differ.
pub fn dataset(images: impl AsRef<[u8]>, labels: impl AsRef<[u8]>, classes: usize) -> Result<Dataset> {
    let mut reader = ImageReader::default();
    reader.push(images.as_ref())?;
    reader.finish(labels.as_ref(), classes)
}

fn header_len(dimensions: usize) -> usize {
    4 + 4 * dimensions
}
