//! Runs an execution again that failed or was stopped, under the same ARN.

use job_type_kit::contract::{Attribute, Connection, Error, Run, StartedRun};
use job_type_kit::{Guid, Host};

use crate::api::RetryPipelineExecution;
use crate::client_token::retry_token;
use crate::connection;
use crate::job_attributes::JobAttributes;
use crate::run_id::RunId;

/// Retries a run. Only the parallelism among the attributes applies.
///
/// # Errors
/// `InvalidRunId`, `InvalidJob` or `InvalidConnection` before any request, or the error of the retry.
pub fn retry(
    host: &dyn Host,
    connection: &Connection,
    run: &Run,
    attributes: &[Attribute],
    guid: &Guid,
) -> Result<StartedRun, Error> {
    let run_id = RunId::parse(&run.run_id)?;
    let attributes = JobAttributes::parse(attributes)?;
    let client = connection::client(host, connection)?;
    let output = client
        .call(&RetryPipelineExecution {
            pipeline_execution_arn: run_id.as_str().to_owned(),
            client_request_token: retry_token(guid),
            parallelism_configuration: attributes.parallelism_configuration,
        })
        .map_err(|error| client.contract_error::<RetryPipelineExecution>(error))?;
    Ok(StartedRun {
        run_id: output
            .pipeline_execution_arn
            .filter(|arn| !arn.is_empty())
            .unwrap_or_else(|| run_id.into()),
        details: Vec::new(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job_attributes::MAX_PARALLEL_STEPS;
    use crate::testing::{EXECUTION_ARN, FakeHost, GUID, connection, guid, run};

    #[test]
    fn a_retry_sends_its_own_kind_of_token_and_the_jobs_parallelism() {
        let host = FakeHost::answering([(200, "{}")]);
        let attributes = [Attribute::new(MAX_PARALLEL_STEPS, "2")];
        let retried = retry(&host, &connection(), &run(), &attributes, &guid()).unwrap();
        assert_eq!(retried.run_id, EXECUTION_ARN);
        assert_eq!(
            host.bodies(),
            [format!(
                r#"{{"PipelineExecutionArn":"{EXECUTION_ARN}","ClientRequestToken":"polysync-retry-{GUID}","ParallelismConfiguration":{{"MaxParallelExecutionSteps":2}}}}"#
            )]
        );
    }

    #[test]
    fn a_wrong_attribute_is_refused_before_any_request() {
        let host = FakeHost::answering([]);
        let attributes = [Attribute::new(MAX_PARALLEL_STEPS, "0")];
        assert_eq!(
            retry(&host, &connection(), &run(), &attributes, &guid())
                .unwrap_err()
                .code,
            "InvalidJob"
        );
    }
}
