//! What is known of a start whose answer was lost: the runs that may be the one that was asked for.

use aws_kit::client::{Client, Doubt};
use job_type_kit::contract::log::Level;

use crate::api::{GetJobRuns, JobRun, RUNS, StartJobRun};
use job_type_kit::RunOfJob as RunId;

/// How far Glue's clock and the host's may be apart, in milliseconds: AWS refuses the signature of a
/// request whose time is further off.
const CLOCKS_APART: u64 = 5 * 60 * 1000;

/// The runs that have begun since `began` with the same arguments, and how to look for more. There are
/// none where they can't be listed. One page has them: no job begins 200 runs in the meantime.
pub fn look(client: &Client<'_>, request: &StartJobRun, began: u64) -> Doubt {
    let job_name = request.job_name.clone();
    let hint = format!(
        "Look at the job's runs first: each candidate-run-id is one that began since with the same \
         arguments, and `aws glue get-job-runs` in {} shows all of the job, the new one sometimes a little \
         later. If one of them is yours, adopt it. If none is there after a few minutes, \
         start the job anew.",
        client.region().as_str(),
    );
    let listing = GetJobRuns {
        job_name,
        max_results: RUNS,
    };
    let runs = client.call(&listing).map(|page| page.job_runs);
    let runs = runs.unwrap_or_else(|error| {
        let text = format!("the runs that may have been started can't be listed: {error}");
        client.host().log(Level::Warn, &text);
        Vec::new()
    });
    let since = began.saturating_sub(CLOCKS_APART);
    let candidates = runs
        .iter()
        .filter(|run| run.started_on >= Some(since) && has_arguments(run, request))
        .filter_map(|run| RunId::new(&request.job_name, run.id.as_deref()?));
    Doubt {
        candidates: candidates.map(Into::into).collect(),
        hint,
    }
}

/// Whether a run has each argument of the request. It may have those of the definition beside them.
fn has_arguments(run: &JobRun, request: &StartJobRun) -> bool {
    let value = |name| run.arguments.as_ref()?.get(name)?.as_ref();
    let mut arguments = request.arguments.iter();
    arguments.all(|(name, sent)| value(name) == Some(sent))
}
