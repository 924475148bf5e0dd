//! Requests that the API model refuses, and those that the service refuses beyond the model.

use serde_json::{Value, json};

use crate::client::{Stage, TOKEN};

/// Operations, requests, and a part of the refusal's message.
fn refused_by_the_model() -> Vec<(&'static str, Value, String)> {
    let start = |name: &str, value: Value| {
        let mut request = json!({"PipelineName": "One", "ClientRequestToken": TOKEN});
        request[name] = value;
        request
    };
    let failed = |path: &str, constraint: &str| {
        format!("at '{path}' failed to satisfy constraint: {constraint}")
    };
    let run = "StartPipelineExecution";
    let list = "ListPipelines";
    let parameter = |name: &str, value: &str| {
        start(
            "PipelineParameters",
            json!([{"Name": name, "Value": value}]),
        )
    };
    vec![
        (
            run,
            json!({"PipelineName": "One"}),
            failed("clientRequestToken", "Member must not be null"),
        ),
        (
            run,
            start("ClientRequestToken", json!("short")),
            failed(
                "clientRequestToken",
                "Member must have length greater than or equal to 32",
            ),
        ),
        (
            run,
            start("ClientRequestToken", json!("t".repeat(129))),
            failed(
                "clientRequestToken",
                "Member must have length less than or equal to 128",
            ),
        ),
        (
            run,
            start("PipelineName", json!("under_score")),
            failed(
                "pipelineName",
                "Member must satisfy regular expression pattern",
            ),
        ),
        (
            run,
            start("PipelineExecutionDescription", json!("two\nlines")),
            failed(
                "pipelineExecutionDescription",
                "Member must satisfy regular expression pattern: .*",
            ),
        ),
        (
            run,
            start("PipelineExecutionDisplayName", json!("-x")),
            failed("pipelineExecutionDisplayName", "Member must satisfy"),
        ),
        (
            run,
            parameter("a b", "x"),
            failed("pipelineParameters.1.member.name", "Member must satisfy"),
        ),
        (
            run,
            parameter("Count", &"9".repeat(1025)),
            failed(
                "pipelineParameters.1.member.value",
                "Member must have length less than or equal to 1024",
            ),
        ),
        (
            run,
            start(
                "PipelineParameters",
                Value::Array(vec![json!({"Name": "Count", "Value": "1"}); 201]),
            ),
            failed(
                "pipelineParameters",
                "Member must have length less than or equal to 200",
            ),
        ),
        (
            run,
            start(
                "ParallelismConfiguration",
                json!({"MaxParallelExecutionSteps": 0}),
            ),
            failed(
                "parallelismConfiguration.maxParallelExecutionSteps",
                "Member must have value greater than or equal to 1",
            ),
        ),
        (
            run,
            start("RoleArn", json!("arn:aws:iam::12345678901x:role/r")),
            failed("roleArn", "Member must satisfy"),
        ),
        (
            list,
            json!({"MaxResults": 101}),
            failed(
                "maxResults",
                "Member must have value less than or equal to 100",
            ),
        ),
        (
            list,
            json!({"SortOrder": "Up"}),
            failed(
                "sortOrder",
                "Member must satisfy enum value set: [Ascending, Descending]",
            ),
        ),
        (
            "DescribePipelineExecution",
            json!({"PipelineExecutionArn": "arn:aws:sagemaker:us-east-1:1:pipeline/p/execution/e"}),
            failed("pipelineExecutionArn", "Member must satisfy"),
        ),
        (
            "CreatePipeline",
            json!({"PipelineName": "New", "ClientRequestToken": TOKEN}),
            failed("roleArn", "Member must not be null"),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_constraint_of_the_model_is_checked() {
    let stage = Stage::new().await;
    for (operation, request, message) in refused_by_the_model() {
        let answer = stage.client.call(operation, request);
        assert_eq!(answer.code(), "ValidationException", "{message}");
        let text = answer.message();
        assert!(
            text.starts_with("1 validation error detected: Value "),
            "{text}"
        );
        assert!(text.contains(&message), "{text}");
    }
    assert_eq!(stage.emulator.executions_created(), 0);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_message_counts_the_errors() {
    let stage = Stage::new().await;
    let answer = stage.client.call("StartPipelineExecution", json!({}));
    let text = answer.message();
    assert!(text.starts_with("2 validation errors detected: "), "{text}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_value_of_the_wrong_json_type_is_a_serialization_error() {
    let stage = Stage::new().await;
    for request in [
        json!({"MaxResults": "5"}),
        json!({"NextToken": 5}),
        json!([]),
    ] {
        let answer = stage.client.call("ListPipelines", request);
        assert_eq!(answer.code(), "SerializationException");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn members_that_the_model_does_not_know_are_ignored() {
    let stage = Stage::new().await;
    stage.client.call("ListPipelines", json!({"New": 1})).ok();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn the_service_refuses_parameters_that_the_model_allows() {
    let stage = Stage::new().await;
    let cases = [
        ("Count", "", "too short (length: 0, required minimum: 1)"),
        ("Count", "1.5", "declared type Integer"),
        ("Other", "1", "Unknown pipeline parameters: [Other]"),
    ];
    for (name, value, message) in cases {
        let request = json!({
            "PipelineName": "Two",
            "ClientRequestToken": TOKEN,
            "PipelineParameters": [{"Name": name, "Value": value}],
        });
        let answer = stage.client.call("StartPipelineExecution", request);
        assert_eq!(answer.code(), "ValidationException");
        assert!(answer.message().contains(message), "{}", answer.message());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_role_is_accepted_only_for_pipelines_that_aws_manages() {
    let managed = sagemaker_emulator::Pipeline::new("Managed", r#"{"Steps": []}"#).managed_by_aws();
    let stage = Stage::with(|builder| builder.with_pipeline(managed)).await;
    let start = |pipeline: &str| {
        let request = json!({
            "PipelineName": pipeline,
            "ClientRequestToken": TOKEN,
            "RoleArn": "arn:aws:iam::123456789012:role/other",
        });
        stage.client.call("StartPipelineExecution", request)
    };
    assert_eq!(start("One").code(), "ValidationException");
    let started = start("arn:aws:sagemaker:us-east-1:aws:pipeline/managed").ok();
    let arn = started["PipelineExecutionArn"].as_str().unwrap();
    let described = stage.describe(arn);
    assert_eq!(described["RoleArn"], "arn:aws:iam::123456789012:role/other");
}
