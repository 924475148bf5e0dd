//! `validate`: what is wrong with a job.

use crate::cli::job::{DeclaredArgs, JobArgs};
use crate::commands::check;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::job;
use crate::json::finding::ValidationView;
use crate::output::Output;
use crate::render;
use crate::render::style::{GOOD, paint};
use crate::session::Session;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    arguments: &JobArgs,
    declared: &DeclaredArgs,
) -> Result<Exit, Failure> {
    let job = job::from_arguments(arguments, session.description())?;
    let job_type = match declared.check_declared {
        true => session.connect().await?,
        false => session.without_platform().await?,
    };
    let findings = check::findings(&job_type, &job, declared).await?;
    let text = || match findings.as_slice() {
        [] => paint(GOOD, "The job is right.") + "\n",
        findings => render::jobs::findings(findings),
    };
    output.answer(text, &ValidationView::from(findings.as_slice()))?;
    Ok(if check::has_errors(&findings) {
        Exit::Error
    } else {
        Exit::Success
    })
}
