//! `validate`: what is wrong with a job.

use crate::cli::job::{DeclaredArgs, JobArgs};
use crate::commands::check;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::feature::Feature;
use crate::job;
use crate::json::finding::ValidationView;
use crate::output::{Output, note};
use crate::render;
use crate::render::event::warning;
use crate::render::style::{GOOD, paint};
use crate::session::Session;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    arguments: &JobArgs,
    declared: &DeclaredArgs,
) -> Result<Exit, Failure> {
    let job = job::from_arguments(arguments, session.description())?;
    let description = session.description();
    let can_compare = Feature::Inspect.is_offered_by(description);
    if declared.check_declared && !can_compare {
        let why = Feature::Inspect.not_offered_by(description);
        note(&warning(format_args!(
            "{why}, so the job isn't compared with what the platform declares"
        )));
    }
    let check_declared = declared.check_declared && can_compare;
    let job_type = match check_declared {
        true => session.connect().await?,
        false => session.without_platform().await?,
    };
    let findings = check::findings(&job_type, &job, check_declared).await?;
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
