//! How long it takes to load the component and to swap it.

use std::time::Instant;

use anyhow::Result;
use polysync_host::{Host, Limits, Slot, Source};

use crate::measure::Samples;
use crate::memory::FromMemory;
use crate::report::{Report, Target};
use crate::stage::{EXECUTING, answered, connection, credentials, run};
use aws_credential_types::provider::SharedCredentialsProvider;
use polysync_host::{Access, Grants};

const KIB: f64 = 1024.0;

/// Measures the compilation, the load from the cache, and a swap until the new plugin answers a call, in
/// milliseconds.
pub(crate) async fn measure(component: &[u8], rounds: u32, report: &mut Report) -> Result<()> {
    let source = || Source::bytes(component.to_vec());
    let cache = tempfile::tempdir()?;
    let mut compile = Samples::new();
    let uncached = Host::new(Limits::recommended())?;
    for _ in 0..rounds.div_ceil(4) {
        let began = Instant::now();
        uncached.load(source()).await?;
        compile.push(began.elapsed().as_secs_f64() * 1e3);
    }

    let mut cached = Samples::new();
    let host = Host::with_cache(Limits::recommended(), cache.path())?;
    host.load(source()).await?;
    for _ in 0..rounds {
        let began = Instant::now();
        host.load(source()).await?;
        cached.push(began.elapsed().as_secs_f64() * 1e3);
    }

    let mut section = report.section("the component");
    section.add_with(
        "size",
        "KiB",
        &(component.len() as f64 / KIB).into(),
        Target::AtMost(640.0),
    );
    section.add("compile and load", "ms", &compile);
    section.add_with("load from the cache", "ms", &cached, Target::AtMost(2.0));
    let swapped = swap(&host, component, rounds).await?;
    section.add_with(
        "swapped in after it is loaded",
        "ms",
        &swapped,
        Target::AtMost(1.0),
    );
    Ok(())
}

/// Measures a rollback, which swaps in a plugin that is loaded already, and the first call that this
/// plugin answers, in milliseconds.
async fn swap(host: &Host, component: &[u8], rounds: u32) -> Result<Samples> {
    let slot = Slot::new(host.load(Source::bytes(component.to_vec())).await?);
    let requests = slot.plugin().requests(&connection(None)).await?;
    let grants = Grants::none().accept(requests.valid());
    let memory = FromMemory::answering(std::time::Duration::ZERO, |_, _| EXECUTING.to_owned());
    let access =
        Access::new(grants, SharedCredentialsProvider::new(credentials())).with_http_client(memory);
    let job_type = slot.for_connection(connection(None), access);
    let mut swapped = Samples::new();
    for round in 0..rounds {
        // A section without effect makes another build.
        slot.swap(Source::bytes(another_build(component, round)))
            .await?;
        let generation = slot.identity().generation;
        let began = Instant::now();
        slot.rollback()?;
        answered(job_type.status(&run()).await)?;
        swapped.push(began.elapsed().as_secs_f64() * 1e3);
        anyhow::ensure!(
            job_type.identity().generation > generation,
            "the rollback isn't visible"
        );
    }
    Ok(swapped)
}

/// The component with a custom section that holds one number.
fn another_build(component: &[u8], number: u32) -> Vec<u8> {
    let mut build = component.to_vec();
    // Section 0 of eight bytes: a name of three characters, and the number.
    build.extend([0, 8, 3]);
    build.extend(b"bld");
    build.extend(number.to_le_bytes());
    build
}
