//! Reads the states of many runs with few requests.
//!
//! GetJobRuns tells of a run all that GetJobRun does. So where a job has several runs, the page of its
//! newest ones answers for each that is on it. Each other run is read by GetJobRun.

use std::collections::BTreeMap;

use aws_kit::client::Client;
use aws_kit::polls::Polls;
use job_type_kit::contract::{Error, RunStatus};

use crate::api::{GetJobRuns, GetJobRunsOutput, RUNS};
use crate::status::{request, run_of, run_status};
use job_type_kit::RunOfJob as RunId;

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
    let mut counts: BTreeMap<&str, usize> = BTreeMap::new();
    for run in runs {
        *counts.entry(&run.job).or_default() += 1;
    }
    let several = counts.into_iter().filter(|(_, count)| *count > 1);
    let listing = |(job, _): (&str, usize)| GetJobRuns {
        job_name: job.to_owned(),
        max_results: RUNS,
    };
    several.map(listing).collect()
}

fn statuses_of(listing: &GetJobRuns, page: GetJobRunsOutput, now: u64) -> Vec<(RunId, RunStatus)> {
    let mut statuses = Vec::new();
    for run in page.job_runs {
        let id = run.id.as_deref();
        if let Some(run_id) = id.and_then(|id| RunId::new(&listing.job_name, id)) {
            let status = run_status(&run_id, &run, now);
            statuses.push((run_id, status));
        }
    }
    statuses
}

#[cfg(test)]
mod tests;
