//! The button that copies the address of the whole experiment: settings, what a teacher's link hides or locks, and language.

use super::app::App;
use super::l10n::L10n;
use super::share::write_to_clipboard;
use super::{Message, Page, dom};
use crate::Result;
use wasm_bindgen_futures::spawn_local;
use web_sys::{Element, Event};

/// What happens here.
pub enum Action {
    Copy,
    /// It was copied, or the browser refused.
    Copied(bool),
    /// What was said of the link is no longer true: the settings changed.
    Forget,
}

/// `#copy-link` and what it says.
pub struct Panel {
    outcome: Element,
}

impl Panel {
    /// Listens to the button.
    ///
    /// Errors when index.html lacks an element.
    pub fn new(page: &Page) -> Result<Panel> {
        let (button, sender): (Element, _) = (dom::by_id("copy-link")?, page.clone());
        dom::on(&button, "click", move |_: Event| sender.send(Message::Link(Action::Copy)));
        Ok(Panel { outcome: dom::by_id("link-copied")? })
    }

    fn say(&self, l10n: &L10n, message: Option<&str>) {
        dom::set_text(&self.outcome, &message.map(|message| l10n.text(message, &[])).unwrap_or_default());
    }
}

impl App {
    /// Does what a person asked for.
    pub(super) fn link(&mut self, action: Action) {
        match action {
            Action::Copy => {
                let location = dom::window().location();
                let place = location.origin().unwrap_or_default() + &location.pathname().unwrap_or_default();
                let (link, sender) = (place + &self.address(true), self.page.clone());
                spawn_local(async move {
                    let is_copied = write_to_clipboard(&link).await.is_ok();
                    sender.send(Message::Link(Action::Copied(is_copied)));
                });
            }
            Action::Copied(is_copied) => {
                self.link.say(&self.l10n, Some(if is_copied { "link-copied" } else { "link-not-copied" }));
            }
            Action::Forget => self.link.say(&self.l10n, None),
        }
    }
}
