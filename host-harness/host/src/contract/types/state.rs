//! The state of a run or of one of its steps.

use wasmtime::component::{ComponentType, Lift, Lower};

/// The state of a run or of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ComponentType, Lift, Lower)]
#[component(enum)]
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
    Unknown,
}
