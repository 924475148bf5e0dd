//! Where the project's sources are, and where cargo puts what it builds.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;

use crate::environment;

/// The project's folders.
#[derive(Clone, Debug, Deserialize)]
pub struct Workspace {
    /// Holds the root `Cargo.toml`.
    #[serde(rename = "workspace_root")]
    pub root: PathBuf,
    /// Holds all that is built: `target`, or what `CARGO_TARGET_DIR` or cargo's settings name.
    #[serde(rename = "target_directory")]
    pub target: PathBuf,
}

impl Workspace {
    /// Asks cargo for the folders of the project that this program was built from.
    ///
    /// # Errors
    /// Where cargo can't be started or can't read the project.
    pub fn locate() -> Result<Self> {
        let cargo = environment::cargo();
        let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
        let output = environment::without_outer_cargo(&mut Command::new(&cargo))
            .args(["metadata", "--no-deps", "--format-version=1"])
            .arg("--manifest-path")
            .arg(&manifest)
            .stderr(Stdio::inherit())
            .output()
            .with_context(|| format!("can't start {cargo}: install Rust from https://rustup.rs"))?;
        ensure!(
            output.status.success(),
            "`cargo metadata` can't read {}: its reason is above",
            manifest.display()
        );
        serde_json::from_slice(&output.stdout).context("can't read what `cargo metadata` wrote")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_workspace_is_the_folder_above_xtask() {
        let workspace = Workspace::locate().unwrap();
        let xtask = workspace.root.join("xtask").canonicalize().unwrap();
        let this = Path::new(env!("CARGO_MANIFEST_DIR"));
        assert_eq!(xtask, this.canonicalize().unwrap());
    }
}
