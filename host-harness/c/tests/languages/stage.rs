//! The library under the name by which programs load it, an emulated platform, and what tests in another
//! language are told.

use std::env;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

use anyhow::{Context, Result, ensure};
use sagemaker_emulator::Emulator;
use tempfile::TempDir;
use test_support::process;
use tokio::runtime::Runtime;

/// Far longer than any of the tests takes, so that one that hangs fails.
const LIMIT: Duration = Duration::from_secs(600);

/// What the tests in another language run on.
pub(crate) struct Stage {
    folder: TempDir,
    emulator: Emulator,
    _runtime: Runtime,
}

impl Stage {
    pub(crate) fn new() -> Result<Self> {
        let runtime = Runtime::new()?;
        let started = Emulator::builder()
            .shipped_pipelines()
            .step_duration(Duration::from_secs(1))
            .start();
        let emulator = runtime.block_on(started)?;
        let stage = Self {
            folder: tempfile::tempdir()?,
            emulator,
            _runtime: runtime,
        };
        let library = built()?;
        std::fs::hard_link(&library, stage.library())
            .or_else(|_| std::fs::copy(&library, stage.library()).map(drop))
            .context("cannot give the library its name")?;
        Ok(stage)
    }

    /// A folder for what is compiled.
    pub(crate) fn folder(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn library(&self) -> PathBuf {
        self.folder().join("libpolysync_host.so")
    }

    /// The platform's URL.
    pub(crate) fn url(&self) -> String {
        self.emulator.url()
    }

    /// `NAME=VALUE`, separated by semicolons.
    pub(crate) fn told(&self) -> String {
        let cache = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compiled-for-languages");
        [
            ("url", self.url()),
            ("sagemaker", shown(test_components::sagemaker_pipeline())),
            (
                "sagemaker-next",
                shown(test_components::sagemaker_pipeline_next()),
            ),
            ("glue", shown(test_components::glue_job())),
            ("misbehaving", shown(test_components::misbehaving())),
            ("cache", shown(&cache)),
        ]
        .map(|(name, value)| format!("{name}={value}"))
        .join(";")
    }

    /// Runs a program to its success, and returns what it printed.
    pub(crate) fn run(&self, command: &mut Command) -> Result<String> {
        self.run_to(command, 0)
    }

    /// Runs a program to its end with this code, and returns what it printed.
    pub(crate) fn run_to(&self, command: &mut Command, code: i32) -> Result<String> {
        command
            .current_dir(self.folder())
            .env("LD_LIBRARY_PATH", self.folder());
        Self::ended(command, code)
    }

    /// Runs a program that finds the library by itself to its success, and returns what it printed.
    pub(crate) fn run_with_its_libraries(&self, command: &mut Command) -> Result<String> {
        Self::ended(command, 0)
    }

    fn ended(command: &mut Command, code: i32) -> Result<String> {
        let done = process::output(command, LIMIT)
            .with_context(|| format!("cannot run {}", command.get_program().display()))?;
        let printed = [done.stdout, done.stderr].concat();
        let printed = String::from_utf8_lossy(&printed).into_owned();
        ensure!(
            done.status.code() == Some(code),
            "{command:?} ended with {}: {printed}",
            done.status
        );
        Ok(printed)
    }
}

/// The library that `POLYSYNC_HOST_LIBRARY` names, or the one that cargo built for these tests, beside them.
fn built() -> Result<PathBuf> {
    if let Some(named) = env::var_os("POLYSYNC_HOST_LIBRARY") {
        return Ok(named.into());
    }
    let tests = env::current_exe()?;
    let folder = tests.parent().context("the tests are in no folder")?;
    Ok(folder.join("libpolysync_host_c.so"))
}

fn shown(path: &Path) -> String {
    path.display().to_string()
}

/// The folder of the languages' libraries.
pub(crate) fn sources() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

/// The files of a folder that have this extension.
pub(crate) fn files(folder: &Path, extension: &str) -> Result<Vec<PathBuf>> {
    let entries = std::fs::read_dir(folder)?;
    let mut files = entries
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    files.retain(|file| file.extension().is_some_and(|it| it == extension));
    files.sort();
    Ok(files)
}
