//! Files that are not a plugin: the error says what they are.

use std::fs;
use std::path::Path;

use crate::support::{assert_in_order, bare, run};

/// What the tool says about a file of these bytes.
fn refusal(bytes: &[u8]) -> String {
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), bytes).unwrap();
    refusal_at(file.path())
}

fn refusal_at(path: &Path) -> String {
    let path = path.to_str().unwrap();
    let ended = run(&mut bare(&["describe", "--component", path]));
    let start = format!("cannot load {path}: ");
    let sentence = ended.sentence(1).strip_prefix(&start);
    sentence.unwrap_or_else(|| panic!("{ended:?}")).to_owned()
}

#[test]
fn a_file_that_is_not_a_component_is_refused_with_what_it_is() {
    assert_eq!(refusal(b""), "it is empty");
    assert_eq!(
        refusal(b"(component)"),
        "it is WebAssembly text; convert it with `wasm-tools parse`"
    );
    assert_eq!(refusal(b"#!/bin/sh\nexit 0\n"), "it is not WebAssembly");
    assert_eq!(
        refusal(&wat::parse_str("(module)").unwrap()),
        "it is a core WebAssembly module, not a component; \
         make one of it with `wasm-tools component new`"
    );
}

#[test]
fn a_component_that_is_damaged_is_refused() {
    let whole = fs::read(test_components::sagemaker_pipeline()).unwrap();
    assert_eq!(
        refusal(&whole[..whole.len() / 2]),
        "it ends in the middle of the component; get the file again"
    );
    // Bytes without any order, the same each time.
    let noise = (1u32..2_000).map(|i| i.wrapping_mul(2_654_435_761).to_be_bytes()[0]);
    let damaged: Vec<_> = b"\0asm\x0d\0\x01\0".iter().copied().chain(noise).collect();
    assert!(!refusal(&damaged).is_empty());
}

#[test]
fn a_component_of_another_world_or_version_of_the_contract_is_refused() {
    let refusal = |text| refusal(&wat::parse_str(text).unwrap());
    assert_in_order(
        &refusal(r#"(component (import "wasi:cli/environment@0.2.3" (instance)))"#),
        &[
            "it imports `wasi:cli/environment@0.2.3`, which no plugin is given",
            "so it is not a job type",
        ],
    );
    let other_version = r#"(component
        (instance $i) (export "polysync:job-type/job-type@0.3.0" (instance $i)))"#;
    assert_in_order(
        &refusal(other_version),
        &[
            "in version 0.3.0 of the contract, and this host has ",
            "0.1.0",
            "0.2.0",
        ],
    );
}

#[test]
fn a_path_without_a_file_is_refused_with_the_option_that_takes_it() {
    let hint = "; give the path of a plugin with --component";
    let missing = refusal_at(Path::new("no/such.wasm"));
    assert!(
        missing.starts_with("No such file") && missing.ends_with(hint),
        "{missing}"
    );
    let folder = tempfile::tempdir().unwrap();
    assert!(refusal_at(folder.path()).ends_with(hint));
}
