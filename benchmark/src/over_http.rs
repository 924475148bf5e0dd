//! The same `status` over loopback HTTP: the processor time of this host, of boto3, and of this host's
//! HTTP client alone, which sends the same request and reads the answer's bytes.

use std::hint::black_box;
use std::path::Path;

use anyhow::{Context, Result};
use cpu_time::ProcessTime;
use polysync_host::Plugin;

use crate::boto3::{Boto3, Python};
use crate::endpoint::{Emulators, start_run};
use crate::measure::{Samples, microseconds_each};
use crate::native::NativePlugin;
use crate::report::{Report, Target};
use crate::stage::{answered, job_type};

const CALLS: u32 = 200;

/// Measures each in every round, and reports the processor time of all threads in microseconds a call.
pub(crate) async fn measure(
    plugin: &Plugin,
    emulators: &Emulators,
    python: Option<&Python>,
    home: &Path,
    rounds: u32,
    report: &mut Report,
) -> Result<()> {
    let emulator = emulators.start(1, None)?;
    let run = start_run(plugin, &emulator).await?;
    let job_type = job_type(plugin, Some(&emulator.url), None)?;
    let mut boto3 = python
        .map(|python| Boto3::start(python, &emulator.url, home))
        .transpose()?;
    answered(job_type.status(&run).await)?;
    if let Some(boto3) = &mut boto3 {
        boto3.status(&run.run_id, 1)?;
    }

    let native = NativePlugin::new();
    let client = reqwest::Client::builder().no_proxy().build()?;
    let [mut ours, mut theirs, mut client_alone] = [const { Samples::new() }; 3];
    for _ in 0..rounds {
        let (job_type, run_again) = (job_type.clone(), run.clone());
        let began = ProcessTime::now();
        // In a task, as in a host: the runtime's threads needn't wake each other then.
        tokio::spawn(async move {
            for _ in 0..CALLS {
                answered(job_type.status(&run_again).await)?;
            }
            anyhow::Ok(())
        })
        .await??;
        ours.push(microseconds_each(began.elapsed(), CALLS));
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
    if boto3.is_some() {
        section.add("boto3", "µs", &theirs);
        let ratio = theirs.in_units_of(&ours);
        section.add_with("boto3 / this host", "×", &ratio, Target::AtLeast(8.0));
    }
    Ok(())
}
