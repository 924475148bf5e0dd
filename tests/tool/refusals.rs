//! What the platform refuses: the error has code, message, hint and request id.

use sagemaker_emulator::{Credentials, Operation};

use crate::support::{ACCESS_KEY_ID, SECRET, Stage, assert_in_order, assert_members};

#[test]
fn access_denied_has_code_message_hint_and_request_id() {
    let stage = Stage::new();
    let denied = Credentials::new(ACCESS_KEY_ID, SECRET).denied(Operation::StartPipelineExecution);
    stage.emulator.replace_credentials(vec![denied]);
    let start = ["start", "-e", "one-step"];
    let ended = stage.tool(&start);
    assert_eq!(ended.text(1), "");
    assert_in_order(
        &ended.stderr,
        &[
            "error: AccessDeniedException: ",
            "is not authorized to perform: sagemaker:StartPipelineExecution",
            "\nhint: ",
            "iam:PassRole",
            "\nrequest id: ",
        ],
    );
    assert!(
        !ended.stderr.contains("There may be a run"),
        "{}",
        ended.stderr
    );

    // The same for a program: as the last event of a run, which is not tried again.
    let events = stage.tool(&["run", "-e", "one-step", "--json"]).events(1);
    let last = events.last().unwrap();
    assert_eq!(
        (&last["event"], &last["exitCode"]),
        (&"error".into(), &1.into())
    );
    let error = &last["error"];
    assert_members(
        error,
        &[
            "class",
            "code",
            "message",
            "hint",
            "retryable",
            "requestId",
            "details",
            "findings",
        ],
    );
    assert_eq!(
        (&error["class"], &error["code"], &error["retryable"]),
        (
            &"denied".into(),
            &"AccessDeniedException".into(),
            &false.into()
        )
    );
    assert!(error["requestId"].is_string());
    assert_eq!(
        stage
            .emulator
            .request_count(Operation::StartPipelineExecution),
        2
    );
}
