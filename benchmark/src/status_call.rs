//! `status`, answered from memory: in a fresh instance, in a warm one, and natively.

use std::hint::black_box;
use std::time::Duration;

use anyhow::{Context, Result, anyhow};
use polysync_host::Plugin;

use crate::measure::{Samples, time, time_async};
use crate::memory::FromMemory;
use crate::native::{Guest, NativePlugin};
use crate::report::{Report, Target};
use crate::stage::{EXECUTING, answered, job_type, run};

const CALLS: u32 = 400;

/// Measures each in every round, and reports microseconds a call.
pub(crate) async fn measure(
    plugin: &Plugin,
    baseline: Option<&Plugin>,
    rounds: u32,
    report: &mut Report,
) -> Result<()> {
    let run = run();
    let from_memory = |plugin| {
        let memory = FromMemory::answering(Duration::ZERO, |_, _| EXECUTING.to_owned());
        job_type(plugin, None, Some(memory))
    };
    let job_type = from_memory(plugin)?;
    let baseline = baseline.map(from_memory).transpose()?;
    let mut instance = job_type.warm().await?;
    let (guest, plugin) = (Guest::new(), NativePlugin::new());
    // All of them do the same work.
    let expected = answered(job_type.status(&run).await)?;
    let said = instance.status(&run).await?;
    let said = said.map_err(|error| anyhow!("{}", error.message))?;
    for (platform_status, who) in [
        (said.platform_status, "the warm instance"),
        (guest.status()?.platform_status, "the native guest"),
        (plugin.status()?.platform_status, "the native plugin"),
    ] {
        (platform_status == expected.platform_status)
            .then_some(())
            .with_context(|| format!("{who} says {platform_status}"))?;
    }

    let [
        mut fresh,
        mut fresh_baseline,
        mut warm,
        mut native,
        mut native_plugin,
    ] = [const { Samples::new() }; 5];
    for _ in 0..rounds {
        fresh.push(
            time_async(CALLS, async || {
                let _ = black_box(job_type.status(&run).await);
            })
            .await,
        );
        if let Some(baseline) = &baseline {
            fresh_baseline.push(
                time_async(CALLS, async || {
                    let _ = black_box(baseline.status(&run).await);
                })
                .await,
            );
        }
        warm.push(
            time_async(CALLS, async || {
                let _ = black_box(instance.status(&run).await);
            })
            .await,
        );
        native.push(time(CALLS, || {
            let _ = black_box(guest.status());
        }));
        native_plugin.push(time(CALLS, || {
            let _ = black_box(plugin.status());
        }));
    }

    let mut section = report.section("status, answered from memory");
    section.add("natively, with http_request::sign", "µs", &native_plugin);
    section.add("natively, the guest's own code", "µs", &native);
    section.add("in a warm instance", "µs", &warm);
    section.add("in a fresh instance", "µs", &fresh);
    section.add(
        "warm / native with http_request::sign",
        "×",
        &warm.in_units_of(&native_plugin),
    );
    section.add_with(
        "fresh / native with http_request::sign",
        "×",
        &fresh.in_units_of(&native_plugin),
        Target::AtMost(4.0),
    );
    if baseline.is_some() {
        section.add("the baseline in a fresh instance", "µs", &fresh_baseline);
        section.add_with(
            "fresh / the baseline's",
            "×",
            &fresh.in_units_of(&fresh_baseline),
            Target::AtMost(1.05),
        );
    }
    Ok(())
}
