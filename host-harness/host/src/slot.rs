//! A slot: the place of one job type, in which one plugin takes over from another.
//!
//! The rules of a swap:
//!
//! 1. Whatever can fail comes first and happens aside: the file is read, its size and its SHA-256
//!    are checked, it is compiled, its imports, exports and types are checked against the contract,
//!    and `describe` is called within the limits. Meanwhile the old plugin serves, and if any of it
//!    fails it goes on serving.
//! 2. The swap itself is one store of one pointer, which can't fail. A call reads that pointer once,
//!    without a lock, when it begins; it keeps what it got until it ends. So each call is of one
//!    generation whole, and none waits for a swap.
//! 3. A slot serves one job type: the plugin that takes over has the same id. Runs, jobs and cursors
//!    of one generation are good for the next; the contract promises it.
//! 4. What a connection was granted stays as it was. A plugin that needs more is denied it, until
//!    somebody grants it.
//! 5. A generation ends when its last call does: then its machine code goes, unless the slot keeps
//!    it for a rollback.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use arc_swap::ArcSwap;
use tracing::info;

use crate::access::Access;
use crate::contract::Connection;
use crate::error::{LoadError, LoadFault, NothingToRollBackTo};
use crate::generation::Generation;
use crate::identity::PluginIdentity;
use crate::job_type::JobType;
use crate::plugin::Plugin;
use crate::source::{Binary, Source};

/// How many plugins are kept for rollbacks, beside the one that serves.
const KEPT: usize = 4;

/// The place of one job type. Its plugin is swapped while calls are under way: they finish on the
/// code that they began on, and those that begin afterwards have the new one. Cheap to clone; the
/// clones are the same slot.
#[derive(Clone)]
pub struct Slot(Arc<Inner>);

struct Inner {
    serving: ArcSwap<Generation>,
    history: Mutex<History>,
    /// Held from reading a plugin to swapping it in, so that of two swaps the later one wins.
    loading: tokio::sync::Mutex<()>,
}

#[derive(Default)]
struct History {
    /// Those that served before the one that serves, the last one last.
    earlier: Vec<Plugin>,
    /// Those that were swapped out, of which some are still at work.
    draining: Vec<Weak<Generation>>,
}

/// What a swap came to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Swap {
    /// Another plugin serves from now on.
    Done {
        /// The one that finishes its calls.
        from: Arc<PluginIdentity>,
        /// The one that serves.
        to: Arc<PluginIdentity>,
    },
    /// The component is the one that serves already.
    Unchanged {
        /// The one that serves.
        serving: Arc<PluginIdentity>,
    },
}

/// A generation that serves, or that isn't at its end yet.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GenerationUse {
    /// Which one.
    pub identity: Arc<PluginIdentity>,
    /// Its calls that are under way, those that wait for a place in the pool included.
    pub calls: usize,
}

impl Slot {
    /// A slot in which this plugin is the first generation.
    #[must_use]
    pub fn new(plugin: Plugin) -> Self {
        Self(Arc::new(Inner {
            serving: ArcSwap::new(Generation::new(1, plugin)),
            history: Mutex::default(),
            loading: tokio::sync::Mutex::default(),
        }))
    }

    /// The plugin that serves now.
    #[must_use]
    pub fn plugin(&self) -> Plugin {
        self.0.serving.load().plugin.clone()
    }

    /// Which plugin serves now.
    #[must_use]
    pub fn identity(&self) -> Arc<PluginIdentity> {
        Arc::clone(&self.0.serving.load().identity)
    }

    /// The job type on behalf of a connection: each call is answered by the plugin that serves when
    /// it begins.
    ///
    /// Keep it for as long as the connection is in use: it holds the credentials, so that they
    /// aren't looked for in each call.
    #[must_use]
    pub fn for_connection(&self, connection: Connection, access: Access) -> JobType {
        JobType::of_slot(self.clone(), connection, access)
    }

    /// Loads a component aside, and swaps it in if all is well with it.
    ///
    /// Swaps that are asked for at the same time are done one after the other. Dropping the future
    /// leaves the slot as it is.
    ///
    /// # Errors
    ///
    /// The component can't be loaded, or is of another job type. The plugin that serves goes on.
    pub async fn swap(&self, source: impl Into<Source>) -> Result<Swap, LoadError> {
        let _turn = self.0.loading.lock().await;
        let source = source.into();
        let origin = source.origin();
        let binary = self.plugin().host().read(source).await?;
        self.swap_binary(origin, binary).await
    }

    /// Waits until no other swap is under way, then swaps what was read.
    #[cfg(feature = "watch")]
    pub(crate) async fn swap_read(&self, origin: String, read: Binary) -> Result<Swap, LoadError> {
        let _turn = self.0.loading.lock().await;
        self.swap_binary(origin, read).await
    }

    async fn swap_binary(&self, origin: String, binary: Binary) -> Result<Swap, LoadError> {
        let serving = self.serving();
        if binary.digest == serving.identity.digest {
            return Ok(Swap::Unchanged {
                serving: Arc::clone(&serving.identity),
            });
        }
        let plugin = serving.plugin.host().load_binary(&origin, binary).await?;
        let (expected, found) = (&serving.identity.id, &plugin.description().id);
        if found != expected {
            let fault = LoadFault::OtherJobType {
                expected: expected.clone(),
                found: found.clone(),
            };
            return Err(LoadError { origin, fault });
        }
        let mut history = self.history();
        history.earlier.push(self.plugin());
        let surplus = history.earlier.len().saturating_sub(KEPT);
        history.earlier.drain(..surplus);
        Ok(self.install(&mut history, plugin))
    }

    /// Brings back the plugin that served before the one that serves now. Again, the one before
    /// that; the last few are kept.
    ///
    /// # Errors
    ///
    /// No plugin served before.
    pub fn rollback(&self) -> Result<Swap, NothingToRollBackTo> {
        let mut history = self.history();
        match history.earlier.pop() {
            Some(plugin) => Ok(self.install(&mut history, plugin)),
            None => Err(NothingToRollBackTo {
                serving: self.identity(),
            }),
        }
    }

    /// The generation that serves, then those that still have calls under way or that a
    /// [`JobType`] is pinned to, the latest first.
    #[must_use]
    pub fn generations(&self) -> Vec<GenerationUse> {
        let use_of = |generation: &Arc<Generation>| GenerationUse {
            identity: Arc::clone(&generation.identity),
            calls: generation.calls(),
        };
        let history = self.history();
        let mut uses = vec![use_of(&self.0.serving.load())];
        let draining = history.draining.iter().rev().filter_map(Weak::upgrade);
        uses.extend(draining.map(|generation| use_of(&generation)));
        uses
    }

    pub(crate) fn serving(&self) -> Arc<Generation> {
        self.0.serving.load_full()
    }

    fn history(&self) -> MutexGuard<'_, History> {
        // No code that holds it can panic.
        self.0
            .history
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Swaps a plugin in. Whoever holds the history is the only one who swaps.
    fn install(&self, history: &mut History, plugin: Plugin) -> Swap {
        let current = self.serving();
        let next = Generation::new(current.identity.generation.saturating_add(1), plugin);
        let (from, to) = (Arc::clone(&current.identity), Arc::clone(&next.identity));
        history
            .draining
            .retain(|generation| generation.strong_count() > 0);
        history.draining.push(Arc::downgrade(&current));
        self.0.serving.store(next);
        info!(%from, %to, "swapped");
        Swap::Done { from, to }
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Slot").field(&self.identity()).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::host::Host;
    use crate::limits::Limits;

    #[tokio::test]
    async fn the_code_of_a_generation_goes_when_nothing_needs_it_any_more() {
        let builds = [
            test_components::sagemaker_pipeline_next(),
            test_components::sagemaker_pipeline(),
        ];
        let cache = tempfile::tempdir().expect("a folder");
        let host = Host::with_cache(Limits::recommended(), cache.path()).expect("a host");
        let slot = Slot::new(host.load(builds[1]).await.expect("a plugin"));
        let first = Arc::downgrade(&slot.plugin().0);
        let mut swaps = builds.iter().cycle();
        for build in swaps.by_ref().take(KEPT) {
            slot.swap(build).await.expect("a swap");
        }
        assert!(first.upgrade().is_some(), "it is kept for a rollback");
        let next = swaps.next().expect("a build");
        slot.swap(next).await.expect("a swap");
        assert!(first.upgrade().is_none());
    }
}
