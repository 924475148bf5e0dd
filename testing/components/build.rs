//! Builds the components that `src/lib.rs` names: the guest as it is shipped, and components that only
//! tests use.

use std::env;
use std::path::Path;
use std::process::exit;

use xtask::component::{self, Build, SHIPPED};
use xtask::machine::ThisMachine;
use xtask::route::{self, ROUTE_VARIABLE, Route};
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
    let choice = route::chosen_route().unwrap_or_else(|error| refuse(&error.to_string()));
    let route =
        route::find(&ThisMachine, choice).unwrap_or_else(|error| refuse(&error.to_string()));

    let misbehaving = Build {
        package: "misbehaving",
        version: None,
    };
    build(
        &workspace,
        route,
        &misbehaving,
        &out.join("misbehaving.wasm"),
    );
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

fn build(workspace: &Workspace, route: Route, build: &Build, path: &Path) {
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
