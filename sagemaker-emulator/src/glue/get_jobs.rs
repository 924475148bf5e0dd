//! GetJobs and GetJob: the definitions of jobs.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::page::Paging;
use super::store::StoredJob;
use crate::api::epoch_seconds::EpochSeconds;
use crate::api::error::ServiceError;
use crate::arn::Account;
use crate::operations::Call;

pub(super) const GLUE_VERSION: &str = "5.0";
pub(super) const WORKER_TYPE: &str = "G.1X";
pub(super) const NUMBER_OF_WORKERS: i32 = 2;
/// In minutes.
pub(super) const TIMEOUT: i32 = 480;

#[derive(Debug, Deserialize)]
pub(crate) struct GetJobsRequest {
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetJobsResponse {
    jobs: Vec<Job>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetJobRequest {
    job_name: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetJobResponse {
    job: Job,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Job {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    description: Option<String>,
    role: String,
    created_on: EpochSeconds,
    last_modified_on: EpochSeconds,
    execution_property: ExecutionProperty,
    command: Command,
    default_arguments: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    non_overridable_arguments: BTreeMap<String, String>,
    max_retries: u32,
    timeout: i32,
    worker_type: &'static str,
    number_of_workers: i32,
    glue_version: &'static str,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ExecutionProperty {
    max_concurrent_runs: usize,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct Command {
    name: &'static str,
    script_location: String,
    python_version: &'static str,
}

impl Job {
    fn new(stored: &StoredJob, account: &Account) -> Self {
        let job = &stored.job;
        Self {
            name: job.name.clone(),
            description: job.description.clone(),
            role: account.role_arn("glue-job"),
            created_on: EpochSeconds(stored.created),
            last_modified_on: EpochSeconds(stored.created),
            execution_property: ExecutionProperty {
                max_concurrent_runs: job.max_concurrent_runs,
            },
            command: Command {
                name: "glueetl",
                script_location: format!("s3://example-data/scripts/{}.py", job.name),
                python_version: "3",
            },
            default_arguments: job.default_arguments.clone(),
            non_overridable_arguments: job.non_overridable_arguments.clone(),
            max_retries: 0,
            timeout: TIMEOUT,
            worker_type: WORKER_TYPE,
            number_of_workers: NUMBER_OF_WORKERS,
            glue_version: GLUE_VERSION,
        }
    }
}

pub(crate) fn get_jobs(
    call: &mut Call<'_>,
    request: GetJobsRequest,
) -> Result<GetJobsResponse, ServiceError> {
    let jobs = call.store.glue.jobs().collect();
    let (page, next_token) = request.paging.page(call, jobs, |stored| &stored.job.name)?;
    let account = &call.settings.account;
    Ok(GetJobsResponse {
        jobs: page.iter().map(|job| Job::new(job, account)).collect(),
        next_token,
    })
}

pub(crate) fn get_job(
    call: &mut Call<'_>,
    request: GetJobRequest,
) -> Result<GetJobResponse, ServiceError> {
    let stored = call.store.glue.job(&request.job_name)?;
    Ok(GetJobResponse {
        job: Job::new(stored, &call.settings.account),
    })
}
