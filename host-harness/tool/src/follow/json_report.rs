//! How a run goes, for programs: an event a line.

use std::time::Duration;

use polysync_host::contract::{Cancellation, Finding, Run, StartedRun};
use uuid::Uuid;

use super::changes::Changes;
use super::report::Report;
use super::watch::Snapshot;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::json::Named;
use crate::json::events::What;
use crate::json::run::{CancellationView, StartedView, StatusView};
use crate::output::write_event;

#[derive(Debug, Default)]
pub(crate) struct JsonReport {
    changes: Changes,
}

impl Report for JsonReport {
    fn warnings(&mut self, findings: &[Finding]) -> Result<(), Failure> {
        findings
            .iter()
            .try_for_each(|finding| write_event(What::Finding(finding.into())))
    }

    fn starting(&mut self, guid: Uuid, external_id: &str) -> Result<(), Failure> {
        write_event(What::Starting {
            guid: guid.to_string(),
            external_id,
        })
    }

    fn started(
        &mut self,
        guid: Uuid,
        run: &Run,
        started: &StartedRun,
        monitor_url: Option<&str>,
    ) -> Result<(), Failure> {
        write_event(What::Started(StartedView {
            guid: guid.to_string(),
            external_id: &run.external_id,
            run_id: &run.run_id,
            monitor_url,
            details: Named(&started.details),
        }))
    }

    fn polled(&mut self, run: &Run, snapshot: &Snapshot) -> Result<(), Failure> {
        if self.changes.run_changed(&snapshot.status) && !snapshot.status.finished {
            write_event(What::Status(StatusView::new(run, &snapshot.status)))?;
        }
        for step in self.changes.changed_steps(&snapshot.steps) {
            write_event(What::Step(step.into()))?;
        }
        Ok(())
    }

    fn trouble(
        &mut self,
        doing: &str,
        failure: &Failure,
        retry_in: Option<Duration>,
    ) -> Result<(), Failure> {
        write_event(What::Trouble {
            doing,
            retry_in_seconds: retry_in.map(|wait| wait.as_secs_f64()),
            error: failure.into(),
        })
    }

    fn interrupted(&mut self) -> Result<(), Failure> {
        Ok(())
    }

    fn cancelling(&mut self, guid: Uuid, cancellation: &Cancellation) -> Result<(), Failure> {
        write_event(What::Cancelling(CancellationView::new(guid, cancellation)))
    }

    fn finished(
        &mut self,
        run: &Run,
        snapshot: &Snapshot,
        _: Option<&str>,
        exit: Exit,
    ) -> Result<(), Failure> {
        write_event(What::Finished {
            exit_code: exit.code(),
            status: StatusView::new(run, &snapshot.status),
        })
    }

    fn left(&mut self, guid: Uuid, external_id: &str, run_id: Option<&str>) -> Result<(), Failure> {
        write_event(What::Left {
            exit_code: Exit::Error.code(),
            guid: guid.to_string(),
            external_id,
            run_id,
        })
    }
}
