//! The logs of steps, from the emulator's CloudWatch Logs.

use crate::support::{Stage, answer, credentials, job, refusal};
use polysync_host::Grants;
use polysync_host::contract::{ErrorClass, LogLine, LogPosition, Run};
use sagemaker_emulator::{Fault, FaultKind, Operation, Pipeline};
use std::time::Duration;

/// A step of each kind that differs in its log.
const KINDS: &str = r#"{"Version": "2020-12-01", "Steps": [
    {"Name": "Prepare", "Type": "Processing", "Arguments": {}},
    {"Name": "Train", "Type": "Training", "Arguments": {}},
    {"Name": "Tune", "Type": "Tuning", "Arguments": {}},
    {"Name": "Score", "Type": "Transform", "Arguments": {}},
    {"Name": "Search", "Type": "AutoML", "Arguments": {}},
    {"Name": "Check", "Type": "QualityCheck", "Arguments": {}},
    {"Name": "Notify", "Type": "Lambda",
     "FunctionArn": "arn:aws:lambda:eu-west-1:123456789012:function:notify", "Arguments": {}},
    {"Name": "Register", "Type": "Model", "Arguments": {}},
    {"Name": "Cluster", "Type": "EMR", "ClusterId": "j-1", "Arguments": {}}
]}"#;
const WORK: &str = r#"{"Version": "2020-12-01", "Steps": [{"Name": "Work", "Type": "Training", "Arguments": {}}]}"#;

/// A stage with the pipeline `work`, whose one step writes these lines.
async fn stage_with_log(log: &[u8]) -> Stage {
    let pipeline = Pipeline::new("work", WORK).step_log("Work", log);
    Stage::with(|emulator| emulator.with_pipeline(pipeline)).await
}

/// `count` lines, each its number.
fn numbers(count: usize) -> Vec<u8> {
    (0..count)
        .map(|n| format!("{n}\n"))
        .collect::<String>()
        .into_bytes()
}

/// All pages from a position on, and the last one's cursor.
async fn read(stage: &Stage, run: &Run, step: &str, from: LogPosition) -> (Vec<LogLine>, String) {
    let job_type = stage.job_type();
    let mut position = from;
    let mut lines = Vec::new();
    loop {
        let page = answer(job_type.logs(run, step, &position).await);
        lines.extend(page.lines);
        if !page.more {
            return (lines, page.cursor);
        }
        position = LogPosition::After(page.cursor);
    }
}

fn messages(lines: &[LogLine]) -> Vec<&str> {
    lines.iter().map(|line| line.message.as_str()).collect()
}

#[tokio::test]
async fn a_log_that_is_followed_while_the_step_runs_has_each_line_once() {
    let stage = stage_with_log(&numbers(100)).await;
    let run = stage.start(&job("work", &[])).await;
    stage.clock.advance(Duration::from_secs(5));
    let (mut lines, mut cursor) = read(&stage, &run, "Work", LogPosition::Oldest).await;
    for _ in 0..20 {
        stage.clock.advance(Duration::from_millis(3_333));
        let (more, next) = read(&stage, &run, "Work", LogPosition::After(cursor)).await;
        lines.extend(more);
        cursor = next;
    }
    let expected: Vec<String> = (0..100).map(|n| n.to_string()).collect();
    assert_eq!(messages(&lines), expected);
    assert!(lines.is_sorted_by_key(|line| line.time));
    assert!(
        lines.iter().all(|line| line.source.starts_with("algo-1-")),
        "{lines:?}"
    );
    assert_eq!(
        stage.requests(Operation::ListPipelineExecutionSteps).len(),
        1,
        "a cursor makes the steps unnecessary"
    );
}

#[tokio::test]
async fn a_long_log_is_read_whole_and_its_end_costs_one_request() {
    let stage = stage_with_log(&numbers(30_000)).await;
    let run = stage.start(&job("work", &[])).await;
    stage.until_finished(&run).await;
    let (lines, cursor) = read(&stage, &run, "Work", LogPosition::Oldest).await;
    let expected: Vec<String> = (0..30_000).map(|n| n.to_string()).collect();
    assert_eq!(messages(&lines), expected);
    assert!(cursor.len() < 8 << 10, "{} bytes", cursor.len());

    stage.emulator.forget_requests();
    let (lines, _) = read(&stage, &run, "Work", LogPosition::Last(3)).await;
    assert_eq!(messages(&lines), ["29997", "29998", "29999"]);
    assert_eq!(stage.requests(Operation::FilterLogEvents).len(), 1);
    assert_eq!(stage.emulator.requests().len(), 2);
}

#[tokio::test]
async fn the_last_lines_of_a_running_step_are_followed_by_those_that_come() {
    let stage = stage_with_log(&numbers(100)).await;
    let run = stage.start(&job("work", &[])).await;
    stage.clock.advance(Duration::from_secs(30));
    let (tail, cursor) = read(&stage, &run, "Work", LogPosition::Last(5)).await;
    assert_eq!(tail.len(), 5);
    stage.until_finished(&run).await;
    let (rest, _) = read(&stage, &run, "Work", LogPosition::After(cursor)).await;
    let first: usize = tail[0].message.parse().unwrap();
    let expected: Vec<String> = (first..100).map(|n| n.to_string()).collect();
    assert_eq!(messages(&[tail, rest].concat()), expected);
}

#[tokio::test]
async fn each_step_says_whether_it_has_a_log_and_each_that_does_has_its_own() {
    let stage = Stage::with(|emulator| emulator.pipeline("kinds", KINDS)).await;
    let run = stage.start(&job("kinds", &[])).await;
    stage.until_finished(&run).await;
    let steps = stage.steps(&run).await;
    let with_log: Vec<_> = steps.iter().filter(|step| step.has_log).collect();
    let mut names: Vec<_> = with_log.iter().map(|step| step.name.as_str()).collect();
    names.sort_unstable();
    assert_eq!(
        names,
        [
            "Check", "Notify", "Prepare", "Score", "Search", "Train", "Tune"
        ]
    );
    for step in with_log {
        let (lines, _) = read(&stage, &run, &step.name, LogPosition::Oldest).await;
        let all = messages(&lines).join("\n");
        assert!(
            all.contains(&format!("step {}", step.name)),
            "{}: {all}",
            step.name
        );
        for other in steps.iter().filter(|other| other.name != step.name) {
            assert!(
                !all.contains(&format!("step {}", other.name)),
                "{}: {all}",
                step.name
            );
        }
    }
    for step in steps.iter().filter(|step| !step.has_log) {
        let error = refusal(
            stage
                .job_type()
                .logs(&run, &step.name, &LogPosition::Oldest)
                .await,
        );
        assert_eq!(
            (error.class, error.code.as_str()),
            (ErrorClass::Unsupported, "NoLog")
        );
        assert!(error.message.contains(&step.kind), "{error:?}");
    }
}

#[tokio::test]
async fn the_log_of_one_run_is_not_that_of_another() {
    let stage = Stage::new().await;
    let mut firsts = Vec::new();
    for guid in [
        "0f8fad5b-d9cb-469f-a165-70867728950e",
        "7c9e6679-7425-40de-944b-e07fc1f90ae7",
    ] {
        let started = answer(stage.job_type().start(&job("one-step", &[]), guid).await);
        firsts.push(stage.run("one-step", started));
    }
    stage.clock.advance(Duration::from_secs(600));
    let mut counts = Vec::new();
    for run in &firsts {
        let (lines, _) = read(&stage, run, "Work", LogPosition::Oldest).await;
        counts.push(lines.len());
    }
    assert!(counts[0] > 0 && counts[0] == counts[1], "{counts:?}");
}

#[tokio::test]
async fn a_log_that_has_not_begun_may_come() {
    let stage = stage_with_log(b"one\n").await;
    let run = stage.start(&job("work", &[])).await;
    for position in [LogPosition::Oldest, LogPosition::Last(10)] {
        let error = refusal(stage.job_type().logs(&run, "Work", &position).await);
        assert_eq!(
            (error.class, error.retryable),
            (ErrorClass::NotFound, true),
            "{error:?}"
        );
    }
    let error = refusal(
        stage
            .job_type()
            .logs(&run, "Other", &LogPosition::Oldest)
            .await,
    );
    assert_eq!(
        (error.code.as_str(), error.retryable),
        ("StepNotFound", true)
    );
    stage.until_finished(&run).await;
    let error = refusal(
        stage
            .job_type()
            .logs(&run, "Other", &LogPosition::Oldest)
            .await,
    );
    assert_eq!(
        (error.code.as_str(), error.retryable),
        ("StepNotFound", false)
    );
}

#[tokio::test]
async fn pages_without_events_and_throttling_lose_nothing() {
    let stage = stage_with_log(&numbers(100)).await;
    let run = stage.start(&job("work", &[])).await;
    stage.until_finished(&run).await;
    let filter = Operation::FilterLogEvents;
    for from in [LogPosition::Oldest, LogPosition::Last(1_000)] {
        stage
            .emulator
            .inject(Fault::new(FaultKind::EmptyPage).on(filter).times(3));
        stage
            .emulator
            .inject(Fault::new(FaultKind::Throttling).on(filter).times(2));
        let (lines, _) = read(&stage, &run, "Work", from).await;
        assert_eq!(lines.len(), 100);
    }
}

#[tokio::test]
async fn a_listing_that_does_not_end_is_an_error() {
    let stage = stage_with_log(b"one\n").await;
    let run = stage.start(&job("work", &[])).await;
    stage.until_finished(&run).await;
    stage
        .emulator
        .inject(Fault::new(FaultKind::EndlessPagesSameToken).on(Operation::FilterLogEvents));
    let error = refusal(
        stage
            .job_type()
            .logs(&run, "Work", &LogPosition::Oldest)
            .await,
    );
    assert_eq!(error.code, "EndlessListing");
}

#[tokio::test]
async fn a_missing_permission_and_a_missing_grant_are_told_apart() {
    let stage = stage_with_log(b"one\n").await;
    let run = stage.start(&job("work", &[])).await;
    stage.until_finished(&run).await;
    let denied = Fault::new(FaultKind::AccessDenied)
        .on(Operation::FilterLogEvents)
        .times(1);
    stage.emulator.inject(denied);
    let error = refusal(
        stage
            .job_type()
            .logs(&run, "Work", &LogPosition::Oldest)
            .await,
    );
    assert_eq!(error.class, ErrorClass::Denied);
    assert!(error.hint.contains("logs:FilterLogEvents"), "{error:?}");

    let grants = Grants::none()
        .allow_http(stage.emulator.url().parse().unwrap())
        .allow_signing("sagemaker")
        .unwrap();
    let access = stage.access(grants, credentials());
    let ungranted = stage.plugin.for_connection(stage.connection(), access);
    let error = refusal(ungranted.logs(&run, "Work", &LogPosition::Oldest).await);
    assert_eq!(
        (error.class, error.code.as_str()),
        (ErrorClass::Denied, "SigningNotGranted")
    );
    assert!(error.hint.contains("CloudWatch Logs"), "{error:?}");
}

#[tokio::test]
async fn what_a_job_writes_reaches_no_terminal_as_it_is() {
    let stage = stage_with_log(b"\xff\xfea\x1b[2J\x00\rb\n\xc3\xa4\n").await;
    let run = stage.start(&job("work", &[])).await;
    stage.until_finished(&run).await;
    let (lines, _) = read(&stage, &run, "Work", LogPosition::Oldest).await;
    assert_eq!(lines.len(), 2);
    assert!(
        !lines[0].message.contains(['\x1b', '\0', '\r']),
        "{lines:?}"
    );
    assert_eq!(lines[1].message, "ä");
}

#[tokio::test]
async fn a_line_of_256_kib_is_whole_and_a_page_of_them_fits() {
    let line = "x".repeat(256 << 10);
    let log = [line.as_str(); 20].join("\n");
    let stage = stage_with_log(log.as_bytes()).await;
    let run = stage.start(&job("work", &[])).await;
    stage.until_finished(&run).await;
    for from in [LogPosition::Oldest, LogPosition::Last(20)] {
        let (lines, _) = read(&stage, &run, "Work", from).await;
        assert_eq!(lines.len(), 20);
        assert!(lines.iter().all(|one| one.message == line));
    }
}
