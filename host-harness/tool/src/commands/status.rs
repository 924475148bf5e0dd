//! `status`: the state of a run.

use crate::cli::run::RunArgs;
use crate::commands::launch;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::run::StatusDocument;
use crate::output::Output;
use crate::render;
use crate::render::time::now;
use crate::runs::call::flatten;
use crate::session::Session;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    run: &RunArgs,
) -> Result<Exit, Failure> {
    let run = run.run();
    let job_type = session.connect().await?;
    let status = flatten(job_type.status(&run).await)?;
    let monitor_url = match output {
        Output::Text => launch::monitor_url(session, &job_type, &run).await,
        Output::Json | Output::JsonLines => None,
    };
    let plugin = job_type.identity();
    let text = || render::status::status(&run, &status, &plugin, monitor_url.as_deref(), now());
    let document = StatusDocument::new(&run, &status, &plugin);
    output.answer(text, &document)?;
    Ok(Exit::Success)
}
