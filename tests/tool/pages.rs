//! A plugin whose listings don't end: the tool stops, says why, and keeps what it has.

use std::process::Command;

use crate::support::{Ended, bare, run};

/// Runs a command with listings as `testing/misbehaving/src/pages.rs` writes them.
fn listing(order: &str, command: &[&str]) -> Ended {
    let order = format!("order=pages {order}");
    let more = ["--connection-attribute", &order];
    let mut tool: Command = bare(&[command, &more].concat());
    run(tool
        .env("POLYSYNC_COMPONENT", test_components::misbehaving())
        .env("AWS_REGION", "eu-west-1"))
}

const STEPS: [&str; 4] = ["steps", "run", "-e", "job"];

#[test]
fn a_listing_with_entries_for_ever_is_cut_off_and_can_be_continued() {
    let ended = listing("30000 1 1000000", &["discover", "--json"]);
    let answer = ended.json(1);
    assert_eq!(answer["jobs"].as_array().map(Vec::len), Some(90_000));
    assert_eq!(answer["nextCursor"], "3");
    assert_eq!(
        answer["error"]["message"],
        "the list of jobs doesn't end: the tool collects 100000 entries, and page 4 goes beyond"
    );
    let ended = listing("30000 1 1000000", &STEPS);
    assert_eq!(
        ended.sentence(1),
        "the list of steps doesn't end: the tool collects 100000 entries, and page 4 goes beyond"
    );
}

#[test]
fn a_listing_of_huge_pages_for_ever_is_cut_off() {
    // Thirteen pages of some 19,500,000 bytes fit into 256 MiB.
    let ended = listing("1200 16000 1000000", &STEPS);
    assert_eq!(
        ended.sentence(1),
        "the list of steps doesn't end: the tool collects 256 MiB, and page 14 goes beyond"
    );
}

#[test]
fn a_listing_that_goes_round_in_circles_is_cut_off_at_the_first_cursor_that_comes_again() {
    let ended = listing("1 1 3", &["discover", "--json"]);
    let answer = ended.json(1);
    assert_eq!(
        answer["error"]["message"],
        "the list of jobs goes round in circles: the cursor after page 4 is that of an earlier page"
    );
    assert_eq!(answer["jobs"].as_array().map(Vec::len), Some(4));
    assert!(answer["nextCursor"].is_null());
}
