//! The documents about a run, in JSON.

use std::borrow::Cow;
use std::collections::BTreeMap;

use polysync_host::PluginIdentity;
use polysync_host::contract::{Cancellation, Run, RunState, RunStatus, StartedRun, Step};
use serde::Serialize;
use uuid::Uuid;

/// A run that was started, or started again by a retry.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct StartedView<'a> {
    pub(crate) guid: Uuid,
    pub(crate) external_id: Option<&'a str>,
    #[serde(flatten)]
    pub(crate) started: &'a StartedRun,
    pub(crate) monitor_url: Option<&'a str>,
}

/// The document of `cancel`.
#[derive(Debug, Serialize)]
pub(crate) struct CancellationView<'a> {
    guid: Uuid,
    #[serde(flatten)]
    cancellation: &'a Cancellation,
}

impl<'a> CancellationView<'a> {
    pub(crate) fn new(guid: Uuid, cancellation: &'a Cancellation) -> Self {
        Self { guid, cancellation }
    }
}

/// The document of `monitor-url`.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MonitorUrlView<'a> {
    pub(crate) monitor_url: &'a str,
}

/// The document of `status`.
#[derive(Debug, Serialize)]
pub(crate) struct StatusDocument<'a> {
    #[serde(flatten)]
    run: &'a Run,
    #[serde(flatten)]
    status: &'a RunStatus,
    /// The plugin that answered.
    plugin: &'a PluginIdentity,
}

impl<'a> StatusDocument<'a> {
    pub(crate) fn new(run: &'a Run, status: &'a RunStatus, plugin: &'a PluginIdentity) -> Self {
        Self {
            run,
            status,
            plugin,
        }
    }
}

/// The document of `steps`.
#[derive(Debug, Serialize)]
pub(crate) struct StepsView<'a> {
    #[serde(flatten)]
    run: &'a Run,
    steps: &'a [Step],
}

impl<'a> StepsView<'a> {
    pub(crate) fn new(run: &'a Run, steps: &'a [Step]) -> Self {
        Self { run, steps }
    }
}

/// The members of a status, for a run that is over.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum LastStatus<'a> {
    Given(Cow<'a, RunStatus>),
    Missing(MissingStatus<'a>),
}

/// What stands for a status where the platform wasn't asked for one, or didn't answer.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct MissingStatus<'a> {
    /// Of the ledger: beside the contract's words there are `refused`, `uncertain` and `withdrawn`.
    state: &'static str,
    /// The last that the platform gave.
    platform_status: &'a str,
    finished: bool,
    poll_after: (),
    message: (),
    started_at: (),
    updated_at: (),
    ended_at: (),
    failed_steps: [Step; 0],
    outputs: BTreeMap<String, String>,
    details: BTreeMap<String, String>,
}

impl<'a> LastStatus<'a> {
    /// The platform's last word. A run that is over isn't running, whatever the plugin says.
    pub(crate) fn given(status: &'a RunStatus) -> Self {
        Self::Given(match status.state {
            RunState::Running => Cow::Owned(RunStatus {
                state: RunState::Unknown,
                ..status.clone()
            }),
            _ => Cow::Borrowed(status),
        })
    }

    pub(crate) fn missing(state: &'static str, platform_status: &'a str) -> Self {
        Self::Missing(MissingStatus {
            state,
            platform_status,
            finished: true,
            poll_after: (),
            message: (),
            started_at: (),
            updated_at: (),
            ended_at: (),
            failed_steps: [],
            outputs: BTreeMap::new(),
            details: BTreeMap::new(),
        })
    }
}
