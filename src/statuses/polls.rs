//! The runs of one call, each once, and what is known of them.

use aws_kit::batch::Batch;
use aws_kit::client::Client;
use aws_kit::pace::Pace;
use job_type_kit::Cursor;
use job_type_kit::contract::{Error, RunStatus};

use crate::api::DescribePipelineExecution;
use crate::execution_status;
use crate::failed_steps;
use crate::run_id::RunId;
use crate::status::{is_over_without_success, run_status};
use crate::steps;

/// How many requests are sent together. A page of executions has about 4 MiB at most, and the
/// responses of a batch have to fit into the guest's memory.
pub(super) const BATCH: usize = 16;

/// How many runs are described before the failed steps of those that are over are read. Not all at
/// first: where time is short, some of them are done in each call.
const DESCRIBED_TOGETHER: usize = 4 * BATCH;

/// How many failed steps the answer has, of all runs together, so that it fits into the guest's
/// memory.
const MOST_FAILED_STEPS: usize = 4_000;

/// The requests of one call, all at one pace.
pub(super) struct Requests<'a> {
    pub(super) client: Client<'a>,
    pub(super) pace: Pace,
}

impl<'a> Requests<'a> {
    pub(super) fn of(client: Client<'a>) -> Self {
        Self {
            client,
            pace: Pace::new(BATCH),
        }
    }
}

type Outcome = Result<RunStatus, Error>;

/// One run.
pub(super) struct Poll {
    pub(super) run_id: RunId,
    pub(super) outcome: Option<Outcome>,
    /// Whether a listing has named the run. If the run has no outcome then, only its description tells it.
    pub(super) listed: bool,
}

impl Poll {
    /// Whether a listing may still tell how the run is.
    pub(super) fn is_open(&self) -> bool {
        self.outcome.is_none() && !self.listed
    }
}

/// The runs.
#[derive(Default)]
pub(super) struct Polls {
    pub(super) all: Vec<Poll>,
    /// Their indexes in order of their ids in lower case, so that the runs of a pipeline are together:
    /// the case of an ARN may differ. A host sorts the runs, so that most go to the end.
    by_arn: Vec<(String, usize)>,
    batch: Batch,
    failed_steps: usize,
}

impl Polls {
    /// Adds a run, unless it is there. Returns its index.
    pub(super) fn add(&mut self, run_id: RunId) -> usize {
        let arn = run_id.as_str().to_ascii_lowercase();
        match self.place(&arn) {
            Ok(index) => index,
            Err(place) => {
                let index = self.all.len();
                self.by_arn.insert(place, (arn, index));
                self.all.push(Poll {
                    run_id,
                    outcome: None,
                    listed: false,
                });
                index
            }
        }
    }

    /// The run with this ARN.
    pub(super) fn with_arn(&mut self, arn: &str) -> Option<&mut Poll> {
        let index = self.place(&arn.to_ascii_lowercase()).ok()?;
        self.all.get_mut(index)
    }

    /// The runs, and their indexes, in order of their ids in lower case.
    pub(super) fn in_order(&self) -> impl Iterator<Item = (usize, &Poll)> {
        let indexes = self.by_arn.iter().map(|(_, index)| *index);
        indexes.filter_map(|index| Some((index, self.all.get(index)?)))
    }

    /// The index of the run with this ARN, which is in lower case.
    ///
    /// # Errors
    /// Where in the order it would be.
    fn place(&self, arn: &str) -> Result<usize, usize> {
        let place = self
            .by_arn
            .partition_point(|(other, _)| other.as_str() < arn);
        match self.by_arn.get(place) {
            Some((other, index)) if other == arn => Ok(*index),
            _ => Err(place),
        }
    }

    /// What is known of a run.
    pub(super) fn outcome(&self, index: usize) -> Option<Outcome> {
        self.all.get(index)?.outcome.clone()
    }

    /// The runs that nothing is known of.
    pub(super) fn without_outcome(&self) -> Vec<usize> {
        let all = self.all.iter().enumerate();
        all.filter(|(_, poll)| poll.outcome.is_none())
            .map(|(index, _)| index)
            .collect()
    }

    /// Describes these runs, and reads the failed steps of those that are over without success.
    ///
    /// # Errors
    /// The error that every further run would meet.
    pub(super) fn describe(
        &mut self,
        requests: &mut Requests<'_>,
        runs: &[usize],
    ) -> Result<(), Error> {
        runs.chunks(DESCRIBED_TOGETHER).try_for_each(|runs| {
            let ended = self.describe_together(requests, runs);
            self.read_failed_steps(requests, runs);
            ended
        })
    }

    fn describe_together(
        &mut self,
        Requests { client, pace }: &mut Requests<'_>,
        runs: &[usize],
    ) -> Result<(), Error> {
        let inputs = self.inputs(runs, execution_status::request);
        client.call_paced(pace, &inputs, |index, result| {
            let outcome = match result {
                Ok(execution) => {
                    self.batch.answered();
                    Ok(run_status(execution, client.host().now()))
                }
                Err(error) => Err(self
                    .batch
                    .error_of_one::<DescribePipelineExecution>(client, error)?),
            };
            if let Some(poll) = runs.get(index).and_then(|run| self.all.get_mut(*run)) {
                poll.outcome = Some(outcome);
            }
            Ok(())
        })
    }

    /// Reads the failed steps of those that are over without success. A run whose steps there is no
    /// time or place for is read again in a later call: once a host has its end, it doesn't ask again.
    fn read_failed_steps(&mut self, Requests { client, pace }: &mut Requests<'_>, runs: &[usize]) {
        let mut over: Vec<(usize, Outcome)> = Vec::new();
        for run in runs {
            if let Some(poll) = self.all.get_mut(*run)
                && let Some(Ok(status)) = &poll.outcome
                && is_over_without_success(status)
            {
                let later = Some(Err(Error::no_time_for_status()));
                over.extend(std::mem::replace(&mut poll.outcome, later).map(|known| (*run, known)));
            }
        }
        let runs: Vec<usize> = over.iter().map(|(run, _)| *run).collect();
        let inputs = self.inputs(&runs, |run_id| steps::request(run_id, &Cursor::FIRST));
        let mut over: Vec<Option<Outcome>> =
            over.into_iter().map(|(_, known)| Some(known)).collect();
        let _ended = client.call_paced(pace, &inputs, |index, page| {
            if self.failed_steps >= MOST_FAILED_STEPS {
                return Err(());
            }
            if let Some(poll) = runs.get(index).and_then(|run| self.all.get_mut(*run))
                && let Some(Ok(mut status)) = over.get_mut(index).and_then(Option::take)
            {
                status.failed_steps = failed_steps::in_time(client, &poll.run_id, page).ok_or(())?;
                self.failed_steps += status.failed_steps.len();
                poll.outcome = Some(Ok(status));
            }
            Ok(())
        });
    }

    fn inputs<O>(&self, runs: &[usize], request: impl Fn(&RunId) -> O) -> Vec<O> {
        let polls = runs.iter().filter_map(|run| self.all.get(*run));
        polls.map(|poll| request(&poll.run_id)).collect()
    }
}
