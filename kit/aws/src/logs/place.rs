//! How far one group of a log was read.

use serde::{Deserialize, Serialize};

use super::api::FilterLogEvents;
use super::delivered::Delivered;
use super::log::{Group, Log};

/// The greatest `limit` of the model, and the most lines of a page that a host takes.
pub(super) const MOST_EVENTS: u32 = 10_000;

/// The first millisecond of the year 10000.
const YEAR_10000: u64 = 253_402_300_800_000;

/// `[\.\-_/#A-Za-z0-9]+` (API model: `LogGroupName`)
fn is_group(name: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || b".-_/#".contains(&byte);
    !name.is_empty() && name.bytes().all(is_allowed)
}

/// How far one group of a log was read. A cursor holds it.
///
/// Pages follow each other by the service's token until the end. From there on the group is read by
/// time, and what is delivered already is passed over.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Place {
    group: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    prefix: Option<String>,
    /// What tells the group from the log's others.
    #[serde(skip_serializing_if = "Option::is_none")]
    label: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    until: Option<u64>,
    pub(super) delivered: Delivered,
    /// What was delivered before the pages that the token leads on with began, as far as they
    /// have not come to it yet.
    #[serde(skip_serializing_if = "Option::is_none")]
    again: Option<Delivered>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token: Option<String>,
    /// How many pages in a row had nothing.
    pub(super) empty_pages: u32,
}

impl Place {
    /// The beginning of each of a log's groups.
    pub(super) fn all_of(log: &Log) -> Vec<Self> {
        let groups = log.groups.iter();
        groups.map(|group| Self::beginning(log, group)).collect()
    }

    fn beginning(log: &Log, group: &Group) -> Self {
        let label = group.name.rsplit('/').next().map(str::to_owned);
        Self {
            label: label.filter(|_| log.groups.len() > 1),
            group: group.name.clone(),
            prefix: group.stream_prefix.clone(),
            until: log.until,
            delivered: Delivered::since(log.from.unwrap_or_default()),
            ..Self::default()
        }
    }

    /// The name of the group.
    pub(super) fn group(&self) -> &str {
        &self.group
    }

    /// Whether it can be what a cursor holds.
    pub(super) fn is_sound(&self) -> bool {
        let names = [
            Some(self.group.as_str()),
            self.prefix.as_deref(),
            self.label.as_deref(),
        ];
        let is_name = |name: &&str| (1..=512).contains(&name.len());
        let is_time = |time: u64| time < YEAR_10000;
        let is_sound = |delivered: &Delivered| delivered.is_small() && is_time(delivered.since);
        names.iter().flatten().all(is_name)
            && is_group(&self.group)
            && !self.prefix.iter().any(|prefix| prefix.contains([':', '*']))
            && !self.token.iter().any(String::is_empty)
            && self.until.is_none_or(is_time)
            && is_sound(&self.delivered)
            && self.again.as_ref().is_none_or(is_sound)
    }

    /// Whether nothing was written after this time.
    pub(super) fn ends_before(&self, time: u64) -> bool {
        self.until.is_some_and(|until| until < time)
    }

    /// Whether the service has told of more.
    pub(super) fn is_unfinished(&self) -> bool {
        self.token.is_some()
    }

    /// The request for the next page.
    pub(super) fn request(&self) -> FilterLogEvents {
        FilterLogEvents {
            log_group_name: self.group.clone(),
            log_stream_name_prefix: self.prefix.clone(),
            // While a token leads on, the range stays that of the first page.
            start_time: self.again.as_ref().unwrap_or(&self.delivered).since,
            end_time: self.until,
            limit: MOST_EVENTS,
            next_token: self.token.clone(),
            ..FilterLogEvents::default()
        }
    }

    /// Gives up the token, and reads on by time.
    pub(super) fn forget_token(&mut self) {
        self.token = None;
        self.again = None;
    }

    /// Whether an event is new. It counts as delivered from now on.
    pub(super) fn takes(&mut self, time: u64, stream: &str) -> bool {
        let again = self.again.get_or_insert_with(|| self.delivered.clone());
        if time < again.since || again.take(time, stream) {
            return false;
        }
        if again.newest().is_none_or(|newest| time > newest) {
            // Events are in order of time: nothing that was delivered comes any more.
            *again = Delivered::since(again.since);
        }
        self.delivered.add(time, stream);
        true
    }

    /// Goes on to the page that the token leads to; without one, the end is reached.
    pub(super) fn go_on(&mut self, token: Option<String>, now: u64) {
        self.again.get_or_insert_with(|| self.delivered.clone());
        self.token = token;
        if self.token.is_none() {
            self.again = None;
            self.delivered.settle(now);
        }
    }

    /// Whether the token is the one that the last page was asked for with.
    pub(super) fn has_token(&self, token: Option<&String>) -> bool {
        token.is_some() && self.token.as_ref() == token
    }

    /// The name of a stream without what all of the job's streams begin with, after the group's where
    /// there are several.
    pub(super) fn source(&self, stream: &str) -> String {
        let prefix = self.prefix.as_deref().unwrap_or_default();
        let rest = stream.strip_prefix(prefix).unwrap_or_default();
        let name = if rest.is_empty() { stream } else { rest };
        match &self.label {
            Some(label) => [label, "/", name].concat(),
            None => name.to_owned(),
        }
    }
}
