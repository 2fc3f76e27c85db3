//! What a lesson asks of the page: the visitor's drawing and the network in use (`web::page::lessons` answers).

use crate::format::model_file::{self, ModelFile};
use crate::web::dom;
use js_sys::{Float32Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, CustomEventInit};

/// What MNIST's images have come to: see `web::page::lessons`.
pub const IMAGES: &str = "inkling-images";
/// The page says so when these have changed.
pub const DRAWING: &str = "inkling-drawing";
pub const NETWORK: &str = "inkling-network";

/// The 784 inputs of the visitor's drawing; `None` while there is no ink.
pub fn drawing() -> Option<Vec<f32>> {
    ask("drawing")?.dyn_into::<Float32Array>().ok().map(|inputs| inputs.to_vec())
}

/// The network in use.
pub fn network() -> Option<ModelFile> {
    let bytes = ask("network")?.dyn_into::<Uint8Array>().ok()?.to_vec();
    model_file::decode(&bytes).ok()
}

/// MNIST's images, or what they have come to: an array, a number or a sentence. They were damaged, if they are asked for `again`.
pub fn images(again: bool) -> JsValue {
    ask(if again { "images-again" } else { "images" }).unwrap_or(JsValue::NULL)
}

fn ask(name: &str) -> Option<JsValue> {
    let wanted = Object::new();
    Reflect::set(&wanted, &name.into(), &JsValue::NULL).ok()?;
    let init = CustomEventInit::new();
    init.set_detail(&wanted);
    let event = CustomEvent::new_with_event_init_dict("inkling-ask", &init).ok()?;
    dom::document().dispatch_event(&event).ok()?;
    Reflect::get(&wanted, &name.into()).ok()
}
