//! What a plugin asks for is granted by a person: on the command line, in a file, or when asked.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;

use serde_json::{Value, json};

use crate::support::{Stage, assert_in_order, run, with_plugin};

const TEST: &str = "test-connection";

#[test]
fn without_a_grant_and_without_a_terminal_a_command_fails_and_says_what_to_add() {
    let stage = Stage::new();
    let ended = run(&mut stage.ungranted(&[TEST]));
    assert_eq!(ended.text(2), "");
    assert_in_order(
        &ended.stderr,
        &[
            "error: sagemaker-pipeline 0.1.0 (sha256 ",
            ") asks for what nobody has granted:\n  aws-signing sagemaker\n  aws-signing logs\n",
            "hint: run it once in a terminal to be asked, or add --allow-needs",
            "\n  --grant-service sagemaker \\\n  --grant-service logs\n",
        ],
    );
    assert_eq!(stage.emulator.requests().len(), 0);
    assert_eq!(
        run(&mut stage.ungranted(&[TEST, "--allow-needs"])).code,
        Some(0)
    );
    assert_eq!(
        run(&mut stage.ungranted(&[TEST, "--grant-service", "sagemaker"])).code,
        Some(0)
    );
}

#[test]
fn without_an_endpoint_each_origin_is_asked_for_by_name() {
    let ended = run(with_plugin(&[TEST, "--json"]).env("AWS_REGION", "eu-west-1"));
    let error = &ended.json(2)["error"];
    assert_eq!(
        (&error["class"], &error["code"]),
        (&"tool".into(), &"NotGranted".into())
    );
    assert_in_order(
        error["message"].as_str().unwrap(),
        &[
            "\nhttp https://api.sagemaker.eu-west-1.amazonaws.com\n",
            "http https://logs.eu-west-1.amazonaws.com\n",
            "aws-signing sagemaker\n",
            "aws-signing logs",
        ],
    );
    assert_in_order(
        error["hint"].as_str().unwrap(),
        &[
            "--grant https://api.sagemaker.eu-west-1.amazonaws.com ",
            "--grant https://logs.eu-west-1.amazonaws.com ",
            "--grant-service sagemaker ",
            "--grant-service logs",
        ],
    );
}

#[test]
fn an_endpoint_stands_for_its_own_origin_and_logs_elsewhere_are_asked_for() {
    let stage = Stage::new();
    let elsewhere = [
        TEST,
        "--connection-attribute",
        "logs-endpoint=https://logs.example.com",
    ];
    let ended = run(&mut stage.ungranted(&elsewhere));
    assert_eq!(ended.text(2), "");
    assert_in_order(
        &ended.stderr,
        &[
            "asks for what nobody has granted:\n  http https://logs.example.com\n  aws-signing sagemaker\n",
            "--grant https://logs.example.com ",
        ],
    );
}

/// A file that grants, for this build.
fn grants_file(folder: &Path, sha256: Option<&str>) -> String {
    let mut entry = json!({
        "id": "sagemaker-pipeline",
        "granted": ["aws-signing sagemaker", "aws-signing logs"],
    });
    if let Some(sha256) = sha256 {
        entry["sha256"] = sha256.into();
    }
    let path = folder.join("grants.json");
    fs::write(&path, json!({ "plugins": [entry] }).to_string()).unwrap();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
    path.to_str().unwrap().to_owned()
}

#[test]
fn a_file_grants_to_the_build_that_it_names_or_to_all() {
    let stage = Stage::new();
    let folder = tempfile::tempdir().unwrap();
    let component = fs::read(test_components::sagemaker_pipeline()).unwrap();
    let this = polysync_host::Digest::compute(&component).to_string();
    let other = polysync_host::Digest::compute(b"").to_string();
    for (sha256, code) in [(None, 0), (Some(this), 0), (Some(other), 2)] {
        let file = grants_file(folder.path(), sha256.as_deref());
        let ended = run(&mut stage.ungranted(&[TEST, "--grants", &file]));
        assert_eq!(ended.code, Some(code), "{ended:?}");
        let ended = run(stage.ungranted(&[TEST]).env("POLYSYNC_GRANTS", &file));
        assert_eq!(ended.code, Some(code), "{ended:?}");
    }
}

#[test]
fn a_grants_file_that_another_user_could_write_is_refused() {
    let stage = Stage::new();
    let folder = tempfile::tempdir().unwrap();
    let file = grants_file(folder.path(), None);
    fs::set_permissions(&file, fs::Permissions::from_mode(0o666)).unwrap();
    let ended = run(&mut stage.ungranted(&[TEST, "--grants", &file]));
    assert_in_order(
        ended.sentence(1),
        &[
            "cannot take grants from ",
            "others can write to it",
            "`chmod go-w`",
        ],
    );
    assert_eq!(stage.emulator.requests().len(), 0);
}

#[test]
fn what_does_not_ask_the_platform_needs_no_grant() {
    let stage = Stage::new();
    let run_id =
        "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/one-step/execution/abcdefghijkl";
    for command in [
        &["describe"][..],
        &["validate", "-e", "one-step"],
        &["monitor-url", run_id, "-e", "one-step"],
    ] {
        let ended = run(&mut stage.ungranted(command));
        assert_eq!(ended.code, Some(0), "{ended:?}");
        assert_eq!(ended.stderr, "");
    }
    let checked = ["validate", "-e", "one-step", "--check-declared"];
    assert_eq!(run(&mut stage.ungranted(&checked)).code, Some(2));
}

#[test]
fn serve_asks_before_it_takes_jobs() {
    let stage = Stage::new();
    let folder = tempfile::tempdir().unwrap();
    let ledger = folder.path().join("runs.db");
    let ledger = ledger.to_str().unwrap();
    let jobs = folder.path().join("jobs");
    fs::create_dir(&jobs).unwrap();
    fs::write(jobs.join("job.json"), r#"{ "externalId": "one-step" }"#).unwrap();
    let jobs = jobs.to_str().unwrap();
    let serve = ["serve", "--ledger", ledger, "--jobs", jobs, "--json"];
    let ended = run(&mut stage.ungranted(&serve));
    let [error] = &ended.events(2)[..] else {
        panic!("{ended:?}")
    };
    assert_eq!(error["error"]["code"], "NotGranted");
    assert_eq!(stage.emulator.requests().len(), 0);
}

/// A terminal that a person answers in.
#[cfg(target_os = "linux")]
mod terminal {
    use std::fs::File;
    use std::io::{Read, Write};
    use std::path::Path;
    use std::process::{Command, Stdio};

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    use super::*;

    /// Runs a command with stdin and stderr in a terminal, where a person types `answer`. Returns the exit
    /// code, and what the terminal shows.
    fn in_terminal(mut command: Command, answer: &str) -> (Option<i32>, String) {
        let controller = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&controller).unwrap();
        unlockpt(&controller).unwrap();
        let name = ptsname(&controller, Vec::new()).unwrap();
        let terminal = File::options()
            .read(true)
            .write(true)
            .open(Path::new(name.to_str().unwrap()))
            .unwrap();
        command
            .stdin(Stdio::from(terminal.try_clone().unwrap()))
            .stderr(Stdio::from(terminal))
            .stdout(Stdio::null());
        let mut child = command.spawn().unwrap();
        // It holds the terminal's other end, which ends the reading below.
        drop(command);
        let mut controller = File::from(controller);
        controller.write_all(answer.as_bytes()).unwrap();
        let mut shown = Vec::new();
        if let Err(error) = controller.read_to_end(&mut shown) {
            // Linux's answer when nobody has the terminal open any more.
            assert_eq!(error.raw_os_error(), Some(5), "{error}");
        }
        let code = child.wait().unwrap().code();
        let shown = String::from_utf8_lossy(&shown);
        (code, plain(&shown))
    }

    /// Without colours and carriage returns.
    fn plain(text: &str) -> String {
        text.replace('\r', "")
            .replace("\x1b[1m", "")
            .replace("\x1b[0m", "")
    }

    #[test]
    fn a_person_is_asked_once_and_the_answer_is_kept() {
        let stage = Stage::new();
        let home = tempfile::tempdir().unwrap();
        let command = || {
            let mut command = stage.ungranted(&[TEST]);
            command.env("XDG_STATE_HOME", home.path());
            command
        };
        let question = "sign requests to the AWS service sagemaker with your credentials";

        let (code, shown) = in_terminal(command(), "no\n");
        assert_eq!(code, Some(2), "{shown}");
        assert_in_order(&shown, &[question, "error: ", "--grant-service sagemaker"]);
        assert_eq!(stage.emulator.requests().len(), 0);

        let (code, shown) = in_terminal(command(), "yes\n");
        assert_eq!(code, Some(0), "{shown}");
        assert_in_order(&shown, &[question, "Do you allow this? Type yes or no.\n"]);

        let (code, shown) = in_terminal(command(), "");
        assert_eq!((code, &*shown), (Some(0), ""));
        // Without a terminal too.
        assert_eq!(run(&mut command()).code, Some(0));

        let file = home.path().join("polysync/grants.json");
        let written: Value = serde_json::from_slice(&fs::read(&file).unwrap()).unwrap();
        assert_eq!(written["plugins"][0]["id"], "sagemaker-pipeline");
        assert_eq!(
            written["plugins"][0]["granted"],
            json!(["aws-signing sagemaker", "aws-signing logs"])
        );
        assert_eq!(
            fs::metadata(file).unwrap().permissions().mode() & 0o777,
            0o600
        );
    }
}

/// It lists the origins of every region and partition, and one of them or the endpoint is all that it needs.
#[test]
fn an_endpoint_stands_for_all_origins_of_a_plugin_that_cannot_tell_which_it_needs() {
    let stage = Stage::new();
    let released = &test_components::released()[0];
    assert_eq!(released.contract, "0.1.0");
    let mut command = stage.ungranted(&[TEST, "--grant-service", "sagemaker"]);
    command.env("POLYSYNC_COMPONENT", released.path());
    let ended = run(&mut command);
    assert_eq!(ended.code, Some(0), "{}", ended.stderr);
}
