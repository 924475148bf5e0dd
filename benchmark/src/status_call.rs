//! `status`, answered from memory: in a fresh instance, in a warm one, and natively.

use std::hint::black_box;
use std::time::Duration;

use anyhow::{Result, anyhow, ensure};
use polysync_host::contract::Run;
use polysync_host::{JobType, Plugin};

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
    let from_memory = async |plugin| {
        let memory = FromMemory::answering(Duration::ZERO, |_, _| EXECUTING.to_owned());
        job_type(plugin, None, Some(memory)).await
    };
    let job_type = from_memory(plugin).await?;
    let baseline = match baseline {
        Some(baseline) => Some(from_memory(baseline).await?),
        None => None,
    };
    let mut instance = job_type.warm().await?;
    let (guest, native) = (Guest::new(), NativePlugin::new());
    let expected = answered(job_type.status(&run).await)?.platform_status;
    let warm = instance.status(&run).await?;
    let warm = warm.map_err(|error| anyhow!("{}", error.message))?;
    expect_the_same_work(
        &expected,
        [
            ("the warm instance", warm.platform_status),
            ("the native guest", guest.status()?.platform_status),
            ("the native plugin", native.status()?.platform_status),
        ],
    )?;

    let mut samples = Measured::default();
    for _ in 0..rounds {
        samples.fresh.push(fresh_calls(&job_type, &run).await);
        if let Some(baseline) = &baseline {
            samples.baseline.push(fresh_calls(baseline, &run).await);
        }
        let warm = time_async(CALLS, async || {
            let _ = black_box(instance.status(&run).await);
        });
        samples.warm.push(warm.await);
        samples.guest.push(time(CALLS, || {
            let _ = black_box(guest.status());
        }));
        samples.native.push(time(CALLS, || {
            let _ = black_box(native.status());
        }));
    }
    samples.add_to(report);
    Ok(())
}

fn expect_the_same_work<const N: usize>(expected: &str, said: [(&str, String); N]) -> Result<()> {
    for (who, platform_status) in said {
        ensure!(
            platform_status == expected,
            "{who} says {platform_status} and not {expected}"
        );
    }
    Ok(())
}

/// Microseconds for one of [`CALLS`] calls, each in an instance of its own.
async fn fresh_calls(job_type: &JobType, run: &Run) -> f64 {
    time_async(CALLS, async || {
        let _ = black_box(job_type.status(run).await);
    })
    .await
}

/// What each subject took in each round, in microseconds a call.
#[derive(Default)]
struct Measured {
    /// A native plugin that signs with `http_request::sign`.
    native: Samples,
    /// The guest's own code, compiled natively.
    guest: Samples,
    warm: Samples,
    fresh: Samples,
    /// Empty if no baseline is given.
    baseline: Samples,
}

impl Measured {
    fn add_to(&self, report: &mut Report) {
        let mut section = report.section("status, answered from memory");
        section.add("natively, with http_request::sign", "µs", &self.native);
        section.add("natively, the guest's own code", "µs", &self.guest);
        section.add("in a warm instance", "µs", &self.warm);
        section.add("in a fresh instance", "µs", &self.fresh);
        let warm = self.warm.in_units_of(&self.native);
        section.add("warm / native with http_request::sign", "×", &warm);
        let fresh = self.fresh.in_units_of(&self.native);
        let target = Target::AtMost(4.0);
        section.add_with(
            "fresh / native with http_request::sign",
            "×",
            &fresh,
            target,
        );
        if !self.baseline.is_empty() {
            section.add("the baseline in a fresh instance", "µs", &self.baseline);
            let ratio = self.fresh.in_units_of(&self.baseline);
            section.add_with("fresh / the baseline's", "×", &ratio, Target::AtMost(1.05));
        }
    }
}
