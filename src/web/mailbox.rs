//! A queue that one task waits on while event handlers fill it.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Poll, Waker};

struct Inner<T> {
    queue: VecDeque<T>,
    waiting: Option<Waker>,
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
            waiting.wake();
        }
    }

    /// Whether a task waits for the next item.
    pub fn is_awaited(&self) -> bool {
        self.0.borrow().waiting.is_some()
    }

    /// The next item, if there is one.
    pub fn try_next(&self) -> Option<T> {
        self.0.borrow_mut().queue.pop_front()
    }

    /// Waits for the next item.
    pub async fn next(&self) -> T {
        poll_fn(|context| match self.try_next() {
            Some(item) => Poll::Ready(item),
            None => {
                self.0.borrow_mut().waiting = Some(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }
}
