//! Watches a component's file, and swaps the component in when the file has changed.
//!
//! The operating system reports that something happened in the file's directory; what happened is
//! read from the file's metadata. Not every file system sends events (NFS and some overlays don't), so
//! the metadata is also read every few seconds. The file is read once it has stayed the same for a
//! while, so that a file that is still being written isn't taken for complete, and each content is
//! tried once, or again if it failed for a reason that may pass. It is safest to write the component
//! beside the old one and to rename it: then the file is complete at every moment.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use notify::{RecommendedWatcher, RecursiveMode, Watcher};
use tokio::sync::mpsc::{self, Receiver, Sender};

use crate::clock::{Clock, SystemClock};
use crate::digest::Digest;
use crate::loading::error::LoadError;
use crate::loading::source::Source;
use crate::swap::slot::{Slot, Swap};

/// How long a file has to stay the same before it is read.
const REST: Duration = Duration::from_millis(250);
/// How often the file's metadata is read without an event.
const POLL: Duration = Duration::from_secs(5);
/// The wait after the first failure that may pass; it doubles with each further one.
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// How far that wait grows.
const LONGEST_RETRY: Duration = Duration::from_secs(60);

/// Swaps a slot's plugin whenever a file changes. Made by [`Slot::watch`].
#[derive(Debug)]
pub struct Watch {
    slot: Slot,
    path: PathBuf,
    clock: Arc<dyn Clock>,
    /// The file's fingerprint when it was last read.
    seen: Option<Fingerprint>,
    /// The component that was last tried, whether it was swapped in or refused.
    tried: Digest,
    /// Whether the file may have changed since it was last read.
    pending: bool,
    /// The last try failed for a reason that may pass.
    retry: Option<Retry>,
    /// When the metadata is read without an event; `None` before the first wait.
    poll_at: Option<SystemTime>,
    changes: Receiver<()>,
    /// Keeps the channel open where there is no watcher.
    _changed: Sender<()>,
    /// Ends the watch when it is dropped; `None` where the file is only polled.
    _watcher: Option<RecommendedWatcher>,
}

/// A try that is made again.
#[derive(Debug)]
struct Retry {
    at: SystemTime,
    /// How long it was waited for.
    wait: Duration,
    /// The failure that was returned last, so that it isn't returned again.
    failure: String,
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

/// What tells that a file has changed, as far as its metadata says; none if there is no file.
type Fingerprint = Option<Metadata>;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Metadata {
    length: u64,
    modified: SystemTime,
    /// On Unix the inode and the time of the last change of its metadata: another file may have the
    /// same time of modification, and permissions may change.
    inode: (u64, i64, i64),
}

impl Slot {
    /// Watches a file from now on, whichever plugin serves now. [`Watch::next`] does the swaps.
    ///
    /// Where the file system or the operating system's limit on watches allows no events, the file is
    /// only polled, every 5 seconds.
    ///
    /// # Errors
    ///
    /// The file's directory doesn't exist.
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
        fs::read_dir(directory).map_err(|e| error(e.to_string()))?;
        let mut watch = Watch::polling(self, path.clone());
        match watcher(directory, watch._changed.clone()) {
            Ok(watcher) => watch._watcher = Some(watcher),
            Err(error) => {
                tracing::warn!(%error, "{} is polled, because it can't be watched", path.display());
            }
        }
        Ok(watch)
    }
}

/// Sends something whenever anything happens in a directory.
fn watcher(directory: &Path, changed: Sender<()>) -> notify::Result<RecommendedWatcher> {
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<_>| {
        // An error may mean that events were lost, so it counts as a change.
        let is_change = !event.is_ok_and(|event: notify::Event| event.kind.is_access());
        if is_change {
            let _ = changed.try_send(());
        }
    })?;
    // The directory and not the file, because another file may replace the file.
    watcher.watch(directory, RecursiveMode::NonRecursive)?;
    Ok(watcher)
}

impl Watch {
    /// A watch without events.
    fn polling(slot: &Slot, path: PathBuf) -> Self {
        // One pending change is as good as many.
        let (changed, changes) = mpsc::channel(1);
        Self {
            slot: slot.clone(),
            path,
            clock: Arc::new(SystemClock),
            seen: None,
            tried: slot.plugin().digest(),
            // The file may have changed since the plugin was loaded.
            pending: true,
            retry: None,
            poll_at: None,
            changes,
            _changed: changed,
            _watcher: None,
        }
    }

    /// Waits by this clock instead of the system's.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Takes the content with this digest for tried: it isn't swapped in before the file has another
    /// content. So a plugin that was rolled back from stays away after a restart.
    #[must_use]
    pub fn after(mut self, tried: Digest) -> Self {
        self.tried = tried;
        self
    }

    /// Waits until the file has changed and stays the same for 250 ms, and swaps it in. Each content
    /// is tried once. One that fails for a reason that [may pass](crate::LoadFault::may_pass) is tried
    /// again after 1 s, 2 s, 4 s and so on up to a minute; a failure that is the same again isn't
    /// returned. Waits for ever if the file never changes.
    ///
    /// The future can be dropped at any time without losing a change.
    ///
    /// # Errors
    ///
    /// The file can't be loaded. The current plugin goes on serving, and the watch goes on.
    pub async fn next(&mut self) -> Result<Swap, LoadError> {
        loop {
            self.wait_until_due().await;
            let current = self.at_rest().await;
            let is_same = self.seen == Some(current);
            if is_same && !self.is_retry_due() {
                self.pending = false;
                continue;
            }
            let ticket = self.slot.ticket();
            let source = Source::file(&self.path);
            let origin = source.origin();
            let read = self.slot.plugin().host().read(source).await;
            if fingerprint(&self.path) != current {
                continue;
            }
            let outcome = match read {
                Ok(binary) if binary.digest == self.tried && self.retry.is_none() => None,
                Ok(binary) => {
                    let digest = binary.digest;
                    let outcome = self.slot.swap_read(ticket, origin, binary).await;
                    self.tried = digest;
                    Some(outcome)
                }
                Err(error) => Some(Err(error)),
            };
            self.seen = Some(current);
            self.pending = false;
            let earlier = self.retry.take().filter(|_| is_same);
            let is_news = match &outcome {
                Some(Err(error)) if error.fault.may_pass() => self.retry_later(earlier, error),
                _ => true,
            };
            match outcome {
                Some(outcome) if is_news => return outcome,
                _ => {}
            }
        }
    }

    /// Waits for a change, a poll that finds one, or the time of the next try.
    async fn wait_until_due(&mut self) {
        while !self.pending && !self.is_retry_due() {
            let now = self.clock.now();
            let poll_at = *self.poll_at.get_or_insert(now + POLL);
            let due = self
                .retry
                .iter()
                .map(|retry| retry.at)
                .fold(poll_at, Ord::min);
            // A clock that was set back delays nothing for longer than a poll.
            let wait = due.duration_since(now).unwrap_or_default().min(POLL);
            tokio::select! {
                // `_changed` keeps the channel open.
                _ = self.changes.recv() => self.pending = true,
                () = self.clock.sleep(wait) => {
                    if self.clock.now() >= poll_at || wait == POLL {
                        self.poll_at = None;
                        self.pending = self.seen != Some(fingerprint(&self.path));
                    }
                }
            }
        }
    }

    fn is_retry_due(&self) -> bool {
        let now = self.clock.now();
        self.retry.as_ref().is_some_and(|retry| retry.at <= now)
    }

    /// Plans the next try after a failure that may pass. Whether the failure is another one than last
    /// time.
    fn retry_later(&mut self, earlier: Option<Retry>, error: &LoadError) -> bool {
        let failure = error.to_string();
        let wait = match &earlier {
            Some(earlier) => earlier.wait.saturating_mul(2).min(LONGEST_RETRY),
            None => FIRST_RETRY,
        };
        let is_new = earlier.is_none_or(|earlier| earlier.failure != failure);
        self.retry = Some(Retry {
            at: self.clock.now() + wait,
            wait,
            failure,
        });
        is_new
    }

    /// The file's fingerprint once it stays the same.
    async fn at_rest(&mut self) -> Fingerprint {
        let mut last = fingerprint(&self.path);
        loop {
            self.clock.sleep(REST).await;
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
        Ok(Metadata {
            length: metadata.len(),
            modified: metadata.modified()?,
            inode: inode(&metadata),
        })
    };
    ask().ok()
}

#[cfg(unix)]
fn inode(metadata: &fs::Metadata) -> (u64, i64, i64) {
    use std::os::unix::fs::MetadataExt;
    (metadata.ino(), metadata.ctime(), metadata.ctime_nsec())
}

#[cfg(not(unix))]
fn inode(_metadata: &fs::Metadata) -> (u64, i64, i64) {
    (0, 0, 0)
}

#[cfg(test)]
mod tests;
