//! Reads the state of a run: DescribePipelineExecution, and the failed steps of a run that is over
//! without success.

use job_type_kit::contract::{Error, Run, RunState, RunStatus};
use job_type_kit::{Context, poll_after};

use crate::api::{DescribePipelineExecution, DescribePipelineExecutionOutput};
use crate::connection;
use crate::execution_details;
use crate::execution_status;
use crate::failed_steps::failed_steps;
use crate::run_id::RunId;
use crate::run_message;
use crate::text;

/// Reads the state of a run.
///
/// # Errors
/// `InvalidRunId` or `InvalidConnection` before any request, or the error of
/// DescribePipelineExecution.
pub fn status(context: Context<'_>, run: &Run) -> Result<RunStatus, Error> {
    let run_id = RunId::parse(&run.run_id)?;
    let client = connection::client(context)?;
    let execution = execution_status::describe(&client, &run_id)
        .map_err(|error| client.contract_error::<DescribePipelineExecution>(error))?;
    let mut status = run_status(execution, context.host.now());
    if is_over_without_success(&status) {
        status.failed_steps = failed_steps(&client, &run_id);
    }
    Ok(status)
}

/// The status that an execution gives its run at this time of the host's, without the failed steps.
pub fn run_status(execution: DescribePipelineExecutionOutput, now: u64) -> RunStatus {
    let message = run_message::message(&execution);
    let status = execution.status();
    let finished = status.is_finished();
    let changed_at = execution.last_modified_time.or(execution.creation_time);
    RunStatus {
        platform_status: text::word(execution.status_word().to_owned()),
        finished,
        poll_after: poll_after(changed_at, now).filter(|_| !finished),
        message,
        started_at: execution.creation_time,
        updated_at: execution.last_modified_time,
        // SageMaker has no end time, but an execution that is over does not change any more.
        ended_at: execution.last_modified_time.filter(|_| finished),
        details: execution_details::details(execution),
        ..RunStatus::in_state(status.run_state())
    }
}

/// Whether a run is one that has steps to blame.
pub fn is_over_without_success(status: &RunStatus) -> bool {
    status.finished && status.state != RunState::Success
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::failed_steps::MOST_PAGES;
    use crate::testing::{FakeHost, connection, run};
    use job_type_kit::Host;
    use job_type_kit::contract::Attribute;

    fn status_after(responses: &[(u16, &str)]) -> (RunStatus, FakeHost) {
        let host = FakeHost::answering(responses.iter().copied());
        let status = status(host.on(&connection()), &run()).unwrap();
        (status, host)
    }

    #[test]
    fn each_platform_status_has_the_state_that_the_specification_gives() {
        for (word, state, finished) in [
            ("Executing", RunState::Running, false),
            ("Stopping", RunState::Running, false),
            ("Succeeded", RunState::Success, true),
            ("Failed", RunState::Failed, true),
            ("Stopped", RunState::Cancelled, true),
            ("CompletedWithFailures", RunState::Unknown, true),
            ("Hibernating", RunState::Unknown, false),
        ] {
            let body = format!(r#"{{"PipelineExecutionStatus": "{word}"}}"#);
            let (status, _) = status_after(&[(200, &body), (200, "{}")]);
            assert_eq!((status.state, status.finished), (state, finished), "{word}");
            assert_eq!(status.platform_status, word);
        }
        for body in ["{}", r#"{"PipelineExecutionStatus": null}"#] {
            let (status, _) = status_after(&[(200, body)]);
            assert_eq!((status.state, status.finished), (RunState::Unknown, false));
        }
    }

    #[test]
    fn the_message_is_the_failure_reason_else_the_description() {
        for (reason, message) in [("broken", "broken"), (" ", "nightly")] {
            let body = format!(
                r#"{{"FailureReason": "{reason}", "PipelineExecutionDescription": "nightly"}}"#
            );
            let (status, _) = status_after(&[(200, &body)]);
            assert_eq!(status.message.as_deref(), Some(message));
        }
    }

    /// An answer has a thousand runs.
    #[test]
    fn the_texts_of_a_status_are_bounded() {
        let long = "é".repeat(50_000);
        let body = serde_json::json!({
            "PipelineExecutionStatus": long,
            "FailureReason": long,
            "PipelineExecutionDisplayName": long,
        });
        let (status, _) = status_after(&[(200, &body.to_string())]);
        let length = |text: &str| text.chars().count();
        assert_eq!(length(&status.platform_status), 256);
        assert_eq!(status.message.as_deref().map(length), Some(3_072));
        assert_eq!(length(&status.details[0].value), 1_000);
    }

    #[test]
    fn an_execution_that_is_over_ended_when_it_changed_last() {
        let times = r#""CreationTime": 1, "LastModifiedTime": 2.5"#;
        let (over, _) = status_after(&[(
            200,
            &format!(r#"{{"PipelineExecutionStatus": "Succeeded", {times}}}"#),
        )]);
        assert_eq!(
            (over.started_at, over.updated_at, over.ended_at),
            (Some(1000), Some(2500), Some(2500))
        );
        let (running, _) = status_after(&[(
            200,
            &format!(r#"{{"PipelineExecutionStatus": "Executing", {times}}}"#),
        )]);
        assert_eq!((running.updated_at, running.ended_at), (Some(2500), None));
    }

    /// A retry is the last change of an execution that was created long ago.
    #[test]
    fn a_run_is_asked_about_again_by_the_time_of_its_last_change() {
        let now = FakeHost::answering([]).now();
        let at = |age: u64| (now / 1000 - age).to_string();
        for (created, modified, wait) in [
            (3600, Some(10), 5),
            (3600, Some(600), 30),
            (600, None, 30),
            (7200, Some(7200), 60),
        ] {
            let modified = modified.map_or("null".to_owned(), at);
            let times = format!(
                r#""CreationTime": {}, "LastModifiedTime": {modified}"#,
                at(created)
            );
            let body = |word| format!(r#"{{"PipelineExecutionStatus": "{word}", {times}}}"#);
            let (running, _) = status_after(&[(200, &body("Executing"))]);
            assert_eq!(running.poll_after, Some(now + wait * 1000));
            let (over, _) = status_after(&[(200, &body("Succeeded"))]);
            assert_eq!(over.poll_after, None);
        }
    }

    #[test]
    fn a_failed_run_has_the_failed_steps_of_every_page() {
        let (status, host) = status_after(&[
            (
                200,
                r#"{"PipelineExecutionStatus": "Failed", "FailureReason": "Step failure: One or multiple steps failed."}"#,
            ),
            (
                200,
                r#"{"PipelineExecutionSteps": [{"StepName": "A", "StepStatus": "Succeeded"}, {"StepName": "C", "StepStatus": "Failed", "StartTime": 9}], "NextToken": "t"}"#,
            ),
            (
                200,
                r#"{"PipelineExecutionSteps": [{"StepName": "B", "StepStatus": "Failed", "StartTime": 3, "FailureReason": "out of memory"}]}"#,
            ),
        ]);
        let names: Vec<_> = status
            .failed_steps
            .iter()
            .map(|s| s.name.as_str())
            .collect();
        assert_eq!(names, ["B", "C"]);
        assert_eq!(
            status.failed_steps[0].reason.as_deref(),
            Some("out of memory")
        );
        assert_eq!(
            status.message.as_deref(),
            Some("Step failure: One or multiple steps failed.")
        );
        assert_eq!(host.bodies().len(), 3);
    }

    #[test]
    fn a_listing_of_steps_that_never_ends_is_left_after_fifty_pages() {
        let pages: Vec<String> = (0..MOST_PAGES)
            .map(|n| {
                format!(
                    r#"{{"PipelineExecutionSteps": [{{"StepStatus": "Failed"}}], "NextToken": "{n}"}}"#
                )
            })
            .collect();
        let mut responses = vec![(200, r#"{"PipelineExecutionStatus": "Failed"}"#)];
        responses.extend(pages.iter().map(|page| (200, page.as_str())));
        let (status, host) = status_after(&responses);
        assert_eq!(status.failed_steps.len(), MOST_PAGES);
        assert!(host.logged("beyond 50 pages"));
    }

    #[test]
    fn a_hundred_failed_steps_are_read_and_no_page_after_them() {
        let failed = vec![r#"{"StepStatus": "Failed"}"#; 60].join(",");
        let page = format!(r#"{{"PipelineExecutionSteps": [{failed}], "NextToken": "#);
        let pages = [format!(r#"{page}"1"}}"#), format!(r#"{page}"2"}}"#)];
        let (status, host) = status_after(&[
            (200, r#"{"PipelineExecutionStatus": "Failed"}"#),
            (200, &pages[0]),
            (200, &pages[1]),
        ]);
        assert_eq!(status.failed_steps.len(), 100);
        assert_eq!(host.bodies().len(), 3);
        assert!(host.logged("beyond 100 are left out"));
    }

    #[test]
    fn steps_that_may_not_be_listed_are_left_out_with_a_log_line() {
        let (status, host) = status_after(&[
            (
                200,
                r#"{"PipelineExecutionStatus": "Failed", "FailureReason": "x"}"#,
            ),
            (
                400,
                r#"{"__type": "AccessDeniedException", "message": "not allowed"}"#,
            ),
        ]);
        assert_eq!(
            (status.state, status.failed_steps),
            (RunState::Failed, vec![])
        );
        assert!(host.logged("not allowed"));
    }

    #[test]
    fn a_run_that_is_running_or_succeeded_costs_one_request() {
        for word in ["Executing", "Succeeded"] {
            let (_, host) =
                status_after(&[(200, &format!(r#"{{"PipelineExecutionStatus": "{word}"}}"#))]);
            assert_eq!(host.bodies().len(), 1);
        }
    }

    #[test]
    fn the_version_and_the_selected_steps_are_details() {
        let (status, _) = status_after(&[(
            200,
            r#"{"PipelineExecutionDisplayName": "nightly", "PipelineVersionId": 7,
                "SelectiveExecutionConfig": {"SelectedSteps": [{"StepName": "Train"}, {"StepName": "Evaluate"}], "SourcePipelineExecutionArn": "arn:x"}}"#,
        )]);
        let details = [
            ("display-name", "nightly"),
            ("pipeline-version-id", "7"),
            ("selected-steps", "Train, Evaluate"),
            ("source-execution-arn", "arn:x"),
        ];
        assert_eq!(
            status.details,
            details.map(|(name, value)| Attribute::new(name, value))
        );
    }

    #[test]
    fn a_detail_of_an_unknown_shape_is_left_out() {
        let (status, _) = status_after(&[(
            200,
            r#"{"PipelineVersionId": "7", "SelectiveExecutionConfig": []}"#,
        )]);
        assert_eq!(status.details, []);
    }
}
