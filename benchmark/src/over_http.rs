//! `status` over loopback HTTP: the processor time of this host, of boto3, and of this host's HTTP
//! client alone, which sends the same request and reads the bytes of the answer.

use std::hint::black_box;
use std::path::Path;

use anyhow::{Context, Result};
use cpu_time::ProcessTime;
use polysync_host::contract::Run;
use polysync_host::{JobType, Plugin};

use crate::boto3::{Boto3, Python};
use crate::endpoint::{Emulators, start_run};
use crate::measure::{Samples, microseconds_each};
use crate::native::NativePlugin;
use crate::report::{Report, Target};
use crate::stage::{answered, job_type};

const CALLS: u32 = 200;

/// The subjects of the measurement.
pub(crate) struct Subjects<'a> {
    pub(crate) plugin: &'a Plugin,
    pub(crate) baseline: Option<&'a Plugin>,
    pub(crate) python: Option<&'a Python>,
}

/// Measures each in every round, and reports the processor time of all threads in microseconds a call.
pub(crate) async fn measure(
    subjects: &Subjects<'_>,
    emulators: &Emulators,
    home: &Path,
    rounds: u32,
    report: &mut Report,
) -> Result<()> {
    let emulator = emulators.start(1, None)?;
    let run = start_run(subjects.plugin, &emulator).await?;
    let over_http = async |plugin| job_type(plugin, Some(&emulator.url), None).await;
    let job_type = over_http(subjects.plugin).await?;
    let baseline = match subjects.baseline {
        Some(baseline) => Some(over_http(baseline).await?),
        None => None,
    };
    let mut boto3 = subjects
        .python
        .map(|python| Boto3::start(python, &emulator.url, home))
        .transpose()?;
    answered(job_type.status(&run).await)?;
    if let Some(boto3) = &mut boto3 {
        boto3.status(&run.run_id, 1)?;
    }

    let native = NativePlugin::new();
    let client = reqwest::Client::builder().no_proxy().build()?;
    let mut samples = Measured::default();
    for _ in 0..rounds {
        samples.host.push(polls(&job_type, &run).await?);
        if let Some(baseline) = &baseline {
            samples.baseline.push(polls(baseline, &run).await?);
        }
        let request = native.request(&emulator.url, &run.run_id)?.try_into()?;
        samples.http_client.push(requests(&client, request).await?);
        if let Some(boto3) = &mut boto3 {
            samples.boto3.push(boto3.status(&run.run_id, CALLS)?);
        }
    }
    samples.add_to(report);
    Ok(())
}

/// The processor time of each subject in each round, in microseconds a call.
#[derive(Default)]
struct Measured {
    host: Samples,
    /// Empty if no baseline is given.
    baseline: Samples,
    http_client: Samples,
    /// Empty if boto3 is not installed.
    boto3: Samples,
}

impl Measured {
    fn add_to(&self, report: &mut Report) {
        let mut section = report.section("status over loopback HTTP, processor time of the client");
        section.add("this host", "µs", &self.host);
        section.add("its HTTP client alone", "µs", &self.http_client);
        if !self.baseline.is_empty() {
            section.add("the baseline", "µs", &self.baseline);
            let ratio = self.host.in_units_of(&self.baseline);
            let target = Target::AtMost(1.05);
            section.add_with("this host / the baseline", "×", &ratio, target);
        }
        if !self.boto3.is_empty() {
            section.add("boto3", "µs", &self.boto3);
            let ratio = self.boto3.in_units_of(&self.host);
            section.add_with("boto3 / this host", "×", &ratio, Target::AtLeast(8.0));
        }
    }
}

/// Microseconds of processor time for one of [`CALLS`] requests that the HTTP client sends alone.
async fn requests(client: &reqwest::Client, request: reqwest::Request) -> Result<f64> {
    let client = client.clone();
    let began = ProcessTime::now();
    tokio::spawn(async move {
        for _ in 0..CALLS {
            let request = request.try_clone().context("a body is read once")?;
            let answer = client.execute(request).await?.error_for_status()?;
            black_box(answer.bytes().await?);
        }
        anyhow::Ok(())
    })
    .await??;
    Ok(microseconds_each(began.elapsed(), CALLS))
}

/// Microseconds of processor time for one of [`CALLS`] polls.
async fn polls(job_type: &JobType, run: &Run) -> Result<f64> {
    let (job_type, run) = (job_type.clone(), run.clone());
    let began = ProcessTime::now();
    // In a task, as a host does it: the runtime's threads need not wake each other then.
    tokio::spawn(async move {
        for _ in 0..CALLS {
            answered(job_type.status(&run).await)?;
        }
        anyhow::Ok(())
    })
    .await??;
    Ok(microseconds_each(began.elapsed(), CALLS))
}
