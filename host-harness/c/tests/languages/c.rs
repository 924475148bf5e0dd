//! C, from the header alone.

use std::process::Command;

use anyhow::Result;

use crate::stage::{Stage, sources};

const STRICT: [&str; 5] = ["-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic"];

#[test]
fn the_header_is_c99_without_a_warning() -> Result<()> {
    let stage = Stage::new()?;
    let header = sources().join("c/include/polysync_host.h");
    stage.run(
        Command::new("cc")
            .args(STRICT)
            .args(["-fsyntax-only", "-x", "c"])
            .arg(header),
    )?;
    Ok(())
}
