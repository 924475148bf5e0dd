//! Runs, their states and their steps, in JSON.

use jiff::Timestamp;
use polysync_host::PluginIdentity;
use polysync_host::contract::{Cancellation, Link, Run, RunState, RunStatus, Step};
use serde::Serialize;

use super::plugin::PluginView;
use super::{Named, time};
use crate::words;

/// A run that was started, or started again by a retry.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StartedView<'a> {
    pub(crate) guid: String,
    pub(crate) external_id: Option<&'a str>,
    pub(crate) run_id: &'a str,
    pub(crate) monitor_url: Option<&'a str>,
    pub(crate) details: Named<'a>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct CancellationView<'a> {
    guid: String,
    outcome: &'static str,
    message: &'a str,
}

impl<'a> CancellationView<'a> {
    pub(crate) fn new(guid: uuid::Uuid, cancellation: &'a Cancellation) -> Self {
        Self {
            guid: guid.to_string(),
            outcome: words::cancel_outcome(cancellation.outcome),
            message: &cancellation.message,
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MonitorUrlView<'a> {
    pub(crate) monitor_url: &'a str,
}

/// The state of a run, as the platform gives it.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StateView<'a> {
    state: &'static str,
    platform_status: &'a str,
    finished: bool,
    message: Option<&'a str>,
    started_at: Option<Timestamp>,
    updated_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    failed_steps: Vec<StepView<'a>>,
    outputs: Named<'a>,
    details: Named<'a>,
}

impl<'a> From<&'a RunStatus> for StateView<'a> {
    fn from(status: &'a RunStatus) -> Self {
        Self {
            state: words::state(status.state),
            platform_status: &status.platform_status,
            finished: status.finished,
            message: status.message.as_deref(),
            started_at: time(status.started_at),
            updated_at: time(status.updated_at),
            ended_at: time(status.ended_at),
            failed_steps: status.failed_steps.iter().map(StepView::from).collect(),
            outputs: Named(&status.outputs),
            details: Named(&status.details),
        }
    }
}

impl<'a> StateView<'a> {
    /// For a run that is finished without a last status of the platform's.
    pub(crate) fn without_status(platform_status: &'a str) -> Self {
        Self {
            state: words::state(RunState::Unknown),
            platform_status,
            finished: true,
            message: None,
            started_at: None,
            updated_at: None,
            ended_at: None,
            failed_steps: Vec::new(),
            outputs: Named(&[]),
            details: Named(&[]),
        }
    }

    /// The same with another word for the state.
    pub(crate) fn with_state(self, state: &'static str) -> Self {
        Self { state, ..self }
    }
}

/// The document of `status`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StatusDocument<'a> {
    external_id: Option<&'a str>,
    run_id: &'a str,
    #[serde(flatten)]
    state: StateView<'a>,
    /// The plugin that answered.
    plugin: PluginView<'a>,
}

impl<'a> StatusDocument<'a> {
    pub(crate) fn new(run: &'a Run, status: &'a RunStatus, plugin: &'a PluginIdentity) -> Self {
        Self {
            external_id: run.external_id.as_deref(),
            run_id: &run.run_id,
            state: status.into(),
            plugin: plugin.into(),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StepsView<'a> {
    external_id: Option<&'a str>,
    run_id: &'a str,
    steps: Vec<StepView<'a>>,
}

impl<'a> StepsView<'a> {
    pub(crate) fn new(run: &'a Run, steps: &'a [Step]) -> Self {
        Self {
            external_id: run.external_id.as_deref(),
            run_id: &run.run_id,
            steps: steps.iter().map(StepView::from).collect(),
        }
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StepView<'a> {
    name: &'a str,
    display_name: Option<&'a str>,
    kind: &'a str,
    state: &'static str,
    platform_status: &'a str,
    started_at: Option<Timestamp>,
    ended_at: Option<Timestamp>,
    attempts: Option<u32>,
    cache_hit: bool,
    reason: Option<&'a str>,
    resource_id: Option<&'a str>,
    links: Vec<LinkView<'a>>,
    details: Named<'a>,
}

#[derive(Debug, Serialize)]
struct LinkView<'a> {
    label: &'a str,
    url: &'a str,
}

impl<'a> From<&'a Step> for StepView<'a> {
    fn from(step: &'a Step) -> Self {
        Self {
            name: &step.name,
            display_name: step.display_name.as_deref(),
            kind: &step.kind,
            state: words::state(step.state),
            platform_status: &step.platform_status,
            started_at: time(step.started_at),
            ended_at: time(step.ended_at),
            attempts: step.attempts,
            cache_hit: step.cache_hit,
            reason: step.reason.as_deref(),
            resource_id: step.resource_id.as_deref(),
            links: step
                .links
                .iter()
                .map(|Link { label, url }| LinkView { label, url })
                .collect(),
            details: Named(&step.details),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_status_has_words_for_states_and_rfc_3339_for_times() {
        let status = RunStatus {
            started_at: Some(1_751_371_200_500),
            ..samples::failed_status()
        };
        let view = serde_json::to_value(StateView::from(&status)).unwrap();

        assert_eq!(view["state"], "failed");
        assert_eq!(view["startedAt"], "2025-07-01T12:00:00.5Z");
        assert_eq!(
            view["failedSteps"][0]["reason"],
            "AlgorithmError: exit code 1"
        );
        assert!(view["updatedAt"].is_null());
    }

    #[test]
    fn a_time_that_is_not_on_the_calendar_is_not_known() {
        assert_eq!(time(Some(u64::MAX)), None);
    }
}
