//! `start`: a run that the tool doesn't wait for.

use uuid::Uuid;

use crate::cli::run::StartArgs;
use crate::commands::{check, launch};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::job;
use crate::output::{Output, note};
use crate::render;
use crate::runs::call::flatten;
use crate::session::Session;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    arguments: &StartArgs,
) -> Result<Exit, Failure> {
    let job = job::from_arguments(&arguments.job, session.description())?;
    let job_type = session.connect().await?;
    let warnings = check::before_start(&job_type, &job, &arguments.declared).await?;
    if !warnings.is_empty() {
        note(&render::jobs::findings(&warnings));
    }
    let guid = arguments.guid.unwrap_or_else(Uuid::new_v4);
    note(&render::status::starting(guid, &job.external_id));
    let started = flatten(job_type.start(&job, &guid.to_string()).await)
        .map_err(|failure| Failure::from_start(session.given(), failure, guid))?;
    launch::answer(
        session,
        output,
        &job_type,
        guid,
        Some(job.external_id),
        &started,
    )
    .await?;
    Ok(Exit::Success)
}
