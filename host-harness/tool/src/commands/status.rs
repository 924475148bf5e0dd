//! `status`: the state of a run, or of several.

use std::io::Read;

use anyhow::{Context, ensure};
use polysync_host::contract::Run;

use crate::cli::run::RunsArgs;
use crate::commands::launch;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::run::StatusDocument;
use crate::json::statuses::StatusesDocument;
use crate::output::Output;
use crate::render;
use crate::render::time::now;
use crate::runs::call::flatten;
use crate::session::Session;

/// In place of a run id: the run ids are on stdin.
const STDIN: &str = "-";

/// The most run ids that are read from stdin, in bytes.
const MOST_BYTES: u64 = 64 << 20;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    arguments: &RunsArgs,
) -> Result<Exit, Failure> {
    let runs: Vec<_> = run_ids(&arguments.run_ids)?
        .into_iter()
        .map(|run_id| Run {
            external_id: arguments.external_id.clone(),
            run_id,
        })
        .collect();
    match runs.as_slice() {
        [run] if is_one(&arguments.run_ids) => one(session, output, run).await,
        runs => several(session, output, runs).await,
    }
}

/// Whether the command line names one run. What is on stdin doesn't decide about the form of the answer.
fn is_one(arguments: &[String]) -> bool {
    matches!(arguments, [run_id] if run_id != STDIN)
}

async fn one(session: &Session<'_>, output: Output, run: &Run) -> Result<Exit, Failure> {
    let job_type = session.connect().await?;
    let status = flatten(job_type.status(run).await)?;
    let monitor_url = match output {
        Output::Text => launch::monitor_url(session, &job_type, run).await,
        Output::Json | Output::JsonLines => None,
    };
    let plugin = job_type.identity();
    let text = || render::status::status(run, &status, &plugin, monitor_url.as_deref(), now());
    let document = StatusDocument::new(run, &status, &plugin);
    output.answer(text, &document)?;
    Ok(Exit::Success)
}

async fn several(session: &Session<'_>, output: Output, runs: &[Run]) -> Result<Exit, Failure> {
    let job_type = session.connect().await?;
    let answers = job_type.statuses(runs).await;
    let statuses: Vec<_> = answers.into_iter().map(flatten).collect();
    let plugin = job_type.identity();
    let known = || runs.iter().zip(&statuses);
    output.answer(
        || render::statuses::list(&known().collect::<Vec<_>>(), now()),
        &StatusesDocument::new(known(), &plugin),
    )?;
    Ok(match statuses.iter().all(Result::is_ok) {
        true => Exit::Success,
        false => Exit::Error,
    })
}

/// The run ids of the command line, with those of stdin in place of a hyphen.
fn run_ids(arguments: &[String]) -> Result<Vec<String>, Failure> {
    let mut run_ids = Vec::new();
    for argument in arguments {
        match argument.as_str() {
            STDIN => run_ids.extend(read_run_ids(std::io::stdin())?),
            run_id => run_ids.push(run_id.to_owned()),
        }
    }
    Ok(run_ids)
}

/// Run ids, one a line; empty lines are passed over.
fn read_run_ids(source: impl Read) -> Result<Vec<String>, anyhow::Error> {
    let mut text = String::new();
    let mut source = source.take(MOST_BYTES + 1);
    let cannot = "cannot read run ids from stdin";
    let length = source.read_to_string(&mut text).context(cannot)?;
    ensure!(
        u64::try_from(length).is_ok_and(|length| length <= MOST_BYTES),
        "{cannot}: they have more than {MOST_BYTES} bytes"
    );
    let lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    Ok(lines.map(str::to_owned).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_command_line_alone_says_whether_it_is_one_run() {
        let is_one =
            |ids: &[&str]| is_one(&ids.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(is_one(&["run-1"]));
        assert!(!is_one(&["-"]) && !is_one(&["run-1", "run-2"]));
    }

    #[test]
    fn run_ids_are_read_a_line_each_and_not_without_end() {
        let read = read_run_ids(&b"run-1\n\n  run-2 \r\n"[..]).unwrap();
        assert_eq!(read, ["run-1", "run-2"]);
        let error = read_run_ids(std::io::repeat(b'x')).unwrap_err();
        assert!(error.to_string().contains("67108864"), "{error}");
    }
}
