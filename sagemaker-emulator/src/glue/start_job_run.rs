//! StartJobRun: starts a run. It takes no client token: each request that is carried out is a new run.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use uuid::Uuid;

use super::get_jobs::{NUMBER_OF_WORKERS, TIMEOUT, WORKER_TYPE};
use super::run::GlueRun;
use crate::api::error::ServiceError;
use crate::operations::Call;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StartJobRunRequest {
    job_name: String,
    job_run_id: Option<String>,
    arguments: Option<BTreeMap<String, String>>,
    worker_type: Option<String>,
    number_of_workers: Option<i32>,
    timeout: Option<i32>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct StartJobRunResponse {
    job_run_id: String,
}

pub(crate) fn start_job_run(
    call: &mut Call<'_>,
    request: StartJobRunRequest,
) -> Result<StartJobRunResponse, ServiceError> {
    let glue = &mut call.store.glue;
    let job = &glue.job(&request.job_name)?.job;
    if request.job_run_id.is_some() {
        let message = "The emulator doesn't run a previous run again.";
        return Err(ServiceError::invalid_input(message));
    }
    if request.worker_type.is_some() != request.number_of_workers.is_some() {
        let message = "Please set both Worker Type and Number of Workers.";
        return Err(ServiceError::invalid_input(message));
    }
    let runs = glue.runs_of(&job.name);
    let under_way = runs.filter(|run| !run.state_at(call.now).0.is_final());
    if under_way.count() >= job.max_concurrent_runs {
        let message = format!("Concurrent runs exceeded for {}", job.name);
        return Err(ServiceError::concurrent_runs_exceeded(message));
    }
    let mut arguments = job.default_arguments.clone();
    arguments.extend(request.arguments.unwrap_or_default());
    arguments.extend(job.non_overridable_arguments.clone());
    let run = GlueRun {
        id: new_id(),
        arguments,
        worker_type: request
            .worker_type
            .unwrap_or_else(|| WORKER_TYPE.to_owned()),
        number_of_workers: request.number_of_workers.unwrap_or(NUMBER_OF_WORKERS),
        timeout: request.timeout.unwrap_or(TIMEOUT),
        started: call.now,
        duration: job.run_duration.unwrap_or(call.settings.timing.step),
        stop: None,
        job: job.clone(),
    };
    let job_run_id = run.id.clone();
    glue.add_run(run);
    Ok(StartJobRunResponse { job_run_id })
}

/// An id as Glue makes them.
fn new_id() -> String {
    let digest = Sha256::digest(Uuid::new_v4().as_bytes());
    format!("jr_{}", hex::encode(digest))
}
