//! FilterLogEvents as CloudWatch Logs' API model has it: the input, and the members of the output that
//! are read. A member may be absent, null, or new; none of that is an error.
#![expect(
    missing_docs,
    reason = "the fields are named for the members of the API's model, which documents them"
)]

use serde::{Deserialize, Serialize};

use crate::client::Operation;
use crate::json::{lenient, lossy_text, sparse_objects};

/// One page of the events of a group's streams.
#[derive(Debug, Clone, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct FilterLogEvents {
    pub log_group_name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub log_stream_name_prefix: Option<String>,
    /// Milliseconds since 1970, included.
    pub start_time: u64,
    /// Milliseconds since 1970, included.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_time: Option<u64>,
    /// 1 to 10,000.
    pub limit: u32,
    /// `false`: the newest events come first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub start_from_head: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Operation for FilterLogEvents {
    const NAME: &'static str = "FilterLogEvents";
    type Output = FilterLogEventsOutput;
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FilterLogEventsOutput {
    /// As many as the greatest `limit`.
    #[serde(deserialize_with = "sparse_objects::<10_000, _, _>")]
    pub events: Vec<FilteredLogEvent>,
    pub next_token: Option<String>,
}

#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct FilteredLogEvent {
    #[serde(deserialize_with = "lossy_text")]
    pub log_stream_name: Option<String>,
    /// Milliseconds since 1970. Anything but such a number reads as absent.
    #[serde(deserialize_with = "lenient")]
    pub timestamp: Option<u64>,
    /// Half a character, which a job may write, is replaced.
    #[serde(deserialize_with = "lossy_text")]
    pub message: Option<String>,
}
