//! The component, built by Debian's packages where they are installed.

use std::fs;

use test_support::skip;
use wit_component::DecodedWasm;
use xtask::component;
use xtask::machine::ThisMachine;
use xtask::route::{self, Route};
use xtask::workspace::Workspace;

#[test]
fn debians_compiler_builds_a_component_with_the_contracts_export() {
    let Ok(route) = route::find(&ThisMachine, Some(Route::Debian)) else {
        skip::announce(
            "the build of the component by Debian's packages",
            "they are not on this machine; as root, `cargo xtask setup --route debian` installs them",
        );
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("guest.wasm");
    let workspace = Workspace::locate().unwrap();
    component::build(&workspace, route, &component::SHIPPED, &path).unwrap();

    let component = fs::read(&path).unwrap();
    let DecodedWasm::Component(resolve, world) = wit_component::decode(&component).unwrap() else {
        panic!("what was built is not a component");
    };
    let exports: Vec<_> = resolve.worlds[world]
        .exports
        .keys()
        .map(|name| resolve.name_world_key(name))
        .collect();
    assert!(
        exports.iter().any(|name| name.contains("job-type")),
        "{exports:?}"
    );
}
