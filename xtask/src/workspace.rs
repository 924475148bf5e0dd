//! Where the project's sources are, and where cargo puts what it builds.

use std::env;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use serde::Deserialize;
use serde::de::DeserializeOwned;

use crate::environment;

/// The project's folders.
#[derive(Clone, Debug, Deserialize)]
pub struct Workspace {
    /// Holds the root `Cargo.toml`.
    #[serde(rename = "workspace_root")]
    pub root: PathBuf,
    /// Holds what is built: `target`, or what `CARGO_TARGET_DIR` or cargo's settings name.
    #[serde(rename = "target_directory")]
    pub target: PathBuf,
    /// Holds what cargo builds on the way: `target`, unless cargo's settings name another folder.
    #[serde(rename = "build_directory")]
    pub build: PathBuf,
}

impl Workspace {
    /// Asks cargo for the folders of the project that this program is started in.
    ///
    /// The path is not compiled in: checkouts may share a target folder, and one can be moved.
    ///
    /// # Errors
    /// Where cargo can't be started or can't read the project.
    pub fn locate() -> Result<Self> {
        // Cargo sets this for what it starts. A program that was started by hand looks around.
        let package = env::var_os("CARGO_MANIFEST_DIR").unwrap_or_else(|| ".".into());
        Self::around(Path::new(&package))
    }

    /// The folder that cargo names to tests as `CARGO_TARGET_TMPDIR`.
    pub fn test_folder(&self) -> PathBuf {
        self.build.join("tmp")
    }

    fn around(folder: &Path) -> Result<Self> {
        metadata(folder)
    }
}

/// What cargo tells of the project around a folder, as far as it is read.
pub(crate) fn metadata<T: DeserializeOwned>(folder: &Path) -> Result<T> {
    let cargo = environment::cargo();
    let output = environment::without_outer_cargo(&mut Command::new(&cargo))
        .args(["metadata", "--no-deps", "--format-version=1"])
        .current_dir(folder)
        .stderr(Stdio::inherit())
        .output()
        .with_context(|| format!("can't start {cargo} in {}", folder.display()))?;
    ensure!(
        output.status.success(),
        "`cargo metadata` can't read the project around {}: its reason is above",
        folder.display()
    );
    serde_json::from_slice(&output.stdout).context("can't read what `cargo metadata` wrote")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    #[test]
    fn the_workspace_is_found_from_the_folder_and_not_from_the_place_of_compilation() {
        let checkout = tempfile::tempdir().unwrap();
        let root = checkout.path().canonicalize().unwrap();
        let member = root.join("member");
        fs::create_dir_all(member.join("src")).unwrap();
        fs::write(
            root.join("Cargo.toml"),
            "[workspace]\nmembers = [\"member\"]\nresolver = \"3\"\n",
        )
        .unwrap();
        let package = "[package]\nname = \"member\"\nedition = \"2024\"\n";
        fs::write(member.join("Cargo.toml"), package).unwrap();
        fs::write(member.join("src/lib.rs"), "").unwrap();

        assert_eq!(Workspace::around(&member).unwrap().root, root);
    }

    #[test]
    fn this_package_is_part_of_the_workspace() {
        let workspace = Workspace::locate().unwrap();
        assert!(workspace.root.join("xtask").is_dir());
    }

    #[test]
    fn the_folder_of_tests_is_the_one_that_cargo_names_to_them() {
        let folder = Workspace::locate().unwrap().test_folder();
        assert_eq!(folder.file_name().unwrap(), "tmp");
        assert!(folder.is_absolute(), "{}", folder.display());
    }
}
