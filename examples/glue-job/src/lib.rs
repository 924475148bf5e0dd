//! The AWS Glue Job job type: starts, follows and cancels runs of AWS Glue jobs for a job orchestrator. It
//! is a WebAssembly component of the contract in `wit/`, and the second job type on the kit.
//!
//! Each call has a module of its name, but for the small ones, which are here. [`api`] has the requests and
//! answers of Glue's API model, [`service`] what sets Glue apart from other AWS services, [`attributes`]
//! what a job and a connection can have.

use aws_kit::console;
use job_type_kit::contract::{
    Cancellation, Connection, ConnectionReport, DeclaredParameter, Description, DiscoveredJob,
    DiscoveryPage, Error, Finding, Job, LogPage, LogPosition, Need, Run, RunStatus, StartedRun,
    StepPage,
};
use job_type_kit::{Context, Cursor, Guid, JobType, RunOfJob as RunId, only_step};

pub mod api;
pub mod attributes;
pub mod cancel;
pub mod describe;
pub mod discover;
pub mod logs;
#[cfg(test)]
mod model_tests;
pub mod service;
pub mod start;
pub mod status;
pub mod statuses;
#[cfg(test)]
mod testing;
pub mod validate;

use self::api::GetJobs;
use self::service::PLATFORM;

/// The job type.
#[derive(Debug)]
pub struct GlueJob;

job_type_kit::export!(GlueJob);

impl JobType for GlueJob {
    fn describe() -> Description {
        describe::describe()
    }

    fn needs(connection: &Connection) -> Vec<Need> {
        PLATFORM.needs(connection)
    }

    fn validate(
        connection: &Connection,
        job: &Job,
        declared: Option<&[DeclaredParameter]>,
    ) -> Vec<Finding> {
        validate::validate(connection, job, declared)
    }

    fn test_connection(context: Context<'_>) -> Result<ConnectionReport, Error> {
        let first = GetJobs {
            max_results: 1,
            next_token: None,
        };
        PLATFORM.test(context, &first, |_| "its jobs can be listed")
    }

    fn discover(context: Context<'_>, cursor: Option<&str>) -> Result<DiscoveryPage, Error> {
        let cursor = Cursor::parse(cursor)?;
        discover::discover(&PLATFORM.client(context)?, cursor)
    }

    fn inspect(context: Context<'_>, external_id: &str) -> Result<DiscoveredJob, Error> {
        discover::inspect(&PLATFORM.client(context)?, external_id)
    }

    fn start(context: Context<'_>, job: &Job, _guid: &Guid) -> Result<StartedRun, Error> {
        start::start(context, job)
    }

    fn status(context: Context<'_>, run: &Run) -> Result<RunStatus, Error> {
        let run_id = RunId::of(run)?;
        status::status(&PLATFORM.client(context)?, &run_id)
    }

    fn statuses(context: Context<'_>, runs: &[Run]) -> Vec<Result<RunStatus, Error>> {
        let ids = runs.iter().map(RunId::of).collect();
        statuses::statuses(PLATFORM.client(context), ids)
    }

    fn cancel(context: Context<'_>, run: &Run, _guid: &Guid) -> Result<Cancellation, Error> {
        let run_id = RunId::of(run)?;
        cancel::cancel(&PLATFORM.client(context)?, &run_id)
    }

    fn steps(context: Context<'_>, run: &Run, cursor: Option<&str>) -> Result<StepPage, Error> {
        only_step::page(cursor, || {
            let status = Self::status(context, run)?;
            Ok(status::step(&RunId::of(run)?, &status))
        })
    }

    fn logs(
        context: Context<'_>,
        run: &Run,
        step: &str,
        position: &LogPosition,
    ) -> Result<LogPage, Error> {
        let run_id = RunId::of(run)?;
        only_step::check(step)?;
        logs::logs(PLATFORM.clients(context)?, &run_id, position)
    }

    fn monitor_url(connection: &Connection, run: &Run) -> Result<String, Error> {
        let run_id = RunId::of(run)?;
        let home = console::home_of(connection, "gluestudio")?;
        // A slash of a name would begin another part of the path.
        let part = |text: &str| console::in_fragment(text).replace('/', "%2F");
        let (job, id) = (part(&run_id.job), part(&run_id.id));
        Ok(format!("{home}#/job/{job}/run/{id}"))
    }
}

#[cfg(test)]
mod tests;
