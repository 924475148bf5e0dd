//! Swaps and rollbacks, each of one job type: the others go on meanwhile.

use std::sync::Arc;

use polysync_host::{LoadError, LoadFault, PluginIdentity, Swap};

use super::{Server, not_served};
use crate::failure::Failure;
use crate::runs::event::Event;
use crate::runs::ledger_error::LedgerError;
use crate::serve::job_types::Served;
use crate::serve::kept_plugin;
use crate::serve::sources::Incoming;

impl Server {
    /// Swaps the plugin's file in. Its outcome comes in later.
    pub(super) fn swap(&self, job_type: String) {
        let Some(Served {
            slot, component, ..
        }) = self.job_types.get(&job_type).cloned()
        else {
            return;
        };
        let incoming = self.incoming.clone();
        tokio::spawn(async move {
            let swap = slot.swap(component).await;
            // Nobody receives it any more when everything ends.
            let _ = incoming.send(Incoming::Swap { job_type, swap });
        });
    }

    /// Brings the previous plugin back: from the slot, or from the ledger where it served before a
    /// restart.
    pub(super) async fn roll_back(&mut self, job_type: &str) -> Result<(), Failure> {
        let Some(Served { slot, .. }) = self.job_types.get(job_type).cloned() else {
            return self.report(&Event::NotTaken(not_served(job_type)));
        };
        let nothing = match slot.rollback() {
            Ok(swap) => return self.rolled_back(job_type, swap).await,
            Err(nothing) => nothing,
        };
        let Some(kept) = self.ledger.earlier_plugin(job_type).await? else {
            return self.report(&Event::RollbackRefused(nothing));
        };
        let (job_type, incoming) = (job_type.to_owned(), self.incoming.clone());
        // The plugin is asked what it needs, which may take as long as any call.
        self.tasks.spawn(async move {
            let swap = slot.rollback_to(kept_plugin::source(kept)).await;
            // Nobody receives it any more when everything ends.
            let _ = incoming.send(Incoming::Rollback { job_type, swap });
            None
        });
        Ok(())
    }

    /// Takes what came of a swap.
    pub(super) async fn swap_ended(
        &mut self,
        job_type: &str,
        swap: Result<Swap, LoadError>,
    ) -> Result<(), Failure> {
        let error = match swap {
            Ok(swap) => {
                self.keep_plugin(job_type).await?;
                return self.swapped(swap);
            }
            Err(error) => error,
        };
        if let LoadFault::RolledBack { digest } = error.fault {
            self.ledger.roll_back(job_type, digest).await?;
        }
        match self.serving(job_type) {
            Some(serving) => self.report(&Event::SwapRefused { error, serving }),
            None => Ok(()),
        }
    }

    /// Takes what came of a rollback to a plugin that the ledger keeps.
    pub(super) async fn rollback_ended(
        &mut self,
        job_type: &str,
        swap: Result<Swap, LoadError>,
    ) -> Result<(), Failure> {
        match (swap, self.serving(job_type)) {
            (Ok(swap), _) => self.rolled_back(job_type, swap).await,
            (Err(error), Some(serving)) => self.report(&Event::RollbackFailed { error, serving }),
            (Err(_), None) => Ok(()),
        }
    }

    /// The plugin that serves a job type.
    fn serving(&self, job_type: &str) -> Option<Arc<PluginIdentity>> {
        let served = self.job_types.get(job_type)?;
        Some(served.slot.identity())
    }

    async fn rolled_back(&mut self, job_type: &str, swap: Swap) -> Result<(), Failure> {
        if let Swap::Done { from, .. } = &swap {
            self.ledger.roll_back(job_type, from.digest).await?;
        }
        self.keep_plugin(job_type).await?;
        self.swapped(swap)
    }

    /// Keeps the plugins that serve, so that a restart finds them.
    pub(super) async fn keep_plugins(&self) -> Result<(), LedgerError> {
        for (job_type, _) in self.job_types.iter() {
            self.keep_plugin(job_type).await?;
        }
        Ok(())
    }

    async fn keep_plugin(&self, job_type: &str) -> Result<(), LedgerError> {
        match self.job_types.get(job_type) {
            Some(Served { slot, .. }) => {
                let plugin = kept_plugin::of(&slot.plugin());
                self.ledger.keep_plugin(job_type, plugin).await
            }
            None => Ok(()),
        }
    }

    fn swapped(&mut self, swap: Swap) -> Result<(), Failure> {
        match swap {
            Swap::Done { from, to, missing } => {
                self.draining.push(Arc::clone(&from));
                self.report(&Event::Swapped { from, to, missing })
            }
            Swap::Unchanged { serving } => self.report(&Event::SwapUnchanged(serving)),
        }
    }
}
