//! What the embedder has still to take: answers, questions and log lines, in the order in which they came.

use std::collections::{HashSet, VecDeque};
use std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use crate::event::Event;

/// Log lines that wait at the most. Further ones are dropped and counted.
const MOST_LINES: usize = 10_000;

/// Swaps by a watch that wait at the most. The oldest go: what serves now is in the last one.
const MOST_SWAPS: usize = 1_000;

/// A queue that one side fills without waiting, and the other empties.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    events: VecDeque<Entry>,
    /// The size of all of them.
    bytes: usize,
    /// Ends of calls that nobody took yet.
    ends: usize,
    /// Questions that nobody took yet, and that aren't withdrawn.
    questions: HashSet<u64>,
    lines: usize,
    swaps: usize,
    lines_dropped: u64,
    is_closed: bool,
}

#[derive(Debug)]
struct Entry {
    text: String,
    kind: Kind,
}

/// What is counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `answer` or `error` of a call.
    End,
    /// A question of this number.
    Question(u64),
    Line,
    /// `swapped` or `swap-refused`.
    Swap,
    Other,
}

impl Kind {
    fn of(event: &Event<'_>) -> Self {
        match event {
            Event::Answer { .. } | Event::Error { .. } => Self::End,
            Event::CredentialsAsked { question, .. } | Event::HttpAsked { question, .. } => {
                Self::Question(*question)
            }
            Event::Log { .. } => Self::Line,
            Event::Swapped { .. } | Event::SwapRefused { .. } => Self::Swap,
            _ => Self::Other,
        }
    }
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
        let kind = Kind::of(event);
        // The events are structs of text and numbers, which are always JSON.
        let text = serde_json::to_string(event).unwrap_or_default();
        let mut state = self.state();
        if state.is_closed {
            return;
        }
        match kind {
            Kind::Line if state.lines == MOST_LINES => {
                state.lines_dropped = state.lines_dropped.saturating_add(1);
                return;
            }
            Kind::Line => state.lines += 1,
            Kind::Swap if state.swaps == MOST_SWAPS => state.drop_oldest_swap(),
            Kind::Swap => state.swaps += 1,
            Kind::End => state.ends += 1,
            Kind::Question(question) => drop(state.questions.insert(question)),
            Kind::Other => {}
        }
        state.bytes = state.bytes.saturating_add(text.len());
        state.events.push_back(Entry { text, kind });
        drop(state);
        self.changed.notify_one();
    }

    /// How many ends of calls nobody took yet.
    pub(crate) fn ends(&self) -> usize {
        self.state().ends
    }

    /// The size of all events that nobody took yet, in bytes.
    pub(crate) fn bytes(&self) -> usize {
        self.state().bytes
    }

    /// Takes a question back: nobody gets it any more, or an event says so to who has it.
    pub(crate) fn withdraw(&self, question: u64) {
        if !self.state().questions.remove(&question) {
            self.push(&Event::Withdrawn { question });
        }
    }

    /// Adds the last event.
    pub(crate) fn close(&self) {
        let text = serde_json::to_string(&Event::Closed).unwrap_or_default();
        let mut state = self.state();
        if !state.is_closed {
            let kind = Kind::Other;
            state.events.push_back(Entry { text, kind });
            state.is_closed = true;
        }
        drop(state);
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
    fn drop_oldest_swap(&mut self) {
        let mut events = self.events.iter();
        let oldest = events.position(|entry| entry.kind == Kind::Swap);
        let dropped = oldest.and_then(|oldest| self.events.remove(oldest));
        let bytes = dropped.map_or(0, |entry| entry.text.len());
        self.bytes = self.bytes.saturating_sub(bytes);
    }

    fn take(&mut self) -> Option<Next> {
        if self.lines_dropped > 0 && self.lines < MOST_LINES {
            let count = std::mem::take(&mut self.lines_dropped);
            let dropped = Event::LogDropped { count };
            return Some(Next::Event(
                serde_json::to_string(&dropped).unwrap_or_default(),
            ));
        }
        while let Some(Entry { text, kind }) = self.events.pop_front() {
            self.bytes = self.bytes.saturating_sub(text.len());
            self.lines -= usize::from(kind == Kind::Line);
            self.swaps -= usize::from(kind == Kind::Swap);
            self.ends -= usize::from(kind == Kind::End);
            let is_withdrawn =
                matches!(kind, Kind::Question(question) if !self.questions.remove(&question));
            if !is_withdrawn {
                return Some(Next::Event(text));
            }
        }
        self.is_closed.then_some(Next::Closed)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::errors::Failure;
    use crate::status::PsStatus;

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
    fn of_the_swaps_that_nobody_takes_the_last_ones_are_kept() {
        let queue = Queue::default();
        queue.push(&Event::Withdrawn { question: 7 });
        let error = Failure::host(PsStatus::Invalid, "NeedsGrow", "it asks for more", "");
        for slot in 1..=3 + MOST_SWAPS as u64 {
            queue.push(&Event::SwapRefused {
                slot,
                error: &error,
            });
        }
        assert_eq!(taken(&queue).expect("the first")["question"], 7);
        let slots: Vec<_> = std::iter::from_fn(|| taken(&queue))
            .map(|swap| swap["slot"].as_u64().expect("a slot"))
            .collect();
        assert_eq!(slots.len(), MOST_SWAPS);
        assert_eq!(
            (slots[0], slots[MOST_SWAPS - 1]),
            (4, 3 + MOST_SWAPS as u64)
        );
        assert_eq!(queue.bytes(), 0);
    }

    #[test]
    fn a_question_that_nobody_took_is_withdrawn_without_an_event() {
        let queue = Queue::default();
        let asked = |question| Event::CredentialsAsked {
            question,
            connection: "a",
        };
        queue.push(&asked(1));
        queue.push(&asked(2));
        queue.withdraw(1);
        assert_eq!(taken(&queue).expect("the second")["question"], 2);
        queue.withdraw(2);
        assert_eq!(taken(&queue).expect("an event")["event"], "withdrawn");
        assert_eq!(taken(&queue), None);
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
