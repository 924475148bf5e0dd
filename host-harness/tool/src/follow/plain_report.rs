//! How a run goes, line by line: for logs, and terminals that can't move the cursor.

use std::time::Duration;

use jiff::Timestamp;
use polysync_host::contract::{Cancellation, Finding, Run, RunState, StartedRun, Step};
use uuid::Uuid;

use super::changes::Changes;
use super::report::Report;
use super::watch::Snapshot;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::output::{note, write_text};
use crate::render;
use crate::render::steps::Layout;
use crate::render::style::{self, DIM, paint};
use crate::render::text;

#[derive(Debug, Default)]
pub(crate) struct PlainReport {
    changes: Changes,
}

impl Report for PlainReport {
    fn warnings(&mut self, findings: &[Finding]) -> Result<(), Failure> {
        if !findings.is_empty() {
            note(&render::jobs::findings(findings));
        }
        Ok(())
    }

    fn starting(&mut self, guid: Uuid, external_id: &str) -> Result<(), Failure> {
        say(&render::status::starting(guid, external_id))
    }

    fn started(
        &mut self,
        _: Uuid,
        run: &Run,
        _: &StartedRun,
        monitor_url: Option<&str>,
    ) -> Result<(), Failure> {
        say(&format!("started {}", text::line(&run.run_id)))?;
        match monitor_url {
            Some(url) => say(&format!("monitor {}", text::line(url))),
            None => Ok(()),
        }
    }

    fn polled(&mut self, _: &Run, snapshot: &Snapshot) -> Result<(), Failure> {
        let status = &snapshot.status;
        if self.changes.run_changed(status) && !status.finished {
            let word = paint(
                style::of_state(status.state),
                crate::words::state(status.state),
            );
            say(&format!(
                "run is {word} ({})",
                text::line(&status.platform_status)
            ))?;
        }
        let layout = Layout::of(&snapshot.steps);
        let changed = self.changes.changed_steps(&snapshot.steps);
        for step in changed.into_iter().filter(|step| has_begun(step)) {
            say(&step_line(layout, step, snapshot.at))?;
        }
        Ok(())
    }

    fn trouble(
        &mut self,
        doing: &str,
        failure: &Failure,
        retry_in: Option<Duration>,
    ) -> Result<(), Failure> {
        note(&trouble_line(doing, failure, retry_in));
        Ok(())
    }

    fn interrupted(&mut self) -> Result<(), Failure> {
        say(INTERRUPTED)
    }

    fn cancelling(&mut self, _: Uuid, cancellation: &Cancellation) -> Result<(), Failure> {
        say(&format!(
            "cancelling: {}",
            text::line(&cancellation.message)
        ))
    }

    fn finished(
        &mut self,
        run: &Run,
        snapshot: &Snapshot,
        monitor_url: Option<&str>,
        _: Exit,
    ) -> Result<(), Failure> {
        write_text(&ending(run, snapshot, monitor_url))
    }

    fn left(&mut self, _: Uuid, _: &str, _: Option<&str>) -> Result<(), Failure> {
        Ok(())
    }
}

/// What an interrupt is answered with, before the platform is asked.
pub(crate) const INTERRUPTED: &str =
    "interrupted: cancelling the run; interrupt again to leave it to itself";

pub(crate) fn trouble_line(doing: &str, failure: &Failure, retry_in: Option<Duration>) -> String {
    let next = match retry_in {
        Some(wait) => format!("; trying again in {}", render::time::duration(wait)),
        None => String::new(),
    };
    format!(
        "{} {doing} failed: {}{next}",
        paint(style::WARNING, "warning:"),
        render::errors::in_one_line(failure)
    )
}

/// The whole ending, set off from the lines before.
pub(crate) fn ending(run: &Run, snapshot: &Snapshot, monitor_url: Option<&str>) -> String {
    format!(
        "\n{}",
        render::status::ending(
            run,
            &snapshot.status,
            &snapshot.steps,
            monitor_url,
            snapshot.at
        )
    )
}

/// A step and, if it says one, its reason.
pub(crate) fn step_line(layout: Layout, step: &Step, now: u64) -> String {
    let line = layout.line(step, now);
    match step.reason.as_deref().filter(|reason| !reason.is_empty()) {
        Some(reason) => format!("{line}  {}", text::line(reason)),
        None => line,
    }
}

fn has_begun(step: &Step) -> bool {
    step.started_at.is_some() || step.state != RunState::Unknown
}

fn say(line: &str) -> Result<(), Failure> {
    let time = Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ");
    write_text(&format!("{}  {line}\n", paint(DIM, time)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, plain};

    #[test]
    fn a_failed_step_is_told_with_its_reason_in_one_line() {
        let step = Step {
            reason: Some("first\nsecond".into()),
            ..samples::failed_step()
        };
        let line = plain(&step_line(
            Layout::of(std::slice::from_ref(&step)),
            &step,
            0,
        ));

        assert_eq!(
            line,
            "✗ Train (Train the model)  Training  Failed  4m 12s, 2 attempts  first second"
        );
    }

    #[test]
    fn trouble_is_told_with_when_it_goes_on() {
        let line = plain(&trouble_line(
            "polling",
            &samples::throttled().into(),
            Some(Duration::from_secs(10)),
        ));
        assert_eq!(
            line,
            "warning: polling failed: AccessDeniedException: Not authorized to start.; trying again in 10s"
        );
    }

    #[test]
    fn a_step_that_only_waits_has_not_begun() {
        assert!(!has_begun(&samples::waiting_step()));
        assert!(has_begun(&samples::failed_step()));
    }
}
