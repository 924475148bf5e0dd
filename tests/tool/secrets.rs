//! Credentials stay with the host. Every test searches what the tool writes for the secret; these
//! make it write as much as it can.

use crate::support::{SECRET, Stage, assert_in_order, run};

#[test]
fn the_secret_is_not_in_any_log_line_however_much_is_logged() {
    let stage = Stage::new();
    let ended = stage.tool(&["run", "-e", "one-step", "--poll-interval", "50ms", "-vvv"]);
    ended.text(0);
    assert_in_order(&ended.stderr, &["TRACE"]);

    let requests = stage.emulator.requests();
    assert!(!requests.is_empty());
    for request in requests {
        assert!(!format!("{request:?}").contains(SECRET), "{request:?}");
    }
}

#[test]
fn the_secret_is_not_in_the_error_about_a_refused_signature() {
    let stage = Stage::new();
    let mut command = stage.command(&["test-connection", "-vvv", "--json"]);
    // Another secret, which contains the one that is searched for.
    let ended = run(command.env("AWS_SECRET_ACCESS_KEY", format!("not-the-{SECRET}")));
    assert_eq!(ended.json(1)["error"]["class"], "denied");
    assert_in_order(&ended.stderr, &["error: InvalidSignatureException: "]);
}
