//! Bytes: the model file, and how arrays of numbers are encoded. Knows no backend and no browser.

pub mod model_file;
pub mod numbers;
pub mod packed;
