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

#[test]
fn a_program_in_c_starts_a_run_and_follows_it_to_its_end() -> Result<()> {
    let stage = Stage::new()?;
    let program = stage.folder().join("follow");
    let mut compiler = Command::new("cc");
    compiler
        .args(STRICT)
        .arg("-I")
        .arg(sources().join("c/include"))
        .arg(sources().join("c/examples/follow.c"))
        .arg("-o")
        .arg(&program)
        .arg("-L")
        .arg(stage.folder())
        .arg("-lpolysync_host");
    stage.run(&mut compiler)?;
    let mut follow = Command::new(program);
    follow
        .arg(test_components::sagemaker_pipeline())
        .args(["us-east-1", &stage.url(), "abalone-training"])
        .arg("0f8fad5b-d9cb-469f-a165-70867728950e")
        .env("AWS_ACCESS_KEY_ID", "emulator")
        .env("AWS_SECRET_ACCESS_KEY", "emulator-secret");
    let printed = stage.run(&mut follow)?;
    assert!(printed.contains("success"), "{printed}");
    Ok(())
}
