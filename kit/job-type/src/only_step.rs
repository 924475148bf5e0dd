//! The one step of a run on a platform without steps: the run itself.
//!
//! A host reads a log by the name of a step, and shows failures and logs by steps. A run that lists no
//! step would have a log that no host finds. So such a run has one step, and hosts need no special case.

use crate::contract::{Error, ErrorClass, RunState, RunStatus, Step, StepPage};

/// The step's name.
pub const NAME: &str = "run";

/// The step that a run of this status is, without its failed steps. `has_log` says whether it has begun to
/// write its log.
pub fn step(kind: &str, resource_id: &str, status: &RunStatus, has_log: bool) -> Step {
    let is_bad = status.finished && status.state != RunState::Success;
    Step {
        name: NAME.to_owned(),
        display_name: None,
        kind: kind.to_owned(),
        state: status.state,
        platform_status: status.platform_status.clone(),
        started_at: status.started_at,
        ended_at: status.ended_at,
        attempts: None,
        cache_hit: false,
        has_log,
        reason: status.message.clone().filter(|_| is_bad),
        resource_id: Some(resource_id.to_owned()),
        links: Vec::new(),
        details: status.details.clone(),
    }
}

/// The only page of a run's steps.
///
/// # Errors
/// `InvalidCursor` where there is one, and what `read` returns.
pub fn page(
    cursor: Option<&str>,
    read: impl FnOnce() -> Result<Step, Error>,
) -> Result<StepPage, Error> {
    match cursor {
        None => Ok(StepPage {
            steps: vec![read()?],
            next_cursor: None,
        }),
        Some(_) => Err(Error::invalid(
            "InvalidCursor",
            "the run has one page of steps",
            "Begin again without a cursor.",
        )),
    }
}

/// Checks the name of a step that a log is asked for.
///
/// # Errors
/// `StepNotFound` for any other name than [`NAME`].
pub fn check(name: &str) -> Result<(), Error> {
    if name == NAME {
        return Ok(());
    }
    Err(Error::new(
        ErrorClass::NotFound,
        "StepNotFound",
        format!("the run has no step {name:?}"),
        format!("Its only step is called {NAME}."),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_step_of_a_run_is_as_the_run_is() {
        for (state, finished, reason) in [
            (RunState::Failed, true, Some("why")),
            (RunState::Running, false, None),
            (RunState::Success, true, None),
        ] {
            let status = RunStatus {
                finished,
                message: Some("why".to_owned()),
                started_at: Some(1),
                ..RunStatus::in_state(state)
            };
            let step = step("Report", "r-1", &status, true);
            assert_eq!((step.name.as_str(), step.state), ("run", state));
            assert_eq!((step.reason.as_deref(), step.started_at), (reason, Some(1)));
            assert_eq!(step.resource_id.as_deref(), Some("r-1"));
            let page = page(None, || Ok(step.clone())).unwrap();
            assert_eq!((page.steps, page.next_cursor), (vec![step], None));
        }
    }

    #[test]
    fn there_is_no_second_page_and_no_second_step() {
        let error = page(Some("2.t"), || unreachable!("nothing is read")).unwrap_err();
        assert_eq!(error.code, "InvalidCursor");
        assert_eq!(check("run"), Ok(()));
        assert_eq!(check("other").unwrap_err().code, "StepNotFound");
    }
}
