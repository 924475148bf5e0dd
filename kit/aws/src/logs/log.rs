//! Where a job writes its log.

/// Where a job writes. All times are milliseconds since 1970.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Log {
    /// At least one. What they hold is read together.
    pub groups: Vec<Group>,
    /// Nothing was written before this time.
    pub from: Option<u64>,
    /// Nothing was written after this time.
    pub until: Option<u64>,
    /// Whether the job is over, so that a log that isn't there won't come.
    pub is_over: bool,
}

/// A log group, and the streams in it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Group {
    /// For example `/aws/sagemaker/TrainingJobs`.
    pub name: String,
    /// What the names of the streams begin with; `None` for all streams. A job's name needs what
    /// follows it, so that job `a` does not show the log of job `ab`.
    pub stream_prefix: Option<String>,
}

impl Group {
    /// The group and its streams, for a person.
    pub(super) fn describe(&self) -> String {
        match &self.stream_prefix {
            Some(prefix) => format!(
                "the streams of {} whose names begin with {prefix}",
                self.name
            ),
            None => self.name.clone(),
        }
    }
}
