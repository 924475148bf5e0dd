//! `inspect`: one job, as the platform knows it now.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::render;
use crate::runs::call::flatten;
use crate::session::Session;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    external_id: &str,
) -> Result<Exit, Failure> {
    let job = flatten(session.connect().await?.inspect(external_id).await)?;
    output.answer(|| render::jobs::job(&job), &job)?;
    Ok(Exit::Success)
}
