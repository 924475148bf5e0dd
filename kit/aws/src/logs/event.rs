//! One event of an answer, with a time that events can be ordered by.

use super::api::FilteredLogEvent;

/// CloudWatch Logs takes no events that are further than two hours in the future. A clock may be wrong
/// by more than that, but not by this.
const FUTURE: u64 = 24 * 60 * 60 * 1000;

/// One event of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Event {
    /// As the service told it, if it can be true.
    pub(super) time: Option<u64>,
    /// The same, or that of the event before it.
    pub(super) order: u64,
    pub(super) stream: String,
    /// Without the line break at its end.
    pub(super) message: String,
}

/// The events of a page, in the order in which they came. `order` is the time of an event before them.
pub(super) fn read(events: Vec<FilteredLogEvent>, mut order: u64, now: u64) -> Vec<Event> {
    let event = |event: FilteredLogEvent| {
        let is_known = |time: &u64| *time <= now.saturating_add(FUTURE);
        let time = event.timestamp.filter(is_known);
        order = time.unwrap_or(order);
        let mut message = event.message.unwrap_or_default();
        message.truncate(message.trim_end_matches(['\n', '\r']).len());
        Event {
            time,
            order,
            stream: event.log_stream_name.unwrap_or_default(),
            message,
        }
    };
    events.into_iter().map(event).collect()
}
