//! How many runs are: in how many calls a plugin is asked, and which run each answer is for.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use polysync_host::contract::{Attribute, Connection, Run};
use polysync_host::{Access, CallFault, Clock, Grants, Host, HostError, Limits, Source};
use test_components::text;

fn access() -> Access {
    let credentials = Credentials::new("AKID", "secret", None, None, "test");
    Access::new(Grants::none(), SharedCredentialsProvider::new(credentials))
}

fn connection(order: &str) -> Connection {
    let order = Attribute {
        name: "order".to_owned(),
        value: order.to_owned(),
    };
    Connection {
        region: "eu-west-1".to_owned(),
        endpoint: None,
        attributes: vec![order],
    }
}

fn run(external_id: &str, run_id: &str) -> Run {
    Run {
        external_id: Some(external_id.to_owned()),
        run_id: run_id.to_owned(),
    }
}

/// For each run, which run the plugin answered for and how many runs its call was for, or `broke`.
async fn answers(runs: &[Run], runs_per_call: usize) -> Vec<String> {
    let host = Host::new(Limits {
        runs_per_call,
        ..Limits::recommended()
    })
    .expect("a host");
    let plugin = host.load(test_components::misbehaving()).await;
    let plugin = plugin.expect("a plugin");
    let job_type = plugin.for_connection(connection("echo-runs"), access());
    let answers = job_type.statuses(runs).await.into_iter();
    let shown = answers.map(|answer| match answer {
        Ok(answer) => {
            let status = answer.expect("a status");
            format!(
                "{} of {}",
                status.message.unwrap_or_default(),
                status.platform_status
            )
        }
        Err(broken) => {
            assert_eq!(broken.function, "statuses");
            "broke".to_owned()
        }
    });
    shown.collect()
}

#[tokio::test]
async fn all_runs_are_asked_for_in_one_call_and_the_answers_are_in_their_order() {
    let runs = [run("b", "3"), run("a", "1"), run("b", "2"), run("b", "3")];
    assert_eq!(
        answers(&runs, 1_000).await,
        ["3 of 3", "1 of 3", "2 of 3", "3 of 3"]
    );
}

#[tokio::test]
async fn more_runs_than_the_limit_are_asked_for_in_several_calls_with_those_of_a_job_together() {
    let runs = ["b", "a", "b", "a", "c"].into_iter().zip(1..);
    let runs: Vec<_> = runs.map(|(job, id)| run(job, &id.to_string())).collect();
    assert_eq!(
        answers(&runs, 2).await,
        ["1 of 2", "2 of 2", "3 of 2", "4 of 2", "5 of 1"]
    );
}

#[tokio::test]
async fn a_call_that_breaks_fails_for_its_own_runs() {
    let runs = ["1", "2", "trap", "4", "5"].map(|id| run(if id < "3" { "a" } else { "b" }, id));
    assert_eq!(
        answers(&runs, 2).await,
        ["1 of 2", "2 of 2", "broke", "4 of 2", "5 of 2"]
    );
}

#[tokio::test]
async fn no_runs_take_no_call() {
    assert!(answers(&[], 1).await.is_empty());
}

#[test]
fn a_call_is_for_at_least_one_run() {
    let limits = Limits {
        runs_per_call: 0,
        ..Limits::recommended()
    };
    let error = Host::new(limits).expect_err("no run in a call");
    let field = "runs_per_call";
    assert!(matches!(error, HostError::ZeroLimit { field: found } if found == field));
}

/// Counts the calls that sleep, and how many did at most at the same time.
#[derive(Debug, Default)]
struct Sleepers {
    now: AtomicUsize,
    most: AtomicUsize,
    all: AtomicUsize,
}

#[async_trait]
impl Clock for Sleepers {
    fn now(&self) -> SystemTime {
        SystemTime::UNIX_EPOCH
    }

    async fn sleep(&self, _: Duration) {
        self.all.fetch_add(1, Ordering::Relaxed);
        let now = self.now.fetch_add(1, Ordering::Relaxed) + 1;
        self.most.fetch_max(now, Ordering::Relaxed);
        // Long enough for every other call that may run to come here too.
        for _ in 0..1_000 {
            tokio::task::yield_now().await;
        }
        self.now.fetch_sub(1, Ordering::Relaxed);
    }

    fn random(&self, max: u64) -> u64 {
        max
    }
}

/// Polls ten runs of a plugin of version 0.1, one of them twice, and returns how many calls ran at the same
/// time.
async fn calls_at_once(limits: Limits) -> usize {
    let host = Host::new(limits).expect("a host");
    let status = "(call $sleep (i64.const 1)) unreachable";
    let plugin = host.load(Source::bytes(text::polled_by_0_1("polled", status)));
    let plugin = plugin.await.expect("a plugin");
    let clock = Arc::new(Sleepers::default());
    let access = access().with_clock(Arc::clone(&clock) as Arc<dyn Clock>);
    let job_type = plugin.for_connection(connection(""), access);
    let mut runs: Vec<_> = (0..10).map(|id| run("job", &id.to_string())).collect();
    runs.push(runs[0].clone());
    let answers = job_type.statuses(&runs).await;
    assert_eq!(answers.len(), 11);
    for answer in answers {
        let broken = answer.expect_err("it traps");
        assert_eq!(broken.function, "status");
        assert!(matches!(broken.fault, CallFault::Trap { .. }), "{broken}");
    }
    assert_eq!(clock.all.load(Ordering::Relaxed), 10);
    clock.most.load(Ordering::Relaxed)
}

#[tokio::test]
async fn a_plugin_of_version_0_1_is_called_for_each_run_and_for_few_at_the_same_time() {
    let limits = |requests_at_once, concurrent_calls, (slot, connection)| Limits {
        requests_at_once,
        concurrent_calls,
        slot_share_percent: slot,
        connection_share_percent: connection,
        ..Limits::recommended()
    };
    assert_eq!(calls_at_once(limits(4, 64, (50, 50))).await, 4);
    // A call that waits for its share could end without being asked.
    assert_eq!(calls_at_once(limits(8, 6, (50, 100))).await, 3);
    assert_eq!(calls_at_once(limits(8, 6, (100, 50))).await, 3);
}

/// The answer of a `status` of version 0.1: it succeeds, with 8,000 empty details, which take 384,000 bytes.
const MANY_DETAILS: &str = "
    (i32.store (i32.const 8296) (i32.const 131072))
    (i32.store (i32.const 8300) (i32.const 8000))
    (i32.const 8192)";

#[tokio::test]
async fn all_answers_of_a_plugin_of_version_0_1_have_the_memory_of_one_calls() {
    let limits = Limits {
        transfer_bytes: 1 << 20,
        runs_per_call: 10,
        ..Limits::recommended()
    };
    let host = Host::new(limits).expect("a host");
    let plugin = host.load(Source::bytes(text::polled_by_0_1("large", MANY_DETAILS)));
    let plugin = plugin.await.expect("a plugin");
    let job_type = plugin.for_connection(connection(""), access());
    let runs: Vec<_> = (0..20).map(|id| run("job", &format!("{id:02}"))).collect();
    let answers = job_type.statuses(&runs).await;
    assert_eq!(answers.len(), 20);
    for (at, answer) in answers.into_iter().enumerate() {
        match answer {
            Ok(answer) => assert_eq!(answer.expect("a status").details.len(), 8_000),
            Err(broken) => {
                // Two of each ten fit.
                assert!(at % 10 >= 2, "{at}");
                let fault = CallFault::TooMuchData { limit: 1 << 20 };
                assert_eq!(broken.fault, fault);
                continue;
            }
        }
        assert!(at % 10 < 2, "{at}");
    }
}
