//! Pipelines: finding, describing and listing them.

use std::time::Duration;

use sagemaker_emulator::Pipeline;
use serde_json::{Value, json};

use crate::client::{TOKEN, World};

fn names(page: &Value) -> Vec<&str> {
    let summaries = page["PipelineSummaries"].as_array().unwrap();
    summaries
        .iter()
        .map(|summary| summary["PipelineName"].as_str().unwrap())
        .collect()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_pipeline_is_found_by_name_or_by_arn_in_any_case() {
    let world = World::new().await;
    let describe = |name: &str| {
        let request = json!({"PipelineName": name});
        world.client.call("DescribePipeline", request)
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
async fn a_pipeline_can_be_created_once() {
    let world = World::new().await;
    world.clock.advance(Duration::from_secs(100));
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
    world
        .client
        .call("CreatePipeline", request("New", TOKEN))
        .ok();
    let described = world
        .client
        .call("DescribePipeline", json!({"PipelineName": "New"}));
    let described = described.ok();
    assert_eq!(described["PipelineDisplayName"], "Shown");
    assert_eq!(described["CreationTime"], json!(1_800_000_100.25));

    let other_token = TOKEN.replace('0', "x");
    let again = world
        .client
        .call("CreatePipeline", request("new", &other_token));
    assert_eq!(again.code(), "ValidationException");
    let newest = world
        .client
        .call("ListPipelines", json!({"MaxResults": 1}))
        .ok();
    assert_eq!(names(&newest), ["New"]);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_definition_that_cannot_run_is_not_created() {
    let world = World::new().await;
    for definition in [
        "no json",
        r#"{"Steps":[{"Name":"A","Type":"Training","DependsOn":["B"]}]}"#,
    ] {
        let request = json!({
            "PipelineName": "New",
            "PipelineDefinition": definition,
            "RoleArn": "arn:aws:iam::123456789012:role/r",
            "ClientRequestToken": TOKEN,
        });
        let answer = world.client.call("CreatePipeline", request);
        assert_eq!(answer.code(), "ValidationException");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn pages_are_walked_by_their_tokens() {
    let world = World::with(|mut builder| {
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
        let page = world.client.call("ListPipelines", request.clone()).ok();
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
    let answer = world.client.call("ListPipelines", request);
    assert_eq!(answer.code(), "ValidationException");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn pipelines_are_filtered_by_manager_and_by_time() {
    let managed = Pipeline::new("Managed", "{}").managed_by_aws();
    let world = World::with(|builder| builder.with_pipeline(managed)).await;
    let list = |request: Value| world.client.call("ListPipelines", request).ok();
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
    let world = World::new().await;
    let first = world.start("One", TOKEN);
    world.clock.advance(Duration::from_secs(100));
    let second = world.start("One", &TOKEN.replace('0', "x"));
    let list = |request: Value| {
        let page = world.client.call("ListPipelineExecutions", request).ok();
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
