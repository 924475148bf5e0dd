//! Lists an execution's steps, a page at a time, in order of start.

use aws_kit::client::{Client, Operation};
use aws_kit::error::CallError;
use job_type_kit::contract::{Error, Run, Step, StepPage};
use job_type_kit::{Context, Cursor};

use crate::api::{
    ListPipelineExecutionSteps, ListPipelineExecutionStepsOutput, MAX_RESULTS, SortOrder,
};
use crate::connection;
use crate::run_id::RunId;
use crate::step;

/// One page of a run's steps.
///
/// # Errors
/// `InvalidRunId`, `InvalidCursor` or `InvalidConnection` before any request, or the error of the
/// listing.
pub fn steps(context: Context<'_>, run: &Run, cursor: Option<&str>) -> Result<StepPage, Error> {
    let run_id = RunId::parse(&run.run_id)?;
    let cursor = Cursor::parse(cursor)?;
    let client = connection::client(context)?;
    let page = list(&client, &run_id, &cursor)
        .map_err(|error| client.contract_error::<ListPipelineExecutionSteps>(error))?;
    let next = cursor.next(page.next_token, ListPipelineExecutionSteps::NAME)?;
    let mut steps = Vec::with_capacity(page.pipeline_execution_steps.len());
    let region = run_id.region();
    for step in page.pipeline_execution_steps {
        insert_by_start(&mut steps, step::from_api(step, region.as_ref()));
    }
    Ok(StepPage {
        steps,
        next_cursor: next.map(Into::into),
    })
}

/// Inserts a step in order of start; steps that have not started come last. SageMaker sorts by
/// creation, which is nearly the same order, so that most steps go to the end.
pub fn insert_by_start(steps: &mut Vec<Step>, step: Step) {
    let start = |step: &Step| step.started_at.unwrap_or(u64::MAX);
    let at = steps.partition_point(|earlier| start(earlier) <= start(&step));
    steps.insert(at, step);
}

/// Lists one page.
///
/// # Errors
/// The error of ListPipelineExecutionSteps.
pub fn list(
    client: &Client<'_>,
    run_id: &RunId,
    cursor: &Cursor,
) -> Result<ListPipelineExecutionStepsOutput, CallError> {
    client.call(&request(run_id, cursor))
}

/// The request for one page.
pub fn request(run_id: &RunId, cursor: &Cursor) -> ListPipelineExecutionSteps {
    ListPipelineExecutionSteps {
        pipeline_execution_arn: run_id.as_str().to_owned(),
        max_results: MAX_RESULTS,
        sort_order: SortOrder::Ascending,
        next_token: cursor.token().map(str::to_owned),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::{EXECUTION_ARN, FakeHost, connection, run};

    #[test]
    fn each_page_is_in_order_of_start() {
        let host = FakeHost::answering([
            (
                200,
                r#"{"PipelineExecutionSteps": [{"StepName": "C"}, {"StepName": "B", "StartTime": 2}, {"StepName": "A", "StartTime": 1}], "NextToken": "t 1"}"#,
            ),
            (
                200,
                r#"{"PipelineExecutionSteps": [{"StepName": "D", "StartTime": 3}]}"#,
            ),
        ]);
        let first = steps(host.on(&connection()), &run(), None).unwrap();
        let second = steps(host.on(&connection()), &run(), first.next_cursor.as_deref()).unwrap();
        let names = |page: &StepPage| {
            page.steps
                .iter()
                .map(|s| s.name.clone())
                .collect::<Vec<_>>()
        };
        assert_eq!(
            (names(&first), names(&second)),
            (vec!["A".into(), "B".into(), "C".into()], vec!["D".into()])
        );
        assert_eq!(second.next_cursor, None);
        assert_eq!(
            host.bodies()[1],
            format!(
                r#"{{"PipelineExecutionArn":"{EXECUTION_ARN}","MaxResults":100,"SortOrder":"Ascending","NextToken":"t 1"}}"#
            )
        );
    }

    #[test]
    fn a_repeated_token_ends_the_listing_with_an_error() {
        let host = FakeHost::answering([
            (200, r#"{"NextToken": "t"}"#),
            (200, r#"{"NextToken": "t"}"#),
        ]);
        let first = steps(host.on(&connection()), &run(), None).unwrap();
        let error =
            steps(host.on(&connection()), &run(), first.next_cursor.as_deref()).unwrap_err();
        assert_eq!(error.code, "EndlessListing");
    }
}
