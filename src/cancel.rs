//! Stops an execution. It is not a failure where the execution is stopping or over already.

use aws_kit::client::Client;
use aws_kit::error::CallError;
use aws_kit::retry::{Policy, STANDARD};
use job_type_kit::contract::{CancelOutcome, Cancellation, Connection, Error, Run};
use job_type_kit::{Guid, Host};

use crate::api::StopPipelineExecution;
use crate::client_token::cancel_token;
use crate::connection;
use crate::execution_status::{self, ExecutionStatus};
use crate::run_id::RunId;

/// A stop between two steps can meet a conflict that passes.
const POLICY: Policy = Policy {
    conflict_attempts: 5,
    ..STANDARD
};

/// Asks SageMaker to stop a run.
///
/// # Errors
/// The error of the stop, unless the run is stopping or over.
pub fn cancel(
    host: &dyn Host,
    connection: &Connection,
    run: &Run,
    guid: &Guid,
) -> Result<Cancellation, Error> {
    let run_id = RunId::parse(&run.run_id)?;
    let client = connection::client(host, connection)?;
    let request = StopPipelineExecution {
        pipeline_execution_arn: run_id.as_str().to_owned(),
        client_request_token: cancel_token(guid),
    };
    match client.call_with(POLICY, &request) {
        Ok(_) => Ok(Cancellation {
            outcome: CancelOutcome::Requested,
            message:
                "SageMaker is asked to stop the execution; steps under way are stopped first. A \
                      callback step that waits for its answer and a Lambda function that is waited \
                      for can take long."
                    .to_owned(),
        }),
        Err(error) => match needs_no_cancel(&client, &run_id, &error) {
            Some(cancellation) => Ok(cancellation),
            None => Err(client.contract_error::<StopPipelineExecution>(error)),
        },
    }
}

/// SageMaker refuses to stop an execution that is not under way.
fn needs_no_cancel(client: &Client<'_>, run_id: &RunId, error: &CallError) -> Option<Cancellation> {
    let (status, word) = execution_status::read_after_refusal(client, run_id, error)?;
    match status {
        ExecutionStatus::Stopping => Some(Cancellation {
            outcome: CancelOutcome::AlreadyStopping,
            message: "The execution is being stopped already.".to_owned(),
        }),
        status if status.is_finished() => Some(Cancellation {
            outcome: CancelOutcome::AlreadyFinished,
            message: format!("The execution is over already: {word}."),
        }),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{EXECUTION_ARN, FakeHost, GUID, connection, guid, run};

    const NOT_EXECUTING: (u16, &str) = (
        400,
        r#"{"__type": "ValidationException", "message": "Only pipelines with 'Executing' status can be stopped"}"#,
    );
    const CONFLICT: (u16, &str) = (
        400,
        r#"{"__type": "ConflictException", "message": "between steps"}"#,
    );

    fn outcome(responses: &[(u16, &str)]) -> (Result<CancelOutcome, String>, usize) {
        let host = FakeHost::answering(responses.iter().copied());
        let result = cancel(&host, &connection(), &run(), &guid());
        (
            result.map(|c| c.outcome).map_err(|e| e.code),
            host.bodies().len(),
        )
    }

    #[test]
    fn a_cancel_stops_the_execution_under_its_own_token() {
        let host = FakeHost::answering([(200, "{}")]);
        let cancellation = cancel(&host, &connection(), &run(), &guid()).unwrap();
        assert_eq!(cancellation.outcome, CancelOutcome::Requested);
        for can_take_long in ["callback", "Lambda"] {
            assert!(cancellation.message.contains(can_take_long));
        }
        assert_eq!(
            host.bodies(),
            [format!(
                r#"{{"PipelineExecutionArn":"{EXECUTION_ARN}","ClientRequestToken":"polysync-cancel-{GUID}"}}"#
            )]
        );
    }

    #[test]
    fn an_execution_that_is_stopping_or_over_is_not_a_failure_and_the_answer_says_which() {
        for (word, expected) in [
            ("Stopping", CancelOutcome::AlreadyStopping),
            ("Stopped", CancelOutcome::AlreadyFinished),
            ("Succeeded", CancelOutcome::AlreadyFinished),
            ("Failed", CancelOutcome::AlreadyFinished),
            ("CompletedWithFailures", CancelOutcome::AlreadyFinished),
        ] {
            let body = format!(r#"{{"PipelineExecutionStatus": "{word}"}}"#);
            assert_eq!(
                outcome(&[NOT_EXECUTING, (200, &body)]),
                (Ok(expected), 2),
                "{word}"
            );
        }
    }

    #[test]
    fn a_refusal_to_stop_a_running_execution_stays_a_failure() {
        let executing = (200, r#"{"PipelineExecutionStatus": "Executing"}"#);
        assert_eq!(
            outcome(&[NOT_EXECUTING, executing]),
            (Err("ValidationException".to_owned()), 2)
        );
        let denied = (400, r#"{"__type": "AccessDeniedException"}"#);
        assert_eq!(
            outcome(&[NOT_EXECUTING, denied]),
            (Err("ValidationException".to_owned()), 2)
        );
        assert_eq!(
            outcome(&[denied]),
            (Err("AccessDeniedException".to_owned()), 1)
        );
    }

    #[test]
    fn a_conflict_between_steps_is_tried_five_times() {
        assert_eq!(
            outcome(&[CONFLICT, CONFLICT, CONFLICT, CONFLICT, (200, "{}")]),
            (Ok(CancelOutcome::Requested), 5)
        );
        let executing = (200, r#"{"PipelineExecutionStatus": "Executing"}"#);
        assert_eq!(
            outcome(&[CONFLICT, CONFLICT, CONFLICT, CONFLICT, CONFLICT, executing]),
            (Err("ConflictException".to_owned()), 6)
        );
    }
}
