//! The five buttons that steer training. Which of them makes sense depends on the phase alone.

use super::l10n::L10n;
use super::run::Phase;
use super::{Message, Page, dom};
use crate::{Error, Result};
use web_sys::{Element, Event, HtmlButtonElement};

/// What a button asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Control {
    Train,
    /// Pause, or resume.
    Pause,
    Step,
    Stop,
    Reset,
}

/// The group `.controls`.
pub struct Controls {
    train: HtmlButtonElement,
    pause: HtmlButtonElement,
    pause_label: Element,
    step: HtmlButtonElement,
    stop: HtmlButtonElement,
    reset: HtmlButtonElement,
}

impl Controls {
    /// Listens to the buttons.
    ///
    /// Errors when index.html lacks one of them.
    pub fn new(page: &Page) -> Result<Controls> {
        let button = |id: &str, control: Control| -> Result<HtmlButtonElement> {
            let (button, sender): (HtmlButtonElement, _) = (dom::by_id(id)?, page.clone());
            dom::on(&button, "click", move |_: Event| sender.send(Message::Control(control)));
            Ok(button)
        };
        let pause = button("pause", Control::Pause)?;
        let unlabelled = || Error::State { reason: "#pause has no label".into() };
        Ok(Controls {
            train: button("train", Control::Train)?,
            pause_label: pause.last_element_child().ok_or_else(unlabelled)?,
            pause,
            step: button("step", Control::Step)?,
            stop: button("stop", Control::Stop)?,
            reset: button("reset", Control::Reset)?,
        })
    }

    /// Enables what makes sense now. `has_run`: there is something to stop or to throw away.
    pub fn show(&self, l10n: &L10n, phase: Phase, has_run: bool) {
        let (training, paused) = (phase == Phase::Training, phase == Phase::Paused);
        let resting = matches!(phase, Phase::Ready | Phase::Done | Phase::Failed);
        self.train.set_disabled(!resting);
        self.pause.set_disabled(!training && !paused);
        // The label says what a press does; a pressed state beside it would say the opposite.
        dom::set_text(&self.pause_label, &l10n.text(if paused { "resume" } else { "pause" }, &[]));
        self.step.set_disabled(!(paused || phase == Phase::Ready));
        self.stop.set_disabled(!(training || paused));
        self.reset.set_disabled(phase == Phase::Loading && !has_run);
    }
}
