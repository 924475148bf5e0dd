//! Resolves a name to the addresses that a request may connect to.

use std::net::{IpAddr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

use crate::egress::addresses::{AddressKind, AddressPolicy};

/// Resolves names as the system does, and keeps the addresses that the policy allows.
pub(crate) struct CheckedResolver {
    policy: AddressPolicy,
}

/// A name that only resolves to addresses that the policy doesn't allow.
#[derive(Debug, thiserror::Error)]
#[error(
    "requests to {name} are denied: it resolves to {address}, {kind}{}",
    if *kind == AddressKind::Private {
        "; to allow that, write `private` after the grant"
    } else {
        ""
    }
)]
pub(crate) struct AddressDenied {
    name: String,
    address: IpAddr,
    kind: AddressKind,
}

impl CheckedResolver {
    pub(crate) fn new(policy: AddressPolicy) -> Self {
        Self { policy }
    }

    /// The addresses among `found` that the policy allows.
    fn check(&self, name: &str, found: Vec<SocketAddr>) -> Result<Vec<SocketAddr>, AddressDenied> {
        let denied = found.first().copied();
        let allowed: Vec<_> = found
            .into_iter()
            .filter(|found| self.policy.allows(found.ip()))
            .collect();
        match denied {
            Some(found) if allowed.is_empty() => Err(AddressDenied {
                name: name.to_owned(),
                address: found.ip(),
                kind: AddressKind::classify(found.ip()),
            }),
            _ => Ok(allowed),
        }
    }
}

impl Resolve for CheckedResolver {
    fn resolve(&self, name: Name) -> Resolving {
        let resolver = Self::new(self.policy);
        Box::pin(async move {
            // The client replaces port 0 by the URL's.
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?.collect();
            let allowed = resolver.check(name.as_str(), found)?;
            Ok(Box::new(allowed.into_iter()) as Addrs)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_allowed_addresses_of_a_name_are_kept() {
        let addresses = |texts: &[&str]| -> Vec<SocketAddr> {
            let address = |text: &&str| SocketAddr::new(text.parse().expect("an address"), 0);
            texts.iter().map(address).collect()
        };
        let resolver = CheckedResolver::new(AddressPolicy::Public);
        let allowed = resolver.check("a", addresses(&["10.0.0.1", "1.1.1.1"]));
        assert_eq!(allowed.expect("one is public"), addresses(&["1.1.1.1"]));
        let denied = resolver.check("a.example.com", addresses(&["10.0.0.1"]));
        assert_eq!(
            denied.expect_err("private").to_string(),
            "requests to a.example.com are denied: it resolves to 10.0.0.1, an address of a private \
             network; to allow that, write `private` after the grant"
        );
    }
}
