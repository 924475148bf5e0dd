//! A plugin that doesn't promise that the same GUID gives the same run, and a start whose answer is lost.
#![cfg(unix)]

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::running::Running;
use crate::support::{GUID, assert_in_order, bare, run};

/// The misbehaving plugin, which loses the answer to a start.
fn losing(arguments: &[&str]) -> Command {
    ordered("lose-answer", arguments)
}

/// The misbehaving plugin, which does in each call what it is ordered to do.
fn ordered(order: &str, arguments: &[&str]) -> Command {
    let order = format!("order={order}");
    let order = ["--connection-attribute", &order];
    let mut command = bare(&[arguments, &order].concat());
    command
        .env("POLYSYNC_COMPONENT", test_components::misbehaving())
        .env("AWS_REGION", "eu-west-1");
    command
}

#[test]
fn a_start_is_made_once_and_the_user_gets_commands_that_follow_what_it_may_have_started() {
    for command in ["start", "run"] {
        let ended = run(&mut losing(&[command, "-e", "job", "--guid", GUID]));
        assert_eq!(ended.code, Some(1), "{ended:?}");
        assert_in_order(
            &ended.stderr,
            &[
                "error: AnswerLost: No answer came.\n",
                "isn't started again. This follows each run that it may be:\n",
                "  polysync-harness follow run-8 ",
                "\n  polysync-harness follow run-9 ",
                "\nTo start anew, ",
            ],
        );
        assert!(!ended.stderr.contains("gives that run"), "{ended:?}");
        assert!(!ended.stderr.contains("trying again"), "{ended:?}");
    }
    let error = run(&mut losing(&["start", "-e", "job", "--json"])).json(1);
    assert_eq!(error["error"]["class"], "uncertain");
    let candidates = serde_json::json!(["run-8", "run-9"]);
    assert_eq!(error["error"]["candidates"], candidates);
}

/// `serve` with this ledger.
fn serve(ledger: &Path) -> Vec<&str> {
    let ledger = ledger.to_str().unwrap();
    let serve = ["serve", "--json", "--poll-interval", "50ms"];
    [&serve[..], &["--ledger", ledger]].concat()
}

fn until(tool: &mut Running, event: &str) -> Value {
    serde_json::from_str(&tool.until(&format!(r#""event":"{event}""#))).unwrap()
}

#[test]
fn serve_records_it_and_follows_the_run_that_an_operator_names() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("runs.db");
    let mut tool = Running::new(losing(&serve(&ledger)));
    tool.write_line(r#"{ "externalId": "job" }"#);
    let finished = until(&mut tool, "finished");
    assert_eq!(
        (&finished["state"], &finished["exitCode"]),
        (&"uncertain".into(), &5.into())
    );
    let guid = finished["guid"].as_str().unwrap();
    let adopt = format!("adopt {guid} RUN-ID");
    assert_in_order(
        finished["reason"].as_str().unwrap(),
        &["run-8 or run-9", &adopt],
    );

    tool.write_line(&format!("retry {guid}"));
    tool.until("it isn't known which run of the platform it is");
    let adopt = format!("adopt {guid} run-9");
    tool.write_line(&adopt);
    let adopted = until(&mut tool, "adopted");
    assert_eq!(
        (&adopted["guid"], &adopted["runId"]),
        (&guid.into(), &"run-9".into())
    );
    assert_eq!(until(&mut tool, "finished")["state"], "success");
    tool.write_line(&adopt);
    tool.until("whether it was started is known");
    tool.interrupt();
    let served = tool.end().events(0);
    assert_eq!(
        served.last().unwrap()["runs"],
        serde_json::json!({ "success": 1 })
    );
}

#[test]
fn a_run_that_the_platform_says_nothing_about_is_not_adopted_and_another_one_can_be() {
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("runs.db");
    let mut tool = Running::new(losing(&serve(&ledger)));
    tool.write_line(r#"{ "externalId": "job" }"#);
    let finished = until(&mut tool, "finished");
    let guid = finished["guid"].as_str().unwrap();
    tool.interrupt();
    tool.end().events(0);

    // A plugin that refuses each call, and one that doesn't.
    let until_done = [&serve(&ledger)[..], &["--until-done"]].concat();
    let mut tool = Running::new(ordered("refuse", &until_done));
    tool.write_line(&format!("adopt {guid} mistyped"));
    tool.close_stdin();
    // One that is adopted is polled for ever, so the first line about it decides.
    assert_in_order(
        &tool.until(guid),
        &[
            "can't be adopted: the platform doesn't say how that run is: ",
            "refuse",
        ],
    );
    tool.end().events(0);

    let mut tool = Running::new(losing(&until_done));
    tool.write_line(&format!("adopt {guid} run 9"));
    tool.close_stdin();
    let events = tool.end().events(0);
    let adopted = events.iter().find(|event| event["event"] == "adopted");
    assert_eq!(adopted.unwrap()["runId"], "run 9");
}
