//! Reads what a job wrote to CloudWatch Logs, for job types on AWS.
//!
//! A job type says where a job writes, with a [`Log`], and [`page`] reads it. A page's cursor holds all
//! that the next one needs, so that this takes neither the log nor a request to the job's own service.
//!
//! One operation serves: FilterLogEvents reads all streams of a prefix together, from the head and,
//! since June 2026, from the tail. So a caller needs one permission, `logs:FilterLogEvents`.

mod api;
mod cursor;
mod delivered;
mod endpoint;
mod event;
mod lines;
mod log;
mod place;
mod reader;
mod tail;
#[cfg(test)]
mod tests;

use job_type_kit::contract::{Error, ErrorClass, LogPage, LogPosition};

pub use self::api::{FilterLogEvents, FilterLogEventsOutput, FilteredLogEvent};
pub use self::endpoint::{ENDPOINT, definition, own_endpoint, service, settings};
use self::lines::Lines;
pub use self::log::{Group, Log};
use self::place::Place;
use self::reader::{Page, Reader};
use crate::client::Client;

/// One page of a log. `is_own` says whether a group of this name may be one of the job type's; `find` says
/// where the job writes, and isn't asked for a page after another one.
///
/// # Errors
/// As for [`oldest`], [`last`] and [`after`], and the error of `find`.
pub fn page(
    client: &Client<'_>,
    position: &LogPosition,
    is_own: impl Fn(&str) -> bool,
    find: impl FnOnce() -> Result<Log, Error>,
) -> Result<LogPage, Error> {
    match position {
        LogPosition::After(cursor) => after(client, cursor, is_own),
        LogPosition::Oldest => oldest(client, &find()?),
        LogPosition::Last(count) => last(client, &find()?, *count),
    }
}

/// The first page of a log.
///
/// # Errors
/// `LogNotFound` where nothing is there, or the error of FilterLogEvents.
pub fn oldest(client: &Client<'_>, log: &Log) -> Result<LogPage, Error> {
    let reader = Reader::new(client);
    let mut places = Place::all_of(log);
    let mut lines = Lines::default();
    let mut is_there = false;
    for place in &mut places {
        is_there |= reader.page(place, &mut lines)? == Page::Unfinished;
    }
    if lines.is_empty() && !is_there {
        return Err(not_found(log));
    }
    cursor::page(lines, places)
}

/// The page that begins this many lines before the end of a log, but 9,999 at most.
///
/// # Errors
/// As for [`oldest`].
pub fn last(client: &Client<'_>, log: &Log, count: u32) -> Result<LogPage, Error> {
    let reader = Reader::new(client);
    let mut places = Place::all_of(log);
    let mut lines = Lines::default();
    let mut is_there = false;
    let count = tail::lines_of_a_page(count);
    for place in &mut places {
        is_there |= reader.last(place, count, &mut lines)?;
    }
    if !is_there {
        return Err(not_found(log));
    }
    lines.keep_last(count);
    cursor::page(lines, places)
}

/// The page after the one that had this cursor. `is_own` says whether a group is one that the job type
/// reads: a cursor is what the host passes, and other groups are not for it to read.
///
/// # Errors
/// `InvalidCursor` before any request, or the error of FilterLogEvents.
pub fn after(
    client: &Client<'_>,
    cursor: &str,
    is_own: impl Fn(&str) -> bool,
) -> Result<LogPage, Error> {
    let mut places = cursor::parse(cursor, is_own)?;
    let reader = Reader::new(client);
    let mut lines = Lines::default();
    let mut is_there = false;
    for place in &mut places {
        is_there |= reader.page(place, &mut lines)? != Page::Missing;
    }
    if !is_there {
        let group = places.first().map(Place::group).unwrap_or_default();
        return Err(Error::new(
            ErrorClass::NotFound,
            "LogNotFound",
            format!("the log group {group} does not exist any more"),
            "Somebody deleted the log group.",
        ));
    }
    cursor::page(lines, places)
}

fn not_found(log: &Log) -> Error {
    let groups: Vec<String> = log.groups.iter().map(Group::describe).collect();
    let error = |hint: &'static str| {
        Error::new(
            ErrorClass::NotFound,
            "LogNotFound",
            format!("CloudWatch Logs has nothing in {}", groups.join(" and ")),
            hint,
        )
    };
    if log.is_over {
        error(
            "The job wrote nothing, or it may not write to CloudWatch Logs, or the log's retention is \
             over, or somebody deleted the log.",
        )
    } else {
        error("The job has not written anything yet. Try again in a moment.").retryable()
    }
}
