//! What was released never changes: neither the components nor the texts of their contracts.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use released_components::released;
use sha2::{Digest, Sha256};
use wit_parser::{Resolve, WorldId};

fn folder() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The folder of a version of the contract, relative to this package's.
fn contract(version: &str) -> PathBuf {
    Path::new("../../wit").join(version)
}

/// The files of a folder that this package's folder is joined with, and the SHA-256 of each.
fn digests(relative: &Path, extension: &str) -> Vec<(PathBuf, String)> {
    let entries = fs::read_dir(folder().join(relative)).unwrap();
    let names = entries.map(|entry| PathBuf::from(entry.unwrap().file_name()));
    names
        .filter(|name| extension.is_empty() || name.extension().is_some_and(|it| it == extension))
        .map(|name| {
            let file = relative.join(name);
            let content = fs::read(folder().join(&file)).unwrap();
            (
                file,
                base16ct::lower::encode_string(&Sha256::digest(content)),
            )
        })
        .collect()
}

#[test]
fn components_and_contracts_are_those_that_were_released() {
    let recorded = fs::read_to_string(folder().join("SHA256SUMS")).unwrap();
    let recorded: BTreeMap<_, _> = recorded
        .lines()
        .map(|line| line.split_once("  ").expect("a digest and a file"))
        .map(|(digest, file)| (PathBuf::from(file), digest.to_owned()))
        .collect();
    let mut found: BTreeMap<_, _> = digests(Path::new(""), "wasm").into_iter().collect();
    for component in released() {
        found.extend(digests(&contract(component.contract), ""));
    }
    assert_eq!(
        found, recorded,
        "the latter is what SHA256SUMS has; a released file is never changed"
    );
}

#[test]
fn the_list_of_components_names_each_file() {
    let mut listed: Vec<_> = released().iter().map(|it| it.path()).collect();
    listed.sort();
    let mut files: Vec<_> = digests(Path::new(""), "wasm")
        .into_iter()
        .map(|(file, _)| folder().join(file))
        .collect();
    files.sort();
    assert_eq!(listed, files);
}

fn world(version: &str) -> (Resolve, WorldId) {
    let mut resolve = Resolve::default();
    let pushed = resolve.push_path(folder().join(contract(version)));
    let (package, _) = pushed.unwrap();
    let world = resolve.select_world(&[package], Some("plugin")).unwrap();
    (resolve, world)
}

#[test]
fn a_component_has_the_types_of_its_contract_and_of_no_other() {
    for component in released() {
        let bytes = fs::read(component.path()).unwrap();
        for entry in fs::read_dir(folder().join("../../wit")).unwrap() {
            let version = entry.unwrap().file_name().into_string().unwrap();
            let (resolve, world) = world(&version);
            let fits = wit_component::targets(&resolve, world, &bytes);
            if version == component.contract {
                fits.unwrap();
            } else {
                fits.unwrap_err();
            }
        }
    }
}
