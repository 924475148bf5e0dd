//! `test-connection`, and environments that lack what a connection needs.

use std::net::TcpListener;

use sagemaker_emulator::Operation;

use crate::support::{ACCESS_KEY_ID, Stage, assert_in_order, assert_members, run};

#[test]
fn a_good_connection_gets_a_tick() {
    let stage = Stage::new();
    let ended = stage.tool(&["test-connection"]);
    assert_in_order(ended.text(0), &["✓ ", "eu-west-1"]);
    assert_eq!(ended.stderr, "");
    assert_eq!(stage.emulator.request_count(Operation::ListPipelines), 1);
}

#[test]
fn region_endpoint_and_profile_may_be_options_and_the_answer_json() {
    let stage = Stage::new();
    let profile = tempfile::NamedTempFile::new().unwrap();
    let secret = crate::support::SECRET;
    let text =
        format!("[mine]\naws_access_key_id = {ACCESS_KEY_ID}\naws_secret_access_key = {secret}\n");
    std::fs::write(profile.path(), text).unwrap();
    let url = stage.emulator.url();
    let mut command = stage.command(&[
        "test-connection",
        "--json",
        "--region",
        "eu-west-1",
        "--profile",
        "mine",
        "--endpoint-url",
        &url,
    ]);
    for variable in [
        "AWS_REGION",
        "AWS_ENDPOINT_URL",
        "AWS_ACCESS_KEY_ID",
        "AWS_SECRET_ACCESS_KEY",
    ] {
        command.env_remove(variable);
    }
    let ended = run(command.env("AWS_SHARED_CREDENTIALS_FILE", profile.path()));
    assert_members(&ended.json(0), &["message", "details"]);
}

#[test]
fn without_a_region_the_error_says_how_to_give_one() {
    let stage = Stage::new();
    let ended = run(stage.command(&["discover"]).env_remove("AWS_REGION"));
    assert_eq!(
        ended.sentence(1),
        "no region is configured: give --region, set AWS_REGION, or set `region` in the AWS profile"
    );
}

#[test]
fn without_credentials_there_is_an_error_and_nothing_is_sent() {
    let stage = Stage::new();
    let mut command = stage.command(&["test-connection"]);
    let ended = run(command
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY"));
    assert_eq!(ended.text(1), "");
    assert_in_order(
        &ended.stderr,
        &["error: NoCredentials: ", "no credentials found", "\nhint: "],
    );
    assert_eq!(stage.emulator.requests().len(), 0);
}

#[test]
#[cfg(unix)]
fn what_a_credential_process_says_is_in_the_log_and_not_in_the_plugins_error() {
    let stage = Stage::new();
    let home = tempfile::tempdir().unwrap();
    let config = home.path().join("config");
    let script = home.path().join("process.sh");
    let says = "printf 'vault token for ops\\n2026-01-01T00:00:00Z forged\\033[2J' >&2; exit 1";
    std::fs::write(&script, says).unwrap();
    let process = format!(
        "[profile vault]\ncredential_process = /bin/sh {}\n",
        script.display()
    );
    std::fs::write(&config, process).unwrap();
    let mut command = stage.command(&["test-connection", "--profile", "vault"]);
    let ended = run(command
        .env("AWS_CONFIG_FILE", &config)
        .env_remove("AWS_ACCESS_KEY_ID")
        .env_remove("AWS_SECRET_ACCESS_KEY"));
    let (log, error) = ended.stderr.split_once("error: ").unwrap();
    assert!(log.contains("vault token for ops"), "{ended:?}");
    let mut lines = log.lines();
    assert!(lines.all(|line| line.contains(" WARN ")), "{ended:?}");
    assert!(!error.contains("vault token"), "{ended:?}");
    assert_in_order(
        error,
        &["no credentials: their source failed; the host's log says why"],
    );
}

#[test]
fn an_endpoint_that_is_not_a_url_is_a_wrong_command_line() {
    let stage = Stage::new();
    let ended = stage.tool(&["discover", "--endpoint-url", "127.0.0.1:4566"]);
    assert_in_order(
        ended.sentence(2),
        &[
            "the endpoint URL `127.0.0.1:4566`",
            "it is not a URL",
            "write for example https://",
        ],
    );
}

#[test]
fn an_endpoint_that_refuses_connections_is_named_and_a_start_says_how_to_repeat_it() {
    let stage = Stage::new();
    let port = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap()
        .port();
    let url = format!("http://127.0.0.1:{port}");
    let guid = crate::support::GUID;
    let ended = stage.tool(&[
        "start",
        "-e",
        "one-step",
        "--guid",
        guid,
        "--endpoint-url",
        &url,
    ]);
    assert_eq!(ended.text(1), "");
    assert_in_order(
        &ended.stderr,
        &[
            "error: ConnectionFailed: no connection to 127.0.0.1:",
            "\nhint: The endpoint can't be reached.",
            &format!("The same command with --guid {guid} gives that run, never a second one.\n"),
        ],
    );
}
