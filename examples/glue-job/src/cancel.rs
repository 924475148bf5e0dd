//! Stops a run. It is not a failure where the run is stopping or over already.
//!
//! BatchStopJobRun takes no token, and a run that is over never goes on, so that the stop can be repeated.

use aws_kit::client::Client;
use job_type_kit::RunOfJob as RunId;
use job_type_kit::contract::{CancelOutcome, Cancellation, Error};

use crate::api::BatchStopJobRun;
use crate::status;

/// Asks Glue to stop a run.
///
/// # Errors
/// The error of the stop, unless the run is stopping or over. The answer to a request that succeeds may have
/// the refusal of the run.
pub fn cancel(client: &Client<'_>, run_id: &RunId) -> Result<Cancellation, Error> {
    let answer = client.ask(&BatchStopJobRun {
        job_name: run_id.job.clone(),
        job_run_ids: [run_id.id.clone()],
    })?;
    let Some(refusal) = answer.errors.into_iter().next() else {
        let message = "Glue is asked to stop the run.";
        return Ok(Cancellation::new(CancelOutcome::Requested, message));
    };
    already_done(client, run_id).ok_or_else(|| {
        let detail = refusal.error_detail.unwrap_or_default();
        let code = detail.error_code.unwrap_or_else(|| "NotStopped".to_owned());
        let message = detail.error_message.unwrap_or_default();
        client.refusal_within::<BatchStopJobRun>(code, message)
    })
}

/// Why a run that Glue refused to stop need not be stopped, if that is so. The refusal doesn't name the
/// state reliably.
fn already_done(client: &Client<'_>, run_id: &RunId) -> Option<Cancellation> {
    let run = status::read(client, run_id).ok()?;
    let outcome = match status::state(&run) {
        (_, true) => CancelOutcome::AlreadyFinished,
        _ if status::word(&run) == "STOPPING" => CancelOutcome::AlreadyStopping,
        _ => return None,
    };
    let message = format!("The run needs no stop: it is {}.", status::word(&run));
    Some(Cancellation::new(outcome, message))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GlueJob;
    use crate::testing::{connection, guid, ok, refusal, run};
    use job_type_kit::JobType;
    use job_type_kit::contract::ErrorClass;
    use job_type_kit::testing::{Answer, FakeHost};

    fn cancelled(answers: impl IntoIterator<Item = Answer>) -> Result<CancelOutcome, Error> {
        let host = FakeHost::with_answers(answers);
        let cancelled = GlueJob::cancel(host.on(&connection(&[])), &run("sales/jr_1"), &guid());
        let stop = r#"{"JobName":"sales","JobRunIds":["jr_1"]}"#;
        assert_eq!(host.bodies()[0], stop);
        cancelled.map(|cancellation| cancellation.outcome)
    }

    fn refused(code: &str) -> Answer {
        ok(&format!(
            r#"{{"SuccessfulSubmissions": [], "Errors": [{{"JobName": "sales", "JobRunId": "jr_1",
                "ErrorDetail": {{"ErrorCode": "{code}", "ErrorMessage": "why"}}}}]}}"#
        ))
    }

    fn in_state(word: &str) -> Answer {
        ok(&format!(r#"{{"JobRun": {{"JobRunState": "{word}"}}}}"#))
    }

    #[test]
    fn a_run_that_is_under_way_is_asked_to_stop() {
        let submitted = r#"{"SuccessfulSubmissions": [{"JobName": "sales", "JobRunId": "jr_1"}]}"#;
        assert_eq!(cancelled([ok(submitted)]), Ok(CancelOutcome::Requested));
    }

    #[test]
    fn a_run_that_is_stopping_or_over_is_not_a_failure_and_the_answer_says_which() {
        for (word, outcome) in [
            ("STOPPING", CancelOutcome::AlreadyStopping),
            ("STOPPED", CancelOutcome::AlreadyFinished),
            ("SUCCEEDED", CancelOutcome::AlreadyFinished),
            ("FAILED", CancelOutcome::AlreadyFinished),
        ] {
            let refused = refused("JobRunInvalidStateTransitionException");
            assert_eq!(cancelled([refused, in_state(word)]), Ok(outcome), "{word}");
        }
    }

    #[test]
    fn the_error_of_the_run_is_the_answer() {
        for (code, class) in [
            ("EntityNotFoundException", ErrorClass::NotFound),
            ("InternalServiceException", ErrorClass::Unavailable),
            ("NewException", ErrorClass::Other),
        ] {
            for state in [in_state("RUNNING"), refusal("EntityNotFoundException")] {
                let error = cancelled([refused(code), state]).unwrap_err();
                assert_eq!((error.class, error.code.as_str()), (class, code));
                assert_eq!(error.message, "why");
                assert!(!error.hint.is_empty());
            }
        }
    }

    #[test]
    fn the_error_of_the_request_is_an_error() {
        let error = cancelled([refusal("AccessDeniedException")]).unwrap_err();
        assert!(error.hint.contains("glue:BatchStopJobRun"));
    }
}
