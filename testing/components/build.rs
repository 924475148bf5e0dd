//! Builds the components that `src/lib.rs` names: the guest as it is shipped, and components that only
//! tests use.

use std::env;
use std::io::ErrorKind;
use std::path::Path;
use std::process::exit;

use xtask::component::{self, Build, SHIPPED};
use xtask::machine::ThisMachine;
use xtask::route::{self, ROUTE_VARIABLE, Route};
use xtask::skeleton::Skeleton;
use xtask::workspace::Workspace;

fn main() {
    let Some(out) = env::var_os("OUT_DIR") else {
        refuse("cargo hasn't set OUT_DIR");
    };
    let out = Path::new(&out);
    let workspace = Workspace::locate().unwrap_or_else(|error| refuse(&format!("{error:#}")));
    for source in component::sources(&workspace) {
        println!("cargo::rerun-if-changed={}", source.display());
    }
    println!("cargo::rerun-if-env-changed={ROUTE_VARIABLE}");
    println!("cargo::rerun-if-changed=../misbehaving");
    println!("cargo::rerun-if-changed=../../docs/writing-a-job-type.md");
    println!("cargo::rerun-if-changed=../../examples");
    let choice = route::chosen_route().unwrap_or_else(|error| refuse(&error.to_string()));
    let route =
        route::find(&ThisMachine, choice).unwrap_or_else(|error| refuse(&error.to_string()));

    build_skeleton(&workspace, route, out);
    let misbehaving = Build {
        package: "misbehaving",
        ..SHIPPED
    };
    build(
        &workspace,
        route,
        &misbehaving,
        &out.join("misbehaving.wasm"),
    );
    let glue_job = Build {
        package: "glue-job",
        ..SHIPPED
    };
    build(&workspace, route, &glue_job, &out.join("glue-job.wasm"));
    let next = Build {
        version: Some("0.2.0"),
        ..SHIPPED
    };
    build(
        &workspace,
        route,
        &next,
        &out.join("sagemaker-pipeline-next.wasm"),
    );
    // Last, so that its build is the one that the guest's target folder is left with.
    build(
        &workspace,
        route,
        &SHIPPED,
        &out.join("sagemaker-pipeline.wasm"),
    );
}

/// What a new job type begins from.
fn build_skeleton(workspace: &Workspace, route: Route, out: &Path) {
    let folder = out.join("new-job-type");
    let written = std::fs::remove_dir_all(&folder)
        .or_else(|error| match error.kind() {
            ErrorKind::NotFound => Ok(()),
            _ => Err(error.into()),
        })
        .and_then(|()| Skeleton::in_folder(&folder))
        .and_then(|skeleton| skeleton.write(workspace).map(|()| skeleton));
    let skeleton = written.unwrap_or_else(|error| refuse(&format!("{error:#}")));
    let new = Build {
        package: &skeleton.name,
        folder: Some(&skeleton.folder),
        version: None,
    };
    build(workspace, route, &new, &out.join("new-job-type.wasm"));
}

fn build(workspace: &Workspace, route: Route, build: &Build<'_>, path: &Path) {
    if let Err(error) = component::build(workspace, route, build, path) {
        // Exits so that cargo shows what the compiler has written above this.
        eprintln!("error: {error:#}");
        exit(1);
    }
}

/// Ends the build with one sentence, which cargo shows without this program's other output.
fn refuse(reason: &str) -> ! {
    println!("cargo::error={reason}");
    exit(0);
}
