//! Builds each component that `src/lib.rs` names: the guest as it is shipped, and further
//! components whose only use is in tests.

use std::env;
use std::path::Path;
use std::process::exit;

use xtask::component::{self, Build, SHIPPED, SOURCES};
use xtask::machine::ThisMachine;
use xtask::wasm_target::{self, ROUTE_VARIABLE};
use xtask::workspace::Workspace;

fn main() {
    let Some(out) = env::var_os("OUT_DIR") else {
        refuse("cargo has set no OUT_DIR");
    };
    let out = Path::new(&out);
    for source in SOURCES {
        println!("cargo::rerun-if-changed=../../{source}");
    }
    println!("cargo::rerun-if-env-changed={ROUTE_VARIABLE}");
    println!("cargo::rerun-if-changed=../misbehaving");
    let misbehaving = Build {
        package: "misbehaving",
        version: None,
    };
    build(&misbehaving, &out.join("misbehaving.wasm"));
    let next = Build {
        version: Some("0.2.0"),
        ..SHIPPED
    };
    build(&next, &out.join("sagemaker-pipeline-next.wasm"));
    // Last, so that its build is the one that the guest's target folder is left with.
    build(&SHIPPED, &out.join("sagemaker-pipeline.wasm"));
}

fn build(build: &Build, path: &Path) {
    let choice = wasm_target::chosen_route().unwrap_or_else(|error| refuse(&error.to_string()));
    let route =
        wasm_target::find(&ThisMachine, choice).unwrap_or_else(|error| refuse(&error.to_string()));
    let built =
        Workspace::locate().and_then(|workspace| component::build(&workspace, route, build, path));
    if let Err(error) = built {
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
