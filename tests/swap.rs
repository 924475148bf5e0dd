//! Swaps between two builds of the component while calls are in progress.

use crate::support::{
    GUID, Stage, answer, credentials, job, slot as slot_with, swaps_under_load, user_agent_version,
};
use async_trait::async_trait;
use polysync_host::contract::RunState;
use polysync_host::{
    BodyMeter, Digest, HttpClient, HttpRequest, HttpResponse, LoadFault, ReqwestClient, Slot,
    Source, Swap, TransportError,
};
use sagemaker_emulator::Operation;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{Semaphore, mpsc};

fn current() -> &'static Path {
    test_components::sagemaker_pipeline()
}

fn next() -> &'static Path {
    test_components::sagemaker_pipeline_next()
}

/// A slot with the current build.
async fn slot() -> Slot {
    slot_with(current()).await
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn swaps_under_full_load_fail_no_call_and_mix_no_code() {
    let stage = Stage::in_real_time(Duration::from_millis(20)).await;
    let calls = swaps_under_load(&stage, &slot().await, [next(), current()], 60).await;
    assert_eq!(calls.keys().collect::<Vec<_>>(), ["0.1.0", "0.2.0"]);
}
