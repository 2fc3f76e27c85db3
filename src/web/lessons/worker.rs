//! A lesson's own worker, which has the images and trains: started when it is first needed, ended with the lesson. Images come from
//! the browser's cache if they were loaded before, here or on the page.

use super::stage::Stage;
use crate::backend::BackendKind;
use crate::protocol::{Command, Event};
use crate::web::dom;
use crate::web::mailbox::Mailbox;
use crate::web::workers::Workers;
use std::cell::RefCell;

/// Where the images are.
#[derive(Clone, Debug, PartialEq)]
pub enum Images {
    Absent,
    /// So many hundredths are here.
    Coming(u64),
    Here,
    Failed(String),
}

/// See the module's documentation.
pub struct Worker {
    stage: Stage,
    running: RefCell<Option<Workers>>,
    events: Mailbox<(Event, Option<Vec<u8>>)>,
    images: RefCell<Images>,
}

impl Worker {
    /// One that has not been started. The stage draws again on each of its events.
    pub fn new(stage: &Stage) -> Worker {
        Worker { stage: stage.clone(), running: RefCell::new(None), events: Mailbox::new(), images: RefCell::new(Images::Absent) }
    }

    /// Has it get the images, unless they are here or on their way.
    pub fn load(&self) {
        if matches!(*self.images.borrow(), Images::Coming(_) | Images::Here) {
            return;
        }
        self.images.replace(Images::Coming(0));
        let page = dom::document().base_uri().ok().flatten().unwrap_or_default();
        match web_sys::Url::new_with_base("./data/", &page) {
            Ok(url) => self.send(&Command::LoadData { base: url.href() }, None),
            Err(error) => drop(self.images.replace(Images::Failed(crate::web::describe(&error)))),
        }
    }

    /// Sends a command with its payload; starts the worker if it is not running.
    pub fn send(&self, command: &Command, payload: Option<&[u8]>) {
        let mut running = self.running.borrow_mut();
        let sent = match running.take().filter(Workers::alive).map_or_else(|| self.start(), Ok) {
            Ok(workers) => running.insert(workers).send(command, payload),
            Err(error) => Err(error),
        };
        if let Err(error) = sent {
            self.events.push((Event::Failed { run: 0, error }, None));
            self.stage.redraw();
        }
    }

    fn start(&self) -> crate::Result<Workers> {
        let (stage, events) = (self.stage.clone(), self.events.clone());
        Workers::start(BackendKind::Cpu, 1, move |event, payload| {
            events.push((event, payload));
            stage.redraw();
        })
    }

    /// The next event with its payload, if one has come.
    pub fn next(&self) -> Option<(Event, Option<Vec<u8>>)> {
        let next = self.events.try_next()?;
        match &next.0 {
            Event::DataProgress { loaded, total } => drop(self.images.replace(Images::Coming(100 * loaded / (*total).max(1)))),
            Event::DataReady { .. } => drop(self.images.replace(Images::Here)),
            Event::Failed { error, .. } if *self.images.borrow() != Images::Here => {
                self.images.replace(Images::Failed(error.to_string()));
            }
            _ => {}
        }
        Some(next)
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
