//! The stage that every test plays on: an emulator, a host with the component loaded, and one clock
//! for both, which moves only when somebody sleeps or a test turns it.

mod cases;
mod wire;

pub(crate) use cases::{cases, runner};
pub(crate) use wire::{Sent, Wire};

use async_trait::async_trait;
use aws_credential_types::Credentials as AwsCredentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use polysync_host::contract::{
    Attribute, Connection, Direction, DiscoveredJob, Error, Job, Parameter, Run, RunState,
    RunStatus, StartedRun, Step,
};
use polysync_host::{Access, Answer, Clock, Grants, Host, JobType, Limits, Plugin};
use sagemaker_emulator::{
    Builder, Clock as _, Credentials, Emulator, ManualClock, Operation, RecordedRequest,
};
use std::sync::Arc;
use std::time::{Duration, SystemTime};
use tokio::sync::OnceCell;

pub(crate) const REGION: &str = "eu-west-1";
pub(crate) const ACCESS_KEY_ID: &str = "AKIDENDTOEND";
pub(crate) const SECRET: &str = "secret-never-to-be-printed-end-to-end";
pub(crate) const GUID: &str = "0f8fad5b-d9cb-469f-a165-70867728950e";
pub(crate) const STEP: Duration = Duration::from_secs(60);
/// 2026-11-01T12:00:00Z
const NOON: Duration = Duration::from_secs(1_793_534_400);

/// A pipeline of one step, which succeeds.
pub(crate) const ONE_STEP: &str = r#"{"Version": "2020-12-01", "Steps": [{"Name": "Work", "Type": "Processing", "Arguments": {}}]}"#;

/// The clock that host and emulator share. Sleeping moves it and takes no time.
#[derive(Clone)]
pub(crate) struct SharedClock(pub(crate) Arc<ManualClock>);

impl std::fmt::Debug for SharedClock {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedClock")
    }
}

#[async_trait]
impl Clock for SharedClock {
    fn now(&self) -> SystemTime {
        self.0.now()
    }

    async fn sleep(&self, duration: Duration) {
        self.0.advance(duration);
    }

    /// The longest, so that delays are the same in each run.
    fn random(&self, max: u64) -> u64 {
        max
    }
}

/// Emulator, host and clock.
pub(crate) struct Stage {
    pub(crate) emulator: Emulator,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) plugin: Plugin,
}

impl Stage {
    /// The emulator's own pipelines, and one of one step named `one-step`.
    pub(crate) async fn new() -> Self {
        Self::with(|emulator| emulator).await
    }

    pub(crate) async fn with(set_up: impl FnOnce(Builder) -> Builder) -> Self {
        let clock = Arc::new(ManualClock::new(SystemTime::UNIX_EPOCH + NOON));
        let builder = emulator().clock(Arc::clone(&clock)).step_duration(STEP);
        Self {
            emulator: set_up(builder).start().await.unwrap(),
            clock,
            plugin: plugin().await,
        }
    }

    /// An emulator that goes by the system's clock, and whose steps take so long.
    pub(crate) async fn in_real_time(step: Duration) -> Self {
        Self {
            emulator: emulator().step_duration(step).start().await.unwrap(),
            clock: Arc::new(ManualClock::new(SystemTime::now())),
            plugin: plugin().await,
        }
    }

    pub(crate) fn connection(&self) -> Connection {
        Connection {
            region: REGION.to_owned(),
            endpoint: Some(self.emulator.url()),
            attributes: Vec::new(),
        }
    }

    pub(crate) fn grants(&self) -> Grants {
        Grants::none()
            .allow_http(self.emulator.url().parse().unwrap())
            .allow_signing("sagemaker")
            .unwrap()
    }

    /// The job type, for the emulator's account.
    pub(crate) fn job_type(&self) -> JobType {
        self.job_type_with(&self.plugin, self.connection(), credentials())
    }

    pub(crate) fn job_type_with(
        &self,
        plugin: &Plugin,
        connection: Connection,
        credentials: impl ProvideCredentials + 'static,
    ) -> JobType {
        plugin.for_connection(connection, self.access(self.grants(), credentials))
    }

    /// The job type, where every request is answered with this body.
    pub(crate) fn job_type_answering(&self, body: &str) -> JobType {
        self.job_type_on(&Arc::new(Wire::answering(body)))
    }

    /// The job type on a network of the test's own.
    pub(crate) fn job_type_on(&self, wire: &Arc<Wire>) -> JobType {
        let client = Arc::clone(wire);
        let access = self
            .access(self.grants(), credentials())
            .with_http_client(client);
        self.plugin.for_connection(self.connection(), access)
    }

    /// These grants and credentials, by the stage's clock.
    pub(crate) fn access(
        &self,
        grants: Grants,
        credentials: impl ProvideCredentials + 'static,
    ) -> Access {
        Access::new(grants, SharedCredentialsProvider::new(credentials))
            .with_clock(Arc::new(SharedClock(Arc::clone(&self.clock))))
    }

    /// Starts a job and returns the run.
    pub(crate) async fn start(&self, job: &Job) -> Run {
        let started = answer(self.job_type().start(job, GUID).await);
        self.run(&job.external_id, started)
    }

    pub(crate) fn run(&self, external_id: &str, started: StartedRun) -> Run {
        Run {
            external_id: external_id.to_owned(),
            run_id: started.run_id,
        }
    }

    /// How a run is now.
    pub(crate) async fn status(&self, run: &Run) -> RunStatus {
        answer(self.job_type().status(run).await)
    }

    /// Lets time pass until a run is over.
    pub(crate) async fn until_over(&self, run: &Run) -> RunStatus {
        for _ in 0..100 {
            let status = self.status(run).await;
            if status.finished {
                return status;
            }
            self.clock.advance(STEP / 2);
        }
        panic!("the run doesn't come to an end");
    }

    /// All pages of a run's steps.
    pub(crate) async fn steps(&self, run: &Run) -> Vec<Step> {
        let job_type = self.job_type();
        let mut steps = Vec::new();
        let mut cursor = None;
        loop {
            let page = answer(job_type.steps(run, cursor.as_deref()).await);
            steps.extend(page.steps);
            cursor = page.next_cursor;
            if cursor.is_none() {
                return steps;
            }
        }
    }

    /// All pages of the account's jobs.
    pub(crate) async fn discover(&self) -> Vec<DiscoveredJob> {
        let job_type = self.job_type();
        let mut jobs = Vec::new();
        let mut cursor = None;
        loop {
            let page = answer(job_type.discover(cursor.as_deref()).await);
            jobs.extend(page.jobs);
            cursor = page.next_cursor;
            if cursor.is_none() {
                return jobs;
            }
        }
    }

    /// What the emulator received for an operation.
    pub(crate) fn requests(&self, operation: Operation) -> Vec<RecordedRequest> {
        let mut requests = self.emulator.requests();
        requests.retain(|request| request.operation == Some(operation));
        requests
    }
}

fn emulator() -> Builder {
    Emulator::builder()
        .region(REGION)
        .credentials(Credentials::new(ACCESS_KEY_ID, SECRET))
        .shipped_pipelines()
        .pipeline("one-step", ONE_STEP)
}

/// The component in a host with the recommended limits: one for all tests of a process, because
/// compiling takes longer than most of them.
pub(crate) async fn plugin() -> Plugin {
    static PLUGIN: OnceCell<Plugin> = OnceCell::const_new();
    let load = || load(Limits::recommended());
    PLUGIN.get_or_init(load).await.clone()
}

/// The component in a host of its own.
pub(crate) async fn load(limits: Limits) -> Plugin {
    let host = Host::new(limits).unwrap();
    host.load(test_components::sagemaker_pipeline())
        .await
        .unwrap()
}

pub(crate) fn credentials() -> AwsCredentials {
    AwsCredentials::new(ACCESS_KEY_ID, SECRET, None, None, "test")
}

/// What a call answered; anything else fails the test.
#[track_caller]
pub(crate) fn answer<T>(answer: Answer<T>) -> T {
    match answer {
        Ok(Ok(value)) => value,
        Ok(Err(error)) => panic!("the platform said no: {error:?}"),
        Err(error) => panic!("the plugin broke: {error}"),
    }
}

/// What a call was refused with; anything else fails the test.
#[track_caller]
pub(crate) fn refusal<T>(answer: Answer<T>) -> Error {
    match answer {
        Ok(Ok(_)) => panic!("it should have been refused"),
        Ok(Err(error)) => error,
        Err(error) => panic!("the plugin broke: {error}"),
    }
}

/// A job without attributes.
pub(crate) fn job(external_id: &str, parameters: &[(&str, &str)]) -> Job {
    Job {
        external_id: external_id.to_owned(),
        attributes: Vec::new(),
        parameters: parameters
            .iter()
            .map(|(name, value)| parameter(name, Direction::Input, Some(value)))
            .collect(),
    }
}

pub(crate) fn parameter(name: &str, direction: Direction, value: Option<&str>) -> Parameter {
    Parameter {
        name: name.to_owned(),
        direction,
        value: value.map(str::to_owned),
    }
}

pub(crate) fn attribute(name: &str, value: &str) -> Attribute {
    Attribute {
        name: name.to_owned(),
        value: value.to_owned(),
    }
}

/// A run that nobody started.
pub(crate) fn unknown_run() -> Run {
    Run {
        external_id: "one-step".to_owned(),
        run_id: format!(
            "arn:aws:sagemaker:{REGION}:123456789012:pipeline/one-step/execution/nosuchrun000"
        ),
    }
}

pub(crate) fn names_in_state(steps: &[Step], state: RunState) -> Vec<&str> {
    steps
        .iter()
        .filter(|step| step.state == state)
        .map(|step| step.name.as_str())
        .collect()
}
