//! What a platform may or may not offer.

/// A word of `description.features`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Feature {
    /// `discover`
    Discover,
    /// `inspect`
    Inspect,
    /// `cancel`
    Cancel,
    /// `retry`
    Retry,
    /// `steps`
    Steps,
    /// `logs`
    Logs,
    /// `monitor-url`
    MonitorUrl,
    /// `output-parameters`: a finished run's status holds the job's output parameters.
    OutputParameters,
    /// `idempotent-start`: the same GUID never starts a second run.
    IdempotentStart,
}

impl Feature {
    /// The word of the contract.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Discover => "discover",
            Self::Inspect => "inspect",
            Self::Cancel => "cancel",
            Self::Retry => "retry",
            Self::Steps => "steps",
            Self::Logs => "logs",
            Self::MonitorUrl => "monitor-url",
            Self::OutputParameters => "output-parameters",
            Self::IdempotentStart => "idempotent-start",
        }
    }
}

impl From<Feature> for String {
    fn from(feature: Feature) -> Self {
        feature.as_str().to_owned()
    }
}
