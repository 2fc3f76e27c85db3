//! Images and labels: the IDX files that MNIST comes as, the split into training and validation, the order of the
//! images in an epoch, and their random changes. Knows no network and no browser.

mod augment;
mod augmenter;
mod change;
mod dataset;
pub mod idx;
mod order;
mod origin;
pub mod own;
mod padded;
mod pixels;
mod subject;

pub use augment::{Augmentation, Draw, RandomChanges, augment};
pub use augmenter::Augmenter;
pub use change::Change;
pub use dataset::Dataset;
pub use order::epoch_order;
pub use origin::{FILES, Origin};
use padded::Padded;
pub use pixels::{InkPixel, Pixels, PixelsBuilder, SPARSE_BELOW, for_each_inked};
pub use subject::{Classes, Subject};

/// What the network gets for a pixel: ink from 0 to 1. `backend/gpu/gather.wgsl` holds the shader's twin.
#[inline(always)]
pub fn pixel_to_input(pixel: u8) -> f32 {
    f32::from(pixel) / 255.0
}
