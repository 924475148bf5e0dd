//! Runs, their states and steps, as plain types of the contract. Times are milliseconds since 1970.

use crate::job::Attribute;

/// One execution of a job.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Run {
    /// Of the job.
    pub external_id: String,
    /// The platform's name for the run.
    pub run_id: String,
}

/// A run that the platform took on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartedRun {
    /// The platform's name for the run, to the letter.
    pub run_id: String,
    /// More facts.
    pub details: Vec<Attribute>,
}

/// How a run or step is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RunState {
    /// Under way.
    Running,
    /// Over, and well.
    Success,
    /// Over, and not well.
    Failed,
    /// Over, because somebody stopped it.
    Cancelled,
    /// A word that this version doesn't know, or none.
    Unknown,
}

/// Something to open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// What it shows.
    pub label: &'static str,
    /// Where.
    pub url: String,
}

/// One part of a run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// Its name in the job's definition.
    pub name: String,
    /// For people, where somebody gave one.
    pub display_name: Option<String>,
    /// What it does, in the platform's word.
    pub kind: String,
    /// How it is.
    pub state: RunState,
    /// The platform's word for that.
    pub platform_status: String,
    /// When it began.
    pub started_at: Option<u64>,
    /// When it ended.
    pub ended_at: Option<u64>,
    /// How often it was tried.
    pub attempts: Option<u32>,
    /// Whether an earlier run's result was taken.
    pub cache_hit: bool,
    /// Why it failed.
    pub reason: Option<String>,
    /// What it ran.
    pub resource_id: Option<String>,
    /// Where to look.
    pub links: Vec<Link>,
    /// More facts.
    pub details: Vec<Attribute>,
}

/// Some of a run's steps, in order of start.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StepPage {
    /// Those on this page.
    pub steps: Vec<Step>,
    /// To get the next page with.
    pub next_cursor: Option<String>,
}

/// How a run is, with reasons.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RunStatus {
    /// How it is.
    pub state: RunState,
    /// The platform's word for that; empty if there was none.
    pub platform_status: String,
    /// Whether the platform is done with it.
    pub finished: bool,
    /// Why it failed, or what it is.
    pub message: Option<String>,
    /// When it began.
    pub started_at: Option<u64>,
    /// When it changed last.
    pub updated_at: Option<u64>,
    /// When it ended.
    pub ended_at: Option<u64>,
    /// The steps to blame, for a run that is over without success.
    pub failed_steps: Vec<Step>,
    /// More facts.
    pub details: Vec<Attribute>,
}

/// What became of the wish to stop a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CancelOutcome {
    /// It will stop.
    Requested,
    /// It was stopping.
    AlreadyStopping,
    /// It was over.
    AlreadyFinished,
}

/// The answer to a cancel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Cancellation {
    /// What became of it.
    pub outcome: CancelOutcome,
    /// For people.
    pub message: String,
}
