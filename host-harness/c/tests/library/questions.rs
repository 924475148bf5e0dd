//! What the embedder brings: credentials and HTTP.

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use polysync_host_c::PsStatus;
use polysync_host_c::abi::ps_close;
use serde_json::{Value, json};

use crate::library::{Library, Platform, call, connection_new, reply};

fn number(question: &Value) -> u64 {
    question["question"].as_u64().expect("a number")
}

/// A slot with the plugin, and a connection to the emulator with these members.
fn connected(library: &mut Library, platform: &Platform, members: Value) -> u64 {
    let slot = library.slot(test_components::sagemaker_pipeline());
    connection_new(slot, &platform.connection(members)).expect("a connection")
}

#[test]
fn why_there_are_no_credentials_goes_to_the_log_and_not_to_the_plugin() {
    let platform = Platform::start();
    let mut library = Library::new();
    let connection = connected(
        &mut library,
        &platform,
        json!({ "credentials": "embedder" }),
    );
    let test = call(connection, &json!({ "call": "test-connection" })).expect("accepted");
    let question = library.event(|event| event["event"] == "credentials-asked");
    reply(
        library.host,
        number(&question),
        &json!({ "error": "the vault /secret is sealed" }),
    );
    let error = library.ended(test).expect_err("no credentials");
    assert_eq!(error["class"], "denied", "{error}");
    assert!(!error.to_string().contains("vault"), "{error}");
    let line =
        library.event(|event| event["event"] == "log" && event.to_string().contains("vault"));
    assert_eq!(line["level"], "warn");
}

#[test]
fn an_answer_that_is_no_answer_is_not_shown() {
    let platform = Platform::start();
    let mut library = Library::new();
    let connection = connected(
        &mut library,
        &platform,
        json!({ "credentials": "embedder" }),
    );
    let test = call(connection, &json!({ "call": "test-connection" })).expect("accepted");
    let question = library.event(|event| event["event"] == "credentials-asked");
    let wrong = json!({ "accessKey": "AKIA", "secret": "hunter2" });
    reply(library.host, number(&question), &wrong);
    library.ended(test).expect_err("no credentials");
    let told = json!(library.passed).to_string();
    assert!(!told.contains("hunter2"), "{told}");
}

#[test]
fn a_question_is_answered_once() {
    let platform = Platform::start();
    let mut library = Library::new();
    let connection = connected(
        &mut library,
        &platform,
        json!({ "credentials": "embedder" }),
    );
    call(connection, &json!({ "call": "test-connection" })).expect("accepted");
    let question = library.event(|event| event["event"] == "credentials-asked");
    let none = json!({ "error": "none" });
    assert_eq!(reply(library.host, number(&question), &none), PsStatus::Ok);
    assert_eq!(
        reply(library.host, number(&question), &none),
        PsStatus::NotFound
    );
}

#[test]
fn requests_go_by_the_embedders_client_after_the_grants() {
    let mut library = Library::new();
    let slot = library.slot(test_components::misbehaving());
    let document = |order: &str| {
        json!({
            "name": "mine",
            "connection": { "region": "r", "attributes": { "order": order } },
            "grants": { "http": ["https://granted.example.com"] },
            "http": "embedder",
        })
    };
    let get = document("send https://granted.example.com/path");
    let connection = connection_new(slot, &get).expect("a connection");
    let test = call(connection, &json!({ "call": "test-connection" })).expect("accepted");
    let question = library.event(|event| event["event"] == "http-asked");
    assert_eq!(question["connection"], "mine");
    assert_eq!(question["url"], "https://granted.example.com/path");
    assert_eq!(question["addresses"], "public");
    let body = BASE64_STANDARD.encode("from the embedder");
    let response = json!({ "status": 203, "headers": [["x-a", "1"]], "body": body });
    assert_eq!(
        reply(library.host, number(&question), &response),
        PsStatus::Ok
    );
    let said = library
        .ended(test)
        .expect_err("the plugin tells what it got")
        .to_string();
    assert!(said.contains("203"), "{said}");

    let elsewhere = document("send https://other.example.com/");
    let connection = connection_new(slot, &elsewhere).expect("a connection");
    let said = library.answer(connection, &json!({ "call": "test-connection" }));
    let said = said.expect_err("the plugin tells what it got").to_string();
    assert!(said.to_ascii_lowercase().contains("denied"), "{said}");
    assert!(
        library
            .passed
            .iter()
            .all(|event| event["event"] != "http-asked")
    );
}

#[test]
fn a_question_that_nobody_waits_for_any_more_is_withdrawn() {
    let mut library = Library::new();
    let slot = library.slot(test_components::misbehaving());
    let document = json!({
        "connection": { "region": "r", "attributes": { "order": "send https://a.example.com/" } },
        "grants": { "http": ["https://a.example.com"] },
        "http": "embedder",
    });
    let connection = connection_new(slot, &document).expect("a connection");
    let test = call(connection, &json!({ "call": "test-connection" })).expect("accepted");
    let question = library.event(|event| event["event"] == "http-asked");
    crate::library::cancel(library.host, test);
    let withdrawn = library.event(|event| event["event"] == "withdrawn");
    assert_eq!(withdrawn["question"], question["question"]);
    let late = json!({ "status": 200 });
    assert_eq!(
        reply(library.host, number(&question), &late),
        PsStatus::NotFound
    );
}

#[test]
fn what_a_plugin_logs_is_an_event_with_its_level_and_which_plugin_it_was() {
    let mut library = Library::new();
    let slot = library.slot(test_components::misbehaving());
    let document =
        json!({ "connection": { "region": "r", "attributes": { "order": "log-line" } } });
    let connection = connection_new(slot, &document).expect("a connection");
    call(connection, &json!({ "call": "test-connection" })).expect("accepted");
    let line = library.event(|event| event["event"] == "log" && event["target"] == "plugin");
    assert_eq!(
        (&line["level"], &line["fields"]["plugin"]),
        (&json!("info"), &json!("misbehaving"))
    );
    assert!(line["message"].as_str().expect("a text").starts_with("xxx"));
}

#[test]
fn a_host_that_is_closed_ends_its_calls_before_their_questions() {
    for _ in 0..5 {
        let mut library = Library::new();
        let slot = library.slot(test_components::misbehaving());
        let document = json!({
            "name": "test",
            "connection": { "region": "r", "attributes": { "order": "send https://a.example/" } },
            "grants": { "http": ["https://a.example"] },
            "http": "embedder",
        });
        let connection = connection_new(slot, &document).expect("a connection");
        let test = call(connection, &json!({ "call": "test-connection" })).expect("accepted");
        library.event(|event| event["event"] == "http-asked");
        assert_eq!(ps_close(library.host), PsStatus::Ok);
        let error = library.ended(test).expect_err("it is ended");
        assert_eq!(error["code"], "HostClosed", "{error}");
    }
}
