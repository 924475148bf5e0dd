//! What the emulator has received, for tests to look at.

use std::collections::{BTreeMap, VecDeque};
use std::time::SystemTime;

use axum::http::HeaderMap;
use serde::Serialize;
use serde_json::Value;

use crate::clock::EpochSeconds;
use crate::operation::Operation;

/// Older requests are forgotten beyond this many; the counts stay.
const MOST_RECORDED: usize = 10_000;

/// A request as it arrived, whatever became of it.
#[derive(Clone, Debug, Serialize)]
pub struct RecordedRequest {
    /// `None` where `X-Amz-Target` names none that is emulated.
    pub operation: Option<Operation>,
    /// Names in lower case, in the order of arrival.
    pub headers: Vec<(String, String)>,
    /// The parsed body; null where it is no JSON.
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

    /// When it arrived, by the emulator's clock.
    pub fn received_at(&self) -> SystemTime {
        self.received_at
    }

    /// The first header of this name, which is to be given in lower case.
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

/// The requests received and how many of each operation.
#[derive(Debug, Default)]
pub(crate) struct Records {
    requests: VecDeque<RecordedRequest>,
    counts: BTreeMap<Operation, usize>,
}

impl Records {
    pub(crate) fn add(&mut self, request: RecordedRequest) {
        if let Some(operation) = request.operation {
            *self.counts.entry(operation).or_default() += 1;
        }
        if self.requests.len() == MOST_RECORDED {
            self.requests.pop_front();
        }
        self.requests.push_back(request);
    }

    pub(crate) fn requests(&self) -> impl Iterator<Item = &RecordedRequest> {
        self.requests.iter()
    }

    pub(crate) fn counts(&self) -> &BTreeMap<Operation, usize> {
        &self.counts
    }
}
