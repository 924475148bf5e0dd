//! The library for .NET, on Mono and on CoreCLR: the same assemblies, compiled by Mono's compiler.

use std::fs;
use std::path::PathBuf;

use anyhow::{Result, ensure};
use dotnet_environment::{CoreClr, Mono, or_skip};

use crate::stage::{Stage, files, sources};

const RUNTIME_CONFIG: &str = r#"{ "runtimeOptions": { "framework": { "name": "Microsoft.NETCore.App", "version": "8.0.0" } } }"#;

/// Compiles the library and a program on it, and returns the program's file.
fn compiled(stage: &Stage, mono: &Mono, program: &str, folder: &str) -> Result<PathBuf> {
    let library = stage.folder().join("Polysync.JobTypes.dll");
    let mut compiler = mono.compiler();
    compiler
        .args([
            "-langversion:7",
            "-warnaserror",
            "-nowarn:1591",
            "-target:library",
        ])
        .arg(format!("-out:{}", library.display()))
        .arg(format!("-doc:{}", library.with_extension("xml").display()))
        .args(files(&sources().join("dotnet/Polysync.JobTypes"), "cs")?);
    stage.run(&mut compiler)?;
    let program = stage.folder().join(program);
    let mut compiler = mono.compiler();
    compiler
        .args(["-langversion:7", "-warnaserror"])
        .arg(format!("-out:{}", program.display()))
        .arg(format!("-reference:{}", library.display()))
        .args(files(&sources().join(folder), "cs")?);
    stage.run(&mut compiler)?;
    fs::write(program.with_extension("runtimeconfig.json"), RUNTIME_CONFIG)?;
    Ok(program)
}

fn expect_all_passed(printed: &str) -> Result<()> {
    let last = printed.trim_end().lines().last().unwrap_or_default();
    ensure!(last.ends_with(" passed, 0 failed"), "{printed}");
    Ok(())
}

#[test]
fn the_library_for_net_passes_its_tests_on_mono() -> Result<()> {
    let Some(mono) = or_skip(Mono::find(), "the library for .NET, on Mono")? else {
        return Ok(());
    };
    let stage = Stage::new()?;
    let program = compiled(&stage, &mono, "Tests.exe", "dotnet/tests")?;
    expect_all_passed(&stage.run(mono.runtime().arg(program).arg(stage.told()))?)
}

#[test]
fn the_library_for_net_passes_its_tests_on_coreclr() -> Result<()> {
    let what = "the library for .NET, on CoreCLR";
    let (Some(mono), Some(core)) = (or_skip(Mono::find(), what)?, or_skip(core_clr(), what)?)
    else {
        return Ok(());
    };
    let stage = Stage::new()?;
    let program = compiled(&stage, &mono, "Tests.exe", "dotnet/tests")?;
    expect_all_passed(&stage.run(core.runtime().arg(program).arg(stage.told()))?)
}

fn core_clr() -> Result<CoreClr, dotnet_environment::Missing> {
    CoreClr::find(env!("CARGO_TARGET_TMPDIR").as_ref())
}

#[test]
fn the_orchestrator_in_c_sharp_runs_all_jobs() -> Result<()> {
    let what = "the orchestrator in C#";
    let Some(mono) = or_skip(Mono::find(), what)? else {
        return Ok(());
    };
    let stage = Stage::new()?;
    let program = compiled(&stage, &mono, "Host.exe", "../examples/dotnet-host")?;
    let mut orchestrator = mono.runtime();
    orchestrator
        .arg(program)
        .arg(test_components::sagemaker_pipeline())
        .args(["us-east-1", &stage.url()])
        .env("AWS_ACCESS_KEY_ID", "emulator")
        .env("AWS_SECRET_ACCESS_KEY", "emulator-secret");
    // Two of the jobs fail, and so does the program.
    let printed = stage.run_to(&mut orchestrator, 1)?;
    for line in ["abalone-training: Success", "churn-training-fails: Failed"] {
        ensure!(printed.contains(line), "{printed}");
    }
    Ok(())
}
