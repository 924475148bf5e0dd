//! The members of each document: which are the contract's, and which the tool adds.

use polysync_host::contract::{Attribute, Need, RunState, RunStatus, StartedRun};
use polysync_host::{Digest, GrantRequests, Grants};
use serde::Serialize;
use serde_json::{Value, json};
use uuid::Uuid;

use super::description::DescriptionView;
use super::discovery::DiscoveryView;
use super::finding::ValidationView;
use super::run::{CancellationView, LastStatus, StartedView, StatusDocument, StepsView};
use crate::failure::Failure;
use crate::needs::Needs;
use crate::samples;

fn of(document: impl Serialize) -> Value {
    serde_json::to_value(document).unwrap()
}

fn names(value: &Value) -> Vec<&str> {
    value
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect()
}

/// [`samples::failed_step`].
fn failed_step() -> Value {
    json!({
        "name": "Train", "displayName": "Train the model", "kind": "Training", "state": "failed",
        "platformStatus": "Failed", "startedAt": "1970-01-01T00:00:01Z",
        "endedAt": "1970-01-01T00:04:13Z", "attempts": 2, "cacheHit": false, "hasLog": false,
        "reason": "AlgorithmError: exit code 1", "resourceId": "training-job/train-1",
        "links": [{ "label": "Logs", "url": "https://logs.example.com/train-1" }], "details": {},
    })
}

#[test]
fn a_status_has_words_for_states_and_rfc_3339_for_times_and_names_run_and_plugin() {
    let status = RunStatus {
        started_at: Some(1_751_371_200_500),
        ..samples::failed_status()
    };
    let (run, plugin) = (samples::run(), samples::plugin());
    assert_eq!(
        of(StatusDocument::new(&run, &status, &plugin)),
        json!({
            "externalId": "churn", "runId": "run-1", "state": "failed", "platformStatus": "Failed",
            "finished": true, "pollAfter": null, "message": "Step failure.",
            "startedAt": "2025-07-01T12:00:00.5Z", "updatedAt": null,
            "endedAt": "1970-01-01T00:05:00Z", "failedSteps": [failed_step()], "outputs": {},
            "details": {},
            "plugin": {
                "id": "example", "version": "1.2.3", "contract": "0.2.0", "generation": 2,
                "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
            },
        })
    );
}

#[test]
fn a_status_that_is_missing_has_all_members_of_one_that_is_there() {
    let status = samples::failed_status();
    let given = of(LastStatus::given(&status));
    let missing = of(LastStatus::missing("withdrawn", "Waiting"));
    assert_eq!(names(&missing), names(&given));
    assert_eq!(missing["state"], "withdrawn");
    assert_eq!(missing["platformStatus"], "Waiting");
    assert_eq!(missing["finished"], true);
    for (name, value) in missing.as_object().unwrap() {
        let is_empty = value.is_null() || *value == json!([]) || *value == json!({});
        let is_set = ["state", "platformStatus", "finished"].contains(&name.as_str());
        assert!(is_empty != is_set, "{name}");
    }
}

#[test]
fn a_run_that_is_over_is_not_running() {
    let running = RunStatus {
        state: RunState::Running,
        ..samples::failed_status()
    };
    let expected = RunStatus {
        state: RunState::Unknown,
        ..samples::failed_status()
    };
    assert_eq!(of(LastStatus::given(&running)), of(&expected));
}

#[test]
fn the_steps_of_a_run_are_with_its_ids() {
    let run = samples::run();
    assert_eq!(
        of(StepsView::new(&run, &[samples::failed_step()])),
        json!({ "externalId": "churn", "runId": "run-1", "steps": [failed_step()] })
    );
}

#[test]
fn a_started_run_has_the_guid_and_where_to_follow_it() {
    let started = StartedRun {
        run_id: "run-1".into(),
        details: vec![Attribute {
            name: "version".into(),
            value: "3".into(),
        }],
    };
    let document = StartedView {
        guid: Uuid::from_u128(7),
        external_id: Some("churn"),
        started: &started,
        monitor_url: None,
    };
    assert_eq!(
        of(document),
        json!({
            "guid": "00000000-0000-0000-0000-000000000007", "externalId": "churn", "runId": "run-1",
            "monitorUrl": null, "details": { "version": "3" },
        })
    );
}

#[test]
fn a_cancellation_has_its_guid() {
    assert_eq!(
        of(CancellationView::new(
            Uuid::from_u128(7),
            &samples::cancellation()
        )),
        json!({
            "guid": "00000000-0000-0000-0000-000000000007", "outcome": "already-stopping",
            "message": "It is being stopped.",
        })
    );
}

#[test]
fn a_description_has_the_needs_and_why_nobody_can_accept_one() {
    let need = |value: &str| Need {
        capability: "http".into(),
        value: value.into(),
    };
    let needs = [need("https://api.example.com"), need("http://127.0.0.1")];
    let sample = samples::description();
    let digest = Digest::compute(b"");
    let view =
        |requests| DescriptionView::new(&sample, samples::plugin().contract, digest, requests);
    let requests = GrantRequests::from_needs(&needs);
    let needs = Needs::new(&requests, &Grants::none());
    let description = of(view(Some(&needs)));
    assert_eq!(description["sha256"], digest.to_string());
    let of_no_connection = of(view(None));
    assert_eq!(of_no_connection["needs"], Value::Null);
    assert_eq!(description["externalIdLabel"], "Pipeline name");
    assert_eq!(
        description["jobAttributes"][0],
        json!({
            "key": "display-name", "label": "Label", "help": "Help.", "kind": "text",
            "required": false, "secret": false, "defaultValue": null, "allowedValues": [],
            "minimum": null, "maximum": null, "minLength": null, "maxLength": null, "pattern": null,
        })
    );
    assert_eq!(
        description["needs"],
        json!([
            { "capability": "http", "value": "https://api.example.com", "refused": null },
            {
                "capability": "http", "value": "http://127.0.0.1",
                "refused": "a plugin may ask for a name, not for an address",
            },
        ])
    );
}

#[test]
fn a_validation_says_whether_the_job_can_be_started() {
    let [warning, error] = &samples::findings()[..] else {
        panic!("not two findings")
    };
    let findings = [warning.clone()];
    assert_eq!(
        of(ValidationView::from(findings.as_slice())),
        json!({
            "valid": true,
            "findings": [{
                "severity": "warning", "code": "Sample", "field": "parameters.New",
                "message": "isn't declared",
            }],
        })
    );
    let findings = [warning.clone(), error.clone()];
    assert_eq!(
        of(ValidationView::from(findings.as_slice()))["valid"],
        false
    );
}

#[test]
fn a_discovery_that_broke_off_has_the_error_and_where_to_go_on() {
    let failure = Failure::from(samples::error());
    let document = of(DiscoveryView {
        jobs: &[samples::discovered_job()],
        notes: &["Note".into()],
        next_cursor: Some("c"),
        error: Some((&failure).into()),
    });
    assert_eq!(names(&document), ["error", "jobs", "nextCursor", "notes"]);
    assert_eq!(document["error"]["code"], "AccessDeniedException");
    assert_eq!(
        names(&document["jobs"][0]),
        [
            "attributes",
            "description",
            "details",
            "displayName",
            "externalId",
            "jobType",
            "name",
            "notes",
            "parameters",
        ]
    );
    assert_eq!(
        document["jobs"][0]["parameters"][0],
        json!({
            "name": "Rate", "dataType": "float", "required": false, "defaultValue": "0.10",
            "allowedValues": ["0.10", "0.20"], "description": "Learning rate",
        })
    );
}
