//! A job: as a user configured it, and as the platform knows it.

use std::fmt;

use wasmtime::component::{ComponentType, Lift, Lower};

use super::connection::Attribute;

/// Whether a parameter is sent, read, or both.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, Hash, ComponentType, Lift, Lower)]
#[component(enum)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[repr(u8)]
pub enum Direction {
    /// Sent when a run starts.
    #[default]
    #[component(name = "input")]
    Input,
    /// Read when a run is over, where the platform offers it.
    #[component(name = "output")]
    Output,
    /// Both.
    #[component(name = "input-output")]
    InputOutput,
}

impl Direction {
    /// The contract's word for it, which is its JSON form too.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Output => "output",
            Self::InputOutput => "input-output",
        }
    }
}

impl fmt::Display for Direction {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// A parameter of a job, with the value that the user gave.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Parameter {
    /// The platform's name of it.
    pub name: String,
    /// Whether it is sent, read, or both.
    #[cfg_attr(feature = "serde", serde(default))]
    pub direction: Direction,
    /// None: not sent, so that the platform's own default applies.
    pub value: Option<String>,
}

/// A job as the host's user configured it.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Job {
    /// The platform's id of the job.
    #[component(name = "external-id")]
    pub external_id: String,
    /// The values of `description.job-attributes`, each key once. An empty value counts as not given.
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::attributes")
    )]
    pub attributes: Vec<Attribute>,
    /// Each name once, in the order in which they are declared.
    #[cfg_attr(feature = "serde", serde(default))]
    pub parameters: Vec<Parameter>,
}

/// A parameter as the platform declares it.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct DeclaredParameter {
    /// The platform's name of it.
    pub name: String,
    /// `string`, `integer`, `float` or `boolean`; a word that the host doesn't know is a `string`.
    #[component(name = "data-type")]
    pub data_type: String,
    /// Whether a run can't start without a value.
    pub required: bool,
    /// The platform's default, to suggest as a value; none where there is none, or where it is one
    /// that `start` can't send. Without a value, the platform's default applies in any case.
    #[component(name = "default-value")]
    pub default_value: Option<String>,
    /// Empty: anything of the type.
    #[component(name = "allowed-values")]
    #[cfg_attr(feature = "serde", serde(default))]
    pub allowed_values: Vec<String>,
    /// What it is for.
    pub description: Option<String>,
}

/// A job as the platform knows it.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct DiscoveredJob {
    /// The platform's id of the job.
    #[component(name = "external-id")]
    pub external_id: String,
    /// For people.
    pub name: String,
    /// The platform's own name for people, where it has another.
    #[component(name = "display-name")]
    pub display_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// `description.name` of the job type.
    #[component(name = "job-type")]
    pub job_type: String,
    /// Suggested attributes, with keys of `description.job-attributes`: what the platform keeps for
    /// this job. A host puts them into the job that it makes of it.
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::attributes")
    )]
    pub attributes: Vec<Attribute>,
    /// Suggested inputs, in declared order. Empty where the platform doesn't tell.
    #[cfg_attr(feature = "serde", serde(default))]
    pub parameters: Vec<DeclaredParameter>,
    /// What the user should know about the job: why it has no parameters, say. One paragraph each.
    #[cfg_attr(feature = "serde", serde(default))]
    pub notes: Vec<String>,
    /// Other facts of interest, for display.
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::attributes")
    )]
    pub details: Vec<Attribute>,
}

/// One page of the platform's jobs.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct DiscoveryPage {
    /// In the platform's order.
    #[cfg_attr(feature = "serde", serde(default))]
    pub jobs: Vec<DiscoveredJob>,
    /// What the user should know about the page, or about what isn't in it.
    #[cfg_attr(feature = "serde", serde(default))]
    pub notes: Vec<String>,
    /// To get the next page with; none after the last one.
    #[component(name = "next-cursor")]
    pub next_cursor: Option<String>,
}

/// Whether a finding keeps a job from being started.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ComponentType, Lift, Lower)]
#[component(enum)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[repr(u8)]
pub enum Severity {
    /// The job can't be started as it is: `start` refuses it before it asks the platform. An error
    /// that follows from `declared` alone is different. `start` doesn't know the declarations, which
    /// may have changed since they were read, so the platform decides by those that hold then.
    #[component(name = "error")]
    Error,
    /// `start` takes it, but it may not do what was meant.
    #[component(name = "warning")]
    Warning,
}

impl Severity {
    /// The contract's word for it, which is its JSON form too.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
        }
    }
}

impl fmt::Display for Severity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Something that is wrong with a job or a connection.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Finding {
    /// Whether it keeps the job from being started.
    pub severity: Severity,
    /// What kind of finding it is, so that a host can put its own words in place of the message:
    /// `TooLong`, say. In the style of `error.code`. Open.
    #[cfg_attr(feature = "serde", serde(default))]
    pub code: String,
    /// What it is about: `external-id`, `attributes.KEY`, `parameters.NAME`, `parameters`,
    /// `connection.region`, `connection.endpoint` or `connection.attributes.KEY`.
    pub field: String,
    /// For a person: what is wrong and what would be right.
    pub message: String,
}
