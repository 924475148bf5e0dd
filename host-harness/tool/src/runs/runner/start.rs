//! The start of a run, and one whose outcome isn't known.

use std::ops::ControlFlow::{self, Break, Continue};
use std::sync::Arc;

use polysync_host::contract::StartedRun;
use polysync_host::{JobType, PluginIdentity};

use super::Runner;
use crate::feature::Feature;
use crate::runs::call::{self, Call, CallFailure, flatten};
use crate::runs::end::End;
use crate::runs::ending::Ending;
use crate::runs::event::RunEvent;
use crate::runs::policy::{Attendance, Failures};
use crate::runs::record::Progress;
use crate::runs::uncertain;

impl Runner {
    pub(super) async fn start(&mut self) -> ControlFlow<End> {
        let job_type = self.context.job_type.pin();
        let plugin = job_type.identity();
        let is_idempotent = Feature::IdempotentStart.is_offered_by(job_type.plugin().description());
        if self.in_doubt && !is_idempotent {
            return self.uncertain(plugin, uncertain::sent_before()).await;
        }
        if self.record.progress == Progress::Accepted {
            self.record.progress = Progress::Starting;
            self.persist().await?;
        }
        match self.call_start(&job_type).await? {
            Ok(started) => self.started(&plugin, started).await,
            Err(failure) if uncertain::is_uncertain(&failure, is_idempotent) => {
                self.uncertain(plugin, failure).await
            }
            Err(failure) => {
                // Without that promise, an error that passes says that nothing was started.
                self.in_doubt |=
                    is_idempotent && failure.platform().is_none_or(|error| error.retryable);
                self.failed(Call::Start, plugin, failure).await
            }
        }
    }

    /// Asks for the run. The call is not dropped for a cancellation that comes meanwhile: what it
    /// started has to be known to be cancelled.
    async fn call_start(
        &mut self,
        job_type: &JobType,
    ) -> ControlFlow<End, Result<StartedRun, CallFailure>> {
        let job = self.record.job.clone();
        let guid = self.record.guid.to_string();
        let answer = self.complete(job_type.start(&job, &guid)).await?;
        Continue(flatten(answer))
    }

    async fn started(&mut self, plugin: &PluginIdentity, started: StartedRun) -> ControlFlow<End> {
        self.failures = Failures::default();
        self.record.start(started.run_id, plugin);
        self.persist().await?;
        if let (true, Some(run)) = (self.context.policy.monitor_url, self.record.run()) {
            let job_type = self.context.job_type.clone();
            let monitor_url = call::monitor_url(&job_type, &run);
            self.monitor_url = self.complete(monitor_url).await?;
        }
        self.emit(RunEvent::Started {
            details: started.details,
            monitor_url: self.monitor_url.clone(),
        });
        Continue(())
    }

    /// The run isn't started again. Where somebody waits, they are told; where nobody does, the record
    /// says so.
    async fn uncertain(
        &mut self,
        plugin: Arc<PluginIdentity>,
        failure: CallFailure,
    ) -> ControlFlow<End> {
        if self.context.policy.attendance == Attendance::Attended {
            let call = Call::Start;
            return Break(End::GaveUp { call, failure });
        }
        let reason = uncertain::reason(&failure, self.record.guid);
        self.record.answered_by = Some((*plugin).clone());
        self.emit(RunEvent::Error {
            call: Call::Start,
            plugin,
            failure,
            retry_in: None,
        });
        self.finish(Ending::Uncertain, Some(reason), None).await
    }
}
