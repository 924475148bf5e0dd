//! Builds the tool and the emulator, for the tasks that run them.

use std::process::Command;

use anyhow::{Context, Result, ensure};
use xtask::environment;
use xtask::workspace::Workspace;

/// Builds with the features of the tests, so that nothing is compiled twice.
///
/// # Errors
/// Where something doesn't compile.
pub(crate) fn build(workspace: &Workspace) -> Result<()> {
    let cargo = environment::cargo();
    let status = environment::without_outer_cargo(&mut Command::new(&cargo))
        .current_dir(&workspace.root)
        .args(["build", "--workspace", "--all-features", "--bins"])
        .status()
        .with_context(|| format!("can't start {cargo}"))?;
    ensure!(status.success(), "the host and the emulator don't compile");
    Ok(())
}
