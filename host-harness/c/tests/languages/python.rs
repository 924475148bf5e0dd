//! The library for Python, by its own tests.

use std::process::Command;

use anyhow::{Result, ensure};

use crate::stage::{Stage, sources};

#[test]
fn the_library_for_python_passes_its_tests() -> Result<()> {
    let stage = Stage::new()?;
    let package = sources().join("python").canonicalize()?;
    let mut tests = Command::new("python3");
    tests
        // What is only a warning elsewhere, such as a host that nobody closed, fails a test.
        .args([
            "-X", "dev", "-W", "error", "-B", "-m", "unittest", "discover", "-s",
        ])
        .arg(package.join("tests"))
        .env("PYTHONPATH", &package)
        .env("POLYSYNC_HOST_LIBRARY", stage.library())
        .env("POLYSYNC_TEST_STAGE", stage.told());
    let printed = stage.run(&mut tests)?;
    ensure!(printed.trim_end().ends_with("OK"), "{printed}");
    Ok(())
}
