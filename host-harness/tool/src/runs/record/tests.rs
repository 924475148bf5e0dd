//! How a run goes from one state to the next, and how it reads back.

use super::*;
use crate::samples::{self, record};

#[test]
fn a_run_is_started_polled_and_finished() {
    let mut record = record();
    assert_eq!(record.next(), Next::Start);
    record.progress = Progress::Starting;
    assert_eq!(record.next(), Next::Start);
    record.start("run-1".into(), &samples::plugin());
    assert_eq!(record.next(), Next::Poll);
    record.finish(Ending::Success, None);
    assert_eq!(record.next(), Next::Nothing);
    assert_eq!(record.run().unwrap().run_id, "run-1");
}

#[test]
fn a_run_is_withdrawn_only_as_long_as_nothing_can_have_been_sent() {
    let mut record = record();
    assert!(record.want_cancelled(Wanted::new()));
    assert_eq!(record.next(), Next::Withdraw);
    record.progress = Progress::Starting;
    assert_eq!(record.next(), Next::Start);
    record.start("run-1".into(), &samples::plugin());
    assert_eq!(record.next(), Next::Cancel);
    record.settle_cancel(WishOutcome::Accepted);
    assert_eq!(record.next(), Next::Poll);
}

#[test]
fn a_wish_that_is_pending_is_the_same_wish_and_one_that_is_settled_leaves_room_for_another() {
    let mut record = record();
    record.start("run-1".into(), &samples::plugin());
    for outcome in [WishOutcome::Accepted, WishOutcome::Refused] {
        let wish = Wanted::new();
        assert!(record.want_cancelled(wish));
        assert!(!record.want_cancelled(Wanted::new()));
        assert_eq!(record.cancel_guid(), wish.guid);
        record.settle_cancel(outcome);
        assert_eq!(record.next(), Next::Poll);
    }
}

#[test]
fn only_a_finished_run_that_the_platform_has_is_retried_and_its_cancellation_is_forgotten() {
    let mut record = record();
    let guid = Uuid::from_u128(8);
    assert!(!record.want_retried(guid), "accepted");
    record.start("run-1".into(), &samples::plugin());
    assert!(!record.want_retried(guid), "running");
    record.want_cancelled(Wanted::new());
    record.settle_cancel(WishOutcome::Accepted);
    record.finish(Ending::Cancelled, None);
    assert!(record.want_retried(guid));
    assert_eq!(record.next(), Next::Retry);
    record.retried();
    assert_eq!(record.next(), Next::Poll);
    assert_eq!(record.run_id(), Some("run-1"));
    assert!(record.want_cancelled(Wanted::new()));

    let mut refused = samples::record();
    refused.finish(Ending::Refused, None);
    assert!(!refused.want_retried(guid), "never started");
}

#[test]
fn only_a_run_whose_start_is_uncertain_is_taken_to_be_a_run_of_the_platform() {
    let mut record = record();
    assert!(!record.want_adopted("run-9".into()), "accepted");
    record.finish(Ending::Uncertain, None);
    assert!(!record.want_retried(Uuid::from_u128(8)));
    assert!(record.want_adopted("run-9".into()));
    assert_eq!(record.next(), Next::Poll);
    assert_eq!(record.run_id(), Some("run-9"));
    assert!(!record.want_adopted("run-10".into()), "running");
}

#[test]
fn a_wish_to_cancel_an_uncertain_start_does_not_cancel_the_run_that_is_named_later() {
    let mut record = record();
    record.progress = Progress::Starting;
    assert!(record.want_cancelled(Wanted::new()));
    record.finish(Ending::Uncertain, None);
    assert!(record.want_adopted("run-9".into()));
    assert_eq!(record.next(), Next::Poll);
    assert!(record.want_cancelled(Wanted::new()));
    assert_eq!(record.next(), Next::Cancel);
}

#[test]
fn a_record_reads_back_as_it_was_written() {
    let mut record = record();
    record.start("run-1".into(), &samples::plugin());
    let mut cancelled = record.clone();
    cancelled.want_cancelled(Wanted::from_file(Some(Timestamp::UNIX_EPOCH)));
    let mut finished = cancelled.clone();
    finished.settle_cancel(WishOutcome::Refused);
    finished.finish(Ending::Failed, Some("why".into()));
    let mut retried = finished.clone();
    assert!(retried.want_retried(Uuid::from_u128(8)));
    for record in [record, cancelled, finished, retried] {
        let text = serde_json::to_string(&record).unwrap();
        assert_eq!(serde_json::from_str::<Record>(&text).unwrap(), record);
    }
}

#[test]
fn a_record_has_the_job_and_the_plugin_in_the_librarys_form() {
    let mut record = record();
    record.start("run-1".into(), &samples::plugin());
    let json = serde_json::to_value(&record).unwrap();
    assert_eq!(
        json["job"],
        serde_json::json!({
            "externalId": "churn",
            "attributes": { "a": "1" },
            "parameters": [{ "name": "p", "direction": "input-output", "value": "0.10" }],
        })
    );
    assert_eq!(
        json["startedBy"],
        serde_json::json!({
            "id": "example", "version": "1.2.3", "contract": "0.2.0", "generation": 2,
            "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        })
    );
}

#[test]
fn a_record_of_the_first_version_of_the_tool_is_read_with_the_job_type_of_its_ledger() {
    let text = r#"{
        "guid": "00000000-0000-0000-0000-000000000007", "origin": "churn.json",
        "jobType": "example",
        "job": { "externalId": "churn", "attributes": [["a", "1"]],
                 "parameters": [["p", "input-output", "0.10"]] },
        "progress": { "state": "over", "runId": "run-1", "ending": "success", "reason": null,
                      "at": "2026-11-23T11:16:42Z" },
        "cancel": false, "platformStatus": "Succeeded", "acceptedAt": "2026-11-23T11:16:40Z",
        "startedBy": { "id": "example", "version": "1.2.3", "generation": 2,
                       "sha256": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855" },
        "answeredBy": null
    }"#;
    let record: Record = serde_json::from_str(text).unwrap();
    assert_eq!(record.job, samples::record().job);
    assert_eq!(record.started_by, Some(samples::plugin_of_contract_0_1()));
    assert_eq!(record.ending(), Some(Ending::Success));
    assert_eq!(record.run_id(), Some("run-1"));
    assert_eq!(record.cancel, None);

    // It used the run's own GUID to cancel.
    let cancelled = text
        .replace(r#""cancel": false"#, r#""cancel": true"#)
        .replace(r#""over""#, r#""running", "askedToStop": true"#);
    let record: Record = serde_json::from_str(&cancelled).unwrap();
    assert_eq!(record.next(), Next::Cancel);
    assert_eq!(record.cancel_guid(), record.guid);
}
