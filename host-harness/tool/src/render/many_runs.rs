//! The events of `serve` in words: each line names its run, and steps aren't listed.

use anstyle::Style;
use polysync_host::contract::RunState;

use super::event::{Text, retry, warning};
use super::style::{self, paint};
use super::{errors, summary, text};
use crate::runs::call::CallFailure;
use crate::runs::ending::Ending;
use crate::runs::event::Event;
use crate::runs::record::Record;

/// What to say about an event.
pub(crate) fn text(event: &Event) -> Text {
    match run(event).or_else(|| serving(event)) {
        Some(line) => Text::line(line),
        None => Text::none(),
    }
}

/// For an event of a run.
fn run(event: &Event) -> Option<String> {
    let said = match event {
        Event::Accepted { record } => format!("accepted from {}", record.origin),
        Event::Started { record, .. } => {
            format!(
                "started as {}",
                text::line(record.run_id().unwrap_or_default())
            )
        }
        Event::Status { record, .. } => format!("is {}", text::line(&record.platform_status)),
        Event::CancelWanted { .. } => "is to be cancelled".to_owned(),
        Event::Cancelling { message, .. } => format!("cancelling: {}", text::line(message)),
        Event::Finished { record, .. } => ending(record),
        Event::Error {
            record,
            call,
            plugin,
            failure,
            retry_in,
        } => {
            return Some(warning(format_args!(
                "{} {} failed under {plugin}: {}{}{}",
                name(record),
                call.doing(),
                errors::in_one_line(failure),
                hint(failure),
                retry(*retry_in)
            )));
        }
        // `accepted` has said it.
        Event::Starting { .. } => return None,
        _ => return None,
    };
    Some(format!("{} {said}", name(event.record()?)))
}

/// For an event that isn't about a run.
fn serving(event: &Event) -> Option<String> {
    Some(match event {
        Event::Serving(numbers) => {
            format!("serving {}; {}", numbers.plugin, summary::runs(numbers))
        }
        Event::Stopping => {
            "stopping: calls that are under way end first; again to end at once".to_owned()
        }
        Event::Served {
            summary: numbers, ..
        } => format!("served; {}", summary::numbers(numbers)),
        Event::NotTaken(reason) => one_line_warning(format!("not taken: {reason}")),
        Event::Swapped { from, to } => format!(
            "swapped generation {} → {}: {} {} → {} {}",
            from.generation,
            to.generation,
            from.version,
            from.digest.short(),
            to.version,
            to.digest.short()
        ),
        Event::SwapUnchanged(serving) => format!("this plugin serves already: {serving}"),
        Event::SwapRefused { error, serving } => {
            one_line_warning(format!("not swapped: {error}; {serving} goes on serving"))
        }
        Event::RollbackRefused(error) => one_line_warning(format!("not rolled back: {error}")),
        Event::Drained(plugin) => {
            format!("generation {} has ended its last call", plugin.generation)
        }
        _ => return None,
    })
}

fn one_line_warning(what: String) -> String {
    warning(text::line(&what))
}

fn hint(failure: &CallFailure) -> String {
    match failure.platform() {
        Some(error) if !error.hint.is_empty() => format!(" ({})", text::line(&error.hint)),
        _ => String::new(),
    }
}

/// `churn 0f8fad5b`: the job, and enough of the GUID to tell its runs apart.
fn name(record: &Record) -> String {
    let guid = record.guid.to_string();
    let guid = guid.split('-').next().unwrap_or_default();
    format!("{} {guid}", text::line(&record.job.external_id))
}

/// `failed: reason`
fn ending(record: &Record) -> String {
    let ending = record.ending().unwrap_or(Ending::Unknown);
    let word = paint(style_for(ending), ending.word());
    match record.reason() {
        Some(reason) => format!("{word}: {}", text::line(reason)),
        None => word,
    }
}

fn style_for(ending: Ending) -> Style {
    style::for_state(match ending {
        Ending::Success => RunState::Success,
        Ending::Failed | Ending::Refused => RunState::Failed,
        Ending::Cancelled | Ending::Withdrawn => RunState::Cancelled,
        Ending::Unknown => RunState::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, plain};

    fn line(event: &Event) -> String {
        match text(event) {
            Text::Lines(lines) => plain(&lines.join("\n")),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_line_names_its_run() {
        let record = Box::new(samples::record());
        assert_eq!(
            line(&Event::Accepted { record }),
            "churn 00000000 accepted from churn.json"
        );
    }

    #[test]
    fn a_run_that_has_finished_says_why_in_one_line() {
        let mut record = Box::new(samples::record());
        record.finish(Ending::Refused, Some("no\nsuch pipeline".into()));
        let event = Event::Finished {
            record,
            status: None,
            steps: Vec::new(),
            monitor_url: None,
        };
        assert_eq!(line(&event), "churn 00000000 refused: no such pipeline");
    }

    #[test]
    fn a_reason_with_several_lines_is_one_warning() {
        let event = Event::NotTaken("first\nsecond".into());
        assert_eq!(line(&event), "warning: not taken: first second");
    }
}
