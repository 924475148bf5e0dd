//! `retry`: the failed part of a run, again.

use polysync_host::contract::Run;
use uuid::Uuid;

use crate::cli::job::JobOriginArgs;
use crate::commands::launch;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::job;
use crate::output::{Output, note};
use crate::runs::call::flatten;
use crate::session::Session;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    run_id: &str,
    arguments: &JobOriginArgs,
    guid: Option<Uuid>,
) -> Result<Exit, Failure> {
    let (external_id, attributes) = job::origin_from_arguments(arguments, session.description())?;
    let run = Run {
        external_id,
        run_id: run_id.to_owned(),
    };
    let guid = guid.unwrap_or_else(Uuid::new_v4);
    note(&format!("retrying with --guid {guid}"));
    let job_type = session.connect().await?;
    let started = flatten(job_type.retry(&run, &attributes, &guid.to_string()).await)
        .map_err(|failure| Failure::from_repeatable(failure, guid))?;
    launch::answer(session, output, &job_type, guid, run.external_id, &started).await?;
    Ok(Exit::Success)
}
