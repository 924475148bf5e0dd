//! Reads the state of a run: GetJobRun.

use aws_kit::client::{Client, Operation};
use job_type_kit::contract::{Attribute, Error, RunState, RunStatus, Step};
use job_type_kit::{RunOfJob as RunId, cut, non_blank, only_step, poll_after};

use crate::api::{GetJobRun, GetJobRunOutput, JobRun};
use crate::service::GLUE;

/// How many characters of a message are kept: a thousand runs have one each, and Glue's may have 400,000.
const CHARACTERS: usize = 4_000;

/// Reads the state of a run.
///
/// # Errors
/// That of GetJobRun.
pub fn status(client: &Client<'_>, run_id: &RunId) -> Result<RunStatus, Error> {
    let run = read(client, run_id)?;
    Ok(run_status(run_id, &run, client.host().now()))
}

/// Reads a run.
///
/// # Errors
/// That of GetJobRun.
pub fn read(client: &Client<'_>, run_id: &RunId) -> Result<JobRun, Error> {
    client.ask(&request(run_id)).and_then(run_of)
}

/// The request that reads a run.
pub fn request(run_id: &RunId) -> GetJobRun {
    GetJobRun {
        job_name: run_id.job.clone(),
        run_id: run_id.id.clone(),
    }
}

/// The run in an answer.
///
/// # Errors
/// `UnreadableResponse` where there is none.
pub fn run_of(answer: GetJobRunOutput) -> Result<JobRun, Error> {
    let run = answer.job_run;
    run.ok_or_else(|| GLUE.missing_member(GetJobRun::NAME, "JobRun"))
}

/// The status of a run at this time of the host's.
pub fn run_status(run_id: &RunId, run: &JobRun, now: u64) -> RunStatus {
    let (state, finished) = state(run);
    let changed_at = run.last_modified_on.or(run.started_on);
    let message =
        non_blank(run.error_message.clone()).or_else(|| non_blank(run.state_detail.clone()));
    // A retry of Glue's own is a run of its own.
    let attempt = run.attempt.filter(|attempt| *attempt > 0);
    let mut status = RunStatus {
        platform_status: word(run).to_owned(),
        finished,
        poll_after: poll_after(changed_at, now).filter(|_| !finished),
        message: message.map(|text| cut(text, CHARACTERS)),
        started_at: run.started_on,
        updated_at: run.last_modified_on,
        ended_at: run.completed_on.filter(|_| finished),
        details: Attribute::details([
            ("attempt", attempt.map(|attempt| attempt.to_string())),
            ("previous-run-id", run.previous_run_id.clone()),
        ]),
        ..RunStatus::in_state(state)
    };
    if finished && state != RunState::Success {
        status.failed_steps.push(step(run_id, &status));
    }
    status
}

/// The only step of a run of this status.
pub fn step(run_id: &RunId, status: &RunStatus) -> Step {
    let waits = ["", "STARTING", "WAITING", "EXPIRED"].contains(&status.platform_status.as_str());
    only_step::step("GlueJobRun", &run_id.id, status, !waits)
}

/// Glue's word for the state; empty where it gave none.
pub fn word(run: &JobRun) -> &str {
    run.job_run_state.as_deref().unwrap_or_default()
}

/// The run's state, by the specification's table, and whether Glue is done with it.
pub fn state(run: &JobRun) -> (RunState, bool) {
    match word(run) {
        "STARTING" | "RUNNING" | "WAITING" | "STOPPING" => (RunState::Running, false),
        "SUCCEEDED" => (RunState::Success, true),
        "FAILED" | "ERROR" | "TIMEOUT" | "EXPIRED" => (RunState::Failed, true),
        "STOPPED" => (RunState::Cancelled, true),
        _ => (RunState::Unknown, false),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::GlueJob;
    use crate::testing::{connection, refusal, run};
    use job_type_kit::JobType;
    use job_type_kit::contract::ErrorClass;
    use job_type_kit::testing::FakeHost;

    fn status_of(job_run: &str) -> RunStatus {
        let body = format!(r#"{{"JobRun": {job_run}}}"#);
        let host = FakeHost::answering([(200, body.as_str())]);
        let status = GlueJob::status(host.on(&connection(&[])), &run("a/b/jr_1")).unwrap();
        assert_eq!(host.bodies(), [r#"{"JobName":"a/b","RunId":"jr_1"}"#]);
        status
    }

    #[test]
    fn each_state_of_glues_has_the_state_that_the_specification_gives() {
        for (word, state, finished) in [
            ("STARTING", RunState::Running, false),
            ("RUNNING", RunState::Running, false),
            ("WAITING", RunState::Running, false),
            ("STOPPING", RunState::Running, false),
            ("SUCCEEDED", RunState::Success, true),
            ("FAILED", RunState::Failed, true),
            ("ERROR", RunState::Failed, true),
            ("TIMEOUT", RunState::Failed, true),
            ("EXPIRED", RunState::Failed, true),
            ("STOPPED", RunState::Cancelled, true),
            ("HIBERNATING", RunState::Unknown, false),
        ] {
            let status = status_of(&format!(r#"{{"JobRunState": "{word}", "StartedOn": 1}}"#));
            assert_eq!((status.state, status.finished), (state, finished), "{word}");
            assert_eq!(status.platform_status, word);
            assert_eq!(status.poll_after.is_none(), finished, "{word}");
            let is_to_blame = finished && state != RunState::Success;
            assert_eq!(!status.failed_steps.is_empty(), is_to_blame, "{word}");
        }
        assert_eq!(status_of("{}").state, RunState::Unknown);
    }

    #[test]
    fn the_message_is_the_error_message_else_the_state_detail() {
        for (error, message) in [("broken", "broken"), (" ", "queued")] {
            let run = format!(r#"{{"ErrorMessage": "{error}", "StateDetail": "queued"}}"#);
            assert_eq!(status_of(&run).message.as_deref(), Some(message));
        }
    }

    #[test]
    fn a_run_that_is_over_ended_when_it_was_completed() {
        let times = r#""StartedOn": 1, "LastModifiedOn": 2, "CompletedOn": 2.5"#;
        let over = status_of(&format!(r#"{{"JobRunState": "FAILED", {times}}}"#));
        assert_eq!(
            (over.started_at, over.updated_at, over.ended_at),
            (Some(1000), Some(2000), Some(2500))
        );
        let running = status_of(&format!(r#"{{"JobRunState": "RUNNING", {times}}}"#));
        assert_eq!(running.ended_at, None);
    }

    #[test]
    fn an_attempt_of_glues_own_names_the_run_before_it() {
        let status = status_of(r#"{"Attempt": 1, "PreviousRunId": "jr_0"}"#);
        let details = [("attempt", "1"), ("previous-run-id", "jr_0")];
        assert_eq!(status.details, crate::testing::list(&details));
        assert_eq!(status_of(r#"{"Attempt": 0}"#).details, []);
    }

    #[test]
    fn a_run_that_is_not_there_is_not_found() {
        let host = FakeHost::with_answers([refusal("EntityNotFoundException")]);
        let error = GlueJob::status(host.on(&connection(&[])), &run("a/jr_1")).unwrap_err();
        assert_eq!(
            (error.class, error.retryable),
            (ErrorClass::NotFound, false)
        );
        assert!(error.hint.contains("no such run"));
        let host = FakeHost::answering([(200, "{}")]);
        let error = GlueJob::status(host.on(&connection(&[])), &run("a/jr_1")).unwrap_err();
        assert_eq!(error.code, "UnreadableResponse");
    }

    #[test]
    fn a_run_has_one_step_that_is_the_run_and_no_log_while_it_waits() {
        for (word, has_log) in [
            ("WAITING", false),
            ("STARTING", false),
            ("EXPIRED", false),
            ("RUNNING", true),
            ("FAILED", true),
        ] {
            let status = status_of(&format!(r#"{{"JobRunState": "{word}"}}"#));
            let step = step(&RunId::new("sales", "jr_1").unwrap(), &status);
            assert_eq!(
                (step.name.as_str(), step.has_log),
                ("run", has_log),
                "{word}"
            );
            assert_eq!(step.resource_id.as_deref(), Some("jr_1"));
        }
    }
}
