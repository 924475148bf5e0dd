//! `logs`: what the steps of a run wrote.

mod follow;
mod reading;
mod writer;

use anyhow::anyhow;
use polysync_host::contract::Run;
use polysync_host::{JobType, SystemClock};

use self::follow::Follower;
use self::writer::{Lines, Writer};
use crate::cli::run::LogsArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::feature::Feature;
use crate::output::{Output, note};
use crate::render::event::warning;
use crate::runs::log::{self, Log, RunOfPlugin};
use crate::runs::steps;
use crate::session::Session;

/// The most logs that are printed in one go.
const MOST_LOGS: usize = 20;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    arguments: &LogsArgs,
) -> Result<Exit, Failure> {
    let description = session.description();
    if !Feature::Logs.is_offered_by(description) {
        return Err(anyhow!(Feature::Logs.not_offered_by(description)).into());
    }
    let run = arguments.run.run();
    let job_type = session.connect().await?;
    let of_plugin = RunOfPlugin {
        job_type: &job_type,
        run: &run,
    };
    let mut writer = Writer::new(output);
    if arguments.follow {
        let mut follower = Follower {
            run: &of_plugin,
            tail: arguments.tail,
            interval: arguments.polling.interval(),
            clock: &SystemClock,
            writer,
        };
        match &arguments.step {
            Some(step) => follower.follow_step(step).await?,
            None => follower.follow_run().await?,
        }
        return Ok(Exit::Success);
    }
    let steps = match &arguments.step {
        Some(step) => vec![step.clone()],
        None => wanted(&job_type, &run).await?,
    };
    let mut failed = None;
    for step in &steps {
        writer.begin(step, steps.len() > 1)?;
        let mut log = Log::new(&of_plugin, step, arguments.tail);
        match reading::to_end(&mut log, &mut writer).await {
            // The other logs are printed all the same.
            Err(Failure::Call(failure)) if steps.len() > 1 => {
                note(&reading::unreadable(step, &failure));
                failed.get_or_insert(failure);
            }
            printed => printed?,
        }
    }
    match failed {
        Some(failure) => Err(failure.into()),
        None => Ok(Exit::Success),
    }
}

/// The names of the steps whose logs are wanted.
async fn wanted(job_type: &JobType, run: &Run) -> Result<Vec<String>, Failure> {
    let steps = steps::list(job_type, run).await?;
    let wanted = log::wanted(&steps);
    if wanted.is_empty() {
        return Err(anyhow!("no step of this run has a log so far; `steps` lists them").into());
    }
    if let Some(more @ 1..) = wanted.len().checked_sub(MOST_LOGS) {
        note(&warning(format_args!(
            "{more} more steps have failed or run; name each with --step"
        )));
    }
    let wanted = wanted.iter().take(MOST_LOGS);
    Ok(wanted.map(|step| step.name.clone()).collect())
}
