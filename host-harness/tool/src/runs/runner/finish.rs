//! The end of a run. It is in the ledger before the logs of the steps to blame are read: that may take long,
//! and only the report waits for it.

use std::ops::ControlFlow::{self, Break};
use std::time::Duration;

use polysync_host::contract::RunStatus;

use super::{Context, Runner};
use crate::feature::Feature;
use crate::runs::end::End;
use crate::runs::ending::Ending;
use crate::runs::event::RunEvent;
use crate::runs::log::RunOfPlugin;
use crate::runs::step_logs::{self, StepLog};

/// How long the report of a run's end waits for logs, and for a place to read them.
const LONGEST_READING: Duration = Duration::from_secs(30);

impl Runner {
    pub(super) async fn finish(
        &mut self,
        ending: Ending,
        reason: Option<String>,
        status: Option<RunStatus>,
    ) -> ControlFlow<End> {
        self.record.finish(ending, reason);
        self.persist().await?;
        let logs = match &status {
            Some(status) => self.read_logs(status).await,
            None => Vec::new(),
        };
        let event = RunEvent::Finished {
            status: status.map(Box::new),
            steps: std::mem::take(&mut self.steps),
            logs,
            monitor_url: self.monitor_url.take(),
        };
        self.emit(event);
        Break(End::Finished(ending))
    }

    /// The ends of the logs that say why the run failed, where they are wanted. There is nothing to cancel
    /// any more, so a wish to cancel the run ends the reading.
    async fn read_logs(&self, status: &RunStatus) -> Vec<StepLog> {
        let Context {
            job_type,
            policy,
            clock,
            log_readers,
            ..
        } = &self.context;
        let offers_logs = Feature::Logs.is_offered_by(job_type.plugin().description());
        let steps = step_logs::to_read(status, &self.steps);
        let is_wanted = policy.log_lines > 0 && offers_logs && !steps.is_empty();
        let Some(run) = self.record.run().filter(|_| is_wanted) else {
            return Vec::new();
        };
        let mut logs = Vec::new();
        let read = async {
            // It is never closed.
            let _place = log_readers.acquire().await;
            let job_type = &job_type.pin();
            let run = RunOfPlugin {
                job_type,
                run: &run,
            };
            step_logs::read(&run, &steps, policy.log_lines, &mut logs).await;
        };
        let (mut cancel, mut stopping) = (self.cancel.clone(), self.context.stopping.clone());
        let is_late = tokio::select! {
            biased;
            () = read => false,
            () = clock.sleep(LONGEST_READING) => true,
            Ok(_) = cancel.wait_for(|wish| *wish != self.taken) => false,
            Ok(_) = stopping.wait_for(|stopping| *stopping) => false,
        };
        if let (true, Some(step)) = (is_late, steps.get(logs.len())) {
            logs.push(StepLog::late(step, LONGEST_READING));
        }
        logs
    }
}
