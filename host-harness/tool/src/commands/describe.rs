//! `describe`: what the plugin is and, where a region is known, what it needs there.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::description::DescriptionView;
use crate::needs::Needs;
use crate::output::Output;
use crate::render;
use crate::session::Session;

pub(crate) async fn execute(session: &Session<'_>, output: Output) -> Result<Exit, Failure> {
    let plugin = session.slot().plugin();
    let needs = session.requests().await?;
    let needs = needs
        .as_ref()
        .map(|(asked, grants)| Needs::new(asked, grants));
    let needs = needs.as_ref();
    let description = plugin.description();
    let (contract, sha256) = (plugin.contract(), plugin.digest());
    output.answer(
        || render::description::description(description, contract, sha256, needs),
        &DescriptionView::new(description, contract, sha256, needs),
    )?;
    Ok(Exit::Success)
}
