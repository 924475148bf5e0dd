//! Load on a slot: callers that always have a call in progress while plugins are swapped.

use super::answer::answer;
use super::records::job;
use super::stage::{Stage, credentials};
use async_trait::async_trait;
use aws_credential_types::provider::SharedCredentialsProvider;
use polysync_host::contract::{Run, RunState};
use polysync_host::{
    Access, BodyMeter, HttpClient, HttpRequest, HttpResponse, JobType, ReqwestClient, Slot, Swap,
    TransportError,
};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};
use tokio::task::JoinSet;

const CALLERS: usize = 16;

/// The version of the plugin that sends a request, from its `user-agent`.
pub(crate) fn user_agent_version(request: &HttpRequest) -> String {
    let agent = request.headers["user-agent"].to_str().unwrap();
    let (_, version) = agent.split_once('/').unwrap();
    version.split(' ').next().unwrap().to_owned()
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

/// The work of all callers.
#[derive(Debug, Default)]
struct Tally {
    stop: AtomicBool,
    runs: AtomicU32,
    calls: Mutex<BTreeMap<String, u32>>,
}

/// Starts runs, polls each until it is finished, and discovers in between.
struct Caller {
    number: usize,
    job_type: JobType,
    client: Arc<Recorder>,
    tally: Arc<Tally>,
}

impl Caller {
    fn new(number: usize, stage: &Stage, slot: &Slot, tally: &Arc<Tally>) -> Self {
        let client = Arc::new(Recorder {
            client: ReqwestClient::new().unwrap(),
            versions: Mutex::default(),
        });
        let credentials = SharedCredentialsProvider::new(credentials());
        let access = Access::new(stage.grants(), credentials).with_http_client(client.clone());
        Self {
            number,
            job_type: slot.for_connection(stage.connection(), access),
            client,
            tally: Arc::clone(tally),
        }
    }

    /// Counts a call by version. All of its requests have to be from the same version.
    fn count_call(&self) {
        let versions = std::mem::take(&mut *self.client.versions.lock().unwrap());
        let version = versions.first().unwrap();
        assert!(versions.iter().all(|v| v == version), "{versions:?}");
        let mut calls = self.tally.calls.lock().unwrap();
        *calls.entry(version.clone()).or_default() += 1;
    }

    async fn work(self) {
        for turn in 0.. {
            if self.tally.stop.load(Ordering::Relaxed) {
                break;
            }
            self.run_twice(turn).await;
            answer(self.job_type.discover(None).await);
            self.count_call();
        }
    }

    /// Starts two runs. Polls the first until it is finished, then both in one call.
    async fn run_twice(&self, turn: u32) {
        let mut runs = Vec::new();
        for wish in ["4000", "4001"] {
            let guid = format!("00000000-0000-{wish}-8000-{:04x}{turn:08x}", self.number);
            let job = job("one-step", &[]);
            let started = answer(self.job_type.start(&job, &guid).await);
            self.count_call();
            self.tally.runs.fetch_add(1, Ordering::Relaxed);
            runs.push(Run {
                external_id: Some(job.external_id),
                run_id: started.run_id,
            });
        }
        loop {
            let status = answer(self.job_type.status(&runs[0]).await);
            self.count_call();
            if status.finished {
                assert_eq!(status.state, RunState::Success);
                break;
            }
        }
        let statuses = self.job_type.statuses(&runs).await;
        self.count_call();
        let states: Vec<_> = statuses.into_iter().map(|it| answer(it).state).collect();
        assert_eq!((states.len(), states[0]), (2, RunState::Success));
    }
}

/// Swaps between two builds while the stage's emulator is called at full load, beginning with the
/// first. Returns the number of calls by the version of the plugin that answered.
///
/// No call fails and none mixes code, each run is executed once, and nothing is left in use.
pub(crate) async fn swaps_under_load(
    stage: &Stage,
    slot: &Slot,
    builds: [&Path; 2],
    swaps: u64,
) -> BTreeMap<String, u32> {
    let tally = Arc::new(Tally::default());
    let mut callers = JoinSet::new();
    for number in 0..CALLERS {
        callers.spawn(Caller::new(number, stage, slot, &tally).work());
    }
    let before = slot.identity().generation;
    for (number, build) in (before + 1..=before + swaps).zip(builds.iter().cycle()) {
        let swap = slot.swap(build).await.unwrap();
        assert!(matches!(swap, Swap::Done { to, .. } if to.generation == number));
    }
    tally.stop.store(true, Ordering::Relaxed);
    // A caller panics if a call fails or mixes code.
    while let Some(ended) = callers.join_next().await {
        ended.unwrap();
    }

    let runs = tally.runs.load(Ordering::Relaxed);
    assert_eq!(stage.emulator.executions_created(), runs as usize);
    assert_eq!(slot.generations().len(), 1);
    assert_eq!(slot.plugin().host().usage(), Default::default());
    let calls = std::mem::take(&mut *tally.calls.lock().unwrap());
    println!("{swaps} swaps, {runs} runs, calls by version: {calls:?}");
    calls
}
