//! Which tasks are done, kept in the browser. Where it keeps nothing, they are remembered until the page is closed.

use crate::tasks;
use crate::web::dom;
use std::cell::RefCell;
use std::collections::BTreeSet;

const STORED: &str = "inkling-lessons";

/// Tasks as `lesson/task`.
pub struct Progress {
    done: RefCell<BTreeSet<String>>,
}

impl Progress {
    /// What was done before.
    pub fn load() -> Progress {
        let stored = dom::window().local_storage().ok().flatten().and_then(|storage| storage.get_item(STORED).ok().flatten());
        Progress { done: RefCell::new(tasks::decode(&stored.unwrap_or_default())) }
    }

    /// Whether the task is done.
    pub fn is_done(&self, lesson: &str, task: &str) -> bool {
        self.done.borrow().contains(&format!("{lesson}/{task}"))
    }

    /// Remembers that it is.
    pub fn set_done(&self, lesson: &str, task: &str) {
        let mut done = self.done.borrow_mut();
        done.insert(format!("{lesson}/{task}"));
        if let Ok(Some(storage)) = dom::window().local_storage() {
            let _ = storage.set_item(STORED, &tasks::encode(&done));
        }
    }
}
