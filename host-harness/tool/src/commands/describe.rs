//! `describe`: what the plugin is and, where a region is known, what it needs there.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::description::DescriptionView;
use crate::output::Output;
use crate::render;
use crate::session::Session;

pub(crate) async fn execute(session: &Session<'_>, output: Output) -> Result<Exit, Failure> {
    let plugin = session.slot().plugin();
    let requests = session.requests().await?;
    let requests = requests.as_ref();
    output.answer(
        || render::description::description(plugin.description(), plugin.digest(), requests),
        &DescriptionView::new(plugin.description(), plugin.digest(), requests),
    )?;
    Ok(Exit::Success)
}
