//! What steps write to their logs, and when it can be read.

use std::fs;
use std::time::Duration;

use sagemaker_emulator::{Pipeline, StepFailure};
use serde_json::{Value, json};

use crate::client::{STEP, Stage, TOKEN, with_members};

const TRAINING: &str = "/aws/sagemaker/TrainingJobs";
const ONE_STEP: &str = r#"{"Steps": [{"Name": "A", "Type": "Training"}]}"#;

fn filter(stage: &Stage, members: Value) -> Vec<Value> {
    let request = with_members(json!({"logGroupName": TRAINING}), members);
    let page = stage.client.logs().call("FilterLogEvents", request).ok();
    assert_eq!(page.get("nextToken"), None);
    assert_eq!(page["searchedLogStreams"], json!([]));
    page["events"].as_array().unwrap().clone()
}

fn messages(events: &[Value]) -> Vec<&str> {
    events
        .iter()
        .map(|event| event["message"].as_str().unwrap())
        .collect()
}

/// A pipeline whose step writes the given lines.
async fn stage_with_log(log: &[u8]) -> Stage {
    let pipeline = Pipeline::new("Given", ONE_STEP).step_log("A", log);
    Stage::with(|builder| builder.with_pipeline(pipeline)).await
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_stream_grows_while_its_step_runs() {
    let stage = stage_with_log(b"one\ntwo\nthree\n").await;
    stage.start("Given", TOKEN);
    let mut earlier: Vec<Value> = Vec::new();
    let mut counts = Vec::new();
    // The lines are written after 15, 30 and 45 of the step's 60 seconds.
    for seconds in [16, 15, 15, 15] {
        stage.clock.advance(Duration::from_secs(seconds));
        let events = filter(&stage, json!({}));
        assert_eq!(events[..earlier.len()], earlier, "an event changed");
        counts.push(events.len());
        earlier = events;
    }
    assert_eq!(counts, [1, 2, 3, 3]);
    assert_eq!(messages(&earlier), ["one", "two", "three"]);
    let last = &earlier[2];
    assert_eq!(last["timestamp"], json!(1_800_000_045_250_u64));
    assert_eq!(last["ingestionTime"], json!(1_800_000_045_500_u64));
    let ids: Vec<&str> = earlier
        .iter()
        .map(|event| event["eventId"].as_str().unwrap())
        .collect();
    assert!(ids.iter().all(|id| id.len() == 56), "{ids:?}");
    assert!(ids[0] < ids[1] && ids[1] < ids[2]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn an_event_can_be_read_when_it_is_ingested() {
    let stage = stage_with_log(b"one\n").await;
    stage.start("Given", TOKEN);
    stage.clock.advance(STEP / 2 + Duration::from_millis(249));
    let answer = stage
        .client
        .logs()
        .call("FilterLogEvents", json!({"logGroupName": TRAINING}));
    assert_eq!(answer.code(), "ResourceNotFoundException");
    stage.clock.advance(Duration::from_millis(1));
    assert_eq!(messages(&filter(&stage, json!({}))), ["one"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_step_that_fails_ends_its_log_with_a_traceback_and_its_reason() {
    let stage = Stage::new().await;
    let reason = "ClientError: Out of memory.\nUse a larger instance.";
    let failure = StepFailure::AtEnd(reason.to_owned());
    stage.emulator.fail_step("One", "Only", failure, None);
    let arn = stage.start("One", TOKEN);
    stage.clock.advance(STEP - Duration::from_millis(1));
    let running = filter(&stage, json!({}));
    stage.clock.advance(Duration::from_millis(1));
    assert_eq!(stage.steps(&arn)[0]["FailureReason"], json!(reason));
    let events = filter(&stage, json!({}));
    assert!(running.len() > 2, "{running:?}");
    assert_eq!(events[..running.len()], running);
    let messages = messages(&events[running.len()..]);
    assert!(messages[0].starts_with("ERROR"), "{messages:?}");
    assert_eq!(messages[1], "Traceback (most recent call last):");
    let reason: Vec<&str> = reason.lines().collect();
    assert!(messages.ends_with(&reason), "{messages:?}");
    // Before the step's end, which a time range may exclude.
    let end_time = stage.steps(&arn)[0]["EndTime"].as_f64().unwrap();
    let end_time = json!({"endTime": (end_time * 1000.0).round() as u64});
    assert_eq!(filter(&stage, end_time), events);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_step_that_is_stopped_writes_no_more() {
    let stage = stage_with_log(b"one\ntwo\nthree\n").await;
    let arn = stage.start("Given", TOKEN);
    stage.clock.advance(Duration::from_secs(20));
    let stop = json!({"PipelineExecutionArn": arn, "ClientRequestToken": TOKEN});
    stage.client.call("StopPipelineExecution", stop).ok();
    stage.clock.advance(2 * STEP);
    assert_eq!(messages(&filter(&stage, json!({}))), ["one"]);

    let arn = stage.start("One", &TOKEN.replace('0', "x"));
    stage.clock.advance(STEP / 2);
    let stop = json!({"PipelineExecutionArn": arn, "ClientRequestToken": TOKEN.replace('0', "y")});
    stage.client.call("StopPipelineExecution", stop).ok();
    stage.clock.advance(2 * STEP);
    let events = filter(&stage, json!({}));
    assert_eq!(
        messages(&events).last(),
        Some(&"Received SIGTERM, the container stops")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_folder_of_pipelines_has_the_logs_of_their_steps() {
    let folder = tempfile();
    fs::create_dir_all(folder.join("Given.logs")).unwrap();
    fs::write(folder.join("Given.json"), ONE_STEP).unwrap();
    let long = "x".repeat(256 * 1024);
    let log = [b"\xe4\x1b[31mred\n\n", long.as_bytes(), b"\nend"].concat();
    fs::write(folder.join("Given.logs/A.log"), log).unwrap();
    fs::write(folder.join("Given.logs/notes.txt"), "not a log").unwrap();
    let stage = Stage::with(|builder| builder.pipelines_from(&folder)).await;
    fs::remove_dir_all(&folder).unwrap();
    stage.start("Given", TOKEN);
    stage.clock.advance(STEP);
    let events = filter(&stage, json!({}));
    assert_eq!(
        messages(&events),
        ["\u{fffd}\u{1b}[31mred", long.as_str(), "end"]
    );
}

/// A folder that no other test uses.
fn tempfile() -> std::path::PathBuf {
    let name = format!("emulator-logs-{}", std::process::id());
    std::path::Path::new(env!("CARGO_TARGET_TMPDIR")).join(name)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_reused_step_has_written_in_the_source_execution_alone() {
    let stage = Stage::new().await;
    let source = stage.start("Two", TOKEN);
    stage.clock.advance(2 * STEP);
    let request = json!({
        "PipelineName": "Two",
        "ClientRequestToken": TOKEN.replace('0', "x"),
        "SelectiveExecutionConfig": {
            "SelectedSteps": [{"StepName": "Second"}],
            "SourcePipelineExecutionArn": source,
        },
    });
    stage.client.call("StartPipelineExecution", request).ok();
    stage.clock.advance(STEP);
    let streams = |group: &str| {
        let request = json!({"logGroupName": group});
        let page = stage.client.logs().call("DescribeLogStreams", request).ok();
        page["logStreams"].as_array().unwrap().len()
    };
    assert_eq!(streams("/aws/sagemaker/ProcessingJobs"), 1);
    assert_eq!(streams(TRAINING), 2);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn events_are_filtered_by_stream_time_and_pattern() {
    let stage = stage_with_log(b"INFO one\nERROR two\nINFO three\n").await;
    stage.start("Given", TOKEN);
    stage.clock.advance(Duration::from_secs(1));
    stage.start("Given", &TOKEN.replace('0', "x"));
    stage.clock.advance(STEP);
    let all = filter(&stage, json!({}));
    // The streams are interleaved.
    let six = [
        "INFO one",
        "INFO one",
        "ERROR two",
        "ERROR two",
        "INFO three",
        "INFO three",
    ];
    assert_eq!(messages(&all), six);
    let stream = all[0]["logStreamName"].as_str().unwrap();
    let three = ["INFO one", "ERROR two", "INFO three"];
    let of_stream = filter(&stage, json!({"logStreamNames": [stream, stream]}));
    assert_eq!(messages(&of_stream), three);
    let job = stream.split_once('/').unwrap().0;
    let of_job = filter(&stage, json!({"logStreamNamePrefix": job}));
    assert_eq!(of_job, of_stream);

    let (second, third) = (&all[1]["timestamp"], &all[2]["timestamp"]);
    let between = filter(&stage, json!({"startTime": second, "endTime": third}));
    assert_eq!(
        between,
        all[1..3],
        "the last millisecond is part of the range"
    );
    let errors = filter(
        &stage,
        json!({"filterPattern": "ERROR", "interleaved": true, "unmask": false}),
    );
    assert_eq!(errors, all[2..4]);
    let mut newest_first = filter(&stage, json!({"startFromHead": false, "startTime": second}));
    newest_first.reverse();
    assert_eq!(newest_first, all[1..]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn requests_that_cloudwatch_logs_refuses_are_refused() {
    let stage = stage_with_log(b"one\n").await;
    stage.start("Given", TOKEN);
    stage.clock.advance(STEP);
    let refused = [
        (
            json!({"logStreamNames": ["a"], "logStreamNamePrefix": "a"}),
            "InvalidParameterException",
        ),
        (
            json!({"filterPattern": "{ $.level = 1 }"}),
            "InvalidParameterException",
        ),
        (json!({"startFromHead": false}), "InvalidParameterException"),
        (
            json!({"startFromHead": false, "startTime": 1_704_067_199_999_u64}),
            "InvalidParameterException",
        ),
        (json!({"limit": 10_001}), "InvalidParameterException"),
        (json!({"limit": 0}), "InvalidParameterException"),
        (json!({"startTime": -1}), "InvalidParameterException"),
        (json!({"nextToken": "abc"}), "InvalidParameterException"),
        (json!({"logStreamNames": []}), "InvalidParameterException"),
        (
            json!({"logStreamNames": vec!["a"; 101]}),
            "InvalidParameterException",
        ),
        (
            json!({"logStreamNames": ["absent"]}),
            "ResourceNotFoundException",
        ),
        (
            json!({"logGroupName": "/aws/lambda/absent"}),
            "ResourceNotFoundException",
        ),
    ];
    for (members, code) in refused {
        let request = with_members(json!({"logGroupName": TRAINING}), members.clone());
        let answer = stage.client.logs().call("FilterLogEvents", request);
        assert_eq!(answer.code(), code, "{members}");
        assert_ne!(answer.message(), "");
    }
    let empty = filter(&stage, json!({"logStreamNamePrefix": "absent"}));
    assert_eq!(empty, [] as [Value; 0]);
}
