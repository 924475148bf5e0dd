//! What is known of a start whose answer was lost: the runs that may be the one that was asked for.

use aws_kit::client::Client;
use job_type_kit::contract::Error;
use job_type_kit::contract::log::Level;

use crate::api::{GetJobRuns, JobRun, RUNS, StartJobRun};
use crate::run_id::RunId;

/// How far Glue's clock and the host's may be apart, in milliseconds: AWS refuses the signature of a
/// request whose time is further off.
const CLOCKS_APART: u64 = 5 * 60 * 1000;

/// The error of a start at `began` that Glue may have carried out, for this reason.
pub fn error(
    client: &Client<'_>,
    request: &StartJobRun,
    began: u64,
    request_id: Option<String>,
    why: &str,
) -> Error {
    let message = format!("a run may have been started, or not: {why}");
    let candidates = candidates(client, request, began);
    Error {
        request_id,
        ..Error::uncertain(
            "StartNotAnswered",
            message,
            candidates,
            hint(client, request),
        )
    }
}

fn hint(client: &Client<'_>, request: &StartJobRun) -> String {
    format!(
        "Look at the job's runs before anything else: each candidate-run-id is a run that began since with \
         the same arguments, and aws glue get-job-runs --region {} --job-name '{}' shows them all, the new \
         one sometimes a little later. If one of them is yours, adopt it. If none is there after a few \
         minutes, start the job anew.",
        client.region().as_str(),
        request.job_name,
    )
}

/// The runs that have begun since with the same arguments. None where they can't be listed: the error
/// is that of the start in any case. One page has them: no job begins 200 runs in the meantime.
fn candidates(client: &Client<'_>, request: &StartJobRun, began: u64) -> Vec<String> {
    let runs = client.call(&GetJobRuns {
        job_name: request.job_name.clone(),
        max_results: RUNS,
        next_token: None,
    });
    let page = match runs {
        Ok(page) => page,
        Err(error) => {
            let text = format!("the runs that may have been started can't be listed: {error}");
            client.host().log(Level::Warn, &text);
            return Vec::new();
        }
    };
    let since = began.saturating_sub(CLOCKS_APART);
    let may_be_it = |run: &JobRun| {
        run.started_on.is_some_and(|started| started >= since) && has_arguments(run, request)
    };
    page.job_runs
        .iter()
        .filter(|run| may_be_it(run))
        .filter_map(|run| RunId::new(&request.job_name, run.id.as_deref()?))
        .map(Into::into)
        .collect()
}

/// Whether a run has each argument of the request. It may have those of the definition beside them.
fn has_arguments(run: &JobRun, request: &StartJobRun) -> bool {
    let has = |name: &str, value: &String| {
        let arguments = run.arguments.as_ref();
        arguments.and_then(|arguments| arguments.get(name)?.as_ref()) == Some(value)
    };
    let mut arguments = request.arguments.iter();
    arguments.all(|(name, value)| has(name, value))
}
