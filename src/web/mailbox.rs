//! A queue that one task waits on while event handlers fill it.

use futures_channel::oneshot;
use std::cell::RefCell;
use std::collections::VecDeque;
use std::rc::Rc;

struct Inner<T> {
    queue: VecDeque<T>,
    waiting: Option<oneshot::Sender<()>>,
}

/// Clones share one queue.
pub struct Mailbox<T>(Rc<RefCell<Inner<T>>>);

impl<T> Clone for Mailbox<T> {
    fn clone(&self) -> Mailbox<T> {
        Mailbox(Rc::clone(&self.0))
    }
}

impl<T> Mailbox<T> {
    /// An empty one.
    pub fn new() -> Mailbox<T> {
        Mailbox(Rc::new(RefCell::new(Inner { queue: VecDeque::new(), waiting: None })))
    }

    /// Adds at the end and wakes the waiting task.
    pub fn push(&self, item: T) {
        let waiting = {
            let mut inner = self.0.borrow_mut();
            inner.queue.push_back(item);
            inner.waiting.take()
        };
        if let Some(waiting) = waiting {
            // The task may have stopped waiting; the item is in the queue all the same.
            let _ = waiting.send(());
        }
    }

    /// The next item, if there is one.
    pub fn try_next(&self) -> Option<T> {
        self.0.borrow_mut().queue.pop_front()
    }

    /// Waits for the next item.
    pub async fn next(&self) -> T {
        loop {
            if let Some(item) = self.try_next() {
                return item;
            }
            let (sender, receiver) = oneshot::channel();
            self.0.borrow_mut().waiting = Some(sender);
            let _ = receiver.await;
        }
    }
}
