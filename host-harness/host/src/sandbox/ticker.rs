//! The thread that counts the engine's epochs, so that running WebAssembly can be interrupted.

use std::io;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use wasmtime::Engine;

/// Counts epochs until it is dropped.
///
/// It is a thread of the operating system and not a task, because plugins that spin on every thread
/// of the executor would keep a task from running.
#[derive(Debug)]
pub(crate) struct Ticker {
    /// Ends the thread when it is dropped.
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Ticker {
    pub(crate) fn start(engine: &Engine, tick: Duration) -> io::Result<Self> {
        let (stop, stopped) = mpsc::channel();
        let engine = engine.clone();
        let thread = thread::Builder::new()
            .name("polysync-epochs".to_owned())
            .spawn(move || {
                while stopped.recv_timeout(tick) == Err(RecvTimeoutError::Timeout) {
                    engine.increment_epoch();
                }
            })?;
        Ok(Self {
            stop: Some(stop),
            thread: Some(thread),
        })
    }
}

impl Drop for Ticker {
    fn drop(&mut self) {
        drop(self.stop.take());
        if let Some(thread) = self.thread.take() {
            // Joining only fails if the thread panicked, which it doesn't.
            let _ = thread.join();
        }
    }
}
