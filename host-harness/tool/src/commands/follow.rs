//! `follow`: a run that the platform has already, to its end, while somebody waits.

use crate::cli::run::FollowArgs;
use crate::commands::following::{self, Following, InterruptHistory};
use crate::commands::launch;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::interrupts::Interrupts;
use crate::output::Output;
use crate::report;
use crate::report::reporter::Subject;
use crate::runs::event::RunEvent;
use crate::runs::record::Record;
use crate::session::Session;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    arguments: &FollowArgs,
) -> Result<Exit, Failure> {
    let run = arguments.run.run();
    let job_type = session.connect().await?;
    let interrupts = Interrupts::listen()?;
    let monitor_url = launch::monitor_url(session, &job_type, &run).await;
    let mut following = Following {
        interrupts,
        reporter: report::new(output, Subject::OneRun, session.global().verbose),
        record: Record::of_run(
            &run,
            "the command line".to_owned(),
            session.description().id.clone(),
        ),
        // Whoever looks at a run that somebody else may have started doesn't stop it by looking away.
        interrupt_history: InterruptHistory::new(false),
    };
    let policy = following::policy(session, &arguments.following);
    let begins = RunEvent::Following { monitor_url };
    let followed = following.follow(job_type, policy, begins).await;
    let record = following.record;
    // The display holds the terminal.
    drop(following.reporter);
    following::conclude(session, &record, followed)
}
