//! Handles can be closed in any order, twice, and from any thread.

use polysync_host_c::PsStatus;
use polysync_host_c::abi::ps_close;
use serde_json::json;

use crate::library::{Library, call, connection_new, host_new, next, slot_new};

#[test]
fn a_handle_that_is_closed_stands_for_nothing() {
    let mut library = Library::new();
    let slot = library.slot(test_components::misbehaving());
    let document = json!({ "connection": { "region": "r" } });
    let connection = connection_new(slot, &document).expect("a connection");
    assert_eq!(ps_close(slot), PsStatus::Ok);
    // The connection goes on: it holds what it needs.
    let test = json!({ "call": "test-connection" });
    library.answer(connection, &test).expect("an answer");
    assert_eq!(ps_close(connection), PsStatus::Ok);
    for handle in [slot, connection, 0, u64::MAX] {
        assert_eq!(ps_close(handle), PsStatus::NotFound);
        let (status, error) = call(handle, &test).expect_err("no handle");
        assert_eq!(
            (status, &error["code"]),
            (PsStatus::NotFound, &json!("NoSuchHandle"))
        );
    }
}

#[test]
fn a_handle_of_the_wrong_kind_is_refused_with_what_it_is() {
    let mut library = Library::new();
    let slot = library.slot(test_components::misbehaving());
    let (status, error) = slot_new(slot).expect_err("a slot is not a host");
    assert_eq!(status, PsStatus::Invalid);
    assert_eq!(error["code"], "WrongHandle");
    assert!(
        error["message"]
            .as_str()
            .expect("text")
            .contains("of a slot")
    );
}

#[test]
fn an_empty_slot_says_what_to_do() {
    let library = Library::new();
    let slot = slot_new(library.host).expect("a slot");
    let document = json!({ "connection": { "region": "r" } });
    let (_, error) = connection_new(slot, &document).expect_err("it is empty");
    assert_eq!(error["code"], "NotLoaded");
    assert!(error["hint"].as_str().expect("text").contains("load"));
}

#[test]
fn a_connection_that_may_sign_needs_credentials() {
    let mut library = Library::new();
    let slot = library.slot(test_components::misbehaving());
    let document =
        json!({ "connection": { "region": "r" }, "grants": { "awsSigning": ["sagemaker"] } });
    let (status, error) = connection_new(slot, &document).expect_err("it has none");
    assert_eq!(status, PsStatus::Invalid);
    assert!(
        error["hint"]
            .as_str()
            .expect("text")
            .contains("`credentials`")
    );
}

#[test]
fn a_host_that_is_closed_ends_its_calls_then_says_so_and_is_gone() {
    let mut library = Library::new();
    let slot = library.slot(test_components::misbehaving());
    let document = json!({ "connection": { "region": "r", "attributes": { "order": "loop" } } });
    let connection = connection_new(slot, &document).expect("a connection");
    let test = json!({ "call": "test-connection" });
    let calls: Vec<u64> = (0..5)
        .map(|_| call(connection, &test).expect("accepted"))
        .collect();
    assert_eq!(ps_close(library.host), PsStatus::Ok);
    for call in calls {
        assert_eq!(
            library.ended(call).expect_err("it is ended")["code"],
            "HostClosed"
        );
    }
    library.event(|event| event["event"] == "closed");
    let (status, _) = next(library.host, 60_000).expect_err("nothing follows");
    assert_eq!(status, PsStatus::Closed);
    for handle in [library.host, slot, connection] {
        let (status, _) = call(handle, &test).expect_err("it is gone");
        assert_eq!(status, PsStatus::NotFound);
    }
}

#[test]
fn a_closing_host_takes_no_call() {
    let mut library = Library::new();
    let slot = library.slot(test_components::misbehaving());
    ps_close(library.host);
    library.event(|event| event["event"] == "closed");
    let (status, error) = call(slot, &json!({ "call": "describe" })).expect_err("it is closed");
    assert_eq!(
        (status, &error["code"]),
        (PsStatus::Closed, &json!("HostClosed"))
    );
}

#[test]
fn events_can_be_waited_for_while_another_thread_closes_the_host() {
    let host = host_new("").expect("a host");
    let waiting = std::thread::spawn(move || {
        let mut events = Vec::new();
        loop {
            match next(host, -1) {
                Ok(event) => events.push(event["event"].clone()),
                Err((status, _)) => return (events, status),
            }
        }
    });
    assert_eq!(ps_close(host), PsStatus::Ok);
    let (events, status) = waiting.join().expect("no panic");
    assert_eq!((events, status), (vec![json!("closed")], PsStatus::Closed));
}

#[test]
fn no_event_in_time_is_a_timeout_and_not_an_error() {
    let library = Library::new();
    let (status, _) = next(library.host, 1).expect_err("nothing happens");
    assert_eq!(status, PsStatus::Timeout);
}

#[test]
fn options_that_cannot_be_used_are_refused_by_name() {
    for (options, word) in [
        (r#"{"cashe": "/x"}"#, "cashe"),
        (r#"{"limits": {"concurrentCalls": 0}}"#, "concurrent_calls"),
        (r#"{"cache": "relative"}"#, "absolute"),
        (r#"{"threads": 0}"#, "threads"),
        (r#"{"threads": 1025}"#, "1024"),
        ("[", "EOF"),
    ] {
        let (status, error) = host_new(options).expect_err("it is refused");
        assert_eq!(status, PsStatus::Invalid, "{options}");
        let message = error["message"].as_str().expect("a message");
        assert!(message.contains(word), "{message}");
    }
}
