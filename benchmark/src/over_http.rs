//! The same `status` over loopback HTTP: the processor time of this host, of boto3, and of this host's
//! HTTP client alone, which sends the same request and reads the answer's bytes.

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

/// What is measured.
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
    let over_http = |plugin| job_type(plugin, Some(&emulator.url), None);
    let job_type = over_http(subjects.plugin)?;
    let baseline = subjects.baseline.map(over_http).transpose()?;
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
    let [mut ours, mut of_baseline, mut theirs, mut client_alone] = [const { Samples::new() }; 4];
    for _ in 0..rounds {
        ours.push(polls(&job_type, &run).await?);
        if let Some(baseline) = &baseline {
            of_baseline.push(polls(baseline, &run).await?);
        }
        let request = reqwest::Request::try_from(native.request(&emulator.url, &run.run_id)?)?;
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
        client_alone.push(microseconds_each(began.elapsed(), CALLS));
        if let Some(boto3) = &mut boto3 {
            theirs.push(boto3.status(&run.run_id, CALLS)?);
        }
    }

    let mut section = report.section("status over loopback HTTP, processor time of the client");
    section.add("this host", "µs", &ours);
    section.add("of it, its HTTP client alone", "µs", &client_alone);
    if baseline.is_some() {
        section.add("the baseline", "µs", &of_baseline);
        let ratio = ours.in_units_of(&of_baseline);
        section.add_with(
            "this host / the baseline",
            "×",
            &ratio,
            Target::AtMost(1.05),
        );
    }
    if boto3.is_some() {
        section.add("boto3", "µs", &theirs);
        let ratio = theirs.in_units_of(&ours);
        section.add_with("boto3 / this host", "×", &ratio, Target::AtLeast(8.0));
    }
    Ok(())
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
