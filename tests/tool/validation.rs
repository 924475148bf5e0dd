//! `validate`: what is wrong with a job, before anything is started.

use sagemaker_emulator::Operation;
use serde_json::json;

use crate::support::{Stage, assert_in_order};

#[test]
fn a_good_job_is_right_and_the_platform_is_not_asked() {
    let stage = Stage::new();
    let job = [
        "validate",
        "-e",
        "one-step",
        "-a",
        "max-parallel-execution-steps=3",
    ];
    assert_eq!(stage.tool(&job).text(0), "The job is right.\n");
    assert_eq!(stage.emulator.requests().len(), 0);
}

#[test]
fn a_job_with_errors_has_a_line_for_each_and_ends_with_exit_code_1() {
    let stage = Stage::new();
    let ended = stage.tool(&[
        "validate",
        "-e",
        "my pipeline",
        "-a",
        "max-parallel-execution-steps=0",
        "--output",
        "Out",
    ]);
    assert_in_order(
        ended.text(1),
        &[
            "error    external-id: ",
            "error    attributes.max-parallel-execution-steps: ",
            "warning  parameters.Out: ",
        ],
    );
    assert_eq!(ended.stdout.lines().count(), 3, "{}", ended.stdout);
}

#[test]
fn check_declared_holds_the_job_against_what_the_platform_declares() {
    let stage = Stage::new();
    let job = [
        "validate",
        "-e",
        "parameters-of-every-type",
        "-p",
        "InstanceCount=many",
        "--json",
    ];
    assert_eq!(
        stage.tool(&job).json(0),
        json!({ "valid": true, "findings": [] })
    );

    let document = stage
        .tool(&[&job[..], &["--check-declared"]].concat())
        .json(1);
    assert_eq!(document["valid"], false);
    let findings: Vec<_> = document["findings"].as_array().unwrap().iter().collect();
    let mut fields: Vec<_> = findings
        .iter()
        .map(|finding| (finding["severity"].as_str(), finding["field"].as_str()))
        .collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            (Some("error"), Some("parameters.InputDataUrl")),
            (Some("error"), Some("parameters.InstanceCount")),
        ]
    );
    assert_eq!(stage.emulator.request_count(Operation::DescribePipeline), 1);
}

#[test]
fn a_job_with_errors_is_not_started() {
    let stage = Stage::new();
    let ended = stage.tool(&[
        "start",
        "-e",
        "parameters-of-every-type",
        "--check-declared",
        "--json",
    ]);
    let error = &ended.json(1)["error"];
    assert_eq!(
        (&error["class"], &error["code"]),
        (&"invalid".into(), &"InvalidJob".into())
    );
    assert_eq!(error["findings"][0]["field"], "parameters.InputDataUrl");
    assert_in_order(
        &ended.stderr,
        &[
            "error    parameters.InputDataUrl: ",
            "error: the job isn't right; nothing was started\n",
        ],
    );
    assert_eq!(
        stage
            .emulator
            .request_count(Operation::StartPipelineExecution),
        0
    );
}
