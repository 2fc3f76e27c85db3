//! The network that the settings describe, as Keras's summary, as Keras code and as PyTorch code, to read and to copy.

use super::l10n::{L10n, count};
use super::share::write_to_clipboard;
use super::{Message, Page, dom};
use crate::Result;
use crate::code::{self, Summary};
use crate::settings::Settings;
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event, HtmlButtonElement};

/// The details `#code`.
pub struct Panel {
    root: Element,
    rows: Element,
    totals: Element,
    keras: Element,
    pytorch: Element,
    outcome: Element,
}

impl Panel {
    /// Finds its elements and listens.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Panel> {
        let panel = Panel {
            root: dom::by_id("code")?,
            rows: dom::by_id("summary-rows")?,
            totals: dom::by_id("summary-totals")?,
            keras: dom::by_id("code-keras")?,
            pytorch: dom::by_id("code-pytorch")?,
            outcome: dom::by_id("code-copied")?,
        };
        let sender = page.clone();
        dom::on(&panel.root, "toggle", move |_: Event| sender.send(Message::ShowCode));
        for (id, source) in [("copy-keras", &panel.keras), ("copy-pytorch", &panel.pytorch)] {
            let (button, sender, source): (HtmlButtonElement, _, _) = (dom::by_id(id)?, page.clone(), source.clone());
            dom::on(&button, "click", move |_: Event| {
                let (sender, text) = (sender.clone(), source.text_content().unwrap_or_default());
                spawn_local(async move {
                    sender.send(Message::CodeCopied(write_to_clipboard(&text).await.is_ok()));
                });
            });
        }
        Ok(panel)
    }

    /// Shows the network, if anybody looks.
    pub fn show(&self, l10n: &L10n, settings: &Settings) {
        let Ok(spec) = settings.spec() else { return };
        if !self.root.has_attribute("open") {
            return;
        }
        let config = settings.config();
        let programs = [(&self.keras, code::keras(&spec, &config)), (&self.pytorch, code::pytorch(&spec, &config))];
        if programs.iter().any(|(shown, program)| shown.text_content().as_ref() != Some(program)) {
            // What was copied is not what is there now.
            dom::set_text(&self.outcome, "");
        }
        programs.iter().for_each(|(shown, program)| dom::set_text(shown, program));
        let summary = Summary::of(&spec);
        if let Err(error) = self.show_rows(&summary) {
            web_sys::console::error_1(&error);
        }
        let args = [
            ("all", count((summary.trainable + summary.not_trainable) as u64).into()),
            ("trainable", count(summary.trainable as u64).into()),
            ("fixed", count(summary.not_trainable as u64).into()),
        ];
        dom::set_text(&self.totals, &l10n.text("summary-totals", &args));
    }

    fn show_rows(&self, summary: &Summary) -> std::result::Result<(), JsValue> {
        self.rows.set_text_content(None);
        for row in &summary.rows {
            let shape = row.outputs.iter().map(usize::to_string).collect::<Vec<_>>().join(", ");
            let line = dom::document().create_element("tr")?;
            for text in [format!("{} ({})", row.name, row.kind), format!("(None, {shape})"), count(row.parameters as u64)] {
                let cell = dom::document().create_element("td")?;
                cell.set_text_content(Some(&text));
                line.append_child(&cell)?;
            }
            self.rows.append_child(&line)?;
        }
        Ok(())
    }

    /// Says how copying went.
    pub fn copied(&self, l10n: &L10n, is_copied: bool) {
        dom::set_text(&self.outcome, &l10n.text(if is_copied { "code-copied" } else { "code-not-copied" }, &[]));
    }
}
