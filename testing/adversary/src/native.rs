//! The job type's code, compiled natively, with answers that no service should give.

use crate::error::{expect_sound, header_list};
use crate::script::{Answer, Call, Script};
use job_type_kit::contract::aws_signing::{Credentials, Error as SigningError, Scope};
use job_type_kit::contract::http::{
    Error as HttpError, ErrorKind as HttpErrorKind, Request, Response,
};
use job_type_kit::contract::log::Level;
use job_type_kit::contract::{
    Attribute, Connection, Direction, Error, Job, Parameter, Run, RunState, Step,
};
use job_type_kit::{Guid, Host, JobType, SigningCredentials};
use sagemaker_pipeline::SageMakerPipeline;
use std::cell::Cell;

/// Requests of one call, by the host's recommended limits.
const MOST_REQUESTS: usize = 2_000;
const GUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// Makes the script's call.
///
/// # Panics
/// Where the call breaks a promise of the contract.
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
    let guid = Guid::parse(GUID)?;
    match script.call {
        Call::TestConnection => SageMakerPipeline::test_connection(host, &connection).map(drop),
        Call::Discover => SageMakerPipeline::discover(host, &connection, cursor).map(|page| {
            for job in &page.jobs {
                assert!(
                    !job.external_id.is_empty() && !job.name.is_empty(),
                    "{job:?}"
                );
            }
        }),
        Call::Inspect => SageMakerPipeline::inspect(host, &connection, argument).map(drop),
        Call::Start => SageMakerPipeline::start(host, &connection, &job, &guid).map(|started| {
            assert!(!started.run_id.is_empty());
        }),
        Call::Status => SageMakerPipeline::status(host, &connection, &run).map(|status| {
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
        Call::Cancel => SageMakerPipeline::cancel(host, &connection, &run, &guid).map(drop),
        Call::Retry => {
            SageMakerPipeline::retry(host, &connection, &run, &job.attributes, &guid).map(drop)
        }
        Call::Steps => SageMakerPipeline::steps(host, &connection, &run, cursor).map(|page| {
            let starts: Vec<_> = page.steps.iter().map(|s| s.started_at).collect();
            assert!(starts.is_sorted_by_key(|at| at.unwrap_or(u64::MAX)));
        }),
        Call::Validate => {
            drop(SageMakerPipeline::validate(&connection, &job, None));
            Ok(())
        }
        Call::MonitorUrl => SageMakerPipeline::monitor_url(&connection, &run).map(drop),
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

    fn answer(&self) -> Result<Response, HttpError> {
        let number = self.requests.get();
        self.requests.set(number + 1);
        let kind = match self.script.answer(number) {
            Answer::Response {
                status,
                headers,
                body,
            } => {
                return Ok(Response {
                    status,
                    headers: header_list(headers),
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
    fn send(&self, _: &Request) -> Result<Response, HttpError> {
        self.answer()
    }

    fn send_all(&self, requests: &[Request]) -> Vec<Result<Response, HttpError>> {
        requests.iter().map(|_| self.answer()).collect()
    }

    fn credentials(&self, _: &Scope) -> Result<SigningCredentials, SigningError> {
        Ok(SigningCredentials::from(Credentials {
            access_key_id: "AKIDADVERSARY".to_owned(),
            session_token: None,
            expires_at: None,
            signing_key: vec![7; 32],
        }))
    }

    fn refresh_credentials(&self, scope: &Scope) -> Result<SigningCredentials, SigningError> {
        self.credentials(scope)
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
