//! Where a plugin may send requests to.
//!
//! The rules:
//!
//! 1. Nothing is allowed that isn't granted. A grant ([`HttpGrant`]) is an origin: scheme, host and
//!    port. `*` stands for exactly one label of the name, never for a part of one, and never for
//!    one of the last two, which would grant the names of others.
//! 2. Plain HTTP is only for origins that are granted with `http://`.
//! 3. The URL must be written as it is used: no user information, fragment, white space, control
//!    characters or backslashes, a host in lower or upper case letters but otherwise in its
//!    canonical form. So what the plugin signed, what this host checks, and what is connected to
//!    are the same, and there is no notation (decimal or octal IP addresses, percent escapes,
//!    letters that look like others) in which something else could hide.
//! 4. An IP address is only allowed by a grant of that very address.
//! 5. A name may only resolve to the addresses that its grant allows ([`AddressPolicy`]); the
//!    transport checks that when it connects.
//! 6. Redirects aren't followed: a response with one goes to the plugin, whose next request is
//!    checked like any other.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;
use std::sync::Arc;

use arc_swap::ArcSwapOption;
use url::{Host, Url};

use crate::addresses::AddressPolicy;
use crate::grants::{GrantError, Grants};

/// The word after an origin that lets its name resolve to addresses of private networks.
const PRIVATE: &str = "private";

/// An origin that a plugin may send requests to: `https://api.example.com`,
/// `https://api.*.example.com:8443`, `http://127.0.0.1:4566`.
///
/// `*` stands for exactly one label of the name. Followed by the word `private`
/// (`https://api.example.com private`), the name may also resolve to addresses of private networks,
/// as it does where a cloud's interface endpoints are in use.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpGrant {
    scheme: Scheme,
    host: HostPattern,
    port: u16,
    private: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Scheme {
    Http,
    Https,
}

impl Scheme {
    fn of(url: &Url) -> Option<Self> {
        match url.scheme() {
            "http" => Some(Self::Http),
            "https" => Some(Self::Https),
            _ => None,
        }
    }

    fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum HostPattern {
    Name(Vec<Label>),
    Address(IpAddr),
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Label {
    Any,
    Is(String),
}

/// A request that may be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Permit {
    pub(crate) url: Url,
    pub(crate) addresses: AddressPolicy,
}

/// What was permitted last, for a session whose grants stay the same: mostly all requests of a
/// connection go to one URL, and to take that apart is dearer than to compare it.
#[derive(Debug, Default)]
pub(crate) struct LastPermit(ArcSwapOption<(String, Permit)>);

impl LastPermit {
    /// As [`Grants::permit`].
    pub(crate) fn permit(&self, grants: &Grants, url: &str) -> Result<Permit, String> {
        if let Some(last) = &*self.0.load()
            && last.0 == url
        {
            return Ok(last.1.clone());
        }
        let permit = grants.permit(url)?;
        self.0
            .store(Some(Arc::new((url.to_owned(), permit.clone()))));
        Ok(permit)
    }
}

impl HttpGrant {
    /// The origin of a base URL that an operator gave: that very host, wherever its name resolves
    /// to, on private networks too.
    ///
    /// # Errors
    ///
    /// Text that isn't an absolute `http://` or `https://` URL.
    pub fn of_endpoint(endpoint: &str) -> Result<Self, GrantError> {
        let (url, scheme) = canonical(endpoint).map_err(|e| GrantError::new(endpoint, e))?;
        let mut grant = Self::of_origin(&url, scheme).map_err(|e| GrantError::new(endpoint, e))?;
        grant.private = true;
        Ok(grant)
    }

    fn of_origin(url: &Url, scheme: Scheme) -> Result<Self, String> {
        let host = match url.host() {
            Some(Host::Domain(name)) => HostPattern::Name(labels(name)?),
            Some(Host::Ipv4(address)) => HostPattern::Address(address.into()),
            Some(Host::Ipv6(address)) => HostPattern::Address(address.into()),
            None => return Err("it has no host".to_owned()),
        };
        Ok(Self {
            scheme,
            host,
            port: url.port().unwrap_or(scheme.default_port()),
            private: false,
        })
    }

    fn matches(&self, url: &Url, scheme: Scheme) -> bool {
        self.scheme == scheme
            && self.port == url.port().unwrap_or(scheme.default_port())
            && match (&self.host, url.host()) {
                (HostPattern::Name(labels), Some(Host::Domain(name))) => {
                    let mut parts = name.split('.');
                    labels.iter().all(|label| {
                        parts.next().is_some_and(|part| match label {
                            Label::Any => !part.is_empty(),
                            Label::Is(label) => label == part,
                        })
                    }) && parts.next().is_none()
                }
                (HostPattern::Address(granted), Some(Host::Ipv4(address))) => *granted == address,
                (HostPattern::Address(granted), Some(Host::Ipv6(address))) => *granted == address,
                _ => false,
            }
    }
}

/// The labels of a granted name.
fn labels(name: &str) -> Result<Vec<Label>, String> {
    let labels: Vec<Label> = name
        .split('.')
        .map(|label| match label {
            "*" => Ok(Label::Any),
            "" => Err("a label of the name is empty".to_owned()),
            _ if label.contains('*') => {
                Err("`*` stands for a whole label of the name, not for a part of one".to_owned())
            }
            _ => Ok(Label::Is(label.to_owned())),
        })
        .collect::<Result<_, _>>()?;
    if labels.iter().rev().take(2).any(|l| *l == Label::Any) {
        return Err("`*` among the last two labels would grant the names of others".to_owned());
    }
    Ok(labels)
}

impl FromStr for HttpGrant {
    type Err = GrantError;

    fn from_str(grant: &str) -> Result<Self, GrantError> {
        let (origin, private) = match grant.trim().split_once(' ') {
            None => (grant.trim(), false),
            Some((origin, word)) if word.trim() == PRIVATE => (origin, true),
            Some(_) => {
                return Err(GrantError::new(
                    grant,
                    format!("after the origin there can only be the word `{PRIVATE}`"),
                ));
            }
        };
        let parsed = canonical(origin).and_then(|(url, scheme)| {
            if url.path() != "/" || url.query().is_some() {
                return Err("an origin is scheme, host and port, without a path".to_owned());
            }
            Self::of_origin(&url, scheme)
        });
        match parsed {
            Ok(grant) => Ok(Self { private, ..grant }),
            Err(reason) => Err(GrantError::new(grant, reason)),
        }
    }
}

impl fmt::Display for HttpGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme.as_str())?;
        match &self.host {
            HostPattern::Name(labels) => {
                for (index, label) in labels.iter().enumerate() {
                    let dot = if index == 0 { "" } else { "." };
                    let label = match label {
                        Label::Any => "*",
                        Label::Is(label) => label,
                    };
                    write!(f, "{dot}{label}")?;
                }
            }
            HostPattern::Address(IpAddr::V4(address)) => write!(f, "{address}")?,
            HostPattern::Address(IpAddr::V6(address)) => write!(f, "[{address}]")?,
        }
        if self.port != self.scheme.default_port() {
            write!(f, ":{}", self.port)?;
        }
        if self.private {
            write!(f, " {PRIVATE}")?;
        }
        Ok(())
    }
}

/// Whether one of the grants allows a URL; if none does, why, for a person.
pub(crate) fn permit(grants: &[HttpGrant], url: &str) -> Result<Permit, String> {
    let (url, scheme) =
        canonical(url).map_err(|reason| format!("a request to {url:?} is denied: {reason}"))?;
    let mut matching = grants.iter().filter(|g| g.matches(&url, scheme)).peekable();
    if matching.peek().is_none() {
        let origin = url.origin().ascii_serialization();
        return Err(format!(
            "requests to {origin} are not granted; to allow them, grant `{origin}`"
        ));
    }
    let addresses = if url.host_str() == Some("localhost") {
        AddressPolicy::Loopback
    } else if matching.any(|grant| grant.private) {
        AddressPolicy::Private
    } else {
        AddressPolicy::Public
    };
    Ok(Permit { url, addresses })
}

/// An absolute HTTP URL that is written as it is used (rule 3), or what is wrong with it.
fn canonical(text: &str) -> Result<(Url, Scheme), String> {
    if text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
        return Err("white space, control characters and backslashes don't belong in a URL".into());
    }
    let url = Url::parse(text).map_err(|error| format!("it is no URL: {error}"))?;
    let scheme =
        Scheme::of(&url).ok_or_else(|| "only https:// and http:// can be used".to_owned())?;
    let written = text
        .get(scheme.as_str().len()..)
        .and_then(|rest| rest.strip_prefix("://"))
        .map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default())
        .ok_or_else(|| format!("`{}:` must be followed by `//`", scheme.as_str()))?
        .to_ascii_lowercase();
    if written.contains('@') {
        return Err("user information doesn't belong in a URL".to_owned());
    }
    if url.fragment().is_some() {
        return Err("a fragment doesn't belong in the URL of a request".to_owned());
    }
    let host = url.host_str().unwrap_or_default();
    if host.ends_with('.') {
        return Err("the name ends with a dot; write it without".to_owned());
    }
    let port = url.port().unwrap_or(scheme.default_port());
    if written != format!("{host}:{port}") && (url.port().is_some() || written != host) {
        return Err(format!("its host must be written as it is used: `{host}`"));
    }
    Ok((url, scheme))
}

#[cfg(test)]
mod attacks;
