//! Doing what [`Follow`] decides, and telling of it.

use std::time::{Duration, Instant};

use polysync_host::JobType;
use polysync_host::contract::{Cancellation, Run};
use uuid::Uuid;

use super::report::Report;
use super::watch::{Snapshot, Watch};
use super::{Action, End, Event, Follow};
use crate::exit::Exit;
use crate::failure::{Failure, flatten};
use crate::interrupt::Interrupts;

/// A run to follow.
pub(crate) struct Course<'a> {
    pub(crate) job_type: &'a JobType,
    pub(crate) run: &'a Run,
    /// The run's own: names its cancellation too.
    pub(crate) guid: Uuid,
    pub(crate) interval: Duration,
    pub(crate) can_cancel: bool,
    pub(crate) list_steps: bool,
    pub(crate) monitor_url: Option<&'a str>,
    /// Whether the user wanted it cancelled before it was there.
    pub(crate) interrupted: bool,
}

/// How following ended.
pub(crate) enum Ending {
    /// The run is over.
    Finished(Exit),
    /// The user left.
    Left,
}

enum Done {
    Looked(Box<Result<(Snapshot, Option<Failure>), Failure>>),
    Cancelled(Result<Cancellation, Failure>),
    Waited,
    Interrupted,
}

/// Follows a run until it is over or the user leaves. Fails if it can't be polled any more, or
/// nobody listens to the report.
pub(crate) async fn follow(
    course: &Course<'_>,
    interrupts: &mut Interrupts,
    report: &mut dyn Report,
) -> Result<Ending, Failure> {
    let began = Instant::now();
    let mut follow = Follow::new(course.interval, course.can_cancel);
    let mut watch = Watch::new(course.job_type, course.run, course.list_steps);
    let mut last = None;
    let mut action = match course.interrupted {
        true => follow.on(Event::Interrupted, Duration::ZERO),
        false => Action::Poll,
    };
    loop {
        let done = match (action, last.take()) {
            (Action::End(End::Finished), Some(snapshot)) => {
                return finished(course, &snapshot, report);
            }
            (Action::End(_), _) => return Ok(Ending::Left),
            (action, _) => tokio::select! {
                biased;
                () = interrupts.next() => Done::Interrupted,
                done = perform(action, course, &mut watch) => done,
            },
        };
        let (event, trouble) = match done {
            Done::Looked(looked) => match *looked {
                Ok((snapshot, trouble)) => {
                    report.polled(course.run, &snapshot)?;
                    if let Some(failure) = trouble {
                        report.trouble("listing the steps", &failure, None)?;
                    }
                    let finished = snapshot.status.finished;
                    last = Some(snapshot);
                    (Event::Polled { finished }, None)
                }
                Err(failure) => {
                    let retryable = failure.is_retryable();
                    (Event::PollFailed { retryable }, Some(("polling", failure)))
                }
            },
            Done::Cancelled(Ok(cancellation)) => {
                report.cancelling(course.guid, &cancellation)?;
                (Event::CancelAnswered, None)
            }
            Done::Cancelled(Err(failure)) => (
                Event::CancelFailed {
                    retryable: failure.is_retryable(),
                },
                Some(("cancelling", failure)),
            ),
            Done::Waited => (Event::Waited, None),
            Done::Interrupted => (Event::Interrupted, None),
        };
        action = follow.on(event, began.elapsed());
        match (&action, trouble) {
            (Action::Cancel, None) if event == Event::Interrupted => report.interrupted()?,
            (Action::End(End::GaveUp), Some((_, failure))) => return Err(failure),
            (Action::Wait(wait), Some((doing, failure))) => {
                report.trouble(doing, &failure, Some(*wait))?
            }
            (_, Some((doing, failure))) => report.trouble(doing, &failure, None)?,
            (_, None) => {}
        }
    }
}

async fn perform(action: Action, course: &Course<'_>, watch: &mut Watch<'_>) -> Done {
    match action {
        Action::Poll => Done::Looked(Box::new(watch.look().await)),
        Action::Cancel => Done::Cancelled(flatten(
            course
                .job_type
                .cancel(course.run, &course.guid.to_string())
                .await,
        )),
        Action::Wait(wait) => {
            tokio::time::sleep(wait).await;
            Done::Waited
        }
        Action::End(_) => Done::Waited,
    }
}

fn finished(
    course: &Course<'_>,
    snapshot: &Snapshot,
    report: &mut dyn Report,
) -> Result<Ending, Failure> {
    let exit = Exit::of_finished_run(snapshot.status.state);
    report.finished(course.run, snapshot, course.monitor_url, exit)?;
    Ok(Ending::Finished(exit))
}
