//! An emulator for the tool to talk to, and an environment without this machine's AWS configuration.

use std::collections::BTreeSet;
use std::ffi::OsStr;
use std::process::{Command, Output};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use sagemaker_emulator::{Builder, Credentials, Emulator, ManualClock};
use serde_json::{Map, Value};
use test_support::process;
use tokio::runtime::Runtime;

pub(crate) const REGION: &str = "eu-west-1";
pub(crate) const ACCESS_KEY_ID: &str = "AKIDOFTHETOOL";
pub(crate) const SECRET: &str = "secret-never-to-be-printed-tool";
pub(crate) const GUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";
/// What the plugin asks for in addition to an endpoint: the services to sign for.
pub(crate) const GRANTS: [&str; 4] = ["--grant-service", "sagemaker", "--grant-service", "logs"];
/// The same for Glue.
pub(crate) const GLUE_GRANTS: [&str; 4] = ["--grant-service", "glue", "--grant-service", "logs"];
/// How long a step takes by the clock that tests turn.
pub(crate) const STEP: Duration = Duration::from_secs(10);
/// How long a step takes by the machine's clock.
const SHORT_STEP: Duration = Duration::from_millis(200);

/// A pipeline of one step, `Work`.
const ONE_STEP: &str = r#"{"Version": "2020-12-01", "Steps": [{"Name": "Work", "Type": "Processing", "Arguments": {}}]}"#;
/// A pipeline that waits for an hour for somebody to call back.
const WAITING: &str = r#"{"Version": "2020-12-01", "Steps": [{"Name": "Wait", "Type": "Callback", "SqsQueueUrl": "https://sqs.eu-west-1.amazonaws.com/123456789012/q", "Arguments": {}, "OutputParameters": []}]}"#;

/// An emulator with the pipelines and the Glue jobs that it ships, `one-step` and `waiting`.
pub(crate) struct Stage {
    pub(crate) emulator: Emulator,
    _runtime: Runtime,
}

impl Stage {
    /// With the machine's clock and steps of a fifth of a second.
    pub(crate) fn new() -> Self {
        Self::with(|emulator| emulator)
    }

    /// With a clock that only the test moves.
    pub(crate) fn with_clock() -> (Self, Arc<ManualClock>) {
        let clock = Arc::new(ManualClock::new(SystemTime::now()));
        let stage = Self::with(|emulator| emulator.clock(Arc::clone(&clock)).step_duration(STEP));
        (stage, clock)
    }

    pub(crate) fn with(set_up: impl FnOnce(Builder) -> Builder) -> Self {
        let runtime = Runtime::new().unwrap();
        let builder = Emulator::builder()
            .region(REGION)
            .credentials(Credentials::new(ACCESS_KEY_ID, SECRET))
            .step_duration(SHORT_STEP)
            .stop_duration(SHORT_STEP)
            .callback_stop_duration(SHORT_STEP)
            .shipped_pipelines()
            .shipped_glue_jobs()
            .pipeline("one-step", ONE_STEP)
            .pipeline("waiting", WAITING);
        let emulator = runtime.block_on(set_up(builder).start()).unwrap();
        Self {
            emulator,
            _runtime: runtime,
        }
    }

    /// The tool, with plugin, region, endpoint and credentials in its environment, where the endpoint and
    /// the service to sign for are granted.
    pub(crate) fn command<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = self.ungranted(arguments);
        command.args(GRANTS);
        command
    }

    /// [`Stage::command`] with the Glue component as its plugin, and what that needs granted.
    pub(crate) fn glue<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = self.ungranted(arguments);
        command
            .args(GLUE_GRANTS)
            .env("POLYSYNC_COMPONENT", test_components::glue_job());
        command
    }

    /// The same where nobody has granted anything but the endpoint.
    pub(crate) fn ungranted<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Command {
        let mut command = with_plugin(arguments);
        command
            .env("AWS_REGION", REGION)
            .env("AWS_ENDPOINT_URL", self.emulator.url())
            .env("AWS_ACCESS_KEY_ID", ACCESS_KEY_ID)
            .env("AWS_SECRET_ACCESS_KEY", SECRET);
        command
    }

    /// Runs [`Stage::command`] to its end.
    pub(crate) fn tool<S: AsRef<OsStr>>(&self, arguments: &[S]) -> Ended {
        run(&mut self.command(arguments))
    }
}

/// The tool in an environment where nothing is configured, with backtraces switched on.
pub(crate) fn bare<S: AsRef<OsStr>>(arguments: &[S]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_polysync-harness"));
    command
        .args(arguments)
        .env_clear()
        .env(
            "HOME",
            concat!(env!("CARGO_TARGET_TMPDIR"), "/nobodys-home"),
        )
        .env("AWS_EC2_METADATA_DISABLED", "true")
        .env("RUST_BACKTRACE", "1");
    command
}

/// [`bare`], but with the SageMaker component as its plugin.
pub(crate) fn with_plugin<S: AsRef<OsStr>>(arguments: &[S]) -> Command {
    let mut command = bare(arguments);
    command.env("POLYSYNC_COMPONENT", test_components::sagemaker_pipeline());
    command
}

/// Far longer than any command of these tests takes, so that a tool that hangs fails its test.
pub(crate) const LIMIT: Duration = Duration::from_secs(300);

/// Runs a command to its end.
#[track_caller]
pub(crate) fn run(command: &mut Command) -> Ended {
    Ended::new(process::output(command, LIMIT).unwrap())
}

/// How the tool ended, and what it wrote.
#[derive(Debug)]
pub(crate) struct Ended {
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ended {
    /// Checks what holds for every command: no panic, no backtrace, nothing that a terminal obeys
    /// where there is no terminal, and no secret.
    #[track_caller]
    pub(crate) fn new(output: Output) -> Self {
        let ended = Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        for text in [&ended.stdout, &ended.stderr] {
            for unwanted in ["panicked at", "stack backtrace", SECRET] {
                assert!(!text.contains(unwanted), "{unwanted:?} is in {text}");
            }
            let obeyed = |c: char| match c {
                '\n' => false,
                '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => true,
                c => c.is_control(),
            };
            let found = text.chars().find(|c| obeyed(*c));
            assert_eq!(found, None, "in {text:?}");
        }
        ended
    }

    /// What it wrote, whatever code it ended with.
    pub(crate) fn text_of_any(&self) -> String {
        [self.stdout.as_str(), &self.stderr].concat()
    }

    /// The answer in words, of a command that ended with this code.
    #[track_caller]
    pub(crate) fn text(&self, code: i32) -> &str {
        assert_eq!(self.code, Some(code), "{self:?}");
        &self.stdout
    }

    /// The one document on stdout, of a command that ended with this code.
    #[track_caller]
    pub(crate) fn json(&self, code: i32) -> Value {
        assert_eq!(self.code, Some(code), "{self:?}");
        serde_json::from_str(&self.stdout).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }

    /// The objects on stdout, one a line, of a command that ended with this code.
    #[track_caller]
    pub(crate) fn events(&self, code: i32) -> Vec<Value> {
        assert_eq!(self.code, Some(code), "{self:?}");
        self.stdout
            .lines()
            .map(|line| serde_json::from_str(line).unwrap_or_else(|e| panic!("{e}: {line}")))
            .collect()
    }

    /// The error of a command that ended with this code: one sentence on stderr, which is returned
    /// without `error: `, and nothing on stdout.
    #[track_caller]
    pub(crate) fn sentence(&self, code: i32) -> &str {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert_eq!(self.stdout, "", "{self:?}");
        let sentence = self
            .stderr
            .strip_prefix("error: ")
            .and_then(|rest| rest.strip_suffix('\n'));
        sentence
            .filter(|sentence| !sentence.is_empty() && !sentence.contains('\n'))
            .unwrap_or_else(|| panic!("not one sentence: {self:?}"))
    }
}

/// Fails unless all parts are in the text, in this order.
#[track_caller]
pub(crate) fn assert_in_order(text: &str, parts: &[&str]) {
    let mut rest = text;
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => panic!("{part:?} is missing or out of order in\n{text}"),
        }
    }
}

/// Fails unless an object has these members and no others.
#[track_caller]
pub(crate) fn assert_members(object: &Value, expected: &[&str]) {
    let members: BTreeSet<_> = object
        .as_object()
        .into_iter()
        .flat_map(Map::keys)
        .map(String::as_str)
        .collect();
    assert_eq!(members, expected.iter().copied().collect(), "{object}");
}
