//! How a host is set up, beside its limits.

use std::path::{Path, PathBuf};

/// How a host is set up, beside its [`Limits`](crate::Limits).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HostOptions {
    pub(crate) cache: Option<PathBuf>,
    pub(crate) signal_handlers: bool,
}

impl HostOptions {
    /// Without a cache, and with the engine's signal handlers.
    #[must_use]
    pub fn new() -> Self {
        Self {
            cache: None,
            signal_handlers: true,
        }
    }

    /// Stores the machine code of components in this directory, so that a component that was compiled
    /// once loads in milliseconds. [`Host::with_cache`](crate::Host::with_cache) says what the directory
    /// has to be.
    #[must_use]
    pub fn with_cache(self, directory: &Path) -> Self {
        Self {
            cache: Some(directory.to_owned()),
            ..self
        }
    }

    /// Leaves the process's signal handlers alone.
    ///
    /// Compiled code that divides by zero or leaves its memory usually raises a signal, which the engine
    /// handles. The runtimes of .NET and Java handle the same signals for their own null references, and
    /// a process in which both do so crashes. Without handlers the compiled code has explicit checks: it
    /// compiles more slowly and is larger.
    #[must_use]
    pub fn without_signal_handlers(self) -> Self {
        Self {
            signal_handlers: false,
            ..self
        }
    }
}

impl Default for HostOptions {
    fn default() -> Self {
        Self::new()
    }
}
