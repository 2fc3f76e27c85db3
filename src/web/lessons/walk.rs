//! A walk through an exhibit's steps, one at a time or all of them, each of which takes a while to arrive.

use super::controls::{add, button};
use super::stage::{Next, Stage};
use crate::Result;
use std::cell::Cell;
use std::rc::Rc;
use web_sys::Element;

/// How much of a step is gone in a frame.
const SPEED: f32 = 0.025;

/// See the module's documentation. Clones are the same walk.
#[derive(Clone)]
pub struct Walk(Rc<State>);

struct State {
    last: usize,
    at: Cell<usize>,
    share: Cell<f32>,
    is_running: Cell<bool>,
}

impl Walk {
    /// Its buttons, with ids that begin with `name`.
    pub fn new(stage: &Stage, parent: &Element, name: &str, last: usize) -> Result<Walk> {
        let state = State { last, at: Cell::new(0), share: Cell::new(1.0), is_running: Cell::new(false) };
        let walk = Walk(Rc::new(state));
        let buttons = add(parent, "div", "buttons")?;
        let back = walk.clone();
        button(stage, &buttons, &format!("{name}-back"), &stage.text("walk-back", &[]), move || {
            back.go(back.at().saturating_sub(1));
        })?;
        let next = walk.clone();
        button(stage, &buttons, &format!("{name}-next"), &stage.text("walk-next", &[]), move || {
            next.0.is_running.set(false);
            next.start();
        })?;
        let run = walk.clone();
        button(stage, &buttons, &format!("{name}-run"), &stage.text("walk-run", &[]), move || {
            if run.at() == run.0.last {
                run.go(0);
            }
            run.0.is_running.set(true);
        })?;
        Ok(walk)
    }

    /// The step that is shown; 0 is before the first.
    pub fn at(&self) -> usize {
        self.0.at.get()
    }

    /// How much of it is gone: 1 when it has arrived.
    pub fn share(&self) -> f32 {
        self.0.share.get()
    }

    /// Whether this step has arrived.
    pub fn has(&self, step: usize) -> bool {
        self.at() > step || self.at() == step && self.share() >= 1.0
    }

    /// There at once.
    pub fn go(&self, step: usize) {
        self.0.at.set(step.min(self.0.last));
        self.0.share.set(1.0);
        self.0.is_running.set(false);
    }

    fn start(&self) {
        if self.at() < self.0.last {
            self.0.at.set(self.at() + 1);
            self.0.share.set(0.0);
        }
    }

    /// A frame later. Where nothing is to move, steps arrive at once.
    pub fn advance(&self, is_still: bool) -> Next {
        if self.share() >= 1.0 && self.0.is_running.get() {
            self.start();
        }
        self.0.share.set(if is_still { 1.0 } else { (self.share() + SPEED).min(1.0) });
        self.0.is_running.set(self.0.is_running.get() && self.at() < self.0.last);
        if self.share() < 1.0 || self.0.is_running.get() { Next::Frame } else { Next::Rest }
    }
}
