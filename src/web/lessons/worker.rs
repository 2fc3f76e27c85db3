//! A lesson's own worker, which has the images and trains: started when it is first needed, ended with the lesson. The page
//! fetches the images.

use super::page;
use super::stage::Stage;
use crate::backend::BackendKind;
use crate::protocol::{Command, Event};
use crate::web::dom;
use crate::web::mailbox::Mailbox;
use crate::web::workers::Workers;
use crate::{Error, Result};
use js_sys::Array;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::CustomEvent;

/// Where the images are.
#[derive(Clone, Debug, PartialEq)]
pub enum Images {
    Absent,
    /// So many hundredths are here.
    Coming(u32),
    Here,
    Failed(String),
}

/// See the module's documentation.
pub struct Worker {
    stage: Stage,
    running: RefCell<Option<Workers>>,
    events: Mailbox<(Event, Option<Vec<u8>>)>,
    /// What the page says about the images.
    news: Mailbox<JsValue>,
    images: RefCell<Images>,
}

impl Worker {
    /// One that has not been started. The stage draws again on each of its events.
    pub fn new(stage: &Stage) -> Worker {
        let news = Mailbox::new();
        let (heard, again) = (news.clone(), stage.clone());
        stage.on(&dom::document(), page::IMAGES, move |event: CustomEvent| {
            heard.push(event.detail());
            again.redraw();
        });
        let images = RefCell::new(Images::Absent);
        Worker { stage: stage.clone(), running: RefCell::new(None), events: Mailbox::new(), news, images }
    }

    /// Has it get the images, unless they are here or on their way.
    pub fn load(&self) {
        if matches!(*self.images.borrow(), Images::Coming(_) | Images::Here) {
            return;
        }
        self.images.replace(Images::Coming(0));
        self.take(&page::images(false));
    }

    /// Takes what the page says about the images.
    fn take(&self, news: &JsValue) {
        if !matches!(*self.images.borrow(), Images::Coming(_)) {
            return;
        }
        if let Some(files) = news.dyn_ref::<Array>() {
            self.pass(|workers| workers.send_data("", files));
        } else if let Some(percent) = news.as_f64() {
            self.images.replace(Images::Coming(percent as u32));
        } else if let Some(reason) = news.as_string() {
            self.images.replace(Images::Failed(reason));
        }
    }

    /// Sends a command with its payload; starts the worker if it is not running.
    pub fn send(&self, command: &Command, payload: Option<&[u8]>) {
        self.pass(|workers| workers.send(command, payload));
    }

    fn pass(&self, send: impl FnOnce(&Workers) -> Result<()>) {
        if !self.is_alive() && *self.images.borrow() == Images::Here {
            // The next one has none.
            self.images.replace(Images::Absent);
        }
        let mut running = self.running.borrow_mut();
        let sent = match running.take().filter(Workers::alive).map_or_else(|| self.start(), Ok) {
            Ok(workers) => send(running.insert(workers)),
            Err(error) => Err(error),
        };
        if let Err(error) = sent {
            self.events.push((Event::Failed { run: 0, error }, None));
            self.stage.redraw();
        }
    }

    fn is_alive(&self) -> bool {
        self.running.borrow().as_ref().is_some_and(Workers::alive)
    }

    fn start(&self) -> Result<Workers> {
        let (stage, events) = (self.stage.clone(), self.events.clone());
        Workers::start(BackendKind::Cpu, 1, move |event, payload| {
            events.push((event, payload));
            stage.redraw();
        })
    }

    /// The next event with its payload, if one has come.
    pub fn next(&self) -> Option<(Event, Option<Vec<u8>>)> {
        while let Some(news) = self.news.try_next() {
            let has_asked = matches!(*self.images.borrow(), Images::Coming(_));
            // The page has started only now, and has not heard what was asked before.
            self.take(&if news.is_null() && has_asked { page::images(false) } else { news });
        }
        let next = self.events.try_next()?;
        match &next.0 {
            Event::DataRefused { error, .. } => self.refused(error),
            Event::DataReady { .. } => drop(self.images.replace(Images::Here)),
            Event::Failed { error, .. } if *self.images.borrow() != Images::Here || !self.is_alive() => {
                self.images.replace(Images::Failed(self.stage.error(error)));
            }
            _ => {}
        }
        Some(next)
    }

    /// The images are damaged: the page fetches them again, once.
    fn refused(&self, error: &Error) {
        let news = page::images(true);
        if news.is_null() { drop(self.images.replace(Images::Failed(self.stage.error(error)))) } else { self.take(&news) }
    }

    /// Where the images are.
    pub fn images(&self) -> Images {
        self.images.borrow().clone()
    }

    /// The same as a sentence; nothing before they were asked for.
    pub fn said(&self, words: &Stage) -> String {
        match self.images() {
            Images::Absent => String::new(),
            Images::Coming(percent) => words.text("images-coming", &[("percent", percent.into())]),
            Images::Here => words.text("images-here", &[]),
            Images::Failed(reason) => words.text("worker-failed", &[("reason", reason.into())]),
        }
    }
}
