//! Bytes: the model file, and how messages, headers and arrays of numbers are encoded. Knows no backend and no browser.

pub mod model_file;
pub mod numbers;
pub mod wire;
