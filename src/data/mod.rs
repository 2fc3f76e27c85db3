//! Images and labels: the IDX files that MNIST comes as, the split into training and validation, and the order of the
//! images in an epoch. Knows no network and no browser.

mod augment;
mod change;
mod dataset;
pub mod idx;
mod order;

pub use augment::{Augmentation, Draw, augment};
pub use change::Change;
pub use dataset::Dataset;
pub use order::epoch_order;

/// Of the 60,000 training images, the last 5,000 are kept aside to validate on; the test set is only reported.
pub const VALIDATION_IMAGES: usize = 5_000;

/// What the network gets for a pixel: ink from 0 to 1. `backend/gpu/gather.wgsl` holds the shader's twin.
#[inline(always)]
pub fn pixel_to_input(pixel: u8) -> f32 {
    f32::from(pixel) / 255.0
}
