//! Reads the states of many runs with few requests.
//!
//! The runs are grouped by pipeline, and where it pays, a listing tells which of a group are
//! executing: one request of ListPipelineExecutions for up to a hundred of them. Every other run is
//! described, as [`status`](crate::status) does: a run ends by DescribePipelineExecution's word alone.
//! A listing may lag. A run that it still shows as executing is seen to be over in the next round, and
//! one that it doesn't show yet is described.
//!
//! What a listing doesn't tell is left out of the status of a run that executes: the time of its last
//! change, its version, and its selected steps with their source.
//!
//! The listings and descriptions of a call are as many as its runs at most, and in the worst case one
//! and a hundredth of them more: nobody can know beforehand that a listing pays. It may show that no
//! other run of the pipeline is executing.

use aws_kit::client::Bounds;
use job_type_kit::Context;
use job_type_kit::contract::{Error, Run, RunStatus};

use crate::connection;
use crate::run_id::RunId;

mod listing;
mod polls;
#[cfg(test)]
mod tests;

use polls::{Polls, Requests};

/// Reads the states of the runs, in their order. A run that is there twice is read once.
///
/// # Errors
/// Each run has its own, as for [`status`](crate::status::status). An error that every run would meet
/// ends the requests, and is that of each run that is left. A run that there was no time for has an
/// error that is retryable.
pub fn statuses(context: Context<'_>, runs: &[Run]) -> Vec<Result<RunStatus, Error>> {
    let mut polls = Polls::default();
    let places: Vec<Result<usize, Error>> = runs
        .iter()
        .map(|run| RunId::parse(&run.run_id).map(|run_id| polls.add(run_id)))
        .collect();
    let left = match connection::client(context) {
        Ok(client) => {
            let mut requests = Requests::of(client.within(Bounds::of_many(context.host)));
            let ended = read(&mut requests, &mut polls);
            ended.err().unwrap_or_else(Error::no_time_for_status)
        }
        Err(error) => error,
    };
    places
        .into_iter()
        .map(|place| polls.outcome(place?).unwrap_or_else(|| Err(left.clone())))
        .collect()
}

/// Reads the runs: those that listings tell first, then each other one on its own.
fn read(requests: &mut Requests<'_>, polls: &mut Polls) -> Result<(), Error> {
    listing::list_what_pays(requests, polls)?;
    let mut left = polls.without_outcome();
    // Where the time is never enough for all, another part of them is left each time.
    let first = requests.client.host().any_place(left.len());
    left.rotate_left(first);
    polls.describe(requests, &left)
}
