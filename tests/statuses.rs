//! The states of many runs: how many requests they take, and that each is what a single poll says.

use crate::support::{
    ACCESS_KEY_ID, GUID, ONE_STEP, SECRET, STEP, Stage, answer, cases, credentials, job, load,
    unknown_run,
};
use polysync_host::contract::{Error, ErrorClass, Run, RunState, RunStatus};
use polysync_host::{JobType, Limits};
use proptest::prelude::*;
use sagemaker_emulator::{Builder, Credentials, ExecutionStatus, Fault, FaultKind, Operation};

/// A GUID for each start.
fn guid(number: usize) -> String {
    format!("{}{number:012}", &GUID[..24])
}

fn with_pipelines(emulator: Builder, pipelines: usize) -> Builder {
    (0..pipelines).fold(emulator, |emulator, n| {
        emulator.pipeline(format!("p{n}"), ONE_STEP)
    })
}

/// Starts this many runs of each of the pipelines `p0`, `p1` and so on, which execute for one step.
async fn start(job_type: &JobType, pipelines: usize, runs: usize) -> Vec<Run> {
    let numbers: Vec<_> = (0..pipelines * runs).collect();
    let mut started = Vec::new();
    for together in numbers.chunks(16) {
        let starts = together.iter().map(|&number| {
            let (job_type, external_id) = (job_type.clone(), format!("p{}", number / runs));
            tokio::spawn(async move {
                let answer_to_start = job_type.start(&job(&external_id, &[]), &guid(number)).await;
                Run {
                    external_id: Some(external_id),
                    run_id: answer(answer_to_start).run_id,
                }
            })
        });
        for start in starts.collect::<Vec<_>>() {
            started.push(start.await.unwrap());
        }
    }
    started
}

async fn poll(job_type: &JobType, runs: &[Run]) -> Vec<Result<RunStatus, Error>> {
    let answers = job_type.statuses(runs).await.into_iter();
    answers.map(|answer| answer.unwrap()).collect()
}

fn states(answers: &[Result<RunStatus, Error>]) -> Vec<Option<RunState>> {
    let states = answers
        .iter()
        .map(|answer| Some(answer.as_ref().ok()?.state));
    states.collect()
}

fn polls(stage: &Stage) -> usize {
    stage
        .emulator
        .request_count(Operation::DescribePipelineExecution)
        + stage
            .emulator
            .request_count(Operation::ListPipelineExecutions)
}

#[tokio::test]
async fn a_thousand_executing_runs_take_few_requests_and_each_of_a_mixed_thousand_is_right() {
    let stage = Stage::with(|emulator| with_pipelines(emulator, 10)).await;
    // A quarter of the recommended memory.
    let limits = Limits {
        memory_bytes: 16 << 20,
        ..Limits::recommended()
    };
    let plugin = load(limits).await;
    let job_type = stage.job_type_with(&plugin, stage.connection(), credentials());
    let mut runs = start(&job_type, 10, 100).await;

    let answers = poll(&job_type, &runs).await;
    assert_eq!(states(&answers), vec![Some(RunState::Running); 1_000]);
    assert!(polls(&stage) <= 25, "{} requests", polls(&stage));

    // Five of each hundred are over, and five are unknown.
    let before = polls(&stage);
    let mut expected = vec![Some(RunState::Running); 1_000];
    for (n, run) in runs.iter_mut().enumerate() {
        match n % 20 {
            3 => {
                let failed = ExecutionStatus::from("Failed".to_owned());
                stage.emulator.set_status(&run.run_id, failed).unwrap();
                expected[n] = Some(RunState::Failed);
            }
            7 => {
                run.run_id = run.run_id.replace("/execution/", "/execution/gone");
                expected[n] = None;
            }
            _ => {}
        }
    }
    let answers = poll(&job_type, &runs).await;
    assert_eq!(states(&answers), expected);
    for error in answers.iter().filter_map(|answer| answer.as_ref().err()) {
        assert_eq!(error.class, ErrorClass::NotFound);
    }
    assert!(polls(&stage) - before <= 125, "{}", polls(&stage) - before);
}

#[tokio::test]
async fn runs_of_shipped_pipelines_have_the_status_of_a_single_poll() {
    let stage = Stage::new().await;
    let mut runs = Vec::new();
    for (number, pipeline) in ["one-step", "always-fails", "churn-training-fails"]
        .iter()
        .cycle()
        .take(15)
        .enumerate()
    {
        let started = answer(
            stage
                .job_type()
                .start(&job(pipeline, &[]), &guid(number))
                .await,
        );
        runs.push(stage.run(pipeline, started));
    }
    runs.push(unknown_run());
    for _ in 0..4 {
        let answers = poll(&stage.job_type(), &runs).await;
        for (run, polled) in runs.iter().zip(answers) {
            match (polled, stage.job_type().status(run).await.unwrap()) {
                // What a listing doesn't tell.
                (Ok(polled), Ok(alone)) if alone.state == RunState::Running => {
                    let told = |status: RunStatus| {
                        (
                            status.platform_status,
                            status.finished,
                            status.message,
                            status.started_at,
                            status.ended_at,
                        )
                    };
                    assert_eq!(told(polled), told(alone));
                }
                (Err(polled), Err(alone)) => assert_eq!(polled.message, alone.message),
                (polled, alone) => assert_eq!(polled, alone),
            }
        }
        stage.clock.advance(STEP * 2);
    }
}

#[tokio::test]
async fn random_groups_have_the_states_of_single_polls_for_no_more_requests() {
    let stage = Stage::with(|emulator| with_pipelines(emulator, 3)).await;
    let job_type = stage.job_type();
    let runs = start(&job_type, 3, 12).await;
    let words = [
        "Executing",
        "Executing",
        "Stopping",
        "Succeeded",
        "Failed",
        "Stopped",
        "Hibernating",
    ];
    let drawn = prop::collection::vec((0..words.len(), any::<bool>()), runs.len());
    for drawn in cases(10, drawn) {
        let mut asked = Vec::new();
        for (run, (word, is_asked)) in runs.iter().zip(&drawn) {
            let status = ExecutionStatus::from(words[*word].to_owned());
            stage.emulator.set_status(&run.run_id, status).unwrap();
            asked.extend(is_asked.then(|| run.clone()));
        }
        let before = polls(&stage);
        let answers = poll(&job_type, &asked).await;
        let sent = polls(&stage) - before;
        // One more, where the first listing doesn't pay.
        assert!(
            sent <= asked.len() + 1,
            "{sent} for {}: {drawn:?}",
            asked.len()
        );
        for (run, polled) in asked.iter().zip(answers) {
            let (polled, alone) = (polled.unwrap(), stage.status(run).await);
            assert_eq!(
                (polled.state, polled.platform_status),
                (alone.state, alone.platform_status)
            );
        }
    }
}

#[tokio::test]
async fn without_the_permission_to_list_every_run_is_described() {
    let stage = Stage::with(|emulator| with_pipelines(emulator, 2)).await;
    let runs = start(&stage.job_type(), 2, 10).await;
    let denied = Credentials::new(ACCESS_KEY_ID, SECRET).denied(Operation::ListPipelineExecutions);
    stage.emulator.replace_credentials(vec![denied]);
    let answers = poll(&stage.job_type(), &runs).await;
    assert_eq!(states(&answers), vec![Some(RunState::Running); 20]);
    assert_eq!(
        stage
            .emulator
            .request_count(Operation::ListPipelineExecutions),
        1
    );
}

#[tokio::test]
async fn every_run_is_read_even_if_the_platform_throttles() {
    let stage = Stage::with(|emulator| with_pipelines(emulator, 30).requests_per_second(10)).await;
    let mut runs = Vec::new();
    for number in 0..60 {
        let pipeline = format!("p{}", number % 30);
        // Past the second in which the last request was admitted.
        stage.clock.advance(STEP / 60);
        let started = answer(
            stage
                .job_type()
                .start(&job(&pipeline, &[]), &guid(number))
                .await,
        );
        runs.push(stage.run(&pipeline, started));
    }
    assert!(
        poll(&stage.job_type(), &runs)
            .await
            .iter()
            .all(Result::is_ok)
    );
}

#[tokio::test]
async fn credentials_that_expired_are_each_runs_error_and_end_the_requests() {
    let stage = Stage::with(|emulator| with_pipelines(emulator, 1)).await;
    let runs = start(&stage.job_type(), 1, 40).await;
    stage.emulator.inject(Fault::new(FaultKind::ExpiredToken));
    let before = stage.emulator.requests().len();
    for answer in poll(&stage.job_type(), &runs).await {
        let error = answer.unwrap_err();
        assert_eq!((error.class, error.retryable), (ErrorClass::Denied, true));
    }
    assert!(stage.emulator.requests().len() - before <= 2);
}
