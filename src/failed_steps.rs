//! The steps that failed in a run that is over without success.

use aws_kit::client::{Client, Operation};
use job_type_kit::contract::log::Level;
use job_type_kit::contract::{Error, RunState, Step};
use job_type_kit::{Cursor, Host};

use crate::api::ListPipelineExecutionSteps;
use crate::run_id::RunId;
use crate::step;
use crate::steps;

/// How many pages of steps a poll reads. A host allows a call a few thousand requests, and a poll has
/// to stay cheap even where a listing does not end.
pub(crate) const MOST_PAGES: usize = 50;

/// The failed steps of an execution, in order of start. They say more than the execution's own
/// reason, which is often only that a step failed. Where they can't be listed, the log says why, and
/// the status has none.
pub fn failed_steps(client: &Client<'_>, run_id: &RunId) -> Vec<Step> {
    let mut failed = Vec::new();
    let mut cursor = Some(Cursor::FIRST);
    for _ in 0..MOST_PAGES {
        let Some(page) = cursor.take() else {
            return failed;
        };
        match failed_on_page(client, run_id, &page, &mut failed) {
            Ok(next) => cursor = next,
            Err(error) => {
                warn(
                    client.host(),
                    run_id,
                    &format!("are left out: {}. {}", error.summary(), error.hint),
                );
                return failed;
            }
        }
    }
    if cursor.is_some() {
        warn(
            client.host(),
            run_id,
            &format!("beyond {MOST_PAGES} pages are left out"),
        );
    }
    failed
}

/// Adds the failed steps of one page, and returns the next page.
fn failed_on_page(
    client: &Client<'_>,
    run_id: &RunId,
    cursor: &Cursor,
    failed: &mut Vec<Step>,
) -> Result<Option<Cursor>, Error> {
    let page = steps::list(client, run_id, cursor)
        .map_err(|error| client.contract_error::<ListPipelineExecutionSteps>(error))?;
    let next = cursor.next(page.next_token, ListPipelineExecutionSteps::NAME)?;
    let region = run_id.region();
    page.pipeline_execution_steps
        .into_iter()
        .map(|step| step::from_api(step, region.as_ref()))
        .filter(|step| step.state == RunState::Failed)
        .for_each(|step| steps::insert_by_start(failed, step));
    Ok(next)
}

fn warn(host: &dyn Host, run_id: &RunId, what: &str) {
    host.log(
        Level::Warn,
        &format!("the failed steps of {} {what}", run_id.as_str()),
    );
}
