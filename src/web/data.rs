//! The data set that the page has fetched: four IDX files, compressed.

use super::gzip;
use crate::data::{Dataset, idx};
use crate::train::Data;
use crate::{Error, Result};
use js_sys::Array;
use std::sync::Arc;
use wasm_bindgen::JsCast;
use web_sys::Blob;

/// Digits, or kinds of clothing.
const CLASSES: usize = 10;

/// Unpacks and reads them: [`FILES`](crate::data::FILES), in their order.
///
/// Errors when one is not what it should be.
pub async fn read(files: &Array) -> Result<Data> {
    let [training_images, training_labels, test_images, test_labels] = crate::data::FILES;
    let training = set(files, [(0, training_images), (1, training_labels)]).await?;
    Ok(Data { training, test: set(files, [(2, test_images), (3, test_labels)]).await? })
}

async fn set(files: &Array, [(images, images_name), (labels, labels_name)]: [(u32, &str); 2]) -> Result<Arc<Dataset>> {
    let mut reader = idx::ImageReader::default();
    gzip::unpack(&file(files, images, images_name)?, images_name, |piece| reader.push(&piece.to_vec())).await?;
    let labels = gzip::unpacked(&file(files, labels, labels_name)?, labels_name).await?;
    reader.finish(&labels, CLASSES).map(Arc::new)
}

fn file(files: &Array, place: u32, name: &str) -> Result<Blob> {
    let missing = |_| Error::Malformed { what: name.into(), reason: "it is no file".into() };
    files.get(place).dyn_into().map_err(missing)
}
