//! Connections, jobs and their parameters, as plain types of the contract.

/// A named value of an open list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Attribute {
    /// Which one.
    pub name: String,
    /// Its value.
    pub value: String,
}

impl Attribute {
    /// A named value.
    pub fn new(name: &str, value: impl Into<String>) -> Self {
        Self {
            name: name.to_owned(),
            value: value.into(),
        }
    }
}

/// The value of an attribute; one that is blank counts as not given.
pub fn given<'a>(attributes: &'a [Attribute], name: &str) -> Option<&'a str> {
    attributes
        .iter()
        .find(|attribute| attribute.name == name)
        .map(|attribute| attribute.value.as_str())
        .filter(|value| !value.trim().is_empty())
}

/// An account of the platform.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Connection {
    /// The region's name.
    pub region: String,
    /// In place of the platform's own base URL.
    pub endpoint: Option<String>,
    /// Open.
    pub attributes: Vec<Attribute>,
}

/// Which way a parameter goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Direction {
    /// Sent when a run starts.
    Input,
    /// Read when a run is over.
    Output,
    /// Both.
    InputOutput,
}

/// A parameter of a configured job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Parameter {
    /// As declared.
    pub name: String,
    /// Which way it goes.
    pub direction: Direction,
    /// None: the platform's default applies.
    pub value: Option<String>,
}

/// A job as the host's user configured it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Job {
    /// The platform's name for it.
    pub external_id: String,
    /// Open.
    pub attributes: Vec<Attribute>,
    /// In declared order.
    pub parameters: Vec<Parameter>,
}

/// What values a declared parameter takes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DataType {
    /// Any text.
    String,
    /// A whole number.
    Integer,
    /// A number.
    Float,
    /// `true` or `false`.
    Boolean,
    /// A word that this version doesn't know.
    Other(String),
}

/// A parameter as the platform declares it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeclaredParameter {
    /// Its name.
    pub name: String,
    /// What values it takes.
    pub data_type: DataType,
    /// Whether a run can't start without a value.
    pub required: bool,
    /// What applies without a value.
    pub default_value: Option<String>,
    /// Empty: anything of the type.
    pub allowed_values: Vec<String>,
    /// For people.
    pub description: Option<String>,
}

/// A job as the platform knows it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscoveredJob {
    /// The platform's name for it.
    pub external_id: String,
    /// For people.
    pub name: String,
    /// For people, where somebody gave one.
    pub display_name: Option<String>,
    /// For people, where somebody gave one.
    pub description: Option<String>,
    /// Suggested inputs, in declared order.
    pub parameters: Vec<DeclaredParameter>,
    /// More facts.
    pub details: Vec<Attribute>,
}

/// Something about one job that the user should know.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscoveryNote {
    /// Of the job.
    pub external_id: String,
    /// For people.
    pub message: String,
}

/// Some of the platform's jobs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DiscoveryPage {
    /// Those on this page.
    pub jobs: Vec<DiscoveredJob>,
    /// About them.
    pub notes: Vec<DiscoveryNote>,
    /// To get the next page with.
    pub next_cursor: Option<String>,
}

/// Whether a finding stops a start.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// It does.
    Error,
    /// It doesn't.
    Warning,
}

/// Something that is wrong with a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Whether it stops a start.
    pub severity: Severity,
    /// What it is about.
    pub field: String,
    /// What is wrong and what would be right.
    pub message: String,
}

/// What a connection was found to be good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConnectionReport {
    /// For people.
    pub message: String,
    /// More facts.
    pub details: Vec<Attribute>,
}
