//! moto, an independent emulator of AWS: the tool discovers its pipelines, starts runs and follows
//! them, with no special cases.

use std::iter;
use std::path::Path;
use std::process::{Child, Command, Stdio};

use serde_json::Value;
use test_support::process::{self, Lines};

use crate::support::{GRANTS, GUID, LIMIT, REGION, assert_in_order, run, with_plugin};

const TESTS: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests");

/// moto's server; it ends when its input does.
pub(crate) struct Moto {
    process: Child,
    url: String,
}

impl Moto {
    /// None if moto can't be installed.
    pub(crate) fn start() -> Option<Self> {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR"));
        let python = python_environment::with_requirements_or_skip(folder, "the tests with moto")
            .unwrap_or_else(|error| panic!("{error}"))?;
        let mut process = python
            .command()
            .arg("-B")
            .arg(format!("{TESTS}/tool/moto/serve.py"))
            .arg(REGION)
            .arg(format!("{TESTS}/definitions/every-type.json"))
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = Lines::new(process.stdout.take().unwrap());
        let url = iter::from_fn(|| lines.next(LIMIT).unwrap())
            .find(|line| line.starts_with("http://"))
            .expect("moto starts");
        Some(Self { process, url })
    }

    fn tool(&self, arguments: &[&str]) -> crate::support::Ended {
        self.run(with_plugin(arguments).args(GRANTS))
    }

    /// Runs a command of the tool on moto.
    pub(crate) fn run(&self, command: &mut Command) -> crate::support::Ended {
        run(command
            .env("AWS_REGION", REGION)
            .env("AWS_ENDPOINT_URL", &self.url)
            .env("AWS_ACCESS_KEY_ID", "moto")
            .env("AWS_SECRET_ACCESS_KEY", "moto"))
    }
}

impl Drop for Moto {
    fn drop(&mut self) {
        drop(self.process.stdin.take());
        process::wait(&mut self.process, LIMIT).unwrap();
    }
}

#[test]
fn pipelines_of_moto_are_discovered_started_and_followed() {
    let Some(moto) = Moto::start() else {
        return;
    };
    assert_eq!(moto.tool(&["test-connection"]).code, Some(0));

    let found = moto.tool(&["discover", "--json"]).json(0);
    let jobs = found["jobs"].as_array().unwrap();
    let mut names: Vec<_> = jobs
        .iter()
        .map(|job| job["name"].as_str().unwrap())
        .collect();
    names.sort_unstable();
    assert_eq!(names, ["abalone", "churn"]);
    for job in jobs {
        assert_eq!(job["parameters"].as_array().unwrap().len(), 10, "{job}");
    }

    let job = [
        "--external-id",
        "abalone",
        "--parameter",
        "Region=eu-west-1",
        "--parameter",
        "Needed=1",
        "--parameter",
        "Asked=true",
        "--guid",
        GUID,
    ];
    let start = [&["start", "--json"], &job[..]].concat();
    let started = moto.tool(&start).json(0);
    let run_id = started["runId"].as_str().unwrap();
    assert!(run_id.contains(":pipeline/abalone/execution/"), "{started}");

    let status = ["status", "--json", "--external-id", "abalone", run_id];
    let status = moto.tool(&status).json(0);
    assert_eq!(status["state"], Value::from("success"), "{status}");

    let followed = moto.tool(&["run", "--external-id", "churn", "--parameter", "Needed=1"]);
    assert_in_order(followed.text(0), &["The run succeeded", "(Succeeded)"]);
}
