//! Requests that the API model refuses, and those that the service refuses beyond the model.

use serde_json::{Value, json};

use crate::client::{Stage, TOKEN};

/// A request of an operation, and a part of the message that refuses it.
type Refused = (&'static str, Value, String);

const START: &str = "StartPipelineExecution";
const LIST: &str = "ListPipelines";

fn violation(path: &str, constraint: &str) -> String {
    format!("at '{path}' failed to satisfy constraint: {constraint}")
}

/// A start, with one member set.
fn start(member: &str, value: Value) -> Value {
    let mut request = json!({"PipelineName": "One", "ClientRequestToken": TOKEN});
    request[member] = value;
    request
}

fn refused_starts() -> Vec<Refused> {
    let length = |bound: &str| format!("Member must have length {bound}");
    let cases = [
        (
            "PipelineName",
            json!("under_score"),
            "pipelineName",
            "Member must satisfy regular expression pattern".to_owned(),
        ),
        (
            "ClientRequestToken",
            json!("short"),
            "clientRequestToken",
            length("greater than or equal to 32"),
        ),
        (
            "ClientRequestToken",
            json!("t".repeat(129)),
            "clientRequestToken",
            length("less than or equal to 128"),
        ),
        (
            "PipelineExecutionDescription",
            json!("two\nlines"),
            "pipelineExecutionDescription",
            "Member must satisfy regular expression pattern: .*".to_owned(),
        ),
        (
            "PipelineExecutionDisplayName",
            json!("-x"),
            "pipelineExecutionDisplayName",
            "Member must satisfy".to_owned(),
        ),
        (
            "ParallelismConfiguration",
            json!({"MaxParallelExecutionSteps": 0}),
            "parallelismConfiguration.maxParallelExecutionSteps",
            "Member must have value greater than or equal to 1".to_owned(),
        ),
        (
            "RoleArn",
            json!("arn:aws:iam::12345678901x:role/r"),
            "roleArn",
            "Member must satisfy".to_owned(),
        ),
    ];
    let absent_token = (
        START,
        json!({"PipelineName": "One"}),
        violation("clientRequestToken", "Member must not be null"),
    );
    cases
        .into_iter()
        .map(|(member, value, path, constraint)| {
            (START, start(member, value), violation(path, &constraint))
        })
        .chain([absent_token])
        .collect()
}

fn refused_parameters() -> Vec<Refused> {
    let one = |name: &str, value: &str| json!([{"Name": name, "Value": value}]);
    let many = Value::Array(vec![json!({"Name": "Count", "Value": "1"}); 201]);
    let cases = [
        (
            one("a b", "x"),
            "pipelineParameters.1.member.name",
            "Member must satisfy",
        ),
        (
            one("Count", &"9".repeat(1025)),
            "pipelineParameters.1.member.value",
            "Member must have length less than or equal to 1024",
        ),
        (
            many,
            "pipelineParameters",
            "Member must have length less than or equal to 200",
        ),
    ];
    cases
        .into_iter()
        .map(|(parameters, path, constraint)| {
            (
                START,
                start("PipelineParameters", parameters),
                violation(path, constraint),
            )
        })
        .collect()
}

fn refused_requests_of_other_operations() -> Vec<Refused> {
    vec![
        (
            LIST,
            json!({"MaxResults": 101}),
            violation(
                "maxResults",
                "Member must have value less than or equal to 100",
            ),
        ),
        (
            LIST,
            json!({"SortOrder": "Up"}),
            violation(
                "sortOrder",
                "Member must satisfy enum value set: [Ascending, Descending]",
            ),
        ),
        (
            "DescribePipelineExecution",
            json!({"PipelineExecutionArn": "arn:aws:sagemaker:us-east-1:1:pipeline/p/execution/e"}),
            violation("pipelineExecutionArn", "Member must satisfy"),
        ),
        (
            "CreatePipeline",
            json!({"PipelineName": "New", "ClientRequestToken": TOKEN}),
            violation("roleArn", "Member must not be null"),
        ),
    ]
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn every_constraint_of_the_model_is_checked() {
    let stage = Stage::new().await;
    let refused = [
        refused_starts(),
        refused_parameters(),
        refused_requests_of_other_operations(),
    ];
    for (operation, request, message) in refused.into_iter().flatten() {
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
