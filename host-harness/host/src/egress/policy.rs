//! Whether the grants allow a request, and which addresses it may then connect to. A request that a
//! plugin sends after a redirect is checked like any other.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use url::Url;

use crate::egress::addresses::AddressPolicy;
use crate::egress::canonical_url::{CanonicalUrl, InvalidUrl};
use crate::egress::grant::HttpGrant;

/// Where a request that the grants allow may go.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Allowed {
    pub(crate) url: Url,
    pub(crate) addresses: AddressPolicy,
}

/// Why a request may not be sent.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum Denied {
    #[error("a request to {url:?} is denied: {reason}")]
    Url { url: String, reason: InvalidUrl },
    #[error("requests to {origin} are not granted; to allow them, grant `{grant}`")]
    NotGranted { origin: String, grant: HttpGrant },
    /// No grant could allow it.
    #[error("requests to {origin} are denied: {reason}")]
    Never { origin: String, reason: String },
}

impl Denied {
    /// For an origin that isn't granted: names the narrowest grant that would allow it.
    fn not_granted(origin: String) -> Self {
        let grant = origin
            .parse()
            .or_else(|_| HttpGrant::from_endpoint(&origin));
        match grant {
            Ok(grant) => Self::NotGranted { origin, grant },
            Err(error) => Self::Never {
                origin,
                reason: error.into_reason(),
            },
        }
    }
}

/// Checks requests against the grants of one connection.
///
/// Most requests of a connection go to one URL, and to parse it costs more than to compare it, so
/// the last result is reused. The grants never change, so it stays valid.
#[derive(Debug)]
pub(crate) struct Policy {
    grants: Vec<HttpGrant>,
    last: ArcSwapOption<(String, Allowed)>,
}

impl Policy {
    pub(crate) fn new(grants: Vec<HttpGrant>) -> Self {
        Self {
            grants,
            last: ArcSwapOption::empty(),
        }
    }

    pub(crate) fn check(&self, url: &str) -> Result<Allowed, Denied> {
        if let Some(last) = &*self.last.load()
            && last.0 == url
        {
            return Ok(last.1.clone());
        }
        let allowed = check(&self.grants, url)?;
        self.last
            .store(Some(Arc::new((url.to_owned(), allowed.clone()))));
        Ok(allowed)
    }
}

/// Checks a request against the grants.
pub(crate) fn check(grants: &[HttpGrant], url: &str) -> Result<Allowed, Denied> {
    let url = CanonicalUrl::parse(url).map_err(|reason| Denied::Url {
        url: url.to_owned(),
        reason,
    })?;
    let mut matching = grants.iter().filter(|grant| grant.matches(&url)).peekable();
    if matching.peek().is_none() {
        let origin = url.as_url().origin().ascii_serialization();
        return Err(Denied::not_granted(origin));
    }
    let private = matching.any(HttpGrant::allows_private_addresses);
    let addresses = match url.as_url().host() {
        Some(host) => AddressPolicy::for_host(&host, private),
        None => AddressPolicy::Public,
    };
    Ok(Allowed {
        url: url.into_url(),
        addresses,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_is_reused_for_its_own_url_only() {
        let policy = Policy::new(vec!["https://a.example.com".parse().expect("a grant")]);
        for _ in 0..2 {
            let allowed = policy.check("https://a.example.com/1").expect("granted");
            assert_eq!(allowed.url.path(), "/1");
            let allowed = policy.check("https://a.example.com/2").expect("granted");
            assert_eq!(allowed.url.path(), "/2");
            assert!(policy.check("https://b.example.com/1").is_err());
        }
    }
}
