//! The connections that a slot's plugins answer for, and what they ask for on behalf of each.
//!
//! What a plugin needs depends on the connection, so a swap asks the new plugin for each connection that
//! is in use. The host first looks at a connection at a swap. What the plugin that serves then asks for
//! counts as decided: the connection was made with its needs in view.
//!
//! A plugin of version 0.1 of the contract tells what it may need on any connection, and not what it
//! needs on this one. After a plugin that told it exactly, those origins say nothing about this
//! connection; the services that it signs for still do.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, MutexGuard, OnceLock, PoisonError, Weak};

use tracing::warn;

use crate::access::grants::Grants;
use crate::access::requests::GrantRequests;
use crate::contract::Connection;
use crate::loading::plugin::Plugin;
use crate::sandbox::fault::CallFault;

/// A connection in use.
pub(crate) struct Connected {
    pub(crate) connection: Connection,
    /// What it is granted.
    grants: Grants,
    /// What counts as decided, whatever of it is granted.
    decided: OnceLock<Arc<Told>>,
}

/// What a plugin asks for on behalf of a connection.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
struct Told {
    requests: GrantRequests,
    /// Whether it is what this connection needs, and not what any may need.
    exactly: bool,
}

/// The connections of a slot that are in use.
#[derive(Default)]
pub(crate) struct Connections(Mutex<Vec<Weak<Connected>>>);

/// What a plugin asks for on behalf of each connection.
#[derive(Clone, Default)]
pub(crate) struct Asked(Vec<(Weak<Connected>, Arc<Told>)>);

impl Connections {
    /// Counts a connection as in use until the last clone of what is returned is dropped.
    pub(crate) fn add(&self, connection: Connection, grants: Grants) -> Arc<Connected> {
        let connected = Arc::new(Connected {
            connection,
            grants,
            decided: OnceLock::new(),
        });
        let mut connections = self.lock();
        connections.retain(|known| known.strong_count() > 0);
        connections.push(Arc::downgrade(&connected));
        connected
    }

    /// Asks `plugin`, which is to take over from `serving`, what it needs on each connection in use.
    /// Connections that are the same are asked for once, and all of them together have the time of one
    /// call.
    pub(crate) async fn ask(&self, plugin: &Plugin, serving: &Plugin) -> Result<Asked, CallFault> {
        let in_use = self.in_use();
        let ((), told) = tokio::join!(decide(&in_use, serving), ask_for_all(plugin, &in_use));
        let connected = in_use.iter().map(Arc::downgrade);
        Ok(Asked(connected.zip(told?).collect()))
    }

    fn in_use(&self) -> Vec<Arc<Connected>> {
        self.lock().iter().filter_map(Weak::upgrade).collect()
    }

    fn lock(&self) -> MutexGuard<'_, Vec<Weak<Connected>>> {
        // No code panics while it holds the lock.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Takes what the plugin that serves asks for as decided, where nothing is yet.
///
/// A plugin that breaks when it is asked has decided nothing: it mustn't stand in the way of the one that
/// is to replace it.
async fn decide(in_use: &[Arc<Connected>], serving: &Plugin) {
    let undecided: Vec<_> = in_use
        .iter()
        .filter(|connected| connected.decided.get().is_none())
        .map(Arc::clone)
        .collect();
    match ask_for_all(serving, &undecided).await {
        Ok(told) => {
            for (connected, told) in undecided.iter().zip(told) {
                connected.decided.get_or_init(|| told);
            }
        }
        Err(fault) => warn!(
            %fault,
            "the needs of the serving plugin aren't known; only what is granted counts as decided"
        ),
    }
}

/// What a plugin asks for on behalf of each of these connections, in their order.
async fn ask_for_all(
    plugin: &Plugin,
    connections: &[Arc<Connected>],
) -> Result<Vec<Arc<Told>>, CallFault> {
    let limit = plugin.host().limits().call_timeout;
    let ask = async {
        let mut known = BTreeMap::new();
        let mut all = Vec::with_capacity(connections.len());
        for connected in connections {
            let connection = &connected.connection;
            let key = key(connection);
            let told = match known.get(&key) {
                Some(told) => Arc::clone(told),
                None => {
                    let requests = plugin.requests(connection).await;
                    let told = Arc::new(Told {
                        requests: requests.map_err(|error| error.fault)?,
                        exactly: plugin.tells_needs_exactly(),
                    });
                    known.insert(key, Arc::clone(&told));
                    told
                }
            };
            all.push(told);
        }
        Ok(all)
    };
    match tokio::time::timeout(limit, ask).await {
        Ok(told) => told,
        Err(_elapsed) => Err(CallFault::Timeout { limit }),
    }
}

/// All of a connection, to find an equal one by.
type Key<'a> = (&'a str, Option<&'a str>, Vec<(&'a str, &'a str)>);

fn key(connection: &Connection) -> Key<'_> {
    let Connection {
        region,
        endpoint,
        attributes,
    } = connection;
    let attributes = attributes.iter().map(|a| (&*a.name, &*a.value)).collect();
    (region, endpoint.as_deref(), attributes)
}

impl Asked {
    /// What of it nobody has decided about, beside what is `granted` to all connections.
    pub(crate) fn missing_from(&self, granted: &Grants) -> GrantRequests {
        let mut missing = GrantRequests::default();
        for (connected, told) in &self.0 {
            let Some(connected) = connected.upgrade() else {
                continue;
            };
            let decided = connected.decided.get().cloned().unwrap_or_default();
            let more = told
                .comparable_with(&decided)
                .beyond(&decided.requests)
                .missing_from(&Grants::none().accept(decided.requests.valid()))
                .missing_from(&connected.grants)
                .missing_from(granted);
            missing.add(more);
        }
        missing
    }
}

impl Told {
    /// What of it says something about a connection about which `decided` was told.
    fn comparable_with(&self, decided: &Self) -> GrantRequests {
        match (decided.exactly, self.exactly) {
            (true, false) => self.requests.without_origins(),
            _ => self.requests.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::Attribute;

    #[test]
    fn connections_are_the_same_if_all_their_members_are() {
        let connection = |region: &str, endpoint: Option<&str>, attributes: &[(&str, &str)]| {
            let attribute = |(name, value): &(&str, &str)| Attribute {
                name: (*name).to_owned(),
                value: (*value).to_owned(),
            };
            Connection {
                region: region.to_owned(),
                endpoint: endpoint.map(str::to_owned),
                attributes: attributes.iter().map(attribute).collect(),
            }
        };
        let one = connection("eu-west-1", None, &[("fips", "true")]);
        assert_eq!(key(&one), key(&one.clone()));
        for other in [
            connection("eu-west-2", None, &[("fips", "true")]),
            connection("eu-west-1", Some(""), &[("fips", "true")]),
            connection("eu-west-1", None, &[("fips", "false")]),
            connection("eu-west-1", None, &[]),
        ] {
            assert_ne!(key(&one), key(&other), "{other:?}");
        }
    }
}
