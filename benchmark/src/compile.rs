//! What it takes to compile the component, and the worst components that the recommended limits let
//! through: time, and the peak of memory.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use polysync_host::CompileLimits;
use serde::Deserialize;

use crate::report::Report;

/// What `compile-once` prints.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Taken {
    seconds: f64,
    processor_seconds: f64,
    bytes: f64,
}

/// Measures each component in a process of its own.
pub(crate) fn measure(component: &[u8], folder: &Path, report: &mut Report) -> Result<()> {
    let program = std::env::current_exe()?.with_file_name("compile-once");
    let file = folder.join("worst.wasm");
    let worst = expensive_components::worst(&CompileLimits::recommended());
    let all = std::iter::once(("the component", component.to_vec())).chain(worst);
    let mut section = report.section("compilation: the worst that limits let through");
    for (kind, component) in all {
        fs::write(&file, component).with_context(|| format!("can't write {}", file.display()))?;
        let output = Command::new(&program)
            .arg(&file)
            .output()
            .with_context(|| format!("can't start {}", program.display()))?;
        ensure!(
            output.status.success(),
            "{kind} could not be compiled: {}",
            String::from_utf8_lossy(&output.stderr)
        );
        let taken: Taken = serde_json::from_slice(&output.stdout)?;
        section.add(kind, "s", &taken.seconds.into());
        section.add(
            format!("{kind}, processor time"),
            "s",
            &taken.processor_seconds.into(),
        );
        section.add(
            format!("{kind}, memory"),
            "MiB",
            &(taken.bytes / f64::from(1 << 20)).into(),
        );
    }
    Ok(())
}
