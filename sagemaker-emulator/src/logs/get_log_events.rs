//! GetLogEvents: the events of one stream, forward and backward.

use serde::{Deserialize, Serialize};

use super::event::{Event, EventKey};
use super::page::page_length;
use super::reader::{GroupSelector, LogReader};
use super::time_range::TimeRange;
use crate::api::error::ServiceError;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GetLogEventsRequest {
    #[serde(flatten)]
    group: GroupSelector,
    log_stream_name: String,
    #[serde(flatten)]
    times: TimeRange,
    start_from_head: Option<bool>,
    limit: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct GetLogEventsResponse {
    /// The oldest first, in both directions.
    events: Vec<OutputLogEvent>,
    next_forward_token: String,
    next_backward_token: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OutputLogEvent {
    timestamp: u64,
    message: String,
    ingestion_time: u64,
}

/// Where a page starts, and in which direction it goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Start {
    /// After this key.
    Forward(EventKey),
    /// Before this key.
    Backward(EventKey),
    /// At the end of the stream, backward.
    Newest,
}

impl Start {
    /// Reads the position in a token.
    fn parse(position: &str) -> Option<Self> {
        match position.split_once('/')? {
            ("f", key) => EventKey::parse(key).map(Self::Forward),
            ("b", key) => EventKey::parse(key).map(Self::Backward),
            _ => None,
        }
    }

    /// The position for a token.
    fn position(self) -> String {
        match self {
            Self::Forward(key) => format!("f/{key}"),
            Self::Backward(key) => format!("b/{key}"),
            Self::Newest => format!("b/{}", EventKey::LAST),
        }
    }
}

impl GetLogEventsRequest {
    fn start(&self, reader: &LogReader<'_>) -> Result<Start, ServiceError> {
        match &self.next_token {
            Some(token) => {
                let start = Start::parse(reader.position(token)?);
                start.ok_or_else(ServiceError::invalid_next_token)
            }
            None if self.start_from_head == Some(true) => Ok(Start::Forward(EventKey::FIRST)),
            None => Ok(Start::Newest),
        }
    }
}

pub(crate) fn get_log_events(
    reader: &LogReader<'_>,
    request: &GetLogEventsRequest,
) -> Result<GetLogEventsResponse, ServiceError> {
    let start = request.start(reader)?;
    let group = reader.group(&request.group)?;
    let stream = reader.stream(group, &request.log_stream_name)?;
    let events: Vec<Event<'_>> = stream
        .events()
        .filter(|event| request.times.contains(event))
        .filter(|event| match start {
            Start::Forward(key) => event.key > key,
            Start::Backward(key) => event.key < key,
            Start::Newest => true,
        })
        .collect();
    let (limit, content) = (request.limit, reader.content);
    let page = match start {
        Start::Forward(_) => events.get(..page_length(events.iter(), limit, content)),
        Start::Backward(_) | Start::Newest => {
            let length = page_length(events.iter().rev(), limit, content);
            events.get(events.len().saturating_sub(length)..)
        }
    };
    let page = page.unwrap_or_default();
    let (after, before) = match (page, start) {
        ([first, .., last], _) => (Start::Forward(last.key), Start::Backward(first.key)),
        ([only], _) => (Start::Forward(only.key), Start::Backward(only.key)),
        ([], Start::Forward(key)) => (start, Start::Backward(key.after())),
        ([], Start::Backward(key)) => (Start::Forward(key.before()), start),
        ([], Start::Newest) => {
            let newest = events.last().map_or(EventKey::FIRST, |event| event.key);
            (Start::Forward(newest), Start::Backward(newest.after()))
        }
    };
    let token = |next: Start| match next == start {
        true => reader.same_page(request.next_token.as_deref(), &start.position()),
        false => reader.listing.token(&next.position()),
    };
    Ok(GetLogEventsResponse {
        events: page.iter().map(OutputLogEvent::new).collect(),
        next_forward_token: token(after),
        next_backward_token: token(before),
    })
}

impl OutputLogEvent {
    fn new(event: &Event<'_>) -> Self {
        Self {
            timestamp: event.time().0,
            message: event.message.to_owned(),
            ingestion_time: event.ingested.0,
        }
    }
}
