//! What `Network.create` takes: the options' types for TypeScript, and how they are read and checked.

use super::describe;
use super::workers::workers_for;
use crate::choice::BackendChoice;
use crate::nn::{Activation, ModelSpec, Optimizer};
use crate::train::{Schedule, TrainConfig};
use crate::{Error, Result};
use js_sys::{Float32Array, Reflect};
use wasm_bindgen::{JsCast, JsValue, prelude::wasm_bindgen};

#[wasm_bindgen(typescript_custom_section)]
const TYPES: &str = r#"
/** What `Network.create` takes. */
export interface NetworkOptions {
  /** Sizes from input to output, for example [784, 128, 10]. */
  layers: number[];
  /** Of the hidden layers; "sigmoid" if left out. */
  activation?: "sigmoid" | "tanh" | "relu" | "leaky-relu" | "gelu" | "linear";
  /** "sgd" if left out. */
  optimizer?: "sgd" | "momentum" | "nesterov" | "rmsprop" | "adam" | "adamw";
  /** A usual one for the optimizer if left out. */
  learningRate?: number;
  /** Images in a mini-batch; 128 if left out. */
  batchSize?: number;
  /** "auto" (the default) takes the faster one, by a short race, and says why in `backendReason`; "webgpu" fails where there is none. */
  backend?: "auto" | "cpu" | "webgpu";
  /** CPU workers; the number of cores, at most 4, if left out. More than one needs a cross-origin isolated page. */
  workers?: number;
  /** Change every image at random, anew in each pass: turned, shifted, bent, with wider or narrower strokes a little. For square images; false if left out. */
  augment?: boolean;
  /** Draws the initial weights; 1 if left out. */
  seed?: number;
  /** All weights, layer by layer, W then b; W row-major (inputs, units). Drawn with `seed` if left out. */
  initialWeights?: Float32Array;
}
"#;

#[wasm_bindgen]
extern "C" {
    #[wasm_bindgen(typescript_type = "NetworkOptions")]
    pub type NetworkOptions;
}

/// The options, checked.
#[derive(Clone)]
pub struct Settings {
    pub spec: ModelSpec,
    pub config: TrainConfig,
    pub backend: BackendChoice,
    pub workers: usize,
    /// All weights, if they are given.
    pub initial_weights: Option<Vec<f32>>,
}

impl Settings {
    /// Errors with the first option that can't be used.
    pub fn read(options: &JsValue) -> Result<Settings> {
        if !options.is_object() {
            return Err(setting("options", describe(options), "an object such as {layers: [784, 128, 10]}"));
        }
        let layers = get(options, "layers");
        if !js_sys::Array::is_array(&layers) {
            return Err(setting("layers", describe(&layers), "an array such as [784, 128, 10]"));
        }
        let sizes = js_sys::Array::from(&layers)
            .iter()
            .map(|size| whole("layers", &size, f64::from(u32::MAX)).map(|size| size as usize))
            .collect::<Result<Vec<usize>>>()?;
        if sizes.len() < 2 {
            return Err(setting("layers", describe(&layers), "two sizes or more, such as [784, 128, 10]"));
        }
        let name = |key: &str| -> Result<Option<String>> {
            let value = get(options, key);
            if value.is_undefined() || value.is_null() {
                return Ok(None);
            }
            value.as_string().map(Some).ok_or_else(|| setting(key, describe(&value), "a string"))
        };
        let given = |key: &str| -> Option<JsValue> {
            let value = get(options, key);
            (!value.is_undefined() && !value.is_null()).then_some(value)
        };
        let activation = name("activation")?.map_or(Ok(Activation::Sigmoid), |name| Activation::parse(&name))?;
        let optimizer = name("optimizer")?.map_or(Ok(Optimizer::Sgd), |name| Optimizer::parse(&name))?;
        let backend = name("backend")?.map_or(Ok(BackendChoice::Auto), |name| BackendChoice::parse(&name))?;
        let learning_rate = match given("learningRate") {
            None => optimizer.usual_learning_rate(),
            Some(value) => value.as_f64().ok_or_else(|| setting("learningRate", describe(&value), "a number"))? as f32,
        };
        let whole_or = |key: &str, default: f64, most: f64| given(key).map_or(Ok(default), |value| whole(key, &value, most));
        let augment = match given("augment") {
            None => false,
            Some(value) => value.as_bool().ok_or_else(|| setting("augment", describe(&value), "true or false"))?,
        };
        let config = TrainConfig {
            optimizer,
            learning_rate,
            // The library is told one pass at a time and can't know where a run ends.
            schedule: Schedule::Constant,
            batch_size: whole_or("batchSize", 128.0, f64::from(u32::MAX))? as usize,
            epochs: 1,
            seed: whole_or("seed", 1.0, 9_007_199_254_740_991.0)? as u64,
            augment,
            ..TrainConfig::PLAIN
        }
        .check()?;
        let workers = whole_or("workers", workers_for(None) as f64, 1024.0)? as usize;
        let initial_weights = match given("initialWeights") {
            None => None,
            Some(value) => {
                let weights = value.dyn_into::<Float32Array>();
                Some(weights.map_err(|other| setting("initialWeights", describe(&other), "a Float32Array"))?.to_vec())
            }
        };
        Ok(Settings { spec: ModelSpec::mlp(&sizes, activation)?, config, backend, workers, initial_weights })
    }
}

fn setting(name: &str, value: impl ToString, allowed: &str) -> Error {
    Error::Setting { name: name.into(), value: value.to_string(), allowed: allowed.into() }
}

fn get(options: &JsValue, name: &str) -> JsValue {
    Reflect::get(options, &name.into()).unwrap_or(JsValue::UNDEFINED)
}

fn whole(name: &str, value: &JsValue, most: f64) -> Result<f64> {
    match value.as_f64() {
        Some(number) if number >= 0.0 && number <= most && number.fract() == 0.0 => Ok(number),
        _ => Err(setting(name, describe(value), &format!("a whole number from 0 to {}", most as u64))),
    }
}
