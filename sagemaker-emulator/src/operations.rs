//! The operations: how each changes the store, and what it responds.

mod call;
mod executions;
mod listings;
mod messages;
mod paging;
mod parameters;
mod pipelines;
mod start;
mod step_metadata;

use serde::Serialize;
use serde::de::DeserializeOwned;

pub(crate) use self::call::Call;
use crate::api::error::ServiceError;
use crate::api::operation::Operation;
use crate::glue;
use crate::logs;

/// Performs the called operation. Returns the response's body, which is JSON.
pub(crate) fn perform(mut call: Call<'_>) -> Result<String, ServiceError> {
    let call = &mut call;
    match call.operation {
        Operation::CreatePipeline => respond(call, pipelines::create),
        Operation::DescribePipeline => respond(call, pipelines::describe),
        Operation::DescribePipelineExecution => respond(call, executions::describe),
        Operation::ListPipelineExecutionSteps => respond(call, listings::steps),
        Operation::ListPipelineExecutions => respond(call, listings::executions),
        Operation::ListPipelineParametersForExecution => respond(call, listings::parameters),
        Operation::ListPipelines => respond(call, listings::pipelines),
        Operation::RetryPipelineExecution => respond(call, executions::retry),
        Operation::StartPipelineExecution => respond(call, start::start),
        Operation::StopPipelineExecution => respond(call, executions::stop),
        Operation::BatchStopJobRun => respond(call, glue::batch_stop_job_run),
        Operation::GetJob => respond(call, glue::get_job),
        Operation::GetJobRun => respond(call, glue::get_job_run),
        Operation::GetJobRuns => respond(call, glue::get_job_runs),
        Operation::GetJobs => respond(call, glue::get_jobs),
        Operation::StartJobRun => respond(call, glue::start_job_run),
        Operation::DescribeLogStreams => respond(call, |call, request| {
            logs::describe_log_streams(&call.log_reader(), &request)
        }),
        Operation::FilterLogEvents => respond(call, |call, request| {
            logs::filter_log_events(&call.log_reader(), &request)
        }),
        Operation::GetLogEvents => respond(call, |call, request| {
            logs::get_log_events(&call.log_reader(), &request)
        }),
    }
}

fn respond<Request: DeserializeOwned, Response: Serialize>(
    call: &mut Call<'_>,
    operation: fn(&mut Call<'_>, Request) -> Result<Response, ServiceError>,
) -> Result<String, ServiceError> {
    let request = Request::deserialize(call.body)
        .map_err(|error| ServiceError::serialization(error.to_string()))?;
    let response = operation(call, request)?;
    serde_json::to_string(&response)
        .map_err(|error| ServiceError::new(500, "InternalFailure", error.to_string()))
}

#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;
