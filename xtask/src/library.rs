//! `cargo xtask library`: builds the host as a shared library, for programs in other languages.

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use anyhow::{Context, Result, ensure};
use xtask::environment;
use xtask::workspace::Workspace;

const PACKAGE: &str = "polysync-host-c";

/// Builds the library, gives it the name by which programs load it, and returns its path.
///
/// # Errors
/// It doesn't compile, or the target folder can't be written.
pub(crate) fn build(workspace: &Workspace) -> Result<PathBuf> {
    let cargo = environment::cargo();
    let status = environment::without_outer_cargo(&mut Command::new(&cargo))
        .current_dir(&workspace.root)
        .args([
            "rustc",
            "--package",
            PACKAGE,
            "--lib",
            "--profile",
            "library",
        ])
        .args(["--crate-type", "cdylib"])
        .status()
        .with_context(|| format!("can't start {cargo}"))?;
    ensure!(status.success(), "the library doesn't compile");
    let folder = workspace.target.join("library");
    let built = folder.join("libpolysync_host_c.so");
    let named = folder.join("libpolysync_host.so");
    // A program may run with the one that is there: it is replaced and not written over.
    let beside = folder.join("libpolysync_host.so.new");
    fs::copy(&built, &beside)
        .and_then(|_| fs::rename(&beside, &named))
        .with_context(|| format!("can't write {}", named.display()))?;
    Ok(named)
}
