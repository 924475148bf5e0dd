//! Whatever of its model the service answers, and what it may add to that tomorrow, is understood.

use super::shapes::Shapes;
use crate::support::{GUID, Stage, Wire, answer, cases, job};
use polysync_host::JobType;
use polysync_host::contract::{Run, RunState};
use sagemaker_emulator::Operation;
use serde_json::Value;
use std::sync::{Arc, Mutex};

const EXECUTION: &str = "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/p/execution/abc";

/// A job type, and what its requests for an operation get; the others get an empty object.
struct Answered {
    job_type: JobType,
    next: Arc<Mutex<Value>>,
}

impl Answered {
    async fn new(operation: Operation) -> Self {
        let next = Arc::new(Mutex::new(Value::Null));
        let answer = Arc::clone(&next);
        let wire = Wire::replying(move |sent| {
            let body = match sent.operation == operation {
                true => answer.lock().unwrap().to_string(),
                false => "{}".to_owned(),
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
    let any_answer = Shapes::load().answers(operation);
    cases(count, any_answer)
}

fn run() -> Run {
    Run {
        external_id: "p".to_owned(),
        run_id: EXECUTION.to_owned(),
    }
}

/// A member that is there and not null.
fn text<'a>(body: &'a Value, member: &str) -> Option<&'a str> {
    body.get(member).and_then(Value::as_str)
}

#[tokio::test]
async fn any_description_of_an_execution_gives_its_status() {
    let stage = Answered::new(Operation::DescribePipelineExecution).await;
    for body in answers(1_000, Operation::DescribePipelineExecution) {
        stage.answer_with(&body);
        let status = answer(stage.job_type.status(&run()).await);
        let word = text(&body, "PipelineExecutionStatus").unwrap_or_default();
        assert_eq!(status.platform_status, word);
        let state = match word {
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
async fn any_list_of_steps_gives_its_steps() {
    let stage = Answered::new(Operation::ListPipelineExecutionSteps).await;
    for body in answers(500, Operation::ListPipelineExecutionSteps) {
        stage.answer_with(&body);
        let page = answer(stage.job_type.steps(&run(), None).await);
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
async fn any_list_of_pipelines_gives_the_jobs_that_have_a_name() {
    let stage = Answered::new(Operation::ListPipelines).await;
    for body in answers(200, Operation::ListPipelines) {
        stage.answer_with(&body);
        answer(stage.job_type.test_connection().await);
        let page = answer(stage.job_type.discover(None).await);
        let pipelines = body.get("PipelineSummaries").and_then(Value::as_array);
        let named = pipelines.into_iter().flatten().filter_map(|summary| {
            let by_arn = || {
                text(summary, "PipelineArn")?
                    .split_once("pipeline/")?
                    .1
                    .into()
            };
            text(summary, "PipelineName").or_else(by_arn)
        });
        let named: Vec<_> = named.filter(|name| !name.is_empty()).collect();
        let jobs: Vec<_> = page.jobs.iter().map(|job| &*job.external_id).collect();
        assert_eq!(jobs, named, "{body}");
        assert!(page.notes.is_empty(), "{:?}", page.notes);
    }
}

#[tokio::test]
async fn any_description_of_a_pipeline_gives_a_job() {
    let stage = Answered::new(Operation::DescribePipeline).await;
    for body in answers(500, Operation::DescribePipeline) {
        stage.answer_with(&body);
        let job = answer(stage.job_type.inspect("p").await);
        assert_eq!(job.external_id, "p");
        assert_eq!(job.name, text(&body, "PipelineName").unwrap_or("p"));
    }
}

#[tokio::test]
async fn any_answer_to_a_start_gives_its_arn_or_says_that_it_has_none() {
    let stage = Answered::new(Operation::StartPipelineExecution).await;
    for body in answers(200, Operation::StartPipelineExecution) {
        stage.answer_with(&body);
        let started = stage.job_type.start(&job("p", &[]), GUID).await.unwrap();
        match (text(&body, "PipelineExecutionArn"), started) {
            (Some(arn), Ok(run)) => assert_eq!(run.run_id, arn),
            (None, Err(error)) => assert!(error.retryable, "{error:?}"),
            other => panic!("{body}: {other:?}"),
        }
    }
}

#[tokio::test]
async fn any_answer_to_a_stop_or_retry_is_a_success() {
    let stage = Answered::new(Operation::StopPipelineExecution).await;
    for body in answers(100, Operation::StopPipelineExecution) {
        stage.answer_with(&body);
        answer(stage.job_type.cancel(&run(), GUID).await);
    }
    let stage = Answered::new(Operation::RetryPipelineExecution).await;
    for body in answers(100, Operation::RetryPipelineExecution) {
        stage.answer_with(&body);
        let retried = answer(stage.job_type.retry(&run(), &[], GUID).await);
        let arn = text(&body, "PipelineExecutionArn").unwrap_or(EXECUTION);
        assert_eq!(retried.run_id, arn);
    }
}
