//! The AWS Glue Job job type: starts, follows and cancels runs of AWS Glue jobs for a job orchestrator. It
//! is a WebAssembly component of the contract in `wit/`, and the second job type on the kit.
//!
//! Each call has a module of its name, but for the small ones, which are here. [`api`] has the requests and
//! answers of Glue's API model, [`service`] what sets Glue apart from other AWS services, [`attributes`]
//! what a job and a connection can have.

use job_type_kit::contract::{
    Cancellation, Connection, ConnectionReport, DeclaredParameter, Description, DiscoveredJob,
    DiscoveryPage, Error, Finding, Job, LogPage, LogPosition, Need, Run, RunStatus, StartedRun,
    StepPage,
};
use job_type_kit::{Cursor, Guid, Host, JobType, RunOfJob as RunId, only_step};

pub mod api;
pub mod attributes;
pub mod cancel;
pub mod describe;
pub mod discover;
pub mod logs;
#[cfg(test)]
mod model_tests;
pub mod monitor_url;
pub mod service;
pub mod start;
pub mod status;
pub mod statuses;
#[cfg(test)]
mod testing;
pub mod uncertain;
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

    fn test_connection(
        host: &dyn Host,
        connection: &Connection,
    ) -> Result<ConnectionReport, Error> {
        let client = PLATFORM.client(host, connection)?;
        client.ask(&GetJobs {
            max_results: 1,
            next_token: None,
        })?;
        Ok(PLATFORM.report(&client, "its jobs can be listed"))
    }

    fn discover(
        host: &dyn Host,
        connection: &Connection,
        cursor: Option<&str>,
    ) -> Result<DiscoveryPage, Error> {
        let cursor = Cursor::parse(cursor)?;
        discover::discover(&PLATFORM.client(host, connection)?, cursor)
    }

    fn inspect(
        host: &dyn Host,
        connection: &Connection,
        external_id: &str,
    ) -> Result<DiscoveredJob, Error> {
        discover::inspect(&PLATFORM.client(host, connection)?, external_id)
    }

    fn start(
        host: &dyn Host,
        connection: &Connection,
        job: &Job,
        _guid: &Guid,
    ) -> Result<StartedRun, Error> {
        start::start(host, connection, job)
    }

    fn status(host: &dyn Host, connection: &Connection, run: &Run) -> Result<RunStatus, Error> {
        let run_id = RunId::of(run)?;
        status::status(&PLATFORM.client(host, connection)?, &run_id)
    }

    fn statuses(
        host: &dyn Host,
        connection: &Connection,
        runs: &[Run],
    ) -> Vec<Result<RunStatus, Error>> {
        let ids = runs.iter().map(RunId::of).collect();
        statuses::statuses(PLATFORM.client(host, connection), ids)
    }

    fn cancel(
        host: &dyn Host,
        connection: &Connection,
        run: &Run,
        _guid: &Guid,
    ) -> Result<Cancellation, Error> {
        let run_id = RunId::of(run)?;
        cancel::cancel(&PLATFORM.client(host, connection)?, &run_id)
    }

    fn steps(
        host: &dyn Host,
        connection: &Connection,
        run: &Run,
        cursor: Option<&str>,
    ) -> Result<StepPage, Error> {
        only_step::page(cursor, || {
            let status = Self::status(host, connection, run)?;
            Ok(status::step(&RunId::of(run)?, &status))
        })
    }

    fn logs(
        host: &dyn Host,
        connection: &Connection,
        run: &Run,
        step: &str,
        position: &LogPosition,
    ) -> Result<LogPage, Error> {
        let run_id = RunId::of(run)?;
        only_step::check(step)?;
        logs::logs(PLATFORM.clients(host, connection)?, &run_id, position)
    }

    fn monitor_url(connection: &Connection, run: &Run) -> Result<String, Error> {
        monitor_url::monitor_url(connection, run)
    }
}

#[cfg(test)]
mod tests;
