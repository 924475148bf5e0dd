//! Stops an execution. It is not a failure where the execution is stopping or over already.
//!
//! SageMaker carries a token out once: it answers a token that it knows as it did the first time, and
//! stops nothing. Where a run was cancelled, retried, and is cancelled again under the same GUID, the
//! run would go on. So a cancel reads the execution after the stop. One that is still under way is
//! stopped once more, under a token of this state.

use aws_kit::client::Client;
use aws_kit::error::CallError;
use aws_kit::retry::{Policy, STANDARD};
use job_type_kit::contract::{CancelOutcome, Cancellation, Error, Run};
use job_type_kit::{Context, Guid};

use crate::api::{DescribePipelineExecutionOutput, StopPipelineExecution};
use crate::client_token::{cancel_again_token, cancel_token};
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
pub fn cancel(context: Context<'_>, run: &Run, guid: &Guid) -> Result<Cancellation, Error> {
    let run_id = RunId::parse(&run.run_id)?;
    let client = connection::client(context)?;
    let stop = Stop {
        client: &client,
        run_id: &run_id,
    };
    stop.cancel(guid)
        .map_err(|error| client.contract_error::<StopPipelineExecution>(error))
}

/// The stop of one execution.
struct Stop<'a> {
    client: &'a Client<'a>,
    run_id: &'a RunId,
}

impl Stop<'_> {
    fn cancel(&self, guid: &Guid) -> Result<Cancellation, CallError> {
        match self.send(POLICY, cancel_token(guid)) {
            Ok(()) => match self.read() {
                Some(execution) if execution.status() == ExecutionStatus::Executing => {
                    self.cancel_again(guid, &execution, true)
                }
                _ => Ok(requested()),
            },
            Err(error) => {
                let Some(execution) =
                    execution_status::read_after_refusal(self.client, self.run_id, &error)
                else {
                    return Err(error);
                };
                let is_conflict = error.service_code() == Some("ConflictException");
                match needs_no_cancel(&execution) {
                    Some(cancellation) => Ok(cancellation),
                    // SageMaker may refuse a token that it knows as a conflict, too.
                    None if is_conflict && execution.status() == ExecutionStatus::Executing => {
                        self.cancel_again(guid, &execution, false)
                    }
                    None => Err(error),
                }
            }
        }
    }

    /// Stops an execution that is still under way. `accepted` is whether SageMaker took the stop
    /// before.
    fn cancel_again(
        &self,
        guid: &Guid,
        execution: &DescribePipelineExecutionOutput,
        accepted: bool,
    ) -> Result<Cancellation, CallError> {
        let modified_at = execution.last_modified_time.unwrap_or_default();
        let Err(error) = self.send(STANDARD, cancel_again_token(guid, modified_at)) else {
            return Ok(requested());
        };
        // The execution is not under way any more: the description was older than the stop.
        if accepted && error.service_code() == Some("ValidationException") {
            return Ok(requested());
        }
        execution_status::read_after_refusal(self.client, self.run_id, &error)
            .as_ref()
            .and_then(needs_no_cancel)
            .ok_or(error)
    }

    fn send(&self, policy: Policy, client_request_token: String) -> Result<(), CallError> {
        let request = StopPipelineExecution {
            pipeline_execution_arn: self.run_id.as_str().to_owned(),
            client_request_token,
        };
        self.client.call_with(policy, &request).map(drop)
    }

    /// The execution, or `None` where it can't be read.
    fn read(&self) -> Option<DescribePipelineExecutionOutput> {
        execution_status::describe_or_warn(self.client, self.run_id)
    }
}

fn requested() -> Cancellation {
    Cancellation::new(
        CancelOutcome::Requested,
        "SageMaker is asked to stop the execution; steps under way are stopped first. A callback step \
         that waits for its answer and a Lambda function that is waited for can take long.",
    )
}

/// SageMaker refuses to stop an execution that is not under way.
fn needs_no_cancel(execution: &DescribePipelineExecutionOutput) -> Option<Cancellation> {
    match execution.status() {
        ExecutionStatus::Stopping => Some(Cancellation::new(
            CancelOutcome::AlreadyStopping,
            "The execution is being stopped already.",
        )),
        status if status.is_finished() => Some(Cancellation::new(
            CancelOutcome::AlreadyFinished,
            format!(
                "The execution is over already: {}.",
                execution.status_word()
            ),
        )),
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
    const STOPPING: (u16, &str) = (200, r#"{"PipelineExecutionStatus": "Stopping"}"#);
    const EXECUTING: (u16, &str) = (
        200,
        r#"{"PipelineExecutionStatus": "Executing", "LastModifiedTime": 1793491200.5}"#,
    );

    fn outcome(responses: &[(u16, &str)]) -> (Result<CancelOutcome, String>, usize) {
        let host = FakeHost::answering(responses.iter().copied());
        let result = cancel(host.on(&connection()), &run(), &guid());
        (
            result.map(|c| c.outcome).map_err(|e| e.code),
            host.bodies().len(),
        )
    }

    fn stop(token: &str) -> String {
        format!(r#"{{"PipelineExecutionArn":"{EXECUTION_ARN}","ClientRequestToken":"{token}"}}"#)
    }

    #[test]
    fn a_cancel_stops_the_execution_under_its_own_token() {
        let host = FakeHost::answering([(200, "{}"), STOPPING]);
        let cancellation = cancel(host.on(&connection()), &run(), &guid()).unwrap();
        assert_eq!(cancellation.outcome, CancelOutcome::Requested);
        for can_take_long in ["callback", "Lambda"] {
            assert!(cancellation.message.contains(can_take_long));
        }
        assert_eq!(host.bodies()[0], stop(&format!("polysync-cancel-{GUID}")));
        assert_eq!(host.bodies().len(), 2);
    }

    /// SageMaker answers a token that it knows as it did the first time, and stops nothing.
    #[test]
    fn a_guid_that_stopped_the_execution_before_a_retry_stops_it_again() {
        for refusal in [None, Some(CONFLICT)] {
            let first = refusal.map_or(vec![(200, "{}")], |conflict| vec![conflict; 5]);
            let stops = first.len();
            let host = FakeHost::answering(first.into_iter().chain([EXECUTING, (200, "{}")]));
            let cancellation = cancel(host.on(&connection()), &run(), &guid()).unwrap();
            assert_eq!(cancellation.outcome, CancelOutcome::Requested);
            let token = format!("polysync-cancel-{GUID}-1793491200500");
            assert_eq!(host.bodies().last(), Some(&stop(&token)));
            assert_eq!(host.bodies().len(), stops + 2);
        }
    }

    /// A description can be older than the stop.
    #[test]
    fn a_stop_that_the_description_does_not_show_yet_is_not_a_failure() {
        assert_eq!(
            outcome(&[(200, "{}"), EXECUTING, NOT_EXECUTING]),
            (Ok(CancelOutcome::Requested), 3)
        );
    }

    #[test]
    fn a_stop_whose_effect_can_not_be_read_counts_as_requested() {
        let denied = (400, r#"{"__type": "AccessDeniedException"}"#);
        for unread in [
            denied,
            (200, "{}"),
            (200, r#"{"PipelineExecutionStatus": "Stopped"}"#),
        ] {
            assert_eq!(
                outcome(&[(200, "{}"), unread]),
                (Ok(CancelOutcome::Requested), 2)
            );
        }
    }

    #[test]
    fn a_second_stop_that_fails_is_a_failure_of_the_cancel() {
        let denied = (400, r#"{"__type": "AccessDeniedException"}"#);
        assert_eq!(
            outcome(&[(200, "{}"), EXECUTING, denied]),
            (Err("AccessDeniedException".to_owned()), 3)
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
    fn a_conflict_between_steps_is_tried_five_times_and_once_more_with_a_new_token() {
        assert_eq!(
            outcome(&[
                CONFLICT,
                CONFLICT,
                CONFLICT,
                CONFLICT,
                (200, "{}"),
                STOPPING
            ]),
            (Ok(CancelOutcome::Requested), 6)
        );
        assert_eq!(
            outcome(&[
                CONFLICT, CONFLICT, CONFLICT, CONFLICT, CONFLICT, EXECUTING, CONFLICT, EXECUTING
            ]),
            (Err("ConflictException".to_owned()), 8)
        );
    }
}
