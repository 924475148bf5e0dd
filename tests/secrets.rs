//! The host never writes the secret or a session token, at any level of logging.

use crate::support::{
    ACCESS_KEY_ID, GUID, SECRET, Stage, answer, attribute, job, load, refusal, unknown_run,
};
use aws_credential_types::Credentials;
use polysync_host::contract::{ErrorClass, Run};
use polysync_host::{JobType, Limits, Plugin};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tracing::subscriber::NoSubscriber;
use tracing::{Dispatch, Level};
use tracing_subscriber::fmt::MakeWriter;

const TOKEN: &str = "token-never-to-be-printed";

/// Everything that is logged, by any crate.
#[derive(Debug, Clone, Default)]
struct Log(Arc<Mutex<Vec<u8>>>);

impl Log {
    fn text(&self) -> String {
        String::from_utf8_lossy(&self.0.lock().unwrap()).into_owned()
    }
}

impl Write for Log {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Log {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[track_caller]
fn assert_no_secret(text: &str) {
    for secret in [SECRET, TOKEN] {
        assert!(!text.contains(secret), "this contains a secret: {text}");
    }
}

/// The job type with the stage's session token and this secret.
fn job_type_with(stage: &Stage, plugin: &Plugin, secret: &str) -> JobType {
    let credentials = Credentials::new(ACCESS_KEY_ID, secret, Some(TOKEN.to_owned()), None, "test");
    assert_no_secret(&format!("{credentials:?}"));
    let access = stage.access(stage.grants(), credentials);
    assert_no_secret(&format!("{access:?}"));
    plugin.for_connection(stage.connection(), access)
}

/// The debug output of errors: refused calls, and a plugin that breaks with the signing key in its
/// memory.
async fn errors(stage: &Stage, job_type: &JobType, run: &Run) -> Vec<String> {
    let wrong_secret = job_type_with(stage, &stage.plugin, &format!("not-{SECRET}"));
    let refused = [
        refusal(job_type.status(&unknown_run()).await),
        refusal(job_type.retry(run, &[attribute("x", "y")], GUID).await),
        refusal(wrong_secret.test_connection().await),
    ];
    assert_eq!(refused[2].class, ErrorClass::Denied);

    let limits = Limits {
        requests_per_call: 1,
        ..Limits::recommended()
    };
    let breaking = job_type_with(stage, &load(limits).await, SECRET);
    let broken = breaking.discover(None).await.unwrap_err();
    let mut errors: Vec<_> = refused.iter().map(|error| format!("{error:?}")).collect();
    errors.push(format!("{broken} {broken:?}"));
    errors
}

#[tokio::test]
async fn no_log_error_or_debug_output_contains_a_secret() {
    // With one dispatcher alone, `tracing` asks that of the thread which is the first to reach an event, so that
    // another test could turn the event off for this one.
    let _second = Dispatch::new(NoSubscriber::new());
    let log = Log::default();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(Level::TRACE)
        .with_writer(log.clone());
    let _logging = tracing::subscriber::set_default(subscriber.finish());

    let stage = Stage::with(|emulator| {
        emulator.credentials(
            sagemaker_emulator::Credentials::new(ACCESS_KEY_ID, SECRET).session_token(TOKEN),
        )
    })
    .await;
    let job_type = job_type_with(&stage, &stage.plugin, SECRET);
    let job = job("one-step", &[]);
    answer(job_type.test_connection().await);
    answer(job_type.discover(None).await);
    answer(job_type.inspect("one-step").await);
    let started = answer(job_type.start(&job, GUID).await);
    let run = stage.run("one-step", started);
    answer(job_type.status(&run).await);
    answer(job_type.steps(&run, None).await);
    answer(job_type.monitor_url(&run).await);
    answer(job_type.cancel(&run, GUID).await);
    assert_no_secret(&format!("{job_type:?} {:?}", stage.plugin));
    for error in errors(&stage, &job_type, &run).await {
        assert_no_secret(&error);
    }

    let log = log.text();
    // Only the last line is certain: tests in parallel influence whether lines of other crates are
    // logged here.
    assert!(log.contains("the plugin broke"), "{log}");
    assert_no_secret(&log);
}
