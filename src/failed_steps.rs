//! The steps that failed in a run that is over without success.

use aws_kit::client::{Client, Operation};
use aws_kit::error::CallError;
use job_type_kit::Cursor;
use job_type_kit::contract::log::Level;
use job_type_kit::contract::{Error, RunState, Step};

use crate::api::{ListPipelineExecutionSteps, ListPipelineExecutionStepsOutput};
use crate::run_id::RunId;
use crate::step;
use crate::steps;

/// How many pages of steps a poll reads. A host allows a call a few thousand requests, and a poll has
/// to stay cheap even where a listing does not end.
pub(crate) const MOST_PAGES: usize = 50;
/// How many failed steps a status has. A ForEach step can have thousands, and nobody reads them.
pub(crate) const MOST_STEPS: usize = 100;

/// The failed steps of an execution, in order of start. They say more than the execution's own
/// reason, which is often only that a step failed. Where they can't be listed, or are too many, the
/// log says so.
pub fn failed_steps(client: &Client<'_>, run_id: &RunId) -> Vec<Step> {
    let first = steps::list(client, run_id, &Cursor::FIRST);
    let mut failed = Vec::new();
    let end = read(client, run_id, first, &mut failed);
    log_left_out(client, run_id, end);
    failed
}

/// As [`failed_steps`], where the first page is there already. `None` where the call has no time left for
/// all pages.
pub fn in_time(
    client: &Client<'_>,
    run_id: &RunId,
    first: Result<ListPipelineExecutionStepsOutput, CallError>,
) -> Option<Vec<Step>> {
    let mut failed = Vec::new();
    let end = read(client, run_id, first, &mut failed);
    if matches!(end, End::Unread(CallError::Deadline { .. })) {
        return None;
    }
    log_left_out(client, run_id, end);
    Some(failed)
}

/// How the reading of all pages ended.
enum End {
    Complete,
    /// At this limit.
    Limit(String),
    /// At a page that can't be read.
    Unread(CallError),
    /// At a token that doesn't lead on.
    Endless(Error),
}

fn log_left_out(client: &Client<'_>, run_id: &RunId, end: End) {
    let because = |error: Error| format!("are left out: {}. {}", error.summary(), error.hint);
    let left_out = match end {
        End::Complete => return,
        End::Limit(limit) => format!("beyond {limit} are left out"),
        End::Unread(error) => because(client.contract_error::<ListPipelineExecutionSteps>(error)),
        End::Endless(error) => because(error),
    };
    client.host().log(
        Level::Warn,
        &format!("the failed steps of {} {left_out}", run_id.as_str()),
    );
}

/// Adds the failed steps of all pages.
fn read(
    client: &Client<'_>,
    run_id: &RunId,
    first: Result<ListPipelineExecutionStepsOutput, CallError>,
    failed: &mut Vec<Step>,
) -> End {
    let mut page = first;
    let mut cursor = Cursor::FIRST;
    let mut pages = 1;
    loop {
        let listed = match page {
            Ok(listed) => listed,
            Err(error) => return End::Unread(error),
        };
        let next = match cursor.next(listed.next_token, ListPipelineExecutionSteps::NAME) {
            Ok(next) => next,
            Err(error) => return End::Endless(error),
        };
        let region = run_id.region();
        listed
            .pipeline_execution_steps
            .into_iter()
            .map(|step| step::from_api(step, region.as_ref()))
            .filter(|step| step.state == RunState::Failed)
            .for_each(|step| steps::insert_by_start(failed, step));
        if failed.len() > MOST_STEPS || (failed.len() == MOST_STEPS && next.is_some()) {
            failed.truncate(MOST_STEPS);
            return End::Limit(MOST_STEPS.to_string());
        }
        match next {
            None => return End::Complete,
            Some(_) if pages == MOST_PAGES => return End::Limit(format!("{MOST_PAGES} pages")),
            Some(next) => cursor = next,
        }
        page = steps::list(client, run_id, &cursor);
        pages += 1;
    }
}
