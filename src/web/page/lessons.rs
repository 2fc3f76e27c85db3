//! What the lessons, a module of their own, may ask of the page. They dispatch `inkling-ask` on the document with an object as
//! its detail, and before that call returns the page has filled in the keys that the object has: `drawing` (a Float32Array of the
//! 784 inputs, or null while there is no ink), `network` (the model file's bytes of the network in use, or, if that reads no
//! digits, of the one that ships with the page; or null), and `images` or, if these were damaged, `images-again` (an array of
//! MNIST's compressed files, or the percentage of them that is here; null if they were damaged again). The page dispatches
//! `inkling-drawing` and
//! `inkling-network` when these have changed, and `inkling-images` with the same in its detail as `images`, with a sentence if
//! they can't be had, or with null once the page has started: who asked before asks again.

use super::app::App;
use super::network::Network;
use super::{Message, Page, dom};
use crate::format::model_file;
use crate::ink;
use js_sys::{Float32Array, Object, Reflect, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{CustomEvent, CustomEventInit, Event};

/// What has changed.
pub const DRAWING: &str = "inkling-drawing";
pub const NETWORK: &str = "inkling-network";

/// Hears the lessons' questions.
pub fn listen(page: &Page) {
    let sender = page.clone();
    dom::on(&dom::document(), "inkling-ask", move |event: CustomEvent| {
        if let Ok(wanted) = event.detail().dyn_into::<Object>() {
            sender.send(Message::Asked(wanted));
        }
    });
}

/// Tells the lessons, if any listens, that this has changed.
pub fn tell(what: &str) {
    if let Ok(event) = Event::new(what) {
        let _ = dom::document().dispatch_event(&event);
    }
}

/// Tells the lessons what has become of MNIST's images.
pub fn tell_images(what: &JsValue) {
    let init = CustomEventInit::new();
    init.set_detail(what);
    if let Ok(event) = CustomEvent::new_with_event_init_dict("inkling-images", &init) {
        let _ = dom::document().dispatch_event(&event);
    }
}

impl App {
    /// Fills in what a lesson asks for.
    pub(super) fn answer_lesson(&mut self, wanted: &Object) {
        for (name, are_damaged) in [("images", false), ("images-again", true)] {
            if Reflect::has(wanted, &name.into()).unwrap_or(false) {
                let _ = Reflect::set(wanted, &name.into(), &self.images_for_lesson(are_damaged));
            }
        }
        let drawing = || match &self.image {
            Some(image) => Float32Array::from(&ink::to_input(image)[..]).into(),
            None => JsValue::NULL,
        };
        let network = || {
            // The lessons are about digits.
            let reads_digits = self.network.as_ref().filter(|network| network.subject.is_digits());
            let file = reads_digits.map(Network::to_file).or_else(|| self.shipped.clone());
            let bytes = file.and_then(|file| model_file::encode(&file).ok());
            bytes.map_or(JsValue::NULL, |bytes| Uint8Array::from(&bytes[..]).into())
        };
        for (name, answer) in [("drawing", &drawing as &dyn Fn() -> JsValue), ("network", &network)] {
            if Reflect::has(wanted, &name.into()).unwrap_or(false) {
                let _ = Reflect::set(wanted, &name.into(), &answer());
            }
        }
    }
}
