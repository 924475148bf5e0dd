//! The models allow every request, whatever a host passes.

use super::subject::subject;
use crate::GlueJob;
use crate::testing::run;
use model_checks::Passed;
use proptest::prelude::*;

/// Members of the operations that the job type never sends.
const UNUSED: [&str; 15] = [
    "AllocatedCapacity of StartJobRun",
    "ExecutionClass of StartJobRun",
    "ExecutionRoleSessionPolicy of StartJobRun",
    "JobRunId of StartJobRun",
    "JobRunQueuingEnabled of StartJobRun",
    "MaxCapacity of StartJobRun",
    "NextToken of GetJobRuns",
    "NotificationProperty of StartJobRun",
    "PredecessorsIncluded of GetJobRun",
    "SecurityConfiguration of StartJobRun",
    "filterPattern of FilterLogEvents",
    "interleaved of FilterLogEvents",
    "logGroupIdentifier of FilterLogEvents",
    "logStreamNames of FilterLogEvents",
    "unmask of FilterLogEvents",
];

#[test]
fn every_request_has_members_of_the_model_and_what_is_never_sent_is_known() {
    let mut subject = subject();
    subject.passed.cursor = Some("2.token".to_owned());
    subject.every_member_is_sent_or_unused::<GlueJob>(&UNUSED);
}

/// The ids of runs, and texts that are none. Glue's own ids have no character that the name of a stream
/// of logs can't have.
fn run_ids() -> impl Strategy<Value = String> {
    let name = "[ -~é日😀]{1,255}";
    prop_oneof![
        6 => (name, "jr_[0-9a-f]{0,64}").prop_map(|(job, id)| format!("{job}/{id}")),
        1 => (name, "[ -)+-.0-9;-~é]{250,255}").prop_map(|(job, id)| format!("{job}/{id}")),
        1 => "\\PC{0,12}",
        1 => prop::sample::select(vec!["", "/", "a/", "/jr_1", "a\tb/jr_1", "a/jr_\u{2028}"])
            .prop_map(str::to_owned),
    ]
}

fn passed() -> impl Strategy<Value = Passed> {
    let cursors = prop::option::of(prop_oneof![
        3 => "[1-9][0-9]?\\.[ -~]{0,40}",
        1 => "\\PC{0,12}",
    ]);
    let groups = prop_oneof![
        3 => "/aws-glue/jobs(/[a-z]{1,9})?/(output|error)",
        1 => prop::sample::select(vec!["", "/output", "a b/error", "é/output", "/aws/rds/c"])
            .prop_map(str::to_owned),
        1 => Just(["a".repeat(506), "/output".to_owned()].concat()),
    ];
    let log_cursors = (groups, "[ -~é]{0,20}", "[ -~é]{0,20}", any::<u64>()).prop_map(
        |(group, prefix, token, until)| {
            let place = serde_json::json!({
                "group": group, "prefix": prefix, "token": token, "until": until,
                "delivered": [until, 0],
            });
            serde_json::json!({"places": [place]}).to_string()
        },
    );
    let names = prop_oneof![4 => "\\PC{0,12}", 1 => "[a-z]{254,256}"];
    (run_ids(), run_ids(), cursors, names, log_cursors).prop_map(
        |(one, other, cursor, external_id, log_cursor)| Passed {
            external_id,
            runs: vec![run(&one), run(&other), run(&one.replace("jr_", "jr_x"))],
            cursor,
            log_cursor,
            ..subject().passed
        },
    )
}

#[test]
fn every_request_satisfies_the_models_whatever_run_or_cursor_a_host_passes() {
    let sent = subject().every_request_is_allowed::<GlueJob>(300, passed());
    assert!(sent > 2_000, "{sent}");
}
