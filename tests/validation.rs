//! Validation: the mistakes in a job that are found without a request to the platform.

use crate::support::{GUID, Stage, answer, attribute, job, parameter, refusal};
use polysync_host::contract::{Direction, Finding, Job, Severity};
use sagemaker_emulator::Operation;

async fn findings(stage: &Stage, job: &Job, pipeline: Option<&str>) -> Vec<Finding> {
    let job_type = stage.job_type();
    let declared = match pipeline {
        Some(pipeline) => Some(answer(job_type.inspect(pipeline).await).parameters),
        None => None,
    };
    job_type.validate(job, declared.as_deref()).await.unwrap()
}

fn fields(findings: &[Finding], severity: Severity) -> Vec<&str> {
    findings
        .iter()
        .filter(|finding| finding.severity == severity)
        .map(|finding| finding.field.as_str())
        .collect()
}

#[tokio::test]
async fn a_valid_job_has_no_findings_and_no_request_is_sent() {
    let stage = Stage::new().await;
    let findings = findings(&stage, &job("one-step", &[("Name", "value")]), None).await;
    assert_eq!(findings.len(), 0, "{findings:?}");
    assert_eq!(stage.emulator.requests().len(), 0);
}

#[tokio::test]
async fn the_external_id_has_to_be_the_name_or_arn_of_a_pipeline() {
    let stage = Stage::new().await;
    for external_id in [
        "",
        "my pipeline",
        "-p",
        &"p".repeat(257),
        "arn:aws:s3:::bucket",
    ] {
        let findings = findings(&stage, &job(external_id, &[]), None).await;
        assert_eq!(
            fields(&findings, Severity::Error),
            ["external-id"],
            "{external_id:?}"
        );
    }
}

#[tokio::test]
async fn max_parallel_execution_steps_is_an_integer_of_at_least_1() {
    let stage = Stage::new().await;
    for (value, ok) in [
        ("1", true),
        ("50", true),
        ("0", false),
        ("-1", false),
        ("1.5", false),
        ("many", false),
    ] {
        let mut job = job("one-step", &[]);
        job.attributes = vec![attribute("max-parallel-execution-steps", value)];
        let findings = findings(&stage, &job, None).await;
        assert_eq!(findings.is_empty(), ok, "{value}");
    }
}

#[tokio::test]
async fn each_attribute_is_checked_against_the_api_model() {
    let stage = Stage::new().await;
    for (key, value) in [
        ("execution-display-name", "no blanks allowed"),
        ("execution-display-name", &"n".repeat(83)),
        ("execution-description", &"d".repeat(3073)),
        ("execution-role-arn", "not-an-arn"),
        ("pipeline-version-id", "0"),
        ("pipeline-version-alias", "7"),
        ("selected-steps", "Train Evaluate"),
        ("mlflow-experiment-name", &"m".repeat(257)),
    ] {
        let mut job = job("one-step", &[]);
        job.attributes = vec![attribute(key, value)];
        let findings = findings(&stage, &job, None).await;
        assert_eq!(
            fields(&findings, Severity::Error),
            [format!("attributes.{key}")]
        );
    }
}

#[tokio::test]
async fn attributes_that_do_not_go_together_are_named() {
    const SOURCE: &str = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/another/execution/abc";
    let stage = Stage::new().await;
    for (attributes, severity, field) in [
        (
            vec![("source-execution-arn", SOURCE)],
            Severity::Error,
            "attributes.source-execution-arn",
        ),
        (
            vec![
                ("selected-steps", "Work"),
                ("source-execution-arn", "latest"),
            ],
            Severity::Error,
            "attributes.source-execution-arn",
        ),
        (
            vec![("selected-steps", "Work"), ("source-execution-arn", SOURCE)],
            Severity::Warning,
            "attributes.source-execution-arn",
        ),
        (
            vec![
                ("pipeline-version-id", "2"),
                ("pipeline-version-alias", "prod"),
            ],
            Severity::Warning,
            "attributes.pipeline-version-alias",
        ),
    ] {
        let mut job = job("one-step", &[]);
        job.attributes = attributes
            .iter()
            .map(|(key, value)| attribute(key, value))
            .collect();
        let findings = findings(&stage, &job, None).await;
        assert_eq!(fields(&findings, severity), [field], "{attributes:?}");
        assert_eq!(findings.len(), 1, "{findings:?}");
    }
}

#[tokio::test]
async fn parameters_are_checked_against_the_api_model() {
    let stage = Stage::new().await;
    let long = "v".repeat(1025);
    for (parameters, field) in [
        (vec![("a b", "1")], "parameters.a b"),
        (vec![("A", "1"), ("A", "2")], "parameters.A"),
        (vec![("A", long.as_str())], "parameters.A"),
    ] {
        let findings = findings(&stage, &job("one-step", &parameters), None).await;
        assert_eq!(fields(&findings, Severity::Error), [field]);
    }
    let names: Vec<String> = (0..201).map(|i| format!("P{i}")).collect();
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), "1")).collect();
    let findings = findings(&stage, &job("one-step", &many), None).await;
    assert_eq!(fields(&findings, Severity::Error), ["parameters"]);
}

#[tokio::test]
async fn a_value_is_checked_against_the_declared_type_and_the_allowed_values() {
    let stage = Stage::new().await;
    for (name, value) in [
        ("AccuracyThreshold", "high"),
        ("InstanceCount", "1.5"),
        ("SkipChecks", "maybe"),
        ("InstanceType", "ml.huge"),
        ("Undeclared", "1"),
    ] {
        let job = job(
            "parameters-of-every-type",
            &[("InputDataUrl", "s3://b/k"), (name, value)],
        );
        let findings = findings(&stage, &job, Some("parameters-of-every-type")).await;
        assert_eq!(
            fields(&findings, Severity::Error),
            [format!("parameters.{name}")],
            "{findings:?}"
        );
    }
}

#[tokio::test]
async fn a_required_parameter_without_a_value_is_an_error() {
    let stage = Stage::new().await;
    let job = job("parameters-of-every-type", &[]);
    let findings = findings(&stage, &job, Some("parameters-of-every-type")).await;
    assert_eq!(
        fields(&findings, Severity::Error),
        ["parameters.InputDataUrl"]
    );
}

#[tokio::test]
async fn output_parameters_are_not_supported() {
    let stage = Stage::new().await;
    let mut job = job("one-step", &[]);
    job.parameters = vec![parameter("Out", Direction::Output, None)];
    let findings = findings(&stage, &job, None).await;
    assert_eq!(fields(&findings, Severity::Warning), ["parameters.Out"]);
    assert_eq!(fields(&findings, Severity::Error), [""; 0]);
    assert!(
        findings[0].message.contains("not supported"),
        "{findings:?}"
    );
}

#[tokio::test]
async fn a_value_that_is_given_but_empty_is_refused_before_any_request() {
    let stage = Stage::new().await;
    let job = job("parameters-of-every-type", &[("InputDataUrl", "")]);
    for pipeline in [None, Some("parameters-of-every-type")] {
        let findings = findings(&stage, &job, pipeline).await;
        assert_eq!(
            fields(&findings, Severity::Error),
            ["parameters.InputDataUrl"]
        );
        assert!(findings[0].message.contains("is empty"), "{findings:?}");
    }
    let error = refusal(stage.job_type().start(&job, GUID).await);
    assert_eq!(error.code, "InvalidJob");
    let starts = stage.requests(Operation::StartPipelineExecution);
    assert_eq!(starts.len(), 0);
}
