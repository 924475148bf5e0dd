//! The time range of a request.

use std::time::SystemTime;

use serde::Deserialize;

use super::event::{Event, Millis};

/// The members of a request that limit the times of events, in milliseconds since 1970.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct TimeRange {
    /// Inclusive.
    start_time: Option<u64>,
    /// Exclusive, as in GetLogEvents.
    end_time: Option<u64>,
}

impl TimeRange {
    pub(super) fn start(&self) -> Option<u64> {
        self.start_time
    }

    /// The range of FilterLogEvents, which returns the events at the end of its range too.
    pub(super) fn with_its_end(self) -> Self {
        Self {
            end_time: self.end_time.map(|end| end.saturating_add(1)),
            ..self
        }
    }

    pub(super) fn contains(&self, event: &Event<'_>) -> bool {
        let Millis(time) = event.time();
        self.start_time.is_none_or(|start| time >= start)
            && self.end_time.is_none_or(|end| time < end)
    }

    /// Whether a run of these times can write events in this range.
    pub(super) fn overlaps(&self, started: SystemTime, ended: SystemTime) -> bool {
        let Millis(started) = Millis::of(started);
        let Millis(ended) = Millis::of(ended);
        self.start_time.is_none_or(|start| ended >= start)
            && self.end_time.is_none_or(|end| started < end)
    }
}
