//! FilterLogEvents: the events of several streams, in the order of their times.

use serde::{Deserialize, Serialize};

use super::event::{Event, EventKey};
use super::page::{PageContent, page_length};
use super::pattern::FilterPattern;
use super::reader::{GroupSelector, LogReader, Names};
use super::time_range::TimeRange;
use crate::api::error::ServiceError;

/// Milliseconds: the start of 2024. The newest events come first only if the time range starts here or
/// later, by the documentation of `startFromHead`.
const EARLIEST_START_FOR_NEWEST_FIRST: u64 = 1_704_067_200_000;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilterLogEventsRequest {
    #[serde(flatten)]
    group: GroupSelector,
    log_stream_names: Option<Vec<String>>,
    log_stream_name_prefix: Option<String>,
    #[serde(flatten)]
    times: TimeRange,
    filter_pattern: Option<String>,
    start_from_head: Option<bool>,
    limit: Option<usize>,
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct FilterLogEventsResponse {
    events: Vec<FilteredLogEvent>,
    /// Always empty, as it is since 2020.
    searched_log_streams: [(); 0],
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct FilteredLogEvent {
    log_stream_name: String,
    timestamp: u64,
    message: String,
    ingestion_time: u64,
    event_id: String,
}

impl FilterLogEventsRequest {
    fn names(&self) -> Result<Names<'_>, ServiceError> {
        match (&self.log_stream_names, &self.log_stream_name_prefix) {
            (Some(_), Some(_)) => Err(ServiceError::invalid_parameter(
                "logStreamNames and logStreamNamePrefix can't be given together.",
            )),
            (Some(names), None) => Ok(Names::Exactly(names)),
            (None, prefix) => Ok(Names::Prefix(prefix.as_deref().unwrap_or_default())),
        }
    }

    fn oldest_first(&self) -> Result<bool, ServiceError> {
        let oldest_first = self.start_from_head.unwrap_or(true);
        let start = self.times.start().unwrap_or_default();
        if !oldest_first && start < EARLIEST_START_FOR_NEWEST_FIRST {
            return Err(ServiceError::invalid_parameter(
                "startFromHead can be false only if startTime is in 2024 or later.",
            ));
        }
        Ok(oldest_first)
    }

    /// The event after which the page starts.
    fn position(&self, reader: &LogReader<'_>) -> Result<Option<EventKey>, ServiceError> {
        let Some(token) = &self.next_token else {
            return Ok(None);
        };
        let key = EventKey::parse(reader.position(token)?);
        key.map(Some).ok_or_else(ServiceError::invalid_next_token)
    }

    fn same_page(&self, reader: &LogReader<'_>) -> String {
        let start = match self.start_from_head {
            Some(false) => EventKey::LAST,
            _ => EventKey::FIRST,
        };
        reader.same_page(self.next_token.as_deref(), &start.to_string())
    }
}

pub(crate) fn filter_log_events(
    reader: &LogReader<'_>,
    request: &FilterLogEventsRequest,
) -> Result<FilterLogEventsResponse, ServiceError> {
    let names = request.names()?;
    let pattern = FilterPattern::parse(request.filter_pattern.as_deref().unwrap_or_default())?;
    let oldest_first = request.oldest_first()?;
    let position = request.position(reader)?;
    let group = reader.group(&request.group)?;
    let times = request.times.with_its_end();
    let streams = reader.streams(group, names, times)?;
    let mut events: Vec<Event<'_>> = streams
        .iter()
        .flat_map(|stream| stream.events())
        .filter(|event| times.contains(event))
        .filter(|event| {
            position.is_none_or(|position| match oldest_first {
                true => event.key > position,
                false => event.key < position,
            })
        })
        .filter(|event| pattern.matches(event.message))
        .collect();
    events.sort_unstable_by_key(|event| event.key);
    if !oldest_first {
        events.reverse();
    }
    let length = page_length(events.iter(), request.limit, reader.content);
    let (page, rest) = events.split_at(length);
    let next_token = match (page.last(), rest) {
        (None, _) if reader.content == PageContent::Empty => Some(request.same_page(reader)),
        (Some(last), [_, ..]) => Some(reader.listing.token(&last.key.to_string())),
        _ => None,
    };
    Ok(FilterLogEventsResponse {
        events: page.iter().map(FilteredLogEvent::new).collect(),
        searched_log_streams: [],
        next_token,
    })
}

impl FilteredLogEvent {
    fn new(event: &Event<'_>) -> Self {
        Self {
            log_stream_name: event.stream.to_owned(),
            timestamp: event.time().0,
            message: event.message.to_owned(),
            ingestion_time: event.ingested.0,
            event_id: event.key.to_string(),
        }
    }
}
