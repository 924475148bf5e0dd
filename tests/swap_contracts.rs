//! Swaps between plugins of different versions of the contract: the released one of 0.1 and today's.

use crate::support::{GUID, Stage, answer, credentials, job, refusal, slot, swaps_under_load};
use polysync_host::contract::{ErrorClass, LogPosition, RunState};
use polysync_host::{PluginIdentity, Slot, Swap};
use std::path::{Path, PathBuf};
use std::time::Duration;

const HOUR: Duration = Duration::from_secs(3_600);

fn released() -> PathBuf {
    let released = test_components::released();
    let of_0_1 = released.iter().find(|it| it.contract == "0.1.0");
    of_0_1.unwrap().path()
}

/// Today's job type, with another version than the released one's.
fn today() -> &'static Path {
    test_components::sagemaker_pipeline_next()
}

/// The contracts that the two sides of a swap speak.
fn contracts(swap: &Swap) -> (String, String) {
    let of = |plugin: &PluginIdentity| plugin.contract.to_string();
    match swap {
        Swap::Done { from, to, .. } => (of(from), of(to)),
        Swap::Unchanged { serving } => panic!("{serving} goes on serving"),
    }
}

#[tokio::test]
async fn a_swap_and_the_plugin_that_serves_say_which_contract_is_spoken() {
    let slot = slot(&released()).await;
    assert_eq!(slot.identity().contract.to_string(), "0.1.0");
    let swap = slot.swap(today()).await.unwrap();
    assert_eq!(contracts(&swap), ("0.1.0".to_owned(), "0.2.0".to_owned()));
    assert_eq!(slot.identity().contract.to_string(), "0.2.0");
    let swap = slot.rollback().unwrap();
    assert_eq!(contracts(&swap), ("0.2.0".to_owned(), "0.1.0".to_owned()));
    let serving = slot.identity().to_string();
    assert!(serving.contains("contract 0.1.0"), "{serving}");
}

/// Starts a run, swaps, cancels it, and finishes it under the first plugin again.
async fn a_run_over_swaps(first: &Path, second: &Path) {
    let stage = Stage::new().await;
    let slot = slot(first).await;
    let access = stage.access(stage.grants(), credentials());
    let job_type = slot.for_connection(stage.connection(), access);
    let one_step = job("one-step", &[]);
    let run = stage.run("one-step", answer(job_type.start(&one_step, GUID).await));

    slot.swap(second).await.unwrap();
    let again = answer(job_type.start(&one_step, GUID).await);
    assert_eq!(again.run_id, run.run_id);
    assert_eq!(answer(job_type.status(&run).await).state, RunState::Running);
    answer(job_type.cancel(&run, GUID).await);

    slot.rollback().unwrap();
    stage.clock.advance(HOUR);
    let status = answer(job_type.statuses(&[run]).await.remove(0));
    assert_eq!((status.state, status.finished), (RunState::Cancelled, true));
    assert_eq!(stage.emulator.executions_created(), 1);
}

#[tokio::test]
async fn a_run_is_started_cancelled_and_finished_under_different_contracts() {
    a_run_over_swaps(&released(), today()).await;
    a_run_over_swaps(today(), &released()).await;
}

/// A cursor is the plugin's own text, so the next plugin has to understand it, whatever its contract.
#[tokio::test]
async fn a_listing_that_a_plugin_of_one_contract_began_is_finished_by_one_of_the_other() {
    let empty = r#"{"Version": "2020-12-01", "Steps": []}"#;
    let stage = Stage::with(|emulator| {
        (0..150).fold(emulator, |emulator, i| {
            emulator.pipeline(format!("p{i}"), empty)
        })
    })
    .await;
    let (old, new) = (released(), today());
    for (first, second) in [(old.as_path(), new), (new, old.as_path())] {
        let slot = slot(first).await;
        let access = stage.access(stage.grants(), credentials());
        let job_type = slot.for_connection(stage.connection(), access);
        let page = answer(job_type.discover(None).await);
        slot.swap(second).await.unwrap();
        let rest = answer(job_type.discover(page.next_cursor.as_deref()).await);
        assert_eq!((page.jobs.len(), rest.next_cursor), (100, None));
        assert!(rest.jobs.len() > 50, "{}", rest.jobs.len());
    }
}

fn offers_logs(slot: &Slot) -> bool {
    let plugin = slot.plugin();
    plugin.description().features.iter().any(|it| it == "logs")
}

#[tokio::test]
async fn a_feature_that_a_swap_takes_away_or_brings_is_gone_or_there_in_the_next_call() {
    let stage = Stage::new().await;
    let slot = slot(today()).await;
    let access = stage.access(stage.grants(), credentials());
    let job_type = slot.for_connection(stage.connection(), access);
    let started = answer(job_type.start(&job("one-step", &[]), GUID).await);
    let run = stage.run("one-step", started);
    stage.clock.advance(HOUR);

    for _ in 0..2 {
        assert!(offers_logs(&slot));
        answer(job_type.logs(&run, "Work", &LogPosition::Oldest).await);

        slot.swap(released()).await.unwrap();
        assert!(!offers_logs(&slot));
        let error = refusal(job_type.logs(&run, "Work", &LogPosition::Oldest).await);
        assert_eq!(error.class, ErrorClass::Unsupported);

        slot.swap(today()).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn swaps_between_contracts_under_full_load_fail_no_call_and_lose_no_run() {
    let stage = Stage::in_real_time(Duration::from_millis(20)).await;
    let slot = slot(&released()).await;
    let calls = swaps_under_load(&stage, &slot, [today(), &released()], 60).await;
    assert_eq!(calls.keys().collect::<Vec<_>>(), ["0.1.0", "0.2.0"]);
}
