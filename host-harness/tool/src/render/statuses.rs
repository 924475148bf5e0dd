//! The states of several runs, a line each.

use polysync_host::contract::{Run, RunStatus};

use super::style::{self, paint};
use super::{errors, status, text};
use crate::non_blank::non_blank;
use crate::runs::call::CallFailure;

/// A run, and what is known of it.
pub(crate) type Known<'a> = (&'a Run, &'a Result<RunStatus, CallFailure>);

/// A line for each run, with why it failed or why its status isn't known below, at the moment `now`, in
/// milliseconds since 1970.
pub(crate) fn list(runs: &[Known<'_>], now: u64) -> String {
    let states: Vec<_> = runs.iter().map(|(_, status)| state(status, now)).collect();
    let widths = states
        .iter()
        .map(|state| console::measure_text_width(state));
    let width = widths.max().unwrap_or_default();
    runs.iter()
        .zip(&states)
        .map(|((run, status), state)| {
            let state = console::pad_str(state, width, console::Alignment::Left, None);
            format!("{state}  {}\n{}", text::line(&run.run_id), why(status))
        })
        .collect()
}

/// `✗ failed (Failed), over after 5m`
fn state(status: &Result<RunStatus, CallFailure>, now: u64) -> String {
    match status {
        Ok(status) => {
            let state = status::state(status);
            match status::elapsed(status, now) {
                Some(elapsed) => format!("{state} after {elapsed}"),
                None => state,
            }
        }
        Err(_) => paint(style::ERROR, "? not known"),
    }
}

/// Why a run failed, or why its status isn't known.
fn why(status: &Result<RunStatus, CallFailure>) -> String {
    match status {
        Ok(status) if status.finished => {
            let steps = status.failed_steps.iter();
            let steps = steps.map(|step| {
                let reason = non_blank(step.reason.as_deref()).unwrap_or(&step.platform_status);
                format!("{}: {reason}", step.name)
            });
            let message = status.message.clone().into_iter();
            let lines = message.chain(steps);
            lines
                .map(|line| format!("    {}\n", text::line(&line)))
                .collect()
        }
        Ok(_) => String::new(),
        Err(failure) => {
            let hint = errors::hint_in_brackets(failure);
            format!("    {}{hint}\n", errors::in_one_line(failure))
        }
    }
}

#[cfg(test)]
mod tests {
    use polysync_host::contract::RunState;

    use super::*;
    use crate::samples::{self, plain};

    #[test]
    fn each_run_is_a_line_and_what_went_wrong_is_below_it() {
        let run = samples::run();
        let running = RunStatus {
            state: RunState::Running,
            platform_status: "Executing".into(),
            finished: false,
            ended_at: None,
            ..samples::failed_status()
        };
        let statuses = [
            Ok(running),
            Ok(samples::failed_status()),
            Err(samples::error().into()),
        ];
        let known: Vec<_> = statuses.iter().map(|status| (&run, status)).collect();
        assert_eq!(
            plain(&list(&known, 10_000)),
            "● running (Executing), not over after 10s  run-1\n\
             ✗ failed (Failed), over after 5m           run-1\n\
             \u{20}   Step failure.\n\
             \u{20}   Train: AlgorithmError: exit code 1\n\
             ? not known                                run-1\n\
             \u{20}   AccessDeniedException: Not authorized to start. (Grant it.)\n"
        );
    }
}
