//! A grant of HTTP: the origins that a plugin may send requests to.
//!
//! The patterns of glob crates don't serve, because their `*` can also stand for a part of a label or
//! for several labels.

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use url::Host;

use crate::egress::addresses::{AddressKind, AddressPolicy};
use crate::egress::canonical_url::{CanonicalUrl, InvalidUrl, Scheme};

/// The word after an origin that lets its name resolve to addresses of private networks.
const PRIVATE: &str = "private";

/// An origin that a plugin may send requests to: `https://api.example.com`,
/// `https://api.*.example.com:8443`, `http://127.0.0.1:4566`.
///
/// `*` stands for exactly one label of the name. Followed by the word `private`
/// (`https://api.example.com private`), the name may also resolve to addresses of private networks,
/// as it does where a cloud's interface endpoints are in use. An address of a private network needs the
/// word too; link-local and reserved addresses, and the metadata services of clouds, can't be granted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpGrant {
    scheme: Scheme,
    host: HostPattern,
    port: u16,
    private: bool,
}

/// The host of a grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HostPattern {
    Name(Vec<Label>),
    Address(IpAddr),
}

/// A label of a granted name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Label {
    Any,
    Is(String),
}

impl Label {
    pub(crate) fn as_str(&self) -> &str {
        match self {
            Self::Any => "*",
            Self::Is(label) => label,
        }
    }
}

/// A text that can't be granted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{grant}` can't be granted: {reason}")]
pub struct GrantError {
    grant: String,
    reason: String,
}

/// What is wrong with an origin.
#[derive(Debug, thiserror::Error)]
enum InvalidOrigin {
    #[error(transparent)]
    Url(#[from] InvalidUrl),
    #[error("it has no host")]
    NoHost,
    #[error("an origin is scheme, host and port, without a path")]
    Path,
    #[error("after the origin, only the word `{PRIVATE}` is allowed")]
    Suffix,
    #[error("a label of the name is empty")]
    EmptyLabel,
    #[error("`*` stands for a whole label of the name, not for a part of one")]
    PartOfLabel,
    #[error("`*` among the last two labels would grant the names of others")]
    TooWide,
    #[error(
        "{address} is {kind}{}",
        if *kind == AddressKind::Private {
            "; to allow it, write `private` after the grant"
        } else {
            ", and never connected to"
        }
    )]
    Address { address: IpAddr, kind: AddressKind },
}

impl GrantError {
    pub(crate) fn new(grant: &str, reason: impl fmt::Display) -> Self {
        Self {
            grant: without_user(grant),
            reason: reason.to_string(),
        }
    }

    /// The reason without the text that can't be granted.
    pub(crate) fn into_reason(self) -> String {
        self.reason
    }
}

/// A text without what stands before its last `@`: that may be a password.
fn without_user(text: &str) -> String {
    let Some((before, after)) = text.rsplit_once('@') else {
        return text.to_owned();
    };
    match before.split_once("://") {
        Some((scheme, _)) => format!("{scheme}://…@{after}"),
        None => format!("…@{after}"),
    }
}

impl HttpGrant {
    /// The origin of a base URL that an operator gave: that very host, whatever its name resolves to,
    /// on private networks too.
    ///
    /// # Errors
    ///
    /// The text isn't an absolute `http://` or `https://` URL, or its host is an address that is never
    /// connected to.
    pub fn from_endpoint(endpoint: &str) -> Result<Self, GrantError> {
        let origin = CanonicalUrl::parse(endpoint)
            .map_err(InvalidOrigin::from)
            .and_then(|url| Self::from_origin(&url, true));
        origin.map_err(|reason| GrantError::new(endpoint, reason))
    }

    fn from_origin(url: &CanonicalUrl, private: bool) -> Result<Self, InvalidOrigin> {
        let host = url.as_url().host().ok_or(InvalidOrigin::NoHost)?;
        let policy = AddressPolicy::for_host(&host, private);
        let host = match host {
            Host::Domain(name) => HostPattern::Name(labels(name)?),
            Host::Ipv4(address) => HostPattern::Address(address.into()),
            Host::Ipv6(address) => HostPattern::Address(address.into()),
        };
        match host {
            HostPattern::Address(address) if !policy.allows(address) => {
                let kind = AddressKind::classify(address);
                Err(InvalidOrigin::Address { address, kind })
            }
            host => Ok(Self {
                scheme: url.scheme(),
                host,
                port: url.port(),
                private,
            }),
        }
    }

    fn parse(grant: &str) -> Result<Self, InvalidOrigin> {
        let (origin, private) = match grant.trim().split_once(' ') {
            None => (grant.trim(), false),
            Some((origin, word)) if word.trim() == PRIVATE => (origin, true),
            Some(_) => return Err(InvalidOrigin::Suffix),
        };
        let url = CanonicalUrl::parse(origin)?;
        if url.as_url().path() != "/" || url.as_url().query().is_some() {
            return Err(InvalidOrigin::Path);
        }
        Self::from_origin(&url, private)
    }

    pub(crate) fn scheme(&self) -> Scheme {
        self.scheme
    }

    pub(crate) fn host(&self) -> &HostPattern {
        &self.host
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Whether this grant allows all that another one does.
    pub(crate) fn covers(&self, other: &Self) -> bool {
        let covers_host = match (&self.host, &other.host) {
            (HostPattern::Name(labels), HostPattern::Name(others)) => {
                labels.len() == others.len()
                    && labels
                        .iter()
                        .zip(others)
                        .all(|(label, other)| *label == Label::Any || label == other)
            }
            (host, other) => host == other,
        };
        covers_host
            && self.scheme == other.scheme
            && self.port == other.port
            && (self.private || !other.private)
    }

    pub(crate) fn matches(&self, url: &CanonicalUrl) -> bool {
        self.scheme == url.scheme()
            && self.port == url.port()
            && match (&self.host, url.as_url().host()) {
                (HostPattern::Name(labels), Some(Host::Domain(name))) => match_labels(labels, name),
                (HostPattern::Address(granted), Some(Host::Ipv4(address))) => *granted == address,
                (HostPattern::Address(granted), Some(Host::Ipv6(address))) => *granted == address,
                _ => false,
            }
    }

    pub(crate) fn allows_private_addresses(&self) -> bool {
        self.private
    }
}

fn match_labels(labels: &[Label], name: &str) -> bool {
    let mut parts = name.split('.');
    labels.iter().all(|label| {
        parts.next().is_some_and(|part| match label {
            Label::Any => !part.is_empty(),
            Label::Is(label) => label == part,
        })
    }) && parts.next().is_none()
}

/// The labels of a granted name.
fn labels(name: &str) -> Result<Vec<Label>, InvalidOrigin> {
    let labels: Vec<Label> = name
        .split('.')
        .map(|label| match label {
            "*" => Ok(Label::Any),
            "" => Err(InvalidOrigin::EmptyLabel),
            _ if label.contains('*') => Err(InvalidOrigin::PartOfLabel),
            _ => Ok(Label::Is(label.to_owned())),
        })
        .collect::<Result<_, _>>()?;
    if labels.iter().rev().take(2).any(|l| *l == Label::Any) {
        return Err(InvalidOrigin::TooWide);
    }
    Ok(labels)
}

impl FromStr for HttpGrant {
    type Err = GrantError;

    fn from_str(grant: &str) -> Result<Self, GrantError> {
        Self::parse(grant).map_err(|reason| GrantError::new(grant, reason))
    }
}

impl fmt::Display for HttpGrant {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}://", self.scheme.as_str())?;
        match &self.host {
            HostPattern::Name(labels) => {
                for (index, label) in labels.iter().enumerate() {
                    let dot = if index == 0 { "" } else { "." };
                    write!(f, "{dot}{}", label.as_str())?;
                }
            }
            HostPattern::Address(IpAddr::V4(address)) => write!(f, "{address}")?,
            // As URLs have it: IPv4-mapped addresses in hexadecimal.
            HostPattern::Address(IpAddr::V6(address)) => {
                write!(f, "{}", Host::<&str>::Ipv6(*address))?;
            }
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
