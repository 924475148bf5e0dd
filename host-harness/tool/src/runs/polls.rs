//! Polls of many runs, asked for together: those that are due at about the same time are one call.
//!
//! `dataloader`, which gathers keys for one load, was considered: it takes no clock, has no bound of loads
//! under way, and goes on with a load that nobody waits for any more.
//!
//! A run whose call broke may be why it broke, so it is asked with fewer others the next time, and at last
//! alone: the others get their answers without it.

use std::sync::Arc;
use std::time::Duration;

use polysync_host::contract::{Run, RunStatus};
use polysync_host::{Clock, JobType, PluginIdentity};
use tokio::sync::{Semaphore, mpsc, oneshot};

use super::call::{CallFailure, flatten};

/// The most runs of one call. The same as the host's recommended `runs_per_call`, so that one call of the
/// tool is one of the plugin.
const MOST_RUNS: usize = 1_000;

/// The most runs that are gathered for calls one after the other.
const MOST_GATHERED: usize = 10_000;

/// How many polls wait to be gathered; the others wait to be let in.
const QUEUE: usize = 1_000;

/// How long polls are gathered at most.
const LONGEST_WINDOW: Duration = Duration::from_millis(100);

/// The window is the interval between two polls of a run divided by this.
const WINDOWS_PER_INTERVAL: u32 = 50;

/// How many calls are under way for runs whose last call broke. All others are asked one call after the
/// other, so that the calls don't throttle each other.
const CALLS_APART: usize = 3;

/// What a call tells of runs, in their order, and the plugin that told it.
type Answers = (Arc<PluginIdentity>, Vec<Result<RunStatus, CallFailure>>);

/// What is told of one run, and the plugin that told it.
pub(crate) type Polled = (Arc<PluginIdentity>, Result<RunStatus, CallFailure>);

/// How long polls are gathered that are repeated at this interval.
pub(crate) fn window(interval: Duration) -> Duration {
    (interval / WINDOWS_PER_INTERVAL).min(LONGEST_WINDOW)
}

/// Asks how runs are. Cheap to clone; the tasks behind it end with the last clone.
#[derive(Debug, Clone)]
pub(crate) struct Polls {
    together: mpsc::Sender<Poll>,
    apart: mpsc::Sender<Poll>,
}

/// A run that is to be asked about.
#[derive(Debug)]
struct Poll {
    run: Run,
    /// How many of its calls broke in a row.
    broken: u32,
    answer: oneshot::Sender<Polled>,
}

impl Polls {
    /// Each run is asked about at once and alone.
    pub(crate) fn one_by_one(job_type: JobType, clock: Arc<dyn Clock>) -> Self {
        Self::gathering(job_type, clock, Duration::ZERO)
    }

    /// Runs are asked about together that are due within a window.
    pub(crate) fn gathering(job_type: JobType, clock: Arc<dyn Clock>, window: Duration) -> Self {
        Self::asking(move |runs| ask(job_type.clone(), runs), clock, window)
    }

    fn asking<A, F>(ask: A, clock: Arc<dyn Clock>, window: Duration) -> Self
    where
        A: Fn(Vec<Run>) -> F + Send + Sync + 'static,
        F: Future<Output = Answers> + Send + 'static,
    {
        let ask = Arc::new(ask);
        let lane = |calls| {
            let (sender, due) = mpsc::channel(QUEUE);
            let lane = Lane {
                due,
                clock: Arc::clone(&clock),
                window,
                places: Arc::new(Semaphore::new(calls)),
            };
            tokio::spawn(lane.work(Arc::clone(&ask)));
            sender
        };
        Self {
            together: lane(1),
            apart: lane(CALLS_APART),
        }
    }

    /// Asks how a run is. `broken` calls about it broke in a row. None if the task that asks has failed.
    /// Dropping the future takes the question back.
    pub(crate) async fn status(&self, run: Run, broken: u32) -> Option<Polled> {
        let (answer, answered) = oneshot::channel();
        let poll = Poll {
            run,
            broken,
            answer,
        };
        let lane = match broken {
            0 => &self.together,
            _ => &self.apart,
        };
        lane.send(poll).await.ok()?;
        answered.await.ok()
    }
}

/// Asks the plugin that serves now.
async fn ask(job_type: JobType, runs: Vec<Run>) -> Answers {
    let job_type = job_type.pin();
    let answers = match runs.as_slice() {
        [run] => vec![job_type.status(run).await],
        runs => job_type.statuses(runs).await,
    };
    let answers = answers.into_iter().map(flatten).collect();
    (job_type.identity(), answers)
}

/// Polls that wait for the same calls.
struct Lane {
    due: mpsc::Receiver<Poll>,
    clock: Arc<dyn Clock>,
    window: Duration,
    /// One for each call that may be under way.
    places: Arc<Semaphore>,
}

impl Lane {
    async fn work<A, F>(mut self, ask: Arc<A>)
    where
        A: Fn(Vec<Run>) -> F + Send + Sync + 'static,
        F: Future<Output = Answers> + Send + 'static,
    {
        while let Some(first) = self.due.recv().await {
            // More gather while all calls are under way.
            let Ok(place) = Arc::clone(&self.places).acquire_owned().await else {
                return;
            };
            let mut place = Some(place);
            for polls in calls(self.gather(first).await) {
                let place = match place.take() {
                    Some(place) => place,
                    None => match Arc::clone(&self.places).acquire_owned().await {
                        Ok(place) => place,
                        Err(_) => return,
                    },
                };
                let ask = Arc::clone(&ask);
                tokio::spawn(async move {
                    answer(&*ask, polls).await;
                    drop(place);
                });
            }
        }
    }

    /// The polls that are due within the window after the first.
    async fn gather(&mut self, first: Poll) -> Vec<Poll> {
        let mut polls = vec![first];
        if !self.window.is_zero() {
            let mut end = self.clock.sleep(self.window);
            while polls.len() < MOST_GATHERED {
                tokio::select! {
                    biased;
                    Some(poll) = self.due.recv() => polls.push(poll),
                    () = &mut end => break,
                }
            }
        }
        polls
    }
}

/// The polls of each call. Polls that nobody waits for any more are left out.
fn calls(mut polls: Vec<Poll>) -> Vec<Vec<Poll>> {
    polls.retain(|poll| !poll.answer.is_closed());
    polls.sort_by(|a, b| {
        let order = |poll: &Poll| (poll.broken, poll.run.external_id.clone());
        order(a).cmp(&order(b))
    });
    let mut calls: Vec<Vec<Poll>> = Vec::new();
    for poll in polls {
        let fits = |call: &&mut Vec<Poll>| {
            call.len() < most_runs(poll.broken)
                && call
                    .first()
                    .is_some_and(|first| first.broken == poll.broken)
        };
        match calls.last_mut().filter(fits) {
            Some(call) => call.push(poll),
            None => calls.push(vec![poll]),
        }
    }
    calls
}

/// The most runs of a call, after so many calls that broke.
fn most_runs(broken: u32) -> usize {
    10usize
        .checked_pow(broken)
        .map_or(1, |parts| MOST_RUNS / parts)
        .max(1)
}

/// Makes one call and hands each run its answer. The call is dropped when nobody waits for it any more.
async fn answer<F>(ask: impl Fn(Vec<Run>) -> F, mut polls: Vec<Poll>)
where
    F: Future<Output = Answers>,
{
    let runs = polls.iter().map(|poll| poll.run.clone()).collect();
    let all_gone = async {
        for poll in &mut polls {
            poll.answer.closed().await;
        }
    };
    let (plugin, answers) = tokio::select! {
        biased;
        () = all_gone => return,
        answers = ask(runs) => answers,
    };
    for (poll, answer) in polls.into_iter().zip(answers) {
        // The run may be cancelled meanwhile.
        let _ = poll.answer.send((Arc::clone(&plugin), answer));
    }
}

#[cfg(test)]
mod tests;
