//! Requests that go through a proxy: what is checked before the proxy is asked, and the clients that
//! ask it.
//!
//! The proxy resolves the target's name itself. So this host resolves the name first, and sends
//! nothing if an address that the grant doesn't allow is among its addresses; unless the operator
//! leaves that to the proxy. A name whose owner tells the proxy another address than this host isn't
//! found out: only the proxy can refuse that one.

use std::sync::Arc;

use reqwest::{Client, ClientBuilder};
use tracing::debug;
use url::{Host, Url};

use crate::egress::addresses::AddressPolicy;
use crate::egress::failure::innermost;
use crate::egress::lookup::Lookups;
use crate::egress::proxies::{Proxies, ProxyAddress, Resolving};
use crate::egress::resolver::{CheckedResolver, ProxyResolver, Unresolved};
use crate::egress::transport::{HttpRequest, TransportError, authority};
use crate::host_error::HostError;

/// The clients of a host's proxies.
#[derive(Debug)]
pub(crate) struct Proxied {
    proxies: Proxies,
    http: Option<ProxyClients>,
    https: Option<ProxyClients>,
    lookups: Arc<Lookups>,
}

/// The clients of one proxy: one for each policy, as without a proxy.
#[derive(Debug)]
struct ProxyClients {
    proxy: ProxyAddress,
    public: Client,
    private: Client,
}

impl Proxied {
    /// Clients made from what `builder` returns.
    pub(crate) fn new(
        proxies: Proxies,
        lookups: &Arc<Lookups>,
        builder: impl Fn() -> ClientBuilder,
    ) -> Result<Self, HostError> {
        let client = |proxy: &ProxyAddress| {
            proxy
                .to_proxy()
                .and_then(|proxy| {
                    builder()
                        .proxy(proxy)
                        .dns_resolver(Arc::new(ProxyResolver(Arc::clone(lookups))))
                        .build()
                })
                .map_err(|error| HostError::HttpClient(innermost(&error)))
        };
        let clients = |proxy: &Option<ProxyAddress>| {
            let clients = proxy.as_ref().map(|proxy| {
                Ok(ProxyClients {
                    proxy: proxy.clone(),
                    public: client(proxy)?,
                    private: client(proxy)?,
                })
            });
            clients.transpose()
        };
        Ok(Self {
            http: clients(&proxies.http)?,
            https: clients(&proxies.https)?,
            proxies,
            lookups: Arc::clone(lookups),
        })
    }

    /// The client for a request whose target may be connected to; none if it goes through no proxy.
    pub(crate) async fn client(
        &self,
        request: &HttpRequest,
    ) -> Result<Option<&Client>, TransportError> {
        let url = &request.url;
        if self.proxies.contain(url) {
            let target = authority(url);
            return Err(TransportError::Denied(format!(
                "requests to {target} are denied: it is a proxy of this host"
            )));
        }
        let clients = match url.scheme() {
            "https" => &self.https,
            _ => &self.http,
        };
        let Some(clients) = clients.as_ref().filter(|_| self.proxies.intercept(url)) else {
            return Ok(None);
        };
        if self.proxies.resolving == Resolving::Host {
            self.check(url, request.addresses).await?;
        }
        debug!(proxy = %clients.proxy, host = url.host_str(), "a request goes through a proxy");
        Ok(Some(match request.addresses {
            AddressPolicy::Private => &clients.private,
            AddressPolicy::Public | AddressPolicy::Loopback => &clients.public,
        }))
    }

    /// Refuses a target whose name leads to an address that the policy doesn't allow, even if it
    /// leads to others too: the proxy picks the address.
    async fn check(&self, url: &Url, policy: AddressPolicy) -> Result<(), TransportError> {
        // An address is granted as such.
        let Some(Host::Domain(name)) = url.host() else {
            return Ok(());
        };
        let resolver = CheckedResolver::new(policy, Arc::clone(&self.lookups));
        match resolver.check_all(name).await {
            Ok(()) => Ok(()),
            Err(Unresolved::Denied(denied)) => Err(TransportError::Denied(denied.to_string())),
            Err(Unresolved::Failed(failed)) => Err(unresolved(url, &failed.to_string())),
        }
    }
}

fn unresolved(url: &Url, reason: &str) -> TransportError {
    TransportError::Connect {
        host: authority(url),
        reason: format!(
            "{reason}; the host looks the name up before it asks its proxy, unless it leaves names \
             to the proxy"
        ),
    }
}

/// A failed request, as that of a proxy if it could be the proxy's fault.
pub(crate) fn blame_proxy(error: TransportError) -> TransportError {
    match error {
        TransportError::Connect { host, reason } => TransportError::Connect {
            host,
            reason: format!("the host's proxy: {reason}"),
        },
        other => other,
    }
}
