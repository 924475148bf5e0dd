//! The events of `run --json`, `follow --json` and `serve --json`, one object a line.
//!
//! All events of a run have the members of [`RunView`], and each has further members ([`What`]);
//! `--help` lists them ([`crate::cli::help`]).

use jiff::Timestamp;
use polysync_host::contract::json::attributes;
use polysync_host::contract::{Attribute, Cancellation, Finding, RunStatus, Step};
use polysync_host::{LoadFault, PluginIdentity};
use serde::Serialize;
use uuid::Uuid;

use super::error::ErrorView;
use super::log::StepLogView;
use super::need::NeedView;
use super::run::LastStatus;
use super::summary::SummaryView;
use crate::exit::Exit;
use crate::failure::Failure;
use crate::non_blank::non_blank;
use crate::runs::ending::Ending;
use crate::runs::event::{Event, PUT_ASIDE, RunEvent, left_alone};
use crate::runs::record::Record;
use crate::runs::step_logs::StepLog;

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
    guid: Option<Uuid>,
    external_id: Option<&'a str>,
    run_id: Option<&'a str>,
    job_type: &'a str,
    origin: &'a str,
    accepted_at: Timestamp,
    started_by: Option<&'a PluginIdentity>,
    answered_by: Option<&'a PluginIdentity>,
}

impl<'a> From<&'a Record> for RunView<'a> {
    fn from(record: &'a Record) -> Self {
        Self {
            guid: (!record.guid.is_nil()).then_some(record.guid),
            external_id: non_blank(Some(&record.job.external_id)),
            run_id: record.run_id(),
            job_type: &record.job_type,
            origin: &record.origin,
            accepted_at: record.accepted_at,
            started_by: record.started_by.as_ref(),
            answered_by: record.answered_by.as_ref(),
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
    Finding(&'a Finding),
    Accepted,
    Starting,
    Following {
        monitor_url: Option<&'a str>,
    },
    Started {
        monitor_url: Option<&'a str>,
        #[serde(serialize_with = "attributes::serialize")]
        details: &'a [Attribute],
    },
    Status(&'a RunStatus),
    Step(&'a Step),
    Error {
        /// None if the failure isn't that of a call.
        doing: Option<&'static str>,
        /// None if the call isn't made again.
        retry_in_seconds: Option<f64>,
        /// None if the tool goes on; otherwise this is the last event.
        exit_code: Option<u8>,
        error: ErrorView<'a>,
        plugin: Option<&'a PluginIdentity>,
    },
    CancelWanted,
    RetryWanted,
    Adopted,
    Retried {
        #[serde(serialize_with = "attributes::serialize")]
        details: &'a [Attribute],
    },
    Cancelling(&'a Cancellation),
    Finished {
        exit_code: u8,
        reason: Option<&'a str>,
        #[serde(flatten)]
        status: LastStatus<'a>,
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
        guid: Uuid,
        message: &'static str,
    },
    LeftAlone {
        job_type: &'a str,
        runs: usize,
        message: String,
    },
    Pruned {
        runs: u64,
    },
    Swapped {
        from: &'a PluginIdentity,
        to: &'a PluginIdentity,
        /// What `to` asks for and isn't granted.
        missing: Vec<NeedView<'a>>,
    },
    SwapUnchanged {
        plugin: &'a PluginIdentity,
    },
    SwapRefused {
        message: String,
        /// What it asks for and isn't granted, if that is why it is refused.
        missing: Vec<NeedView<'a>>,
        plugin: &'a PluginIdentity,
    },
    RollbackRefused {
        message: String,
        plugin: &'a PluginIdentity,
    },
    Drained {
        plugin: &'a PluginIdentity,
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
    pub(crate) fn end(failure: &'a Failure, plugin: Option<&'a PluginIdentity>) -> Self {
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
            RunEvent::Finding(finding) => Self::Finding(finding),
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
                details,
            },
            RunEvent::Status(status) => Self::Status(status),
            RunEvent::Steps { all, changed } => {
                let steps = changed.iter().filter_map(|index| all.get(*index));
                return steps.map(Self::Step).collect();
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
                plugin: Some(plugin),
            },
            RunEvent::CancelWanted => Self::CancelWanted,
            RunEvent::RetryWanted => Self::RetryWanted,
            RunEvent::Adopted => Self::Adopted,
            RunEvent::Retried { details } => Self::Retried { details },
            RunEvent::Cancelling(cancellation) => Self::Cancelling(cancellation),
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
                guid: *guid,
                message: PUT_ASIDE,
            },
            Event::LeftAlone { job_type, runs } => Self::LeftAlone {
                job_type,
                runs: *runs,
                message: left_alone(job_type),
            },
            Event::Pruned(runs) => Self::Pruned { runs: *runs },
            Event::Swapped { from, to, missing } => Self::Swapped {
                from,
                to,
                missing: NeedView::all(missing),
            },
            Event::SwapUnchanged(serving) => Self::SwapUnchanged { plugin: serving },
            Event::SwapRefused { error, serving } => Self::SwapRefused {
                message: error.to_string(),
                missing: match &error.fault {
                    LoadFault::NeedsGrow { missing } => NeedView::all(missing),
                    _ => Vec::new(),
                },
                plugin: serving,
            },
            Event::RollbackRefused(error) => Self::RollbackRefused {
                message: error.to_string(),
                plugin: &error.serving,
            },
            Event::RollbackFailed { error, serving } => Self::RollbackRefused {
                message: error.to_string(),
                plugin: serving,
            },
            Event::Drained(plugin) => Self::Drained { plugin },
            Event::Run(..) => return None,
        })
    }

    fn finished(record: &'a Record, status: Option<&'a RunStatus>, logs: &'a [StepLog]) -> Self {
        let ending = record.ending().unwrap_or(Ending::Unknown);
        let status = match status {
            Some(status) => LastStatus::given(status),
            None => LastStatus::missing(ending.word(), &record.platform_status),
        };
        Self::Finished {
            exit_code: Exit::from(ending).code(),
            reason: record.reason(),
            status,
            logs: logs.iter().map(StepLogView::from).collect(),
        }
    }
}

#[cfg(test)]
mod tests;
