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

use url::{Host, Url};

use crate::addresses::AddressPolicy;
use crate::grants::GrantError;

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
mod tests {
    use super::*;

    fn grants(grants: &[&str]) -> Vec<HttpGrant> {
        grants
            .iter()
            .map(|grant| grant.parse().expect("a grant"))
            .collect()
    }

    const AWS: &str = "https://api.sagemaker.*.amazonaws.com";

    #[test]
    fn a_granted_origin_is_allowed_with_any_path_and_query() {
        let grants = grants(&[AWS, "http://127.0.0.1:4566", "https://[2600:1f18::1]:8443"]);
        for url in [
            "https://api.sagemaker.eu-west-1.amazonaws.com",
            "https://api.sagemaker.eu-west-1.amazonaws.com/",
            "https://api.sagemaker.eu-west-1.amazonaws.com:443/a/b?c=d%20e",
            "https://API.SageMaker.EU-West-1.AmazonAWS.com/",
            "http://127.0.0.1:4566/",
            "https://[2600:1f18::1]:8443/",
        ] {
            assert!(permit(&grants, url).is_ok(), "{url}");
        }
    }

    #[test]
    fn attacks_on_the_grants_are_denied() {
        let grants = grants(&[
            AWS,
            "http://127.0.0.1:4566",
            "https://127.0.0.1",
            "https://[::1]",
        ]);
        let attacks = [
            // Another host, or a name that only looks like a granted one.
            "https://example.com/",
            "https://api.sagemaker.eu-west-1.amazonaws.com.example.com/",
            "https://example.com/api.sagemaker.eu-west-1.amazonaws.com",
            "https://example.com?api.sagemaker.eu-west-1.amazonaws.com",
            "https://xapi.sagemaker.eu-west-1.amazonaws.com/",
            "https://amazonaws.com/",
            // `*` is one label: neither none, nor two, nor an empty one.
            "https://api.sagemaker.amazonaws.com/",
            "https://api.sagemaker.a.b.amazonaws.com/",
            "https://api.sagemaker..amazonaws.com/",
            "https://api.sagemaker.*.amazonaws.com./",
            "https://api.sagemaker.eu-west-1.amazonaws.com./",
            // User information that pretends to be the host.
            "https://api.sagemaker.eu-west-1.amazonaws.com@example.com/",
            "https://user:password@api.sagemaker.eu-west-1.amazonaws.com/",
            "https://@api.sagemaker.eu-west-1.amazonaws.com/",
            "https://:@api.sagemaker.eu-west-1.amazonaws.com/",
            // Another scheme or port.
            "http://api.sagemaker.eu-west-1.amazonaws.com/",
            "http://api.sagemaker.eu-west-1.amazonaws.com:443/",
            "https://api.sagemaker.eu-west-1.amazonaws.com:444/",
            "https://api.sagemaker.eu-west-1.amazonaws.com:80/",
            "https://api.sagemaker.eu-west-1.amazonaws.com:/",
            "https://api.sagemaker.eu-west-1.amazonaws.com:0443/",
            "https://127.0.0.1:4566/",
            "http://127.0.0.1/",
            "http://127.0.0.1:4567/",
            "ftp://127.0.0.1:4566/",
            "file:///etc/passwd",
            "data:text/plain,hello",
            "javascript:alert(1)",
            "ws://127.0.0.1:4566/",
            // A granted address in a notation that a reader takes for something else.
            "https://2130706433/",
            "https://0x7f000001/",
            "https://0x7f.0.0.1/",
            "https://0177.0.0.1/",
            "https://017700000001/",
            "https://127.1/",
            "https://127.0.0.1./",
            "https://127.0.0.01/",
            "https://%31%32%37.0.0.1/",
            "https://127。0。0。1/",
            "https://１２７.0.0.1/",
            "https://[::ffff:127.0.0.1]/",
            "https://[::ffff:7f00:1]/",
            "https://[::127.0.0.1]/",
            "https://[0:0:0:0:0:0:0:1]/",
            "https://[::0001]/",
            // Other addresses of the machine, and the metadata services.
            "https://127.0.0.2/",
            "https://0.0.0.0/",
            "https://localhost/",
            "http://169.254.169.254/latest/meta-data/",
            "http://[fd00:ec2::254]/latest/meta-data/",
            "http://metadata.google.internal/",
            // Characters that parsers disagree on.
            "https://api.sagemaker.eu-west-1.amazonaws.com\\@example.com/",
            "https:\\\\api.sagemaker.eu-west-1.amazonaws.com/",
            "https://example.com\\.api.sagemaker.eu-west-1.amazonaws.com/",
            "https:/api.sagemaker.eu-west-1.amazonaws.com/",
            "https:api.sagemaker.eu-west-1.amazonaws.com/",
            "https:///api.sagemaker.eu-west-1.amazonaws.com/",
            "//api.sagemaker.eu-west-1.amazonaws.com/",
            "/path",
            "",
            " https://api.sagemaker.eu-west-1.amazonaws.com/",
            "https://api.sagemaker.eu-west-1.amazonaws.com/ ",
            "https://api.sagemaker.eu-west-1.amazonaws.com/\r\nHost: example.com",
            "https://api.sagemaker.\teu-west-1.amazonaws.com/",
            "https://api.sagemaker.\u{a0}.amazonaws.com/",
            "https://api.sagemaker.eu-west-1.amazonaws.com%00.example.com/",
            "https://api%2esagemaker.eu-west-1.amazonaws.com/",
            "https://api.sagemaker.%65u-west-1.amazonaws.com/",
            // Fragments, which would hide what follows.
            "https://api.sagemaker.eu-west-1.amazonaws.com/#@example.com",
            "https://example.com#.api.sagemaker.eu-west-1.amazonaws.com/",
            "https://api.sagemaker.eu-west-1.amazonaws.com#",
            // Letters of other alphabets, and characters that fold into a dot or into nothing.
            "https://api.sаgemaker.eu-west-1.amazonaws.com/",
            "https://api.sagemaker.eu-west-1.amazonaws。com/",
            "https://api.sagemaker.eu\u{ad}-west-1.amazonaws.com/",
            "https://api.sagemaker.ﬁ.amazonaws.com/",
            "https://api.sagemaker.bücher.amazonaws.com/",
        ];
        for url in attacks {
            assert!(permit(&grants, url).is_err(), "{url:?} must be denied");
        }
    }

    #[test]
    fn a_denial_says_what_to_grant() {
        assert_eq!(
            permit(&[], "https://api.example.com:8443/path?query"),
            Err("requests to https://api.example.com:8443 are not granted; \
                 to allow them, grant `https://api.example.com:8443`"
                .to_owned())
        );
        assert_eq!(
            permit(&[], "https://api.example.com./"),
            Err("a request to \"https://api.example.com./\" is denied: \
                 the name ends with a dot; write it without"
                .to_owned())
        );
    }

    #[test]
    fn the_grant_decides_which_addresses_a_name_may_resolve_to() {
        let grants = grants(&[
            "https://public.example.com",
            "https://inside.example.com private",
            "http://localhost:4566",
        ]);
        let addresses = |url| permit(&grants, url).map(|permit| permit.addresses);
        assert_eq!(
            addresses("https://public.example.com/"),
            Ok(AddressPolicy::Public)
        );
        assert_eq!(
            addresses("https://inside.example.com/"),
            Ok(AddressPolicy::Private)
        );
        assert_eq!(
            addresses("http://localhost:4566/"),
            Ok(AddressPolicy::Loopback)
        );
    }

    #[test]
    fn an_endpoint_of_the_operator_grants_its_origin_on_private_networks_too() {
        let grant = HttpGrant::of_endpoint("http://emulator:8080/base").expect("a URL");
        assert_eq!(grant.to_string(), "http://emulator:8080 private");
        assert_eq!(grant.to_string().parse(), Ok(grant));
    }

    #[test]
    fn a_grant_is_printed_as_it_is_read() {
        for text in [
            AWS,
            "http://127.0.0.1:4566",
            "https://[::1]:8443",
            "https://a.example.com:444 private",
        ] {
            let grant: HttpGrant = text.parse().expect("a grant");
            assert_eq!(grant.to_string(), text);
        }
    }

    #[test]
    fn what_is_no_origin_cannot_be_granted() {
        for grant in [
            "",
            "*",
            "https://*",
            "https://*.com",
            "https://example.*",
            "https://*.*.com",
            "https://api*.example.com",
            "https://a.**.example.com",
            "https://example.com/path",
            "https://example.com/?query",
            "https://user@example.com",
            "https://example.com.",
            "https://a..example.com",
            "https://0x7f.1",
            "ftp://example.com",
            "example.com",
            "https://example.com public",
            "https://example.com:*",
        ] {
            assert!(grant.parse::<HttpGrant>().is_err(), "{grant:?}");
        }
    }
}
