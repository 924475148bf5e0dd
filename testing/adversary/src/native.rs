//! The guest's code, compiled natively, among answers that no service should give.

use crate::error::expect_sound;
use crate::script::{Answer, Call, Script};
use sagemaker_pipeline::error::Error;
use sagemaker_pipeline::host::{
    Freshness, Host, HttpError, HttpErrorKind, HttpRequest, HttpResponse, Level, Scope,
    SigningCredentials, SigningError,
};
use sagemaker_pipeline::job::{Attribute, Connection, Direction, Job, Parameter};
use sagemaker_pipeline::pipeline::{
    cancel, connection, console, discover, retry, start, status, steps, validate,
};
use sagemaker_pipeline::run::{Run, RunState, Step};
use std::cell::Cell;

/// Of a call, by the recommended limits of the host.
const MOST_REQUESTS: usize = 2_000;
const GUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// Makes the script's call.
///
/// # Panics
/// Where the call breaks its word.
pub fn native(bytes: &[u8]) {
    let script = Script::read(bytes);
    let host = Scripted::new(&script);
    let made = make(&script, &host);
    let requests = host.requests.get();
    assert!(
        requests <= MOST_REQUESTS,
        "{requests} requests: {made:?}, {script:?}"
    );
    if let Err(error) = made {
        expect_sound(&error);
    }
}

fn make(script: &Script, host: &Scripted<'_>) -> Result<(), Error> {
    let argument = script.argument.as_str();
    let connection = Connection {
        region: "eu-west-1".to_owned(),
        endpoint: None,
        attributes: Vec::new(),
    };
    let run = Run {
        external_id: "p".to_owned(),
        run_id: format!("arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/{argument}"),
    };
    let job = Job {
        external_id: "p".to_owned(),
        attributes: vec![Attribute::new("execution-description", argument)],
        parameters: vec![Parameter {
            name: "P".to_owned(),
            direction: Direction::InputOutput,
            value: Some(argument.to_owned()),
        }],
    };
    let cursor = (!argument.is_empty()).then_some(argument);
    match script.call {
        Call::TestConnection => connection::test(host, &connection).map(drop),
        Call::Discover => discover::discover(host, &connection, cursor).map(|page| {
            for job in &page.jobs {
                assert!(
                    !job.external_id.is_empty() && !job.name.is_empty(),
                    "{job:?}"
                );
            }
        }),
        Call::Inspect => discover::inspect(host, &connection, argument).map(drop),
        Call::Start => start::start(host, &connection, &job, GUID).map(|started| {
            assert!(!started.run_id.is_empty());
        }),
        Call::Status => status::status(host, &connection, &run).map(|status| {
            assert!(
                !(status.finished && status.state == RunState::Running),
                "{status:?}"
            );
            assert_eq!(status.ended_at.is_some(), {
                status.finished && status.updated_at.is_some()
            });
            let failed = |step: &Step| step.state == RunState::Failed;
            assert!(status.failed_steps.iter().all(failed), "{status:?}");
        }),
        Call::Cancel => cancel::cancel(host, &connection, &run, GUID).map(drop),
        Call::Retry => retry::retry(host, &connection, &run, &job.attributes, GUID).map(drop),
        Call::Steps => steps::steps(host, &connection, &run, cursor).map(|page| {
            let starts: Vec<_> = page.steps.iter().map(|s| s.started_at).collect();
            assert!(starts.is_sorted_by_key(|at| at.unwrap_or(u64::MAX)));
        }),
        Call::Validate => {
            drop(validate::validate(&connection, &job, None));
            Ok(())
        }
        Call::MonitorUrl => console::monitor_url(&connection, &run).map(drop),
    }
}

struct Scripted<'a> {
    script: &'a Script,
    requests: Cell<usize>,
    now: Cell<u64>,
    deadline: u64,
}

impl<'a> Scripted<'a> {
    fn new(script: &'a Script) -> Self {
        /// 2026-11-01T00:00:00Z
        const NOW: u64 = 1_793_491_200_000;
        Self {
            script,
            requests: Cell::new(0),
            now: Cell::new(NOW),
            deadline: NOW + 120_000,
        }
    }

    fn send(&self) -> Result<HttpResponse, HttpError> {
        let number = self.requests.get();
        self.requests.set(number + 1);
        let kind = match self.script.answer(number) {
            Answer::Response {
                status,
                headers,
                body,
            } => {
                return Ok(HttpResponse {
                    status,
                    headers,
                    body,
                });
            }
            Answer::Denied => HttpErrorKind::Denied,
            Answer::Timeout => HttpErrorKind::Timeout,
            Answer::Connect => HttpErrorKind::Connect,
            Answer::Tls => HttpErrorKind::Tls,
            Answer::BodyTooLarge => HttpErrorKind::BodyTooLarge,
            Answer::Protocol => HttpErrorKind::Protocol,
        };
        Err(HttpError {
            kind,
            message: format!("{kind:?}"),
        })
    }
}

impl Host for Scripted<'_> {
    fn send_all(&self, requests: Vec<HttpRequest>) -> Vec<Result<HttpResponse, HttpError>> {
        requests.iter().map(|_| self.send()).collect()
    }

    fn signing_credentials(
        &self,
        _: &Scope,
        _: Freshness,
    ) -> Result<SigningCredentials, SigningError> {
        Ok(SigningCredentials {
            access_key_id: "AKIDADVERSARY".to_owned(),
            session_token: None,
            signing_key: vec![7; 32],
        })
    }

    fn now(&self) -> u64 {
        self.now.get()
    }

    fn deadline(&self) -> u64 {
        self.deadline
    }

    /// The shortest, so that the most requests are made.
    fn jitter(&self, _: u64) -> u64 {
        0
    }

    fn sleep(&self, milliseconds: u64) {
        self.now.set(self.now.get().saturating_add(milliseconds));
    }

    fn log(&self, _: Level, message: &str) {
        assert!(!message.is_empty());
    }
}
