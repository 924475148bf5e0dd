//! The steps of a run, and what their jobs wrote.

use wasmtime::component::{ComponentType, Lift, Lower};

use super::connection::Attribute;
use super::state::RunState;

/// A link for a person to open.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Link {
    /// What it leads to.
    pub label: String,
    /// An `https` or `http` URL.
    pub url: String,
}

/// One part of a run.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Step {
    /// Unique in the run, and one line of visible characters. What `logs` takes.
    pub name: String,
    /// For people, where it has another name.
    #[component(name = "display-name")]
    pub display_name: Option<String>,
    /// The platform's word for what the step does.
    pub kind: String,
    /// Its state.
    pub state: RunState,
    /// The platform's own word for the state.
    #[component(name = "platform-status")]
    pub platform_status: String,
    /// When it began.
    #[component(name = "started-at")]
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::time")
    )]
    pub started_at: Option<u64>,
    /// When it was over.
    #[component(name = "ended-at")]
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::time")
    )]
    pub ended_at: Option<u64>,
    /// How often it was tried.
    pub attempts: Option<u32>,
    /// Whether the result was taken from an earlier run instead of computed.
    #[component(name = "cache-hit")]
    pub cache_hit: bool,
    /// Whether it is worth calling `logs` for it: its kind writes a log, and it has begun.
    #[component(name = "has-log")]
    #[cfg_attr(feature = "serde", serde(default))]
    pub has_log: bool,
    /// Why it failed, as well as the platform tells.
    pub reason: Option<String>,
    /// The platform's id of what the step ran: a training job, say.
    #[component(name = "resource-id")]
    pub resource_id: Option<String>,
    /// Pages for a person to open.
    #[cfg_attr(feature = "serde", serde(default))]
    pub links: Vec<Link>,
    /// Other facts of interest.
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::attributes")
    )]
    pub details: Vec<Attribute>,
}

/// One page of a run's steps.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct StepPage {
    /// In order of start; steps that haven't started yet come last.
    #[cfg_attr(feature = "serde", serde(default))]
    pub steps: Vec<Step>,
    /// To get the next page with; none after the last one.
    #[component(name = "next-cursor")]
    pub next_cursor: Option<String>,
}

/// Where a page of a log begins.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(variant)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
pub enum LogPosition {
    /// At the oldest line that the platform still has.
    #[component(name = "oldest")]
    Oldest,
    /// At most this many lines before the end. A page may have fewer, also where the log has more.
    #[component(name = "last")]
    Last(u32),
    /// After the page that had this cursor.
    #[component(name = "after")]
    After(String),
}

/// One line that a step's job wrote.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct LogLine {
    /// When it was written.
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::time")
    )]
    pub time: Option<u64>,
    /// Which of the job's outputs it is from: one for each of its machines, say.
    pub source: String,
    /// Without the line break at its end.
    pub message: String,
}

/// One page of what a step's job wrote.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct LogPage {
    /// At most 10,000, in order of time. A line without a time comes after the line that was written
    /// before it.
    #[cfg_attr(feature = "serde", serde(default))]
    pub lines: Vec<LogLine>,
    /// To get what follows with, now or when more was written.
    pub cursor: String,
    /// Whether more was written already than this page holds.
    pub more: bool,
}
