//! Plugins and connections whose calls hang, beside others that work.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use futures_util::future::{join_all, select_all};
use polysync_host::{CallFault, Clock, Host, Limits, Source};
use test_components::text;

use crate::stage::{Function, SHORT, Stage, answer};

/// Far longer than a good call takes on a busy machine: a call that hangs so long is seen to starve
/// its neighbour.
const LONG: Duration = Duration::from_secs(30);

/// Six places: five for each slot, four for each connection.
fn six_places() -> Limits {
    Limits {
        concurrent_calls: 6,
        slot_share_percent: 84,
        connection_share_percent: 67,
        call_timeout: LONG,
        ..Limits::recommended()
    }
}

#[tokio::test]
async fn a_connection_whose_calls_hang_does_not_starve_another() {
    let stage = Stage::new(six_places()).await;
    let hanging = stage.connection("sleep");
    let hung = (0..20).map(|_| Box::pin(answer(&hanging, Function::Status)));
    tokio::select! {
        biased;
        (outcome, ..) = select_all(hung) => panic!("the hung calls ended first: {outcome:?}"),
        other = stage.call_alone(Function::Status, "log-line") => assert!(other.is_ok(), "{other:?}"),
    }
    stage.serves().await;
}

#[tokio::test]
async fn a_plugin_whose_connections_hang_does_not_starve_another_plugin() {
    let stage = Stage::new(six_places()).await;
    let other = stage.host.load(test_components::misbehaving()).await;
    let other = stage.beside(other.expect("a plugin"));
    let hanging = [(); 4].map(|()| stage.connection("sleep"));
    let hung = hanging
        .iter()
        .flat_map(|hanging| (0..5).map(|_| Box::pin(answer(hanging, Function::Status))));
    tokio::select! {
        biased;
        (outcome, ..) = select_all(hung) => panic!("the hung calls ended first: {outcome:?}"),
        other = other.call_alone(Function::Status, "log-line") => assert!(other.is_ok(), "{other:?}"),
    }
    stage.serves().await;
}

#[tokio::test]
async fn the_use_of_the_host_shows_calls_that_run_and_calls_that_wait() {
    let stage = Stage::new(six_places()).await;
    let hanging = stage.connection("sleep");
    let hung = (0..20).map(|_| Box::pin(answer(&hanging, Function::Status)));
    let look = async {
        // All twenty have been asked once when this task is.
        tokio::task::yield_now().await;
        stage.host.usage()
    };
    let usage = tokio::select! {
        biased;
        (outcome, ..) = select_all(hung) => panic!("the hung calls ended first: {outcome:?}"),
        usage = look => usage,
    };
    assert_eq!((usage.calls, usage.waiting), (4, 16));
    stage.serves().await;
}

#[tokio::test]
async fn a_call_that_waits_too_long_for_a_place_ends_without_having_run() {
    let limit = Duration::from_millis(1);
    let stage = Stage::new(Limits {
        concurrent_calls: 1,
        wait_timeout: limit,
        call_timeout: SHORT,
        ..Limits::recommended()
    })
    .await;
    let hanging = stage.connection("sleep");
    let outcomes = join_all([(); 2].map(|()| answer(&hanging, Function::Status))).await;
    assert_eq!(
        outcomes,
        [
            Err(CallFault::Timeout { limit: SHORT }),
            Err(CallFault::NoPlace { limit }),
        ]
    );
    stage.serves().await;
}

/// A clock that only the test moves.
#[derive(Debug, Default)]
struct Frozen(AtomicU64);

#[async_trait]
impl Clock for Frozen {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH + Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    async fn sleep(&self, _: Duration) {
        std::future::pending().await
    }

    fn random(&self, max: u64) -> u64 {
        max
    }
}

#[tokio::test]
async fn the_time_that_a_call_waits_for_a_place_counts_as_its_time() {
    let clock = Arc::new(Frozen::default());
    let stage = Stage::new(Limits {
        concurrent_calls: 1,
        call_timeout: LONG,
        ..Limits::recommended()
    })
    .await
    .clock(Arc::clone(&clock) as Arc<dyn Clock>);
    let hanging = stage.connection("sleep");
    let waiting = stage.connection("time-left");
    let mut waiting = Box::pin(answer(&waiting, Function::Status));
    {
        let mut hung = Box::pin(answer(&hanging, Function::Status));
        tokio::select! {
            biased;
            outcome = &mut hung => panic!("it ended: {outcome:?}"),
            outcome = &mut waiting => panic!("it had no place: {outcome:?}"),
            () = tokio::task::yield_now() => {}
        }
        clock.0.store(7_000, Ordering::Relaxed);
    }
    assert_eq!(waiting.await.as_deref(), Ok("23000"));
}

#[tokio::test]
async fn a_describe_that_hangs_does_not_keep_another_plugin_from_being_loaded() {
    let host = Host::new(Limits {
        call_timeout: LONG,
        ..Limits::recommended()
    })
    .expect("a host");
    let for_ever = "(loop $for-ever (br $for-ever)) unreachable";
    let hung = host.load(Source::bytes(text::describing(for_ever)));
    tokio::select! {
        biased;
        outcome = hung => panic!("`describe` ended first: {outcome:?}"),
        loaded = host.load(test_components::misbehaving()) => assert!(loaded.is_ok(), "{loaded:?}"),
    }
}
