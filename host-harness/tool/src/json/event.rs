//! The events of `run --json` and `serve --json`, one object a line.
//!
//! All events of a run have the members of [`RunView`], and each has further members ([`What`]);
//! `--help` lists them ([`crate::cli::help`]).

use jiff::Timestamp;
use polysync_host::LoadFault;
use polysync_host::contract::RunStatus;
use serde::Serialize;

use super::Named;
use super::error::ErrorView;
use super::finding::FindingView;
use super::log::StepLogView;
use super::need::NeedView;
use super::plugin::PluginView;
use super::run::{StateView, StepView};
use super::summary::SummaryView;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::non_blank::non_blank;
use crate::runs::ending::Ending;
use crate::runs::event::{Event, RunEvent};
use crate::runs::record::Record;
use crate::runs::step_logs::StepLog;
use crate::words;

/// One object.
#[derive(Debug, Serialize)]
pub(crate) struct EventView<'a> {
    at: Timestamp,
    #[serde(flatten)]
    what: What<'a>,
    #[serde(flatten)]
    run: Option<RunView<'a>>,
}

/// Which run an event is about.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct RunView<'a> {
    /// None for a run that is followed by its id.
    guid: Option<String>,
    external_id: Option<&'a str>,
    run_id: Option<&'a str>,
    origin: &'a str,
    accepted_at: Timestamp,
    started_by: Option<PluginView<'a>>,
    answered_by: Option<PluginView<'a>>,
}

impl<'a> From<&'a Record> for RunView<'a> {
    fn from(record: &'a Record) -> Self {
        Self {
            guid: (!record.guid.is_nil()).then(|| record.guid.to_string()),
            external_id: non_blank(Some(&record.job.external_id)),
            run_id: record.run_id(),
            origin: &record.origin,
            accepted_at: record.accepted_at,
            started_by: record.started_by.as_ref().map(PluginView::from),
            answered_by: record.answered_by.as_ref().map(PluginView::from),
        }
    }
}

/// What happened, and what belongs to it.
#[derive(Debug, Serialize)]
#[serde(
    tag = "event",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase"
)]
enum What<'a> {
    Finding(FindingView<'a>),
    Accepted,
    Starting,
    Following {
        monitor_url: Option<&'a str>,
    },
    Started {
        monitor_url: Option<&'a str>,
        details: Named<'a>,
    },
    Status(StateView<'a>),
    Step(StepView<'a>),
    Error {
        /// None if the failure isn't that of a call.
        doing: Option<&'static str>,
        /// None if the call isn't made again.
        retry_in_seconds: Option<f64>,
        /// None if the tool goes on; otherwise this is the last event.
        exit_code: Option<u8>,
        error: ErrorView<'a>,
        plugin: Option<PluginView<'a>>,
    },
    CancelWanted,
    RetryWanted,
    Adopted,
    Retried {
        details: Named<'a>,
    },
    Cancelling {
        outcome: &'static str,
        message: &'a str,
    },
    Finished {
        exit_code: u8,
        reason: Option<&'a str>,
        #[serde(flatten)]
        status: StateView<'a>,
        /// The ends of the logs of the steps to blame.
        logs: Vec<StepLogView<'a>>,
    },
    Left {
        exit_code: u8,
    },
    Serving {
        #[serde(flatten)]
        summary: SummaryView<'a>,
    },
    Stopping,
    Served {
        exit_code: u8,
        #[serde(flatten)]
        summary: SummaryView<'a>,
    },
    NotTaken {
        message: &'a str,
    },
    PutAside {
        guid: String,
        message: &'static str,
    },
    Pruned {
        runs: u64,
    },
    Swapped {
        from: PluginView<'a>,
        to: PluginView<'a>,
        /// What `to` asks for and isn't granted.
        missing: Vec<NeedView<'a>>,
    },
    SwapUnchanged {
        plugin: PluginView<'a>,
    },
    SwapRefused {
        message: String,
        /// What it asks for and isn't granted, if that is why it is refused.
        missing: Vec<NeedView<'a>>,
        plugin: PluginView<'a>,
    },
    RollbackRefused {
        message: String,
        plugin: PluginView<'a>,
    },
    Drained {
        plugin: PluginView<'a>,
    },
}

impl<'a> EventView<'a> {
    /// The objects for an event; more than one if several steps have changed.
    pub(crate) fn all(event: &'a Event) -> Vec<Self> {
        let at = Timestamp::now();
        match event {
            Event::Run(record, event) => What::about_run(record, event)
                .into_iter()
                .map(|what| Self {
                    at,
                    what,
                    run: Some((&**record).into()),
                })
                .collect(),
            event => What::about_serving(event)
                .map(|what| Self {
                    at,
                    what,
                    run: None,
                })
                .into_iter()
                .collect(),
        }
    }

    /// The last object of a command that failed.
    pub(crate) fn end(failure: &'a Failure, plugin: Option<PluginView<'a>>) -> Self {
        Self {
            at: Timestamp::now(),
            what: What::Error {
                doing: None,
                retry_in_seconds: None,
                exit_code: Some(failure.exit().code()),
                error: failure.into(),
                plugin,
            },
            run: None,
        }
    }
}

impl<'a> What<'a> {
    /// For an event of a run.
    fn about_run(record: &'a Record, event: &'a RunEvent) -> Vec<Self> {
        vec![match event {
            RunEvent::Finding(finding) => Self::Finding(finding.into()),
            RunEvent::Accepted => Self::Accepted,
            RunEvent::Starting => Self::Starting,
            RunEvent::Following { monitor_url } => Self::Following {
                monitor_url: monitor_url.as_deref(),
            },
            RunEvent::Started {
                details,
                monitor_url,
            } => Self::Started {
                monitor_url: monitor_url.as_deref(),
                details: Named(details),
            },
            RunEvent::Status(status) => Self::Status((&**status).into()),
            RunEvent::Steps { all, changed } => {
                let steps = changed.iter().filter_map(|index| all.get(*index));
                return steps.map(|step| Self::Step(step.into())).collect();
            }
            RunEvent::Error {
                call,
                plugin,
                failure,
                retry_in,
            } => Self::Error {
                doing: Some(call.doing()),
                retry_in_seconds: retry_in.map(|wait| wait.as_secs_f64()),
                exit_code: None,
                error: failure.into(),
                plugin: Some((&**plugin).into()),
            },
            RunEvent::CancelWanted => Self::CancelWanted,
            RunEvent::RetryWanted => Self::RetryWanted,
            RunEvent::Adopted => Self::Adopted,
            RunEvent::Retried { details } => Self::Retried {
                details: Named(details),
            },
            RunEvent::Cancelling(cancellation) => Self::Cancelling {
                outcome: words::cancel_outcome(cancellation.outcome),
                message: &cancellation.message,
            },
            RunEvent::Finished { status, logs, .. } => {
                Self::finished(record, status.as_deref(), logs)
            }
            RunEvent::Left => Self::Left {
                exit_code: Exit::Error.code(),
            },
        }]
    }

    /// For an event that isn't about a run.
    fn about_serving(event: &'a Event) -> Option<Self> {
        Some(match event {
            Event::Serving(summary) => Self::Serving {
                summary: summary.into(),
            },
            Event::Stopping => Self::Stopping,
            Event::Served { summary, exit_code } => Self::Served {
                exit_code: *exit_code,
                summary: summary.into(),
            },
            Event::NotTaken(message) => Self::NotTaken { message },
            Event::PutAside(guid) => Self::PutAside {
                guid: guid.to_string(),
                message: words::PUT_ASIDE,
            },
            Event::Pruned(runs) => Self::Pruned { runs: *runs },
            Event::Swapped { from, to, missing } => Self::Swapped {
                from: (&**from).into(),
                to: (&**to).into(),
                missing: NeedView::all(missing),
            },
            Event::SwapUnchanged(serving) => Self::SwapUnchanged {
                plugin: (&**serving).into(),
            },
            Event::SwapRefused { error, serving } => Self::SwapRefused {
                message: error.to_string(),
                missing: match &error.fault {
                    LoadFault::NeedsGrow { missing } => NeedView::all(missing),
                    _ => Vec::new(),
                },
                plugin: (&**serving).into(),
            },
            Event::RollbackRefused(error) => Self::RollbackRefused {
                message: error.to_string(),
                plugin: (&*error.serving).into(),
            },
            Event::RollbackFailed { error, serving } => Self::RollbackRefused {
                message: error.to_string(),
                plugin: (&**serving).into(),
            },
            Event::Drained(plugin) => Self::Drained {
                plugin: (&**plugin).into(),
            },
            Event::Run(..) => return None,
        })
    }

    fn finished(record: &'a Record, status: Option<&'a RunStatus>, logs: &'a [StepLog]) -> Self {
        let ending = record.ending().unwrap_or(Ending::Unknown);
        let status = match status {
            Some(status) => StateView::from(status),
            None => StateView::without_status(&record.platform_status),
        };
        Self::Finished {
            exit_code: Exit::from(ending).code(),
            reason: record.reason(),
            status: status.with_state(ending.word()),
            logs: logs.iter().map(StepLogView::from).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
