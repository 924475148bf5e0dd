//! How the host's own HTTP client connects: through which proxies, and whom it trusts.

use reqwest::Certificate;

use crate::egress::proxies::Proxies;
use crate::host_error::HostError;

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

    /// Trusts the certificates of a PEM file too, as those of certificate authorities.
    ///
    /// # Errors
    ///
    /// The text isn't PEM, or there is no certificate in it.
    pub fn with_ca_bundle(mut self, pem: &[u8]) -> Result<Self, HostError> {
        let certificates = Certificate::from_pem_bundle(pem)
            .ok()
            .filter(|certificates| !certificates.is_empty())
            .ok_or(HostError::CaBundle)?;
        self.certificates.extend(certificates);
        Ok(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_without_a_certificate_is_refused() {
        for pem in [
            "",
            "no PEM",
            "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ] {
            let error = ClientOptions::default().with_ca_bundle(pem.as_bytes());
            assert!(error.is_err(), "{pem}");
        }
    }
}
