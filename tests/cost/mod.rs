//! What the component costs: its size, its instructions, its requests. `cargo xtask bench` measures
//! how long it takes, which differs from machine to machine.

mod fuel;
mod limits;

use crate::support::{GUID, Stage, Wire, answer, job};
use polysync_host::contract::{LogPosition, Run};
use sagemaker_emulator::Operation;
use std::sync::Arc;

const RUN_ID: &str =
    "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/abalone/execution/abcdefghijkl";

/// Something for each operation.
const ANSWER: &str = r#"{
    "PipelineSummaries": [{"PipelineName": "a"}, {"PipelineName": "b"}, {"PipelineName": "c"}],
    "PipelineExecutionSummaries": [
        {"PipelineExecutionArn": "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/abalone/execution/second", "PipelineExecutionStatus": "Executing"},
        {"PipelineExecutionArn": "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/abalone/execution/third", "PipelineExecutionStatus": "Executing"}
    ],
    "PipelineExecutionArn": "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/abalone/execution/abcdefghijkl",
    "PipelineExecutionDisplayName": "nightly",
    "PipelineExecutionStatus": "Executing",
    "CreationTime": 1793534000.123,
    "LastModifiedTime": 1793534100.456
}"#;

/// A step, and what it wrote.
const LOG: &str = r#"{
    "PipelineExecutionSteps": [{
        "StepName": "Train",
        "Metadata": {"TrainingJob": {"Arn": "arn:aws:sagemaker:eu-west-1:123456789012:training-job/t"}}
    }],
    "events": [{"logStreamName": "t/algo-1", "timestamp": 1793534010000, "message": "m"}]
}"#;

#[test]
fn the_components_size_is_within_its_limit() {
    let bytes = std::fs::metadata(test_components::sagemaker_pipeline())
        .unwrap()
        .len();
    assert!(
        bytes <= limits::BYTES,
        "{bytes} bytes; tests/cost/limits.rs allows {}",
        limits::BYTES
    );
}

#[test]
fn the_instructions_of_a_status_are_within_their_limit() {
    let instructions =
        fuel::status_instructions(test_components::sagemaker_pipeline(), RUN_ID, ANSWER);
    assert!(
        instructions <= limits::STATUS_INSTRUCTIONS,
        "{instructions} instructions; tests/cost/limits.rs allows {}",
        limits::STATUS_INSTRUCTIONS
    );
}

/// The functions that were called, with the operations of the requests that each sent.
#[derive(Default)]
struct Sent(Vec<(&'static str, Vec<Operation>)>);

impl Sent {
    /// Notes what went over the wire since the last note.
    fn note(&mut self, function: &'static str, wire: &Wire) {
        let requests = wire.take_sent().into_iter();
        let operations = requests.map(|sent| sent.operation).collect();
        self.0.push((function, operations));
    }
}

fn run() -> Run {
    Run {
        external_id: Some("abalone".to_owned()),
        run_id: RUN_ID.to_owned(),
    }
}

#[tokio::test]
async fn each_function_sends_the_requests_that_it_needs_and_no_more() {
    let stage = Stage::new().await;
    let mut sent = Sent::default();
    calls_about_a_job(&stage, &mut sent).await;
    calls_about_a_run(&stage, &mut sent).await;
    calls_about_a_log(&stage, &mut sent).await;
    let allowed = limits::REQUESTS.map(|(function, operations)| (function, operations.to_vec()));
    assert_eq!(
        sent.0, allowed,
        "the latter is what tests/cost/limits.rs allows"
    );
}

async fn calls_about_a_job(stage: &Stage, sent: &mut Sent) {
    let wire = Arc::new(Wire::answering(ANSWER));
    let job_type = stage.job_type_on(&wire);
    let job = job("abalone", &[("Count", "1")]);
    job_type.validate(&job, None).await.unwrap();
    sent.note("validate", &wire);
    answer(job_type.test_connection().await);
    sent.note("test-connection", &wire);
    answer(job_type.inspect("abalone").await);
    sent.note("inspect", &wire);
    answer(job_type.discover(None).await);
    sent.note("discover of three", &wire);
    answer(job_type.start(&job, GUID).await);
    sent.note("start", &wire);
}

async fn calls_about_a_run(stage: &Stage, sent: &mut Sent) {
    let run = run();
    let running = Arc::new(Wire::answering(ANSWER));
    let job_type = stage.job_type_on(&running);
    answer(job_type.monitor_url(&run).await);
    sent.note("monitor-url", &running);
    answer(job_type.status(&run).await);
    sent.note("status while it runs", &running);
    let others = ["second", "third"].map(|id| Run {
        external_id: None,
        run_id: RUN_ID.replace("abcdefghijkl", id),
    });
    // In the order of their ids, the first is described.
    let runs = [vec![run.clone()], others.to_vec()].concat();
    for status in job_type.statuses(&runs).await {
        answer(status);
    }
    sent.note("statuses of three while they run", &running);
    answer(job_type.steps(&run, None).await);
    sent.note("steps", &running);

    let stopping = Arc::new(Wire::answering(&ANSWER.replace("Executing", "Stopping")));
    answer(stage.job_type_on(&stopping).cancel(&run, GUID).await);
    sent.note("cancel", &stopping);

    let failed = Arc::new(Wire::answering(&ANSWER.replace("Executing", "Failed")));
    let job_type = stage.job_type_on(&failed);
    answer(job_type.status(&run).await);
    sent.note("status of a failure", &failed);
    answer(job_type.retry(&run, &[], GUID).await);
    sent.note("retry", &failed);
}

async fn calls_about_a_log(stage: &Stage, sent: &mut Sent) {
    let wire = Arc::new(Wire::answering(LOG));
    let job_type = stage.job_type_on(&wire);
    let last = LogPosition::Last(10);
    let page = answer(job_type.logs(&run(), "Train", &last).await);
    sent.note("the last lines of a log", &wire);
    let since = LogPosition::After(page.cursor);
    answer(job_type.logs(&run(), "Train", &since).await);
    sent.note("the lines that came since", &wire);
}
