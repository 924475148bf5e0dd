//! What the library asks of the embedder: each question is an event, and `ps_answer` answers it.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::oneshot;

use crate::event::Event;
use crate::queue::Queue;

/// The questions of a host that have no answer yet.
#[derive(Debug)]
pub(crate) struct Questions {
    queue: Arc<Queue>,
    next: AtomicU64,
    open: Mutex<HashMap<u64, oneshot::Sender<String>>>,
}

/// One question, as long as somebody waits for its answer.
struct Open<'q> {
    questions: &'q Questions,
    id: u64,
}

impl Questions {
    pub(crate) fn new(queue: Arc<Queue>) -> Self {
        Self {
            queue,
            next: AtomicU64::new(1),
            open: Mutex::default(),
        }
    }

    /// Asks, and waits for the answer's JSON. `None` where the host is closed before.
    pub(crate) async fn ask<'e>(&self, event: impl FnOnce(u64) -> Event<'e>) -> Option<String> {
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        let (sender, answer) = oneshot::channel();
        self.open().insert(id, sender);
        let _open = Open {
            questions: self,
            id,
        };
        self.queue.push(&event(id));
        answer.await.ok()
    }

    /// Gives a question its answer. False where nobody waits for it.
    pub(crate) fn answer(&self, id: u64, answer: String) -> bool {
        let sender = self.open().remove(&id);
        sender.is_some_and(|sender| sender.send(answer).is_ok())
    }

    /// Ends every question without an answer.
    pub(crate) fn close(&self) {
        self.open().clear();
    }

    fn open(&self) -> MutexGuard<'_, HashMap<u64, oneshot::Sender<String>>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Open<'_> {
    fn drop(&mut self) {
        if self.questions.open().remove(&self.id).is_some() {
            self.questions.queue.withdraw(self.id);
        }
    }
}
