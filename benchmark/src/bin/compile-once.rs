//! Loads one component without a cache, in a process of its own, and prints what that took as JSON:
//! the peak of a process's memory can't be reset.

use std::time::Instant;

use anyhow::{Context, Result};
use cpu_time::ProcessTime;
use polysync_host::{Host, Limits, LoadFault};

#[tokio::main]
async fn main() -> Result<()> {
    let path = std::env::args_os()
        .nth(1)
        .context("no component is given")?;
    let host = Host::new(Limits::recommended())?;
    let before = peak()?;
    let (began, processor) = (Instant::now(), ProcessTime::now());
    let loaded = host.load(&path).await;
    let (elapsed, processor) = (began.elapsed(), processor.elapsed());
    // Most are compiled, and then refused because they aren't job types.
    if let Err(error) = loaded
        && matches!(error.fault, LoadFault::TooComplex { .. })
    {
        return Err(error.into());
    }
    let taken = serde_json::json!({
        "seconds": elapsed.as_secs_f64(),
        "processorSeconds": processor.as_secs_f64(),
        "bytes": peak()?.saturating_sub(before),
    });
    println!("{taken}");
    Ok(())
}

/// The most memory that this process ever held, in bytes.
fn peak() -> Result<u64> {
    let status = std::fs::read_to_string("/proc/self/status").context("this isn't Linux")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.trim().strip_suffix(" kB"));
    let kibibytes: u64 = kibibytes.context("no VmHWM")?.trim().parse()?;
    Ok(kibibytes * 1024)
}
