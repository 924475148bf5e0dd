//! Certificates of authorities that the operator trusts beside the system's.

use std::fmt;

use reqwest::Certificate;
use rustls::RootCertStore;
use rustls::pki_types::CertificateDer;
use rustls::pki_types::pem::PemObject;

use crate::host_error::HostError;

/// The certificates of a PEM file, each checked to be one that TLS can trust.
#[derive(Clone)]
pub struct CaBundle {
    /// As it was read, for the lookups of credentials.
    #[cfg(feature = "aws-config")]
    pem: Vec<u8>,
    certificates: Vec<Certificate>,
}

impl CaBundle {
    /// Reads the text of a PEM file.
    ///
    /// # Errors
    ///
    /// The text isn't PEM, it has no certificate, or one of its certificates isn't valid X.509.
    pub fn parse(pem: &[u8]) -> Result<Self, HostError> {
        let mut store = RootCertStore::empty();
        let mut certificates = Vec::new();
        for der in CertificateDer::pem_slice_iter(pem) {
            let der = der.map_err(|_| HostError::CaBundle)?;
            let certificate = Certificate::from_der(&der).map_err(|_| HostError::CaBundle)?;
            store.add(der).map_err(|_| HostError::CaBundle)?;
            certificates.push(certificate);
        }
        if certificates.is_empty() {
            return Err(HostError::CaBundle);
        }
        Ok(Self {
            #[cfg(feature = "aws-config")]
            pem: pem.to_vec(),
            certificates,
        })
    }

    /// The file as it was read.
    #[cfg(feature = "aws-config")]
    pub(crate) fn pem(&self) -> &[u8] {
        &self.pem
    }

    pub(crate) fn certificates(&self) -> &[Certificate] {
        &self.certificates
    }
}

impl fmt::Debug for CaBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("CaBundle")
            .field("certificates", &self.certificates.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bundle_without_a_certificate_that_can_be_trusted_is_refused() {
        for pem in [
            "",
            "no PEM",
            "-----BEGIN CERTIFICATE-----\n!\n-----END CERTIFICATE-----\n",
            "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
            "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n",
        ] {
            assert!(CaBundle::parse(pem.as_bytes()).is_err(), "{pem}");
        }
    }
}
