//! The job types that are served: each with a plugin, a connection and polls of its own.

use std::collections::BTreeMap;
use std::sync::Arc;

use polysync_host::{PluginIdentity, Slot, Source};

use super::serving_plugins::ServingPlugins;
use crate::runs::runner::Context;
use crate::runs::summary::PluginUse;

/// A job type that is served. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Served {
    pub(crate) slot: Slot,
    /// The plugin's file, which is swapped in by order.
    pub(crate) component: Source,
    /// What its runs share.
    pub(crate) context: Context,
}

/// The job types that are served, by their ids.
#[derive(Debug)]
pub(crate) struct JobTypes(BTreeMap<String, Served>);

impl JobTypes {
    /// These job types. Of two with one id, the latter is served.
    pub(crate) fn new(served: impl IntoIterator<Item = Served>) -> Self {
        let by_id = served.into_iter();
        let by_id = by_id.map(|served| (served.slot.identity().id.clone(), served));
        Self(by_id.collect())
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Served> {
        self.0.get(id)
    }

    /// Each id with its job type.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&str, &Served)> {
        self.0.iter().map(|(id, served)| (id.as_str(), served))
    }

    /// What jobs and orders are checked against.
    pub(crate) fn serving_plugins(&self) -> ServingPlugins {
        let slots: Vec<_> = self.0.values().map(|served| served.slot.clone()).collect();
        ServingPlugins::new(move || {
            let plugins = slots.iter().map(Slot::plugin);
            plugins
                .map(|plugin| (plugin.digest(), plugin.description().clone()))
                .collect()
        })
    }

    /// What the plugins are doing.
    pub(crate) fn uses(&self) -> Vec<PluginUse> {
        let slots = self.0.values().map(|served| &served.slot);
        slots
            .map(|slot| PluginUse::new(&slot.generations(), slot.identity()))
            .collect()
    }

    /// The generations that were swapped out and still have calls under way.
    pub(crate) fn draining(&self) -> Vec<Arc<PluginIdentity>> {
        let slots = self.0.values().map(|served| &served.slot);
        let swapped_out = slots.flat_map(|slot| slot.generations().into_iter().skip(1));
        swapped_out.map(|old| old.identity).collect()
    }
}
