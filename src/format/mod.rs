//! Bytes: the model file, and how messages and headers are encoded. Knows no backend and no browser.

pub mod model_file;
pub mod wire;
