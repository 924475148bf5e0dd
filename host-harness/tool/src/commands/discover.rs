//! `discover`: the platform's jobs, a page at a time.

use std::io::{self, IsTerminal};

use console::Term;
use indicatif::ProgressBar;
use polysync_host::JobType;
use polysync_host::contract::{DiscoveredJob, Size};

use crate::cli::job::DiscoverArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::invocation;
use crate::job;
use crate::json::discovery::DiscoveryView;
use crate::output::{Output, note, write_text};
use crate::render;
use crate::runs::call::{CallFailure, flatten};
use crate::runs::pages::Pages;
use crate::session::{Session, network};

/// What was found, and where to go on after a failure.
#[derive(Debug, Default)]
struct Discovery {
    jobs: Vec<DiscoveredJob>,
    notes: Vec<String>,
    cursor: Option<String>,
}

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    arguments: &DiscoverArgs,
) -> Result<Exit, Failure> {
    let job_type = session.connect().await?;
    let mut found = Discovery {
        cursor: arguments.cursor.clone(),
        ..Discovery::default()
    };
    let progress = ProgressBar::new_spinner().with_message("asking for the first page");
    progress.enable_steady_tick(std::time::Duration::from_millis(120));
    let collected = collect(&job_type, &mut found, &progress).await;
    progress.finish_and_clear();
    let failure = collected.err().map(Failure::from);
    let failure = failure.map(|failure| network::explain(session.global(), failure));

    let view = DiscoveryView {
        jobs: &found.jobs,
        notes: &found.notes,
        next_cursor: found.cursor.as_deref(),
        error: failure.as_ref().map(Into::into),
    };
    match output {
        Output::Text => write_text(&text(&found, failure.is_some()))?,
        Output::Json | Output::JsonLines => output.answer(String::new, &view)?,
    }
    if let Some(directory) = &arguments.write_jobs {
        note(&job::files::write(
            directory,
            &session.description().id,
            &found.jobs,
        )?);
    }
    let Some(failure) = failure else {
        return Ok(Exit::Success);
    };
    note(&render::errors::failure(&failure));
    if let Some(cursor) = &found.cursor {
        note(&format!(
            "Go on from here with --cursor {}",
            invocation::quote(cursor)
        ));
    }
    Ok(failure.exit())
}

/// Asks for all pages. After a failure `found` has the cursor of the page that is missing, if it helps
/// to ask for it.
async fn collect(
    job_type: &JobType,
    found: &mut Discovery,
    progress: &ProgressBar,
) -> Result<(), CallFailure> {
    let mut pages = Pages::new("jobs", found.cursor.as_deref());
    loop {
        let page = match flatten(job_type.discover(found.cursor.as_deref()).await) {
            Err(failure) if failure.is_retryable() => {
                tracing::info!("page {} failed, once more: {failure}", pages.count() + 1);
                flatten(job_type.discover(found.cursor.as_deref()).await)?
            }
            answer => answer?,
        };
        let entries = page.jobs.len().saturating_add(page.notes.len());
        pages.take(entries, page.jobs.size().saturating_add(page.notes.size()))?;
        found.jobs.extend(page.jobs);
        found.notes.extend(page.notes);
        found.cursor = page.next_cursor;
        progress.set_message(format!(
            "{} jobs on {} pages",
            found.jobs.len(),
            pages.count()
        ));
        if let Err(endless) = pages.follow(found.cursor.as_deref()) {
            found.cursor = found.cursor.take().filter(|_| endless.can_be_continued());
            return Err(endless.into());
        }
        if found.cursor.is_none() {
            return Ok(());
        }
    }
}

fn text(found: &Discovery, is_cut_off: bool) -> String {
    let width = io::stdout().is_terminal().then(|| Term::stdout().size().1);
    let table = match found.jobs.is_empty() && found.notes.is_empty() {
        true => String::new(),
        false => render::jobs::table(&found.jobs, &found.notes, width),
    };
    let jobs = match found.jobs.len() {
        0 => "No jobs".to_owned(),
        1 => "1 job".to_owned(),
        many => format!("{many} jobs"),
    };
    format!("{table}{jobs}{}\n", if is_cut_off { " so far" } else { "" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn an_empty_account_has_no_jobs() {
        assert_eq!(text(&Discovery::default(), false), "No jobs\n");
    }

    #[test]
    fn jobs_that_were_found_before_a_failure_are_counted_so_far() {
        let found = Discovery {
            jobs: vec![samples::discovered_job()],
            ..Discovery::default()
        };
        assert!(text(&found, true).ends_with("1 job so far\n"));
    }
}
