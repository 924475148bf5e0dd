//! A Glue job for the emulator: its definition, and how its runs go.

use std::collections::BTreeMap;
use std::time::Duration;

/// The log group of a job that names none, without its part.
const LOG_GROUP: &str = "/aws-glue/jobs";

/// A Glue job for the emulator.
#[derive(Clone, Debug)]
pub struct GlueJob {
    pub(crate) name: String,
    pub(crate) description: Option<String>,
    pub(crate) default_arguments: BTreeMap<String, String>,
    pub(crate) non_overridable_arguments: BTreeMap<String, String>,
    pub(crate) max_concurrent_runs: usize,
    /// The log group without its part, which is `/output` or `/error`.
    pub(crate) log_group: String,
    /// `None` for that of a step.
    pub(crate) run_duration: Option<Duration>,
    /// The error message of its runs, which all fail.
    pub(crate) failure: Option<String>,
}

impl GlueJob {
    /// A job whose runs succeed after the duration of a step. It has no arguments, and one run at once.
    pub fn new(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            description: None,
            default_arguments: BTreeMap::new(),
            non_overridable_arguments: BTreeMap::new(),
            max_concurrent_runs: 1,
            log_group: LOG_GROUP.to_owned(),
            run_duration: None,
            failure: None,
        }
    }

    /// Sets `Description`.
    pub fn description(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    /// Adds one of the `DefaultArguments`. Its name begins with two dashes.
    pub fn default_argument(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.default_arguments.insert(name.into(), value.into());
        self
    }

    /// Adds one of the `NonOverridableArguments`. Its name begins with two dashes.
    pub fn non_overridable_argument(
        mut self,
        name: impl Into<String>,
        value: impl Into<String>,
    ) -> Self {
        self.non_overridable_arguments
            .insert(name.into(), value.into());
        self
    }

    /// Sets `MaxConcurrentRuns`; 1 by default.
    pub fn max_concurrent_runs(mut self, count: usize) -> Self {
        self.max_concurrent_runs = count;
        self
    }

    /// Sets `LogGroupName` of its runs; `/aws-glue/jobs` by default.
    pub fn log_group(mut self, name: impl Into<String>) -> Self {
        self.log_group = name.into();
        self
    }

    /// Sets how long its runs take; by default as long as a step.
    pub fn run_duration(mut self, duration: Duration) -> Self {
        self.run_duration = Some(duration);
        self
    }

    /// Makes its runs fail at their end, with this error message.
    pub fn failing(mut self, message: impl Into<String>) -> Self {
        self.failure = Some(message.into());
        self
    }
}
