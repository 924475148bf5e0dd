//! Runs an execution that failed or was stopped again, under the same ARN.

use super::api::{ParallelismConfiguration, RetryPipelineExecution};
use super::attributes::{self, Findings};
use super::connection;
use super::failure;
use super::run_id::RunId;
use super::token::Guid;
use crate::error::Error;
use crate::host::Host;
use crate::job::{Attribute, Connection, Severity};
use crate::run::{Run, StartedRun};

/// Retries a run; of the job's attributes, the parallelism applies.
pub fn retry(
    host: &dyn Host,
    connection: &Connection,
    run: &Run,
    attributes: &[Attribute],
    guid: &str,
) -> Result<StartedRun, Error> {
    let run_id = RunId::parse(&run.run_id)?;
    let guid = Guid::parse(guid)?;
    let mut findings = Findings::default();
    let settings = attributes::job_settings(attributes, &mut findings);
    findings
        .0
        .retain(|finding| finding.severity == Severity::Error);
    if !findings.0.is_empty() {
        return Err(failure::invalid_job(&findings.0));
    }
    let output = connection::client(host, connection)?
        .call(&RetryPipelineExecution {
            pipeline_execution_arn: run_id.as_str().to_owned(),
            client_request_token: guid.retry_token(),
            parallelism_configuration: settings.max_parallel_steps.map(|n| {
                ParallelismConfiguration {
                    max_parallel_execution_steps: n,
                }
            }),
        })
        .map_err(failure::of::<RetryPipelineExecution>)?;
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
    use super::super::testing::{EXECUTION_ARN, FakeHost, GUID, connection, run};
    use super::*;

    #[test]
    fn a_retry_has_a_token_of_its_own_kind_and_the_jobs_parallelism() {
        let host = FakeHost::answering([(200, "{}")]);
        let attributes = [Attribute::new(attributes::MAX_PARALLEL_STEPS, "2")];
        let retried = retry(&host, &connection(), &run(), &attributes, GUID).unwrap();
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
        let attributes = [Attribute::new(attributes::MAX_PARALLEL_STEPS, "0")];
        assert_eq!(
            retry(&host, &connection(), &run(), &attributes, GUID)
                .unwrap_err()
                .code,
            "InvalidJob"
        );
    }
}
