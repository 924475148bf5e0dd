//! The SageMaker Pipeline job type: starts, follows and cancels executions of Amazon SageMaker
//! pipelines for a job orchestrator. It is a WebAssembly component of the contract in `wit/`.
//!
//! Data flows one way: job → request → signed HTTP → response → status. There is no state between
//! calls. Time, randomness, the network and credentials come from the host alone.
//!
//! | call | module |
//! | --- | --- |
//! | describe | [`describe`] |
//! | validate | [`validate`]: [`plan`], [`inputs`], [`accounts`], [`constraints`], [`finding_codes`] |
//! | test-connection | [`connection`] |
//! | discover, inspect | [`discover`], [`discovered_job`], [`definition`], [`suggested_defaults`] |
//! | start | [`start`]: [`job_attributes`], [`pipeline_version`], [`selective_execution`], [`execution_role`], [`client_token`] |
//! | status | [`status`]: [`execution_status`], [`run_message`], [`execution_details`], [`failed_steps`] |
//! | statuses | [`statuses`] |
//! | cancel | [`cancel`] |
//! | retry | [`retry`] |
//! | steps | [`steps`], [`step`]: [`metadata`], [`metadata_members`], [`resource_links`] |
//! | logs | [`logs`], [`step_log`] |
//! | monitor-url | [`monitor_url`] |
//!
//! [`api`] has the requests and answers of SageMaker's API model, [`service`] and [`endpoint_rule`]
//! what sets SageMaker apart from other AWS services, and [`hints`] and [`quota`] what to do about its errors. What other AWS services
//! share is in `kit/aws`; what other platforms share is in `kit/job-type`.

use job_type_kit::contract::{
    Attribute, Cancellation, Connection, ConnectionReport, DeclaredParameter, Description,
    DiscoveredJob, DiscoveryPage, Error, Finding, Job, LogPage, LogPosition, Need, Run, RunStatus,
    StartedRun, StepPage,
};
use job_type_kit::{Context, Guid, JobType};

pub mod accounts;
pub mod api;
pub mod cancel;
pub mod client_token;
pub mod connection;
pub mod constraints;
pub mod definition;
pub mod describe;
pub mod discover;
pub mod discovered_job;
pub mod endpoint_rule;
pub mod execution_details;
pub mod execution_role;
pub mod execution_status;
pub mod external_id;
pub mod failed_steps;
pub mod finding_codes;
pub mod hints;
pub mod inputs;
pub mod job_attributes;
pub mod logs;
pub mod metadata;
pub mod metadata_members;
pub mod monitor_url;
pub mod pipeline_version;
pub mod plan;
pub mod quota;
pub mod resource_links;
pub mod retry;
pub mod run_id;
pub mod run_message;
pub mod selective_execution;
pub mod service;
pub mod start;
pub mod status;
pub mod statuses;
pub mod step;
pub mod step_log;
pub mod steps;
pub mod suggested_defaults;
#[cfg(test)]
mod testing;
pub mod text;
pub mod validate;

/// The job type.
#[derive(Debug)]
pub struct SageMakerPipeline;

job_type_kit::export!(SageMakerPipeline);

impl JobType for SageMakerPipeline {
    fn describe() -> Description {
        describe::describe()
    }

    fn needs(connection: &Connection) -> Vec<Need> {
        connection::needs(connection)
    }

    fn validate(
        connection: &Connection,
        job: &Job,
        declared: Option<&[DeclaredParameter]>,
    ) -> Vec<Finding> {
        validate::validate(connection, job, declared)
    }

    fn test_connection(context: Context<'_>) -> Result<ConnectionReport, Error> {
        connection::test(context)
    }

    fn discover(context: Context<'_>, cursor: Option<&str>) -> Result<DiscoveryPage, Error> {
        discover::discover(context, cursor)
    }

    fn inspect(context: Context<'_>, external_id: &str) -> Result<DiscoveredJob, Error> {
        discover::inspect(context, external_id)
    }

    fn start(context: Context<'_>, job: &Job, guid: &Guid) -> Result<StartedRun, Error> {
        start::start(context, job, guid)
    }

    fn status(context: Context<'_>, run: &Run) -> Result<RunStatus, Error> {
        status::status(context, run)
    }

    fn statuses(context: Context<'_>, runs: &[Run]) -> Vec<Result<RunStatus, Error>> {
        statuses::statuses(context, runs)
    }

    fn cancel(context: Context<'_>, run: &Run, guid: &Guid) -> Result<Cancellation, Error> {
        cancel::cancel(context, run, guid)
    }

    fn retry(
        context: Context<'_>,
        run: &Run,
        attributes: &[Attribute],
        guid: &Guid,
    ) -> Result<StartedRun, Error> {
        retry::retry(context, run, attributes, guid)
    }

    fn steps(context: Context<'_>, run: &Run, cursor: Option<&str>) -> Result<StepPage, Error> {
        steps::steps(context, run, cursor)
    }

    fn logs(
        context: Context<'_>,
        run: &Run,
        step: &str,
        position: &LogPosition,
    ) -> Result<LogPage, Error> {
        logs::logs(context, run, step, position)
    }

    fn monitor_url(connection: &Connection, run: &Run) -> Result<String, Error> {
        monitor_url::monitor_url(connection, run)
    }
}
