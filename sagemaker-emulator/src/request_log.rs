//! The requests that the emulator has received, for tests to read.

use std::collections::{BTreeMap, VecDeque};
use std::time::SystemTime;

use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::Value;

use crate::api::epoch_seconds::EpochSeconds;
use crate::api::operation::Operation;

/// The log keeps this many of the newest requests; the counts include all.
const CAPACITY: usize = 10_000;

/// A request as it arrived, whether or not it succeeded.
#[derive(Clone, Debug, Serialize)]
pub struct RecordedRequest {
    /// `None` if `X-Amz-Target` names no operation that the emulator supports.
    pub operation: Option<Operation>,
    /// Names in lower case and values, in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// The parsed body; null if it is not JSON.
    pub body: Value,
    #[serde(rename = "received", serialize_with = "epoch_seconds")]
    received_at: SystemTime,
}

impl RecordedRequest {
    pub(crate) fn new(
        operation: Option<Operation>,
        headers: &HeaderMap,
        body: Value,
        received_at: SystemTime,
    ) -> Self {
        let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
        Self {
            operation,
            headers: headers
                .iter()
                .map(|(name, value)| (name.as_str().to_owned(), text(value.as_bytes())))
                .collect(),
            body,
            received_at,
        }
    }

    /// The time of arrival, by the emulator's clock.
    pub fn received_at(&self) -> SystemTime {
        self.received_at
    }

    /// The first header with this name, which has to be in lower case.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(header, _)| header == name)
            .map(|(_, value)| value.as_str())
    }
}

fn epoch_seconds<S: serde::Serializer>(
    time: &SystemTime,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    EpochSeconds(*time).serialize(serializer)
}

/// The requests received, and their number by operation.
#[derive(Debug, Default)]
pub(crate) struct RequestLog {
    requests: VecDeque<RecordedRequest>,
    counts: BTreeMap<Operation, usize>,
}

impl RequestLog {
    pub(crate) fn add(&mut self, request: RecordedRequest) {
        if let Some(operation) = request.operation {
            *self.counts.entry(operation).or_default() += 1;
        }
        if self.requests.len() == CAPACITY {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    /// Forgets all requests and their number.
    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn requests(&self) -> impl Iterator<Item = &RecordedRequest> {
        self.requests.iter()
    }

    pub(crate) fn counts(&self) -> &BTreeMap<Operation, usize> {
        &self.counts
    }
}
