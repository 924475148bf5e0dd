//! The JSON of each type, with every member: a change of a name or a form is seen here.

use std::fmt::Debug;

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::{attribute, read};
use crate::contract::*;

/// The value is written as this JSON, but for its layout, and read back from it.
fn is<T: Serialize + DeserializeOwned + PartialEq + Debug>(value: T, json: &str) {
    let written = serde_json::to_string(&value).expect("JSON");
    assert_eq!(written, without_layout(json));
    assert_eq!(read::<T>(json), value);
}

/// The samples have no white space in their texts.
fn without_layout(json: &str) -> String {
    json.split_whitespace().collect()
}

fn step() -> Step {
    Step {
        name: "Train".into(),
        display_name: Some("Training".into()),
        kind: "TrainingJob".into(),
        state: RunState::Failed,
        platform_status: "Failed".into(),
        started_at: Some(0),
        ended_at: Some(1_764_018_942_250),
        attempts: Some(2),
        cache_hit: false,
        has_log: true,
        reason: Some("Memory".into()),
        resource_id: None,
        links: vec![Link {
            label: "Logs".into(),
            url: "https://example.com/".into(),
        }],
        details: vec![attribute("instances", "2")],
    }
}

const STEP: &str = r#"{
    "name": "Train",
    "displayName": "Training",
    "kind": "TrainingJob",
    "state": "failed",
    "platformStatus": "Failed",
    "startedAt": "1970-01-01T00:00:00Z",
    "endedAt": "2025-11-24T21:15:42.25Z",
    "attempts": 2,
    "cacheHit": false,
    "hasLog": true,
    "reason": "Memory",
    "resourceId": null,
    "links": [{ "label": "Logs", "url": "https://example.com/" }],
    "details": { "instances": "2" }
}"#;

fn declared_parameter() -> DeclaredParameter {
    DeclaredParameter {
        name: "Rate".into(),
        data_type: "float".into(),
        required: false,
        default_value: Some("0.10".into()),
        allowed_values: vec!["0.10".into(), "0.20".into()],
        description: None,
    }
}

const DECLARED_PARAMETER: &str = r#"{
    "name": "Rate",
    "dataType": "float",
    "required": false,
    "defaultValue": "0.10",
    "allowedValues": ["0.10", "0.20"],
    "description": null
}"#;

fn discovered_job() -> DiscoveredJob {
    DiscoveredJob {
        external_id: "churn".into(),
        name: "churn".into(),
        display_name: Some("Churn".into()),
        description: None,
        job_type: "Example".into(),
        attributes: vec![attribute("max-retries", "1")],
        parameters: vec![declared_parameter()],
        notes: vec!["Note".into()],
        details: vec![attribute("status", "Active")],
    }
}

fn discovered_job_json() -> String {
    format!(
        r#"{{
            "externalId": "churn",
            "name": "churn",
            "displayName": "Churn",
            "description": null,
            "jobType": "Example",
            "attributes": {{ "max-retries": "1" }},
            "parameters": [{DECLARED_PARAMETER}],
            "notes": ["Note"],
            "details": {{ "status": "Active" }}
        }}"#
    )
}

fn definition() -> AttributeDefinition {
    AttributeDefinition {
        key: "max-retries".into(),
        label: "Retries".into(),
        help: "Help.".into(),
        kind: "integer".into(),
        required: true,
        secret: false,
        default_value: Some("none".into()),
        allowed_values: vec!["1".into()],
        minimum: Some(-1),
        maximum: Some(9),
        min_length: Some(1),
        max_length: None,
        pattern: Some("[0-9]+".into()),
    }
}

const DEFINITION: &str = r#"{
    "key": "max-retries",
    "label": "Retries",
    "help": "Help.",
    "kind": "integer",
    "required": true,
    "secret": false,
    "defaultValue": "none",
    "allowedValues": ["1"],
    "minimum": -1,
    "maximum": 9,
    "minLength": 1,
    "maxLength": null,
    "pattern": "[0-9]+"
}"#;

#[test]
fn a_description_and_the_definition_of_an_attribute() {
    is(definition(), DEFINITION);
    is(
        Description {
            id: "example".into(),
            name: "Example".into(),
            platform: "Platform".into(),
            version: "1.2.3".into(),
            external_id_label: "Name".into(),
            job_attributes: vec![definition()],
            connection_attributes: Vec::new(),
            features: vec!["discover".into()],
        },
        &format!(
            r#"{{
                "id": "example",
                "name": "Example",
                "platform": "Platform",
                "version": "1.2.3",
                "externalIdLabel": "Name",
                "jobAttributes": [{DEFINITION}],
                "connectionAttributes": [],
                "features": ["discover"]
            }}"#
        ),
    );
}

#[test]
fn a_connection_its_need_and_its_report() {
    is(
        Connection {
            region: "eu-west-1".into(),
            endpoint: Some("https://example.com".into()),
            attributes: vec![attribute("fips", "true")],
        },
        r#"{
            "region": "eu-west-1",
            "endpoint": "https://example.com",
            "attributes": { "fips": "true" }
        }"#,
    );
    is(
        Need {
            capability: "aws-signing".into(),
            value: "sagemaker".into(),
        },
        r#"{ "capability": "aws-signing", "value": "sagemaker" }"#,
    );
    is(
        ConnectionReport {
            message: "Good.".into(),
            details: vec![attribute("account", "123")],
        },
        r#"{ "message": "Good.", "details": { "account": "123" } }"#,
    );
}

#[test]
fn an_error() {
    is(
        Error {
            class: ErrorClass::NotFound,
            code: "ResourceNotFound".into(),
            message: "Gone.".into(),
            hint: String::new(),
            retryable: false,
            request_id: Some("req-1".into()),
            details: vec![attribute("action", "Start")],
        },
        r#"{
            "class": "not-found",
            "code": "ResourceNotFound",
            "message": "Gone.",
            "hint": "",
            "retryable": false,
            "requestId": "req-1",
            "details": { "action": "Start" }
        }"#,
    );
}

#[test]
fn a_job_and_its_parameter() {
    let parameter = Parameter {
        name: "Rate".into(),
        direction: Direction::InputOutput,
        value: Some("0.10".into()),
    };
    let json = r#"{ "name": "Rate", "direction": "input-output", "value": "0.10" }"#;
    is(parameter.clone(), json);
    is(
        Job {
            external_id: "churn".into(),
            attributes: vec![attribute("max-retries", "1")],
            parameters: vec![parameter],
        },
        &format!(
            r#"{{
                "externalId": "churn",
                "attributes": {{ "max-retries": "1" }},
                "parameters": [{json}]
            }}"#
        ),
    );
}

#[test]
fn a_discovered_job_and_a_page_of_them() {
    is(declared_parameter(), DECLARED_PARAMETER);
    is(discovered_job(), &discovered_job_json());
    is(
        DiscoveryPage {
            jobs: vec![discovered_job()],
            notes: vec!["Note".into()],
            next_cursor: Some("c".into()),
        },
        &format!(
            r#"{{ "jobs": [{}], "notes": ["Note"], "nextCursor": "c" }}"#,
            discovered_job_json()
        ),
    );
}

#[test]
fn a_finding() {
    is(
        Finding {
            severity: Severity::Warning,
            code: "TooLong".into(),
            field: "parameters.Rate".into(),
            message: "Short.".into(),
        },
        r#"{
            "severity": "warning",
            "code": "TooLong",
            "field": "parameters.Rate",
            "message": "Short."
        }"#,
    );
}

#[test]
fn a_run_its_start_and_its_cancellation() {
    is(
        Run {
            external_id: None,
            run_id: "run-1".into(),
        },
        r#"{ "externalId": null, "runId": "run-1" }"#,
    );
    is(
        StartedRun {
            run_id: "run-1".into(),
            details: vec![attribute("version", "3")],
        },
        r#"{ "runId": "run-1", "details": { "version": "3" } }"#,
    );
    is(
        Cancellation {
            outcome: CancelOutcome::AlreadyFinished,
            message: "Over.".into(),
        },
        r#"{ "outcome": "already-finished", "message": "Over." }"#,
    );
}

#[test]
fn a_status() {
    is(
        RunStatus {
            state: RunState::Failed,
            platform_status: "Failed".into(),
            finished: true,
            poll_after: Some(1_764_018_943_000),
            message: Some("Why".into()),
            started_at: Some(1_764_018_942_001),
            updated_at: None,
            ended_at: Some(253_402_207_200_000),
            failed_steps: vec![step()],
            outputs: vec![attribute("Model", "s3://model")],
            details: vec![attribute("version", "3")],
        },
        &format!(
            r#"{{
                "state": "failed",
                "platformStatus": "Failed",
                "finished": true,
                "pollAfter": "2025-11-24T21:15:43Z",
                "message": "Why",
                "startedAt": "2025-11-24T21:15:42.001Z",
                "updatedAt": null,
                "endedAt": "9999-12-30T22:00:00Z",
                "failedSteps": [{STEP}],
                "outputs": {{ "Model": "s3://model" }},
                "details": {{ "version": "3" }}
            }}"#
        ),
    );
}

#[test]
fn a_step_and_a_page_of_them() {
    is(step(), STEP);
    is(
        StepPage {
            steps: vec![step()],
            next_cursor: None,
        },
        &format!(r#"{{ "steps": [{STEP}], "nextCursor": null }}"#),
    );
}

#[test]
fn a_page_of_a_log_its_lines_and_where_it_begins() {
    is(LogPosition::Oldest, r#""oldest""#);
    is(LogPosition::Last(100), r#"{ "last": 100 }"#);
    is(LogPosition::After("c".into()), r#"{ "after": "c" }"#);
    is(
        LogPage {
            lines: vec![LogLine {
                time: Some(1_764_018_942_250),
                source: "algo-1".into(),
                message: "epoch=1".into(),
            }],
            cursor: "c".into(),
            more: true,
        },
        r#"{
            "lines": [
                { "time": "2025-11-24T21:15:42.25Z", "source": "algo-1", "message": "epoch=1" }
            ],
            "cursor": "c",
            "more": true
        }"#,
    );
}
