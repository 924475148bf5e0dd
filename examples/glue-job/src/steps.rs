//! The one step of a run: the run itself.
//!
//! Glue has no steps. But the contract reads a log by the name of a step, and hosts show failures and logs
//! by steps: a run that lists none has a log that no host finds. So a run has one step, and a host needs
//! no special case.

use job_type_kit::Host;
use job_type_kit::contract::{Connection, Error, ErrorClass, Run, RunState, Step, StepPage};

use crate::api::JobRun;
use crate::connection;
use crate::run_id::RunId;
use crate::status;

/// The step's name.
pub const RUN: &str = "run";

/// The only page of a run's steps.
///
/// # Errors
/// `InvalidRunId`, `InvalidCursor` or `InvalidConnection` before any request, or the error of GetJobRun.
pub fn steps(
    host: &dyn Host,
    connection: &Connection,
    run: &Run,
    cursor: Option<&str>,
) -> Result<StepPage, Error> {
    let run_id = RunId::of(run)?;
    if cursor.is_some() {
        return Err(Error::invalid(
            "InvalidCursor",
            "a run of a Glue job has one page of steps",
            "Begin again without a cursor.",
        ));
    }
    let client = connection::client(host, connection)?;
    let run = status::read(&client, &run_id)?;
    Ok(StepPage {
        steps: vec![step(&run_id, &run)],
        next_cursor: None,
    })
}

/// The step that a run is.
pub fn step(run_id: &RunId, run: &JobRun) -> Step {
    let (state, finished) = status::state(run);
    let is_bad = finished && state != RunState::Success;
    Step {
        name: RUN.to_owned(),
        display_name: Some(run_id.job.clone()),
        kind: "GlueJobRun".to_owned(),
        state,
        platform_status: status::word(run).to_owned(),
        started_at: run.started_on,
        ended_at: run.completed_on.filter(|_| finished),
        // Each attempt of Glue's is a run of its own.
        attempts: None,
        cache_hit: false,
        has_log: has_begun(run),
        reason: status::message(run).filter(|_| is_bad),
        resource_id: Some(run_id.id.clone()),
        links: Vec::new(),
        details: status::details(run),
    }
}

/// Whether a run has begun to write its log.
fn has_begun(run: &JobRun) -> bool {
    !matches!(status::word(run), "" | "STARTING" | "WAITING" | "EXPIRED")
}

/// The error for the name of a step that a run doesn't have.
pub fn no_step(name: &str) -> Error {
    Error::new(
        ErrorClass::NotFound,
        "StepNotFound",
        format!("the run has no step {name:?}"),
        "A run of a Glue job has one step, whose name is run.",
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{connection, run};
    use job_type_kit::testing::FakeHost;

    fn step_in(state: &str) -> Step {
        let body = format!(r#"{{"JobRun": {{"JobRunState": "{state}", "ErrorMessage": "why"}}}}"#);
        let host = FakeHost::answering([(200, body.as_str())]);
        let page = steps(&host, &connection(&[]), &run("sales/jr_1"), None).unwrap();
        assert_eq!((page.steps.len(), page.next_cursor), (1, None));
        page.steps.into_iter().next().unwrap()
    }

    #[test]
    fn a_run_has_one_step_that_is_the_run_itself() {
        let step = step_in("FAILED");
        assert_eq!(step.name, "run");
        assert_eq!(step.resource_id.as_deref(), Some("jr_1"));
        assert_eq!(step.reason.as_deref(), Some("why"));
        assert_eq!(step.state, RunState::Failed);
        assert_eq!(step_in("RUNNING").reason, None);
    }

    #[test]
    fn a_run_that_waits_has_no_log_yet() {
        for (state, has_log) in [
            ("WAITING", false),
            ("STARTING", false),
            ("EXPIRED", false),
            ("RUNNING", true),
            ("SUCCEEDED", true),
        ] {
            assert_eq!(step_in(state).has_log, has_log, "{state}");
        }
    }

    #[test]
    fn there_is_no_second_page() {
        let host = FakeHost::answering([]);
        let error = steps(&host, &connection(&[]), &run("a/jr_1"), Some("2.t")).unwrap_err();
        assert_eq!(error.code, "InvalidCursor");
    }
}
