//! Finding, creating and listing pipelines and their executions.

use std::time::Duration;

use sagemaker_emulator::Pipeline;
use serde_json::{Value, json};

use crate::client::{STEP, Stage, TOKEN, with_members};

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

/// The executions on a page, as the names by which they are shown.
fn shown_names(page: &Value) -> Vec<&str> {
    let summaries = page["PipelineExecutionSummaries"].as_array().unwrap();
    summaries
        .iter()
        .map(|summary| summary["PipelineExecutionDisplayName"].as_str().unwrap())
        .collect()
}

/// Starts an execution that is shown as `name`.
fn start_as(stage: &Stage, pipeline: &str, name: &str) -> String {
    let request = json!({
        "PipelineName": pipeline,
        "ClientRequestToken": format!("{name}-{TOKEN}"),
        "PipelineExecutionDisplayName": name,
        "PipelineExecutionDescription": "Every night",
    });
    let answer = stage.client.call("StartPipelineExecution", request).ok();
    answer["PipelineExecutionArn"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn a_summary_of_an_execution_has_every_member_of_the_model() {
    let failing = Pipeline::new(
        "Failing",
        r#"{"Steps": [{"Name": "Only", "Type": "Training"}]}"#,
    )
    .failing_step("Only", "Out of memory")
    .version_alias("Champion");
    let stage = Stage::with(|builder| builder.with_pipeline(failing)).await;
    let arn = start_as(&stage, "Failing", "Tonight");
    stage.clock.advance(STEP);
    let request = json!({"PipelineName": "Failing", "PipelineVersionAlias": "Champion"});
    let page = stage.client.call("ListPipelineExecutions", request).ok();
    let summary = json!({
        "PipelineExecutionArn": arn,
        "PipelineExecutionDisplayName": "Tonight",
        "PipelineExecutionDescription": "Every night",
        "PipelineExecutionStatus": "Failed",
        "PipelineExecutionFailureReason": "Step failure: One or multiple steps failed.",
        "StartTime": 1_800_000_000.25,
        "PipelineVersionAliases": ["Champion"],
    });
    assert_eq!(page, json!({"PipelineExecutionSummaries": [summary]}));

    let request = json!({"PipelineName": "Failing", "PipelineVersionAlias": "Challenger"});
    let answer = stage.client.call("ListPipelineExecutions", request);
    assert_eq!(answer.code(), "ResourceNotFound");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 1)]
async fn executions_are_filtered_by_their_start_sorted_and_listed_in_pages() {
    let stage = Stage::new().await;
    let names = ["a", "b", "c", "d", "e"];
    let mut arns = Vec::new();
    for name in names {
        arns.push(start_as(&stage, "One", name));
        start_as(&stage, "Two", &format!("other-{name}"));
        stage.clock.advance(Duration::from_secs(10));
    }
    let list = |members: Value| {
        let request = with_members(json!({"PipelineName": "One"}), members);
        stage.client.call("ListPipelineExecutions", request)
    };
    let (after, before) = (1_800_000_000.25, 1_800_000_040.25);
    let between = json!({"CreatedAfter": after, "CreatedBefore": before});
    assert_eq!(shown_names(&list(between).ok()), ["d", "c", "b"]);
    let oldest_first = json!({"SortBy": "CreationTime", "SortOrder": "Ascending"});
    assert_eq!(shown_names(&list(oldest_first).ok()), names);

    let mut by_arn: Vec<_> = arns.iter().zip(names).collect();
    by_arn.sort_by(|left, right| right.0.cmp(left.0));
    let by_arn: Vec<&str> = by_arn.into_iter().map(|(_, name)| name).collect();
    let page = list(json!({"SortBy": "PipelineExecutionArn"})).ok();
    assert_eq!(shown_names(&page), by_arn);

    let first = list(json!({"MaxResults": 4})).ok();
    assert_eq!(shown_names(&first), ["e", "d", "c", "b"]);
    let rest = list(json!({"MaxResults": 4, "NextToken": first["NextToken"]})).ok();
    assert_eq!(shown_names(&rest), ["a"]);
    assert_eq!(rest.get("NextToken"), None);
    assert_eq!(
        list(json!({"MaxResults": 101})).code(),
        "ValidationException"
    );
}
