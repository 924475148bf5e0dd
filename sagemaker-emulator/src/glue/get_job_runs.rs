//! GetJobRun and GetJobRuns: how runs are.

use std::collections::BTreeMap;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use super::get_jobs::GLUE_VERSION;
use super::page::Paging;
use super::run::{GlueRun, JobRunState};
use crate::api::epoch_seconds::EpochSeconds;
use crate::api::error::ServiceError;
use crate::operations::Call;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetJobRunRequest {
    job_name: String,
    run_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetJobRunResponse {
    job_run: JobRun,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetJobRunsRequest {
    job_name: String,
    #[serde(flatten)]
    paging: Paging,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct GetJobRunsResponse {
    job_runs: Vec<JobRun>,
    #[serde(skip_serializing_if = "Option::is_none")]
    next_token: Option<String>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct JobRun {
    id: String,
    /// Always 0: a failed run isn't tried again.
    attempt: u32,
    job_name: String,
    started_on: EpochSeconds,
    last_modified_on: EpochSeconds,
    #[serde(skip_serializing_if = "Option::is_none")]
    completed_on: Option<EpochSeconds>,
    job_run_state: JobRunState,
    arguments: BTreeMap<String, String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    error_message: Option<String>,
    /// Always empty.
    predecessor_runs: [(); 0],
    /// In seconds.
    execution_time: u64,
    timeout: i32,
    worker_type: String,
    number_of_workers: i32,
    log_group_name: String,
    glue_version: &'static str,
}

impl JobRun {
    fn new(run: &GlueRun, now: SystemTime) -> Self {
        let (state, since) = run.state_at(now);
        let until = if state.is_final() { run.end() } else { now };
        let taken = until.duration_since(run.started).unwrap_or_default();
        Self {
            id: run.id.clone(),
            attempt: 0,
            job_name: run.job.name.clone(),
            started_on: EpochSeconds(run.started),
            last_modified_on: EpochSeconds(since),
            completed_on: state.is_final().then(|| EpochSeconds(run.end())),
            job_run_state: state,
            arguments: run.arguments.clone(),
            error_message: run.error_message_at(now).map(str::to_owned),
            predecessor_runs: [],
            execution_time: taken.as_secs(),
            timeout: run.timeout,
            worker_type: run.worker_type.clone(),
            number_of_workers: run.number_of_workers,
            log_group_name: run.job.log_group.clone(),
            glue_version: GLUE_VERSION,
        }
    }
}

pub(crate) fn get_job_run(
    call: &mut Call<'_>,
    request: GetJobRunRequest,
) -> Result<GetJobRunResponse, ServiceError> {
    let run = call.store.glue.run(&request.job_name, &request.run_id)?;
    Ok(GetJobRunResponse {
        job_run: JobRun::new(run, call.now),
    })
}

/// The runs of a job, the newest first.
pub(crate) fn get_job_runs(
    call: &mut Call<'_>,
    request: GetJobRunsRequest,
) -> Result<GetJobRunsResponse, ServiceError> {
    let glue = &call.store.glue;
    glue.job(&request.job_name)?;
    let runs = glue.runs_of(&request.job_name).rev().collect();
    let (page, next_token) = request.paging.page(call, runs, |run| &run.id)?;
    Ok(GetJobRunsResponse {
        job_runs: page.iter().map(|run| JobRun::new(run, call.now)).collect(),
        next_token,
    })
}
