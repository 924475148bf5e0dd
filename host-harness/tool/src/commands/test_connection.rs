//! `test-connection`: whether endpoint, credentials and permission are good.

use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::Output;
use crate::render::fields::Fields;
use crate::render::style::{GOOD, paint};
use crate::render::text;
use crate::runs::call::flatten;
use crate::session::Session;

pub(crate) async fn execute(session: &Session<'_>, output: Output) -> Result<Exit, Failure> {
    let report = flatten(session.connect().await?.test_connection().await)?;
    let text = || {
        let details = Fields::default().attributes(&report.details).render(2);
        format!(
            "{} {}\n{details}",
            paint(GOOD, "✓"),
            text::hanging(&report.message, 2)
        )
    };
    output.answer(text, &report)?;
    Ok(Exit::Success)
}
