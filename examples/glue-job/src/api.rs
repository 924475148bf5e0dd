//! Glue's operations as its API model has them: the inputs, and the members of the outputs that are
//! read. A member may be absent, null, or new; none of that is an error.
#![expect(
    missing_docs,
    reason = "the fields are named for the members of the API's model, which documents them"
)]

use std::collections::BTreeMap;

use aws_kit::client::Operation;
use aws_kit::json::{lenient, lenient_object, lossy_text, optional_object, sparse_objects};
use aws_kit::time::epoch_seconds;
use serde::{Deserialize, Serialize};

/// How many jobs a page has.
pub const JOBS: u32 = 100;
/// How many runs a page has: the model's greatest `MaxResults`.
pub const RUNS: u32 = 200;

/// One page of the account's jobs.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetJobs {
    pub max_results: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Operation for GetJobs {
    const NAME: &'static str = "GetJobs";
    type Output = GetJobsOutput;
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GetJobsOutput {
    #[serde(deserialize_with = "sparse_objects::<{ JOBS as usize }, _, _>")]
    pub jobs: Vec<Job>,
    pub next_token: Option<String>,
}

/// One job.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetJob {
    pub job_name: String,
}

impl Operation for GetJob {
    const NAME: &'static str = "GetJob";
    type Output = GetJobOutput;
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GetJobOutput {
    #[serde(deserialize_with = "optional_object")]
    pub job: Option<Job>,
}

/// A job's or a run's arguments. A value that is no text reads as absent.
pub type Arguments = BTreeMap<String, Option<String>>;

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Job {
    pub name: Option<String>,
    #[serde(deserialize_with = "lossy_text")]
    pub description: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub default_arguments: Option<Arguments>,
    #[serde(deserialize_with = "lenient")]
    pub non_overridable_arguments: Option<Arguments>,
    #[serde(deserialize_with = "lossy_text")]
    pub worker_type: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub number_of_workers: Option<i32>,
    #[serde(deserialize_with = "lossy_text")]
    pub glue_version: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub timeout: Option<i32>,
    #[serde(deserialize_with = "lenient")]
    pub max_retries: Option<i32>,
    #[serde(deserialize_with = "lossy_text")]
    pub role: Option<String>,
    #[serde(deserialize_with = "lenient_object")]
    pub command: Option<Command>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub created_on: Option<u64>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub last_modified_on: Option<u64>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Command {
    #[serde(deserialize_with = "lossy_text")]
    pub name: Option<String>,
}

/// Starts a run. It takes no token that would tell a repetition.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct StartJobRun {
    pub job_name: String,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub arguments: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub worker_type: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number_of_workers: Option<i32>,
    /// In minutes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub timeout: Option<i32>,
}

impl Operation for StartJobRun {
    const NAME: &'static str = "StartJobRun";
    type Output = StartJobRunOutput;
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct StartJobRunOutput {
    #[serde(deserialize_with = "lenient")]
    pub job_run_id: Option<String>,
}

/// One run.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetJobRun {
    pub job_name: String,
    pub run_id: String,
}

impl Operation for GetJobRun {
    const NAME: &'static str = "GetJobRun";
    type Output = GetJobRunOutput;
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GetJobRunOutput {
    #[serde(deserialize_with = "optional_object")]
    pub job_run: Option<JobRun>,
}

/// One page of a job's runs, newest first.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetJobRuns {
    pub job_name: String,
    pub max_results: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

impl Operation for GetJobRuns {
    const NAME: &'static str = "GetJobRuns";
    type Output = GetJobRunsOutput;
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GetJobRunsOutput {
    #[serde(deserialize_with = "sparse_objects::<{ RUNS as usize }, _, _>")]
    pub job_runs: Vec<JobRun>,
    #[serde(deserialize_with = "lenient")]
    pub next_token: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct JobRun {
    #[serde(deserialize_with = "lenient")]
    pub id: Option<String>,
    #[serde(deserialize_with = "lossy_text")]
    pub job_run_state: Option<String>,
    #[serde(deserialize_with = "lossy_text")]
    pub error_message: Option<String>,
    #[serde(deserialize_with = "lossy_text")]
    pub state_detail: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub arguments: Option<Arguments>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub started_on: Option<u64>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub last_modified_on: Option<u64>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub completed_on: Option<u64>,
    /// 0 for a run that isn't a retry.
    #[serde(deserialize_with = "lenient")]
    pub attempt: Option<u32>,
    #[serde(deserialize_with = "lossy_text")]
    pub previous_run_id: Option<String>,
    #[serde(deserialize_with = "lossy_text")]
    pub trigger_name: Option<String>,
    #[serde(deserialize_with = "lossy_text")]
    pub log_group_name: Option<String>,
    #[serde(deserialize_with = "lossy_text")]
    pub worker_type: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub number_of_workers: Option<i32>,
    #[serde(deserialize_with = "lossy_text")]
    pub glue_version: Option<String>,
    /// In seconds, of running alone.
    #[serde(deserialize_with = "lenient")]
    pub execution_time: Option<i32>,
}

/// Stops runs of one job.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchStopJobRun {
    pub job_name: String,
    /// 1 to 25.
    pub job_run_ids: Vec<String>,
}

impl Operation for BatchStopJobRun {
    const NAME: &'static str = "BatchStopJobRun";
    type Output = BatchStopJobRunOutput;
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BatchStopJobRunOutput {
    /// One for each run that isn't stopped.
    #[serde(deserialize_with = "sparse_objects::<25, _, _>")]
    pub errors: Vec<BatchStopJobRunError>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BatchStopJobRunError {
    #[serde(deserialize_with = "lenient_object")]
    pub error_detail: Option<ErrorDetail>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ErrorDetail {
    #[serde(deserialize_with = "lossy_text")]
    pub error_code: Option<String>,
    #[serde(deserialize_with = "lossy_text")]
    pub error_message: Option<String>,
}
