//! The events of `run` in words: its lines don't name the run, and they list its steps.

use polysync_host::contract::{RunState, RunStatus, Step};

use super::event::{Text, retry, warning};
use super::steps::Layout;
use super::style::{self, paint};
use super::{errors, jobs, status, text};
use crate::non_blank::non_blank;
use crate::runs::event::{Event, RunEvent};
use crate::runs::record::Record;

/// What to say about an event at the moment `now`, in milliseconds since 1970.
pub(crate) fn text(event: &Event, now: u64) -> Text {
    let Event::Run(record, event) = event else {
        return Text::none();
    };
    match event {
        RunEvent::Finding(finding) => Text::Note(jobs::findings(std::slice::from_ref(finding))),
        RunEvent::Accepted
        | RunEvent::RetryWanted
        | RunEvent::Adopted
        | RunEvent::Retried { .. }
        | RunEvent::Left => Text::none(),
        RunEvent::Following { monitor_url } => begun("following", record, monitor_url.as_deref()),
        RunEvent::Starting => Text::line(status::starting(record.guid, &record.job.external_id)),
        RunEvent::Started { monitor_url, .. } => begun("started", record, monitor_url.as_deref()),
        RunEvent::Status(status) => Text::line(state(status)),
        RunEvent::Steps { all, changed } => changed_steps(all, changed, now),
        RunEvent::Error {
            call,
            failure,
            retry_in,
            ..
        } => Text::Note(warning(format_args!(
            "{} failed: {}{}",
            call.doing(),
            errors::in_one_line(failure),
            retry(*retry_in)
        ))),
        RunEvent::CancelWanted => {
            Text::line("interrupted: cancelling the run; interrupt again to leave it to itself")
        }
        RunEvent::Cancelling(cancellation) => {
            Text::line(format!("cancelling: {}", text::line(&cancellation.message)))
        }
        RunEvent::Finished {
            status,
            steps,
            logs,
            monitor_url,
        } => Text::Block(match (status.as_deref(), record.run()) {
            (Some(status), Some(run)) => format!(
                "\n{}",
                status::ending(&run, status, steps, logs, monitor_url.as_deref(), now)
            ),
            _ => "\nThe run was cancelled before it was started\n".to_owned(),
        }),
    }
}

/// All steps, one line each, with their reasons.
pub(crate) fn step_lines(steps: &[Step], now: u64) -> String {
    let layout = Layout::for_steps(steps);
    steps
        .iter()
        .map(|step| step_line(layout, step, now) + "\n")
        .collect()
}

/// A step and, if it has one, its reason.
pub(crate) fn step_line(layout: Layout, step: &Step, now: u64) -> String {
    let line = layout.line(step, now);
    match non_blank(step.reason.as_deref()) {
        Some(reason) => format!("{line}  {}", text::line(reason)),
        None => line,
    }
}

/// `started RUN-ID`, and where to follow the run.
fn begun(how: &str, record: &Record, monitor_url: Option<&str>) -> Text {
    let run_id = record.run_id().unwrap_or_default();
    let run = format!("{how} {}", text::line(run_id));
    let monitor = monitor_url.map(|url| format!("monitor {}", text::line(url)));
    Text::Lines([run].into_iter().chain(monitor).collect())
}

/// `run is running (Executing)`
fn state(status: &RunStatus) -> String {
    let word = paint(style::for_state(status.state), status.state);
    format!("run is {word} ({})", text::line(&status.platform_status))
}

fn changed_steps(all: &[Step], changed: &[usize], now: u64) -> Text {
    let layout = Layout::for_steps(all);
    let steps = changed.iter().filter_map(|index| all.get(*index));
    let begun = steps.filter(|step| has_begun(step));
    Text::Lines(begun.map(|step| step_line(layout, step, now)).collect())
}

fn has_begun(step: &Step) -> bool {
    step.started_at.is_some() || step.state != RunState::Unknown
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;
    use std::time::Duration;

    use super::*;
    use crate::runs::call::Call;
    use crate::samples::{self, plain};

    fn run_event(event: RunEvent) -> Event {
        Event::Run(Box::new(samples::record()), event)
    }

    fn lines(event: &Event) -> Vec<String> {
        match text(event, 0) {
            Text::Lines(lines) => lines.iter().map(|line| plain(line)).collect(),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn a_failed_step_has_its_reason_in_one_line() {
        let step = Step {
            reason: Some("first\nsecond".into()),
            ..samples::failed_step()
        };
        assert_eq!(
            plain(&step_lines(&[step], 0)),
            "✗ Train (Train the model)  Training  Failed  4m 12s, 2 attempts  first second\n"
        );
    }

    #[test]
    fn an_error_says_when_the_call_is_made_again() {
        let event = run_event(RunEvent::Error {
            call: Call::Poll,
            plugin: Arc::new(samples::plugin()),
            failure: samples::throttled().into(),
            retry_in: Some(Duration::from_secs(10)),
        });
        let Text::Note(note) = text(&event, 0) else {
            panic!("not on stderr")
        };
        assert_eq!(
            plain(&note),
            "warning: polling failed: AccessDeniedException: Not authorized to start.; trying again in 10s"
        );
    }

    #[test]
    fn only_steps_that_have_changed_and_begun_are_listed() {
        let event = run_event(RunEvent::Steps {
            all: vec![
                samples::failed_step(),
                samples::waiting_step(),
                samples::failed_step(),
            ],
            changed: vec![0, 1],
        });
        let lines = lines(&event);
        assert_eq!(lines.len(), 1, "{lines:?}");
        assert!(lines[0].starts_with("✗ Train"), "{lines:?}");
    }

    #[test]
    fn a_started_run_is_named_with_the_place_to_follow_it() {
        let mut record = samples::record();
        record.start("run-1".into(), &samples::plugin());
        let started = RunEvent::Started {
            details: Vec::new(),
            monitor_url: Some("https://console.example.com".into()),
        };
        let event = Event::Run(Box::new(record), started);
        assert_eq!(
            lines(&event),
            ["started run-1", "monitor https://console.example.com"]
        );
    }
}
