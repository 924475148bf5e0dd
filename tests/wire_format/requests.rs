//! The requests of the component satisfy the model, and `validate` names what the model refuses.

use super::jobs::{external_ids, jobs, long, text};
use super::subject::api;
use crate::support::{GUID, Sent, Stage, Wire, answer, attribute, cases, parameter};
use model_checks::Api;
use polysync_host::contract::{Direction, Job, LogPosition, Run, Severity};
use polysync_host::{Answer, JobType, text as shown};
use proptest::prelude::*;
use sagemaker_emulator::{Model, Operation};
use serde_json::{Value, json};
use std::collections::BTreeSet;
use std::sync::Arc;

pub(super) const EXECUTION: &str =
    "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/abc";
/// An answer that has what every operation needs.
pub(super) const ANSWER: &str = r#"{
    "PipelineExecutionArn": "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/abc",
    "PipelineExecutionStatus": "Failed",
    "PipelineSummaries": [{"PipelineName": "p"}],
    "PipelineExecutionSteps": [{
        "StepName": "Train", "StartTime": 1793534000, "EndTime": 1793534060,
        "Metadata": {"TrainingJob": {"Arn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/t"}}
    }],
    "events": [{"logStreamName": "t/algo-1", "timestamp": 1793534010000, "message": "m"}],
    "nextToken": "t"
}"#;

/// Members of the operations that the job type never sends.
const UNUSED: [&str; 13] = [
    "CreatedAfter of ListPipelines",
    "CreatedBefore of ListPipelines",
    "ManagedBy of ListPipelines",
    "PipelineNamePrefix of ListPipelines",
    "PipelineVersionAlias of DescribePipeline",
    "PipelineVersionId of DescribePipeline",
    "SortBy of ListPipelines",
    "SortOrder of ListPipelines",
    "filterPattern of FilterLogEvents",
    "interleaved of FilterLogEvents",
    "logGroupIdentifier of FilterLogEvents",
    "logStreamNames of FilterLogEvents",
    "unmask of FilterLogEvents",
];

pub(super) fn wire() -> Arc<Wire> {
    Arc::new(Wire::answering(ANSWER))
}

#[track_caller]
pub(super) fn expect_allowed(api: &Api, sent: &Sent) {
    let violations = api.violations(sent.operation.name(), &sent.body);
    assert!(violations.is_empty(), "{violations:?}: {}", sent.body);
}

fn full_job() -> Job {
    Job {
        external_id: "p".to_owned(),
        attributes: vec![
            attribute("execution-display-name", "Nightly"),
            attribute("execution-description", "all of it"),
            attribute("max-parallel-execution-steps", "3"),
            attribute("execution-role-arn", "arn:aws:iam::123456789012:role/r"),
            attribute("pipeline-version-id", "7"),
            attribute("pipeline-version-alias", "prod"),
            attribute("selected-steps", "Train, Evaluate"),
            attribute("source-execution-arn", EXECUTION),
            attribute("mlflow-experiment-name", "churn"),
        ],
        parameters: vec![parameter("A", Direction::Input, Some("1"))],
    }
}

#[tokio::test]
async fn every_operation_and_every_option_satisfies_the_model() {
    let (stage, wire) = (Stage::new().await, wire());
    let job_type = stage.job_type_on(&wire);
    let run = Run {
        external_id: Some("p".to_owned()),
        run_id: EXECUTION.to_owned(),
    };
    answer(job_type.test_connection().await);
    answer(job_type.discover(Some("2.token")).await);
    answer(job_type.inspect("p").await);
    answer(job_type.start(&full_job(), GUID).await);
    answer(job_type.status(&run).await);
    answer(job_type.steps(&run, Some("2.token")).await);
    answer(job_type.cancel(&run, GUID).await);
    let parallelism = [attribute("max-parallel-execution-steps", "3")];
    answer(job_type.retry(&run, &parallelism, GUID).await);
    answer(job_type.logs(&run, "Train", &LogPosition::Last(5)).await);
    let page = answer(job_type.logs(&run, "Train", &LogPosition::Oldest).await);
    let after = LogPosition::After(page.cursor);
    // The answer repeats its token, which is refused.
    drop(job_type.logs(&run, "Train", &after).await.unwrap());

    let (api, sent) = (api(), wire.take_sent());
    sent.iter().for_each(|sent| expect_allowed(&api, sent));
    let sent: Vec<_> = sent.into_iter().map(as_checked).collect();
    assert_eq!(
        api.unsent_members(&sent),
        BTreeSet::from(UNUSED.map(str::to_owned))
    );
}

fn as_checked(sent: Sent) -> model_checks::Sent {
    model_checks::Sent {
        operation: sent.operation.to_string(),
        body: sent.body,
    }
}

/// The request that the specification demands for a job, valid or not. `None` if the number of steps
/// or the version is not a number.
fn request(job: &Job) -> Option<Value> {
    let given = |key: &str| {
        let value = job
            .attributes
            .iter()
            .find(|a| a.name == key)?
            .value
            .as_str();
        (!value.trim().is_empty()).then_some(value)
    };
    let mut request = json!({
        "PipelineName": job.external_id,
        "ClientRequestToken": format!("polysync-{GUID}"),
    });
    let sent: Vec<_> = job
        .parameters
        .iter()
        .filter(|p| p.direction != Direction::Output)
        .filter_map(|p| Some(json!({"Name": p.name, "Value": p.value.as_ref()?})))
        .collect();
    if !sent.is_empty() {
        request["PipelineParameters"] = json!(sent);
    }
    for (key, member) in [
        ("execution-display-name", "PipelineExecutionDisplayName"),
        ("execution-description", "PipelineExecutionDescription"),
        ("execution-role-arn", "RoleArn"),
        ("pipeline-version-alias", "PipelineVersionAlias"),
        ("mlflow-experiment-name", "MlflowExperimentName"),
    ] {
        if let Some(value) = given(key) {
            request[member] = json!(value);
        }
    }
    if let Some(count) = given("max-parallel-execution-steps") {
        let count: i64 = count.trim().parse().ok()?;
        request["ParallelismConfiguration"] = json!({"MaxParallelExecutionSteps": count});
    }
    if let Some(id) = given("pipeline-version-id") {
        request["PipelineVersionId"] = json!(id.trim().parse::<i64>().ok()?);
    }
    if let Some(names) = given("selected-steps") {
        let steps = names
            .split(',')
            .map(|name| json!({"StepName": name.trim()}));
        request["SelectiveExecutionConfig"]["SelectedSteps"] = steps.collect();
    }
    if let Some(arn) = given("source-execution-arn") {
        request["SelectiveExecutionConfig"]["SourcePipelineExecutionArn"] = json!(arn);
    }
    Some(request)
}

/// The field in a finding of `validate` for a path in the model's refusal.
fn field(path: &str, job: &Job) -> String {
    let mut parts = path.split('.');
    match parts.next() {
        Some("pipelineName") => "external-id".to_owned(),
        Some("pipelineExecutionDisplayName") => "attributes.execution-display-name".to_owned(),
        Some("pipelineExecutionDescription") => "attributes.execution-description".to_owned(),
        Some("parallelismConfiguration") => "attributes.max-parallel-execution-steps".to_owned(),
        Some("roleArn") => "attributes.execution-role-arn".to_owned(),
        Some("pipelineVersionId") => "attributes.pipeline-version-id".to_owned(),
        Some("pipelineVersionAlias") => "attributes.pipeline-version-alias".to_owned(),
        Some("mlflowExperimentName") => "attributes.mlflow-experiment-name".to_owned(),
        Some("selectiveExecutionConfig") => {
            let steps_given = job
                .attributes
                .iter()
                .any(|given| given.name == "selected-steps" && !given.value.trim().is_empty());
            match parts.next() {
                Some("selectedSteps") if steps_given => "attributes.selected-steps".to_owned(),
                // Without steps, what is given in vain is the source.
                _ => "attributes.source-execution-arn".to_owned(),
            }
        }
        Some("pipelineParameters") => match parts.next() {
            None => "parameters".to_owned(),
            Some(number) => {
                let mut sent = job
                    .parameters
                    .iter()
                    .filter(|p| p.direction != Direction::Output && p.value.is_some());
                let sent = sent.nth(number.parse::<usize>().unwrap() - 1).unwrap();
                // As the host hands it out: in one line.
                shown::line(&format!("parameters.{}", sent.name), shown::LINE_BYTES).into_owned()
            }
        },
        other => panic!("{other:?} of {path}"),
    }
}

/// Whether `validate` refuses something that the model allows, on purpose.
fn is_stricter(field: &str, message: &str) -> bool {
    message == "is given more than once"
        // The service refuses an empty value, although the model allows it.
        || (field.starts_with("parameters.") && message.starts_with("is empty"))
        // The model allows ARNs without a region, and `/` and `:` before the pipeline's name.
        || (field == "external-id" && message.contains("pipeline's ARN"))
        // The model's pattern allows a role that consists of slashes.
        || (field == "attributes.execution-role-arn" && message.contains("role's ARN"))
        // The model allows an alias of digits alone, and SageMaker's guide does not.
        || (field == "attributes.pipeline-version-alias" && message.contains("not digits alone"))
        // The model of a selected step is wider than that of a step's name, and allows repetitions.
        || (field == "attributes.selected-steps" && message.starts_with("names "))
        // The model allows ARNs without a region.
        || (field == "attributes.source-execution-arn" && message.contains("execution's ARN"))
}

#[tokio::test]
async fn validate_accepts_what_the_model_accepts_and_names_what_the_model_refuses() {
    let (stage, wire) = (Stage::new().await, wire());
    let (model, api) = (Model::load().unwrap(), api());
    let job_type = stage.job_type_on(&wire);
    let (mut passed, mut refused) = (0, 0);
    for job in cases(3_000, jobs()) {
        let findings = job_type.validate(&job, None).await.unwrap();
        let errors: Vec<_> = findings
            .into_iter()
            .filter(|finding| finding.severity == Severity::Error)
            .collect();
        let request = request(&job);
        let refusal = request
            .as_ref()
            .and_then(|body| model.refusal(Operation::StartPipelineExecution, body));

        for part in refusal
            .iter()
            .flat_map(|text| text.split("' failed to satisfy"))
        {
            let Some((_, path)) = part.rsplit_once("at '") else {
                continue;
            };
            let field = field(path, &job);
            assert!(
                errors.iter().any(|error| error.field == field),
                "the model refuses {field}, {errors:?} don't name it: {refusal:?}"
            );
        }
        if refusal.is_none() && request.is_some() {
            let unexpected: Vec<_> = errors
                .iter()
                .filter(|error| !is_stricter(&error.field, &error.message))
                .collect();
            assert!(
                unexpected.is_empty(),
                "the model allows {request:?}: {unexpected:?}"
            );
        }

        let started = job_type.start(&job, GUID).await;
        if errors.is_empty() {
            answer(started);
            let sent = wire.take_sent();
            assert_eq!(sent.len(), 1);
            expect_allowed(&api, &sent[0]);
            assert_eq!(Some(&sent[0].body), request.as_ref());
            passed += 1;
        } else {
            assert_eq!(started.unwrap().unwrap_err().code, "InvalidJob");
            assert!(wire.take_sent().is_empty());
            refused += 1;
        }
    }
    assert!(
        passed > 300 && refused > 300,
        "{passed} passed, {refused} refused"
    );
}

#[tokio::test]
async fn every_request_satisfies_the_model_whatever_run_or_cursor_a_host_passes() {
    let (stage, wire, api) = (Stage::new().await, wire(), api());
    let job_type = stage.job_type_on(&wire);
    let run_ids = prop_oneof![
        4 => text(
            "arn:aws(-[a-z]{2})?:sagemaker:[a-z0-9-]{0,9}:[0-9]{12}:pipeline/[a-zA-Z0-9-]{0,9}/execution/[a-z0-9]{0,12}",
            &["", "abc", "arn:aws:sagemaker:eu-west-1:aws:pipeline/p/execution/e",
              "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/é\n",
              "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/\u{2028}"],
        ),
        1 => long("a", 2048 - 57)
            .prop_map(|tail| format!("arn:aws:sagemaker:r:123456789012:pipeline/p/execution/xy{tail}")),
    ];
    let cursors = prop::option::of(prop_oneof![
        3 => text("[1-9][0-9]?\\.[ -~]{0,40}", &["", "2.", "0.t", "2.two\nlines", "2.\u{2028}"]),
        1 => long("x", 8192).prop_map(|token| format!("2.{token}")),
    ]);
    let guids = text(
        "[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}",
        &["", "1"],
    );
    let mut total_sent = 0;
    for (run_id, cursor, guid, external_id) in
        cases(1_000, (run_ids, cursors, guids, external_ids()))
    {
        let run = Run {
            external_id: Some("p".to_owned()),
            run_id,
        };
        call_all(&job_type, &run, cursor.as_deref(), &guid, &external_id).await;
        let sent = wire.take_sent();
        sent.iter().for_each(|sent| expect_allowed(&api, sent));
        total_sent += sent.len();
    }
    assert!(total_sent > 2_000, "{total_sent}");
}

/// Makes every call except a start. A call may be refused, but not break.
async fn call_all(
    job_type: &JobType,
    run: &Run,
    cursor: Option<&str>,
    guid: &str,
    external_id: &str,
) {
    fn expect_unbroken<T>(answer: Answer<T>) {
        drop(answer.unwrap());
    }
    expect_unbroken(job_type.status(run).await);
    expect_unbroken(job_type.steps(run, cursor).await);
    expect_unbroken(job_type.cancel(run, guid).await);
    expect_unbroken(job_type.retry(run, &[], guid).await);
    expect_unbroken(job_type.discover(cursor).await);
    expect_unbroken(job_type.inspect(external_id).await);
    expect_unbroken(job_type.monitor_url(run).await);
    let last = u32::try_from(external_id.len()).unwrap();
    for position in [LogPosition::Oldest, LogPosition::Last(last)] {
        expect_unbroken(job_type.logs(run, "Train", &position).await);
    }
    let cursor = LogPosition::After(cursor.unwrap_or_default().to_owned());
    expect_unbroken(job_type.logs(run, "Train", &cursor).await);
}
