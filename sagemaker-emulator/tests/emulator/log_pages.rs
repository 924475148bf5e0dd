//! The pages of FilterLogEvents and GetLogEvents.

use std::time::Duration;

use sagemaker_emulator::{Fault, FaultKind, Operation, Pipeline};
use serde_json::{Value, json};

use crate::client::{STEP, Stage, TOKEN, with_members};

const TRAINING: &str = "/aws/sagemaker/TrainingJobs";
const ONE_STEP: &str = r#"{"Steps": [{"Name": "A", "Type": "Training"}]}"#;

/// An execution of a step that writes `lines`; it has begun to write nothing yet.
async fn stage_with(lines: &[String]) -> Stage {
    let pipeline = Pipeline::new("Given", ONE_STEP).step_log("A", lines.join("\n").as_bytes());
    let stage = Stage::with(|builder| builder.with_pipeline(pipeline)).await;
    stage.start("Given", TOKEN);
    stage
}

fn numbers(count: usize) -> Vec<String> {
    (1..=count).map(|number| number.to_string()).collect()
}

fn stream(stage: &Stage) -> Value {
    let request = json!({"logGroupName": TRAINING});
    let page = stage.client.logs().call("DescribeLogStreams", request).ok();
    page["logStreams"][0]["logStreamName"].clone()
}

fn messages(page: &Value) -> Vec<String> {
    let events = page["events"].as_array().unwrap();
    events
        .iter()
        .map(|event| event["message"].as_str().unwrap().to_owned())
        .collect()
}

/// Follows `nextToken` to the end; returns the messages of each page.
fn filter_pages(stage: &Stage, mut request: Value) -> Vec<Vec<String>> {
    let mut pages = Vec::new();
    loop {
        let page = stage.client.logs().call("FilterLogEvents", request.clone());
        let page = page.ok();
        pages.push(messages(&page));
        match page.get("nextToken") {
            Some(token) => {
                assert_ne!(request.get("nextToken"), Some(token), "the same token");
                request["nextToken"] = token.clone();
            }
            None => return pages,
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_pages_of_filter_log_events_cover_all_events_once() {
    let lines = numbers(7);
    let stage = stage_with(&lines).await;
    stage.clock.advance(STEP);
    let request = json!({"logGroupName": TRAINING, "limit": 3});
    let pages = filter_pages(&stage, request);
    assert_eq!(pages, [&lines[..3], &lines[3..6], &lines[6..]]);

    let newest_first = json!({
        "logGroupName": TRAINING, "limit": 4, "startFromHead": false,
        "startTime": 1_704_067_200_000_u64,
    });
    let mut newest = filter_pages(&stage, newest_first).concat();
    newest.reverse();
    assert_eq!(newest, lines);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_page_has_at_most_one_mebibyte() {
    let lines: Vec<String> = (0..9).map(|n| n.to_string().repeat(250_000)).collect();
    let stage = stage_with(&lines).await;
    stage.clock.advance(STEP);
    let pages = filter_pages(&stage, json!({"logGroupName": TRAINING}));
    assert_eq!(pages, [&lines[..4], &lines[4..8], &lines[8..]]);
    let request = json!({"logGroupName": TRAINING, "logStreamName": stream(&stage)});
    let newest = stage.client.logs().call("GetLogEvents", request).ok();
    assert_eq!(messages(&newest), lines[5..]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_page_has_at_most_10_000_events() {
    let lines = numbers(10_001);
    let stage = stage_with(&lines).await;
    stage.clock.advance(STEP);
    let pages = filter_pages(&stage, json!({"logGroupName": TRAINING}));
    assert_eq!(pages, [&lines[..10_000], &lines[10_000..]]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_token_of_another_request_is_refused() {
    let stage = stage_with(&numbers(3)).await;
    stage.clock.advance(STEP);
    let mut request = json!({"logGroupName": TRAINING, "limit": 1});
    let page = stage
        .client
        .logs()
        .call("FilterLogEvents", request.clone())
        .ok();
    request["nextToken"] = page["nextToken"].clone();
    request["filterPattern"] = json!("other");
    let answer = stage.client.logs().call("FilterLogEvents", request);
    assert_eq!(answer.code(), "InvalidParameterException");
    assert_eq!(answer.message(), "The specified nextToken is invalid.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn get_log_events_goes_forward_to_the_end_and_on_when_the_stream_grows() {
    let lines = numbers(5);
    let stage = stage_with(&lines).await;
    // The lines are written every ten seconds.
    stage.clock.advance(Duration::from_secs(35));
    let mut request = json!({
        "logGroupName": TRAINING, "logStreamName": stream(&stage), "startFromHead": true, "limit": 2,
    });
    let mut next = |seconds| {
        stage.clock.advance(Duration::from_secs(seconds));
        let page = stage
            .client
            .logs()
            .call("GetLogEvents", request.clone())
            .ok();
        let is_same = request.get("nextToken") == page.get("nextForwardToken");
        request["nextToken"] = page["nextForwardToken"].clone();
        (messages(&page), is_same)
    };
    assert_eq!(next(0), (vec!["1".to_owned(), "2".to_owned()], false));
    assert_eq!(next(0), (vec!["3".to_owned()], false));
    // At the end the token stays the same.
    assert_eq!(next(0), (vec![], true));
    assert_eq!(next(0), (vec![], true));
    assert_eq!(next(20), (vec!["4".to_owned(), "5".to_owned()], false));
    assert_eq!(next(60), (vec![], true));
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn get_log_events_goes_backward_from_the_newest_and_turns_around() {
    let lines = numbers(5);
    let stage = stage_with(&lines).await;
    stage.clock.advance(STEP);
    let stream = stream(&stage);
    let page = |token: Option<&Value>| {
        let mut request = json!({"logGroupName": TRAINING, "logStreamName": stream, "limit": 2});
        if let Some(token) = token {
            request["nextToken"] = token.clone();
        }
        stage.client.logs().call("GetLogEvents", request).ok()
    };
    let newest = page(None);
    assert_eq!(messages(&newest), ["4", "5"]);
    let middle = page(Some(&newest["nextBackwardToken"]));
    assert_eq!(messages(&middle), ["2", "3"]);
    let oldest = page(Some(&middle["nextBackwardToken"]));
    assert_eq!(messages(&oldest), ["1"]);
    let before = page(Some(&oldest["nextBackwardToken"]));
    assert_eq!(messages(&before), [""; 0]);
    assert_eq!(before["nextBackwardToken"], oldest["nextBackwardToken"]);
    let forward = page(Some(&before["nextForwardToken"]));
    assert_eq!(messages(&forward), ["1", "2"]);
    let after = page(Some(&newest["nextForwardToken"]));
    assert_eq!(messages(&after), [""; 0]);
    let back = page(Some(&after["nextBackwardToken"]));
    assert_eq!(messages(&back), ["4", "5"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn get_log_events_keeps_to_its_time_range_and_refuses_what_does_not_exist() {
    let stage = stage_with(&numbers(5)).await;
    stage.clock.advance(STEP);
    let name = stream(&stage);
    let get = |members: Value| {
        let request = with_members(
            json!({"logGroupName": TRAINING, "logStreamName": name}),
            members,
        );
        stage.client.logs().call("GetLogEvents", request)
    };
    let (second, fourth) = (1_800_000_020_250_u64, 1_800_000_040_250_u64);
    let between = get(json!({"startTime": second, "endTime": fourth})).ok();
    assert_eq!(messages(&between), ["2", "3"]);
    assert_eq!(
        between["events"][0],
        json!({"timestamp": second, "message": "2", "ingestionTime": second + 250})
    );
    // A token is a position in the stream, whatever time range it is used with.
    let token = &between["nextForwardToken"];
    let rest = get(json!({"nextToken": token, "startFromHead": true})).ok();
    assert_eq!(messages(&rest), ["4", "5"]);
    let absent = get(json!({"logStreamName": "absent"}));
    assert_eq!(absent.code(), "ResourceNotFoundException");
    assert_eq!(absent.message(), "The specified log stream does not exist.");
    for members in [
        json!({"limit": 10_001}),
        json!({"nextToken": "f/1"}),
        json!({"logStreamName": "a:b"}),
    ] {
        assert_eq!(get(members).code(), "InvalidParameterException");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn pages_without_events_lead_on() {
    let lines = numbers(3);
    let stage = stage_with(&lines).await;
    stage.clock.advance(STEP);
    let empty = |times| {
        stage
            .emulator
            .inject(Fault::new(FaultKind::EmptyPage).times(times))
    };
    empty(2);
    let pages = filter_pages(&stage, json!({"logGroupName": TRAINING, "limit": 2}));
    assert_eq!(pages, [&[], &[], &lines[..2], &lines[2..]]);

    for from_head in [true, false] {
        empty(2);
        let (token, expected) = match from_head {
            true => ("nextForwardToken", &lines[..2]),
            false => ("nextBackwardToken", &lines[1..]),
        };
        let mut request = json!({
            "logGroupName": TRAINING, "logStreamName": stream(&stage), "limit": 2,
            "startFromHead": from_head,
        });
        for _ in 0..2 {
            let page = stage
                .client
                .logs()
                .call("GetLogEvents", request.clone())
                .ok();
            assert_eq!(messages(&page), [""; 0]);
            assert_ne!(request.get("nextToken"), page.get(token), "the same token");
            request["nextToken"] = page[token].clone();
        }
        let page = stage.client.logs().call("GetLogEvents", request).ok();
        assert_eq!(messages(&page), expected);
    }
    assert_eq!(stage.emulator.request_count(Operation::GetLogEvents), 6);
}
