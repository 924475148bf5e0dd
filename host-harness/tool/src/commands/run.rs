//! `run`: a run from its start to its end, while somebody waits.

use uuid::Uuid;

use crate::cli::run::StartAndFollowArgs;
use crate::commands::check;
use crate::commands::following::{self, Following, InterruptHistory};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::feature::Feature;
use crate::interrupts::Interrupts;
use crate::job;
use crate::output::Output;
use crate::report;
use crate::report::reporter::Subject;
use crate::runs::event::RunEvent;
use crate::runs::record::Record;
use crate::session::Session;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    arguments: &StartAndFollowArgs,
) -> Result<Exit, Failure> {
    let start = &arguments.start;
    let job = job::from_arguments(&start.job, session.description())?;
    let job_type = session.connect().await?;
    let warnings = check::before_start(&job_type, &job, &start.declared).await?;
    let interrupts = Interrupts::listen()?;
    let origin = match &start.job.origin.job {
        Some(path) => path.display().to_string(),
        None => "the command line".to_owned(),
    };
    let guid = start.guid.unwrap_or_else(Uuid::new_v4);
    let can_cancel = Feature::Cancel.is_offered_by(session.description());
    let mut following = Following {
        interrupts,
        reporter: report::new(output, Subject::OneRun, session.global().verbose),
        record: Record::new(guid, origin, session.description().id.clone(), &job),
        interrupt_history: InterruptHistory::new(can_cancel),
    };
    following.report_warnings(warnings)?;
    let policy = following::policy(session, &arguments.following);
    let followed = following.follow(job_type, policy, RunEvent::Starting).await;
    let record = following.record;
    // The display holds the terminal.
    drop(following.reporter);
    following::conclude(session, &record, followed)
}
