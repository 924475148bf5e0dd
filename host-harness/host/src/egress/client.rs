//! The HTTP client that the host brings along.
//!
//! It speaks HTTP/1.1 and HTTP/2 over rustls with the system's root certificates. It follows no
//! redirects, retries nothing, decodes no bodies and keeps no cookies; `accept: */*` is the only
//! header that it adds to those of the plugin and of HTTP itself. It uses a proxy only if the operator
//! says so ([`ClientOptions`]), whatever the environment says.

use std::net::IpAddr;
use std::sync::Arc;

use async_trait::async_trait;
use reqwest::{Client, ClientBuilder, redirect, retry};
use url::Host;

use crate::egress::addresses::{AddressKind, AddressPolicy};
use crate::egress::body_meter::BodyMeter;
use crate::egress::client_options::ClientOptions;
use crate::egress::failure::{explain, innermost};
use crate::egress::lookup::{Lookup, Lookups, SystemLookup};
use crate::egress::proxied::{Proxied, blame_proxy};
use crate::egress::resolver::CheckedResolver;
use crate::egress::transport::{HttpClient, HttpRequest, HttpResponse, TransportError, authority};
use crate::host_error::HostError;

/// The client that the host uses where [`Access`](crate::Access) names none; public so that a host
/// can wrap it.
///
/// It checks the address that a URL names or that its name resolves to, and follows no redirects.
// One client for each policy of addresses: a client keeps connections open, and one that was opened
// under a laxer policy must not serve a request under a stricter one.
#[derive(Debug)]
pub struct ReqwestClient {
    public: Client,
    private: Client,
    loopback: Client,
    proxied: Option<Proxied>,
}

impl ReqwestClient {
    /// A client with the system's root certificates and without a proxy.
    ///
    /// # Errors
    ///
    /// TLS can't be set up.
    pub fn new() -> Result<Self, HostError> {
        Self::with_options(ClientOptions::default())
    }

    /// A client with these proxies and certificates.
    ///
    /// # Errors
    ///
    /// TLS can't be set up.
    pub fn with_options(options: ClientOptions) -> Result<Self, HostError> {
        Self::build(options, Arc::new(SystemLookup))
    }

    /// A client that looks names up by `lookup`.
    pub(crate) fn build(
        options: ClientOptions,
        lookup: Arc<dyn Lookup>,
    ) -> Result<Self, HostError> {
        let ClientOptions {
            proxies,
            certificates,
        } = options;
        let builder = || -> ClientBuilder {
            Client::builder()
                .redirect(redirect::Policy::none())
                .retry(retry::never())
                .referer(false)
                .no_proxy()
                .tls_certs_merge(certificates.iter().cloned())
        };
        let lookups = Lookups::new(lookup);
        let direct = |policy| {
            builder()
                .dns_resolver(Arc::new(CheckedResolver::new(policy, Arc::clone(&lookups))))
                .build()
                .map_err(|error| HostError::HttpClient(innermost(&error)))
        };
        Ok(Self {
            public: direct(AddressPolicy::Public)?,
            private: direct(AddressPolicy::Private)?,
            loopback: direct(AddressPolicy::Loopback)?,
            proxied: proxies
                .map(|proxies| Proxied::new(proxies, &lookups, builder))
                .transpose()?,
        })
    }

    fn direct(&self, policy: AddressPolicy) -> &Client {
        match policy {
            AddressPolicy::Public => &self.public,
            AddressPolicy::Private => &self.private,
            AddressPolicy::Loopback => &self.loopback,
        }
    }
}

#[async_trait]
impl HttpClient for ReqwestClient {
    async fn send(
        &self,
        request: HttpRequest,
        body: &mut BodyMeter,
    ) -> Result<HttpResponse, TransportError> {
        check_address(&request)?;
        let Some(proxied) = &self.proxied else {
            return exchange(self.direct(request.addresses), request, body).await;
        };
        let (host, limit) = (authority(&request.url), request.timeout);
        // The check of the target counts against the request's time.
        let sending = async {
            match proxied.client(&request).await? {
                Some(client) => exchange(client, request, body).await.map_err(blame_proxy),
                None => exchange(self.direct(request.addresses), request, body).await,
            }
        };
        let sent = tokio::time::timeout(limit, sending).await;
        sent.unwrap_or(Err(TransportError::Timeout { host, limit }))
    }
}

/// Refuses an address in the URL that the policy doesn't allow. The resolver checks names only.
fn check_address(request: &HttpRequest) -> Result<(), TransportError> {
    let address: Option<IpAddr> = match request.url.host() {
        Some(Host::Ipv4(address)) => Some(address.into()),
        Some(Host::Ipv6(address)) => Some(address.into()),
        Some(Host::Domain(_)) | None => None,
    };
    match address {
        Some(address) if !request.addresses.allows(address) => {
            Err(TransportError::Denied(format!(
                "requests to {} are denied: it is {}",
                authority(&request.url),
                AddressKind::classify(address)
            )))
        }
        _ => Ok(()),
    }
}

/// Sends a request and takes the whole response.
async fn exchange(
    client: &Client,
    request: HttpRequest,
    body: &mut BodyMeter,
) -> Result<HttpResponse, TransportError> {
    let host = authority(&request.url);
    let limit = request.timeout;
    let failed = |error: reqwest::Error| explain(&error, host.clone(), limit);

    let mut response = client
        .request(request.method, request.url)
        .headers(request.headers)
        .body(request.body)
        .timeout(limit)
        .send()
        .await
        .map_err(failed)?;
    let status = response.status().as_u16();
    let headers = std::mem::take(response.headers_mut());
    let mut whole = Vec::new();
    while let Some(part) = response.chunk().await.map_err(failed)? {
        body.take(part.len())?;
        whole.extend_from_slice(&part);
    }
    Ok(HttpResponse {
        status,
        headers,
        body: whole,
    })
}

#[cfg(test)]
mod tests;
