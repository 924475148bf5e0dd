//! Watches a component's file, and swaps it in when it has changed.
//!
//! The operating system tells that something happened in the file's folder; what happened is asked
//! of the file itself. It is read once it has been at rest for a while, so that one that is still
//! being written isn't taken for whole, and tried once for each content. Safest is to write the
//! component beside the old one and rename it: then there is no moment at which half of it is there.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{self, Receiver};
use tokio::time::sleep;

use crate::digest::Digest;
use crate::error::LoadError;
use crate::slot::{Slot, Swap};
use crate::source::Source;

/// For how long a file has to stay the same before it is read.
const REST: Duration = Duration::from_millis(250);

/// Swaps a slot's plugin whenever a file changes. Made by [`Slot::watch`].
#[derive(Debug)]
pub struct Watch {
    slot: Slot,
    path: PathBuf,
    /// What the file was when it was last read.
    seen: Option<Fingerprint>,
    /// What was last tried, whether it was swapped in or refused.
    tried: Digest,
    /// Whether something happened that wasn't looked into.
    pending: bool,
    changes: Receiver<()>,
    /// Watches for as long as it lives.
    _watcher: RecommendedWatcher,
}

/// A file can't be watched.
#[derive(Debug, thiserror::Error)]
#[error("cannot watch {}: {reason}", path.display())]
#[non_exhaustive]
pub struct WatchError {
    /// The file.
    pub path: PathBuf,
    /// Why not.
    pub reason: String,
}

/// What can be told of a file without reading it; none if it isn't there.
type Fingerprint = Option<(u64, SystemTime, u64)>;

impl Slot {
    /// Watches a file, from now on and whatever serves now. [`Watch::next`] does the swaps.
    ///
    /// # Errors
    ///
    /// The file's folder isn't there, or the system can't watch any more.
    pub fn watch(&self, path: impl AsRef<Path>) -> Result<Watch, WatchError> {
        let path = path.as_ref();
        let error = |reason: String| WatchError {
            path: path.to_owned(),
            reason,
        };
        let path = std::path::absolute(path).map_err(|e| error(e.to_string()))?;
        let folder = path.parent().ok_or_else(|| error("it is no file".into()))?;
        // One change that is pending says as much as many.
        let (changed, changes) = mpsc::channel(1);
        let mut watcher = notify::recommended_watcher(move |event: notify::Result<_>| {
            // An error may mean that events were lost: as good a reason to look.
            let is_change = !event.is_ok_and(|event: notify::Event| event.kind.is_access());
            if is_change {
                let _ = changed.try_send(());
            }
        })
        .map_err(|e| error(e.to_string()))?;
        // The folder and not the file, which may be replaced by another.
        watcher
            .watch(folder, RecursiveMode::NonRecursive)
            .map_err(|e| error(e.to_string()))?;
        Ok(Watch {
            slot: self.clone(),
            seen: None,
            tried: self.plugin().digest(),
            // It may have changed since it was loaded.
            pending: true,
            path,
            changes,
            _watcher: watcher,
        })
    }
}

impl Watch {
    /// Waits until the file has changed and is at rest, and swaps it in. Each content is tried
    /// once; for ever pending where the file never changes.
    ///
    /// Can be dropped and called again at any time: nothing is lost by it.
    ///
    /// # Errors
    ///
    /// The file can't be loaded. The plugin that serves goes on, and so does the watch.
    pub async fn next(&mut self) -> Result<Swap, LoadError> {
        loop {
            if !self.pending {
                // The watcher holds the other end: there is always a next one.
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

    /// What the file is once it stays so.
    async fn at_rest(&mut self) -> Fingerprint {
        let mut last = fingerprint(&self.path);
        loop {
            sleep(REST).await;
            // Whatever happened until here is in what is asked for next.
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
