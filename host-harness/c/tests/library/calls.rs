//! The contract's calls.

use polysync_host_c::PsStatus;
use serde_json::{Value, json};

use crate::library::{
    Library, Platform, call, call_text, cancel, connection_new, emulator_credentials, reply,
};

const GUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// Answers the next question for credentials.
fn give_credentials(library: &mut Library) {
    let question = library.event(|event| event["event"] == "credentials-asked");
    assert_eq!(question["connection"], "test");
    let question = question["question"].as_u64().expect("a number");
    let status = reply(library.host, question, &emulator_credentials());
    assert_eq!(status, PsStatus::Ok);
}

#[test]
fn a_run_is_started_followed_and_cancelled_with_the_embedders_credentials() {
    let platform = Platform::start();
    let mut library = Library::new();
    let slot = library.slot(test_components::sagemaker_pipeline());
    let document = platform.connection(json!({ "credentials": "embedder" }));
    let connection = connection_new(slot, &document).expect("a connection");

    let job = json!({ "externalId": "p" });
    let start = json!({ "call": "start", "job": job, "guid": GUID });
    let start = call(connection, &start).expect("the call is accepted");
    give_credentials(&mut library);
    let run_id = library.ended(start).expect("a run")["runId"].clone();
    let run = json!({ "externalId": "p", "runId": run_id });

    let status = library.answer(connection, &json!({ "call": "status", "run": run }));
    let status = status.expect("a status");
    assert_eq!(status["state"], "running", "{status}");
    let statuses = json!({ "call": "statuses", "runs": [run, { "runId": "not one" }] });
    let statuses = library.answer(connection, &statuses).expect("statuses");
    assert_eq!(statuses[0]["status"]["state"], "running", "{statuses}");
    assert_eq!(statuses[1]["error"]["code"], "InvalidRunId", "{statuses}");
    let cancel = json!({ "call": "cancel", "run": run, "guid": GUID });
    let cancelled = library.answer(connection, &cancel).expect("an outcome");
    assert_eq!(cancelled["outcome"], "requested", "{cancelled}");
    assert_eq!(platform.emulator.executions_created_for("p"), 1);
}

#[test]
fn the_platforms_error_has_its_class_its_code_and_its_hint_and_names_the_plugin() {
    let platform = Platform::start();
    let mut library = Library::new();
    let slot = library.slot(test_components::sagemaker_pipeline());
    let document = platform.connection(json!({ "grants": {} }));
    let connection = connection_new(slot, &document).expect("a connection");
    let test = call(connection, &json!({ "call": "test-connection" })).expect("accepted");
    let event = library.event(|event| event["call"] == test);
    assert_eq!(event["event"], "error");
    assert_eq!(event["error"]["class"], "denied", "{event}");
    assert!(!event["error"]["hint"].as_str().expect("a hint").is_empty());
    assert_eq!(event["plugin"]["id"], "sagemaker-pipeline");
    assert_eq!(event["plugin"]["generation"], 1);
}

#[test]
fn a_plugin_that_breaks_is_an_error_of_the_class_plugin_and_the_next_call_is_answered() {
    let mut library =
        Library::with_options(&json!({ "limits": { "callTimeoutMilliseconds": 2000 } }));
    let slot = library.slot(test_components::misbehaving());
    for (order, code) in [
        ("trap", "Trap"),
        ("loop", "Timeout"),
        ("take-memory", "OutOfMemory"),
        ("recurse", "StackOverflow"),
    ] {
        let document = json!({ "connection": { "region": "r", "attributes": { "order": order } } });
        let connection = connection_new(slot, &document).expect("a connection");
        let test = json!({ "call": "test-connection" });
        let error = library.answer(connection, &test).expect_err(order);
        assert_eq!(error["class"], "plugin", "{order}: {error}");
        assert_eq!(error["code"], code, "{order}: {error}");
        assert_eq!(error["retryable"], code == "Timeout", "{order}: {error}");
    }
    let document = json!({ "connection": { "region": "r" } });
    let connection = connection_new(slot, &document).expect("a connection");
    let test = json!({ "call": "test-connection" });
    library.answer(connection, &test).expect("an answer");
}

#[test]
fn a_start_that_runs_out_of_time_is_not_retryable_and_says_what_to_do() {
    let mut library =
        Library::with_options(&json!({ "limits": { "callTimeoutMilliseconds": 500 } }));
    let slot = library.slot(test_components::misbehaving());
    let attributes = json!({ "order": "hang-in-start" });
    let document = json!({ "connection": { "region": "r", "attributes": attributes } });
    let connection = connection_new(slot, &document).expect("a connection");
    let job = json!({ "externalId": "p", "attributes": {}, "parameters": [] });
    let guid = "0f8fad5b-d9cb-469f-a165-70867728950e";
    let start = json!({ "call": "start", "job": job, "guid": guid });
    let error = library.answer(connection, &start).expect_err("it hangs");
    assert_eq!(
        (&error["code"], &error["retryable"]),
        (&json!("Timeout"), &json!(false))
    );
    assert!(
        error["hint"]
            .as_str()
            .expect("text")
            .contains("may have done")
    );
}

#[test]
fn a_call_that_is_cancelled_has_one_event_and_is_over() {
    let mut library = Library::new();
    let slot = library.slot(test_components::misbehaving());
    let document = json!({ "connection": { "region": "r", "attributes": { "order": "loop" } } });
    let connection = connection_new(slot, &document).expect("a connection");
    let looping = call(connection, &json!({ "call": "test-connection" })).expect("accepted");
    assert_eq!(cancel(library.host, looping), PsStatus::Ok);
    let error = library.ended(looping).expect_err("it is cancelled");
    assert_eq!(error["code"], "Cancelled");
    assert_eq!(cancel(library.host, looping), PsStatus::NotFound);
    let usage = library.answer(library.host, &json!({ "call": "usage" }));
    assert_eq!(usage.expect("the usage")["calls"], 0);
}

#[test]
fn a_request_that_cannot_be_read_is_refused_at_once_and_says_why() {
    let mut library = Library::new();
    let slot = library.slot(test_components::misbehaving());
    let document = json!({ "connection": { "region": "r" } });
    let connection = connection_new(slot, &document).expect("a connection");
    for (request, word) in [
        (&b"{"[..], "EOF"),
        (b"", "EOF"),
        (b"\xff", "UTF-8"),
        (br#"{"call": "start"}"#, "job"),
        (br#"{"call": "dance"}"#, "dance"),
        (
            br#"{"call": "status", "run": {"runId": "a"}, "extra": 1}"#,
            "extra",
        ),
        (br#"{"call": "test-connection", "extra": 1}"#, "extra"),
    ] {
        let (status, error) = call_text(connection, request).expect_err("it is refused");
        assert_eq!(status, PsStatus::Invalid);
        let message = error["message"].as_str().expect("a message");
        assert!(message.contains(word), "{message}");
    }
}

#[test]
fn many_calls_in_flight_have_one_event_each() {
    let mut library = Library::new();
    let slot = library.slot(test_components::misbehaving());
    let document = json!({ "connection": { "region": "r" } });
    let connection = connection_new(slot, &document).expect("a connection");
    let test = json!({ "call": "test-connection" });
    let mut open: std::collections::BTreeSet<u64> = (0..1_000)
        .map(|_| call(connection, &test).expect("accepted"))
        .collect();
    while !open.is_empty() {
        let event = library.event(|event| event["event"] == "answer");
        let call = event["call"].as_u64().expect("a number");
        assert!(open.remove(&call), "an event came twice: {event}");
    }
    let logged = |event: &Value| event["event"] == "log";
    assert!(library.passed.iter().all(logged), "{:?}", library.passed);
}
