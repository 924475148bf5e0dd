//! `cancel`: asks the platform to stop a run.

use uuid::Uuid;

use crate::cli::run::RunArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::run::CancellationView;
use crate::output::Output;
use crate::render::text;
use crate::runs::call::flatten;
use crate::session::Session;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    run: &RunArgs,
    guid: Option<Uuid>,
) -> Result<Exit, Failure> {
    let guid = guid.unwrap_or_else(Uuid::new_v4);
    let cancellation = flatten(
        session
            .connect()
            .await?
            .cancel(&run.run(), &guid.to_string())
            .await,
    )?;
    let text = || {
        format!(
            "{}: {}\n",
            cancellation.outcome,
            text::hanging(&cancellation.message, 2)
        )
    };
    output.answer(text, &CancellationView::new(guid, &cancellation))?;
    Ok(Exit::Success)
}
