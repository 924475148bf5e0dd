//! Reads the states of many runs with few requests.
//!
//! The runs are grouped by job. GetJobRuns tells of a run all that GetJobRun does, so that a page of a
//! job's newest runs answers for each of them that is on it. It is read where a job has several runs, and
//! the next one as long as the last has saved a request. Each other run is read by GetJobRun.

use std::collections::{BTreeMap, BTreeSet};

use aws_kit::batch::Batch;
use aws_kit::client::{Bounds, Client, Operation};
use aws_kit::pace::Pace;
use job_type_kit::contract::log::Level;
use job_type_kit::contract::{Connection, Error, Run, RunStatus};
use job_type_kit::{Cursor, Host};

use crate::api::{GetJobRun, GetJobRuns, JobRun, RUNS};
use crate::connection;
use crate::run_id::RunId;
use crate::status::{no_run, request, run_status};

/// How many requests are sent together: pages of runs have to fit into the guest's memory.
const TOGETHER: usize = 8;

/// Reads the states of the runs, in their order. A run that is there twice is read once.
///
/// # Errors
/// Each run has its own, as for [`status`](crate::status::status). An error that every run would meet
/// ends the requests, and is that of each run that is left. A run that there was no time for has an
/// error that is retryable.
pub fn statuses(
    host: &dyn Host,
    connection: &Connection,
    runs: &[Run],
) -> Vec<Result<RunStatus, Error>> {
    let ids: Vec<_> = runs.iter().map(RunId::of).collect();
    let mut known = BTreeMap::new();
    let left = match connection::client(host, connection) {
        Ok(client) => {
            let mut poll = Poll {
                client: client.within(Bounds::of_many(host)),
                pace: Pace::new(TOGETHER),
                batch: Batch::default(),
                open: ids.iter().flatten().cloned().collect(),
                known: &mut known,
            };
            let ended = poll.list().and_then(|()| poll.read_each());
            ended.err().unwrap_or_else(|| Error::no_time_left("status"))
        }
        Err(error) => error,
    };
    ids.into_iter()
        .map(|id| {
            known
                .get(&id?)
                .cloned()
                .unwrap_or_else(|| Err(left.clone()))
        })
        .collect()
}

type Outcomes = BTreeMap<RunId, Result<RunStatus, Error>>;

/// One call.
struct Poll<'h, 'k> {
    client: Client<'h>,
    pace: Pace,
    batch: Batch,
    /// The runs that nothing is known of.
    open: BTreeSet<RunId>,
    known: &'k mut Outcomes,
}

impl Poll<'_, '_> {
    /// Reads the runs that pages of their jobs' newest runs show.
    ///
    /// # Errors
    /// The error that every run would meet.
    fn list(&mut self) -> Result<(), Error> {
        let jobs: BTreeSet<String> = self.open.iter().map(|run| run.job.clone()).collect();
        let mut listings: Vec<_> = jobs.into_iter().map(|job| (job, Cursor::FIRST)).collect();
        loop {
            listings.retain(|(job, _)| self.pays(job));
            if listings.is_empty() {
                return Ok(());
            }
            let inputs: Vec<_> = listings.iter().map(page_request).collect();
            let Self {
                client,
                pace,
                batch,
                open,
                known,
            } = self;
            let mut next = Vec::new();
            client.call_paced(pace, &inputs, |index, result| {
                let Some((job, cursor)) = listings.get(index) else {
                    return Ok(());
                };
                let page = match result {
                    Ok(page) => page,
                    // Each run is read on its own instead.
                    Err(error) => {
                        let error = batch.error_of_one::<GetJobRuns>(client, error)?;
                        let text =
                            format!("the runs of {job} can't be listed: {}", error.summary());
                        client.host().log(Level::Info, &text);
                        return Ok(());
                    }
                };
                batch.answered();
                let now = client.host().now();
                let shown = page.job_runs.into_iter();
                let shown = shown.filter(|run| note(job, run, now, open, known)).count();
                if shown > 1 {
                    let cursor = cursor.next(page.next_token, GetJobRuns::NAME);
                    next.extend(cursor.ok().flatten().map(|cursor| (job.clone(), cursor)));
                }
                Ok(())
            })?;
            listings = next;
        }
    }

    /// Whether a page could save a request: several runs of the job are open.
    fn pays(&self, job: &str) -> bool {
        self.open
            .iter()
            .filter(|run| run.job == job)
            .nth(1)
            .is_some()
    }

    /// Reads each run that is left.
    ///
    /// # Errors
    /// The error that every further run would meet.
    fn read_each(&mut self) -> Result<(), Error> {
        let mut left: Vec<RunId> = self.open.iter().cloned().collect();
        // Where the time is never enough for all, another part of them is left each time.
        let count = left.len();
        let last = u64::try_from(count.saturating_sub(1)).unwrap_or(0);
        let first = usize::try_from(self.client.host().jitter(last)).unwrap_or(0);
        left.rotate_left(first.min(count));
        let inputs: Vec<_> = left.iter().map(request).collect();
        let Self {
            client,
            pace,
            batch,
            known,
            ..
        } = self;
        client.call_paced(pace, &inputs, |index, result| {
            let Some(run_id) = left.get(index) else {
                return Ok(());
            };
            let outcome = match result {
                Ok(answer) => {
                    batch.answered();
                    let run = answer.job_run.ok_or_else(no_run);
                    run.map(|run| run_status(run_id, &run, client.host().now()))
                }
                Err(error) => Err(batch.error_of_one::<GetJobRun>(client, error)?),
            };
            known.insert(run_id.clone(), outcome);
            Ok(())
        })
    }
}

fn page_request((job, cursor): &(String, Cursor)) -> GetJobRuns {
    GetJobRuns {
        job_name: job.clone(),
        max_results: RUNS,
        next_token: cursor.token().map(str::to_owned),
    }
}

/// Notes the status of a listed run, if it is one that is asked for.
fn note(
    job: &str,
    run: &JobRun,
    now: u64,
    open: &mut BTreeSet<RunId>,
    known: &mut Outcomes,
) -> bool {
    let run_id = run.id.as_deref().and_then(|id| RunId::new(job, id));
    let Some(run_id) = run_id.filter(|run_id| open.remove(run_id)) else {
        return false;
    };
    let status = run_status(&run_id, run, now);
    known.insert(run_id, Ok(status));
    true
}

#[cfg(test)]
mod tests;
