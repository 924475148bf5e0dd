//! Finding, creating and listing pipelines and their executions.

use std::time::Duration;

use sagemaker_emulator::Pipeline;
use serde_json::{Value, json};

use crate::client::{Stage, TOKEN};

fn names(page: &Value) -> Vec<&str> {
    let summaries = page["PipelineSummaries"].as_array().unwrap();
    summaries
        .iter()
        .map(|summary| summary["PipelineName"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_pipeline_is_found_by_name_or_by_arn_in_any_case() {
    let stage = Stage::new().await;
    let describe = |name: &str| {
        let request = json!({"PipelineName": name});
        stage.client.call("DescribePipeline", request)
    };
    let arn = describe("One").ok()["PipelineArn"]
        .as_str()
        .unwrap()
        .to_owned();
    assert_eq!(arn, "arn:aws:sagemaker:us-east-1:123456789012:pipeline/one");
    assert_eq!(describe(&arn).ok()["PipelineName"], "One");
    let mixed = arn.replace("/one", "/oNE");
    assert_eq!(describe(&mixed).ok()["PipelineName"], "One");

    let answer = describe("Absent");
    assert_eq!(answer.status, Some(400));
    assert_eq!(answer.code(), "ResourceNotFound");
    assert_eq!(answer.message(), "Pipeline 'Absent' does not exist.");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_pipeline_can_be_created_only_once() {
    let stage = Stage::new().await;
    stage.clock.advance(Duration::from_secs(100));
    let request = |name: &str, token: &str| {
        json!({
            "PipelineName": name,
            "PipelineDisplayName": "Shown",
            "PipelineDescription": "A description",
            "PipelineDefinition": r#"{"Version": "2020-12-01", "Steps": []}"#,
            "RoleArn": "arn:aws:iam::123456789012:role/r",
            "ClientRequestToken": token,
        })
    };
    stage
        .client
        .call("CreatePipeline", request("New", TOKEN))
        .ok();
    let described = stage
        .client
        .call("DescribePipeline", json!({"PipelineName": "New"}));
    let described = described.ok();
    assert_eq!(described["PipelineDisplayName"], "Shown");
    assert_eq!(described["CreationTime"], json!(1_800_000_100.25));

    let other_token = TOKEN.replace('0', "x");
    let again = stage
        .client
        .call("CreatePipeline", request("new", &other_token));
    assert_eq!(again.code(), "ValidationException");
    let newest = stage
        .client
        .call("ListPipelines", json!({"MaxResults": 1}))
        .ok();
    assert_eq!(names(&newest), ["New"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_definition_that_cannot_be_executed_is_refused() {
    let stage = Stage::new().await;
    for definition in [
        "not json",
        r#"{"Steps":[{"Name":"A","Type":"Training","DependsOn":["B"]}]}"#,
    ] {
        let request = json!({
            "PipelineName": "New",
            "PipelineDefinition": definition,
            "RoleArn": "arn:aws:iam::123456789012:role/r",
            "ClientRequestToken": TOKEN,
        });
        let answer = stage.client.call("CreatePipeline", request);
        assert_eq!(answer.code(), "ValidationException");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn each_page_has_the_token_of_the_next() {
    let stage = Stage::with(|mut builder| {
        for number in 10..35 {
            builder = builder.pipeline(format!("Many-{number}"), r#"{"Steps": []}"#);
        }
        builder
    })
    .await;
    let mut request = json!({
        "PipelineNamePrefix": "Many", "SortBy": "Name", "SortOrder": "Ascending",
    });
    let mut found = Vec::new();
    let mut lengths = Vec::new();
    loop {
        let page = stage.client.call("ListPipelines", request.clone()).ok();
        lengths.push(names(&page).len());
        found.extend(names(&page).into_iter().map(str::to_owned));
        match page["NextToken"].as_str() {
            Some(token) => request["NextToken"] = json!(token),
            None => break,
        }
    }
    assert_eq!(lengths, [10, 10, 5]);
    let all: Vec<String> = (10..35).map(|number| format!("Many-{number}")).collect();
    assert_eq!(found, all);

    request["SortOrder"] = json!("Descending");
    let answer = stage.client.call("ListPipelines", request);
    assert_eq!(answer.code(), "ValidationException");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn pipelines_are_filtered_by_manager_and_by_time() {
    let managed = Pipeline::new("Managed", "{}").managed_by_aws();
    let stage = Stage::with(|builder| builder.with_pipeline(managed)).await;
    let list = |request: Value| stage.client.call("ListPipelines", request).ok();
    assert_eq!(names(&list(json!({"ManagedBy": "AWS"}))), ["Managed"]);
    assert_eq!(
        names(&list(json!({"ManagedBy": "CUSTOMER", "SortBy": "Name"}))),
        ["Two", "One"]
    );
    let created = 1_800_000_000.25;
    let none: [&str; 0] = [];
    assert_eq!(names(&list(json!({"CreatedAfter": created}))), none);
    assert_eq!(names(&list(json!({"CreatedBefore": created}))), none);
    assert_eq!(
        names(&list(json!({"CreatedAfter": created - 1.0}))).len(),
        3
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn executions_are_listed_newest_first_with_their_states() {
    let stage = Stage::new().await;
    let first = stage.start("One", TOKEN);
    stage.clock.advance(Duration::from_secs(100));
    let second = stage.start("One", &TOKEN.replace('0', "x"));
    let list = |request: Value| {
        let page = stage.client.call("ListPipelineExecutions", request).ok();
        let summaries = page["PipelineExecutionSummaries"].as_array().unwrap();
        summaries
            .iter()
            .map(|summary| {
                let text = |name: &str| summary[name].as_str().unwrap().to_owned();
                (
                    text("PipelineExecutionArn"),
                    text("PipelineExecutionStatus"),
                )
            })
            .collect::<Vec<_>>()
    };
    let newest_first = [
        (second.clone(), "Executing".to_owned()),
        (first.clone(), "Succeeded".to_owned()),
    ];
    assert_eq!(list(json!({"PipelineName": "One"})), newest_first);
    let after = json!({"PipelineName": "One", "CreatedAfter": 1_800_000_050});
    assert_eq!(list(after), newest_first[..1]);
    assert_eq!(list(json!({"PipelineName": "Two"})), []);
}

/// Pipelines that were created at one instant were listed by their names.
#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn pipelines_are_listed_newest_first_although_the_clock_stands_still() {
    let stage = Stage::new().await;
    let created = ["tie-b", "tie-c", "tie-a"];
    for name in created {
        let request = json!({
            "PipelineName": name,
            "PipelineDefinition": r#"{"Version": "2020-12-01", "Steps": []}"#,
            "RoleArn": "arn:aws:iam::123456789012:role/r",
            "ClientRequestToken": format!("{name}-{TOKEN}"),
        });
        stage.client.call("CreatePipeline", request).ok();
    }
    let request = json!({"PipelineNamePrefix": "tie"});
    let page = stage.client.call("ListPipelines", request).ok();
    assert_eq!(names(&page), ["tie-a", "tie-c", "tie-b"]);
}
