//! The pixels of many images in little memory: of images that are mostly paper, as drawings are, only the pixels with ink. That
//! is also what the first layer computes with.

use std::borrow::Cow;
use std::ops::{Range, RangeInclusive};

/// Up to this share of numbers that are not zero the others are skipped: at 0.5 to 0.6 (ReLU's gradients, 512 units) that was
/// still a fifth faster in wasm than the dense product.
pub const SPARSE_BELOW: f32 = 0.6;

/// Images whose pixels lie together. Memory for all of them at once would be twice as much while it grows.
const BLOCK: usize = 1024;

/// Pixels of an image of which only the ink is kept: of fewer it would take more memory, and a place among more does not fit into
/// 16 bits.
const INKED: RangeInclusive<usize> = 8..=u16::MAX as usize;

/// A pixel that is not paper: its place and its value in one word, of which four are taken apart at a time. There are nine
/// million in MNIST.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InkPixel(u32);

impl InkPixel {
    fn new(place: u16, value: u8) -> InkPixel {
        InkPixel(u32::from(place) | u32::from(value) << 16)
    }

    /// Its number among the image's pixels, row by row.
    pub fn place(self) -> u16 {
        self.0 as u16
    }

    /// 1 to 255.
    pub fn value(self) -> u8 {
        (self.0 >> 16) as u8
    }
}

/// [`BLOCK`] images, or fewer: the last ones.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Inked {
    /// Where each image ends in `pixels`.
    ends: Box<[u32]>,
    pixels: Box<[InkPixel]>,
}

impl Inked {
    fn of(images: &[u8], inputs: usize) -> Inked {
        let mut pixels = Vec::with_capacity(inked(images));
        let ends = images.chunks_exact(inputs).map(|image| {
            for_each_inked(image, |pixel| pixels.push(pixel));
            pixels.len() as u32
        });
        Inked { ends: ends.collect(), pixels: pixels.into() }
    }

    fn image(&self, number: usize) -> &[InkPixel] {
        let begin = if number == 0 { 0 } else { self.ends[number - 1] };
        &self.pixels[begin as usize..self.ends[number] as usize]
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Blocks {
    Inked(Vec<Inked>),
    Whole(Vec<Box<[u8]>>),
}

/// The pixels of images of `inputs` pixels each.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pixels {
    inputs: usize,
    images: usize,
    blocks: Blocks,
}

impl Default for Pixels {
    fn default() -> Pixels {
        Pixels { inputs: 0, images: 0, blocks: Blocks::Inked(Vec::new()) }
    }
}

impl Pixels {
    /// Number of images.
    pub fn images(&self) -> usize {
        self.images
    }

    /// Pixels of one image.
    pub fn inputs(&self) -> usize {
        self.inputs
    }

    /// The pixels with ink of image `i`, or none if these images are not mostly paper.
    #[inline(always)]
    pub fn ink(&self, i: usize) -> Option<&[InkPixel]> {
        match &self.blocks {
            Blocks::Inked(blocks) => Some(blocks[i / BLOCK].image(i % BLOCK)),
            Blocks::Whole(_) => None,
        }
    }

    /// Whether these images are mostly paper.
    pub fn are_inked(&self) -> bool {
        matches!(self.blocks, Blocks::Inked(_))
    }

    /// All pixels of image `i`.
    pub fn image(&self, i: usize) -> Cow<'_, [u8]> {
        match &self.blocks {
            Blocks::Whole(blocks) => Cow::Borrowed(&blocks[i / BLOCK][i % BLOCK * self.inputs..][..self.inputs]),
            Blocks::Inked(_) => Cow::Owned(self.bytes(i..i + 1)),
        }
    }

    /// All pixels of image `i`, written to memory for them.
    pub fn write(&self, i: usize, out: &mut [u8]) {
        match &self.blocks {
            Blocks::Whole(blocks) => out.copy_from_slice(&blocks[i / BLOCK][i % BLOCK * self.inputs..][..self.inputs]),
            Blocks::Inked(blocks) => {
                out.fill(0);
                blocks[i / BLOCK].image(i % BLOCK).iter().for_each(|pixel| out[usize::from(pixel.place())] = pixel.value());
            }
        }
    }

    /// The pixels of these images, image after image.
    pub fn bytes(&self, images: Range<usize>) -> Vec<u8> {
        let mut bytes = vec![0; images.len() * self.inputs];
        images.zip(bytes.chunks_exact_mut(self.inputs.max(1))).for_each(|(i, out)| self.write(i, out));
        bytes
    }

    /// All pixels, those of some images at a time, so that they need not be there twice.
    pub fn pieces(&self) -> impl Iterator<Item = Vec<u8>> {
        (0..self.images).step_by(BLOCK).map(|first| self.bytes(first..self.images.min(first + BLOCK)))
    }
}

/// Takes pixels as they arrive.
#[derive(Debug, Default)]
pub struct PixelsBuilder {
    pixels: Pixels,
    /// Pixels with ink so far.
    inked: usize,
    /// Less than a block.
    waiting: Vec<u8>,
}

impl PixelsBuilder {
    /// For images of `inputs` pixels.
    pub fn new(inputs: usize) -> PixelsBuilder {
        let blocks = if INKED.contains(&inputs) { Blocks::Inked(Vec::new()) } else { Blocks::Whole(Vec::new()) };
        PixelsBuilder { pixels: Pixels { inputs, images: 0, blocks }, inked: 0, waiting: Vec::new() }
    }

    /// Takes any number of pixels, image after image, row-major.
    pub fn push(&mut self, mut bytes: &[u8]) {
        let block = BLOCK.saturating_mul(self.pixels.inputs).max(1);
        while self.waiting.len() + bytes.len() >= block {
            let (first, rest) = bytes.split_at(block - self.waiting.len());
            bytes = rest;
            if self.waiting.is_empty() {
                self.add(first);
            } else {
                self.waiting.extend_from_slice(first);
                let full = std::mem::take(&mut self.waiting);
                self.add(&full);
            }
        }
        self.waiting.extend_from_slice(bytes);
    }

    /// All of them. Pixels that are no whole image are left out.
    pub fn finish(mut self) -> Pixels {
        let rest = std::mem::take(&mut self.waiting);
        let whole = rest.len().checked_div(self.pixels.inputs).unwrap_or(0) * self.pixels.inputs;
        if whole > 0 {
            self.add(&rest[..whole]);
        }
        self.pixels
    }

    /// Adds a block. Once there is too much ink, all pixels are kept.
    fn add(&mut self, block: &[u8]) {
        let inputs = self.pixels.inputs;
        if inputs == 0 {
            return;
        }
        self.inked += inked(block);
        let images = self.pixels.images;
        let total = (images * inputs + block.len()) as f32;
        if self.inked as f32 > SPARSE_BELOW * total && self.pixels.are_inked() {
            let whole = (0..images).step_by(BLOCK).map(|first| self.pixels.bytes(first..first + BLOCK).into());
            self.pixels.blocks = Blocks::Whole(whole.collect());
        }
        match &mut self.pixels.blocks {
            Blocks::Inked(blocks) => blocks.push(Inked::of(block, inputs)),
            Blocks::Whole(blocks) => blocks.push(block.into()),
        }
        self.pixels.images += block.len() / inputs;
    }
}

/// Shows `visit` an image's pixels with ink; there are at most 65,535 pixels.
#[inline(always)]
pub fn for_each_inked(image: &[u8], mut visit: impl FnMut(InkPixel)) {
    // Eight pixels at a time, most of which are paper.
    for (word, first) in image.chunks(8).zip((0..image.len() as u16).step_by(8)) {
        if word != [0; 8] {
            let inked = word.iter().zip(first..).filter(|(value, _)| **value != 0);
            inked.for_each(|(&value, place)| visit(InkPixel::new(place, value)));
        }
    }
}

fn inked(pixels: &[u8]) -> usize {
    pixels.iter().filter(|pixel| **pixel != 0).count()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Images of which that share has ink.
    fn images(inputs: usize, images: usize, share: f32) -> Vec<u8> {
        let mut rng = fastrand::Rng::with_seed(7);
        (0..inputs * images).map(|_| if rng.f32() < share { rng.u8(1..) } else { 0 }).collect()
    }

    fn built(bytes: &[u8], inputs: usize, step: usize) -> Pixels {
        let mut builder = PixelsBuilder::new(inputs);
        bytes.chunks(step).for_each(|part| builder.push(part));
        builder.finish()
    }

    #[test]
    fn what_is_kept_is_what_came_however_it_came() {
        for (share, is_inked) in [(0.0, true), (0.2, true), (0.7, false), (1.0, false)] {
            for count in [0, 1, 7, BLOCK - 1, BLOCK, BLOCK + 1, 3 * BLOCK + 5] {
                let bytes = images(9, count, share);
                let pixels = built(&bytes, 9, usize::MAX);
                assert_eq!((pixels.images(), pixels.bytes(0..count)), (count, bytes.clone()), "{share}, {count}");
                assert!(count == 0 || pixels.are_inked() == is_inked, "{share}, {count}");
                for step in [1, 13, 9 * BLOCK, 9 * BLOCK + 4] {
                    assert_eq!(built(&bytes, 9, step), pixels, "{share}, {count}, {step}");
                }
                for (i, image) in bytes.chunks(9).enumerate().step_by(97) {
                    assert_eq!(pixels.image(i), image);
                    let ink =
                        pixels.ink(i).map(|ink| ink.iter().map(|pixel| (usize::from(pixel.place()), pixel.value())).collect());
                    let expected: Vec<_> = image.iter().copied().enumerate().filter(|(_, value)| *value != 0).collect();
                    assert_eq!(ink, is_inked.then_some(expected));
                }
            }
        }
    }

    #[test]
    fn ink_that_comes_later_is_no_loss() {
        let bytes = [images(9, BLOCK, 0.1), images(9, 2 * BLOCK, 1.0)].concat();
        let pixels = built(&bytes, 9, usize::MAX);
        assert!(!pixels.are_inked());
        assert_eq!(pixels.bytes(0..3 * BLOCK), bytes);
    }

    #[test]
    fn images_of_any_size_are_kept() {
        let large = usize::from(u16::MAX) + 1;
        let bytes = images(large, 2, 0.1);
        assert_eq!(built(&bytes, large, usize::MAX).bytes(0..2), bytes);
        assert_eq!(built(&[], 0, 1).images(), 0);
        assert_eq!(built(&[1, 2, 3], 2, 1).bytes(0..1), [1, 2], "half an image is none");
    }
}
