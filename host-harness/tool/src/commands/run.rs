//! `run`: a run from its start to its end.

use std::io::{self, IsTerminal};
use std::pin::pin;
use std::time::Duration;

use polysync_host::JobType;
use polysync_host::contract::{Job, Run, StartedRun};
use uuid::Uuid;

use crate::args::FollowArgs;
use crate::commands::{check, launch};
use crate::exit::Exit;
use crate::failure::{Failure, flatten};
use crate::feature::Feature;
use crate::follow::driver::{self, Course, Ending};
use crate::follow::json_report::JsonReport;
use crate::follow::live_report::LiveReport;
use crate::follow::plain_report::PlainReport;
use crate::follow::report::Report;
use crate::interrupt::Interrupts;
use crate::invocation;
use crate::job;
use crate::output::{Output, note};
use crate::session::Session;

/// How often a start that fails for a reason that passes is tried.
const MOST_STARTS: u32 = 5;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    arguments: &FollowArgs,
) -> Result<Exit, Failure> {
    let job = job::of(&arguments.start.job, session.description())?;
    let job_type = session.connect().await?;
    let warnings = check::before_start(&job_type, &job, &arguments.start.declared).await?;
    let mut interrupts = Interrupts::listen()?;
    let mut report = report(session, output);
    report.warnings(&warnings)?;

    let guid = arguments.start.guid.unwrap_or_else(Uuid::new_v4);
    report.starting(guid, &job.external_id)?;
    let mut launching = Launching {
        interrupts: &mut interrupts,
        interrupted: false,
    };
    let launched = launching
        .start(&job_type, &job, guid, report.as_mut())
        .await;
    let interrupted = launching.interrupted;
    let started = match launched {
        Ok(Some(started)) => started,
        Ok(None) => {
            report.left(guid, &job.external_id, None)?;
            note(&invocation::same_guid_again(guid));
            return Ok(Exit::Error);
        }
        Err(failure) => return Err(failure.of_start(guid)),
    };
    let run = Run {
        external_id: job.external_id,
        run_id: started.run_id.clone(),
    };
    let monitor_url = launch::monitor_url(session, &job_type, &run).await;
    let course = Course {
        job_type: &job_type,
        run: &run,
        guid,
        interval: arguments.poll_interval,
        can_cancel: Feature::Cancel.is_offered_by(session.description()),
        list_steps: Feature::Steps.is_offered_by(session.description()),
        monitor_url: monitor_url.as_deref(),
        interrupted,
    };
    let followed = match report.started(guid, &run, &started, monitor_url.as_deref()) {
        Ok(()) => driver::follow(&course, &mut interrupts, report.as_mut()).await,
        Err(failure) => Err(failure),
    };
    match followed {
        Ok(Ending::Finished(exit)) => return Ok(exit),
        Ok(Ending::Left) => report.left(guid, &run.external_id, Some(&run.run_id))?,
        Err(_) => {}
    }
    // Before anything else is written: it holds the terminal.
    drop(report);
    let status = invocation::status(session.global(), &run);
    note(&format!("The run goes on. See how it is with\n  {status}"));
    followed.map(|_| Exit::Error)
}

/// Live on a terminal, unless log lines would run through it.
fn report(session: &Session<'_>, output: Output) -> Box<dyn Report> {
    let is_terminal =
        io::stdout().is_terminal() && console::Term::stderr().features().is_attended();
    match output {
        Output::Json | Output::JsonLines => Box::new(JsonReport::default()),
        Output::Text if is_terminal && session.global().verbose == 0 => Box::new(LiveReport::new()),
        Output::Text => Box::new(PlainReport::default()),
    }
}

/// A start that the user may want to be cancelled before there is anything to cancel.
struct Launching<'a> {
    interrupts: &'a mut Interrupts,
    interrupted: bool,
}

impl Launching<'_> {
    /// Starts a run; none if the user left meanwhile. The guid makes it safe to ask again.
    async fn start(
        &mut self,
        job_type: &JobType,
        job: &Job,
        guid: Uuid,
        report: &mut dyn Report,
    ) -> Result<Option<StartedRun>, Failure> {
        let guid = guid.to_string();
        let mut wait = Duration::from_secs(2);
        for _ in 1..MOST_STARTS {
            match self
                .unless_left(job_type.start(job, &guid), report)
                .await?
                .map(flatten)
            {
                Some(Err(failure)) if failure.is_retryable() => {
                    report.trouble("starting", &failure, Some(wait))?
                }
                answer => return answer.transpose(),
            }
            if self
                .unless_left(tokio::time::sleep(wait), report)
                .await?
                .is_none()
            {
                return Ok(None);
            }
            wait *= 2;
        }
        self.unless_left(job_type.start(job, &guid), report)
            .await?
            .map(flatten)
            .transpose()
    }

    /// Goes through with some work; the first interrupt is noted, the second ends it.
    async fn unless_left<T>(
        &mut self,
        work: impl Future<Output = T>,
        report: &mut dyn Report,
    ) -> Result<Option<T>, Failure> {
        let mut work = pin!(work);
        loop {
            tokio::select! {
                biased;
                () = self.interrupts.next() => {
                    if self.interrupted {
                        return Ok(None);
                    }
                    self.interrupted = true;
                    report.interrupted()?;
                }
                done = &mut work => return Ok(Some(done)),
            }
        }
    }
}
