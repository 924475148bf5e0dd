//! The stage of a test: an emulator, a host with the component loaded, and one clock for both, which
//! moves only when somebody sleeps or a test advances it.

use super::answer::answer;
use super::clock::SharedClock;
use super::component::component;
use super::wire::Wire;
use aws_credential_types::Credentials as AwsCredentials;
use aws_credential_types::provider::{ProvideCredentials, SharedCredentialsProvider};
use polysync_host::contract::{Connection, DiscoveredJob, Job, Run, RunStatus, StartedRun, Step};
use polysync_host::{Access, Grants, Host, JobType, Limits, Plugin, Slot};
use sagemaker_emulator::{Builder, Credentials, Emulator, ManualClock, Operation, RecordedRequest};
use std::path::Path;
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

/// A pipeline with one step, which succeeds.
pub(crate) const ONE_STEP: &str = r#"{"Version": "2020-12-01", "Steps": [{"Name": "Work", "Type": "Processing", "Arguments": {}}]}"#;

/// Emulator, host and clock.
pub(crate) struct Stage {
    pub(crate) emulator: Emulator,
    pub(crate) clock: Arc<ManualClock>,
    pub(crate) plugin: Plugin,
}

impl Stage {
    /// A stage with the emulator's built-in pipelines and the pipeline `one-step`.
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

    /// A stage whose emulator uses the system's clock, with steps of this duration.
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
            .and_then(|grants| grants.allow_signing("logs"))
            .unwrap()
    }

    /// The job type on the emulator's account.
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

    /// The job type on a network that answers every request with this body.
    pub(crate) fn job_type_answering(&self, body: &str) -> JobType {
        self.job_type_on(&Arc::new(Wire::answering(body)))
    }

    /// The job type on a network that the test controls.
    pub(crate) fn job_type_on(&self, wire: &Arc<Wire>) -> JobType {
        let client = Arc::clone(wire);
        let access = self
            .access(self.grants(), credentials())
            .with_http_client(client);
        self.plugin.for_connection(self.connection(), access)
    }

    /// These grants and credentials, with the stage's clock.
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
            external_id: Some(external_id.to_owned()),
            run_id: started.run_id,
        }
    }

    /// The present status of a run.
    pub(crate) async fn status(&self, run: &Run) -> RunStatus {
        answer(self.job_type().status(run).await)
    }

    /// Advances the clock until a run is finished.
    pub(crate) async fn until_finished(&self, run: &Run) -> RunStatus {
        for _ in 0..100 {
            let status = self.status(run).await;
            if status.finished {
                return status;
            }
            self.clock.advance(STEP / 2);
        }
        panic!("the run isn't finished after 50 steps");
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

    /// The requests that the emulator received for an operation.
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

/// The component in a host with the recommended limits. All tests of a process share it, because
/// compiling it takes longer than most tests.
pub(crate) async fn plugin() -> Plugin {
    static PLUGIN: OnceCell<Plugin> = OnceCell::const_new();
    let load = || load(Limits::recommended());
    PLUGIN.get_or_init(load).await.clone()
}

/// The component in a new host with these limits.
pub(crate) async fn load(limits: Limits) -> Plugin {
    let host = Host::new(limits).unwrap();
    host.load(component()).await.unwrap()
}

/// A slot with this build, in a host whose cache compiles each build once for all tests.
pub(crate) async fn slot(build: &Path) -> Slot {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    // Where others can write to the target folder, there is no cache.
    let host = Host::with_cache(Limits::recommended(), &cache)
        .or_else(|_| Host::new(Limits::recommended()))
        .unwrap();
    Slot::new(host.load(build).await.unwrap())
}

pub(crate) fn credentials() -> AwsCredentials {
    AwsCredentials::new(ACCESS_KEY_ID, SECRET, None, None, "test")
}
