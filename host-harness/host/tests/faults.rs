//! How a call that breaks is told apart from others; what hostile plugins come to is in `hostile/`.

use polysync_host::{CallFault, Host, Limits, LoadFault, Source};
use test_components::text;

async fn fault(describe: &str, limits: Limits) -> CallFault {
    let host = Host::new(limits).expect("a host");
    let error = host.load(Source::bytes(text::describing(describe))).await;
    match error.expect_err("it must break").fault {
        LoadFault::Describe(fault) => fault,
        other => panic!("it broke before it was called: {other}"),
    }
}

#[tokio::test]
async fn calls_past_the_pool_s_size_wait_their_turn() {
    let host = Host::new(Limits {
        concurrent_calls: 1,
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
async fn a_plugin_without_memory_left_is_told_apart_from_one_that_panics() {
    let greedy = "(drop (memory.grow (i32.const 2000))) unreachable";
    let fault = fault(greedy, Limits::recommended()).await;
    assert_eq!(fault, CallFault::OutOfMemory { limit: 64 << 20 });
}

#[tokio::test]
async fn requests_past_the_limit_end_the_call() {
    // The list's 2,001 requests are empty strings and lists: memory that was never written.
    let many = "(call $send-all (i32.const 65536) (i32.const 2001) (i32.const 0)) unreachable";
    let fault = fault(many, Limits::recommended()).await;
    assert_eq!(fault, CallFault::TooManyRequests { limit: 2_000 });
}

#[tokio::test]
async fn more_data_than_the_host_takes_at_once_ends_the_call() {
    let large = "(call $log (i32.const 4) (i32.const 0) (i32.const 2000)) unreachable";
    let limits = Limits {
        transfer_bytes: 1_000,
        ..Limits::recommended()
    };
    let fault = fault(large, limits).await;
    assert_eq!(fault, CallFault::TooMuchData { limit: 1_000 });
}

#[tokio::test]
async fn a_result_that_is_no_description_is_the_plugin_s_fault() {
    let fault = fault("i32.const -4", Limits::recommended()).await;
    assert!(matches!(fault, CallFault::Trap { .. }), "{fault}");
}
