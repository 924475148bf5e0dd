//! Whether the grants allow a request, and which addresses it may then connect to.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use url::Url;

use crate::egress::addresses::AddressPolicy;
use crate::egress::canonical_url::{CanonicalUrl, InvalidUrl};
use crate::egress::grant::HttpGrant;

/// A request that may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Permit {
    pub(crate) url: Url,
    pub(crate) addresses: AddressPolicy,
}

/// Why a request may not be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Denied {
    #[error("a request to {url:?} is denied: {reason}")]
    Url { url: String, reason: InvalidUrl },
    #[error("requests to {origin} are not granted; to allow them, grant `{origin}`")]
    NotGranted { origin: String },
}

/// The grants of one connection.
///
/// Most requests of a connection go to one URL, and to parse it costs more than to compare it, so
/// the last permit is kept. The grants never change, so it stays valid.
#[derive(Debug)]
pub(crate) struct Permits {
    grants: Vec<HttpGrant>,
    last: ArcSwapOption<(String, Permit)>,
}

impl Permits {
    pub(crate) fn new(grants: Vec<HttpGrant>) -> Self {
        Self {
            grants,
            last: ArcSwapOption::empty(),
        }
    }

    pub(crate) fn permit(&self, url: &str) -> Result<Permit, Denied> {
        if let Some(last) = &*self.last.load()
            && last.0 == url
        {
            return Ok(last.1.clone());
        }
        let permit = permit(&self.grants, url)?;
        self.last
            .store(Some(Arc::new((url.to_owned(), permit.clone()))));
        Ok(permit)
    }
}

/// A permit by one of the grants.
pub(crate) fn permit(grants: &[HttpGrant], url: &str) -> Result<Permit, Denied> {
    let url = CanonicalUrl::parse(url).map_err(|reason| Denied::Url {
        url: url.to_owned(),
        reason,
    })?;
    let mut matching = grants.iter().filter(|grant| grant.matches(&url)).peekable();
    if matching.peek().is_none() {
        return Err(Denied::NotGranted {
            origin: url.as_url().origin().ascii_serialization(),
        });
    }
    let addresses = if url.as_url().host_str() == Some("localhost") {
        AddressPolicy::Loopback
    } else if matching.any(HttpGrant::allows_private_addresses) {
        AddressPolicy::Private
    } else {
        AddressPolicy::Public
    };
    Ok(Permit {
        url: url.into_url(),
        addresses,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_permit_that_is_kept_is_for_its_own_url_only() {
        let permits = Permits::new(vec!["https://a.example.com".parse().expect("a grant")]);
        for _ in 0..2 {
            let permit = permits.permit("https://a.example.com/1").expect("granted");
            assert_eq!(permit.url.path(), "/1");
            let permit = permits.permit("https://a.example.com/2").expect("granted");
            assert_eq!(permit.url.path(), "/2");
            assert!(permits.permit("https://b.example.com/1").is_err());
        }
    }
}
