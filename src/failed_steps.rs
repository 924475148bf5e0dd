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
    from_first_page(client, run_id, first)
}

/// As [`failed_steps`], where the first page is there already.
pub fn from_first_page(
    client: &Client<'_>,
    run_id: &RunId,
    first: Result<ListPipelineExecutionStepsOutput, CallError>,
) -> Vec<Step> {
    let mut failed = Vec::new();
    let left_out = match read(client, run_id, first, &mut failed) {
        Ok(None) => return failed,
        Ok(Some(limit)) => format!("beyond {limit} are left out"),
        Err(error) => format!("are left out: {}. {}", error.summary(), error.hint),
    };
    client.host().log(
        Level::Warn,
        &format!("the failed steps of {} {left_out}", run_id.as_str()),
    );
    failed
}

/// Adds the failed steps of all pages. Returns the limit that ended the reading before the listing's
/// end.
fn read(
    client: &Client<'_>,
    run_id: &RunId,
    first: Result<ListPipelineExecutionStepsOutput, CallError>,
    failed: &mut Vec<Step>,
) -> Result<Option<String>, Error> {
    let mut page = first;
    let mut cursor = Cursor::FIRST;
    let mut pages = 1;
    loop {
        let listed =
            page.map_err(|error| client.contract_error::<ListPipelineExecutionSteps>(error))?;
        let next = cursor.next(listed.next_token, ListPipelineExecutionSteps::NAME)?;
        let region = run_id.region();
        listed
            .pipeline_execution_steps
            .into_iter()
            .map(|step| step::from_api(step, region.as_ref()))
            .filter(|step| step.state == RunState::Failed)
            .for_each(|step| steps::insert_by_start(failed, step));
        if failed.len() > MOST_STEPS || (failed.len() == MOST_STEPS && next.is_some()) {
            failed.truncate(MOST_STEPS);
            return Ok(Some(MOST_STEPS.to_string()));
        }
        match next {
            None => return Ok(None),
            Some(_) if pages == MOST_PAGES => return Ok(Some(format!("{MOST_PAGES} pages"))),
            Some(next) => cursor = next,
        }
        page = steps::list(client, run_id, &cursor);
        pages += 1;
    }
}
