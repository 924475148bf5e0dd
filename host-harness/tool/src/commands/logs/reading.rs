//! Reading a log to its present end, and saying that one can't be read.

use super::writer::Lines;
use crate::failure::Failure;
use crate::render::event::warning;
use crate::render::{errors, text};
use crate::runs::call::CallFailure;
use crate::runs::log::{Log, LoggedRun};

/// Writes what the log has by now and wasn't read so far.
pub(super) async fn to_end(
    log: &mut Log<'_, impl LoggedRun>,
    writer: &mut impl Lines,
) -> Result<(), Failure> {
    loop {
        let page = log.next().await?;
        writer.write(log.step(), &page.lines)?;
        if !page.more {
            return Ok(());
        }
    }
}

/// A warning about one of several logs.
pub(super) fn unreadable(step: &str, failure: &CallFailure) -> String {
    let (step, reason) = (text::line(step), errors::in_one_line(failure));
    warning(format_args!("the log of {step} can't be read: {reason}"))
}
