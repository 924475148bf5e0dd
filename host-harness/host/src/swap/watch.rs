//! Watches a component's file, and swaps the component in when the file has changed.
//!
//! The operating system reports that something happened in the file's directory; what happened is
//! read from the file's metadata. The file is read once it has stayed the same for a while, so that a
//! file that is still being written isn't taken for complete, and each content is tried once. It is
//! safest to write the component beside the old one and to rename it: then the file is complete at
//! every moment.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::sleep;

use crate::digest::Digest;
use crate::loading::error::LoadError;
use crate::loading::source::Source;
use crate::swap::slot::{Slot, Swap};

/// How long a file has to stay the same before it is read.
const REST: Duration = Duration::from_millis(250);

/// Swaps a slot's plugin whenever a file changes. Made by [`Slot::watch`].
#[derive(Debug)]
pub struct Watch {
    slot: Slot,
    path: PathBuf,
    /// The file's fingerprint when it was last read.
    seen: Option<Fingerprint>,
    /// The component that was last tried, whether it was swapped in or refused.
    tried: Digest,
    /// Whether the file may have changed since it was last read.
    pending: bool,
    changes: Receiver<()>,
    /// Ends the watch when it is dropped.
    _watcher: RecommendedWatcher,
}

/// A file can't be watched.
#[derive(Debug, thiserror::Error)]
#[error("cannot watch {}: {reason}", path.display())]
#[non_exhaustive]
pub struct WatchError {
    /// The file that was to be watched.
    pub path: PathBuf,
    /// What the operating system says about it.
    pub reason: String,
}

/// A file's length, time of modification and inode; none if there is no file.
type Fingerprint = Option<(u64, SystemTime, u64)>;

impl Slot {
    /// Watches a file from now on, whichever plugin serves now. [`Watch::next`] does the swaps.
    ///
    /// # Errors
    ///
    /// The file's directory doesn't exist, or the operating system's limit on watches is reached.
    pub fn watch(&self, path: impl AsRef<Path>) -> Result<Watch, WatchError> {
        let path = path.as_ref();
        let error = |reason: String| WatchError {
            path: path.to_owned(),
            reason,
        };
        let path = std::path::absolute(path).map_err(|e| error(e.to_string()))?;
        let directory = path
            .parent()
            .ok_or_else(|| error("it is not a file".into()))?;
        // One pending change is as good as many.
        let (changed, changes) = mpsc::channel(1);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<_>| {
            // An error may mean that events were lost, so it counts as a change.
            let is_change = !event.is_ok_and(|event: notify::Event| event.kind.is_access());
            if is_change {
                let _ = changed.try_send(());
            }
        })
        .map_err(|e| error(e.to_string()))?;
        // The directory and not the file, because another file may replace the file.
        watcher
            .watch(directory, RecursiveMode::NonRecursive)
            .map_err(|e| error(e.to_string()))?;
        Ok(Watch {
            slot: self.clone(),
            seen: None,
            tried: self.plugin().digest(),
            // The file may have changed since the plugin was loaded.
            pending: true,
            path,
            changes,
            _watcher: watcher,
        })
    }
}

impl Watch {
    /// Waits until the file has changed and stays the same for 250 ms, and swaps it in. Each content
    /// is tried once. Waits for ever if the file never changes.
    ///
    /// The future can be dropped at any time without losing a change.
    ///
    /// # Errors
    ///
    /// The file can't be loaded. The current plugin goes on serving, and the watch goes on.
    pub async fn next(&mut self) -> Result<Swap, LoadError> {
        loop {
            if !self.pending {
                // The watcher holds the sender, so the channel is never closed.
                let _ = self.changes.recv().await;
                self.pending = true;
            }
            let current = self.at_rest().await;
            if self.seen == Some(current) {
                self.pending = false;
                continue;
            }
            let source = Source::file(&self.path);
            let origin = source.origin();
            let read = self.slot.plugin().host().read(source).await;
            if fingerprint(&self.path) != current {
                continue;
            }
            let outcome = match read {
                Ok(binary) if binary.digest == self.tried => None,
                Ok(binary) => {
                    let digest = binary.digest;
                    let outcome = self.slot.swap_read(origin, binary).await;
                    self.tried = digest;
                    Some(outcome)
                }
                Err(error) => Some(Err(error)),
            };
            self.seen = Some(current);
            self.pending = false;
            if let Some(outcome) = outcome {
                return outcome;
            }
        }
    }

    /// The file's fingerprint once it stays the same.
    async fn at_rest(&mut self) -> Fingerprint {
        let mut last = fingerprint(&self.path);
        loop {
            sleep(REST).await;
            // The fingerprint below includes the changes until here.
            while self.changes.try_recv().is_ok() {}
            match fingerprint(&self.path) {
                current if current == last => return current,
                current => last = current,
            }
        }
    }
}

fn fingerprint(path: &Path) -> Fingerprint {
    let ask = || -> io::Result<_> {
        let metadata = fs::metadata(path)?;
        Ok((metadata.len(), metadata.modified()?, inode(&metadata)))
    };
    ask().ok()
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> u64 {
    std::os::unix::fs::MetadataExt::ino(metadata)
}

#[cfg(not(unix))]
fn inode(_metadata: &fs::Metadata) -> u64 {
    0
}
