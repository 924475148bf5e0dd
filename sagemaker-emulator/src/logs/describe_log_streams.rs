//! DescribeLogStreams: the streams of a group.

use serde::{Deserialize, Serialize};

use super::event::Millis;
use super::group::LogGroup;
use super::reader::{GroupSelector, LogReader, Names};
use super::stream::Stream;
use super::time_range::TimeRange;
use crate::api::error::ServiceError;

/// Streams on a page, if the caller doesn't ask for fewer.
const LONGEST_PAGE: usize = 50;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DescribeLogStreamsRequest {
    #[serde(flatten)]
    group: GroupSelector,
    log_stream_name_prefix: Option<String>,
    order_by: Option<OrderBy>,
    descending: Option<bool>,
    limit: Option<usize>,
    next_token: Option<String>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
enum OrderBy {
    #[default]
    LogStreamName,
    LastEventTime,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct DescribeLogStreamsResponse {
    log_streams: Vec<LogStream>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct LogStream {
    log_stream_name: String,
    creation_time: u64,
    first_event_timestamp: u64,
    /// The service updates it within an hour; the emulator at once.
    last_event_timestamp: u64,
    last_ingestion_time: u64,
    arn: String,
    /// Always 0, as it is since 2019.
    stored_bytes: u64,
}

impl DescribeLogStreamsRequest {
    fn check(&self) -> Result<(), ServiceError> {
        let by_time = self.order_by == Some(OrderBy::LastEventTime);
        if by_time && self.log_stream_name_prefix.is_some() {
            return Err(ServiceError::invalid_parameter(
                "Cannot order by LastEventTime with a logStreamNamePrefix.",
            ));
        }
        Ok(())
    }

    fn sort(&self, streams: &mut [Stream<'_>]) {
        streams.sort_by(|left, right| left.name.cmp(&right.name));
        if self.order_by == Some(OrderBy::LastEventTime) {
            streams.sort_by_key(last_event_time);
        }
        if self.descending == Some(true) {
            streams.reverse();
        }
    }

    /// The position of the page's first stream: after the one that the token names.
    fn offset(
        &self,
        reader: &LogReader<'_>,
        streams: &[Stream<'_>],
    ) -> Result<usize, ServiceError> {
        let Some(token) = &self.next_token else {
            return Ok(0);
        };
        let last = reader.listing.position(token);
        let last = last.and_then(|name| streams.iter().position(|stream| stream.name == name));
        last.map(|position| position + 1)
            .ok_or_else(ServiceError::invalid_next_token)
    }
}

pub(crate) fn describe_log_streams(
    reader: &LogReader<'_>,
    request: &DescribeLogStreamsRequest,
) -> Result<DescribeLogStreamsResponse, ServiceError> {
    request.check()?;
    let group = reader.group(&request.group)?;
    let prefix = request.log_stream_name_prefix.as_deref();
    let names = Names::Prefix(prefix.unwrap_or_default());
    let mut streams = reader.streams(group, names, TimeRange::default())?;
    request.sort(&mut streams);
    let offset = request.offset(reader, &streams)?;
    let rest = streams.get(offset..).unwrap_or_default();
    let length = request.limit.unwrap_or(LONGEST_PAGE).min(rest.len());
    let (page, rest) = rest.split_at(length);
    let last = page.last().filter(|_| !rest.is_empty());
    Ok(DescribeLogStreamsResponse {
        next_token: last.map(|last| reader.listing.token(&last.name)),
        log_streams: page
            .iter()
            .filter_map(|stream| LogStream::new(reader, group, stream))
            .collect(),
    })
}

fn last_event_time(stream: &Stream<'_>) -> Option<Millis> {
    stream.events().last().map(|event| event.time())
}

impl LogStream {
    fn new(reader: &LogReader<'_>, group: LogGroup<'_>, stream: &Stream<'_>) -> Option<Self> {
        let first = stream.events().next()?;
        let last = stream.events().last()?;
        let group = group.to_string();
        Some(Self {
            arn: reader.account.log_stream_arn(&group, &stream.name),
            log_stream_name: stream.name.clone(),
            creation_time: first.time().0,
            first_event_timestamp: first.time().0,
            last_event_timestamp: last.time().0,
            last_ingestion_time: last.ingested.0,
            stored_bytes: 0,
        })
    }
}
