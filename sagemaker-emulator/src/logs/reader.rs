//! Finds the log group and the log streams that a request names.

use std::collections::HashSet;
use std::time::SystemTime;

use serde::Deserialize;
use serde_json::Value;

use super::glue_group::GlueGroup;
use super::glue_run;
use super::group::LogGroup;
use super::page::{EMPTY_PAGE, PageContent};
use super::run::runs;
use super::step_group::StepGroup;
use super::stream::Stream;
use super::time_range::TimeRange;
use crate::api::error::ServiceError;
use crate::api::operation::Operation;
use crate::arn::Account;
use crate::execution::attempt::Timing;
use crate::glue::store::GlueStore;
use crate::page_token::Listing;
use crate::store::execution::Execution;
use crate::store::executions::Executions;

/// What the emulated account has logged by now.
pub(crate) struct LogReader<'a> {
    pub(crate) executions: &'a Executions,
    pub(crate) glue: &'a GlueStore,
    pub(crate) account: &'a Account,
    pub(crate) timing: Timing,
    pub(crate) now: SystemTime,
    /// The listing that the request's tokens belong to.
    pub(crate) listing: Listing,
    pub(crate) content: PageContent,
}

/// The listing that the tokens of a request belong to. A token of GetLogEvents is a position in a stream,
/// whatever time range is asked for.
pub(crate) fn listing(operation: Operation, body: &Value) -> Listing {
    let paging: &[&str] = match operation {
        Operation::GetLogEvents => &[
            "nextToken",
            "limit",
            "startFromHead",
            "startTime",
            "endTime",
        ],
        _ => &["nextToken", "limit"],
    };
    Listing::new(operation, body, paging)
}

/// The members of a request that name a log group. One of them has to be given.
#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct GroupSelector {
    log_group_name: Option<String>,
    /// A name or an ARN.
    log_group_identifier: Option<String>,
}

/// The log streams of a group that a request asks for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Names<'n> {
    /// Those whose names start so; all if it is empty.
    Prefix(&'n str),
    Exactly(&'n [String]),
}

impl GroupSelector {
    fn name(&self, account: &Account) -> Result<&str, ServiceError> {
        match (&self.log_group_name, &self.log_group_identifier) {
            (Some(name), None) => Ok(name),
            (None, Some(identifier)) if identifier.starts_with("arn:") => identifier
                .strip_prefix(&account.log_group_arn(""))
                .ok_or_else(ServiceError::log_group_not_found),
            (None, Some(name)) => Ok(name),
            _ => Err(ServiceError::invalid_parameter(
                "Exactly one of logGroupName and logGroupIdentifier must be given.",
            )),
        }
    }
}

impl<'a> LogReader<'a> {
    /// The group of a request. It exists as soon as a step or a run of a Glue job has written to it.
    pub(super) fn group<'g>(
        &self,
        selector: &'g GroupSelector,
    ) -> Result<LogGroup<'g>, ServiceError> {
        let name = selector.name(self.account)?;
        LogGroup::parse(name)
            .filter(|group| self.is_written(*group))
            .ok_or_else(ServiceError::log_group_not_found)
    }

    fn is_written(&self, group: LogGroup<'_>) -> bool {
        let always = TimeRange::default();
        match group {
            LogGroup::Steps(group) => self
                .executions
                .iter()
                .any(|execution| !self.streams_of(execution, group, always).is_empty()),
            LogGroup::GlueRuns(group) => self
                .glue
                .runs()
                .any(|run| !glue_run::streams(run, group, self.now).is_empty()),
        }
    }

    /// The position that a token of the listing stands for, whatever empty pages were before.
    pub(super) fn position<'t>(&self, token: &'t str) -> Result<&'t str, ServiceError> {
        let position = self.listing.position(token);
        let position = position.ok_or_else(ServiceError::invalid_next_token)?;
        Ok(position.trim_end_matches(EMPTY_PAGE))
    }

    /// The token for the page that is requested. It is the request's own token, or one for `start`, except
    /// that a page which is empty by a fault gets another one.
    pub(super) fn same_page(&self, token: Option<&str>, start: &str) -> String {
        let position = token.and_then(|token| self.listing.position(token));
        let position = position.unwrap_or(start);
        match self.content {
            PageContent::Events => self.listing.token(position),
            PageContent::Empty => self.listing.token(&format!("{position}{EMPTY_PAGE}")),
        }
    }

    /// The streams of a group, in no particular order. A name that no stream has is an error. Of those with
    /// a prefix, the ones that have no events in the time range may be left out.
    pub(super) fn streams(
        &self,
        group: LogGroup<'_>,
        names: Names<'_>,
        times: TimeRange,
    ) -> Result<Vec<Stream<'a>>, ServiceError> {
        match names {
            Names::Prefix(prefix) => Ok(self.with_prefix(group, prefix, times)),
            Names::Exactly(names) => {
                let unique: HashSet<&String> = names.iter().collect();
                unique
                    .into_iter()
                    .map(|name| self.stream(group, name))
                    .collect()
            }
        }
    }

    pub(super) fn stream(
        &self,
        group: LogGroup<'_>,
        name: &str,
    ) -> Result<Stream<'a>, ServiceError> {
        let streams = self.with_prefix(group, name, TimeRange::default());
        streams
            .into_iter()
            .find(|stream| stream.name == name)
            .ok_or_else(ServiceError::log_stream_not_found)
    }

    fn with_prefix(&self, group: LogGroup<'_>, prefix: &str, times: TimeRange) -> Vec<Stream<'a>> {
        let streams = match group {
            LogGroup::Steps(group) => self.of_steps(group, prefix, times),
            LogGroup::GlueRuns(group) => self.of_glue_runs(group, prefix, times),
        };
        let with_prefix = streams
            .into_iter()
            .filter(|stream| stream.name.starts_with(prefix));
        with_prefix.collect()
    }

    /// The streams of the runs of Glue jobs whose streams can start with this prefix.
    fn of_glue_runs(
        &self,
        group: GlueGroup<'_>,
        prefix: &str,
        times: TimeRange,
    ) -> Vec<Stream<'a>> {
        self.glue
            .runs()
            .filter(|run| prefix.starts_with(&run.id) || run.id.starts_with(prefix))
            .filter(|run| times.overlaps(run.started, run.end()))
            .flat_map(|run| glue_run::streams(run, group, self.now))
            .collect()
    }

    /// The streams of the executions whose streams can start with this prefix.
    fn of_steps(&self, group: StepGroup<'_>, prefix: &str, times: TimeRange) -> Vec<Stream<'a>> {
        match execution_id(group, prefix) {
            Some(id) => self
                .executions
                .with_id(id)
                .map(|execution| self.streams_of(execution, group, times))
                .unwrap_or_default(),
            None => self
                .executions
                .iter()
                .flat_map(|execution| self.streams_of(execution, group, times))
                .collect(),
        }
    }

    fn streams_of(
        &self,
        execution: &'a Execution,
        group: StepGroup<'_>,
        times: TimeRange,
    ) -> Vec<Stream<'a>> {
        runs(execution, group, self.timing)
            .into_iter()
            .filter(|run| times.overlaps(run.course.started, run.course.ended))
            .flat_map(|run| Stream::of_run(run, group, self.now))
            .collect()
    }
}

/// The id of the only execution whose streams can start with this prefix: the names of jobs start
/// with it. `None` if there can be several.
fn execution_id<'p>(group: StepGroup<'_>, prefix: &'p str) -> Option<&'p str> {
    if matches!(group, StepGroup::Lambda(_)) {
        return None;
    }
    let name = prefix.strip_prefix("pipelines-").unwrap_or(prefix);
    name.split_once('-').map(|(id, _)| id)
}
