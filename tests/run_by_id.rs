//! A run that the host knows by its id alone, without the job that it is of: every call takes it, and
//! gives what it gives for the run of a job.

use crate::support::{GUID, Stage, answer, job};
use polysync_host::contract::{CancelOutcome, Run, RunState};
use sagemaker_emulator::StepFailure;

/// The same run without its job.
fn alone(run: &Run) -> Run {
    Run {
        external_id: None,
        run_id: run.run_id.clone(),
    }
}

#[tokio::test]
async fn its_state_steps_and_page_are_those_of_the_jobs_run() {
    let stage = Stage::new().await;
    let failure = StepFailure::AtEnd("no capacity".to_owned());
    stage
        .emulator
        .fail_step("one-step", "Work", failure, Some(1));
    let run = stage.start(&job("one-step", &[])).await;
    let alone = alone(&run);
    for finished in [false, true] {
        if finished {
            stage.until_finished(&run).await;
        }
        assert_eq!(stage.status(&alone).await, stage.status(&run).await);
        assert_eq!(stage.steps(&alone).await, stage.steps(&run).await);
    }
    let job_type = stage.job_type();
    assert_eq!(
        answer(job_type.monitor_url(&alone).await),
        answer(job_type.monitor_url(&run).await)
    );
}

#[tokio::test]
async fn it_can_be_cancelled_and_retried() {
    let stage = Stage::new().await;
    let alone = alone(&stage.start(&job("one-step", &[])).await);
    let job_type = stage.job_type();
    let cancelled = answer(job_type.cancel(&alone, GUID).await);
    assert_eq!(cancelled.outcome, CancelOutcome::Requested);
    assert_eq!(
        stage.until_finished(&alone).await.state,
        RunState::Cancelled
    );
    let retried = answer(job_type.retry(&alone, &[], GUID).await);
    assert_eq!(retried.run_id, alone.run_id);
    assert_eq!(stage.until_finished(&alone).await.state, RunState::Success);
}
