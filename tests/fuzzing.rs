//! A short run of the fuzz targets: the seeds of `fuzz/`, and variations of them, which are the same
//! in every run. `fuzz/README.md` describes the long run.

use crate::support::{cases, runner};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use std::fs;
use std::path::Path;

/// Texts that often break parsers of JSON and of AWS's headers.
const TOKENS: [&str; 24] = [
    "null",
    "true",
    "[]",
    "{}",
    "\"\"",
    "-1",
    "1e999",
    "0.5",
    "1793491200000",
    "[[[[[[[[",
    "}",
    "\"",
    "\\",
    "\\ud800",
    "\\u0000",
    "\u{feff}",
    "日本",
    "\n",
    "\n\n",
    ":",
    "#",
    "\"NextToken\":\"x\",",
    "\"message\":3,",
    "\"__type\":null,",
];

/// One change to a text.
#[derive(Debug, Clone)]
enum Edit {
    Overwrite(Index, u8),
    Remove(Index, usize),
    Insert(Index, &'static str),
    /// Repeats the part between two positions.
    Repeat(Index, Index),
    /// Inserts `0xFF`, which separates the answers of an input.
    Separate(Index),
}

fn edit() -> impl Strategy<Value = Edit> {
    let at = any::<Index>;
    prop_oneof![
        (at(), any::<u8>()).prop_map(|(at, byte)| Edit::Overwrite(at, byte)),
        (at(), 1..20usize).prop_map(|(at, count)| Edit::Remove(at, count)),
        (at(), select(&TOKENS[..])).prop_map(|(at, token)| Edit::Insert(at, token)),
        (at(), at()).prop_map(|(from, to)| Edit::Repeat(from, to)),
        at().prop_map(Edit::Separate),
    ]
}

fn edited(mut bytes: Vec<u8>, edits: &[Edit]) -> Vec<u8> {
    for edit in edits {
        let position = |index: &Index| index.index(bytes.len() + 1);
        match edit {
            Edit::Overwrite(at, byte) => {
                let at = position(at);
                if let Some(old) = bytes.get_mut(at) {
                    *old = *byte;
                }
            }
            Edit::Remove(at, count) => {
                let from = position(at);
                bytes.drain(from..bytes.len().min(from + count));
            }
            Edit::Insert(at, token) => {
                let at = position(at);
                bytes.splice(at..at, token.bytes());
            }
            Edit::Repeat(one, other) => {
                let (one, other) = (position(one), position(other));
                let part = bytes[one.min(other)..one.max(other)].to_vec();
                bytes.splice(one..one, part);
            }
            Edit::Separate(at) => {
                let at = position(at);
                bytes.insert(at, 0xFF);
            }
        }
    }
    bytes
}

fn seeds(target: &str) -> Vec<Vec<u8>> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/seeds");
    let mut files: Vec<_> = fs::read_dir(folder.join(target))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    // The order of a folder differs between machines, and the variations must not.
    files.sort();
    files.iter().map(|file| fs::read(file).unwrap()).collect()
}

fn variations(target: &str) -> impl Strategy<Value = Vec<u8>> {
    (select(seeds(target)), prop::collection::vec(edit(), 0..8))
        .prop_map(|(seed, edits)| edited(seed, &edits))
}

/// Runs a target on its seeds and on `count` variations of them.
fn run(target: &str, count: u32, check: fn(&[u8])) {
    seeds(target).iter().for_each(|seed| check(seed));
    runner(count)
        .run(&variations(target), |bytes| {
            check(&bytes);
            Ok(())
        })
        .unwrap_or_else(|broken| panic!("{target}: {broken}"));
}

#[test]
fn every_response_gives_an_answer_or_an_error() {
    run("response", 20_000, adversary::native);
}

#[test]
fn every_definition_is_parsed_or_refused() {
    run("definition", 20_000, adversary::definition);
}

#[test]
fn every_error_response_gives_a_code_and_a_message() {
    run("error", 20_000, adversary::error);
}

#[tokio::test]
async fn no_response_makes_the_component_trap() {
    let file = test_components::sagemaker_pipeline();
    let component = adversary::Component::load(file).await.unwrap();
    for bytes in seeds("response") {
        component.call(&bytes).await;
    }
    for bytes in cases(500, variations("response")) {
        component.call(&bytes).await;
    }
}
