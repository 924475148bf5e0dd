//! Reads a group's events forward, a page at a time.

use job_type_kit::contract::{Error, ErrorClass};

use super::api::{FilterLogEvents, FilterLogEventsOutput};
use super::event;
use super::lines::Lines;
use super::place::Place;
use crate::client::{Client, Operation};
use crate::error::CallError;

/// How many requests one call sends for a group. Pages without events are usual: a page is what was
/// found in a part of the time range.
pub(super) const MOST_REQUESTS: u32 = 25;

/// How many pages without events may follow each other, over all calls.
const MOST_EMPTY_PAGES: u32 = 2_500;

/// What a page of a group was.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// The group does not exist.
    Missing,
    /// It has all that was written by now.
    Last,
    /// There may be more.
    Unfinished,
}

/// Reads logs during one call by the host.
pub(super) struct Reader<'c, 'h> {
    pub(super) client: &'c Client<'h>,
    /// When the call has to have an answer, though it may be an empty page.
    stop_at: u64,
}

impl<'c, 'h> Reader<'c, 'h> {
    pub(super) fn new(client: &'c Client<'h>) -> Self {
        let (now, deadline) = (client.host().now(), client.host().deadline());
        Self {
            client,
            stop_at: now.midpoint(deadline.max(now)),
        }
    }

    /// Whether to answer with what is there.
    pub(super) fn is_late(&self) -> bool {
        self.client.host().now() >= self.stop_at
    }

    /// Adds the next events of a group to the lines: those of the first page that has any.
    pub(super) fn page(&self, place: &mut Place, lines: &mut Lines) -> Result<Page, Error> {
        for _ in 0..MOST_REQUESTS {
            let Some(answer) = self.next(place)? else {
                return Ok(Page::Missing);
            };
            let now = self.client.host().now();
            let mut is_empty = true;
            for event in event::read(answer.events, place.delivered.since, now) {
                if place.takes(event.order, &event.stream) {
                    let source = place.source(&event.stream);
                    lines.insert(event, source);
                    is_empty = false;
                }
            }
            if place.has_token(answer.next_token.as_ref()) {
                return Err(endless("it gave the same page's token again"));
            }
            place.go_on(answer.next_token.filter(|token| !token.is_empty()), now);
            if !place.is_unfinished() {
                place.empty_pages = 0;
                return Ok(Page::Last);
            }
            if !is_empty {
                place.empty_pages = 0;
                return Ok(Page::Unfinished);
            }
            place.empty_pages = place.empty_pages.saturating_add(1);
            if place.empty_pages > MOST_EMPTY_PAGES {
                return Err(endless("too many pages without events follow each other"));
            }
            if self.is_late() {
                break;
            }
        }
        Ok(Page::Unfinished)
    }

    /// The answer to the next request; `None` where the group does not exist.
    fn next(&self, place: &mut Place) -> Result<Option<FilterLogEventsOutput>, Error> {
        match self.ask(place.request()) {
            // Tokens live for a day.
            Err(error) if place.is_unfinished() && is_refused(&error) => {
                place.forget_token();
                self.ask(place.request())
            }
            answer => answer,
        }
        .map_err(|error| self.client.contract_error::<FilterLogEvents>(error))
    }

    /// Sends a request; for fewer events where the answer is more than the host takes. `None` where the
    /// group does not exist.
    pub(super) fn ask(
        &self,
        request: FilterLogEvents,
    ) -> Result<Option<FilterLogEventsOutput>, CallError> {
        match self
            .client
            .call_smaller(request, |request| &mut request.limit)
        {
            Err(error) if error.service_code() == Some("ResourceNotFoundException") => Ok(None),
            answer => answer.map(Some),
        }
    }
}

fn is_refused(error: &CallError) -> bool {
    error.service_code() == Some("InvalidParameterException")
}

fn endless(why: &str) -> Error {
    Error::new(
        ErrorClass::Other,
        "EndlessListing",
        format!("{} does not come to an end: {why}", FilterLogEvents::NAME),
        "The service is at fault. The pages so far are good; try again later.",
    )
    .retryable()
}
