//! The features of a plugin that the tool asks about.

use polysync_host::contract::Description;

/// A word of `description.features`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feature {
    Cancel,
    /// The same GUID never starts a second run.
    IdempotentStart,
    Logs,
    MonitorUrl,
    Steps,
}

impl Feature {
    /// Whether the description lists it.
    pub(crate) fn is_offered_by(self, description: &Description) -> bool {
        let word = match self {
            Self::Cancel => "cancel",
            Self::IdempotentStart => "idempotent-start",
            Self::Logs => "logs",
            Self::MonitorUrl => "monitor-url",
            Self::Steps => "steps",
        };
        description.features.iter().any(|feature| feature == word)
    }
}
