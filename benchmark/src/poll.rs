//! A round of polls of many runs: how many requests it takes, how long at an endpoint that limits them,
//! and its processor time, together and one by one.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, ensure};
use async_trait::async_trait;
use cpu_time::ProcessTime;
use futures_util::{StreamExt, TryStreamExt, stream};
use polysync_host::contract::{Job, Run, RunState};
use polysync_host::{
    BodyMeter, HttpClient, HttpRequest, HttpResponse, JobType, Plugin, TransportError,
};
use reqwest::header::HeaderMap;
use serde_json::Value;

use crate::endpoint::{Emulators, slow_down};
use crate::measure::microseconds_each;
use crate::report::{Report, Target};
use crate::stage::{answered, job_type};

const PIPELINES: usize = 100;
const RUNS: usize = 10_000;
const LATENCY: u32 = 50;
const MOST_A_SECOND: usize = 20;
/// How many runs are polled one by one: the time of all follows from theirs.
const SINGLE: usize = 200;

/// Measures a round of polls of [`RUNS`] runs that are executing.
pub(crate) async fn measure(
    plugin: &Plugin,
    emulators: &Emulators,
    report: &mut Report,
) -> Result<()> {
    let emulator = emulators.start(PIPELINES, None)?;
    let job_type_at = async |client| job_type(plugin, Some(&emulator.url), client).await;
    let direct = job_type_at(None).await?;
    let runs = start(&direct).await?;

    let before = requests(&emulator.url).await?;
    let began = ProcessTime::now();
    round(&direct, &runs).await?;
    let each = microseconds_each(began.elapsed(), u32::try_from(RUNS)?);
    let requests = requests(&emulator.url).await? - before;
    let few = runs.get(..SINGLE).context("there are fewer runs")?;
    let began = ProcessTime::now();
    one_by_one(&direct, few).await?;
    let single = microseconds_each(began.elapsed(), u32::try_from(SINGLE)?);

    slow_down(&emulator, LATENCY).await?;
    let limited = job_type_at(Some(Arc::new(Limited::default()))).await?;
    let began = Instant::now();
    round(&limited, &runs).await?;
    let together = began.elapsed().as_secs_f64();
    let began = Instant::now();
    one_by_one(&limited, few).await?;
    let alone = began.elapsed().as_secs_f64() * RUNS as f64 / SINGLE as f64;

    let mut section = report.section("a round of polls of 10,000 executing runs of 100 pipelines");
    section.add_with("requests", "", &requests.into(), Target::AtMost(250.0));
    section.add("processor time of the client for a run", "µs", &each.into());
    section.add("processor time of a single poll", "µs", &single.into());
    let share = (each / single).into();
    section.add_with(
        "for a run / of a single poll",
        "×",
        &share,
        Target::AtMost(0.2),
    );
    let within = Target::AtMost(15.0);
    section.add_with(
        "20 requests a second, 50 ms latency",
        "s",
        &together.into(),
        within,
    );
    section.add(
        "the same by single polls, from 200 of them",
        "s",
        &alone.into(),
    );
    Ok(())
}

/// Starts the runs, which stay under way for the whole measurement.
async fn start(job_type: &JobType) -> Result<Vec<Run>> {
    let starts = (0..RUNS).map(|number| async move {
        let job = Job {
            external_id: format!("pipeline-{}", number % PIPELINES),
            attributes: Vec::new(),
            parameters: Vec::new(),
        };
        let guid = format!("6f1c1f3e-3b0a-4d6c-9f8e-{number:012}");
        let started = answered(job_type.start(&job, &guid).await)?;
        Ok(Run {
            external_id: Some(job.external_id),
            run_id: started.run_id,
        })
    });
    stream::iter(starts).buffered(16).try_collect().await
}

/// Polls all runs, as a host does it in each round.
async fn round(job_type: &JobType, runs: &[Run]) -> Result<()> {
    for answer in job_type.statuses(runs).await {
        let status = answered(answer)?;
        ensure!(
            status.state == RunState::Running,
            "a run is {:?}",
            status.state
        );
    }
    Ok(())
}

/// Polls each run on its own, again where it is throttled.
async fn one_by_one(job_type: &JobType, runs: &[Run]) -> Result<()> {
    let polls = stream::iter(runs).map(|run| async move {
        loop {
            match job_type.status(run).await? {
                Err(error) if error.retryable => {}
                answer => return answered(Ok(answer)).map(drop),
            }
        }
    });
    polls.buffer_unordered(4).try_collect().await
}

/// How many requests the emulator has received.
async fn requests(url: &str) -> Result<f64> {
    let stats = reqwest::get(format!("{url}/_emulator/stats"))
        .await?
        .bytes()
        .await?;
    let stats: Value = serde_json::from_slice(&stats)?;
    let counts = stats.get("requests").and_then(Value::as_object);
    let counts = counts.context("the emulator counts no requests")?;
    Ok(counts.values().filter_map(Value::as_f64).sum())
}

/// Sends requests, and throttles those past [`MOST_A_SECOND`] in any one second. The emulator's own limit
/// would hold for the starts too.
#[derive(Debug, Default)]
struct Limited {
    client: reqwest::Client,
    admitted: Mutex<VecDeque<Instant>>,
}

impl Limited {
    fn admits(&self) -> bool {
        let mut admitted = self.admitted.lock().unwrap_or_else(PoisonError::into_inner);
        let now = Instant::now();
        while admitted
            .front()
            .is_some_and(|at| now - *at >= Duration::from_secs(1))
        {
            admitted.pop_front();
        }
        let admits = admitted.len() < MOST_A_SECOND;
        if admits {
            admitted.push_back(now);
        }
        admits
    }
}

#[async_trait]
impl HttpClient for Limited {
    async fn send(
        &self,
        request: HttpRequest,
        _: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        if !self.admits() {
            tokio::time::sleep(Duration::from_millis(LATENCY.into())).await;
            return Ok(HttpResponse {
                status: 400,
                headers: HeaderMap::new(),
                body: br#"{"__type": "ThrottlingException", "message": "Rate exceeded"}"#.to_vec(),
            });
        }
        let lost = |error: reqwest::Error| TransportError::Protocol {
            host: "the emulator".to_owned(),
            reason: error.to_string(),
        };
        let request = self
            .client
            .request(request.method, request.url)
            .headers(request.headers)
            .body(request.body);
        let response = request.send().await.map_err(lost)?;
        Ok(HttpResponse {
            status: response.status().as_u16(),
            headers: response.headers().clone(),
            body: response.bytes().await.map_err(lost)?.to_vec(),
        })
    }
}
