//! The host never writes the secret or a session token, at any level of logging.

use crate::support::{
    ACCESS_KEY_ID, GUID, SECRET, Stage, answer, attribute, job, load, refusal, unknown_run,
};
use aws_credential_types::Credentials;
use polysync_host::Limits;
use polysync_host::contract::{Connection, ErrorClass};
use std::io::{self, Write};
use std::sync::{Arc, Mutex};
use tracing::Level;
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

#[tokio::test]
async fn no_log_error_or_debug_output_contains_a_secret() {
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
    let with = |secret: &str, connection: Connection| {
        let credentials =
            Credentials::new(ACCESS_KEY_ID, secret, Some(TOKEN.to_owned()), None, "test");
        assert_no_secret(&format!("{credentials:?}"));
        let access = stage.access(stage.grants(), credentials);
        assert_no_secret(&format!("{access:?}"));
        stage.plugin.for_connection(connection, access)
    };

    let job_type = with(SECRET, stage.connection());
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
    let mut output = vec![format!("{job_type:?} {:?}", stage.plugin)];
    let refused = [
        refusal(job_type.status(&unknown_run()).await),
        refusal(job_type.retry(&run, &[attribute("x", "y")], GUID).await),
        refusal(
            with(&format!("not-{SECRET}"), stage.connection())
                .test_connection()
                .await,
        ),
    ];
    assert_eq!(refused[2].class, ErrorClass::Denied);
    output.extend(refused.iter().map(|error| format!("{error:?}")));

    // A plugin that breaks while the signing key is in its memory.
    let limits = Limits {
        requests_per_call: 1,
        ..Limits::recommended()
    };
    let credentials = Credentials::new(ACCESS_KEY_ID, SECRET, Some(TOKEN.to_owned()), None, "test");
    let access = stage.access(stage.grants(), credentials);
    let broken = load(limits)
        .await
        .for_connection(stage.connection(), access);
    let error = broken.discover(None).await.unwrap_err();
    output.push(format!("{error} {error:?}"));

    output.iter().for_each(|text| assert_no_secret(text));
    let log = log.text();
    // Only the last line is certain: tests in parallel influence whether lines of other crates are
    // logged here.
    assert!(log.contains("the plugin broke"), "{log}");
    assert_no_secret(&log);
}
