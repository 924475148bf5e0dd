//! `steps`: what a run consists of.

use crate::cli::run::RunArgs;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::run::StepsView;
use crate::output::Output;
use crate::render;
use crate::render::time::now;
use crate::runs::steps;
use crate::session::Session;

pub(crate) async fn execute(
    session: &Session<'_>,
    output: Output,
    run: &RunArgs,
) -> Result<Exit, Failure> {
    let run = run.run();
    let steps = steps::list(&session.connect().await?, &run).await?;
    let text = || match steps.as_slice() {
        [] => "The run has no steps yet.\n".to_owned(),
        steps => render::steps::list(steps, now()),
    };
    output.answer(text, &StepsView::new(&run, &steps))?;
    Ok(Exit::Success)
}
