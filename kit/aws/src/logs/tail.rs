//! Reads a group's last events, from the end backward.

use job_type_kit::contract::Error;
use job_type_kit::contract::log::Level;

use super::api::FilterLogEvents;
use super::event::{self, Event};
use super::lines::Lines;
use super::place::{MOST_EVENTS, Place};
use super::reader::{MOST_REQUESTS, Page, Reader};

/// The most lines of a page: a host takes one more, and one more is asked for than is delivered.
pub(super) const MOST_LINES: u32 = MOST_EVENTS - 1;

/// How many events more are asked for where those that were found don't tell the order.
const MORE_EVENTS: usize = 1_000;

/// The most bytes of messages that are held.
const MOST_BYTES: usize = 8 << 20;

/// 2024-01-01T00:00:00Z. FilterLogEvents gives the newest events first for a range that begins then or
/// later, by its documentation.
const NEWEST_FIRST_SINCE: u64 = 1_704_067_200_000;

/// How many lines a page has if so many are asked for.
pub(super) fn lines_of_a_page(count: u32) -> usize {
    usize::try_from(count.min(MOST_LINES)).unwrap_or(usize::MAX)
}

/// What was found from the end backward.
#[derive(Default)]
struct Tail {
    /// The newest first.
    events: Vec<Event>,
    /// Whether there is nothing older.
    is_complete: bool,
    /// Whether the service gave the oldest events first, as services do that came before 2026.
    is_from_head: bool,
    /// The bytes of the messages.
    bytes: usize,
}

impl Tail {
    /// Adds a page, unless it shows that the oldest events come first.
    fn add(&mut self, page: Vec<Event>) {
        let first = self.events.first().or(page.first());
        self.is_from_head =
            matches!((first, page.last()), (Some(first), Some(last)) if first.order < last.order);
        if self.is_from_head {
            return;
        }
        let bytes = page.iter().map(|event| event.message.len());
        self.bytes = bytes.fold(self.bytes, usize::saturating_add);
        self.events.extend(page);
    }

    /// Whether the events show that the newest come first. Events of one millisecond don't.
    fn shows_order(&self) -> bool {
        let ends = (self.events.first(), self.events.last());
        matches!(ends, (Some(first), Some(last)) if first.order > last.order)
    }

    /// Whether it has more than so many events, or as many bytes as are held.
    fn is_enough(&self, count: usize) -> bool {
        (self.events.len() > count && self.shows_order()) || self.bytes > MOST_BYTES
    }

    /// How many events to ask for next: one more than `count` at the least.
    fn limit(&self, count: usize) -> u32 {
        let missing = (count + 1).saturating_sub(self.events.len());
        let limit = match missing {
            0 => MORE_EVENTS,
            // One event alone doesn't tell the order.
            missing => missing.max(2),
        };
        u32::try_from(limit).unwrap_or(MOST_EVENTS).min(MOST_EVENTS)
    }
}

impl Reader<'_, '_> {
    /// Adds the last events of a group to the lines, at least `count` of them if there are as many. What
    /// is older counts as delivered. Returns whether the group has anything.
    pub(super) fn last(
        &self,
        place: &mut Place,
        count: usize,
        lines: &mut Lines,
    ) -> Result<bool, Error> {
        if place.ends_before(NEWEST_FIRST_SINCE) {
            return self.last_from_head(place, count, lines);
        }
        let Some(mut tail) = self.tail(place, count)? else {
            return Ok(false);
        };
        if tail.is_from_head {
            return self.last_from_head(place, count, lines);
        }
        let now = self.client.host().now();
        let is_there = !tail.events.is_empty();
        if !is_there && !tail.is_complete {
            return Err(Error::no_time_left("the end of the log"));
        }
        if tail.is_complete && tail.events.len() <= count {
            deliver(tail.events, place, lines, now);
            return Ok(is_there);
        }
        if tail.events.len() < count {
            self.client.host().log(
                Level::Info,
                &format!(
                    "the page has the last {} events of {}: more are too large for one page, or took too \
                     long",
                    tail.events.len(),
                    place.group()
                ),
            );
        }
        // There may be more events of that time, which are before the page.
        let before = tail.events.get(count).or(tail.events.last());
        let before = before.map(|event| (event.order, event.stream.clone()));
        tail.events.truncate(count);
        deliver(tail.events, place, lines, now);
        if let Some((time, stream)) = before {
            place.delivered.begin_after(time, &stream, now);
        }
        Ok(is_there)
    }

    /// At least one event more than `count`, which tells where the page begins, if there are as many.
    /// `None` where the group does not exist.
    fn tail(&self, place: &Place, count: usize) -> Result<Option<Tail>, Error> {
        let mut tail = Tail::default();
        let mut token = None;
        for _ in 0..MOST_REQUESTS {
            let range = place.request();
            let answer = self.ask(FilterLogEvents {
                start_time: range.start_time.max(NEWEST_FIRST_SINCE),
                limit: tail.limit(count),
                start_from_head: Some(false),
                next_token: token.take(),
                ..range
            });
            let answer =
                answer.map_err(|error| self.client.contract_error::<FilterLogEvents>(error))?;
            let Some(answer) = answer else {
                return Ok(None);
            };
            let now = self.client.host().now();
            let order = tail.events.last().map_or(now, |event| event.order);
            tail.add(event::read(answer.events, order, now));
            token = answer.next_token.filter(|token| !token.is_empty());
            tail.is_complete = token.is_none();
            let has_ended = tail.is_complete || tail.is_from_head;
            if has_ended || tail.is_enough(count) || self.is_late() {
                break;
            }
        }
        Ok(Some(tail))
    }

    /// The last events of a group that can only be read from its head.
    fn last_from_head(
        &self,
        place: &mut Place,
        count: usize,
        lines: &mut Lines,
    ) -> Result<bool, Error> {
        let mut is_there = false;
        for _ in 0..MOST_REQUESTS {
            let page = self.page(place, lines)?;
            is_there |= page == Page::Unfinished || !lines.is_empty();
            lines.keep_last(count);
            if page != Page::Unfinished || self.is_late() {
                break;
            }
        }
        Ok(is_there)
    }
}

/// Adds events, the newest of which comes first, to the lines.
fn deliver(events: Vec<Event>, place: &mut Place, lines: &mut Lines, now: u64) {
    for event in events.into_iter().rev() {
        place.delivered.add(event.order, &event.stream);
        let source = place.source(&event.stream);
        lines.insert(event, source);
    }
    place.delivered.settle(now);
}
