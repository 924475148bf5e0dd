//! One poll of a run.

use std::sync::Arc;

use polysync_host::contract::{Run, RunStatus, Step};
use polysync_host::{JobType, PluginIdentity};

use super::call::CallFailure;
use super::polls::Polls;
use super::steps;

/// The status of a run and, where they were listed, its steps.
pub(crate) type Status = (RunStatus, Option<Result<Vec<Step>, CallFailure>>);

/// The status and, where `list_from` is given, the steps; and the plugin that gave the status. None if
/// polls can't be made any more.
pub(crate) async fn status_and_steps(
    polls: &Polls,
    run: &Run,
    broken: u32,
    list_from: Option<&JobType>,
) -> Option<(Arc<PluginIdentity>, Result<Status, CallFailure>)> {
    let (plugin, status) = polls.status(run.clone(), broken).await?;
    let status = match status {
        Ok(status) => status,
        Err(failure) => return Some((plugin, Err(failure))),
    };
    let steps = match list_from {
        Some(job_type) => Some(steps::list(job_type, run).await),
        None => None,
    };
    Some((plugin, Ok((status, steps))))
}
