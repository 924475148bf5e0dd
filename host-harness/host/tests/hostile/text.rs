//! Plugins that answer with escape sequences, forged lines and marks that turn the direction of text.
//!
//! `Debug` writes such a character as an escape, so the tests look for the escapes.

use std::fmt::Debug;

use polysync_host::contract::{Error, ErrorClass, Job, LogPosition, Run};
use polysync_host::{CallError, CallFault, JobType, Limits};

use crate::stage::{Function, GUID, Stage};

/// How `Debug` writes the characters of the plugin's text that must not leave the host.
const ESCAPES: [&str; 7] = [
    r"\u{1b}",
    r"\u{7}",
    r"\u{9b}",
    r"\u{202e}",
    r"\u{2066}",
    r"\0",
    r"\r",
];

#[track_caller]
fn assert_clean(answer: impl Debug) {
    let shown = format!("{answer:?}");
    for escape in ESCAPES {
        assert!(!shown.contains(escape), "{escape} in {shown}");
    }
}

fn job() -> Job {
    Job {
        external_id: "job".to_owned(),
        attributes: Vec::new(),
        parameters: Vec::new(),
    }
}

fn run() -> Run {
    Run {
        external_id: Some("job".to_owned()),
        run_id: "run".to_owned(),
    }
}

/// Asks each function of the contract, and hands each answer to a macro.
macro_rules! each_answer {
    ($job_type:ident, $take:ident) => {
        $take!("test_connection", $job_type.test_connection());
        $take!("discover", $job_type.discover(None));
        $take!("inspect", $job_type.inspect("job"));
        $take!("start", $job_type.start(&job(), GUID));
        $take!("status", $job_type.status(&run()));
        $take!("cancel", $job_type.cancel(&run(), GUID));
        $take!("retry", $job_type.retry(&run(), &[], GUID));
        $take!("steps", $job_type.steps(&run(), None));
        $take!("logs", $job_type.logs(&run(), "step", &LogPosition::Oldest));
        $take!("monitor_url", $job_type.monitor_url(&run()));
    };
}

#[tokio::test]
async fn escape_sequences_in_each_text_of_each_answer() {
    let stage = Stage::new(Limits::recommended()).await;
    let job_type = stage.job_type(Some("escape-text"));
    macro_rules! clean {
        ($function:literal, $call:expr) => {
            let answer = $call.await.expect($function).expect($function);
            assert_clean(answer);
        };
    }
    each_answer!(job_type, clean);
    for answer in job_type.statuses(&[run()]).await {
        assert_clean(answer.expect("statuses").expect("statuses"));
    }
    let findings = job_type.validate(&job(), None).await.expect("findings");
    assert_eq!(findings.len(), 1);
    assert_clean(findings);
    stage.serves().await;
}

#[tokio::test]
async fn escape_sequences_in_each_text_of_an_error() {
    let stage = Stage::new(Limits::recommended()).await;
    let job_type = stage.job_type(Some("escape-errors"));
    macro_rules! clean {
        ($function:literal, $call:expr) => {
            let error: Error = $call.await.expect($function).expect_err($function);
            assert_clean(error);
        };
    }
    each_answer!(job_type, clean);
    for answer in job_type.statuses(&[run()]).await {
        assert_clean(answer.expect("statuses").expect_err("statuses"));
    }
    stage.serves().await;
}

#[tokio::test]
async fn escape_sequences_in_what_the_host_sends_back() {
    #[track_caller]
    fn refused(function: &str, error: CallError) {
        assert_clean(&error);
        let shown = error.to_string();
        assert!(!shown.contains(char::is_control), "{shown:?}");
        assert!(
            matches!(error.fault, CallFault::UnfitAnswer { .. }),
            "{function}: {shown}"
        );
    }
    async fn refuses(job_type: &JobType) {
        refused(
            "discover",
            job_type.discover(None).await.expect_err("a cursor"),
        );
        refused("inspect", job_type.inspect("job").await.expect_err("an id"));
        refused(
            "start",
            job_type.start(&job(), GUID).await.expect_err("an id"),
        );
        let retry = job_type.retry(&run(), &[], GUID).await;
        refused("retry", retry.expect_err("an id"));
        let steps = job_type.steps(&run(), None).await;
        refused("steps", steps.expect_err("a cursor"));
        let logs = job_type.logs(&run(), "step", &LogPosition::Oldest).await;
        refused("logs", logs.expect_err("a cursor"));
        let url = job_type.monitor_url(&run()).await;
        refused("monitor-url", url.expect_err("a URL"));
    }
    let stage = Stage::new(Limits::recommended()).await;
    refuses(&stage.job_type(Some("escape-identifiers"))).await;
    stage.serves().await;
}

#[tokio::test]
async fn escape_sequences_in_the_last_words_of_a_plugin() {
    let stage = Stage::new(Limits::recommended()).await;
    let fault = stage.call(Function::Status, "escape-log").await;
    let shown = fault.expect_err("a trap").to_string();
    assert!(!shown.contains(char::is_control), "{shown:?}");
    assert!(shown.contains("forged"), "{shown}");
}

#[tokio::test]
async fn escape_sequences_in_a_description() {
    let stage = Stage::new(Limits::recommended()).await;
    let description = stage.plugin.description();
    let [order] = &*description.connection_attributes else {
        panic!("{description:?}");
    };
    assert!(order.help.contains("forged"), "{order:?}");
    let [allowed] = &*order.allowed_values else {
        panic!("{order:?}");
    };
    assert!(allowed.contains("forged"), "{allowed:?}");
    assert_clean(description);
}

#[tokio::test]
async fn a_long_name_of_an_import() {
    let stage = Stage::new(Limits::recommended()).await;
    let text = format!(
        r#"(component (import "wasi:cli/run@0.2.0" (instance)) (import "{}" (func)))"#,
        vec!["long"; 200].join("-")
    );
    let component = wat::parse_str(text).expect("valid text");
    let error = stage
        .host
        .load(polysync_host::Source::bytes(component))
        .await;
    let shown = error.expect_err("it is refused").to_string();
    assert!(shown.len() < 800, "{} bytes", shown.len());
    assert!(shown.contains("wasi:cli/run@0.2.0"), "{shown}");
}

#[tokio::test]
async fn what_may_have_been_done_is_not_retryable_whatever_the_plugin_says() {
    let stage = Stage::new(Limits::recommended()).await;
    let job_type = stage.job_type(Some("lose-answer"));
    let lost = job_type.start(&job(), GUID).await.expect("no fault");
    let lost = lost.expect_err("the answer is lost");
    assert_eq!((lost.class, lost.retryable), (ErrorClass::Uncertain, false));
}
