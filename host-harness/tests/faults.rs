//! What a plugin that breaks, or never ends, comes to: an error that says so, within its time.

use std::time::Duration;

use polysync_harness::{CallFault, Host, Limits, LoadFault, Source};
use wit_component::{ComponentEncoder, StringEncoding, embed_component_metadata};
use wit_parser::Resolve;

/// A plugin whose `describe` does this, and whose other functions trap.
fn plugin(describe: &str) -> Vec<u8> {
    let others: String = [
        ("validate", 16),
        ("test-connection", 7),
        ("discover", 10),
        ("inspect", 9),
        ("start", 15),
        ("status", 11),
        ("cancel", 13),
        ("retry", 15),
        ("steps", 14),
        ("monitor-url", 11),
    ]
    .map(|(name, parameters)| {
        let parameters = " i32".repeat(parameters);
        format!(
            r#"(func (export "polysync:job-type/job-type@0.1.0#{name}")
                (param{parameters}) (result i32) unreachable)"#
        )
    })
    .concat();
    let text = format!(
        r#"(module
            (import "polysync:job-type/log@0.1.0" "write" (func $log (param i32 i32 i32)))
            (import "polysync:job-type/clock@0.1.0" "sleep" (func $sleep (param i64)))
            (import "polysync:job-type/http@0.1.0" "send-all"
                (func $send-all (param i32 i32 i32)))
            (memory (export "memory") 4)
            (data (i32.const 1024) "panicked at the disco")
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) i32.const 2048)
            (func $describe (export "polysync:job-type/job-type@0.1.0#describe") (result i32)
                {describe})
            {others})"#
    );
    let mut module = wat::parse_str(text).expect("valid text");
    let mut resolve = Resolve::default();
    let (package, _) = resolve.push_path("../wit").expect("the contract");
    let world = resolve
        .select_world(&[package], Some("plugin"))
        .expect("the world");
    embed_component_metadata(&mut module, &resolve, world, StringEncoding::UTF8).expect("embeds");
    let mut encoder = ComponentEncoder::default();
    encoder.validate(true).module(&module).expect("takes it");
    encoder.encode().expect("a component")
}

async fn fault(describe: &str, limits: Limits) -> CallFault {
    let host = Host::new(limits).expect("a host");
    let error = host.load(Source::bytes(plugin(describe))).await;
    match error.expect_err("it must break").fault {
        LoadFault::Describe(fault) => fault,
        other => panic!("it broke before it was called: {other}"),
    }
}

const SHORT: Duration = Duration::from_millis(50);

fn short() -> Limits {
    Limits {
        call_timeout: SHORT,
        ..Limits::recommended()
    }
}

#[tokio::test]
async fn a_plugin_that_computes_for_ever_is_ended() {
    let fault = fault("(loop $for-ever (br $for-ever)) unreachable", short()).await;
    assert_eq!(fault, CallFault::Timeout { limit: SHORT });
}

#[tokio::test]
async fn a_plugin_that_waits_for_ever_is_ended() {
    let for_ever = "(loop $l (call $sleep (i64.const -1)) (br $l)) unreachable";
    let fault = fault(for_ever, short()).await;
    assert_eq!(fault, CallFault::Timeout { limit: SHORT });
}

#[tokio::test]
async fn a_plugin_that_computes_lets_others_run() {
    // One thread for all: the spinning plugin has to give way for the other task to end at all.
    let spinning = tokio::spawn(fault(
        "(loop $for-ever (br $for-ever)) unreachable",
        Limits {
            call_timeout: Duration::from_secs(3_600),
            ..Limits::recommended()
        },
    ));
    let fault = fault("unreachable", Limits::recommended()).await;
    assert!(matches!(fault, CallFault::Trap { .. }));
    spinning.abort();
    assert!(spinning.await.is_err_and(|error| error.is_cancelled()));
}

#[tokio::test]
async fn calls_past_the_pool_s_size_wait_their_turn() {
    let host = Host::new(Limits {
        concurrent_calls: 1,
        ..Limits::recommended()
    })
    .expect("a host");
    // Each sleeps while it holds the only place.
    let plugin = plugin("(call $sleep (i64.const 5)) unreachable");
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
async fn a_panic_comes_with_the_line_that_the_plugin_logged() {
    let panic = "(call $log (i32.const 4) (i32.const 1024) (i32.const 21)) unreachable";
    let fault = fault(panic, Limits::recommended()).await;
    assert_eq!(
        fault.to_string(),
        "wasm `unreachable` instruction executed, \
         after it logged `panicked at the disco`; report it to the plugin's authors"
    );
}

#[tokio::test]
async fn a_plugin_without_memory_left_is_told_apart_from_one_that_panics() {
    let greedy = "(drop (memory.grow (i32.const 2000))) unreachable";
    let fault = fault(greedy, Limits::recommended()).await;
    assert_eq!(fault, CallFault::OutOfMemory { limit: 64 << 20 });
}

#[tokio::test]
async fn endless_recursion_is_a_stack_overflow() {
    let fault = fault("(call $describe)", Limits::recommended()).await;
    assert_eq!(fault, CallFault::StackOverflow { limit: 1 << 20 });
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
