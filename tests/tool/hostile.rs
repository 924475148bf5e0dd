//! A plugin whose every text has escape sequences, and the like in job files and on the command line.
//! `Ended` checks for each command that nothing which a terminal obeys reaches stdout or stderr.

use std::fs;
use std::process::Command;

use crate::support::{Ended, bare, run};

/// Would set the title of a terminal, forge a line and turn the direction of what follows.
const HOSTILE: &str = "a\u{1b}]0;title\u{7}\u{9b}31m\n2026-01-01T00:00:00Z  forged\u{202e}";

/// The commands that call the plugin, with what they need.
const COMMANDS: [&[&str]; 15] = [
    &["validate", "-e", HOSTILE],
    &["test-connection"],
    &["discover"],
    &["inspect", HOSTILE],
    &["start", "-e", HOSTILE],
    &["status", HOSTILE, "-e", HOSTILE],
    &["status", HOSTILE, "another"],
    &["follow", HOSTILE, "--poll-interval", "50ms"],
    &["logs", HOSTILE],
    &["logs", HOSTILE, "--step", HOSTILE],
    &["cancel", HOSTILE, "-e", HOSTILE],
    &["retry", HOSTILE, "-e", HOSTILE],
    &["steps", HOSTILE, "-e", HOSTILE],
    &["monitor-url", HOSTILE, "-e", HOSTILE],
    &["run", "-e", HOSTILE, "--poll-interval", "50ms"],
];

fn tool(arguments: &[&str]) -> Command {
    let mut command = bare(arguments);
    command
        .env("POLYSYNC_COMPONENT", test_components::misbehaving())
        .env("AWS_REGION", "eu-west-1");
    command
}

/// Runs a command with an order for the plugin, in words and as JSON, with all that can be logged.
fn obeying(order: &str, command: &[&str]) -> [Ended; 2] {
    let order = format!("order={order}");
    [&[][..], &["--json"]].map(|options| {
        let more = ["-vv", "--connection-attribute", &order];
        run(&mut tool(&[command, &more, options].concat()))
    })
}

#[test]
fn nothing_in_a_plugins_answers_reaches_the_terminal_raw() {
    for order in [
        "escape-text",
        "escape-identifiers",
        "escape-errors",
        "escape-log",
    ] {
        for command in COMMANDS {
            let ended = obeying(order, command);
            let shown = format!("{ended:?}");
            assert!(ended[0].code.is_some(), "{command:?}: {shown}");
            assert!(!shown.contains("is not a command"), "{command:?}: {shown}");
        }
    }
}

#[test]
fn nothing_in_a_plugins_description_reaches_the_terminal_raw() {
    let ended = run(&mut tool(&["describe"]));
    assert!(ended.text(0).contains("forged"), "{ended:?}");
    run(&mut tool(&["describe", "--json"])).json(0);
}

#[test]
fn what_the_command_line_says_is_written_back_in_a_form_that_can_be_copied() {
    let ended = run(&mut tool(&["start", "-e", "a\u{9b}b"]));
    assert!(
        ended.text(0).contains(r"--external-id $'a\U0000009bb'"),
        "{ended:?}"
    );
    let json = run(&mut tool(&["status", "a\u{9b}b", "-e", "c", "--json"])).json(0);
    assert_eq!(json["runId"], "a\u{9b}b");
}

#[test]
fn a_wrong_command_line_is_not_repeated_raw() {
    for wrong in [
        &[HOSTILE][..],
        &["start", "--guid", HOSTILE],
        &["run", "-p", HOSTILE],
    ] {
        let ended = run(&mut tool(wrong));
        assert_eq!(ended.code, Some(2), "{ended:?}");
        assert!(ended.stderr.contains("forged"), "{ended:?}");
    }
}

#[test]
#[cfg(unix)]
fn nothing_in_the_name_of_a_job_file_reaches_the_terminal_raw() {
    let jobs = tempfile::tempdir().unwrap();
    let job = serde_json::json!({ "externalId": HOSTILE });
    let named = |name: &str| jobs.path().join(format!("{HOSTILE}{name}.json"));
    fs::write(named("good"), job.to_string()).unwrap();
    fs::write(named("broken"), format!("{{ \"{HOSTILE}")).unwrap();
    fs::write(named("unknown"), r#"{ "attributes": {"\u001b[2J": ""} }"#).unwrap();
    for json in [&[][..], &["--json"]] {
        let ledger = tempfile::tempdir().unwrap();
        let arguments = [
            "serve",
            "-v",
            "--until-done",
            "--poll-interval",
            "50ms",
            "--jobs",
            jobs.path().to_str().unwrap(),
            "--ledger",
            ledger.path().join("runs.db").to_str().unwrap(),
        ]
        .map(str::to_owned);
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let ended = run(&mut tool(&[&arguments, json].concat()));
        let shown = format!("{}{}", ended.stdout, ended.stderr);
        for part in ["not taken", "good"] {
            assert!(shown.contains(part) || !json.is_empty(), "{part}: {shown}");
        }
    }
}
