//! The plugin that serves at the moment, as far as jobs are checked against it.

use std::fmt;
use std::sync::Arc;

use polysync_host::contract::Description;
use polysync_host::{Digest, Slot};

type Ask = dyn Fn() -> (Digest, Description) + Send + Sync;

/// The plugin that serves at the moment it is asked about. Cheap to clone.
#[derive(Clone)]
pub(crate) struct ServingPlugin(Arc<Ask>);

impl ServingPlugin {
    pub(crate) fn new(ask: impl Fn() -> (Digest, Description) + Send + Sync + 'static) -> Self {
        Self(Arc::new(ask))
    }

    pub(crate) fn digest(&self) -> Digest {
        self.0().0
    }

    pub(crate) fn description(&self) -> Description {
        self.0().1
    }
}

impl From<Slot> for ServingPlugin {
    fn from(slot: Slot) -> Self {
        Self::new(move || {
            let plugin = slot.plugin();
            (plugin.digest(), plugin.description().clone())
        })
    }
}

impl fmt::Debug for ServingPlugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("ServingPlugin")
            .field(&self.digest())
            .finish()
    }
}
