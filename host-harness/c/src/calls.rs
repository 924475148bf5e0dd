//! The calls of a host that are under way. Each that is accepted has exactly one event, `answer` or `error`,
//! even where the library panics.

use std::collections::HashMap;
use std::future::Future;
use std::panic::AssertUnwindSafe;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use futures_util::FutureExt;
use polysync_host::PluginIdentity;
use serde::Serialize;
use serde_json::value::RawValue;
use tokio::runtime::Handle;
use tokio::sync::{Notify, oneshot};

use crate::errors::Failure;
use crate::event::Event;
use crate::panics;
use crate::queue::Queue;
use crate::status::PsStatus;

/// Calls that are under way, or whose end nobody took yet, at the most.
pub(crate) const MOST_CALLS: usize = 65_536;

/// Of all events that nobody took yet, in bytes: with more of them no call is begun.
pub(crate) const MOST_BYTES: usize = 256 << 20;

/// What a call gave, and which plugin was asked.
pub(crate) struct Outcome {
    pub(crate) answer: Result<Box<RawValue>, Failure>,
    pub(crate) plugin: Option<Arc<PluginIdentity>>,
}

/// The calls under way.
#[derive(Debug)]
pub(crate) struct Calls {
    queue: Arc<Queue>,
    /// Of calls.
    most: usize,
    /// Of untaken events, in bytes.
    most_bytes: usize,
    next: AtomicU64,
    open: Mutex<Open>,
    /// Told each time that a call has ended.
    ended: Notify,
}

#[derive(Debug, Default)]
struct Open {
    is_closing: bool,
    /// What ends each call early; none where that was asked already.
    cancels: HashMap<u64, Option<oneshot::Sender<Failure>>>,
}

impl Outcome {
    /// An answer of the library's own.
    pub(crate) fn own(answer: Result<impl Serialize, Failure>) -> Self {
        Self {
            answer: answer.map(|answer| json(&answer)),
            plugin: None,
        }
    }
}

/// The JSON of an answer.
pub(crate) fn json(answer: &impl Serialize) -> Box<RawValue> {
    // Contract values are structs of text and numbers, which are always JSON.
    serde_json::value::to_raw_value(answer).unwrap_or_default()
}

impl Calls {
    pub(crate) fn new(queue: Arc<Queue>, most: usize, most_bytes: usize) -> Self {
        Self {
            queue,
            most,
            most_bytes,
            next: AtomicU64::new(1),
            open: Mutex::default(),
            ended: Notify::new(),
        }
    }

    /// Begins a call, and returns its number.
    ///
    /// # Errors
    /// The host is closing, or too many calls are under way.
    pub(crate) fn begin(
        self: &Arc<Self>,
        runtime: &Handle,
        call: impl Future<Output = Outcome> + Send + 'static,
    ) -> Result<u64, Failure> {
        let (cancel, cancelled) = oneshot::channel();
        let id = self.next.fetch_add(1, Ordering::Relaxed);
        {
            let mut open = self.open();
            if open.is_closing {
                return Err(closing());
            }
            let calls = open.cancels.len().saturating_add(self.queue.ends());
            if calls >= self.most || self.queue.bytes() >= self.most_bytes {
                return Err(Failure::host(
                    PsStatus::Busy,
                    "TooManyCalls",
                    "too many calls are under way, or too many of their ends aren't taken",
                    "Take their ends with ps_next, and then call again.",
                ));
            }
            open.cancels.insert(id, Some(cancel));
        }
        let end = End {
            calls: Arc::clone(self),
            id,
            began: Instant::now(),
            is_told: false,
        };
        runtime.spawn(async move {
            let call = AssertUnwindSafe(call).catch_unwind();
            let outcome = tokio::select! {
                biased;
                // An error means that the table of calls is gone, and with it whoever would ask.
                Ok(why) = cancelled => failed(why),
                outcome = call => outcome.unwrap_or_else(|panic| failed(panics::failure(&*panic))),
            };
            end.tell(outcome);
        });
        Ok(id)
    }

    /// Ends a call early. Its event comes all the same. False where it has ended already.
    pub(crate) fn cancel(&self, id: u64) -> bool {
        let cancel = self.open().cancels.get_mut(&id).and_then(Option::take);
        cancel.is_some_and(|cancel| cancel.send(cancelled_failure()).is_ok())
    }

    /// Accepts no further calls, ends those under way, and waits for their events.
    pub(crate) async fn close(&self) {
        let cancels: Vec<_> = {
            let mut open = self.open();
            open.is_closing = true;
            open.cancels.values_mut().filter_map(Option::take).collect()
        };
        for cancel in cancels {
            let _ = cancel.send(closing());
        }
        self.ended_all().await;
    }

    /// Waits until no call is under way.
    async fn ended_all(&self) {
        loop {
            let ended = self.ended.notified();
            if self.open().cancels.is_empty() {
                return;
            }
            ended.await;
        }
    }

    fn end(&self, id: u64, outcome: Outcome, began: Instant) {
        let microseconds = u64::try_from(began.elapsed().as_micros()).unwrap_or(u64::MAX);
        let plugin = outcome.plugin.as_deref();
        self.queue.push(&match outcome.answer {
            Ok(answer) => Event::Answer {
                call: id,
                answer,
                plugin,
                microseconds,
            },
            Err(ref error) => Event::Error {
                call: id,
                error,
                plugin,
                microseconds,
            },
        });
        self.open().cancels.remove(&id);
        self.ended.notify_waiters();
    }

    fn open(&self) -> MutexGuard<'_, Open> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The end of one call, which is told whatever happens: also where dropping the call panics.
struct End {
    calls: Arc<Calls>,
    id: u64,
    began: Instant,
    is_told: bool,
}

impl End {
    fn tell(mut self, outcome: Outcome) {
        self.is_told = true;
        self.calls.end(self.id, outcome, self.began);
    }
}

impl Drop for End {
    fn drop(&mut self) {
        if !self.is_told {
            let outcome = failed(panics::failure(&"a call was broken off"));
            self.calls.end(self.id, outcome, self.began);
        }
    }
}

fn failed(failure: Failure) -> Outcome {
    Outcome {
        answer: Err(failure),
        plugin: None,
    }
}

fn cancelled_failure() -> Failure {
    Failure::host(
        PsStatus::Ok,
        "Cancelled",
        "the call was cancelled",
        "The platform may have done what was asked up to then.",
    )
}

fn closing() -> Failure {
    Failure::host(
        PsStatus::Closed,
        "HostClosed",
        "the host is closed",
        "Make a new host.",
    )
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;
    use crate::queue::Next;

    async fn answered() -> Outcome {
        Outcome::own(Ok(true))
    }

    fn next(queue: &Queue) -> serde_json::Value {
        match queue.next(Duration::from_secs(60)) {
            Next::Event(text) => serde_json::from_str(&text).expect("JSON"),
            other => panic!("no event but {other:?}"),
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn no_more_calls_are_taken_than_their_ends_fit_into_memory() {
        let queue = Arc::new(Queue::default());
        let calls = Arc::new(Calls::new(Arc::clone(&queue), 2, MOST_BYTES));
        let begin = || calls.begin(&Handle::current(), answered());
        begin().expect("the first");
        begin().expect("the second");
        let refused = begin().expect_err("the third");
        assert_eq!(refused.status(), PsStatus::Busy);
        // They stay counted when they have ended, until somebody takes their ends.
        calls.ended_all().await;
        assert_eq!(begin().expect_err("the third").status(), PsStatus::Busy);
        next(&queue);
        begin().expect("there is room");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn no_call_is_taken_while_the_events_that_nobody_took_are_too_large() {
        let queue = Arc::new(Queue::default());
        let calls = Arc::new(Calls::new(Arc::clone(&queue), 10, 1));
        let begin = || calls.begin(&Handle::current(), answered());
        begin().expect("the first");
        calls.ended_all().await;
        assert_eq!(begin().expect_err("the second").status(), PsStatus::Busy);
        next(&queue);
        begin().expect("there is room");
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_call_in_which_the_library_panics_has_its_event_all_the_same() {
        let queue = Arc::new(Queue::default());
        let calls = Arc::new(Calls::new(Arc::clone(&queue), 2, MOST_BYTES));
        let broken = async { panic!("by a bug") };
        let call = calls.begin(&Handle::current(), broken).expect("accepted");
        let event = next(&queue);
        assert_eq!(
            (&event["event"], &event["call"]),
            (&"error".into(), &call.into())
        );
        assert_eq!(event["error"]["code"], "Panicked");
        let message = event["error"]["message"].as_str().expect("a text");
        assert!(message.contains("by a bug"), "{message}");
    }
}
