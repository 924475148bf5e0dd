//! Discovery of a whole account, at an endpoint with a latency and a limit of requests a second: by
//! this host, and by boto3, which lists the pipelines and then describes one after the other.

use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use polysync_host::{JobType, Plugin};

use crate::boto3::{Boto3, Python};
use crate::endpoint::{Emulators, slow_down};
use crate::report::{Report, Target};
use crate::stage::{answered, job_type};

const LATENCY: u32 = 50;

/// The number of pipelines, the limit of requests a second, and the least ratio of boto3's time to this
/// host's.
const ACCOUNTS: [(usize, Option<u32>, Target); 4] = [
    (1_000, None, Target::AtLeast(10.0)),
    (1_000, Some(300), Target::AtLeast(10.0)),
    (1_000, Some(100), Target::AtLeast(1.0)),
    (200, Some(10), Target::AtLeast(1.0)),
];

/// Discovers each account with this host and with boto3.
pub(crate) async fn measure(
    plugin: &Plugin,
    emulators: &Emulators,
    python: Option<&Python>,
    home: &Path,
    report: &mut Report,
) -> Result<()> {
    for (pipelines, most_a_second, target) in ACCOUNTS {
        let limit = most_a_second.map_or_else(
            || "no limit".to_owned(),
            |most| format!("{most} requests a second"),
        );
        let emulator = emulators.start(pipelines, most_a_second)?;
        slow_down(&emulator, LATENCY).await?;
        let ours = discover(
            &job_type(plugin, Some(&emulator.url), None).await?,
            pipelines,
        )
        .await?;
        let mut section = report.section("discovery of all pipelines, 50 ms latency");
        section.add(
            format!("{pipelines}, {limit}: this host"),
            "s",
            &ours.into(),
        );
        let Some(python) = python else { continue };
        // A new emulator, so that this host's requests don't count against boto3's limit.
        drop(emulator);
        let emulator = emulators.start(pipelines, most_a_second)?;
        slow_down(&emulator, LATENCY).await?;
        let (found, theirs) = Boto3::start(python, &emulator.url, home)?.discover()?;
        ensure!(
            found == pipelines,
            "boto3 found {found} of {pipelines} pipelines"
        );
        section.add(format!("{pipelines}, {limit}: boto3"), "s", &theirs.into());
        let ratio = (theirs / ours).into();
        section.add_with(
            format!("{pipelines}, {limit}: boto3 / this host"),
            "×",
            &ratio,
            target,
        );
    }
    Ok(())
}

/// Measures how long it takes until all pipelines are known with their parameters, in seconds.
async fn discover(job_type: &JobType, pipelines: usize) -> Result<f64> {
    let began = Instant::now();
    let (mut found, mut cursor) = (0, None);
    loop {
        let page = answered(job_type.discover(cursor.as_deref()).await)?;
        let imported = page.jobs.iter().filter(|job| !job.parameters.is_empty());
        found += imported.count();
        cursor = page.next_cursor;
        if cursor.is_none() {
            break;
        }
    }
    ensure!(
        found == pipelines,
        "{found} of {pipelines} pipelines were imported"
    );
    Ok(began.elapsed().as_secs_f64())
}
