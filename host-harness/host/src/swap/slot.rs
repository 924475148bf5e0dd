//! A slot holds the plugin that serves one job type, and lets another plugin take over.
//!
//! The rules of a swap:
//!
//! 1. Everything that can fail happens first, while the old plugin serves: the file is read, its size
//!    and its SHA-256 are checked, it is compiled, its imports, exports and types are checked against
//!    the contract, and `describe` is called within the limits. If any of this fails, the old plugin
//!    goes on serving.
//! 2. The swap itself stores one pointer, which can't fail. A call reads that pointer once, without a
//!    lock, when it begins, and uses what it got until it ends. So each call belongs to one
//!    generation, and no call waits for a swap.
//! 3. A slot serves one job type: the plugin that takes over has the same id. Runs, jobs and cursors
//!    of one generation are valid for the next; the contract promises it.
//! 4. A connection's grants stay as they are. A plugin that asks for more than was granted is refused, or
//!    takes over without it and the swap names it, as the slot's [`NeedsPolicy`] says. A rollback is
//!    never refused: it ends trouble.
//! 5. A generation ends when its last call does. Then its machine code is freed, unless the slot keeps
//!    the plugin for a rollback.
//! 6. A rollback wins over the swaps that were asked for before it and are still loading: whoever rolls
//!    back wants the old plugin now, and not what happens to be compiled.

use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use arc_swap::ArcSwap;
use tracing::{info, warn};

use crate::access::requests::GrantRequests;
use crate::identity::PluginIdentity;
use crate::loading::error::{LoadError, LoadFault};
use crate::loading::plugin::Plugin;
use crate::loading::source::{Binary, Source};
use crate::sandbox::fault::CallFault;
use crate::swap::connections::{Asked, Connections};
use crate::swap::generation::Generation;
use crate::swap::needs::{NeedsPolicy, WhenNeedsGrow};

/// Plugins that are kept for rollbacks, in addition to the one that serves.
const KEPT: usize = 4;

/// Serves one job type by a plugin that can be swapped while calls are under way: calls that are
/// under way finish on the code that they began on, and calls that begin afterwards get the new code.
/// Cheap to clone; the clones are the same slot.
#[derive(Clone)]
pub struct Slot(Arc<Inner>);

struct Inner {
    serving: ArcSwap<Generation>,
    history: Mutex<History>,
    /// Held from reading a plugin to swapping it in, so that of two swaps the later one wins.
    loading: tokio::sync::Mutex<()>,
    connections: Connections,
    policy: ArcSwap<NeedsPolicy>,
}

#[derive(Default)]
struct History {
    /// Plugins that served earlier, in the order in which they served.
    earlier: Vec<Earlier>,
    /// What the plugin that serves asks for.
    asked: Asked,
    /// Generations that were swapped out, and may still have calls under way.
    draining: Vec<Weak<Generation>>,
    /// How often a rollback was asked for.
    rollbacks: u64,
}

/// A plugin that is kept for a rollback.
struct Earlier {
    plugin: Plugin,
    asked: Asked,
}

/// How many rollbacks there were when a swap was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Ticket(u64);

/// The outcome of a swap.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Swap {
    /// Another plugin serves from now on.
    Done {
        /// The one that only finishes its calls.
        from: Arc<PluginIdentity>,
        /// The one that serves.
        to: Arc<PluginIdentity>,
        /// What it asks for and isn't granted, by the slot's [`NeedsPolicy`]. It is denied.
        missing: GrantRequests,
    },
    /// The component is the one that serves already.
    Unchanged {
        /// The one that serves.
        serving: Arc<PluginIdentity>,
    },
}

/// A generation that serves or still has calls under way.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct GenerationUse {
    /// The plugin and its number in the slot.
    pub identity: Arc<PluginIdentity>,
    /// Calls that are under way, including those that wait for their turn.
    pub calls: usize,
}

/// The slot keeps no earlier plugin.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no earlier plugin to go back to: {serving} goes on serving")]
#[non_exhaustive]
pub struct NothingToRollBackTo {
    /// The plugin that serves.
    pub serving: Arc<PluginIdentity>,
}

impl Slot {
    /// A slot in which this plugin is the first generation, and that refuses plugins that ask for more
    /// than this one does.
    #[must_use]
    pub fn new(plugin: Plugin) -> Self {
        Self::with_policy(plugin, NeedsPolicy::default())
    }

    /// A slot in which this plugin is the first generation, with a policy for plugins that ask for more
    /// than it does.
    #[must_use]
    pub fn with_policy(plugin: Plugin, policy: NeedsPolicy) -> Self {
        Self(Arc::new(Inner {
            connections: Connections::default(),
            policy: ArcSwap::from_pointee(policy),
            serving: ArcSwap::new(Generation::first(plugin)),
            history: Mutex::default(),
            loading: tokio::sync::Mutex::default(),
        }))
    }

    /// Replaces the policy, for example when more has been granted to the slot's connections. It counts
    /// from the next swap on.
    pub fn set_policy(&self, policy: NeedsPolicy) {
        self.0.policy.store(Arc::new(policy));
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

    /// Loads a component while the current plugin serves, and swaps it in if all checks pass.
    ///
    /// Swaps that are asked for at the same time are done one after the other. Dropping the future
    /// leaves the slot as it is.
    ///
    /// # Errors
    ///
    /// The component can't be loaded, is another job type, or asks for more than was granted and the
    /// policy refuses that; or [`rollback`](Self::rollback) was called meanwhile. The current plugin goes
    /// on serving.
    pub async fn swap(&self, source: impl Into<Source>) -> Result<Swap, LoadError> {
        let ticket = self.ticket();
        let _turn = self.0.loading.lock().await;
        let source = source.into();
        let origin = source.origin();
        let binary = self.plugin().host().read(source).await?;
        self.swap_binary(ticket, origin, binary).await
    }

    /// What a swap that is asked for now has to show when it is installed.
    pub(crate) fn ticket(&self) -> Ticket {
        Ticket(self.history().rollbacks)
    }

    /// Like [`swap`](Self::swap), with a component that has been read already, after `ticket` was taken.
    #[cfg(feature = "watch")]
    pub(crate) async fn swap_read(
        &self,
        ticket: Ticket,
        origin: String,
        read: Binary,
    ) -> Result<Swap, LoadError> {
        let _turn = self.0.loading.lock().await;
        self.swap_binary(ticket, origin, read).await
    }

    async fn swap_binary(
        &self,
        ticket: Ticket,
        origin: String,
        binary: Binary,
    ) -> Result<Swap, LoadError> {
        let digest = binary.digest;
        let rolled_back = |origin: String| LoadError {
            origin,
            fault: LoadFault::RolledBack { digest },
        };
        // First: what serves is not to be called rolled back from.
        let serving = self.serving();
        if binary.digest == serving.identity.digest {
            return Ok(Swap::Unchanged {
                serving: Arc::clone(&serving.identity),
            });
        }
        if self.ticket() != ticket {
            return Err(rolled_back(origin));
        }
        let plugin = self.load(&origin, binary).await?;
        let asked = self.ask(&plugin).await.map_err(|fault| LoadError {
            origin: origin.clone(),
            fault: LoadFault::Needs(fault),
        })?;
        let missing = asked.missing_from(&self.0.policy.load().granted);
        let policy = self.0.policy.load().when_needs_grow;
        if policy == WhenNeedsGrow::Refuse && !missing.is_empty() {
            let fault = LoadFault::NeedsGrow { missing };
            return Err(LoadError { origin, fault });
        }
        let mut history = self.history();
        if Ticket(history.rollbacks) != ticket {
            let serving = self.identity();
            if serving.digest == digest {
                return Ok(Swap::Unchanged { serving });
            }
            return Err(rolled_back(origin));
        }
        let earlier = Earlier {
            plugin: self.plugin(),
            asked: history.asked.clone(),
        };
        history.earlier.push(earlier);
        let surplus = history.earlier.len().saturating_sub(KEPT);
        history.earlier.drain(..surplus);
        Ok(self.install(&mut history, plugin, asked))
    }

    /// Loads a plugin of the slot's job type.
    async fn load(&self, origin: &str, binary: Binary) -> Result<Plugin, LoadError> {
        let serving = self.serving();
        let plugin = serving.plugin.host().load_binary(origin, binary).await?;
        let (expected, found) = (&serving.identity.id, &plugin.description().id);
        if found != expected {
            return Err(LoadError {
                origin: origin.to_owned(),
                fault: LoadFault::OtherJobType {
                    expected: expected.clone(),
                    found: found.clone(),
                },
            });
        }
        Ok(plugin)
    }

    /// Asks a plugin that is to take over what it needs.
    async fn ask(&self, plugin: &Plugin) -> Result<Asked, CallFault> {
        let serving = self.plugin();
        self.0.connections.ask(plugin, &serving).await
    }

    /// Brings back the plugin that served before the current one. Called again, it brings back the
    /// one before that; the slot keeps the last four.
    ///
    /// A swap that is still loading isn't waited for: it ends with
    /// [`LoadFault::RolledBack`](crate::LoadFault::RolledBack), even if there is nothing to go back to.
    /// A swap that is asked for afterwards is done as usual.
    ///
    /// # Errors
    ///
    /// The slot keeps no earlier plugin.
    pub fn rollback(&self) -> Result<Swap, NothingToRollBackTo> {
        let mut history = self.history();
        history.rollbacks = history.rollbacks.wrapping_add(1);
        match history.earlier.pop() {
            Some(Earlier { plugin, asked }) => Ok(self.install(&mut history, plugin, asked)),
            None => Err(NothingToRollBackTo {
                serving: self.identity(),
            }),
        }
    }

    /// Brings back a plugin that the slot doesn't keep, from where the embedder kept its
    /// [bytes](Plugin::bytes): such as the one that served before the program was restarted. Wins over
    /// swaps that are still loading, as [`rollback`](Self::rollback) does, and doesn't wait for them. The
    /// plugin that it takes over from isn't kept for a rollback.
    ///
    /// # Errors
    ///
    /// The component can't be loaded, or is another job type, or another rollback or a swap was asked for
    /// meanwhile.
    /// The current plugin goes on serving.
    pub async fn rollback_to(&self, source: impl Into<Source>) -> Result<Swap, LoadError> {
        let (ticket, before) = {
            let mut history = self.history();
            history.rollbacks = history.rollbacks.wrapping_add(1);
            (Ticket(history.rollbacks), self.identity().generation)
        };
        let source = source.into();
        let origin = source.origin();
        let binary = self.plugin().host().read(source).await?;
        let digest = binary.digest;
        if digest == self.identity().digest {
            return Ok(Swap::Unchanged {
                serving: self.identity(),
            });
        }
        let plugin = self.load(&origin, binary).await?;
        let asked = self.ask(&plugin).await.unwrap_or_else(|fault| {
            warn!(%fault, "the needs of the plugin that is rolled back to aren't known");
            Asked::default()
        });
        let mut history = self.history();
        let fault = if Ticket(history.rollbacks) != ticket {
            LoadFault::RolledBack { digest }
        } else if self.identity().generation != before {
            // Only a swap that was asked for later can have taken over meanwhile.
            LoadFault::Overtaken
        } else {
            return Ok(self.install(&mut history, plugin, asked));
        };
        Err(LoadError { origin, fault })
    }

    /// The generation that serves, then those that still have calls under way or that a
    /// [`JobType`](crate::JobType) is pinned to, the latest first.
    #[must_use]
    pub fn generations(&self) -> Vec<GenerationUse> {
        let usage = |generation: &Arc<Generation>| GenerationUse {
            identity: Arc::clone(&generation.identity),
            calls: generation.calls(),
        };
        let history = self.history();
        let mut uses = vec![usage(&self.0.serving.load())];
        let draining = history.draining.iter().rev().filter_map(Weak::upgrade);
        uses.extend(draining.map(|generation| usage(&generation)));
        uses
    }

    pub(crate) fn connections(&self) -> &Connections {
        &self.0.connections
    }

    pub(crate) fn serving(&self) -> Arc<Generation> {
        self.0.serving.load_full()
    }

    fn history(&self) -> MutexGuard<'_, History> {
        // No code panics while it holds the lock, so the history is consistent even if poisoned.
        self.0
            .history
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a plugin serve. The lock on the history keeps other swaps out.
    fn install(&self, history: &mut History, plugin: Plugin, asked: Asked) -> Swap {
        let current = self.serving();
        let missing = asked.missing_from(&self.0.policy.load().granted);
        history.asked = asked;
        let next = current.next(plugin);
        let (from, to) = (Arc::clone(&current.identity), Arc::clone(&next.identity));
        history
            .draining
            .retain(|generation| generation.strong_count() > 0);
        history.draining.push(Arc::downgrade(&current));
        self.0.serving.store(next);
        info!(%from, %to, %missing, "swapped");
        Swap::Done { from, to, missing }
    }
}

impl fmt::Debug for Slot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Slot").field(&self.identity()).finish()
    }
}

#[cfg(test)]
mod tests;
