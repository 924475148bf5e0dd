//! Many polls in flight at once: polls a second, the time of each, and the memory of each.

use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use futures_util::future::try_join_all;
use polysync_host::contract::Run;
use polysync_host::{Host, JobType, Limits, Plugin, Source};

use crate::endpoint::{Emulators, slow_down, start_run};
use crate::measure::Samples;
use crate::memory::FromMemory;
use crate::report::{Report, Target};
use crate::stage::{EXECUTING, answered, job_type, run};

/// What the host's memory has for each call, in bytes: twice what an ordinary call takes.
const MEMORY_OF_A_CALL: usize = 4 << 20;

const IN_FLIGHT: [u32; 4] = [1, 100, 1_000, 10_000];
const LATENCY: u32 = 50;
/// How long polls run before the measurement, so that each slot of the pool has its pages.
const WARM_UP: Duration = Duration::from_secs(4);
const LASTS: Duration = Duration::from_secs(3);

/// Measures each number of polls in flight, first with answers from memory, then over HTTP.
pub(crate) async fn measure(
    component: &[u8],
    emulators: &Emulators,
    report: &mut Report,
) -> Result<()> {
    for in_flight in IN_FLIGHT {
        let plugin = load(component, in_flight).await?;
        let latency = Duration::from_millis(LATENCY.into());
        let memory = FromMemory::answering(latency, |_, _| EXECUTING.to_owned());
        let polled = poll(
            &job_type(&plugin, None, Some(memory)).await?,
            run(),
            in_flight,
        )
        .await?;
        polled.add_to(
            report,
            "polls in flight, answered from memory after 50 ms",
            in_flight,
        );
    }
    for in_flight in IN_FLIGHT {
        let plugin = load(component, in_flight).await?;
        let emulator = emulators.start(1, None)?;
        let run = start_run(&plugin, &emulator).await?;
        slow_down(&emulator, LATENCY).await?;
        let job_type = job_type(&plugin, Some(&emulator.url), None).await?;
        let polled = poll(&job_type, run, in_flight).await?;
        polled.add_to(
            report,
            "polls in flight over loopback HTTP, the emulator on the same processors",
            in_flight,
        );
    }
    Ok(())
}

/// Measures in a host of its own, because a pool keeps the memory that its instances have used.
async fn load(component: &[u8], in_flight: u32) -> Result<Plugin> {
    let host = Host::new(Limits {
        concurrent_calls: in_flight,
        slot_share_percent: 100,
        connection_share_percent: 100,
        memories: 1,
        total_memory_bytes: (in_flight as usize).saturating_mul(MEMORY_OF_A_CALL),
        ..Limits::recommended()
    })?;
    Ok(host.load(Source::bytes(component.to_vec())).await?)
}

struct Polled {
    a_second: f64,
    /// Milliseconds of each poll.
    took: Samples,
    /// The growth of resident memory for each poll, in KiB.
    memory: f64,
}

/// Keeps this number of polls in flight for a while.
async fn poll(job_type: &JobType, run: Run, in_flight: u32) -> Result<Polled> {
    answered(job_type.status(&run).await)?;
    let before = resident()?;
    let run = Arc::new(run);
    let began = Instant::now();
    let pollers = (0..in_flight).map(|_| {
        let (job_type, run) = (job_type.clone(), Arc::clone(&run));
        tokio::spawn(async move {
            let mut took = Vec::new();
            while began.elapsed() < WARM_UP + LASTS {
                let asked = Instant::now();
                answered(job_type.status(&run).await)?;
                if began.elapsed() > WARM_UP {
                    took.push(asked.elapsed().as_secs_f64() * 1e3);
                }
            }
            anyhow::Ok(took)
        })
    });
    let pollers = try_join_all(pollers.collect::<Vec<_>>());
    tokio::pin!(pollers);
    let mut most = before;
    let took = loop {
        tokio::select! {
            took = &mut pollers => break took?,
            () = tokio::time::sleep(Duration::from_millis(100)) => most = most.max(resident()?),
        }
    };
    let lasted = began.elapsed().saturating_sub(WARM_UP).as_secs_f64();
    let took: Vec<f64> = took.into_iter().collect::<Result<Vec<_>>>()?.concat();
    Ok(Polled {
        a_second: took.len() as f64 / lasted,
        took: took.into_iter().collect(),
        memory: most.saturating_sub(before) as f64 / 1024.0 / f64::from(in_flight),
    })
}

/// The resident memory of this process, in bytes.
fn resident() -> Result<usize> {
    let memory =
        memory_stats::memory_stats().context("this system does not report its memory in use")?;
    Ok(memory.physical_mem)
}

impl Polled {
    fn add_to(&self, report: &mut Report, name: &'static str, in_flight: u32) {
        let mut section = report.section(name);
        section.add(
            format!("{in_flight}: polls a second"),
            "/s",
            &self.a_second.into(),
        );
        for (share, percentile) in [(0.5, "p50"), (0.99, "p99")] {
            let value = self.took.quantile(share).into();
            section.add(format!("{in_flight}: {percentile} of a poll"), "ms", &value);
        }
        let memory = self.memory.into();
        let what = format!("{in_flight}: resident memory for each");
        match in_flight {
            // One poll doesn't outweigh the runtime's own threads and buffers.
            1 => section.add(what, "KiB", &memory),
            _ => section.add_with(what, "KiB", &memory, Target::AtMost(200.0)),
        }
    }
}
