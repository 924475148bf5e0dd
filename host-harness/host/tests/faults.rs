//! Which fault each way of breaking a call ends in. Plugins that break on purpose are in `hostile/`.

use polysync_host::{CallFault, Host, Limits, LoadFault, Source};
use test_components::text;

async fn fault(describe: &str, limits: Limits) -> CallFault {
    let host = Host::new(limits).expect("a host");
    let error = host.load(Source::bytes(text::describing(describe))).await;
    match error.expect_err("it must break").fault {
        LoadFault::Describe(fault) => fault,
        other => panic!("it broke before `describe` was called: {other}"),
    }
}

#[tokio::test]
async fn plugins_past_those_that_are_asked_at_once_wait() {
    let host = Host::new(Limits {
        concurrent_describes: 1,
        ..Limits::recommended()
    })
    .expect("a host");
    // Each sleeps while it holds the only place.
    let plugin = text::describing("(call $sleep (i64.const 5)) unreachable");
    let (one, two) = tokio::join!(
        host.load(Source::bytes(plugin.clone())),
        host.load(Source::bytes(plugin))
    );
    for loaded in [one, two] {
        let fault = loaded.expect_err("it traps").fault;
        assert!(
            matches!(fault, LoadFault::Describe(CallFault::Trap { .. })),
            "{fault}"
        );
    }
}

#[tokio::test]
async fn running_out_of_memory_is_not_reported_as_a_panic() {
    let greedy = "(drop (memory.grow (i32.const 2000))) unreachable";
    let fault = fault(greedy, Limits::recommended()).await;
    assert_eq!(fault, CallFault::OutOfMemory { limit: 64 << 20 });
}

#[tokio::test]
async fn requests_past_the_limit_end_the_call() {
    // The list is in memory that was never written, so its 2,001 requests are empty.
    let many = "(call $send-all (i32.const 65536) (i32.const 2001) (i32.const 0)) unreachable";
    let fault = fault(many, Limits::recommended()).await;
    assert_eq!(fault, CallFault::TooManyRequests { limit: 2_000 });
}

#[tokio::test]
async fn handing_over_more_data_than_the_limit_ends_the_call() {
    let large = "(call $log (i32.const 4) (i32.const 0) (i32.const 2000)) unreachable";
    let limits = Limits {
        transfer_bytes: 1_000,
        ..Limits::recommended()
    };
    let fault = fault(large, limits).await;
    assert_eq!(fault, CallFault::TooMuchData { limit: 1_000 });
}

#[tokio::test]
async fn an_invalid_result_is_a_trap_of_the_plugin() {
    let fault = fault("i32.const -4", Limits::recommended()).await;
    assert!(matches!(fault, CallFault::Trap { .. }), "{fault}");
}
