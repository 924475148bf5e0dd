//! Swaps, rollbacks, and the watch of a file.

use serde_json::json;

use crate::library::{Library, call, connection_new};

#[test]
fn a_plugin_is_swapped_and_rolled_back_while_calls_go_on() {
    let mut library = Library::new();
    let slot = library.slot(test_components::sagemaker_pipeline());
    let next = test_components::sagemaker_pipeline_next();
    let document = json!({ "connection": { "region": "us-east-1" } });
    let connection = connection_new(slot, &document).expect("a connection");
    let validate = json!({ "call": "validate", "job": { "externalId": "p" } });
    let before = call(connection, &validate).expect("accepted");

    let swap = json!({ "call": "swap", "source": { "file": next } });
    let swapped = library.answer(slot, &swap).expect("it is swapped");
    assert_eq!(swapped["outcome"], "done", "{swapped}");
    assert_eq!(swapped["from"]["generation"], 1);
    assert_eq!(swapped["to"]["version"], "0.2.0");
    let again = library.answer(slot, &swap).expect("it serves already");
    assert_eq!(again["outcome"], "unchanged", "{again}");
    library.ended(before).expect("an answer");
    library.answer(connection, &validate).expect("an answer");

    let described = library
        .answer(slot, &json!({ "call": "describe" }))
        .expect("a description");
    assert_eq!(
        (&described["id"], &described["version"]),
        (&json!("sagemaker-pipeline"), &json!("0.2.0"))
    );
    let back = library
        .answer(slot, &json!({ "call": "rollback" }))
        .expect("it goes back");
    assert_eq!(back["to"]["generation"], 3, "{back}");
    let error = library.answer(slot, &json!({ "call": "rollback" }));
    assert_eq!(
        error.expect_err("nothing is before it")["code"],
        "NothingToRollBackTo"
    );
}

#[test]
fn a_build_that_is_not_the_pinned_one_or_of_another_job_type_does_not_take_over() {
    let mut library = Library::new();
    let slot = library.slot(test_components::sagemaker_pipeline());
    let file = test_components::sagemaker_pipeline_next();
    for (source, code) in [
        (
            json!({ "file": file, "sha256": "0".repeat(64) }),
            "WrongDigest",
        ),
        (
            json!({ "file": test_components::glue_job() }),
            "OtherJobType",
        ),
        (json!({ "file": "/nowhere.wasm" }), "CannotRead"),
        (json!({ "bytes": "AAAA" }), "CannotLoad"),
    ] {
        let swap = json!({ "call": "swap", "source": source });
        let error = library.answer(slot, &swap).expect_err("it is refused");
        assert_eq!(
            (&error["class"], &error["code"]),
            (&json!("plugin"), &json!(code)),
            "{error}"
        );
    }
    let generations = library.answer(slot, &json!({ "call": "generations" }));
    let generations = generations.expect("the generations");
    assert_eq!(generations[0]["plugin"]["generation"], 1, "{generations}");
}

#[test]
fn a_file_that_is_watched_is_swapped_in_and_the_swap_is_an_event() {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("plugin.wasm");
    std::fs::copy(test_components::sagemaker_pipeline(), &file).expect("a copy");
    let mut library = Library::new();
    let slot = library.slot(&file);
    library
        .answer(slot, &json!({ "call": "watch", "file": file }))
        .expect("it is watched");
    let beside = folder.path().join("new.wasm");
    std::fs::copy(test_components::sagemaker_pipeline_next(), &beside).expect("a copy");
    std::fs::rename(&beside, &file).expect("it is replaced");
    let event = library.event(|event| event["event"] == "swapped");
    assert_eq!(event["slot"], slot);
    assert_eq!(event["to"]["version"], "0.2.0", "{event}");
    std::fs::write(&beside, "no component").expect("a file");
    std::fs::rename(&beside, &file).expect("it is replaced");
    let event = library.event(|event| event["event"] == "swap-refused");
    assert_eq!(event["error"]["code"], "CannotLoad", "{event}");
}

#[test]
fn what_a_plugin_asks_for_is_told_and_nothing_of_it_is_granted() {
    let mut library = Library::new();
    let slot = library.slot(test_components::sagemaker_pipeline());
    let connection = json!({ "region": "eu-west-1" });
    let requests = json!({ "call": "requests", "connection": connection });
    let requests = library.answer(slot, &requests).expect("the requests");
    let values: Vec<_> = requests
        .as_array()
        .expect("a list")
        .iter()
        .map(|need| &need["value"])
        .collect();
    assert!(
        values.contains(&&json!("https://api.sagemaker.eu-west-1.amazonaws.com")),
        "{requests}"
    );
    let connection =
        connection_new(slot, &json!({ "connection": connection })).expect("a connection");
    let error = library.answer(connection, &json!({ "call": "test-connection" }));
    assert_eq!(error.expect_err("it is not granted")["class"], "denied");
}
