//! The proxies that requests go through, and which requests do.
//!
//! Which hosts `NO_PROXY` names is a matter of `hyper-util`, which has curl's rules; the variables
//! are read here, because its matcher doesn't say which proxies it has.

use std::env;
use std::fmt;

use hyper_util::client::proxy::matcher::Matcher;
use reqwest::Proxy;
use url::{Host, Url};

use crate::host_error::HostError;

/// The proxies that a host's requests go through. Made by [`Proxies::from_env`] or
/// [`Proxies::new`].
///
/// An `https` request goes through a proxy by CONNECT, so that the proxy sees the name of its target
/// and nothing else; a plain `http` one is the proxy's to forward. Requests to this machine
/// (`localhost` and its addresses) go through none.
#[derive(Debug)]
pub struct Proxies {
    pub(crate) http: Option<ProxyAddress>,
    pub(crate) https: Option<ProxyAddress>,
    matcher: Matcher,
    pub(crate) resolving: Resolving,
}

/// Who finds out whether a target's addresses are allowed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resolving {
    /// This host, before it asks the proxy to connect. The proxy resolves the name once more.
    Host,
    /// The proxy alone.
    Proxy,
}

/// Where a proxy is, with the name and password for it.
#[derive(Clone)]
pub(crate) struct ProxyAddress(Url);

impl Proxies {
    /// Takes the proxies of `HTTPS_PROXY`, `HTTP_PROXY` and `ALL_PROXY`, and the hosts of `NO_PROXY`
    /// that requests go to without one. Each may be in lower case.
    ///
    /// `HTTP_PROXY` doesn't count where `REQUEST_METHOD` is set: in a CGI program, whoever sends the
    /// request sets it.
    ///
    /// # Errors
    ///
    /// A variable isn't the URL of an HTTP proxy.
    pub fn from_env() -> Result<Self, HostError> {
        let all = variable("ALL_PROXY");
        let is_cgi = env::var_os("REQUEST_METHOD").is_some();
        let http = variable("HTTP_PROXY").filter(|_| !is_cgi);
        let (_, no_proxy) = variable("NO_PROXY").unwrap_or_default();
        Self::build(
            variable("HTTPS_PROXY").or_else(|| all.clone()),
            http.or(all),
            &no_proxy,
        )
    }

    /// Takes one proxy for all requests, such as `http://proxy.example.com:3128`, but for those to the
    /// hosts of `no_proxy`: names, which stand for what is below them too, addresses and networks,
    /// with commas in between.
    ///
    /// # Errors
    ///
    /// `proxy` isn't the URL of an HTTP proxy.
    pub fn new(proxy: &str, no_proxy: &str) -> Result<Self, HostError> {
        let proxy = Some(("the proxy's address", proxy.to_owned()));
        Self::build(proxy.clone(), proxy, no_proxy)
    }

    /// Leaves it to the proxies to resolve names, for networks where only they can.
    ///
    /// The host then can't see which addresses a name leads to. The proxies must refuse to connect to
    /// the internal addresses that plugins must not reach.
    #[must_use]
    pub fn resolving_names(mut self) -> Self {
        self.resolving = Resolving::Proxy;
        self
    }

    /// The variable of the environment that names a proxy, if one does: for a host that uses none, to
    /// say so when a connection fails.
    #[must_use]
    pub fn env_variable() -> Option<&'static str> {
        let mut names = ["HTTPS_PROXY", "HTTP_PROXY", "ALL_PROXY"].into_iter();
        names.find(|name| variable(name).is_some())
    }

    fn build(
        https: Option<(&'static str, String)>,
        http: Option<(&'static str, String)>,
        no_proxy: &str,
    ) -> Result<Self, HostError> {
        let parse = |given: Option<(&'static str, String)>| {
            given
                .map(|(name, text)| ProxyAddress::parse(name, &text))
                .transpose()
        };
        // Only whether there is one matters to the matcher.
        let present = |given: &Option<_>| match given {
            Some(_) => "http://proxy",
            None => "",
        };
        let matcher = Matcher::builder()
            .https(present(&https))
            .http(present(&http))
            .no(no_proxy)
            .build();
        Ok(Self {
            https: parse(https)?,
            http: parse(http)?,
            matcher,
            resolving: Resolving::Host,
        })
    }

    /// Whether a request goes through a proxy.
    pub(crate) fn intercept(&self, url: &Url) -> bool {
        let is_this_machine = match url.host() {
            Some(Host::Domain(name)) => name == "localhost",
            Some(Host::Ipv4(address)) => address.is_loopback(),
            Some(Host::Ipv6(address)) => address.to_canonical().is_loopback(),
            None => true,
        };
        !is_this_machine
            && url
                .as_str()
                .parse()
                .is_ok_and(|uri| self.matcher.intercept(&uri).is_some())
    }

    /// Whether a URL leads to one of the proxies itself.
    pub(crate) fn contain(&self, url: &Url) -> bool {
        self.http.iter().chain(&self.https).any(|proxy| {
            url.host() == proxy.0.host()
                && url.port_or_known_default() == proxy.0.port_or_known_default()
        })
    }
}

/// A variable in upper or lower case, with its name; none if it is empty.
fn variable(name: &'static str) -> Option<(&'static str, String)> {
    let read = |name: &str| env::var(name).ok().filter(|value| !value.trim().is_empty());
    let value = read(name).or_else(|| read(&name.to_ascii_lowercase()))?;
    Some((name, value))
}

impl ProxyAddress {
    /// The error doesn't repeat the text, which may hold a password.
    fn parse(name: &'static str, text: &str) -> Result<Self, HostError> {
        let text = text.trim();
        let url = match text.contains("://") {
            true => Url::parse(text),
            false => Url::parse(&format!("http://{text}")),
        };
        match url {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(Self(url)),
            _ => Err(HostError::Proxy { name }),
        }
    }

    /// The proxy as the HTTP client takes it.
    pub(crate) fn to_proxy(&self) -> reqwest::Result<Proxy> {
        Proxy::all(self.0.as_str())
    }
}

impl fmt::Display for ProxyAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = self.0.host_str().unwrap_or_default();
        let port = self.0.port_or_known_default().unwrap_or_default();
        write!(f, "{}://{host}:{port}", self.0.scheme())
    }
}

impl fmt::Debug for ProxyAddress {
    /// Without the password.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    #[test]
    fn requests_go_through_the_proxy_but_for_those_that_no_proxy_names() {
        let proxies = Proxies::new("proxy.corp:3128", "corp, 10.0.0.0/8").expect("a proxy");
        for through in ["https://api.example.com/", "http://example.com/"] {
            assert!(proxies.intercept(&url(through)), "{through}");
        }
        for direct in ["https://corp/", "https://a.corp/", "http://10.1.2.3/"] {
            assert!(!proxies.intercept(&url(direct)), "{direct}");
        }
    }

    #[test]
    fn requests_to_this_machine_go_through_no_proxy() {
        let proxies = Proxies::new("http://proxy.corp:3128", "").expect("a proxy");
        for direct in [
            "http://localhost:4566/",
            "http://127.0.0.1:4566/",
            "http://[::1]:4566/",
            "http://[::ffff:127.0.0.1]/",
        ] {
            assert!(!proxies.intercept(&url(direct)), "{direct}");
        }
    }

    #[test]
    fn a_url_of_the_proxy_itself_is_known() {
        let proxies = Proxies::new("http://user:password@proxy.corp:3128", "").expect("a proxy");
        assert!(proxies.contain(&url("http://proxy.corp:3128/")));
        assert!(proxies.contain(&url("https://proxy.corp:3128/a")));
        assert!(!proxies.contain(&url("https://proxy.corp/")));
        assert!(!proxies.contain(&url("https://api.corp:3128/")));
    }

    #[test]
    fn a_password_for_the_proxy_is_in_no_message() {
        let proxies = Proxies::new("http://user:hidden@proxy.corp:3128", "").expect("a proxy");
        let shown = format!("{proxies:?}");
        assert!(shown.contains("proxy.corp:3128"), "{shown}");
        assert!(!shown.contains("hidden"), "{shown}");
        for wrong in [
            "socks5://user:hidden@proxy:1",
            "http://user:hidden@:1",
            "::hidden::",
        ] {
            let error = Proxies::new(wrong, "").expect_err(wrong);
            assert!(!format!("{error} {error:?}").contains("hidden"), "{error}");
        }
    }
}
