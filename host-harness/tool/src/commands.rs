//! The commands, a file each.

mod cancel;
mod check;
mod describe;
mod discover;
mod follow;
mod following;
mod inspect;
mod launch;
mod logs;
mod monitor_url;
mod retry;
mod run;
mod serve;
mod start;
mod status;
mod steps;
mod test_connection;
mod validate;

use anyhow::anyhow;

use crate::cli::{Cli, Command};
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::session::{Session, network};

/// Does what the command line says.
pub(crate) async fn execute(cli: &Cli, output: Output) -> Result<Exit, Failure> {
    // One call at a time, except when one is dropped while the next one begins.
    let (calls, mut prepared) = match &cli.command {
        Command::Serve(arguments) => (
            arguments.concurrent_calls,
            Some(serve::prepare(&cli.global, arguments)?),
        ),
        _ => (2, None),
    };
    let instead = prepared.as_mut().and_then(|ledger| ledger.instead.take());
    let is_kept = instead.is_some();
    let session = Session::open(&cli.global, calls, instead).await;
    let session = &session.map_err(|failure| match failure {
        Failure::Tool(error) if is_kept => Failure::Tool(error.context(
            "cannot serve the plugin that the ledger keeps instead of the plugin's file; replace the \
             file, or give --serve-rolled-back",
        )),
        failure => failure,
    })?;
    let done = match (&cli.command, prepared) {
        (Command::Serve(arguments), Some(prepared)) => {
            serve::execute(session, output, arguments, prepared).await
        }
        (command, _) => execute_command(command, session, output).await,
    };
    done.or_else(|failure| {
        let failure = network::explain(&cli.global, failure);
        output.failure(&failure, Some(&session.slot().identity()));
        Ok(failure.exit())
    })
}

/// Every command but `serve`.
async fn execute_command(
    command: &Command,
    session: &Session<'_>,
    output: Output,
) -> Result<Exit, Failure> {
    match command {
        Command::Describe => describe::execute(session, output).await,
        Command::Validate { job, declared } => {
            validate::execute(session, output, job, declared).await
        }
        Command::TestConnection => test_connection::execute(session, output).await,
        Command::Discover(arguments) => discover::execute(session, output, arguments).await,
        Command::Inspect { external_id } => inspect::execute(session, output, external_id).await,
        Command::Start(arguments) => start::execute(session, output, arguments).await,
        Command::Status(runs) => status::execute(session, output, runs).await,
        Command::Cancel { run, guid } => cancel::execute(session, output, run, *guid).await,
        Command::Retry { run_id, job, guid } => {
            retry::execute(session, output, run_id, job, *guid).await
        }
        Command::Steps(run) => steps::execute(session, output, run).await,
        Command::MonitorUrl(run) => monitor_url::execute(session, output, run).await,
        Command::Logs(arguments) => logs::execute(session, output, arguments).await,
        Command::Run(arguments) => run::execute(session, output, arguments).await,
        Command::Follow(arguments) => follow::execute(session, output, arguments).await,
        Command::Serve(_) => Err(anyhow!("the ledger is not open").into()),
    }
}
