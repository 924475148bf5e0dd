//! Telling how a run goes, whatever the form.

use std::time::Duration;

use polysync_host::contract::{Cancellation, Finding, Run, StartedRun};
use uuid::Uuid;

use super::watch::Snapshot;
use crate::exit::Exit;
use crate::failure::Failure;

/// Told of everything that happens on the way, in this order. Fails only if it can't write.
pub(crate) trait Report {
    /// The job has these faults, none of which keeps it from being started.
    fn warnings(&mut self, findings: &[Finding]) -> Result<(), Failure>;

    /// The platform is about to be asked for a run.
    fn starting(&mut self, guid: Uuid, external_id: &str) -> Result<(), Failure>;

    /// There is a run.
    fn started(
        &mut self,
        guid: Uuid,
        run: &Run,
        started: &StartedRun,
        monitor_url: Option<&str>,
    ) -> Result<(), Failure>;

    /// The run is like this now.
    fn polled(&mut self, run: &Run, snapshot: &Snapshot) -> Result<(), Failure>;

    /// Something failed that need not be the end; it is tried again after that time, if any.
    fn trouble(
        &mut self,
        doing: &str,
        failure: &Failure,
        retry_in: Option<Duration>,
    ) -> Result<(), Failure>;

    /// The user wants the run cancelled.
    fn interrupted(&mut self) -> Result<(), Failure>;

    /// The platform was asked to stop the run.
    fn cancelling(&mut self, guid: Uuid, cancellation: &Cancellation) -> Result<(), Failure>;

    /// The run is over.
    fn finished(
        &mut self,
        run: &Run,
        snapshot: &Snapshot,
        monitor_url: Option<&str>,
        exit: Exit,
    ) -> Result<(), Failure>;

    /// The user left; the run goes on, if there is one.
    fn left(&mut self, guid: Uuid, external_id: &str, run_id: Option<&str>) -> Result<(), Failure>;
}
