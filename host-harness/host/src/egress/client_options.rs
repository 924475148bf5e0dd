//! How the host's own HTTP client connects: through which proxies, and whom it trusts.

use reqwest::Certificate;

use crate::egress::ca_bundle::CaBundle;
use crate::egress::proxies::Proxies;

/// How a [`ReqwestClient`](crate::ReqwestClient) connects. The default uses no proxy, whatever the
/// environment says, and trusts the system's root certificates.
#[derive(Debug, Default)]
pub struct ClientOptions {
    pub(crate) proxies: Option<Proxies>,
    pub(crate) certificates: Vec<Certificate>,
}

impl ClientOptions {
    /// Sends requests through proxies.
    #[must_use]
    pub fn with_proxies(mut self, proxies: Proxies) -> Self {
        self.proxies = Some(proxies);
        self
    }

    /// Trusts these certificate authorities beside the system's.
    #[must_use]
    pub fn with_ca_bundle(mut self, bundle: &CaBundle) -> Self {
        self.certificates.extend_from_slice(bundle.certificates());
        self
    }
}
