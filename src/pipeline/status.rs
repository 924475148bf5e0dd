//! How an execution is: DescribePipelineExecution, and for one that is over without success the
//! steps to blame.

use super::api::{
    DescribePipelineExecution, DescribePipelineExecutionOutput, ListPipelineExecutionSteps,
};
use super::connection;
use super::cursor::Cursor;
use super::failure;
use super::run_id::RunId;
use super::steps;
use crate::aws::client::{Client, Operation};
use crate::aws::error::CallError;
use crate::error::Error;
use crate::host::{Host, Level};
use crate::job::{Attribute, Connection};
use crate::run::{Run, RunState, RunStatus, Step};

/// SageMaker's word for how an execution is (API model: `PipelineExecutionStatus`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ExecutionStatus {
    /// `Executing`
    Executing,
    /// `Stopping`
    Stopping,
    /// `Succeeded`
    Succeeded,
    /// `Failed`
    Failed,
    /// `Stopped`
    Stopped,
    /// `CompletedWithFailures`: over, and not a success; new in October 2026.
    CompletedWithFailures,
    /// A word of tomorrow, or none.
    Other,
}

impl ExecutionStatus {
    /// Reads the word.
    pub fn parse(word: &str) -> Self {
        match word {
            "Executing" => Self::Executing,
            "Stopping" => Self::Stopping,
            "Succeeded" => Self::Succeeded,
            "Failed" => Self::Failed,
            "Stopped" => Self::Stopped,
            "CompletedWithFailures" => Self::CompletedWithFailures,
            _ => Self::Other,
        }
    }

    /// The specification's table.
    pub fn run_state(self) -> RunState {
        match self {
            Self::Executing | Self::Stopping => RunState::Running,
            Self::Succeeded => RunState::Success,
            Self::Failed => RunState::Failed,
            Self::Stopped => RunState::Cancelled,
            Self::CompletedWithFailures | Self::Other => RunState::Unknown,
        }
    }

    /// Whether SageMaker is done with the execution.
    pub fn is_finished(self) -> bool {
        match self {
            Self::Succeeded | Self::Failed | Self::Stopped | Self::CompletedWithFailures => true,
            Self::Executing | Self::Stopping | Self::Other => false,
        }
    }
}

/// Of steps, that a status looks through for the failed ones: a poll has to stay cheap, whatever a
/// listing does, and a call has no more than some thousands of requests.
const MOST_STEP_PAGES: usize = 50;

/// How a run is.
pub fn status(host: &dyn Host, connection: &Connection, run: &Run) -> Result<RunStatus, Error> {
    let run_id = RunId::parse(&run.run_id)?;
    let client = connection::client(host, connection)?;
    let output = describe(&client, &run_id).map_err(failure::of::<DescribePipelineExecution>)?;
    let word = output.pipeline_execution_status.unwrap_or_default();
    let status = ExecutionStatus::parse(&word);
    let finished = status.is_finished();
    let failed_steps = if finished && status != ExecutionStatus::Succeeded {
        failed_steps(&client, &run_id)
    } else {
        Vec::new()
    };
    Ok(RunStatus {
        state: status.run_state(),
        platform_status: word,
        finished,
        message: not_blank(output.failure_reason)
            .or_else(|| not_blank(output.pipeline_execution_description)),
        started_at: output.creation_time,
        updated_at: output.last_modified_time,
        // There is no end time; an execution that is over changes no more.
        ended_at: output.last_modified_time.filter(|_| finished),
        failed_steps,
        details: not_blank(output.pipeline_execution_display_name)
            .map(|name| Attribute::new("display-name", name))
            .into_iter()
            .collect(),
    })
}

/// What SageMaker says of an execution.
pub fn describe(
    client: &Client<'_>,
    run_id: &RunId,
) -> Result<DescribePipelineExecutionOutput, CallError> {
    client.call(&DescribePipelineExecution {
        pipeline_execution_arn: run_id.as_str().to_owned(),
    })
}

fn not_blank(text: Option<String>) -> Option<String> {
    text.filter(|text| !text.trim().is_empty())
}

/// An execution's own reason mostly says only that a step failed. The steps are a courtesy: where
/// they can't be had, the status is told without them.
fn failed_steps(client: &Client<'_>, run_id: &RunId) -> Vec<Step> {
    let mut failed = Vec::new();
    let mut cursor = Some(Cursor::FIRST);
    for _ in 0..MOST_STEP_PAGES {
        let Some(page_cursor) = cursor.take() else {
            break;
        };
        let page = steps::page(client, run_id, &page_cursor)
            .map_err(failure::of::<ListPipelineExecutionSteps>)
            .and_then(|page| {
                let next =
                    page_cursor.following(page.next_token, ListPipelineExecutionSteps::NAME)?;
                Ok((page.pipeline_execution_steps, next))
            });
        match page {
            Ok((steps, next)) => {
                let steps = steps.into_iter().map(Step::from);
                for step in steps.filter(|step| step.state == RunState::Failed) {
                    steps::insert_by_start(&mut failed, step);
                }
                cursor = next;
            }
            Err(error) => {
                client.host().log(
                    Level::Warn,
                    &format!(
                        "the failed steps of {} are left out: {error}. {}",
                        run_id.as_str(),
                        error.hint
                    ),
                );
                break;
            }
        }
    }
    if cursor.is_some() {
        client.host().log(
            Level::Warn,
            &format!(
                "the failed steps of {} beyond {MOST_STEP_PAGES} pages are left out",
                run_id.as_str()
            ),
        );
    }
    failed
}

#[cfg(test)]
mod tests {
    use super::super::testing::{FakeHost, connection, run};
    use super::*;

    fn status_of(responses: &[(u16, &str)]) -> (RunStatus, FakeHost) {
        let host = FakeHost::answering(responses.iter().copied());
        let status = status(&host, &connection(), &run()).unwrap();
        (status, host)
    }

    #[test]
    fn each_word_has_the_specifications_state() {
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
            let (status, _) = status_of(&[(200, &body), (200, "{}")]);
            assert_eq!((status.state, status.finished), (state, finished), "{word}");
            assert_eq!(status.platform_status, word);
        }
        for body in ["{}", r#"{"PipelineExecutionStatus": null}"#] {
            let (status, _) = status_of(&[(200, body)]);
            assert_eq!((status.state, status.finished), (RunState::Unknown, false));
        }
    }

    #[test]
    fn the_message_is_the_failure_reason_else_the_description() {
        for (members, message) in [
            (
                r#""FailureReason": "broken", "PipelineExecutionDescription": "nightly""#,
                Some("broken"),
            ),
            (
                r#""FailureReason": " ", "PipelineExecutionDescription": "nightly""#,
                Some("nightly"),
            ),
            (
                r#""PipelineExecutionDescription": "nightly""#,
                Some("nightly"),
            ),
            (r#""FailureReason": null"#, None),
        ] {
            let (status, _) = status_of(&[(200, &format!("{{{members}}}"))]);
            assert_eq!(status.message.as_deref(), message, "{members}");
        }
    }

    #[test]
    fn an_execution_that_is_over_ended_when_it_changed_last() {
        let times = r#""CreationTime": 1, "LastModifiedTime": 2.5"#;
        let (over, _) = status_of(&[(
            200,
            &format!(r#"{{"PipelineExecutionStatus": "Succeeded", {times}}}"#),
        )]);
        assert_eq!(
            (over.started_at, over.updated_at, over.ended_at),
            (Some(1000), Some(2500), Some(2500))
        );
        let (running, _) = status_of(&[(
            200,
            &format!(r#"{{"PipelineExecutionStatus": "Executing", {times}}}"#),
        )]);
        assert_eq!((running.updated_at, running.ended_at), (Some(2500), None));
    }

    #[test]
    fn a_failed_run_names_the_steps_to_blame_from_every_page() {
        let (status, host) = status_of(&[
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
        let pages: Vec<String> = (0..MOST_STEP_PAGES)
            .map(|n| {
                format!(
                    r#"{{"PipelineExecutionSteps": [{{"StepStatus": "Failed"}}], "NextToken": "{n}"}}"#
                )
            })
            .collect();
        let mut responses = vec![(200, r#"{"PipelineExecutionStatus": "Failed"}"#)];
        responses.extend(pages.iter().map(|page| (200, page.as_str())));
        let (status, host) = status_of(&responses);
        assert_eq!(status.failed_steps.len(), MOST_STEP_PAGES);
        assert!(host.logged("beyond 50 pages"));
    }

    #[test]
    fn steps_that_may_not_be_listed_are_left_out_with_a_log_line() {
        let (status, host) = status_of(&[
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
    fn a_run_that_goes_on_or_went_well_costs_one_request() {
        for word in ["Executing", "Succeeded"] {
            let (_, host) =
                status_of(&[(200, &format!(r#"{{"PipelineExecutionStatus": "{word}"}}"#))]);
            assert_eq!(host.bodies().len(), 1);
        }
    }
}
