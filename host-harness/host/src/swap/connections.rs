//! The connections that a slot's plugins answer for, and what they ask for on behalf of each.
//!
//! What a plugin needs depends on the connection, so a swap asks the new plugin for each connection that
//! is in use. What the plugin asks for that serves when this is first looked at counts as decided:
//! the connection was made with its needs in view.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError, Weak};

use tokio::sync::OnceCell;

use crate::access::grants::Grants;
use crate::access::requests::GrantRequests;
use crate::contract::Connection;
use crate::loading::plugin::Plugin;
use crate::sandbox::fault::CallError;

/// A connection in use.
pub(crate) struct Connected {
    pub(crate) connection: Connection,
    /// What it is granted.
    grants: Grants,
    /// What counts as decided, whatever of it is granted.
    decided: OnceCell<GrantRequests>,
}

/// The connections of a slot that are in use.
#[derive(Default)]
pub(crate) struct Connections(Mutex<Vec<Weak<Connected>>>);

/// What a plugin asks for on behalf of each connection.
#[derive(Clone, Default)]
pub(crate) struct Asked(Vec<(Weak<Connected>, GrantRequests)>);

impl Connections {
    /// Counts a connection as in use until the last clone of what is returned is dropped.
    pub(crate) fn add(&self, connection: Connection, grants: Grants) -> Arc<Connected> {
        let connected = Arc::new(Connected {
            connection,
            grants,
            decided: OnceCell::new(),
        });
        let mut connections = self.lock();
        connections.retain(|known| known.strong_count() > 0);
        connections.push(Arc::downgrade(&connected));
        connected
    }

    /// Asks what a plugin needs that is to take over from `serving`.
    pub(crate) async fn ask(&self, plugin: &Plugin, serving: &Plugin) -> Result<Asked, CallError> {
        let mut asked = Vec::new();
        for connected in self.in_use() {
            let connection = &connected.connection;
            connected
                .decided
                .get_or_try_init(|| serving.requests(connection))
                .await?;
            let requests = plugin.requests(connection).await?;
            asked.push((Arc::downgrade(&connected), requests));
        }
        Ok(Asked(asked))
    }

    fn in_use(&self) -> Vec<Arc<Connected>> {
        self.lock().iter().filter_map(Weak::upgrade).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Weak<Connected>>> {
        // No code panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Asked {
    /// What of it nobody has decided about, beside what is `granted` to all connections.
    pub(crate) fn missing_from(&self, granted: &Grants) -> GrantRequests {
        let mut missing = GrantRequests::default();
        for (connected, requests) in &self.0 {
            let Some(connected) = connected.upgrade() else {
                continue;
            };
            let decided = connected.decided.get().cloned().unwrap_or_default();
            let more = requests
                .beyond(&decided)
                .missing_from(&Grants::none().accept(decided.valid()))
                .missing_from(&connected.grants)
                .missing_from(granted);
            missing.add(more);
        }
        missing
    }
}
