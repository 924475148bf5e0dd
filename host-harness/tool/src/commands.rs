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
    let global = &cli.global;
    if let Command::Serve(arguments) = &cli.command {
        return serve::execute(global, output, arguments).await;
    }
    let session = Session::open(global).await?;
    let done = execute_command(&cli.command, &session, output).await;
    done.or_else(|failure| {
        let failure = network::explain(global, failure);
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
        Command::Serve(_) => Err(anyhow!("serve has no session of its own").into()),
    }
}
