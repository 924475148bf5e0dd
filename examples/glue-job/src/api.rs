//! Glue's operations as its API model has them: the inputs, and the members of the outputs that are
//! read. A member may be absent, null, or new; none of that is an error.
#![expect(
    missing_docs,
    reason = "the fields are named for the members of the API's model, which documents them"
)]

use std::collections::BTreeMap;

use aws_kit::json::{lenient, lenient_object, optional_object, sparse_objects};
use aws_kit::operation;
use aws_kit::time::epoch_seconds;
use serde::{Deserialize, Serialize};

/// `MaxResults` of a page of jobs.
pub const JOBS: u32 = 100;
/// `MaxResults` of a page of runs: the model's greatest.
pub const RUNS: u32 = 200;

/// The arguments of a job or a run.
pub type Arguments = BTreeMap<String, Option<String>>;

operation!(GetJobs, GetJobsOutput);
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetJobs {
    pub max_results: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_token: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GetJobsOutput {
    #[serde(deserialize_with = "sparse_objects::<{ JOBS as usize }, _, _>")]
    pub jobs: Vec<Job>,
    pub next_token: Option<String>,
}

operation!(GetJob, GetJobOutput);
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetJob {
    pub job_name: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GetJobOutput {
    #[serde(deserialize_with = "optional_object")]
    pub job: Option<Job>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct Job {
    pub name: Option<String>,
    pub description: Option<String>,
    pub role: Option<String>,
    #[serde(deserialize_with = "lenient")]
    pub default_arguments: Option<Arguments>,
    #[serde(deserialize_with = "lenient")]
    pub non_overridable_arguments: Option<Arguments>,
    pub worker_type: Option<String>,
    pub number_of_workers: Option<i32>,
    pub glue_version: Option<String>,
    pub timeout: Option<i32>,
    pub max_retries: Option<i32>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub created_on: Option<u64>,
    #[serde(deserialize_with = "epoch_seconds")]
    pub last_modified_on: Option<u64>,
}

operation!(StartJobRun, StartJobRunOutput);
/// It takes no token that would tell a repetition.
#[derive(Debug, Serialize)]
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

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct StartJobRunOutput {
    pub job_run_id: Option<String>,
}

operation!(GetJobRun, GetJobRunOutput);
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetJobRun {
    pub job_name: String,
    pub run_id: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GetJobRunOutput {
    #[serde(deserialize_with = "optional_object")]
    pub job_run: Option<JobRun>,
}

operation!(GetJobRuns, GetJobRunsOutput);
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct GetJobRuns {
    pub job_name: String,
    pub max_results: u32,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct GetJobRunsOutput {
    #[serde(deserialize_with = "sparse_objects::<{ RUNS as usize }, _, _>")]
    pub job_runs: Vec<JobRun>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct JobRun {
    pub id: Option<String>,
    pub job_run_state: Option<String>,
    pub error_message: Option<String>,
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
    pub previous_run_id: Option<String>,
    pub log_group_name: Option<String>,
}

operation!(BatchStopJobRun, BatchStopJobRunOutput);
#[derive(Serialize)]
#[serde(rename_all = "PascalCase")]
pub struct BatchStopJobRun {
    pub job_name: String,
    pub job_run_ids: [String; 1],
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BatchStopJobRunOutput {
    /// One for each run that isn't stopped.
    #[serde(deserialize_with = "sparse_objects::<25, _, _>")]
    pub errors: Vec<BatchStopJobRunError>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct BatchStopJobRunError {
    #[serde(deserialize_with = "lenient_object")]
    pub error_detail: Option<ErrorDetail>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "PascalCase")]
pub struct ErrorDetail {
    pub error_code: Option<String>,
    pub error_message: Option<String>,
}
