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

/// Longest part of a need that an error repeats, in characters.
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
    // The label that `*` stands for is one of a name.
    let before = before.iter().cloned();
    let after = after.iter().skip(1).cloned();
    let one = std::iter::once(Label::Is("x".to_owned()));
    let sample: Vec<_> = before.chain(one).chain(after).collect();
    Ok(public_name::check_host(&text(&sample))?)
}

/// A plugin's text, without control characters and not longer than a line.
fn excerpt(text: &str) -> String {
    let mut characters = text.chars();
    let mut shown: String = characters.by_ref().take(EXCERPT).collect();
    if characters.next().is_some() {
        shown.push('…');
    }
    shown.escape_debug().to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(capability: &str, value: &str) -> Result<GrantRequest, String> {
        let need = Need {
            capability: capability.to_owned(),
            value: value.to_owned(),
        };
        GrantRequest::from_need(&need).map_err(|refused| refused.reason())
    }

    #[test]
    fn an_origin_on_the_public_internet_may_be_asked_for() {
        for origin in [
            "https://example.com",
            "https://api.example.co.uk",
            "https://api.sagemaker.*.amazonaws.com",
            "https://api.sagemaker.*.amazonaws.com.cn",
            "https://*.example.com",
            "https://s3.eu-west-1.amazonaws.com",
        ] {
            let request = request("http", origin).expect("a request");
            assert_eq!(request.to_string(), format!("http {origin}"));
        }
    }

    /// Needs that an operator could write as a grant, or that look like one.
    const GREEDY: &[(&str, &str)] = &[
        ("http://example.com", "a plugin may ask for https:// only"),
        (
            "https://example.com:8443",
            "a plugin may ask for port 443 only",
        ),
        (
            "https://corp.example.com private",
            "only an operator can let a name resolve to addresses of private networks",
        ),
        (
            "https://127.0.0.1",
            "a plugin may ask for a name, not for an address",
        ),
        (
            "https://[2600:1f18::1]",
            "a plugin may ask for a name, not for an address",
        ),
        (
            "https://1.1.1.1",
            "a plugin may ask for a name, not for an address",
        ),
        (
            "https://169.254.169.254",
            "a plugin may ask for a name, not for an address",
        ),
        (
            "https://10.0.0.1 private",
            "only an operator can let a name resolve to addresses of private networks",
        ),
        (
            "https://0x7f000001",
            "its host must be written as it is used: `127.0.0.1`",
        ),
        (
            "https://2130706433",
            "its host must be written as it is used: `127.0.0.1`",
        ),
        (
            "https://localhost",
            "`localhost` doesn't belong to the public internet",
        ),
        (
            "https://redis",
            "`redis` doesn't belong to the public internet",
        ),
        (
            "https://vault.corp.internal",
            "`vault.corp.internal` doesn't belong to the public internet",
        ),
        ("https://com", "anybody can register names below `com`"),
        ("https://co.uk", "anybody can register names below `co.uk`"),
        (
            "https://*.com",
            "`*` among the last two labels would grant the names of others",
        ),
        (
            "https://*.co.uk",
            "`*` would stand for names of others: anybody can register names below `co.uk`",
        ),
        (
            "https://*.github.io",
            "`*` would stand for names of others: anybody can register names below `github.io`",
        ),
        (
            "https://*.s3.amazonaws.com",
            "`*` would stand for names of others: anybody can register names below `s3.amazonaws.com`",
        ),
        (
            "https://*.corp.internal",
            "`*` would stand for names of others: `corp.internal` doesn't belong to the public internet",
        ),
        ("https://*.*.example.com", "`*` may occur once"),
        (
            "https://api*.example.com",
            "`*` stands for a whole label of the name, not for a part of one",
        ),
        (
            "https://user@example.com",
            "user information doesn't belong in a URL",
        ),
        (
            "https://example.com/path",
            "an origin is scheme, host and port, without a path",
        ),
        (
            "https://example.com?query",
            "an origin is scheme, host and port, without a path",
        ),
        (
            "https://example.com/",
            "it isn't written as it is used: `https://example.com`",
        ),
        (
            "https://EXAMPLE.com",
            "it isn't written as it is used: `https://example.com`",
        ),
        (
            " https://example.com",
            "white space, control characters and backslashes don't belong in a URL",
        ),
        (
            "https://under_score.example.com",
            "a name has labels of letters, digits and hyphens",
        ),
        (
            "https://xn--pple-43d.com",
            "a name with letters of other alphabets can look like another",
        ),
        ("*", "it is not a URL: relative URL without a base"),
        ("", "it is not a URL: relative URL without a base"),
    ];

    #[test]
    fn what_is_more_than_a_plugin_may_ask_for_is_refused_with_the_reason() {
        for (origin, reason) in GREEDY {
            assert_eq!(
                request("http", origin),
                Err((*reason).to_owned()),
                "{origin}"
            );
        }
    }

    #[test]
    fn any_signing_name_may_be_asked_for_because_a_person_sees_it() {
        for service in ["sagemaker", "iam", "sts"] {
            let request = request("aws-signing", service).expect("a request");
            assert_eq!(request.to_string(), format!("aws-signing {service}"));
        }
        for service in ["", "*", "SageMaker", "a b", &"a".repeat(65)] {
            assert!(request("aws-signing", service).is_err(), "{service}");
        }
        assert_eq!(
            request("files", "/etc"),
            Err("this host has no such capability, only `http` and `aws-signing`".to_owned())
        );
    }

    #[test]
    fn a_refusal_repeats_no_control_characters_and_no_more_than_a_line() {
        let need = Need {
            capability: "http".to_owned(),
            value: "\x1b[2J\nfaked line".to_owned(),
        };
        let refused = GrantRequest::from_need(&need).expect_err("not an origin");
        let shown = refused.to_string();
        assert!(shown.starts_with("http \\u{1b}[2J\\nfaked"), "{shown}");
        for label in ["x", "X", "%78"] {
            let need = Need {
                capability: "http".to_owned(),
                value: format!("https://{}.com", label.repeat(1 << 20)),
            };
            let refused = GrantRequest::from_need(&need).expect_err("not a name");
            let shown = refused.to_string();
            assert!(shown.len() < 400, "{} bytes: {label}", shown.len());
        }
    }
}
