//! What a plugin asks to be granted.
//!
//! A need of a plugin's description is a request, and whoever wrote the plugin wrote the request. So
//! its grammar is narrower than that of a grant ([`HttpGrant`]), which an operator writes:
//!
//! 1. An origin is `https://` and a name, written as this host prints it: port 443, no address, no
//!    path, and not the word `private`.
//! 2. The name belongs to the public internet, and isn't a public suffix such as `co.uk`
//!    ([`public_name`]).
//! 3. `*` stands for one whole label, occurs once, and has a name after it that somebody registered:
//!    neither `https://*.com` nor `https://*.github.io`, which would reach the names of others.
//! 4. A signing name is one, whichever service it names: a person sees it before it is granted.
//!
//! A request that doesn't keep to this can't be accepted. An operator who wants it all the same
//! grants it by name.

use std::fmt;

use url::Host;

use crate::access::signing_name::SigningName;
use crate::contract::Need;
use crate::egress::canonical_url::{CanonicalUrl, Scheme};
use crate::egress::grant::{GrantError, HostPattern, HttpGrant, Label};
use crate::egress::public_name::{self, NotPublic};
use crate::text;

/// Longest part of a need that an error repeats, in bytes.
const EXCERPT: usize = 100;

/// Longest origin, in bytes: `https://`, and a name of 253 bytes (RFC 1035, section 2.3.4).
const LONGEST_ORIGIN: usize = 8 + 253;

/// One thing that a plugin asks for, and that a person may accept with
/// [`Grants::accept`](crate::Grants::accept).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantRequest(Asked);

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Asked {
    Http(HttpGrant),
    AwsSigning(SigningName),
}

/// A need that can't be accepted, only be granted by name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{}: {fault}", self.name())]
pub struct RefusedRequest {
    capability: String,
    value: String,
    fault: Fault,
}

/// Why a need can't be accepted.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Fault {
    #[error("this host has no such capability, only `http` and `aws-signing`")]
    Capability,
    /// The text isn't even a grant.
    #[error("{0}")]
    NotAGrant(String),
    #[error("an origin has at most {LONGEST_ORIGIN} characters")]
    Length,
    #[error("a plugin may ask for https:// only")]
    NotHttps,
    #[error("a plugin may ask for port 443 only")]
    Port,
    #[error("a plugin may ask for a name, not for an address")]
    Address,
    #[error("only an operator can let a name resolve to addresses of private networks")]
    Private,
    #[error("it isn't written as it is used: `{0}`")]
    Spelling(String),
    #[error("`*` may occur once")]
    TwoStars,
    #[error("`*` would stand for names of others: {0}")]
    TooWide(NotPublic),
    #[error(transparent)]
    NotPublic(#[from] NotPublic),
}

impl GrantRequest {
    pub(crate) fn from_need(need: &Need) -> Result<Self, RefusedRequest> {
        let asked = match need.capability.as_str() {
            "http" => origin(&need.value).map(Asked::Http),
            "aws-signing" => SigningName::parse(&need.value)
                .map(Asked::AwsSigning)
                .map_err(|reason| Fault::NotAGrant(reason.to_string())),
            _ => Err(Fault::Capability),
        };
        match asked {
            Ok(asked) => Ok(Self(asked)),
            Err(fault) => Err(RefusedRequest {
                capability: need.capability.clone(),
                value: need.value.clone(),
                fault,
            }),
        }
    }

    /// The import that it is about: `http` or `aws-signing`.
    #[must_use]
    pub fn capability(&self) -> &'static str {
        match self.0 {
            Asked::Http(_) => "http",
            Asked::AwsSigning(_) => "aws-signing",
        }
    }

    /// The origin or the signing name, as it is granted.
    #[must_use]
    pub fn value(&self) -> String {
        match &self.0 {
            Asked::Http(grant) => grant.to_string(),
            Asked::AwsSigning(service) => service.as_str().to_owned(),
        }
    }

    pub(crate) fn asked(&self) -> &Asked {
        &self.0
    }
}

impl fmt::Display for GrantRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.capability(), self.value())
    }
}

impl RefusedRequest {
    /// The capability, as the plugin wrote it.
    #[must_use]
    pub fn capability(&self) -> &str {
        &self.capability
    }

    /// The value, as the plugin wrote it.
    #[must_use]
    pub fn value(&self) -> &str {
        &self.value
    }

    /// The need in one line: capability and value, without control characters and not longer than a
    /// line.
    #[must_use]
    pub fn name(&self) -> String {
        let excerpt = |text| text::escaped(text, EXCERPT);
        format!("{} {}", excerpt(&self.capability), excerpt(&self.value))
    }

    /// Why it can't be accepted.
    #[must_use]
    pub fn reason(&self) -> String {
        self.fault.to_string()
    }
}

/// Reads an origin that a plugin asks for.
fn origin(value: &str) -> Result<HttpGrant, Fault> {
    // So that no reason is longer than a line.
    if value.len() > LONGEST_ORIGIN {
        return Err(Fault::Length);
    }
    if value.ends_with(" private") {
        return Err(Fault::Private);
    }
    let url = CanonicalUrl::parse(value).map_err(|reason| Fault::NotAGrant(reason.to_string()))?;
    if matches!(url.as_url().host(), Some(Host::Ipv4(_) | Host::Ipv6(_))) {
        return Err(Fault::Address);
    }
    let grant: HttpGrant = value
        .parse()
        .map_err(|error: GrantError| Fault::NotAGrant(error.into_reason()))?;
    let HostPattern::Name(labels) = grant.host() else {
        return Err(Fault::Address);
    };
    if grant.scheme() != Scheme::Https {
        return Err(Fault::NotHttps);
    }
    if grant.port() != Scheme::Https.default_port() {
        return Err(Fault::Port);
    }
    let written = grant.to_string();
    if written != value {
        return Err(Fault::Spelling(written));
    }
    name(labels)?;
    Ok(grant)
}

/// Checks the name of an origin.
fn name(labels: &[Label]) -> Result<(), Fault> {
    let text = |labels: &[Label]| {
        let labels: Vec<_> = labels.iter().map(Label::as_str).collect();
        labels.join(".")
    };
    let Some(star) = labels.iter().rposition(|label| *label == Label::Any) else {
        return Ok(public_name::check_host(&text(labels))?);
    };
    let (before, after) = labels.split_at(star);
    if before.contains(&Label::Any) {
        return Err(Fault::TwoStars);
    }
    let registered = text(after.get(1..).unwrap_or_default());
    public_name::check_registered(&registered).map_err(Fault::TooWide)?;
    // The list has rules with a star of their own, such as `*.compute.amazonaws.com`.
    public_name::check_registered(&format!("x.{registered}")).map_err(Fault::TooWide)?;
    // The label that `*` stands for is one of a name.
    let before = before.iter().cloned();
    let after = after.iter().skip(1).cloned();
    let one = std::iter::once(Label::Is("x".to_owned()));
    let sample: Vec<_> = before.chain(one).chain(after).collect();
    Ok(public_name::check_host(&text(&sample))?)
}

#[cfg(test)]
mod tests;
