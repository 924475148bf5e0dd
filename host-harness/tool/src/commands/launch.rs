//! What `start` and `retry` have in common: the answer about a run that has just begun.

use polysync_host::JobType;
use polysync_host::contract::{Run, StartedRun};
use uuid::Uuid;

use crate::failure::Failure;
use crate::feature::Feature;
use crate::invocation;
use crate::json::run::StartedView;
use crate::output::Output;
use crate::render::fields::Fields;
use crate::runs::call;
use crate::session::Session;

/// Writes what is known about a run that has just begun.
pub(crate) async fn answer(
    session: &Session<'_>,
    output: Output,
    job_type: &JobType,
    guid: Uuid,
    external_id: Option<String>,
    started: &StartedRun,
) -> Result<(), Failure> {
    let run = Run {
        external_id,
        run_id: started.run_id.clone(),
    };
    let monitor_url = monitor_url(session, job_type, &run).await;
    let text = || {
        Fields::default()
            .text("run", &run.run_id)
            .attributes(&started.details)
            .maybe("monitor", monitor_url.as_deref())
            .text("follow", &invocation::follow(session.given(), &run))
            .render(0)
    };
    let document = StartedView {
        guid,
        external_id: run.external_id.as_deref(),
        started,
        monitor_url: monitor_url.as_deref(),
    };
    output.answer(text, &document)
}

/// Where a person follows the run, if the plugin offers to say it and can.
pub(crate) async fn monitor_url(
    session: &Session<'_>,
    job_type: &JobType,
    run: &Run,
) -> Option<String> {
    match Feature::MonitorUrl.is_offered_by(session.description()) {
        true => call::monitor_url(job_type, run).await,
        false => None,
    }
}
