//! Answers for many runs that aren't one for each run.

use polysync_host::contract::Run;
use polysync_host::{CallFault, Limits};

use crate::stage::Stage;

/// The fault of each of three runs.
async fn faults(order: &str, limits: Limits) -> Vec<CallFault> {
    let stage = Stage::new(limits).await;
    let runs = ["1", "2", "3"].map(|run_id| Run {
        external_id: None,
        run_id: run_id.to_owned(),
    });
    let answers = stage.connection(order).statuses(&runs).await;
    stage.serves().await;
    let fault = |answer: polysync_host::Answer<_>| answer.expect_err("a fault").fault;
    answers.into_iter().map(fault).collect()
}

#[tokio::test]
async fn too_few_or_too_many_answers() {
    for (order, length) in [("too-few", 2), ("too-many", 4)] {
        let problem = format!("the list of results has a length of {length} for 3 runs");
        let fault = CallFault::UnfitAnswer { problem };
        let faults = faults(order, Limits::recommended()).await;
        assert_eq!(faults, vec![fault; 3]);
    }
}

#[tokio::test]
async fn no_answer_at_all_when_one_is_left_out_of_each_call() {
    let limits = Limits {
        runs_per_call: 1,
        ..Limits::recommended()
    };
    let problem = "the list of results has a length of 0 for 1 runs".to_owned();
    let fault = CallFault::UnfitAnswer { problem };
    assert_eq!(faults("too-few", limits).await, vec![fault; 3]);
}

#[tokio::test]
async fn a_memory_bomb_in_statuses() {
    let limit = Limits::recommended().memory_bytes;
    let faults = faults("take-memory", Limits::recommended()).await;
    assert_eq!(faults, vec![CallFault::OutOfMemory { limit }; 3]);
}
