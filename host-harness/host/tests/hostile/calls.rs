//! Plugins that use up a limit.

use polysync_host::{CallFault, Host, Limits, LoadFault, Source};
use test_components::text;

use crate::stage::{Function, SHORT, Stage};

fn short() -> Limits {
    Limits {
        call_timeout: SHORT,
        ..Limits::recommended()
    }
}

/// One test for each function that takes a connection: an endless loop in it ends at the deadline.
macro_rules! endless_loops {
    ($($name:ident: $function:ident,)*) => {
        $(
            #[tokio::test]
            async fn $name() {
                let stage = Stage::new(short()).await;
                let fault = stage.call(Function::$function, "loop").await;
                assert_eq!(fault, Err(CallFault::Timeout { limit: SHORT }));
            }
        )*

        /// Fails to compile when a function has no test.
        const _: fn(Function) = |function| match function {
            $(Function::$function => {})*
        };
    };
}

endless_loops! {
    an_endless_loop_in_validate: Validate,
    an_endless_loop_in_test_connection: TestConnection,
    an_endless_loop_in_discover: Discover,
    an_endless_loop_in_inspect: Inspect,
    an_endless_loop_in_start: Start,
    an_endless_loop_in_status: Status,
    an_endless_loop_in_statuses: Statuses,
    an_endless_loop_in_cancel: Cancel,
    an_endless_loop_in_retry: Retry,
    an_endless_loop_in_steps: Steps,
    an_endless_loop_in_logs: Logs,
    an_endless_loop_in_monitor_url: MonitorUrl,
}

/// The fault that loading a component ends in. Afterwards the host loads another plugin.
async fn loading(component: Vec<u8>, limits: Limits) -> CallFault {
    let host = Host::new(limits).expect("a host");
    let error = host.load(Source::bytes(component)).await;
    assert_eq!(host.usage(), Default::default());
    host.load(test_components::misbehaving())
        .await
        .expect("the next plugin is served");
    match error.expect_err("it must break").fault {
        LoadFault::Describe(fault) => fault,
        other => panic!("it broke before `describe` was called: {other}"),
    }
}

const FOR_EVER: &str = "(loop $for-ever (br $for-ever)) unreachable";

#[tokio::test]
async fn an_endless_loop_in_describe() {
    let fault = loading(text::describing(FOR_EVER), short()).await;
    assert_eq!(fault, CallFault::Timeout { limit: SHORT });
}

#[tokio::test]
async fn an_endless_loop_in_start_up() {
    let fault = loading(text::starting_up(FOR_EVER), short()).await;
    assert_eq!(fault, CallFault::Timeout { limit: SHORT });
}

#[tokio::test]
async fn a_plugin_that_loops_in_start_up_does_not_keep_another_from_being_loaded() {
    // All calls run on one thread, and one call is all that may run.
    let host = Host::new(Limits {
        concurrent_calls: 1,
        ..short()
    })
    .expect("a host");
    let looping = Source::bytes(text::starting_up(FOR_EVER));
    let (looped, loaded) = tokio::join!(
        host.load(looping),
        host.load(test_components::misbehaving())
    );
    looped.expect_err("it loops");
    loaded.expect("a plugin");
}

#[tokio::test]
async fn sleeping_for_ever() {
    let stage = Stage::new(short()).await;
    let fault = stage.order("sleep").await;
    assert_eq!(fault, Err(CallFault::Timeout { limit: SHORT }));
}

#[tokio::test]
async fn a_memory_bomb() {
    let stage = Stage::new(Limits::recommended()).await;
    let limit = Limits::recommended().memory_bytes;
    let fault = stage.order("take-memory").await;
    assert_eq!(fault, Err(CallFault::OutOfMemory { limit }));

    #[cfg(target_os = "linux")]
    {
        const TIMES: usize = 20;
        let before = crate::stage::resident();
        for _ in 0..TIMES {
            let fault = stage.order("take-memory").await;
            assert_eq!(fault, Err(CallFault::OutOfMemory { limit }));
        }
        // Other tests of this process use memory meanwhile; a leak would be twenty times the limit.
        let grown = crate::stage::resident().saturating_sub(before);
        assert!(grown < TIMES / 4 * limit, "{grown} bytes");
    }
}

#[tokio::test]
async fn deep_recursion() {
    let stage = Stage::new(Limits::recommended()).await;
    let fault = stage.order("recurse").await;
    let limit = Limits::recommended().stack_bytes;
    assert_eq!(fault, Err(CallFault::StackOverflow { limit }));
}

#[tokio::test]
async fn a_trap() {
    let stage = Stage::new(Limits::recommended()).await;
    let fault = stage.order("trap").await.expect_err("a trap");
    assert_eq!(
        fault.to_string(),
        "wasm `unreachable` instruction executed; report it to the plugin's authors"
    );
}

#[tokio::test]
async fn a_trap_is_reported_with_the_last_error_that_the_plugin_logged() {
    let stage = Stage::new(Limits::recommended()).await;
    let fault = stage.order("panic-in-words").await.expect_err("a trap");
    assert_eq!(
        fault.to_string(),
        "wasm `unreachable` instruction executed, \
         after it logged `panicked at the disco`; report it to the plugin's authors"
    );
}

#[tokio::test]
async fn a_huge_log_line_is_cut() {
    let stage = Stage::new(Limits::recommended()).await;
    assert_eq!(stage.order("log-line").await.as_deref(), Ok("logged"));
}

#[tokio::test]
async fn a_flood_of_log_lines_is_dropped() {
    let stage = Stage::new(Limits::recommended()).await;
    assert_eq!(stage.order("log-flood").await.as_deref(), Ok("logged"));
}

#[tokio::test]
async fn many_requests_at_once() {
    let stage = Stage::new(Limits::recommended()).await;
    let fault = stage.order("send-many-at-once").await;
    let limit = Limits::recommended().requests_per_call;
    assert_eq!(fault, Err(CallFault::TooManyRequests { limit }));
}

#[tokio::test]
async fn a_million_requests_one_by_one() {
    // Denied requests count as well.
    let stage = Stage::new(Limits::recommended()).await;
    let fault = stage.order("send-for-ever https://a.example").await;
    let limit = Limits::recommended().requests_per_call;
    assert_eq!(fault, Err(CallFault::TooManyRequests { limit }));
}

#[tokio::test]
async fn a_plugin_that_computes_lets_others_run() {
    // Both calls run on one thread, so the other call only ends if the spinning plugin yields.
    let stage = Stage::new(Limits {
        call_timeout: std::time::Duration::from_secs(3_600),
        ..Limits::recommended()
    })
    .await;
    tokio::select! {
        biased;
        outcome = stage.call_alone(Function::Start, "loop") => panic!("it came to an end: {outcome:?}"),
        other = stage.call_alone(Function::Status, "log-line") => assert!(other.is_ok()),
    }
}
