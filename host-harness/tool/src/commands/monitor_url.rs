//! `monitor-url`: where to follow a run on the platform's own pages.

use crate::cli::run::RunArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::run::MonitorUrlView;
use crate::output::Output;
use crate::render::text;
use crate::runs::call::flatten;
use crate::session::Session;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    run: &RunArgs,
) -> Result<Exit, Failure> {
    let url = flatten(
        session
            .without_platform()
            .await?
            .monitor_url(&run.run())
            .await,
    )?;
    output.answer(
        || text::line(&url) + "\n",
        &MonitorUrlView { monitor_url: &url },
    )?;
    Ok(Exit::Success)
}
