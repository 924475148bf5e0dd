//! `describe`: what the plugin is.

use polysync_host::GrantRequests;

use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::description::DescriptionView;
use crate::output::Output;
use crate::render;
use crate::session::Session;

pub(crate) fn execute(session: &Session<'_>, output: Output) -> Result<Exit, Failure> {
    let description = session.description();
    let requests = &GrantRequests::default();
    output.answer(
        || render::description::description(description, requests),
        &DescriptionView::new(description, requests),
    )?;
    Ok(Exit::Success)
}
