//! The generations of a slot, and rollbacks while a swap is loading.

use std::pin::{Pin, pin};
use std::task::{Context, Poll, Waker};

use super::*;
use crate::host::Host;
use crate::limits::Limits;

fn poll<F: Future>(future: Pin<&mut F>) -> Poll<F::Output> {
    future.poll(&mut Context::from_waker(Waker::noop()))
}

#[tokio::test]
async fn the_code_of_a_generation_is_freed_when_nothing_needs_it() {
    let builds = [
        test_components::sagemaker_pipeline_next(),
        test_components::sagemaker_pipeline(),
    ];
    let cache = tempfile::tempdir().expect("a folder");
    let host = Host::with_cache(Limits::recommended(), cache.path()).expect("a host");
    let slot = Slot::new(host.load(builds[1]).await.expect("a plugin"));
    let first_is_left = slot.plugin().liveness();
    let mut swaps = builds.iter().cycle();
    for build in swaps.by_ref().take(KEPT) {
        slot.swap(build).await.expect("a swap");
    }
    assert!(first_is_left(), "it is kept for a rollback");
    let next = swaps.next().expect("a build");
    slot.swap(next).await.expect("a swap");
    assert!(!first_is_left());
}

#[tokio::test]
async fn a_rollback_wins_over_a_swap_that_is_loading() {
    let next = test_components::sagemaker_pipeline_next();
    let host = Host::new(Limits::recommended()).expect("a host");
    let first = host.load(test_components::sagemaker_pipeline()).await;
    let slot = Slot::new(first.expect("a plugin"));

    // Another swap has its turn, so this one can't be done before the rollback.
    let turn = slot.0.loading.lock().await;
    let mut swap = pin!(slot.swap(next));
    assert!(poll(swap.as_mut()).is_pending());
    assert!(slot.rollback().is_err(), "nothing served before");
    drop(turn);
    let error = swap.await.expect_err("the rollback came later");
    assert!(
        matches!(error.fault, LoadFault::RolledBack { .. }),
        "{error}"
    );
    assert_eq!(slot.identity().generation, 1);

    slot.swap(next).await.expect("a swap after the rollback");
    assert_eq!(slot.identity().generation, 2);
}

#[tokio::test]
async fn a_rollback_wins_over_a_swap_that_is_loaded_and_not_installed() {
    let host = Host::new(Limits::recommended()).expect("a host");
    let first = host.load(test_components::sagemaker_pipeline()).await;
    let slot = Slot::new(first.expect("a plugin"));
    let next = Source::file(test_components::sagemaker_pipeline_next());
    let binary = host.read(next).await.expect("a component");
    let ticket = slot.ticket();
    // The first poll goes past the first check, and begins to compile.
    let mut swap = pin!(slot.swap_binary(ticket, "next".to_owned(), binary));
    assert!(poll(swap.as_mut()).is_pending());
    assert!(slot.rollback().is_err(), "nothing served before");
    let error = swap.await.expect_err("the rollback came later");
    assert!(
        matches!(error.fault, LoadFault::RolledBack { .. }),
        "{error}"
    );
    assert_eq!(slot.identity().generation, 1);
}

#[tokio::test]
async fn a_plugin_of_before_a_restart_is_brought_back_and_waits_for_no_swap() {
    let host = Host::new(Limits::recommended()).expect("a host");
    let bad = host.load(test_components::sagemaker_pipeline_next()).await;
    let slot = Slot::new(bad.expect("a plugin"));
    let kept = std::fs::read(test_components::sagemaker_pipeline()).expect("a component");
    let _another_swap = slot.0.loading.lock().await;
    let swap = slot.rollback_to(Source::bytes(kept.clone())).await;
    assert!(matches!(swap, Ok(Swap::Done { to, .. }) if to.version == "0.1.0"));
    assert_eq!(slot.plugin().bytes(), kept);
    // The bad one isn't kept.
    assert!(slot.rollback().is_err());
}

#[tokio::test]
async fn a_swap_that_is_asked_for_after_a_rollback_to_a_kept_plugin_wins_over_it() {
    let host = Host::new(Limits::recommended()).expect("a host");
    let bad = host.load(test_components::misbehaving()).await;
    let bad = bad.expect("a plugin");
    let id = bad.description().id.clone();
    let slot = Slot::new(bad);
    let kept = other_build(test_components::misbehaving(), "kept");
    let newer = other_build(test_components::misbehaving(), "newer");
    let newest = Source::bytes(newer.clone());

    // The first poll begins to load.
    let mut rollback = pin!(slot.rollback_to(Source::bytes(kept)));
    assert!(poll(rollback.as_mut()).is_pending());
    slot.swap(newest).await.expect("a swap after the rollback");
    let error = rollback.await.expect_err("the swap came later");
    assert!(matches!(error.fault, LoadFault::Overtaken), "{error}");
    assert_eq!((&slot.identity().id, slot.identity().generation), (&id, 2));
    assert_eq!(slot.plugin().bytes(), newer);
}

#[tokio::test]
async fn a_swap_to_the_plugin_that_a_rollback_brings_back_is_not_rolled_back_from() {
    let host = Host::new(Limits::recommended()).expect("a host");
    let first = host.load(test_components::misbehaving()).await;
    let slot = Slot::new(first.expect("a plugin"));
    let next = other_build(test_components::misbehaving(), "next");
    slot.swap(Source::bytes(next)).await.expect("a swap");

    // The first plugin's file is back in its place, and somebody rolls back too.
    let turn = slot.0.loading.lock().await;
    let mut swap = pin!(slot.swap(test_components::misbehaving()));
    assert!(poll(swap.as_mut()).is_pending());
    slot.rollback().expect("the first is kept");
    drop(turn);
    let swap = swap.await;
    assert!(matches!(swap, Ok(Swap::Unchanged { .. })), "{swap:?}");
}

/// The same component with another custom section, so that its digest is another one.
fn other_build(path: impl AsRef<std::path::Path>, name: &str) -> Vec<u8> {
    let mut component = std::fs::read(path).expect("a component");
    let length = u8::try_from(name.len()).expect("a short name");
    component.extend([0, length + 1, length]);
    component.extend(name.as_bytes());
    component
}
