//! Installs what the tests compare the project with, boto3 and moto for Python and jco for Node, and what they
//! run the .NET library on.
//!
//! The tests themselves install nothing. Where these packages are missing, the tests that need them
//! are skipped.

use xtask::route::{Route, TARGET};
use xtask::workspace::Workspace;

/// Packages that can't be installed, and why.
pub(crate) struct LeftOut {
    pub(crate) what: &'static str,
    pub(crate) why: String,
}

/// Installs the packages after the compiler, and says what is installed now.
pub(crate) fn run(workspace: &Workspace, route: Route) {
    println!("The component can be compiled for {TARGET}, by the route \"{route}\".");
    let left_out = install_packages(workspace);
    for LeftOut { what, why } in &left_out {
        println!("Left out: {what}: {why}\nThe tests that need it are skipped.");
    }
    if left_out.is_empty() {
        println!("What the tests need beside Rust is installed: boto3, moto, jco and .NET.");
    }
}

/// Installs the packages that are missing in the target folder, and says before what it installs.
pub(crate) fn install_packages(workspace: &Workspace) -> Vec<LeftOut> {
    let folder = workspace.test_folder();
    let announce = |sentence: &str| println!("{sentence}");
    let python = python_environment::set_up(&folder, announce).map_err(|error| LeftOut {
        what: "boto3 and moto for Python",
        why: error.to_string(),
    });
    let sources = workspace.root.join("tests/second_host");
    let node = node_environment::set_up(&sources, &folder, announce).map_err(|error| LeftOut {
        what: "jco for Node",
        why: error.to_string(),
    });
    let dotnet = dotnet_environment::set_up(&folder, announce).map_err(|error| LeftOut {
        what: "Mono or the SDK for .NET",
        why: error.to_string(),
    });
    let left_out = [python.err(), node.err(), dotnet.err()];
    left_out.into_iter().flatten().collect()
}
