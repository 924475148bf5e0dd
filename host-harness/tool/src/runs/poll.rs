//! One poll of a run.

use polysync_host::JobType;
use polysync_host::contract::{Run, RunStatus, Step};

use super::call::{CallFailure, flatten};
use super::steps;

/// The status of a run and, where they were listed, its steps.
pub(crate) type Polled = (RunStatus, Option<Result<Vec<Step>, CallFailure>>);

/// The status and, where they are to be listed, the steps.
pub(crate) async fn status_and_steps(
    job_type: &JobType,
    run: &Run,
    list_steps: bool,
) -> Result<Polled, CallFailure> {
    let status = flatten(job_type.status(run).await)?;
    let steps = match list_steps {
        true => Some(steps::list(job_type, run).await),
        false => None,
    };
    Ok((status, steps))
}
