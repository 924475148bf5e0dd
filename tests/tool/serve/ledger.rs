//! The ledger of `serve`: whose it is, who may read it, and what leaves it.

use super::*;

#[test]
fn a_ledger_belongs_to_one_connection() {
    let stage = Stage::new();
    let yard = Yard::new();
    let mut tool = yard.serve(&stage, &["--until-done"]);
    tool.close_stdin();
    tool.end().text(0);
    let mut tool = yard.serve(&stage, &["--region", "us-east-1"]);
    tool.close_stdin();
    let ended = tool.end();
    assert_in_order(
        ended.sentence(1),
        &[
            "cannot use the ledger ",
            r#"its runs are of the region "eu-west-1""#,
        ],
    );
}

#[test]
fn a_ledger_that_others_can_read_is_refused_with_what_to_do() {
    use std::os::unix::fs::PermissionsExt;
    let stage = Stage::new();
    let yard = Yard::new();
    let mut tool = yard.serve(&stage, &["--until-done"]);
    tool.close_stdin();
    tool.end().text(0);
    let ledger = yard.path("runs.db");
    let mode = fs::metadata(&ledger).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    fs::set_permissions(&ledger, fs::Permissions::from_mode(0o644)).unwrap();
    let mut tool = yard.serve(&stage, &["--until-done"]);
    tool.close_stdin();
    let ended = tool.end();
    assert_in_order(
        ended.sentence(1),
        &["cannot open the ledger ", "others can read it", "chmod 600"],
    );
}

#[test]
fn a_ledger_belongs_to_one_account() {
    let stage = Stage::new();
    let yard = Yard::new();
    let serve = |account: &str| {
        let ledger = yard.path("runs.db");
        let arguments = [
            "serve",
            "--until-done",
            "--ledger",
            ledger.to_str().unwrap(),
        ];
        let mut command = stage.command(&arguments);
        command.env("AWS_ACCOUNT_ID", account);
        let mut tool = Running::new(command);
        tool.close_stdin();
        tool.end()
    };
    serve("111111111111").text(0);
    assert_in_order(
        serve("222222222222").sentence(1),
        &["cannot use the ledger ", r#"of the account "111111111111""#],
    );
}

#[test]
fn a_run_that_was_over_for_long_enough_leaves_the_ledger() {
    let stage = Stage::new();
    let yard = Yard::new();
    yard.job("a.json", ONE_STEP);
    yard.job("b.json", ONE_STEP);
    yard.serve_folder(&stage, &["--until-done"]).end().text(0);
    // While its file is there, the ledger keeps a job from being run again.
    fs::remove_file(yard.path("jobs").join("b.json")).unwrap();
    let mut tool = yard.serve_folder(&stage, &["--json", "--keep-finished", "1ms"]);
    tool.until(r#""event":"pruned""#);
    tool.terminate();
    let events = tool.end().events(0);
    assert_eq!(events_named(&events, "pruned")[0]["runs"], 1);
    assert_eq!(events_named(&events, "serving")[0]["runs"]["success"], 2);
    assert_eq!(events_named(&events, "served")[0]["runs"]["success"], 1);
    assert_eq!(stage.emulator.executions_created(), 2);
}
