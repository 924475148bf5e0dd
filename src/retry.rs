//! Runs an execution again that failed or was stopped, under the same ARN.

use aws_kit::client::Client;
use aws_kit::error::CallError;
use job_type_kit::contract::{Attribute, Error, Run, StartedRun};
use job_type_kit::{Context, Guid};

use crate::api::RetryPipelineExecution;
use crate::client_token::retry_token;
use crate::connection;
use crate::execution_status::{self, ExecutionStatus};
use crate::job_attributes;
use crate::quota;
use crate::run_id::RunId;

/// Retries a run. Only the parallelism among the attributes applies.
///
/// # Errors
/// `InvalidRunId`, `InvalidJob` or `InvalidConnection` before any request, or the error of the retry.
pub fn retry(
    context: Context<'_>,
    run: &Run,
    attributes: &[Attribute],
    guid: &Guid,
) -> Result<StartedRun, Error> {
    let run_id = RunId::parse(&run.run_id)?;
    let parallelism_configuration = job_attributes::parallelism(attributes)?;
    let client = connection::client(context)?;
    let request = RetryPipelineExecution {
        pipeline_execution_arn: run_id.as_str().to_owned(),
        client_request_token: retry_token(guid),
        parallelism_configuration,
    };
    match client.call(&request) {
        Ok(output) => Ok(StartedRun {
            run_id: output
                .pipeline_execution_arn
                .filter(|arn| !arn.is_empty())
                .unwrap_or_else(|| run_id.into()),
            details: Vec::new(),
        }),
        Err(error) if is_under_way(&client, &run_id, &error) => Ok(StartedRun {
            run_id: run_id.into(),
            details: vec![Attribute::new(
                "note",
                "SageMaker refused the retry, and the execution is under way. It may be this retry that \
                 was carried out before, if its answer was lost.",
            )],
        }),
        Err(error) => {
            let mut error = client.contract_error::<RetryPipelineExecution>(error);
            quota::explain(&mut error);
            Err(error)
        }
    }
}

/// Whether SageMaker refused a retry because the execution is under way. So a repeat after a lost
/// answer is not an error, and a host does not repeat it again.
fn is_under_way(client: &Client<'_>, run_id: &RunId, error: &CallError) -> bool {
    execution_status::read_after_refusal(client, run_id, error)
        .is_some_and(|execution| execution.status() == ExecutionStatus::Executing)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::job_attributes::{DISPLAY_NAME, MAX_PARALLEL_STEPS};
    use crate::testing::{EXECUTION_ARN, FakeHost, GUID, connection, guid, run};

    #[test]
    fn a_retry_sends_its_own_kind_of_token_and_the_jobs_parallelism() {
        let host = FakeHost::answering([(200, "{}")]);
        let attributes = [Attribute::new(MAX_PARALLEL_STEPS, "2")];
        let retried = retry(host.on(&connection()), &run(), &attributes, &guid()).unwrap();
        assert_eq!(retried.run_id, EXECUTION_ARN);
        assert_eq!(
            host.bodies(),
            [format!(
                r#"{{"PipelineExecutionArn":"{EXECUTION_ARN}","ClientRequestToken":"polysync-retry-{GUID}","ParallelismConfiguration":{{"MaxParallelExecutionSteps":2}}}}"#
            )]
        );
    }

    #[test]
    fn an_attribute_that_a_retry_does_not_use_may_be_wrong() {
        let host = FakeHost::answering([(200, "{}")]);
        let attributes = [Attribute::new(DISPLAY_NAME, "no blanks")];
        assert!(retry(host.on(&connection()), &run(), &attributes, &guid()).is_ok());
    }

    #[test]
    fn a_wrong_parallelism_is_refused_before_any_request() {
        let host = FakeHost::answering([]);
        let attributes = [Attribute::new(MAX_PARALLEL_STEPS, "0")];
        assert_eq!(
            retry(host.on(&connection()), &run(), &attributes, &guid())
                .unwrap_err()
                .code,
            "InvalidJob"
        );
    }

    /// A host repeated such a retry for ever, because a conflict is retryable.
    #[test]
    fn a_repeat_of_a_retry_that_was_carried_out_is_a_success_with_a_note() {
        for code in ["ConflictException", "ValidationException"] {
            let refusal = format!(r#"{{"__type": "{code}", "message": "only Failed or Stopped"}}"#);
            let host = FakeHost::answering([
                (400, refusal.as_str()),
                (200, r#"{"PipelineExecutionStatus": "Executing"}"#),
            ]);
            let retried = retry(host.on(&connection()), &run(), &[], &guid()).unwrap();
            assert_eq!(retried.run_id, EXECUTION_ARN);
            assert_eq!(retried.details[0].name, "note");
        }
    }

    #[test]
    fn a_refused_retry_of_an_execution_that_is_over_stays_an_error() {
        for state in [
            r#"{"PipelineExecutionStatus": "Succeeded"}"#,
            r#"{"PipelineExecutionStatus": "Failed"}"#,
            "{}",
        ] {
            let host = FakeHost::answering([
                (400, r#"{"__type": "ValidationException", "message": "no"}"#),
                (200, state),
            ]);
            let error = retry(host.on(&connection()), &run(), &[], &guid()).unwrap_err();
            assert_eq!(error.code, "ValidationException");
        }
    }

    #[test]
    fn a_denied_retry_asks_for_nothing_else() {
        let host = FakeHost::answering([(400, r#"{"__type": "AccessDeniedException"}"#)]);
        let error = retry(host.on(&connection()), &run(), &[], &guid()).unwrap_err();
        assert_eq!(error.code, "AccessDeniedException");
    }
}
