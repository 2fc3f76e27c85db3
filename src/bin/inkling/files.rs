//! Files from disk: the data set and model files.

use flate2::read::GzDecoder;
use inkling::data::{Dataset, idx};
use inkling::format::model_file::{self, ModelFile};
use inkling::train::Data;
use inkling::{Error, Result};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::sync::Arc;

/// An operating system's error with the file's name.
pub fn failed(path: &Path, error: &std::io::Error) -> Error {
    Error::Fetch { what: path.display().to_string(), reason: error.to_string() }
}

/// The four MNIST files in `folder`; of the training images the first `images`, or all.
pub fn read_data(folder: &Path, images: Option<u32>) -> Result<Data> {
    let read = |name: &str| -> Result<Vec<u8>> {
        let path = folder.join(format!("{name}.gz"));
        let file = fs::File::open(&path).map_err(|e| failed(&path, &e))?;
        let mut bytes = Vec::new();
        GzDecoder::new(file).read_to_end(&mut bytes).map_err(|e| failed(&path, &e))?;
        Ok(bytes)
    };
    let set =
        |images: &str, labels: &str| -> Result<Arc<Dataset>> { idx::dataset(read(images)?, read(labels)?, 10).map(Arc::new) };
    let all = set("train-images-idx3-ubyte", "train-labels-idx1-ubyte")?;
    let (inputs, images) = (all.inputs(), images.map_or(all.len(), |n| all.len().min(n as usize)));
    let first = Dataset::new(all.pixels(0..images), all.labels()[..images].to_vec(), inputs, 10)?;
    Ok(Data { training: Arc::new(first), test: set("t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte")? })
}

/// A model file.
pub fn read_model(path: &Path) -> Result<ModelFile> {
    model_file::decode(&fs::read(path).map_err(|e| failed(path, &e))?)
}
