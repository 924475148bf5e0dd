//! Resolves a name to the addresses that a request may connect to.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use tracing::debug;

use crate::egress::addresses::{AddressKind, AddressPolicy};
use crate::egress::lookup::{LookupFailed, Lookups};

/// Resolves names, and keeps the addresses that the policy allows.
#[derive(Debug, Clone)]
pub(crate) struct CheckedResolver {
    policy: AddressPolicy,
    lookups: Arc<Lookups>,
}

/// A name that only resolves to addresses that the policy doesn't allow. The address itself is in
/// the log and not in the message, which goes to the plugin.
#[derive(Debug, thiserror::Error)]
#[error(
    "requests to {name} are denied: it resolves to {kind}{}",
    if *kind == AddressKind::Private {
        "; to allow that, write `private` after the grant"
    } else {
        ""
    }
)]
pub(crate) struct AddressDenied {
    name: String,
    kind: AddressKind,
}

/// Why a name leads to no address to connect to.
#[derive(Debug, thiserror::Error)]
pub(crate) enum Unresolved {
    #[error(transparent)]
    Denied(#[from] AddressDenied),
    #[error(transparent)]
    Failed(#[from] LookupFailed),
}

impl CheckedResolver {
    pub(crate) fn new(policy: AddressPolicy, lookups: Arc<Lookups>) -> Self {
        Self { policy, lookups }
    }

    /// The addresses of a name that the policy allows.
    pub(crate) async fn addresses(&self, name: &str) -> Result<Vec<IpAddr>, Unresolved> {
        let found = self.lookups.look_up(name).await?;
        Ok(self.check(name, &found)?)
    }

    /// Denies a name if one of its addresses isn't allowed: for whom somebody else picks the address.
    pub(crate) async fn check_all(&self, name: &str) -> Result<(), Unresolved> {
        let found = self.lookups.look_up(name).await?;
        match found.iter().find(|address| !self.policy.allows(**address)) {
            Some(address) => Err(denied(name, *address).into()),
            None => Ok(()),
        }
    }

    /// The addresses among `found` that the policy allows.
    fn check(&self, name: &str, found: &[IpAddr]) -> Result<Vec<IpAddr>, AddressDenied> {
        let is_allowed = |address: &IpAddr| self.policy.allows(*address);
        let allowed: Vec<_> = found.iter().copied().filter(is_allowed).collect();
        match found {
            [address, ..] if allowed.is_empty() => Err(denied(name, *address)),
            _ => Ok(allowed),
        }
    }
}

fn denied(name: &str, address: IpAddr) -> AddressDenied {
    let kind = AddressKind::classify(address);
    // A plugin can cause one for each of its requests, so that it is not among the lines that are usually read.
    debug!(name, %address, "a name resolves to {kind}, which its grant doesn't allow");
    AddressDenied {
        name: name.to_owned(),
        kind,
    }
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = self.clone();
        Box::pin(async move {
            match resolver.addresses(name.as_str()).await {
                Ok(addresses) => Ok(socket_addresses(addresses)),
                Err(Unresolved::Denied(denied)) => Err(denied.into()),
                Err(Unresolved::Failed(failed)) => Err(failed.into()),
            }
        })
    }
}

/// Resolves the name of a proxy, which the operator chose, to any address.
#[derive(Debug, Clone)]
pub(crate) struct ProxyResolver(pub(crate) Arc<Lookups>);

impl Resolve for ProxyResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let lookups = Arc::clone(&self.0);
        Box::pin(async move {
            let found = lookups.look_up(name.as_str()).await?;
            Ok(socket_addresses(found.to_vec()))
        })
    }
}

/// The client replaces port 0 by the URL's.
fn socket_addresses(addresses: Vec<IpAddr>) -> Addrs {
    Box::new(addresses.into_iter().map(|ip| SocketAddr::new(ip, 0)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::egress::lookup::SystemLookup;

    #[test]
    fn only_the_allowed_addresses_of_a_name_are_kept() {
        let addresses = |texts: &[&str]| -> Vec<IpAddr> {
            let address = |text: &&str| text.parse().expect("an address");
            texts.iter().map(address).collect()
        };
        let lookups = Lookups::new(Arc::new(SystemLookup));
        let resolver = CheckedResolver::new(AddressPolicy::Public, lookups);
        let allowed = resolver.check("a", &addresses(&["10.0.0.1", "1.1.1.1"]));
        assert_eq!(allowed.expect("one is public"), addresses(&["1.1.1.1"]));
        let denied = resolver.check("a.example.com", &addresses(&["10.0.0.1"]));
        assert_eq!(
            denied.expect_err("private").to_string(),
            "requests to a.example.com are denied: it resolves to an address of a private network; \
             to allow that, write `private` after the grant"
        );
    }
}
