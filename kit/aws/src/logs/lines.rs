//! The lines of a page, in order of their times.

use job_type_kit::contract::LogLine;

use super::event::Event;

/// The lines of a page, in order of their times.
#[derive(Debug, Default)]
pub(super) struct Lines(Vec<(u64, LogLine)>);

impl Lines {
    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Inserts an event after those of the same time. Most events go to the end, as they come in order
    /// but for those of another group.
    pub(super) fn insert(&mut self, event: Event, source: String) {
        let at = self.0.partition_point(|(order, _)| *order <= event.order);
        let line = LogLine {
            time: event.time,
            source,
            message: event.message,
        };
        self.0.insert(at, (event.order, line));
    }

    /// Leaves out all but the last `count` lines.
    pub(super) fn keep_last(&mut self, count: usize) {
        let excess = self.0.len().saturating_sub(count);
        self.0.drain(..excess);
    }
}

impl From<Lines> for Vec<LogLine> {
    fn from(lines: Lines) -> Self {
        lines.0.into_iter().map(|(_, line)| line).collect()
    }
}
