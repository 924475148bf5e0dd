//! What the embedder has still to take: answers, questions and log lines, in the order in which they came.

use std::collections::VecDeque;
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::event::Event;

/// Log lines that wait at the most. Further ones are dropped and counted.
const MOST_LINES: usize = 10_000;

/// A queue that one side fills without waiting, and the other empties.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    events: VecDeque<Entry>,
    lines: usize,
    lines_dropped: u64,
    is_closed: bool,
}

#[derive(Debug)]
struct Entry {
    text: String,
    is_line: bool,
}

/// What the queue had to give.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Next {
    /// An event's JSON.
    Event(String),
    /// None in that time.
    Nothing,
    /// None any more.
    Closed,
}

impl Queue {
    /// Adds an event. After the close none is added.
    pub(crate) fn push(&self, event: &Event<'_>) {
        let is_line = matches!(event, Event::Log { .. });
        // The events are structs of text and numbers, which are always JSON.
        let text = serde_json::to_string(event).unwrap_or_default();
        let mut state = self.state();
        if state.is_closed {
            return;
        }
        if is_line {
            if state.lines == MOST_LINES {
                state.lines_dropped = state.lines_dropped.saturating_add(1);
                return;
            }
            state.lines += 1;
        }
        state.events.push_back(Entry { text, is_line });
        drop(state);
        self.changed.notify_one();
    }

    /// Adds the last event.
    pub(crate) fn close(&self) {
        self.push(&Event::Closed);
        self.state().is_closed = true;
        self.changed.notify_all();
    }

    /// The next event. Waits for it for that time at most.
    pub(crate) fn next(&self, timeout: Duration) -> Next {
        let deadline = Instant::now().checked_add(timeout);
        let mut state = self.state();
        loop {
            if let Some(next) = state.take() {
                return next;
            }
            state = match deadline {
                None => self
                    .changed
                    .wait(state)
                    .unwrap_or_else(PoisonError::into_inner),
                Some(deadline) => {
                    let left = deadline.saturating_duration_since(Instant::now());
                    if left.is_zero() {
                        return Next::Nothing;
                    }
                    let waited = self.changed.wait_timeout(state, left);
                    waited.unwrap_or_else(PoisonError::into_inner).0
                }
            };
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    fn take(&mut self) -> Option<Next> {
        if self.lines_dropped > 0 && self.lines < MOST_LINES {
            let count = std::mem::take(&mut self.lines_dropped);
            let dropped = Event::LogDropped { count };
            return Some(Next::Event(
                serde_json::to_string(&dropped).unwrap_or_default(),
            ));
        }
        match self.events.pop_front() {
            Some(Entry { text, is_line }) => {
                self.lines -= usize::from(is_line);
                Some(Next::Event(text))
            }
            None if self.is_closed => Some(Next::Closed),
            None => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn taken(queue: &Queue) -> Option<serde_json::Value> {
        match queue.next(Duration::ZERO) {
            Next::Event(text) => Some(serde_json::from_str(&text).expect("JSON")),
            Next::Nothing | Next::Closed => None,
        }
    }

    #[test]
    fn log_lines_that_nobody_takes_are_dropped_and_counted_and_everything_else_is_kept() {
        let queue = Queue::default();
        let fields = BTreeMap::new();
        for _ in 0..MOST_LINES + 3 {
            queue.push(&Event::Log {
                level: "info",
                target: "plugin",
                message: "a line",
                fields: &fields,
            });
        }
        queue.push(&Event::Withdrawn { question: 7 });
        assert_eq!(taken(&queue).expect("a line")["event"], "log");
        let dropped = taken(&queue).expect("there is room again");
        assert_eq!(
            (&dropped["event"], &dropped["count"]),
            (&"log-dropped".into(), &3.into())
        );
        let rest: Vec<_> = std::iter::from_fn(|| taken(&queue)).collect();
        assert_eq!(rest.len(), MOST_LINES);
        assert_eq!(rest.last().expect("the last")["question"], 7);
    }

    #[test]
    fn after_the_close_comes_what_was_there_and_then_the_end() {
        let queue = Queue::default();
        queue.push(&Event::Withdrawn { question: 1 });
        queue.close();
        queue.push(&Event::Withdrawn { question: 2 });
        assert_eq!(taken(&queue).expect("the first")["question"], 1);
        assert_eq!(taken(&queue).expect("the end")["event"], "closed");
        assert_eq!(queue.next(Duration::MAX), Next::Closed);
    }
}
