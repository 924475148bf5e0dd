//! A slot: one job type, whose plugin can be swapped while calls are under way.

use std::panic::AssertUnwindSafe;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use futures_util::FutureExt;
use polysync_host::contract::{Connection, ContractVersion, Description};
use polysync_host::{Digest, LoadError, NeedsPolicy, PluginIdentity, Slot, Swap, WhenNeedsGrow};
use serde::{Deserialize, Serialize};
use tokio::task::AbortHandle;

use crate::calls::{Outcome, json};
use crate::errors::Failure;
use crate::event::Event;
use crate::host::EmbeddedHost;
use crate::needs::{self, GrantsView, NeedView};
use crate::panics;
use crate::parse;
use crate::source::SourceView;
use crate::status::PsStatus;

/// A slot of a host. It is empty until `load` has an answer.
#[derive(Debug)]
pub(crate) struct EmbeddedSlot {
    pub(crate) id: u64,
    pub(crate) host: Arc<EmbeddedHost>,
    slot: OnceLock<Slot>,
    watch: Mutex<Option<AbortHandle>>,
}

/// What can be asked of a slot.
#[derive(Debug, Deserialize)]
#[serde(
    tag = "call",
    rename_all = "kebab-case",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
enum SlotRequest {
    /// Loads the first plugin.
    Load { source: SourceView },
    /// Lets another plugin take over.
    Swap { source: SourceView },
    /// Goes back to the plugin before.
    Rollback {},
    /// Goes back to a build that was kept elsewhere.
    RollbackTo { source: SourceView },
    /// What the plugin that serves says of itself.
    Describe {},
    /// What the plugin asks to be granted for a connection.
    Requests { connection: Connection },
    /// The generations that serve or have calls under way.
    Generations {},
    /// What happens at a swap to a plugin that asks for more.
    Policy {
        when_needs_grow: GrowView,
        #[serde(default)]
        granted: GrantsView,
    },
    /// Swaps the plugin whenever this file changes; each swap is an event.
    Watch { file: PathBuf },
    /// Ends the watch.
    Unwatch {},
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum GrowView {
    Refuse,
    Swap,
}

/// The answer of `load`, `swap`, `rollback` and `rollback-to`.
#[derive(Debug, Serialize)]
#[serde(tag = "outcome", rename_all = "kebab-case")]
enum SwapView<'a> {
    Loaded {
        plugin: &'a PluginIdentity,
    },
    Done {
        from: &'a PluginIdentity,
        to: &'a PluginIdentity,
        missing: Vec<NeedView>,
    },
    Unchanged {
        plugin: &'a PluginIdentity,
    },
}

#[derive(Debug, Serialize)]
struct DescriptionView<'a> {
    #[serde(flatten)]
    description: &'a Description,
    contract: ContractVersion,
    sha256: Digest,
}

#[derive(Debug, Serialize)]
struct GenerationView<'a> {
    plugin: &'a PluginIdentity,
    calls: usize,
}

#[derive(Debug, Serialize)]
struct Nothing {}

impl EmbeddedSlot {
    pub(crate) fn new(id: u64, host: Arc<EmbeddedHost>) -> Self {
        Self {
            id,
            host,
            slot: OnceLock::new(),
            watch: Mutex::default(),
        }
    }

    /// The slot, once its first plugin is loaded.
    ///
    /// # Errors
    /// `NotLoaded`.
    pub(crate) fn loaded(&self) -> Result<&Slot, Failure> {
        self.slot.get().ok_or_else(|| {
            Failure::host(
                PsStatus::Invalid,
                "NotLoaded",
                "the slot has no plugin",
                "Call `load` on the slot, and wait for its answer.",
            )
        })
    }

    /// Begins the call that a request describes.
    ///
    /// # Errors
    /// The request can't be read or met, or the host takes none.
    pub(crate) fn call(self: &Arc<Self>, request: &str) -> Result<u64, Failure> {
        let request = parse::json(request, "the request to the slot")?;
        if let SlotRequest::Load { source } = request {
            let (slot, source) = (Arc::clone(self), source.read()?);
            return self.host.begin(async move {
                let loaded = slot.host.host.load(source).await;
                Outcome::own(match loaded {
                    Ok(plugin) => slot.fill(Slot::new(plugin)),
                    Err(error) => Err(Failure::load(&error, "No plugin is loaded.")),
                })
            });
        }
        let slot = self.loaded()?.clone();
        match request {
            SlotRequest::Swap { source } => {
                let source = source.read()?;
                self.host
                    .begin(async move { swapped(slot.swap(source).await) })
            }
            SlotRequest::RollbackTo { source } => {
                let source = source.read()?;
                self.host
                    .begin(async move { swapped(slot.rollback_to(source).await) })
            }
            SlotRequest::Requests { connection } => self.host.begin(async move {
                let requests = slot.plugin().requests(&connection).await;
                Outcome::own(match &requests {
                    Ok(requests) => Ok(needs::views(requests)),
                    Err(error) => Err(Failure::from(error)),
                })
            }),
            SlotRequest::Watch { file } => {
                let this = Arc::clone(self);
                self.host.begin(async move {
                    // Reading a folder may take time, where it is on another machine.
                    let watched = tokio::task::spawn_blocking(move || this.watch(slot, file)).await;
                    Outcome::own(watched.unwrap_or_else(|error| Err(panics::of_task(&error))))
                })
            }
            request => {
                let this = Arc::clone(self);
                self.host.begin(async move { this.at_once(&slot, request) })
            }
        }
    }

    fn fill(&self, slot: Slot) -> Result<SwapAnswer, Failure> {
        let plugin = slot.identity();
        self.slot.set(slot).map_err(|_| {
            Failure::host(
                PsStatus::Ok,
                "LoadedAlready",
                "the slot has a plugin already",
                "Call `swap` to let another one take over.",
            )
        })?;
        Ok(SwapAnswer(json(&SwapView::Loaded { plugin: &plugin })))
    }

    fn watch(&self, slot: Slot, file: PathBuf) -> Result<Nothing, Failure> {
        let mut watch = slot.watch(file).map_err(|error| {
            Failure::invalid(error.to_string(), "Name a file in a folder that exists.")
        })?;
        let (host, slot) = (Arc::downgrade(&self.host), self.id);
        let task = self.host.spawn(async move {
            loop {
                let next = AssertUnwindSafe(watch.next()).catch_unwind().await;
                let Some(host) = host.upgrade() else { return };
                let swap = match next {
                    Ok(swap) => swap,
                    Err(panic) => {
                        let error = &panics::failure(&*panic);
                        host.tell(&Event::SwapRefused { slot, error });
                        return;
                    }
                };
                match &swap {
                    Ok(Swap::Done { from, to, missing }) => host.tell(&Event::Swapped {
                        slot,
                        from,
                        to,
                        missing: needs::views(missing),
                    }),
                    Ok(Swap::Unchanged { .. }) => {}
                    Err(error) => host.tell(&Event::SwapRefused {
                        slot,
                        error: &not_swapped(error),
                    }),
                }
            }
        });
        let mut current = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(earlier) = current.replace(task) {
            earlier.abort();
        }
        Ok(Nothing {})
    }

    /// The outcome of what takes no time.
    fn at_once(&self, slot: &Slot, request: SlotRequest) -> Outcome {
        match request {
            SlotRequest::Rollback {} => match slot.rollback() {
                Ok(swap) => swapped(Ok(swap)),
                Err(error) => Outcome::own(Err::<(), _>(Failure::host(
                    PsStatus::Ok,
                    "NothingToRollBackTo",
                    error.to_string(),
                    "Go back to the earlier build by its file.",
                ))),
            },
            SlotRequest::Policy {
                when_needs_grow,
                granted,
            } => {
                let when_needs_grow = match when_needs_grow {
                    GrowView::Refuse => WhenNeedsGrow::Refuse,
                    GrowView::Swap => WhenNeedsGrow::Swap,
                };
                Outcome::own(granted.read().map(|granted| {
                    slot.set_policy(NeedsPolicy {
                        when_needs_grow,
                        granted,
                    });
                    Nothing {}
                }))
            }
            SlotRequest::Generations {} => {
                let generations = slot.generations();
                let views: Vec<_> = generations
                    .iter()
                    .map(|generation| GenerationView {
                        plugin: &generation.identity,
                        calls: generation.calls,
                    })
                    .collect();
                Outcome::own(Ok(views))
            }
            SlotRequest::Unwatch {} => {
                self.unwatch();
                Outcome::own(Ok(Nothing {}))
            }
            _ => {
                let plugin = slot.plugin();
                Outcome::own(Ok(DescriptionView {
                    description: plugin.description(),
                    contract: plugin.contract(),
                    sha256: plugin.digest(),
                }))
            }
        }
    }

    fn unwatch(&self) {
        let watch = self
            .watch
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        if let Some(watch) = watch {
            watch.abort();
        }
    }
}

impl Drop for EmbeddedSlot {
    fn drop(&mut self) {
        self.unwatch();
    }
}

/// An answer that is JSON already.
#[derive(Serialize)]
#[serde(transparent)]
struct SwapAnswer(Box<serde_json::value::RawValue>);

fn swapped(swap: Result<Swap, LoadError>) -> Outcome {
    Outcome::own(match &swap {
        Ok(Swap::Done { from, to, missing }) => Ok(SwapAnswer(json(&SwapView::Done {
            from,
            to,
            missing: needs::views(missing),
        }))),
        Ok(Swap::Unchanged { serving }) => {
            Ok(SwapAnswer(json(&SwapView::Unchanged { plugin: serving })))
        }
        Err(error) => Err(not_swapped(error)),
    })
}

fn not_swapped(error: &LoadError) -> Failure {
    Failure::load(error, "The plugin that served before goes on.")
}
