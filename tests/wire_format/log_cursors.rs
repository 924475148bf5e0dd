//! The requests for log events satisfy the model, whatever cursor a host passes.

use super::jobs::text;
use super::requests::{EXECUTION, expect_allowed, wire};
use super::subject::api;
use crate::support::{Stage, cases};
use polysync_host::contract::{LogPosition, Run};
use proptest::prelude::*;
use serde_json::json;

/// Cursors of logs as a host may have changed them.
fn log_cursors() -> impl Strategy<Value = String> {
    let group = text(
        "/aws/(sagemaker|lambda)/[a-zA-Z0-9./#_-]{1,12}",
        &[
            "",
            "/aws/lambda/a b",
            "/aws/lambda/é",
            "/aws/rds/c",
            "/aws/lambda/a:b",
        ],
    );
    let prefix = text("[ -9;-~]{1,20}", &["", "a:b", "*", "é", "\u{2028}"]);
    let token = text("[ -~]{1,40}", &["", "\u{1}", "é😀"]);
    let time = prop_oneof![
        Just(0),
        Just(1_793_534_000_000_u64),
        Just(u64::MAX),
        any::<u64>()
    ];
    let events = prop::collection::vec((any::<u64>(), any::<u64>(), any::<u32>()), 0..66);
    (
        group,
        prop::option::of(prefix),
        prop::option::of(token),
        time.clone(),
        time,
        events,
    )
        .prop_map(|(group, prefix, token, since, until, events)| {
            let count = u64::try_from(events.len()).unwrap();
            let events = events
                .into_iter()
                .flat_map(|(time, stream, n)| [time, stream, n.into()]);
            let delivered: Vec<u64> = [since, count].into_iter().chain(events).collect();
            let place = json!({
                "group": group, "prefix": prefix, "token": token, "until": until,
                "delivered": delivered, "again": token.as_ref().map(|_| &delivered),
            });
            json!({"places": [place]}).to_string()
        })
}

#[tokio::test]
async fn every_request_for_log_events_satisfies_the_model_whatever_cursor_a_host_passes() {
    let (stage, wire, api) = (Stage::new().await, wire(), api());
    let job_type = stage.job_type_on(&wire);
    let run = Run {
        external_id: None,
        run_id: EXECUTION.to_owned(),
    };
    let mut total_sent = 0;
    for cursor in cases(1_000, log_cursors()) {
        let position = LogPosition::After(cursor);
        drop(job_type.logs(&run, "Train", &position).await.unwrap());
        let sent = wire.take_sent();
        sent.iter().for_each(|sent| expect_allowed(&api, sent));
        total_sent += sent.len();
    }
    assert!(total_sent > 100, "{total_sent}");
}
