//! How much of a list of events one response contains.

use super::event::Event;

/// Bytes of the events of a page, and the bytes that an event has besides its message, by which
/// CloudWatch Logs measures events.
const LARGEST_PAGE: usize = 1024 * 1024;
const EVENT_OVERHEAD: usize = 26;
/// Events.
const LONGEST_PAGE: usize = 10_000;

/// Ends the position in a token of an empty page, once for each such page. So each has another token.
pub(super) const EMPTY_PAGE: &str = ".";

/// Whether a page has the events that were asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum PageContent {
    #[default]
    Events,
    /// None, although the token leads on: a fault, which CloudWatch Logs documents.
    Empty,
}

/// The number of events that fit on a page: at most `limit` and 1 MiB, and at least one unless the
/// page has to be empty.
pub(super) fn page_length<'e>(
    events: impl Iterator<Item = &'e Event<'e>>,
    limit: Option<usize>,
    content: PageContent,
) -> usize {
    if content == PageContent::Empty {
        return 0;
    }
    let mut bytes = 0;
    events
        .take(limit.unwrap_or(LONGEST_PAGE))
        .enumerate()
        .take_while(|(number, event)| {
            bytes += event.message.len() + EVENT_OVERHEAD;
            *number == 0 || bytes <= LARGEST_PAGE
        })
        .count()
}

#[cfg(test)]
mod tests {
    use super::super::event::{EventKey, Millis};
    use super::*;

    fn length<S: AsRef<str>>(messages: &[S], limit: Option<usize>, content: PageContent) -> usize {
        let events: Vec<Event<'_>> = messages
            .iter()
            .map(|message| Event {
                key: EventKey::FIRST,
                ingested: Millis(0),
                stream: "s",
                message: message.as_ref(),
            })
            .collect();
        page_length(events.iter(), limit, content)
    }

    #[test]
    fn a_page_has_at_most_10_000_events_or_the_limit() {
        let messages = vec!["x"; 10_001];
        assert_eq!(length(&messages, None, PageContent::Events), 10_000);
        assert_eq!(length(&messages, Some(3), PageContent::Events), 3);
        assert_eq!(length(&messages, Some(3), PageContent::Empty), 0);
    }

    #[test]
    fn a_page_has_at_most_one_mebibyte_with_26_bytes_for_each_event() {
        let quarter = "x".repeat(262_144 - 26);
        assert_eq!(length(&[&quarter; 5], None, PageContent::Events), 4);
        let more = "x".repeat(262_144 - 25);
        let messages = [&quarter, &quarter, &quarter, &more];
        assert_eq!(length(&messages, None, PageContent::Events), 3);
    }

    #[test]
    fn an_event_that_is_larger_than_a_page_has_a_page_of_its_own() {
        let large = "x".repeat(2 * 1024 * 1024);
        assert_eq!(length(&[&large, &large], None, PageContent::Events), 1);
    }
}
