//! The features of a plugin that the tool asks about.

use polysync_host::contract::Description;

/// A word of `description.features`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feature {
    Cancel,
    /// The same GUID never starts a second run.
    IdempotentStart,
    Inspect,
    Logs,
    MonitorUrl,
    Steps,
}

impl Feature {
    /// Whether the description lists it.
    pub(crate) fn is_offered_by(self, description: &Description) -> bool {
        let word = self.word();
        description.features.iter().any(|feature| feature == word)
    }

    /// What to say where a job type doesn't offer it.
    pub(crate) fn not_offered_by(self, description: &Description) -> String {
        let (id, word) = (&description.id, self.word());
        format!("the job type `{id}` doesn't offer `{word}`")
    }

    fn word(self) -> &'static str {
        match self {
            Self::Cancel => "cancel",
            Self::IdempotentStart => "idempotent-start",
            Self::Inspect => "inspect",
            Self::Logs => "logs",
            Self::MonitorUrl => "monitor-url",
            Self::Steps => "steps",
        }
    }
}
