//! A patch of the contract, such as 0.2.1, takes the components of the version that it is a patch of.
//!
//! So it may add to what a component can import. What a component exports stays as it is: one that exports
//! less than the patch wouldn't fit, and a host that calls what a newer component no longer exports
//! wouldn't work. A change of the exports is a new version.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use anyhow::{Context, Result, ensure};
use semver::Version;
use wit_component::semver_check;
use wit_parser::{PackageId, Resolve, WorldId, WorldItem};

/// Refuses a newer world that a component of the older one doesn't fit, or that exports less.
fn check(resolve: Resolve, older: WorldId, newer: WorldId) -> Result<()> {
    let (had, has) = (exports(&resolve, older), exports(&resolve, newer));
    let gone: Vec<_> = had.difference(&has).cloned().collect();
    ensure!(gone.is_empty(), "it no longer exports {}", gone.join(", "));
    semver_check(resolve, older, newer)
}

/// What a world exports: each function as `INTERFACE#FUNCTION`.
fn exports(resolve: &Resolve, world: WorldId) -> BTreeSet<String> {
    let mut exports = BTreeSet::new();
    for item in resolve.worlds[world].exports.values() {
        match item {
            WorldItem::Interface { id, .. } => {
                let interface = &resolve.interfaces[*id];
                let name = interface.name.as_deref().unwrap_or_default();
                exports.extend(interface.functions.keys().map(|it| format!("{name}#{it}")));
            }
            WorldItem::Function(function) => {
                exports.insert(function.name.clone());
            }
            WorldItem::Type { .. } => {}
        }
    }
    exports
}

fn plugin(resolve: &Resolve, package: PackageId) -> Result<WorldId> {
    resolve.select_world(&[package], Some("plugin"))
}

/// The versions of the contract, in order.
fn versions() -> Vec<Version> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../wit");
    let names = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name());
    let mut versions: Vec<Version> = names
        .map(|name| name.to_str().unwrap().parse().expect("a version"))
        .collect();
    versions.sort();
    versions
}

#[test]
fn each_patch_takes_the_components_of_the_version_before() {
    let versions = versions();
    assert!(versions.len() > 1, "{versions:?}");
    for pair in versions.windows(2) {
        let [older, newer] = pair else { unreachable!() };
        if (older.major, older.minor) != (newer.major, newer.minor) {
            continue;
        }
        let mut resolve = Resolve::default();
        let [older_world, newer_world] = [older, newer].map(|version| {
            let path = format!("{}/../../wit/{version}", env!("CARGO_MANIFEST_DIR"));
            let (package, _) = resolve.push_path(path).unwrap();
            plugin(&resolve, package).unwrap()
        });
        let checked = check(resolve, older_world, newer_world);
        checked
            .with_context(|| format!("{newer} after {older}"))
            .unwrap();
    }
}

/// A small contract, for changes to be made to its text.
const SMALL: &str = "
package a:small@0.2.0;
interface types { record run { id: string } enum class { other } }
interface clock { now: func() -> u64; sleep: func(milliseconds: u64); }
interface job-type {
  use types.{run, class};
  status: func(run: run) -> result<string, class>;
  cancel: func(run: run);
}
world plugin { import clock; export job-type; }
";

/// Checks the small contract with one part of its text replaced as its next version.
fn next(part: &str, replacement: &str) -> Result<()> {
    assert_eq!(SMALL.matches(part).count(), 1, "{part}");
    let newer = SMALL.replace("0.2.0", "0.2.1").replace(part, replacement);
    let mut resolve = Resolve::default();
    let older = resolve.push_str("older.wit", SMALL)?;
    let newer = resolve.push_str("newer.wit", &newer)?;
    let (older, newer) = (plugin(&resolve, older)?, plugin(&resolve, newer)?);
    check(resolve, older, newer)
}

#[test]
fn a_patch_may_add_an_import_or_a_function_of_one() {
    next(
        "world plugin { ",
        "interface random { record seed { value: u64 } next: func(seed: seed) -> u64; }
         world plugin { import random; ",
    )
    .unwrap();
    next(
        "now: func() -> u64;",
        "now: func() -> u64; zone: func() -> string;",
    )
    .unwrap();
    next(
        "interface types {",
        "interface types { record more { x: u8 }",
    )
    .unwrap();
}

/// Expects that the engine's rules for types refuse the change.
fn expect_refusal(part: &str, replacement: &str) {
    let error = next(part, replacement).unwrap_err();
    let expected = "new world is not semver-compatible with the previous world";
    assert_eq!(error.to_string(), expected, "{part} -> {replacement}");
}

#[test]
fn a_patch_takes_no_import_away_and_no_function_of_one() {
    expect_refusal("import clock;", "");
    expect_refusal("sleep: func(milliseconds: u64);", "");
}

#[test]
fn a_patch_takes_no_exported_function_away() {
    let error = next("cancel: func(run: run);", "").unwrap_err();
    assert_eq!(error.to_string(), "it no longer exports job-type#cancel");
}

#[test]
fn a_patch_asks_for_no_further_export() {
    let more = "cancel: func(run: run); retry: func(run: run);";
    expect_refusal("cancel: func(run: run);", more);
}

#[test]
fn a_patch_changes_no_type() {
    for (part, replacement) in [
        ("id: string", "id: string, name: string"),
        ("id: string", "id: u64"),
        ("enum class { other }", "enum class { other, more }"),
        (
            "sleep: func(milliseconds: u64)",
            "sleep: func(seconds: u32)",
        ),
        ("result<string, class>", "result<string>"),
    ] {
        expect_refusal(part, replacement);
    }
}
