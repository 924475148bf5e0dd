//! The component understands every answer that the model allows, and members added to it later.

use super::subject::api;
use crate::support::{GUID, Stage, Wire, answer, cases, job};
use polysync_host::JobType;
use polysync_host::contract::{LogPosition, Run, RunState};
use sagemaker_emulator::Operation;
use serde_json::{Value, json};
use std::sync::{Arc, Mutex};

const EXECUTION: &str = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/abc";

/// A step with a log.
const OTHERS: &str = r#"{"PipelineExecutionSteps": [{"StepName": "Train", "StepStatus": "Executing",
    "Metadata": {"TrainingJob": {"Arn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/t"}}}]}"#;

/// A job type whose requests for one operation get a given answer, and all others a list of steps.
struct Fixture {
    job_type: JobType,
    next: Arc<Mutex<Value>>,
}

impl Fixture {
    async fn new(operation: Operation) -> Self {
        let next = Arc::new(Mutex::new(Value::Null));
        let answer = Arc::clone(&next);
        let wire = Wire::replying(move |sent| {
            let body = match sent.operation == operation {
                true => answer.lock().unwrap().to_string(),
                false => OTHERS.to_owned(),
            };
            (200, Vec::new(), body.into_bytes())
        });
        Self {
            job_type: Stage::new().await.job_type_on(&Arc::new(wire)),
            next,
        }
    }

    fn answer_with(&self, body: &Value) {
        self.next.lock().unwrap().clone_from(body);
    }
}

fn answers(count: u32, operation: Operation) -> impl Iterator<Item = Value> {
    cases(count, api().answers(operation.name()))
}

fn run() -> Run {
    Run {
        external_id: Some("p".to_owned()),
        run_id: EXECUTION.to_owned(),
    }
}

/// A member, unless it is absent or null.
fn text<'a>(body: &'a Value, member: &str) -> Option<&'a str> {
    body.get(member).and_then(Value::as_str)
}

#[tokio::test]
async fn every_description_of_an_execution_gives_its_status() {
    let fixture = Fixture::new(Operation::DescribePipelineExecution).await;
    for body in answers(1_000, Operation::DescribePipelineExecution) {
        fixture.answer_with(&body);
        let status = answer(fixture.job_type.status(&run()).await);
        let platform_status = text(&body, "PipelineExecutionStatus").unwrap_or_default();
        assert_eq!(status.platform_status, platform_status);
        let state = match platform_status {
            "Executing" | "Stopping" => RunState::Running,
            "Succeeded" => RunState::Success,
            "Failed" => RunState::Failed,
            "Stopped" => RunState::Cancelled,
            _ => RunState::Unknown,
        };
        assert_eq!(status.state, state, "{body}");
        let time = body["CreationTime"].as_f64().filter(|time| *time >= 0.0);
        assert_eq!(
            status.started_at,
            time.map(|seconds| (seconds * 1000.0).round() as u64),
            "{body}"
        );
    }
}

#[tokio::test]
async fn every_list_of_executions_is_understood() {
    let next = Arc::new(Mutex::new(Value::Null));
    let answer = Arc::clone(&next);
    let wire = Arc::new(Wire::replying(move |sent| {
        let body = match sent.operation {
            Operation::ListPipelineExecutions => answer.lock().unwrap().to_string(),
            _ => r#"{"PipelineExecutionStatus": "Executing"}"#.to_owned(),
        };
        (200, Vec::new(), body.into_bytes())
    }));
    let job_type = Stage::new().await.job_type_on(&wire);
    for mut body in answers(300, Operation::ListPipelineExecutions) {
        // Each execution of the answer is polled, and one that the answer doesn't have.
        let mut runs = vec![run()];
        let summaries = body.get_mut("PipelineExecutionSummaries");
        let summaries = summaries
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten();
        let mut executing = 0;
        for (n, summary) in summaries.filter(|summary| summary.is_object()).enumerate() {
            let run_id = EXECUTION.replace("abc", &format!("e{n}"));
            summary["PipelineExecutionArn"] = Value::from(run_id.clone());
            executing += usize::from(summary["PipelineExecutionStatus"] == "Executing");
            runs.push(Run {
                external_id: None,
                run_id,
            });
        }
        next.lock().unwrap().clone_from(&body);
        for answer in job_type.statuses(&runs).await {
            assert_eq!(answer.unwrap().unwrap().state, RunState::Running, "{body}");
        }
        let sent = wire.take_sent().into_iter();
        let described = sent.filter(|sent| sent.operation == Operation::DescribePipelineExecution);
        // The first in order of the ids is described in any case.
        if runs.len() > 2 {
            assert_eq!(described.count(), runs.len() - executing, "{body}");
        }
    }
}

#[tokio::test]
async fn every_list_of_steps_gives_its_steps() {
    let fixture = Fixture::new(Operation::ListPipelineExecutionSteps).await;
    for body in answers(500, Operation::ListPipelineExecutionSteps) {
        fixture.answer_with(&body);
        let page = answer(fixture.job_type.steps(&run(), None).await);
        let steps = body.get("PipelineExecutionSteps").and_then(Value::as_array);
        let steps: Vec<_> = steps
            .into_iter()
            .flatten()
            .filter(|s| !s.is_null())
            .collect();
        let names = |names: Vec<&str>| {
            let mut names: Vec<_> = names.into_iter().map(str::to_owned).collect();
            names.sort();
            names
        };
        assert_eq!(
            names(page.steps.iter().map(|step| &*step.name).collect()),
            names(
                steps
                    .iter()
                    .map(|step| text(step, "StepName").unwrap_or_default())
                    .collect()
            ),
            "{body}"
        );
        let token = text(&body, "NextToken").filter(|token| !token.is_empty());
        assert_eq!(page.next_cursor, token.map(|token| format!("2.{token}")));
    }
}

#[tokio::test]
async fn every_list_of_pipelines_gives_the_jobs_that_have_a_name() {
    let fixture = Fixture::new(Operation::ListPipelines).await;
    for body in answers(200, Operation::ListPipelines) {
        fixture.answer_with(&body);
        answer(fixture.job_type.test_connection().await);
        let page = answer(fixture.job_type.discover(None).await);
        let pipelines = body.get("PipelineSummaries").and_then(Value::as_array);
        let named = pipelines.into_iter().flatten().filter_map(|summary| {
            let arn = text(summary, "PipelineArn");
            let by_arn = || arn?.split_once("pipeline/")?.1.into();
            let name = text(summary, "PipelineName").or_else(by_arn)?;
            // A pipeline that AWS manages is known by its ARN.
            let managed = arn.filter(|arn| arn.split(':').nth(4) == Some("aws"));
            (!name.is_empty()).then_some((name, managed))
        });
        let named: Vec<_> = named.collect();
        let jobs: Vec<_> = page.jobs.iter().map(|job| &*job.external_id).collect();
        assert_eq!(jobs.len(), named.len(), "{body}");
        for (job, (name, managed)) in jobs.into_iter().zip(named) {
            assert!(job == name || Some(job) == managed, "{job}: {body}");
        }
        assert!(
            page.jobs.iter().all(|job| job.notes.is_empty()),
            "{:?}",
            page.jobs
        );
    }
}

#[tokio::test]
async fn every_description_of_a_pipeline_gives_a_job() {
    let fixture = Fixture::new(Operation::DescribePipeline).await;
    for body in answers(500, Operation::DescribePipeline) {
        fixture.answer_with(&body);
        let job = answer(fixture.job_type.inspect("p").await);
        assert_eq!(job.external_id, "p");
        assert_eq!(job.name, text(&body, "PipelineName").unwrap_or("p"));
    }
}

#[tokio::test]
async fn every_answer_to_a_start_gives_its_arn_or_an_error() {
    let fixture = Fixture::new(Operation::StartPipelineExecution).await;
    for body in answers(200, Operation::StartPipelineExecution) {
        fixture.answer_with(&body);
        let started = fixture.job_type.start(&job("p", &[]), GUID).await.unwrap();
        match (text(&body, "PipelineExecutionArn"), started) {
            (Some(arn), Ok(run)) => assert_eq!(run.run_id, arn),
            (None, Err(error)) => assert!(error.retryable, "{error:?}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn every_answer_to_a_stop_or_retry_is_a_success() {
    let fixture = Fixture::new(Operation::StopPipelineExecution).await;
    for body in answers(100, Operation::StopPipelineExecution) {
        fixture.answer_with(&body);
        answer(fixture.job_type.cancel(&run(), GUID).await);
    }
    let fixture = Fixture::new(Operation::RetryPipelineExecution).await;
    for body in answers(100, Operation::RetryPipelineExecution) {
        fixture.answer_with(&body);
        let retried = answer(fixture.job_type.retry(&run(), &[], GUID).await);
        let arn = text(&body, "PipelineExecutionArn").unwrap_or(EXECUTION);
        assert_eq!(retried.run_id, arn);
    }
}

#[tokio::test]
async fn every_page_of_log_events_gives_its_lines() {
    let fixture = Fixture::new(Operation::FilterLogEvents).await;
    let mut pages = 0;
    for mut body in answers(300, Operation::FilterLogEvents) {
        let events = body
            .get("events")
            .and_then(Value::as_array)
            .into_iter()
            .flatten();
        let messages: Vec<_> = events
            .filter(|event| !event.is_null())
            .map(|event| text(event, "message").unwrap_or_default().to_owned())
            .collect();
        // An empty page would lead to the same answer once more, and one without events to none.
        if messages.is_empty() {
            body["nextToken"] = json!(null);
        }
        fixture.answer_with(&body);
        let page = fixture
            .job_type
            .logs(&run(), "Train", &LogPosition::Oldest)
            .await;
        let Ok(page) = page.unwrap() else {
            assert!(messages.is_empty(), "{body}");
            continue;
        };
        pages += 1;
        let mut found: Vec<_> = page
            .lines
            .iter()
            .map(|line| letters(&line.message))
            .collect();
        let mut expected: Vec<_> = messages.iter().map(|message| letters(message)).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{body}");
        let more = text(&body, "nextToken").is_some_and(|token| !token.is_empty());
        assert_eq!(page.more, more, "{body}");
    }
    assert!(pages > 50, "{pages}");
}

/// What the host leaves of a line as it is.
fn letters(text: &str) -> String {
    text.chars().filter(char::is_ascii_alphanumeric).collect()
}
