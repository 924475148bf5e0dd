//! The whole component in its host, with an HTTP capability that answers by a script.

use crate::script::{Answer, Call, Position, Script};
use async_trait::async_trait;
use aws_credential_types::Credentials;
use aws_credential_types::provider::SharedCredentialsProvider;
use polysync_host::contract::{
    Attribute, Connection, Direction, Error, Job, LogPosition, Parameter, Run,
};
use polysync_host::{
    Access, BodyMeter, BodyTooLarge, Clock, Grants, Host, HttpClient, HttpRequest, HttpResponse,
    JobType, Limits, LoadError, Plugin, TransportError,
};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::time::{Duration, SystemTime};

const GUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";

/// A loaded component.
#[derive(Debug)]
pub struct Component(Plugin);

impl Component {
    /// Loads it into a host with the recommended limits.
    ///
    /// # Errors
    /// Where it can't be loaded.
    ///
    /// # Panics
    /// Where this machine can't have such a host.
    pub async fn load(file: &Path) -> Result<Self, LoadError> {
        let host = Host::new(Limits::recommended()).expect("a host");
        host.load(file).await.map(Self)
    }

    /// Makes the script's call, in an instance of its own.
    ///
    /// # Panics
    /// Where the component traps or exceeds a limit, or its error has no code or no message.
    pub async fn call(&self, bytes: &[u8]) {
        let script = Script::read(bytes);
        let grants = Grants::none()
            .allow_http("https://*.amazonaws.com".parse().expect("a grant"))
            .allow_http(
                "https://api.sagemaker.eu-west-1.amazonaws.com"
                    .parse()
                    .expect("a grant"),
            )
            .allow_http(
                "https://logs.eu-west-1.amazonaws.com"
                    .parse()
                    .expect("a grant"),
            )
            .allow_signing("sagemaker")
            .and_then(|grants| grants.allow_signing("logs"))
            .expect("services");
        let credentials = Credentials::new("AKIDADVERSARY", "secret", None, None, "adversary");
        let access = Access::new(grants, SharedCredentialsProvider::new(credentials))
            .with_clock(Arc::new(VirtualClock::default()))
            .with_http_client(Arc::new(Scripted {
                script: script.clone(),
                requests: AtomicUsize::new(0),
            }));
        let job_type = self.0.for_connection(connection(), access);
        match make(&self.0, &job_type, &script).await {
            Ok(Ok(())) => {}
            Ok(Err(error)) => {
                assert!(
                    !error.code.is_empty() && !error.message.is_empty(),
                    "{error:?}"
                );
            }
            Err(broken) => panic!("{broken}: {script:?}"),
        }
    }
}

fn connection() -> Connection {
    Connection {
        region: "eu-west-1".to_owned(),
        endpoint: None,
        attributes: Vec::new(),
    }
}

async fn make(
    plugin: &Plugin,
    job_type: &JobType,
    script: &Script,
) -> Result<Result<(), Error>, polysync_host::CallError> {
    let argument = script.argument.as_str();
    let run = Run {
        external_id: Some("p".to_owned()),
        run_id: format!("arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/{argument}"),
    };
    let job = Job {
        external_id: "p".to_owned(),
        attributes: vec![Attribute {
            name: "execution-description".to_owned(),
            value: argument.to_owned(),
        }],
        parameters: vec![Parameter {
            name: "P".to_owned(),
            direction: Direction::InputOutput,
            value: Some(argument.to_owned()),
        }],
    };
    let cursor = (!argument.is_empty()).then_some(argument);
    Ok(match script.call {
        Call::TestConnection => job_type.test_connection().await?.map(drop),
        Call::Discover => job_type.discover(cursor).await?.map(drop),
        Call::Inspect => job_type.inspect(argument).await?.map(drop),
        Call::Start => job_type.start(&job, GUID).await?.map(drop),
        Call::Status => job_type.status(&run).await?.map(drop),
        Call::Statuses => {
            for answer in job_type.statuses(&[run.clone(), run]).await {
                drop(answer?);
            }
            Ok(())
        }
        Call::Cancel => job_type.cancel(&run, GUID).await?.map(drop),
        Call::Retry => job_type.retry(&run, &job.attributes, GUID).await?.map(drop),
        Call::Steps => job_type.steps(&run, cursor).await?.map(drop),
        Call::Logs => {
            let position = match script.position() {
                Position::Oldest => LogPosition::Oldest,
                Position::Last(count) => LogPosition::Last(count),
                Position::After(cursor) => LogPosition::After(cursor.to_owned()),
            };
            let page = job_type.logs(&run, "Train", &position).await?;
            page.map(drop)
        }
        Call::Needs => {
            let connection = Connection {
                endpoint: (!argument.is_empty()).then(|| argument.to_owned()),
                ..connection()
            };
            plugin.requests(&connection).await.map(|_| Ok(()))?
        }
        Call::Validate => job_type.validate(&job, None).await.map(|_| Ok(()))?,
        Call::MonitorUrl => job_type.monitor_url(&run).await?.map(drop),
    })
}

struct Scripted {
    script: Script,
    requests: AtomicUsize,
}

#[async_trait]
impl HttpClient for Scripted {
    async fn send(
        &self,
        _: HttpRequest,
        meter: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        let host = || "the adversary".to_owned();
        let reason = || "the script says so".to_owned();
        let number = self.requests.fetch_add(1, Ordering::Relaxed);
        Err(match self.script.answer(number) {
            Answer::Response {
                status,
                headers,
                body,
            } => {
                meter.take(body.len())?;
                let headers: std::collections::HashMap<_, _> = headers.into_iter().collect();
                return Ok(HttpResponse {
                    status,
                    headers: (&headers).try_into().unwrap_or_default(),
                    body,
                });
            }
            Answer::Denied => TransportError::Denied(reason()),
            Answer::Timeout => TransportError::Timeout {
                host: host(),
                limit: Duration::from_secs(30),
            },
            Answer::Connect => TransportError::Connect {
                host: host(),
                reason: reason(),
            },
            Answer::Tls => TransportError::Tls {
                host: host(),
                reason: reason(),
            },
            Answer::BodyTooLarge => BodyTooLarge::Alone { limit: 0 }.into(),
            Answer::Protocol => TransportError::Protocol {
                host: host(),
                reason: reason(),
            },
        })
    }
}

/// Only sleeping moves it, and takes no time.
#[derive(Debug, Default)]
struct VirtualClock(AtomicU64);

#[async_trait]
impl Clock for VirtualClock {
    fn now(&self) -> SystemTime {
        // 2026-11-01T00:00:00Z
        let start = SystemTime::UNIX_EPOCH + Duration::from_secs(1_793_491_200);
        start + Duration::from_millis(self.0.load(Ordering::Relaxed))
    }

    async fn sleep(&self, duration: Duration) {
        let milliseconds = u64::try_from(duration.as_millis()).unwrap_or(u64::MAX);
        self.0.fetch_add(milliseconds, Ordering::Relaxed);
    }

    fn random(&self, _: u64) -> u64 {
        0
    }
}
