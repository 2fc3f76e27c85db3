//! The result of a run as text, for whoever wants to compare: what, on which device, how fast, how well.

use super::l10n::{L10n, count, fine_percent};
use super::run::Run;
use super::status::{reached_sentence, time_sentence};
use super::{Message, Page, dom, subject};
use crate::Result;
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlButtonElement, HtmlTextAreaElement};

#[wasm_bindgen]
extern "C" {
    /// Throws where the browser has no clipboard, as on pages without https.
    #[wasm_bindgen(catch, js_namespace = ["navigator", "clipboard"], js_name = writeText)]
    pub(super) async fn write_to_clipboard(text: &str) -> std::result::Result<JsValue, JsValue>;
}

/// The part `.share` of the section `.train`.
pub struct Share {
    button: HtmlButtonElement,
    outcome: Element,
    rule: Element,
    /// Holds the text where it can't be copied, so that a person can do it.
    text: HtmlTextAreaElement,
}

impl Share {
    /// Listens to the button.
    ///
    /// Errors when index.html lacks an element.
    pub fn new(page: &Page) -> Result<Share> {
        let (button, sender): (HtmlButtonElement, _) = (dom::by_id("copy")?, page.clone());
        dom::on(&button, "click", move |_: Event| sender.send(Message::Copy));
        let (card, sender): (HtmlButtonElement, _) = (dom::by_id("card")?, page.clone());
        dom::on(&card, "click", move |_: Event| sender.send(Message::SaveCard));
        Ok(Share { button, outcome: dom::by_id("copied")?, rule: dom::by_id("times-rule")?, text: dom::by_id("result-text")? })
    }

    /// A run that is over has a result; what was said about another one goes.
    pub fn show(&self, l10n: &L10n, run: Option<&Run>) {
        let is_over = run.is_some_and(|run| run.test.is_some());
        self.button.set_disabled(!is_over);
        if !is_over {
            dom::set_text(&self.outcome, "");
            dom::show(&self.text, false);
        }
        let preparing = run.and_then(|run| run.preparing).map(|seconds| time_sentence(l10n, seconds));
        let rule = match preparing {
            None => l10n.text("times-rule", &[]),
            Some(time) => l10n.text("times-rule-preparing", &[("preparing", time.into())]),
        };
        dom::set_text(&self.rule, &rule);
    }

    /// Puts `text` on the clipboard; [`Message::Copied`] tells how that went.
    pub fn copy(&self, page: &Page, text: String) {
        let sender = page.clone();
        spawn_local(async move {
            let copied = write_to_clipboard(&text).await;
            sender.send(Message::Copied(copied.map(|_| ()).map_err(|_| text)));
        });
    }

    /// Says how copying went; a text that could not be copied is shown and selected.
    pub fn copied(&self, l10n: &L10n, outcome: std::result::Result<(), String>) {
        dom::show(&self.text, outcome.is_err());
        match outcome {
            Ok(()) => dom::set_text(&self.outcome, &l10n.text("copied", &[])),
            Err(text) => {
                dom::set_text(&self.outcome, &l10n.text("not-copied", &[]));
                self.text.set_value(&text);
                if let Err(error) = self.text.focus() {
                    web_sys::console::error_1(&error);
                }
                self.text.select();
            }
        }
    }
}

/// The text.
pub fn text(l10n: &L10n, run: &Run, device: &str, now: f64) -> String {
    let location = dom::window().location();
    let page = location.origin().unwrap_or_default() + &location.pathname().unwrap_or_default();
    let navigator = dom::window().navigator();
    let percent = |share: Option<f32>| share.map(fine_percent).unwrap_or_else(|| "–".into());
    let time = |seconds: Option<f64>| seconds.map_or_else(|| "–".into(), |seconds| time_sentence(l10n, seconds));
    let blocks = run.settings.layers.iter().map(|block| format!("-{block}")).collect::<String>();
    let read = run.settings.subject();
    l10n.text(
        "result-text",
        &[
            ("test", percent(run.test.map(|test| test.accuracy)).into()),
            ("validation", percent(run.validation.map(|validation| validation.accuracy)).into()),
            ("to97", reached_sentence(l10n, run, 0).into()),
            ("to98", reached_sentence(l10n, run, 1).into()),
            ("total", time(Some(run.stopwatch.seconds(now))).into()),
            ("preparing", time(run.preparing).into()),
            ("data", subject::data(l10n, run.settings.data).into()),
            ("network", format!("{}{blocks}-{}", read.inputs(), read.count()).into()),
            ("steps", count(run.progress.step).into()),
            ("epochs", format!("{:.2}", run.epochs_done()).into()),
            ("seed", run.settings.seed.to_string().into()),
            ("augment", crate::settings::switch(run.settings.augment).into()),
            ("rate", if run.rate_changed { "changed" } else { "kept" }.into()),
            ("device", device.into()),
            ("browser", navigator.user_agent().unwrap_or_default().into()),
            ("cores", (navigator.hardware_concurrency() as u32).into()),
            ("address", format!("{page}?{}", run.settings.to_query()).into()),
        ],
    )
}
