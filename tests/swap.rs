//! Swaps between two builds of the component while calls are in progress.

use crate::support::{GUID, Stage, answer, credentials, job};
use async_trait::async_trait;
use aws_credential_types::provider::SharedCredentialsProvider;
use polysync_host::contract::{Run, RunState};
use polysync_host::{
    Access, BodyMeter, Digest, Host, HttpClient, HttpRequest, HttpResponse, JobType, Limits,
    LoadFault, ReqwestClient, Slot, Source, Swap, TransportError,
};
use sagemaker_emulator::Operation;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};
use tokio::task::JoinSet;

fn current() -> &'static Path {
    test_components::sagemaker_pipeline()
}

fn next() -> &'static Path {
    test_components::sagemaker_pipeline_next()
}

/// A slot with the current build, in a host whose cache compiles each build once for all tests.
async fn slot() -> Slot {
    let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled");
    // Where others can write to the target folder, there is no cache.
    let host = Host::with_cache(Limits::recommended(), &cache)
        .or_else(|_| Host::new(Limits::recommended()))
        .unwrap();
    Slot::new(host.load(current()).await.unwrap())
}

fn versions(swap: &Swap) -> (&str, &str) {
    match swap {
        Swap::Done { from, to, .. } => (&from.version, &to.version),
        Swap::Unchanged { serving } => (&serving.version, &serving.version),
    }
}

/// The host's client, which holds each answer back until a permit is added.
#[derive(Debug)]
struct Gate {
    client: ReqwestClient,
    versions: mpsc::UnboundedSender<String>,
    permits: Semaphore,
}

impl Gate {
    fn new() -> (Arc<Self>, mpsc::UnboundedReceiver<String>) {
        let (versions, received) = mpsc::unbounded_channel();
        let gate = Self {
            client: ReqwestClient::new().unwrap(),
            versions,
            permits: Semaphore::new(0),
        };
        (Arc::new(gate), received)
    }
}

#[async_trait]
impl HttpClient for Gate {
    async fn send(
        &self,
        request: HttpRequest,
        body: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        let version = user_agent_version(&request);
        let response = self.client.send(request, body).await;
        self.versions.send(version).unwrap();
        self.permits.acquire().await.unwrap().forget();
        response
    }
}

/// The version of the plugin that sends a request, from its `user-agent`.
fn user_agent_version(request: &HttpRequest) -> String {
    let agent = request.headers["user-agent"].to_str().unwrap();
    let (_, version) = agent.split_once('/').unwrap();
    version.split(' ').next().unwrap().to_owned()
}

#[tokio::test]
async fn a_run_started_under_one_generation_is_polled_cancelled_and_finished_under_the_next() {
    let stage = Stage::new().await;
    let slot = slot().await;
    let job_type = slot.for_connection(
        stage.connection(),
        stage.access(stage.grants(), credentials()),
    );
    let started = answer(job_type.start(&job("one-step", &[]), GUID).await);
    let run = stage.run("one-step", started);

    let swap = slot.swap(next()).await.unwrap();
    assert_eq!(versions(&swap), ("0.1.0", "0.2.0"));
    assert_eq!(job_type.identity().generation, 2);
    assert_eq!(answer(job_type.status(&run).await).state, RunState::Running);
    answer(job_type.cancel(&run, GUID).await);

    slot.rollback().unwrap();
    stage.clock.advance(Duration::from_secs(3_600));
    let status = answer(job_type.status(&run).await);
    assert_eq!((status.state, status.finished), (RunState::Cancelled, true));
    // Under another generation, the same GUID still gives the same run.
    let again = answer(job_type.start(&job("one-step", &[]), GUID).await);
    assert_eq!(again.run_id, run.run_id);
    assert_eq!(stage.emulator.executions_created(), 1);
}

#[tokio::test]
async fn a_call_in_progress_finishes_on_the_code_that_it_started_on() {
    let stage = Stage::new().await;
    let slot = slot().await;
    let (gate, mut versions) = Gate::new();
    let access = stage
        .access(stage.grants(), credentials())
        .with_http_client(gate.clone());
    let job_type = slot.for_connection(stage.connection(), access);

    // A call with several requests, one after the other, is held back at its first.
    let call = tokio::spawn({
        let job_type = job_type.clone();
        async move { job_type.discover(None).await }
    });
    let mut senders = vec![versions.recv().await.unwrap()];
    slot.swap(next()).await.unwrap();
    let generations = slot.generations();
    let calls: Vec<_> = generations
        .iter()
        .map(|g| (g.identity.generation, g.calls))
        .collect();
    assert_eq!(calls, [(2, 0), (1, 1)]);

    gate.permits.add_permits(Semaphore::MAX_PERMITS / 2);
    answer(call.await.unwrap());
    versions.close();
    while let Some(version) = versions.recv().await {
        senders.push(version);
    }
    assert!(senders.len() > 1);
    assert!(
        senders.iter().all(|version| version == "0.1.0"),
        "{senders:?}"
    );
    assert_eq!(slot.generations().len(), 1);
}

#[tokio::test]
async fn a_pinned_job_type_stays_with_its_generation() {
    let stage = Stage::new().await;
    let slot = slot().await;
    let job_type = slot.for_connection(
        stage.connection(),
        stage.access(stage.grants(), credentials()),
    );
    let pinned = job_type.pin();
    slot.swap(next()).await.unwrap();
    answer(pinned.test_connection().await);
    answer(job_type.test_connection().await);
    let agents: Vec<_> = stage
        .requests(Operation::ListPipelines)
        .iter()
        .map(|request| request.header("user-agent").unwrap().to_owned())
        .collect();
    assert!(agents[0].contains("/0.1.0"), "{agents:?}");
    assert!(agents[1].contains("/0.2.0"), "{agents:?}");
    assert_eq!(pinned.identity().generation, 1);
}

#[tokio::test]
async fn a_component_that_cannot_be_loaded_leaves_the_old_plugin_serving() {
    let stage = Stage::new().await;
    let slot = slot().await;
    let job_type = slot.for_connection(
        stage.connection(),
        stage.access(stage.grants(), credentials()),
    );
    let whole = std::fs::read(next()).unwrap();
    let half = Source::bytes(whole[..whole.len() / 2].to_vec());
    let error = slot.swap(half).await.unwrap_err();
    assert!(matches!(error.fault, LoadFault::Truncated), "{error}");

    let other = Digest::compute(b"another build");
    let pinned = Source::bytes(whole.clone()).pinned(other);
    let error = slot.swap(pinned).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        format!(
            "cannot load the component: its SHA-256 is {}, and {other} is expected: it is another build",
            Digest::compute(&whole)
        )
    );
    assert_eq!(slot.identity().generation, 1);
    answer(job_type.test_connection().await);

    let pinned = Source::bytes(whole.clone()).pinned(Digest::compute(&whole));
    assert_eq!(
        versions(&slot.swap(pinned).await.unwrap()),
        ("0.1.0", "0.2.0")
    );
}

#[tokio::test]
async fn loading_the_same_build_again_is_not_a_swap() {
    let slot = slot().await;
    let swap = slot.swap(current()).await.unwrap();
    assert!(matches!(swap, Swap::Unchanged { serving } if serving.generation == 1));
}

#[tokio::test]
async fn each_rollback_goes_back_by_one_plugin() {
    let slot = slot().await;
    let error = slot.rollback().unwrap_err();
    assert!(
        error
            .to_string()
            .contains("sagemaker-pipeline 0.1.0 (contract 0.2.0, generation 1, sha256 "),
        "{error}"
    );
    slot.swap(next()).await.unwrap();
    slot.swap(current()).await.unwrap();
    assert_eq!(versions(&slot.rollback().unwrap()), ("0.1.0", "0.2.0"));
    assert_eq!(versions(&slot.rollback().unwrap()), ("0.2.0", "0.1.0"));
    assert_eq!(slot.identity().generation, 5);
    assert!(slot.rollback().is_err());
}

/// The host's client, which records the version of each sender.
#[derive(Debug)]
struct Recorder {
    client: ReqwestClient,
    versions: Mutex<Vec<String>>,
}

#[async_trait]
impl HttpClient for Recorder {
    async fn send(
        &self,
        request: HttpRequest,
        body: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        self.versions
            .lock()
            .unwrap()
            .push(user_agent_version(&request));
        self.client.send(request, body).await
    }
}

/// The work of all workers.
#[derive(Debug, Default)]
struct Tally {
    stop: AtomicBool,
    runs: AtomicU32,
    calls: Mutex<BTreeMap<String, u32>>,
}

/// A caller that always has one call in progress.
struct Worker {
    number: usize,
    job_type: JobType,
    client: Arc<Recorder>,
    tally: Arc<Tally>,
}

impl Worker {
    /// Counts a call by version. All of its requests have to be from the same version.
    fn count_call(&self) {
        let versions = std::mem::take(&mut *self.client.versions.lock().unwrap());
        let version = versions.first().unwrap();
        assert!(versions.iter().all(|v| v == version), "{versions:?}");
        *self
            .tally
            .calls
            .lock()
            .unwrap()
            .entry(version.clone())
            .or_default() += 1;
    }

    /// Starts runs, polls each until it is finished, and discovers in between.
    async fn work(self) {
        let job = job("one-step", &[]);
        for turn in 0.. {
            if self.tally.stop.load(Ordering::Relaxed) {
                break;
            }
            let guid = format!("00000000-0000-4000-8000-{:04x}{turn:08x}", self.number);
            let started = answer(self.job_type.start(&job, &guid).await);
            self.count_call();
            self.tally.runs.fetch_add(1, Ordering::Relaxed);
            let run = Run {
                external_id: Some(job.external_id.clone()),
                run_id: started.run_id,
            };
            loop {
                let status = answer(self.job_type.status(&run).await);
                self.count_call();
                if status.finished {
                    assert_eq!(status.state, RunState::Success);
                    break;
                }
            }
            answer(self.job_type.discover(None).await);
            self.count_call();
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn swaps_under_full_load_fail_no_call_and_mix_no_code() {
    const WORKERS: usize = 16;
    const SWAPS: u64 = 60;

    let stage = Stage::in_real_time(Duration::from_millis(20)).await;
    let slot = slot().await;
    let tally = Arc::new(Tally::default());
    let mut workers = JoinSet::new();
    for number in 0..WORKERS {
        let client = Arc::new(Recorder {
            client: ReqwestClient::new().unwrap(),
            versions: Mutex::default(),
        });
        let access = Access::new(
            stage.grants(),
            SharedCredentialsProvider::new(credentials()),
        )
        .with_http_client(client.clone());
        let worker = Worker {
            number,
            job_type: slot.for_connection(stage.connection(), access),
            client,
            tally: Arc::clone(&tally),
        };
        workers.spawn(worker.work());
    }
    for number in 0..SWAPS {
        let build = if number % 2 == 0 { next() } else { current() };
        let swap = slot.swap(build).await.unwrap();
        assert!(matches!(swap, Swap::Done { to, .. } if to.generation == number + 2));
    }
    tally.stop.store(true, Ordering::Relaxed);
    // A worker panics if a call fails or mixes code.
    while let Some(ended) = workers.join_next().await {
        ended.unwrap();
    }

    let runs = tally.runs.load(Ordering::Relaxed);
    assert_eq!(stage.emulator.executions_created(), runs as usize);
    let calls = tally.calls.lock().unwrap();
    assert_eq!(calls.keys().collect::<Vec<_>>(), ["0.1.0", "0.2.0"]);
    assert_eq!(slot.generations().len(), 1);
    assert_eq!(slot.plugin().host().usage(), Default::default());
    println!("{SWAPS} swaps, {runs} runs, calls by version: {calls:?}");
}
