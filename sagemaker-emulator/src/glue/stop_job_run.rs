//! BatchStopJobRun: stops runs. A run that can't be stopped has an error of its own in the response.

use serde::{Deserialize, Serialize};

use super::run::Stop;
use crate::api::error::ServiceError;
use crate::operations::Call;

#[derive(Debug, Deserialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct BatchStopJobRunRequest {
    job_name: String,
    job_run_ids: Vec<String>,
}

#[derive(Debug, Default, Serialize)]
#[serde(rename_all = "PascalCase")]
pub(crate) struct BatchStopJobRunResponse {
    successful_submissions: Vec<SuccessfulSubmission>,
    errors: Vec<RunError>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct SuccessfulSubmission {
    job_name: String,
    job_run_id: String,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct RunError {
    job_name: String,
    job_run_id: String,
    error_detail: ErrorDetail,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "PascalCase")]
struct ErrorDetail {
    error_code: String,
    error_message: String,
}

pub(crate) fn batch_stop_job_run(
    call: &mut Call<'_>,
    request: BatchStopJobRunRequest,
) -> Result<BatchStopJobRunResponse, ServiceError> {
    let mut response = BatchStopJobRunResponse::default();
    for job_run_id in request.job_run_ids {
        let job_name = request.job_name.clone();
        match stop(call, &job_name, &job_run_id) {
            Ok(()) => response.successful_submissions.push(SuccessfulSubmission {
                job_name,
                job_run_id,
            }),
            Err(error) => response.errors.push(RunError {
                job_name,
                job_run_id,
                error_detail: ErrorDetail {
                    error_code: error.code,
                    error_message: error.message,
                },
            }),
        }
    }
    Ok(response)
}

fn stop(call: &mut Call<'_>, job: &str, id: &str) -> Result<(), ServiceError> {
    let run = call.store.glue.run_mut(job, id)?;
    let (state, _) = run.state_at(call.now);
    if state.is_final() || run.stop.is_some() {
        let message = format!("Job Run {id} can't be stopped: it is {}.", state.word());
        let code = "JobRunInvalidStateTransitionException";
        return Err(ServiceError::new(400, code, message));
    }
    run.stop = Some(Stop {
        requested: call.now,
        duration: call.settings.timing.stop,
    });
    Ok(())
}
