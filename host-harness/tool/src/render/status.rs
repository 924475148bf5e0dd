//! The state of a run, and its ending.

use polysync_host::PluginIdentity;
use polysync_host::contract::{Run, RunState, RunStatus, Step};
use uuid::Uuid;

use super::fields::Fields;
use super::style::{self, BOLD, paint};
use super::{steps, text, time};
use crate::non_blank::non_blank;
use crate::runs::step_logs::{self, StepLog};

/// What to say before the platform is asked for a run.
pub(crate) fn starting(guid: Uuid, external_id: &str) -> String {
    format!("starting {} with --guid {guid}", text::line(external_id))
}

/// Everything about a run at the moment `now`, in milliseconds since 1970.
pub(crate) fn status(
    run: &Run,
    status: &RunStatus,
    plugin: &PluginIdentity,
    monitor_url: Option<&str>,
    now: u64,
) -> String {
    let fields = Fields::default()
        .text("run", &run.run_id)
        .maybe("job", run.external_id.as_deref())
        .add("state", state(status))
        .maybe("message", status.message.as_deref())
        .maybe("started", status.started_at.map(time::utc).as_deref())
        .maybe(
            "updated",
            status
                .updated_at
                .filter(|_| !status.finished)
                .map(time::utc)
                .as_deref(),
        )
        .maybe("ended", status.ended_at.map(time::utc).as_deref())
        .maybe("duration", elapsed(status, now).as_deref())
        .attributes(&status.details)
        .maybe("monitor", monitor_url)
        .text("plugin", &plugin.to_string());
    format!(
        "{}{}{}",
        fields.render(0),
        outputs(status),
        steps::failed(&status.failed_steps, &[], now)
    )
}

/// How a run ended, for somebody who followed it: the outcome, and for a failure the steps that
/// failed. These are the status's, or else the failed ones of `last_steps`.
pub(crate) fn ending(
    run: &Run,
    status: &RunStatus,
    last_steps: &[Step],
    logs: &[StepLog],
    monitor_url: Option<&str>,
    now: u64,
) -> String {
    let outcome = match status.state {
        RunState::Success => "The run succeeded",
        RunState::Failed => "The run failed",
        RunState::Cancelled => "The run was cancelled",
        RunState::Running | RunState::Unknown => "The run ended in an unknown state",
    };
    let mut headline = paint(style::for_state(status.state).bold(), outcome);
    if let Some(elapsed) = elapsed(status, now) {
        headline.push_str(&format!(" after {elapsed}"));
    }
    if !status.platform_status.is_empty() {
        headline.push_str(&format!(" ({})", text::line(&status.platform_status)));
    }
    if let Some(message) = non_blank(status.message.as_deref()) {
        headline.push_str(&format!(": {}", text::hanging(message, 2)));
    }
    let failed = step_logs::to_blame(status, last_steps);
    let failed: Vec<_> = failed.into_iter().cloned().collect();
    let follow = Fields::default()
        .text("run", &run.run_id)
        .maybe("monitor", monitor_url)
        .render(0);
    format!(
        "{headline}\n{}{}\n{follow}",
        outputs(status),
        steps::failed(&failed, logs, now)
    )
}

/// `✗ failed (Failed), over`
pub(super) fn state(status: &RunStatus) -> String {
    let word = paint(style::for_state(status.state), status.state);
    let platform = match text::line(&status.platform_status) {
        status if status.is_empty() => String::new(),
        status => format!(" ({status})"),
    };
    let finished = if status.finished {
        ", over"
    } else {
        ", not over"
    };
    format!("{} {word}{platform}{finished}", style::glyph(status.state))
}

fn outputs(status: &RunStatus) -> String {
    match status.outputs.as_slice() {
        [] => String::new(),
        outputs => format!(
            "\n{}\n{}",
            paint(BOLD, "Outputs"),
            Fields::default().attributes(outputs).render(2)
        ),
    }
}

/// How long the run took, or has taken so far.
pub(super) fn elapsed(status: &RunStatus, now: u64) -> Option<String> {
    let end = status.ended_at.or((!status.finished).then_some(now))?;
    time::between(status.started_at?, end)
}

#[cfg(test)]
mod tests {
    use polysync_host::contract::{Attribute, LogLine};

    use super::*;
    use crate::samples::{self, plain};

    #[test]
    fn a_failed_run_is_shown_with_the_steps_that_failed() {
        let text = plain(&status(
            &samples::run(),
            &samples::failed_status(),
            &samples::plugin(),
            Some("https://console.example.com"),
            0,
        ));

        for part in [
            "run       run-1\n",
            "state     ✗ failed (Failed), over\n",
            "message   Step failure.\n",
            "duration  5m\n",
            "monitor   https://console.example.com\n",
            "plugin    example 1.2.3 (contract 0.2.0, generation 2, sha256 e3b0c44298fc)\n",
            "\nFailed steps\n✗ Train",
            "reason    AlgorithmError: exit code 1",
        ] {
            assert!(text.contains(part), "{part}:\n{text}");
        }
    }

    #[test]
    fn a_running_run_is_timed_until_now_and_not_over() {
        let running = RunStatus {
            state: RunState::Running,
            platform_status: "Executing".into(),
            finished: false,
            started_at: Some(1_000),
            ended_at: None,
            failed_steps: Vec::new(),
            ..samples::failed_status()
        };
        let text = plain(&status(
            &samples::run(),
            &running,
            &samples::plugin(),
            None,
            11_000,
        ));

        assert!(
            text.contains("● running (Executing), not over") && text.contains("duration  10s"),
            "{text}"
        );
    }

    #[test]
    fn the_ending_begins_with_the_outcome() {
        let text = plain(&ending(
            &samples::run(),
            &samples::failed_status(),
            &[],
            &[],
            None,
            0,
        ));
        assert!(
            text.starts_with("The run failed after 5m (Failed): Step failure.\n"),
            "{text}"
        );
    }

    #[test]
    fn without_failed_steps_in_the_status_the_ending_has_those_of_the_last_list() {
        let status = RunStatus {
            failed_steps: Vec::new(),
            ..samples::failed_status()
        };
        let text = plain(&ending(
            &samples::run(),
            &status,
            &[samples::failed_step(), samples::waiting_step()],
            &[],
            None,
            0,
        ));

        assert!(
            text.contains("✗ Train") && !text.contains("Check"),
            "{text}"
        );
    }

    #[test]
    fn the_end_of_its_log_is_below_the_reason_of_a_failed_step() {
        let line = |message: &str| LogLine {
            time: None,
            source: String::new(),
            message: message.into(),
        };
        let log = StepLog {
            step: "Train".into(),
            lines: Ok(vec![line("Traceback"), line("MemoryError")]),
        };
        let text = plain(&ending(
            &samples::run(),
            &samples::failed_status(),
            &[],
            &[log],
            None,
            0,
        ));
        assert!(
            text.contains("exit code 1\n    log       Traceback\n              MemoryError\n"),
            "{text}"
        );
    }

    #[test]
    fn outputs_are_listed() {
        let outputs = vec![Attribute {
            name: "Accuracy".into(),
            value: "0.93".into(),
        }];
        let status = RunStatus {
            outputs,
            ..samples::failed_status()
        };
        assert!(
            plain(&ending(&samples::run(), &status, &[], &[], None, 0))
                .contains("Outputs\n  Accuracy  0.93\n")
        );
    }
}
