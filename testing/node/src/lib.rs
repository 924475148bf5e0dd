//! jco for Node, as npm packages in the target folder: a test runs the component with it.
//!
//! `cargo xtask setup` and `cargo xtask test` install them ([`set_up`]). Tests only use them, and are
//! skipped where they are missing.

use std::fs::{self, File};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use test_support::{process, skip};
use thiserror::Error;

const PACKAGE: &str = "package.json";
const LOCK: &str = "package-lock.json";

/// Long enough for a slow package registry.
const LIMIT: Duration = Duration::from_secs(15 * 60);

/// What the machine lacks, or why npm failed.
#[derive(Debug, Error)]
pub enum Missing {
    /// Node or npm is missing or too old.
    #[error("Node 20 or later and npm are needed ({0})")]
    Node(String),
    /// Nobody has installed the packages yet, or they are other versions.
    #[error("jco is not installed in the target folder: run `cargo xtask setup`")]
    Packages,
    /// npm failed.
    #[error("npm can't install jco: {0}")]
    Npm(String),
    /// The target folder can't be written.
    #[error("can't write the folder of jco: {0}")]
    Io(#[from] io::Error),
}

/// Finds the folder of the packages that `sources` asks for, below `folder`; installs nothing.
///
/// Returns `None` where they are missing, and says on standard error that `what` is skipped and why.
///
/// # Errors
/// With `CI=true`, where the packages are missing.
pub fn find_or_skip(sources: &Path, folder: &Path, what: &str) -> Result<Option<PathBuf>, Missing> {
    match find(sources, folder) {
        Err(missing) if !skip::is_forbidden() => {
            skip::announce(what, &missing.to_string());
            Ok(None)
        }
        found => found.map(Some),
    }
}

fn find(sources: &Path, folder: &Path) -> Result<PathBuf, Missing> {
    probe_node()?;
    let home = home(folder);
    match is_complete(&home, &fs::read_to_string(sources.join(LOCK))?) {
        true => Ok(home),
        false => Err(Missing::Packages),
    }
}

/// Installs the packages that `package.json` and `package-lock.json` in `sources` name below `folder`,
/// unless they are there, and returns the folder that holds `node_modules`.
///
/// Calls `announce` with one sentence before it installs anything.
///
/// # Errors
/// Where Node or npm is missing, or the packages can't be downloaded.
pub fn set_up(
    sources: &Path,
    folder: &Path,
    announce: impl FnOnce(&str),
) -> Result<PathBuf, Missing> {
    probe_node()?;
    let home = home(folder);
    fs::create_dir_all(&home)?;
    // One process at a time installs.
    let lock = File::create(home.join("lock"))?;
    lock.lock()?;
    let wanted = fs::read_to_string(sources.join(LOCK))?;
    if !is_complete(&home, &wanted) {
        announce(&format!(
            "Installing jco and what it needs from the npm registry into {}.",
            home.display()
        ));
        for file in [PACKAGE, LOCK] {
            fs::copy(sources.join(file), home.join(file))?;
        }
        let mut npm = Command::new("npm");
        // Not `npm ci`: jco names optional packages for other systems that were never published.
        npm.args(["install", "--ignore-scripts", "--no-audit", "--no-fund"])
            .current_dir(&home);
        // npm outlives this process if that is killed: it shares the lock until it is done writing.
        run(&mut npm, lock.try_clone()?.into()).map_err(Missing::Npm)?;
        fs::write(home.join("complete"), wanted)?;
    }
    Ok(home)
}

fn home(folder: &Path) -> PathBuf {
    folder.join("second-host")
}

fn is_complete(home: &Path, wanted: &str) -> bool {
    fs::read_to_string(home.join("complete")).is_ok_and(|found| found == wanted)
}

fn probe_node() -> Result<(), Missing> {
    let version = run(Command::new("node").arg("--version"), Stdio::null());
    let version = version.map_err(Missing::Node)?;
    match major(&version) {
        Some(20..) => Ok(()),
        _ => Err(Missing::Node(format!("node is {}", version.trim()))),
    }
}

/// The first number of `v20.11.1`.
fn major(version: &str) -> Option<u32> {
    let (major, _) = version.trim().strip_prefix('v')?.split_once('.')?;
    major.parse().ok()
}

/// What a command prints, or why it failed.
fn run(command: &mut Command, input: Stdio) -> Result<String, String> {
    let program = command.get_program().display().to_string();
    let output = process::output_of_input(command, input, LIMIT)
        .map_err(|error| format!("{program}: {error}"))?;
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    match output.status.success() {
        true => Ok(text(&output.stdout)),
        false => Err(format!(
            "{program}: {}{}",
            text(&output.stdout),
            text(&output.stderr)
        )),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_major_version_of_node_is_read() {
        assert_eq!(major("v20.11.1\n"), Some(20));
        assert_eq!(major("20"), None);
    }

    #[test]
    fn packages_of_another_lock_file_are_not_complete() {
        let home = tempfile::tempdir().unwrap();
        assert!(!is_complete(home.path(), "new"));
        fs::write(home.path().join("complete"), "old").unwrap();
        assert!(!is_complete(home.path(), "new"));
        fs::write(home.path().join("complete"), "new").unwrap();
        assert!(is_complete(home.path(), "new"));
    }
}
