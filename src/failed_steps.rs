//! The steps to blame for a run that is over without success.

use aws_kit::client::{Client, Operation};
use job_type_kit::contract::log::Level;
use job_type_kit::contract::{Error, RunState, Step};
use job_type_kit::{Cursor, Host};

use crate::api::ListPipelineExecutionSteps;
use crate::run_id::RunId;
use crate::step;
use crate::steps;

/// A poll has to stay cheap, whatever a listing does, and a host allows a call some thousands of
/// requests.
pub(crate) const MOST_PAGES: usize = 50;

/// The failed steps of an execution, in order of start. The execution's own reason mostly says only
/// that a step failed. The steps are a courtesy: where they can't be listed, the status comes without
/// them, and the log says why.
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

/// Adds the failed steps of one page. Returns where the listing goes on.
fn failed_on_page(
    client: &Client<'_>,
    run_id: &RunId,
    cursor: &Cursor,
    failed: &mut Vec<Step>,
) -> Result<Option<Cursor>, Error> {
    let page = steps::list(client, run_id, cursor)
        .map_err(|error| client.contract_error::<ListPipelineExecutionSteps>(error))?;
    let next = cursor.next(page.next_token, ListPipelineExecutionSteps::NAME)?;
    page.pipeline_execution_steps
        .into_iter()
        .map(step::from_api)
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
