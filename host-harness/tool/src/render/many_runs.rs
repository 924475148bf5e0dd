//! The events of `serve` in words: each line names its run, and steps aren't listed.

use anstyle::Style;
use polysync_host::contract::RunState;
use polysync_host::{GrantRequests, PluginIdentity};

use super::event::{Text, retry, warning};
use super::style::{self, paint};
use super::{errors, log, summary, text};
use crate::report::reporter::Naming;
use crate::runs::ending::Ending;
use crate::runs::event::{Event, PUT_ASIDE, RunEvent, left_alone};
use crate::runs::record::Record;
use crate::runs::step_logs::StepLog;

/// What to say about an event.
pub(crate) fn text(event: &Event, naming: Naming) -> Text {
    let line = match event {
        Event::Run(record, event) => run(&name(record, naming), record, event),
        event => serving(event, naming),
    };
    let logs = match event {
        Event::Run(record, RunEvent::Finished { logs, .. }) => {
            log_lines(&name(record, naming), logs)
        }
        _ => Vec::new(),
    };
    Text::Lines(line.into_iter().chain(logs).collect())
}

/// The ends of logs; each line names the run and the step.
fn log_lines(name: &str, logs: &[StepLog]) -> Vec<String> {
    let lines_of = |log: &StepLog| {
        let step = text::line(&log.step);
        let lines = log::end(log).into_iter();
        lines
            .map(|line| format!("{name} {step}  {line}"))
            .collect::<Vec<_>>()
    };
    logs.iter().flat_map(lines_of).collect()
}

/// For an event of a run with this name.
fn run(name: &str, record: &Record, event: &RunEvent) -> Option<String> {
    Some(match event {
        RunEvent::Accepted => format!("{name} accepted from {}", text::line(&record.origin)),
        RunEvent::Started { .. } => {
            let run_id = record.run_id().unwrap_or_default();
            format!("{name} started as {}", text::line(run_id))
        }
        RunEvent::Status(status) => format!("{name} is {}", text::line(&status.platform_status)),
        RunEvent::CancelWanted => format!("{name} is to be cancelled"),
        RunEvent::RetryWanted => format!("{name} is to be retried"),
        RunEvent::Adopted => {
            let run_id = record.run_id().unwrap_or_default();
            format!("{name} is taken to be {}", text::line(run_id))
        }
        RunEvent::Retried { .. } => format!("{name} retried"),
        RunEvent::Cancelling(cancellation) => {
            format!("{name} cancelling: {}", text::line(&cancellation.message))
        }
        RunEvent::Finished { .. } => format!("{name} {}", ending(record)),
        RunEvent::Error {
            call,
            plugin,
            failure,
            retry_in,
        } => warning(format_args!(
            "{name} {} failed under {}: {}{}{}",
            call.doing(),
            identity(plugin),
            errors::in_one_line(failure),
            errors::hint_in_brackets(failure),
            retry(*retry_in)
        )),
        RunEvent::Finding(_)
        | RunEvent::Starting
        | RunEvent::Following { .. }
        | RunEvent::Steps { .. }
        | RunEvent::Left => return None,
    })
}

/// For an event that isn't about a run.
fn serving(event: &Event, naming: Naming) -> Option<String> {
    Some(match event {
        Event::Serving(numbers) => {
            let plugins = numbers.plugins.iter();
            let plugins: Vec<_> = plugins.map(|plugin| identity(&plugin.plugin)).collect();
            format!("serving {}; {}", plugins.join(", "), summary::runs(numbers))
        }
        Event::Stopping => {
            "stopping: calls that are under way end first; again to end at once".to_owned()
        }
        Event::Served {
            summary: numbers, ..
        } => format!("served; {}", summary::numbers(numbers)),
        Event::NotTaken(reason) => one_line_warning(format!("not taken: {reason}")),
        Event::PutAside(guid) => warning(format_args!("{guid}: {}", PUT_ASIDE)),
        Event::LeftAlone { job_type, runs } => {
            one_line_warning(format!("runs left alone: {runs}; {}", left_alone(job_type)))
        }
        Event::Pruned(runs) => {
            format!("removed {runs} runs from the ledger that were over for long")
        }
        Event::Swapped { from, to, missing } => format!(
            "swapped {}generation {} → {}: {} {} → {} {}{}",
            of_job_type(&from.id, naming),
            from.generation,
            to.generation,
            text::line(&from.version),
            from.digest.short(),
            text::line(&to.version),
            to.digest.short(),
            not_granted(missing)
        ),
        Event::SwapUnchanged(serving) => {
            format!("this plugin serves already: {}", identity(serving))
        }
        Event::SwapRefused { error, serving } => {
            one_line_warning(format!("not swapped: {error}; {serving} goes on serving"))
        }
        Event::RollbackRefused(error) => one_line_warning(format!("not rolled back: {error}")),
        Event::RollbackFailed { error, serving } => one_line_warning(format!(
            "not rolled back: {error}; {serving} goes on serving"
        )),
        Event::Drained(plugin) => {
            let id = of_job_type(&plugin.id, naming);
            format!(
                "{id}generation {} has ended its last call",
                plugin.generation
            )
        }
        Event::Run(..) => return None,
    })
}

/// What a plugin asks for in vain.
fn not_granted(missing: &GrantRequests) -> String {
    match missing.is_empty() {
        true => String::new(),
        false => format!("; it asks for more than is granted, and is denied {missing}"),
    }
}

/// Id and version are the plugin's own words.
fn identity(plugin: &PluginIdentity) -> String {
    text::line(&plugin.to_string())
}

fn one_line_warning(what: String) -> String {
    warning(text::line(&what))
}

/// `churn 0f8fad5b`: the job, and enough of the GUID to tell its runs apart. Of several job types, theirs is
/// in front.
fn name(record: &Record, naming: Naming) -> String {
    let guid = record.guid.to_string();
    let guid = guid.split('-').next().unwrap_or_default();
    let id = of_job_type(&record.job_type, naming);
    format!("{id}{} {guid}", text::line(&record.job.external_id))
}

/// The id of a job type and a space, or nothing where there is only one.
fn of_job_type(id: &str, naming: Naming) -> String {
    match naming {
        Naming::Run => String::new(),
        Naming::JobTypeAndRun => format!("{} ", text::line(id)),
    }
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
        Ending::Unknown | Ending::Uncertain => RunState::Unknown,
    })
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::runs::call::Call;
    use crate::runs::counts::Counts;
    use crate::runs::summary::PluginUse;
    use crate::samples::{self, plain};

    fn line(event: &Event) -> String {
        line_among(event, Naming::Run)
    }

    fn line_among(event: &Event, naming: Naming) -> String {
        match text(event, naming) {
            Text::Lines(lines) => plain(&lines.join("\n")),
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn each_line_names_its_run() {
        let record = Box::new(samples::record());
        assert_eq!(
            line(&Event::Run(record, RunEvent::Accepted)),
            "churn 00000000 accepted from churn.json"
        );
    }

    #[test]
    fn of_several_job_types_each_line_says_of_which() {
        let line = |event| line_among(&event, Naming::JobTypeAndRun);
        let record = Box::new(samples::record());
        assert_eq!(
            line(Event::Run(record, RunEvent::Accepted)),
            "example churn 00000000 accepted from churn.json"
        );
        let plugin = Arc::new(samples::plugin());
        let swapped = Event::Swapped {
            from: Arc::clone(&plugin),
            to: Arc::clone(&plugin),
            missing: GrantRequests::default(),
        };
        let swapped = line(swapped);
        assert!(
            swapped.starts_with("swapped example generation 2 → 2: "),
            "{swapped}"
        );
        assert_eq!(
            line(Event::Drained(plugin)),
            "example generation 2 has ended its last call"
        );
    }

    #[test]
    fn runs_without_a_plugin_are_a_warning_that_says_what_to_give() {
        let event = Event::LeftAlone {
            job_type: "example".into(),
            runs: 2,
        };
        assert_eq!(
            line(&event),
            "warning: runs left alone: 2; no plugin serves the job type `example`: its runs stay in \
             the ledger and aren't followed until serve is started with its --component too"
        );
    }

    #[test]
    fn an_escape_sequence_in_a_file_name_or_a_version_does_nothing() {
        let mut record = Box::new(samples::record());
        record.origin = "a\x1b[2J.json".into();
        record.job_type = "a\x1b[2J".into();
        let plugin = Arc::new(PluginIdentity {
            version: "1\x1b[2J".into(),
            ..samples::plugin()
        });
        let (from, to) = (Arc::clone(&plugin), Arc::clone(&plugin));
        let error = RunEvent::Error {
            call: Call::Poll,
            plugin: Arc::clone(&plugin),
            failure: samples::throttled().into(),
            retry_in: None,
        };
        let used = PluginUse::new(&[], Arc::clone(&plugin));
        let numbers = Counts::default().summary(vec![used.clone(), used]);
        for event in [
            Event::Run(record.clone(), RunEvent::Accepted),
            Event::Run(record, error),
            Event::Swapped {
                from,
                to,
                missing: GrantRequests::default(),
            },
            Event::SwapUnchanged(plugin),
            Event::Serving(numbers.clone()),
            Event::Served {
                summary: numbers,
                exit_code: 0,
            },
        ] {
            let Text::Lines(lines) = text(&event, Naming::JobTypeAndRun) else {
                panic!("{event:?}")
            };
            assert!(!lines.concat().contains("\x1b[2J"), "{lines:?}");
        }
    }

    #[test]
    fn a_run_that_has_finished_says_why_in_one_line() {
        let mut record = Box::new(samples::record());
        record.finish(Ending::Refused, Some("no\nsuch pipeline".into()));
        let finished = RunEvent::Finished {
            status: None,
            steps: Vec::new(),
            logs: Vec::new(),
            monitor_url: None,
        };
        let event = Event::Run(record, finished);
        assert_eq!(line(&event), "churn 00000000 refused: no such pipeline");
    }

    #[test]
    fn a_reason_with_several_lines_is_one_warning() {
        let event = Event::NotTaken("first\nsecond".into());
        assert_eq!(line(&event), "warning: not taken: first second");
    }
}
