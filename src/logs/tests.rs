//! Tests of the logs of steps.

use super::*;
use crate::testing::{EXECUTION_ARN, FakeHost, connection, run};
use job_type_kit::contract::http::Request;
use job_type_kit::testing::response;
use serde_json::{Value, json};

const STEPS: &str = r#"{"PipelineExecutionSteps": [
    {"StepName": "Train", "StepStatus": "Executing", "StartTime": 1793490000,
     "Metadata": {"TrainingJob": {"Arn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/t"}}},
    {"StepName": "Notify", "StepStatus": "Succeeded", "StartTime": 1793490000, "EndTime": 1793490010,
     "Metadata": {"Lambda": {"Arn": "arn:aws:lambda:eu-west-1:123456789012:function:notify:prod"}}},
    {"StepName": "Done", "StepStatus": "Succeeded", "StartTime": 1793490000, "EndTime": 1793490010,
     "Metadata": {"ProcessingJob": {"Arn": "arn:aws:sagemaker:eu-west-1:123456789012:processing-job/p"}}},
    {"StepName": "Reused", "StepStatus": "Succeeded", "StartTime": 1793490000, "EndTime": 1793490001,
     "CacheHitResult": {"SourcePipelineExecutionArn": "arn:x"},
     "Metadata": {"TrainingJob": {"Arn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/old"}}},
    {"StepName": "Starting", "StepStatus": "Starting", "Metadata": {"TrainingJob": {}}},
    {"StepName": "Broken", "StepStatus": "Failed", "EndTime": 1793490001},
    {"StepName": "Cluster", "StepStatus": "Succeeded", "Metadata": {"EMR": {"ClusterId": "j-1"}}},
    {"StepName": "If", "StepStatus": "Succeeded", "Metadata": {"Condition": {"Outcome": "True"}}}
]}"#;
const LINE: &str = r#"{"events": [{"logStreamName": "t/algo-1-1793490000", "timestamp": 1793490005000, "message": "m"}]}"#;

fn operation(request: &Request) -> String {
    let target = request
        .headers
        .iter()
        .find(|header| header.name == "x-amz-target");
    target.unwrap().value.clone()
}

/// A host that answers each operation with a body.
fn host(answers: &'static [(&'static str, u16, &'static str)]) -> FakeHost {
    FakeHost::answering_by(move |request| {
        let target = operation(request);
        let (_, status, body) = answers
            .iter()
            .find(|(name, ..)| target.ends_with(name))
            .unwrap_or_else(|| panic!("the test has no answer to {target}"));
        Ok(response(*status, &[], body))
    })
}

fn read(host: &FakeHost, step: &str, position: &LogPosition) -> Result<LogPage, Error> {
    logs(host.on(&connection()), &run(), step, position)
}

fn log_request(step: &str) -> Value {
    let host = host(&[
        (".ListPipelineExecutionSteps", 200, STEPS),
        (".FilterLogEvents", 200, LINE),
    ]);
    read(&host, step, &LogPosition::Oldest).unwrap();
    let bodies = host.bodies();
    assert_eq!(bodies.len(), 2);
    serde_json::from_str(&bodies[1]).unwrap()
}

#[test]
fn a_steps_log_is_read_from_the_streams_of_its_job_since_its_start() {
    let request = log_request("Train");
    assert_eq!(
        request,
        json!({
            "logGroupName": "/aws/sagemaker/TrainingJobs",
            "logStreamNamePrefix": "t/",
            "startTime": 1_793_489_940_000_u64,
            "limit": 10_000,
        })
    );
}

#[test]
fn the_log_of_a_step_that_is_over_ends_an_hour_after_it() {
    let request = log_request("Done");
    assert_eq!(request["logGroupName"], "/aws/sagemaker/ProcessingJobs");
    assert_eq!(request["endTime"], 1_793_490_010_000_u64 + 3_600_000);
}

#[test]
fn a_functions_log_is_that_of_the_steps_time() {
    let request = log_request("Notify");
    assert_eq!(
        request,
        json!({
            "logGroupName": "/aws/lambda/notify",
            "startTime": 1_793_489_998_000_u64,
            "endTime": 1_793_490_012_000_u64,
            "limit": 10_000,
        })
    );
}

#[test]
fn the_log_of_a_reused_result_is_of_any_time() {
    let request = log_request("Reused");
    assert_eq!(request["logStreamNamePrefix"], "old/");
    assert_eq!(
        (&request["startTime"], request.get("endTime")),
        (&json!(0), None)
    );
}

#[test]
fn requests_for_logs_are_signed_for_logs_and_sent_to_its_endpoint() {
    let host = host(&[
        (".ListPipelineExecutionSteps", 200, STEPS),
        (".FilterLogEvents", 200, LINE),
    ]);
    let page = read(&host, "Train", &LogPosition::Oldest).unwrap();
    assert_eq!(page.lines[0].source, "algo-1-1793490000");
    let requests = host.requests.borrow();
    assert_eq!(requests[1].url, "https://logs.eu-west-1.amazonaws.com/");
    assert_eq!(operation(&requests[1]), "Logs_20140328.FilterLogEvents");
    let credentials = host.credentials_requests.borrow();
    let services: Vec<_> = credentials
        .iter()
        .map(|one| one.scope.service.as_str())
        .collect();
    assert_eq!(services, ["sagemaker", "logs"]);
}

#[test]
fn the_next_page_asks_only_for_events() {
    let first = host(&[
        (".ListPipelineExecutionSteps", 200, STEPS),
        (".FilterLogEvents", 200, LINE),
    ]);
    let page = read(&first, "Train", &LogPosition::Last(5)).unwrap();
    let next = host(&[(".FilterLogEvents", 200, LINE)]);
    let page = read(&next, "Train", &LogPosition::After(page.cursor)).unwrap();
    assert_eq!((page.lines.len(), page.more), (0, false));
    assert_eq!(next.bodies().len(), 1);
}

#[test]
fn a_cursor_of_another_group_than_a_steps_is_refused() {
    let host = host(&[]);
    for cursor in [
        "2.t",
        r#"{"places": [{"group": "/aws/rds/cluster", "delivered": [0, 0]}]}"#,
    ] {
        let error = read(&host, "Train", &LogPosition::After(cursor.to_owned())).unwrap_err();
        assert_eq!(error.code, "InvalidCursor");
    }
}

#[test]
fn a_step_is_found_on_any_page() {
    let host = FakeHost::answering([
        (
            200,
            r#"{"PipelineExecutionSteps": [{"StepName": "A"}], "NextToken": "t"}"#,
        ),
        (200, STEPS),
        (200, LINE),
    ]);
    read(&host, "Train", &LogPosition::Oldest).unwrap();
    assert!(host.bodies()[1].contains(EXECUTION_ARN) && host.bodies()[1].contains(r#""t""#));
}

#[test]
fn a_step_that_writes_no_log_is_unsupported_and_says_where_to_look() {
    for (step, kind, hint) in [
        ("If", "Condition", "reason"),
        ("Cluster", "EMR", "log-file-path"),
    ] {
        let host = host(&[(".ListPipelineExecutionSteps", 200, STEPS)]);
        let error = read(&host, step, &LogPosition::Oldest).unwrap_err();
        assert_eq!(
            (error.class, error.code.as_str()),
            (ErrorClass::Unsupported, "NoLog")
        );
        assert!(
            error.message.contains(kind) && error.hint.contains(hint),
            "{error:?}"
        );
    }
}

#[test]
fn a_step_that_has_not_begun_its_job_may_have_a_log_later() {
    for (step, retryable) in [("Starting", true), ("Broken", false)] {
        let host = host(&[(".ListPipelineExecutionSteps", 200, STEPS)]);
        let error = read(&host, step, &LogPosition::Oldest).unwrap_err();
        assert_eq!(
            (error.class, error.code.as_str(), error.retryable),
            (ErrorClass::NotFound, "LogNotFound", retryable)
        );
    }
}

#[test]
fn a_log_that_is_not_there_may_come_while_the_step_runs() {
    for (step, retryable) in [("Train", true), ("Done", false)] {
        let host = host(&[
            (".ListPipelineExecutionSteps", 200, STEPS),
            (
                ".FilterLogEvents",
                400,
                r#"{"__type": "ResourceNotFoundException"}"#,
            ),
        ]);
        let error = read(&host, step, &LogPosition::Last(10)).unwrap_err();
        assert_eq!(
            (error.code.as_str(), error.retryable),
            ("LogNotFound", retryable)
        );
    }
}

#[test]
fn a_step_that_is_not_there_may_come_while_the_run_goes_on() {
    const EXECUTING: &str = r#"{"PipelineExecutionStatus": "Executing"}"#;
    const FAILED: &str = r#"{"PipelineExecutionStatus": "Failed"}"#;
    for (execution, retryable) in [(EXECUTING, true), (FAILED, false)] {
        let host = FakeHost::answering([(200, STEPS), (200, execution)]);
        let error = read(&host, "Tarin", &LogPosition::Oldest).unwrap_err();
        assert_eq!(
            (error.class, error.code.as_str(), error.retryable),
            (ErrorClass::NotFound, "StepNotFound", retryable)
        );
        assert!(error.message.contains("Tarin"));
    }
}

#[test]
fn a_denied_read_names_the_permission() {
    let host = host(&[
        (".ListPipelineExecutionSteps", 200, STEPS),
        (
            ".FilterLogEvents",
            400,
            r#"{"__type": "AccessDeniedException", "message": "no"}"#,
        ),
    ]);
    let error = read(&host, "Train", &LogPosition::Oldest).unwrap_err();
    assert!(error.hint.contains("logs:FilterLogEvents"), "{error:?}");
}

/// A host ends a call that sends more requests than it allows.
#[test]
fn a_step_is_not_searched_for_in_more_pages_than_a_host_allows_requests() {
    let mut page = 0;
    let host = FakeHost::answering_by(move |_| {
        page += 1;
        let body =
            json!({"PipelineExecutionSteps": [{"StepName": "A"}], "NextToken": page.to_string()});
        Ok(response(200, &[], &body.to_string()))
    });
    let error = read(&host, "Train", &LogPosition::Oldest).unwrap_err();
    assert_eq!(
        (error.class, error.code.as_str(), error.retryable),
        (ErrorClass::Other, "TooManySteps", false)
    );
    assert_eq!(host.bodies().len(), MOST_PAGES);
}
