//! `status`, answered from memory: in a fresh instance, in a warm one, and natively.

use anyhow::{Context, Result};
use polysync_harness::Plugin;

use crate::measure::{Samples, time, time_async};
use crate::native::{Guest, NativePlugin};
use crate::stage::{EXECUTING, FromMemory, connection, job_type, run};

pub(crate) struct StatusCall {
    pub(crate) fresh: Samples,
    pub(crate) warm: Samples,
    pub(crate) native: Samples,
    pub(crate) native_plugin: Samples,
}

/// Microseconds a call, by turns.
pub(crate) async fn measure(plugin: &Plugin, rounds: u32, calls: u32) -> Result<StatusCall> {
    let run = run();
    let job_type = job_type(plugin, connection(), FromMemory::answering(EXECUTING))?;
    let mut warm = job_type.warm().await?;
    let (guest, native) = (Guest::new(), NativePlugin::new());
    job_type
        .status(&run)
        .await?
        .map_err(|e| anyhow::anyhow!("{e:?}"))?;
    warm.status(&run)
        .await?
        .map_err(|e| anyhow::anyhow!("{e:?}"))?;
    guest.status().context("guest")?;
    native.status().context("native")?;
    let mut found = StatusCall {
        fresh: Samples::default(),
        warm: Samples::default(),
        native: Samples::default(),
        native_plugin: Samples::default(),
    };
    for _ in 0..rounds {
        found.fresh.push(
            time_async(calls, async || {
                let _ = std::hint::black_box(job_type.status(&run).await);
            })
            .await,
        );
        found.warm.push(
            time_async(calls, async || {
                let _ = std::hint::black_box(warm.status(&run).await);
            })
            .await,
        );
        found.native.push(time(calls, || {
            let _ = std::hint::black_box(guest.status());
        }));
        found.native_plugin.push(time(calls, || {
            let _ = std::hint::black_box(native.status());
        }));
    }
    Ok(found)
}
