//! What a plugin may or may not offer, as far as the tool decides by it.

use polysync_host::contract::Description;

/// A word of `description.features`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Feature {
    Cancel,
    MonitorUrl,
    Steps,
}

impl Feature {
    /// Whether a job type offers it.
    pub(crate) fn is_offered_by(self, description: &Description) -> bool {
        let word = match self {
            Self::Cancel => "cancel",
            Self::MonitorUrl => "monitor-url",
            Self::Steps => "steps",
        };
        description.features.iter().any(|feature| feature == word)
    }
}
