//! What the JSON of each type looks like, and what is read beside it.

mod golden;
mod round_trip;

use serde::de::DeserializeOwned;

use crate::contract::*;

fn read<T: DeserializeOwned>(json: &str) -> T {
    serde_json::from_str(json).unwrap_or_else(|error| panic!("{json}: {error}"))
}

fn error<T: DeserializeOwned + std::fmt::Debug>(json: &str) -> String {
    serde_json::from_str::<T>(json).unwrap_err().to_string()
}

fn attribute(name: &str, value: &str) -> Attribute {
    Attribute {
        name: name.into(),
        value: value.into(),
    }
}

#[test]
fn what_may_be_missing_in_a_job_is_none_and_a_parameter_is_an_input() {
    let job: Job = read(r#"{ "externalId": "churn", "parameters": [{ "name": "Rate" }] }"#);
    assert_eq!(
        job,
        Job {
            external_id: "churn".into(),
            attributes: Vec::new(),
            parameters: vec![Parameter {
                name: "Rate".into(),
                direction: Direction::Input,
                value: None,
            }],
        }
    );
    let connection: Connection = read(r#"{ "region": "eu-west-1" }"#);
    assert_eq!((connection.endpoint, connection.attributes), (None, vec![]));
    let run: Run = read(r#"{ "runId": "run-1" }"#);
    assert_eq!(run.external_id, None);
}

#[test]
fn what_came_with_a_later_version_may_be_missing() {
    let definition: AttributeDefinition =
        read(r#"{ "key": "k", "label": "l", "help": "h", "kind": "text", "required": true }"#);
    assert!(!definition.secret && definition.allowed_values.is_empty());
    let finding: Finding = read(r#"{ "severity": "error", "field": "f", "message": "m" }"#);
    assert_eq!(finding.code, "");
    let job: DiscoveredJob = read(r#"{ "externalId": "e", "name": "n", "jobType": "t" }"#);
    assert!(job.attributes.is_empty() && job.notes.is_empty());
    let step: Step = read(
        r#"{ "name": "s", "kind": "k", "state": "running", "platformStatus": "", "cacheHit": false }"#,
    );
    assert!(!step.has_log);
    let status: RunStatus =
        read(r#"{ "state": "running", "platformStatus": "Executing", "finished": false }"#);
    assert_eq!(status.poll_after, None);
    let page: LogPage = read(r#"{ "cursor": "c", "more": false }"#);
    assert!(page.lines.is_empty());
}

#[test]
fn what_a_type_cannot_be_without_is_named() {
    assert!(error::<Job>("{}").starts_with("missing field `externalId`"));
    assert!(error::<Run>("{}").starts_with("missing field `runId`"));
    assert!(error::<RunStatus>(r#"{ "state": "failed" }"#).starts_with("missing field `plat"));
}

#[test]
fn members_that_are_not_known_are_passed_over() {
    let run: Run = read(r#"{ "runId": "run-1", "externalId": null, "later": { "a": [1] } }"#);
    assert_eq!(run.run_id, "run-1");
}

#[test]
fn a_word_that_is_not_known_is_the_case_for_it_where_there_is_one() {
    assert_eq!(read::<RunState>(r#""paused""#), RunState::Unknown);
    assert_eq!(read::<ErrorClass>(r#""moved""#), ErrorClass::Other);
    for wrong in [
        error::<Direction>(r#""sideways""#),
        error::<Severity>(r#""hint""#),
        error::<CancelOutcome>(r#""ignored""#),
    ] {
        assert!(wrong.starts_with("unknown variant"), "{wrong}");
    }
}

#[test]
fn a_time_has_milliseconds_and_any_offset_is_read() {
    let line = |time: &str| {
        let json = format!(r#"{{ "time": {time}, "source": "", "message": "" }}"#);
        read::<LogLine>(&json).time
    };
    assert_eq!(line(r#""1970-01-01T00:00:01.234Z""#), Some(1_234));
    assert_eq!(line(r#""1970-01-01T01:00:00.0015+01:00""#), Some(1));
    assert_eq!(line("null"), None);
    let before = r#"{ "time": "1969-12-31T23:59:59Z", "source": "", "message": "" }"#;
    let error = error::<LogLine>(before);
    assert!(error.contains("is before 1970"), "{error}");
}

#[test]
fn a_time_that_is_not_on_the_calendar_is_null() {
    for time in [253_402_300_800_000, u64::MAX] {
        let line = LogLine {
            time: Some(time),
            source: String::new(),
            message: String::new(),
        };
        assert_eq!(
            serde_json::to_string(&line).unwrap(),
            r#"{"time":null,"source":"","message":""}"#
        );
    }
}

#[test]
fn attributes_keep_their_order_and_a_name_that_occurs_twice() {
    let report = ConnectionReport {
        message: String::new(),
        details: vec![
            attribute("z", "1"),
            attribute("a", "2"),
            attribute("z", "3"),
        ],
    };
    let json = serde_json::to_string(&report).unwrap();
    assert_eq!(
        json,
        r#"{"message":"","details":{"z":"1","a":"2","z":"3"}}"#
    );
    assert_eq!(read::<ConnectionReport>(&json), report);
}

#[test]
fn a_value_that_is_not_text_is_refused_and_so_is_a_list_in_place_of_an_object() {
    let number = error::<Job>(r#"{ "externalId": "e", "attributes": { "k": 1 } }"#);
    assert!(number.contains("expected a string"), "{number}");
    let number = error::<Parameter>(r#"{ "name": "p", "value": 0.10 }"#);
    assert!(number.contains("expected a string"), "{number}");
    let list = error::<Job>(r#"{ "externalId": "e", "attributes": [] }"#);
    assert!(list.contains("expected an object of attributes"), "{list}");
}

/// Each case beside its word in the contract.
macro_rules! words {
    ($type:ident: $($case:ident $word:literal),*) => {
        for (case, word) in [$(($type::$case, $word)),*] {
            assert_eq!(case.as_str(), word);
            assert_eq!(format!("{case:>20}"), format!("{word:>20}"));
            let json = format!("\"{word}\"");
            assert_eq!(serde_json::to_string(&case).unwrap(), json);
            assert_eq!(read::<$type>(&json), case);
        }
    };
}

#[test]
fn enums_are_the_contracts_words() {
    words!(Direction: Input "input", Output "output", InputOutput "input-output");
    words!(Severity: Error "error", Warning "warning");
    words!(RunState: Running "running", Success "success", Failed "failed",
        Cancelled "cancelled", Unknown "unknown");
    words!(CancelOutcome: Requested "requested", AlreadyStopping "already-stopping",
        AlreadyFinished "already-finished");
    words!(ErrorClass: Invalid "invalid", Denied "denied", NotFound "not-found",
        Conflict "conflict", Limit "limit", Throttled "throttled", Unavailable "unavailable",
        Unsupported "unsupported", Uncertain "uncertain", Other "other");
}
