//! Reads the states of many runs with few requests.
//!
//! GetJobRuns tells of a run all that GetJobRun does. So where a job has several runs, the page of its
//! newest ones answers for each that is on it. Each other run is read by GetJobRun.

use aws_kit::client::Client;
use aws_kit::polls::Polls;
use job_type_kit::contract::{Error, RunStatus};
use job_type_kit::{RunOfJob as RunId, jobs_of_several};

use crate::api::{GetJobRuns, GetJobRunsOutput, RUNS};
use crate::status::{request, run_of, run_status};

/// How many requests are sent together: pages of runs have to fit into the guest's memory.
const TOGETHER: usize = 8;

/// Reads the states of the runs with these ids, in their order. A run that is there twice is read once.
///
/// # Errors
/// Each run has its own, as for [`status`](crate::status::status).
pub fn statuses(
    client: Result<Client<'_>, Error>,
    ids: Vec<Result<RunId, Error>>,
) -> Vec<Result<RunStatus, Error>> {
    Polls::outcomes(client, TOGETHER, ids, |polls| {
        polls.list(&listings(polls.open()), statuses_of)?;
        polls.read_each(request, |run_id, answer, now| {
            Ok(run_status(run_id, &run_of(answer)?, now))
        })
    })
}

/// The listings of the jobs that several of the runs are of: they may save requests.
fn listings<'a>(runs: impl Iterator<Item = &'a RunId>) -> Vec<GetJobRuns> {
    let listing = |job: &str| GetJobRuns {
        job_name: job.to_owned(),
        max_results: RUNS,
    };
    jobs_of_several(runs).into_iter().map(listing).collect()
}

fn statuses_of(listing: &GetJobRuns, page: GetJobRunsOutput, now: u64) -> Vec<(RunId, RunStatus)> {
    let known = page.job_runs.iter().filter_map(|run| {
        let run_id = RunId::new(&listing.job_name, run.id.as_deref()?)?;
        let status = run_status(&run_id, run, now);
        Some((run_id, status))
    });
    known.collect()
}

#[cfg(test)]
mod tests;
