//! The state of a run or of one of its steps.

use std::fmt;

use wasmtime::component::{ComponentType, Lift, Lower};

/// The state of a run or of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ComponentType, Lift, Lower)]
#[component(enum)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[repr(u8)]
pub enum RunState {
    /// It is under way, or waits for its turn.
    #[component(name = "running")]
    Running,
    /// It is over, and did what it should.
    #[component(name = "success")]
    Success,
    /// It is over, and didn't do what it should.
    #[component(name = "failed")]
    Failed,
    /// It is over because somebody stopped it.
    #[component(name = "cancelled")]
    Cancelled,
    /// The platform says something that this plugin doesn't know, or nothing.
    #[component(name = "unknown")]
    #[cfg_attr(feature = "serde", serde(other))]
    Unknown,
}

impl RunState {
    /// The contract's word for it, which is its JSON form too.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Running => "running",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Cancelled => "cancelled",
            Self::Unknown => "unknown",
        }
    }
}

impl fmt::Display for RunState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}
