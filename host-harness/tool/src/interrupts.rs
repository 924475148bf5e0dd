//! Ctrl-C and SIGTERM, as something to wait for: `tokio::signal` has each of them alone.

use std::io;

use anyhow::Context;
use tokio::signal;

use crate::failure::Failure;

/// Both signals. Once this exists, neither ends the program by itself.
#[derive(Debug)]
pub(crate) struct Interrupts {
    #[cfg(unix)]
    interrupt: signal::unix::Signal,
    #[cfg(unix)]
    terminate: signal::unix::Signal,
}

impl Interrupts {
    pub(crate) fn listen() -> Result<Self, Failure> {
        Ok(Self::register().context("cannot listen for Ctrl-C")?)
    }

    #[cfg(unix)]
    fn register() -> io::Result<Self> {
        use signal::unix::{SignalKind, signal};
        Ok(Self {
            interrupt: signal(SignalKind::interrupt())?,
            terminate: signal(SignalKind::terminate())?,
        })
    }

    #[cfg(not(unix))]
    fn register() -> io::Result<Self> {
        Ok(Self {})
    }

    /// Waits for the next one. One that comes between two waits isn't lost.
    #[cfg(unix)]
    pub(crate) async fn next(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }

    /// Waits for the next one.
    #[cfg(not(unix))]
    pub(crate) async fn next(&mut self) {
        // Without a handler, Ctrl-C ends the program as usual.
        if signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    }
}
