//! An HTTP URL that is written as it is used, or what is wrong with it.
//!
//! The `url` crate parses leniently, as browsers do: it accepts decimal and octal IP addresses,
//! percent escapes and letters that look like others, and turns them into what they stand for. All
//! of these are notations in which a host could hide, so a URL is refused here when the text differs
//! from what the crate makes of it.

use url::Url;

/// The longest name, in bytes: messages and log lines repeat it whole (RFC 1035, section 2.3.4).
const LONGEST_NAME: usize = 253;

/// A scheme that requests are sent by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Scheme {
    Http,
    Https,
}

/// An absolute HTTP URL without user information and fragment, whose host is written in lower or
/// upper case letters but otherwise in its canonical form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct CanonicalUrl {
    url: Url,
    scheme: Scheme,
}

/// What is wrong with a URL.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidUrl {
    #[error("white space, control characters and backslashes don't belong in a URL")]
    Character,
    #[error("it is not a URL: {0}")]
    Syntax(#[from] url::ParseError),
    #[error("only https:// and http:// can be used")]
    Scheme,
    #[error("`{0}:` must be followed by `//`")]
    NoSlashes(&'static str),
    #[error("user information doesn't belong in a URL")]
    UserInformation,
    #[error("a fragment doesn't belong in the URL of a request")]
    Fragment,
    #[error("the name ends with a dot; write it without")]
    TrailingDot,
    #[error("a name has at most {LONGEST_NAME} bytes")]
    LongName,
    #[error("its host must be written as it is used: `{0}`")]
    HostNotation(String),
}

impl Scheme {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Self::Http => "http",
            Self::Https => "https",
        }
    }

    pub(crate) fn default_port(self) -> u16 {
        match self {
            Self::Http => 80,
            Self::Https => 443,
        }
    }

    fn from_url(url: &Url) -> Option<Self> {
        [Self::Http, Self::Https]
            .into_iter()
            .find(|scheme| scheme.as_str() == url.scheme())
    }
}

impl CanonicalUrl {
    pub(crate) fn parse(text: &str) -> Result<Self, InvalidUrl> {
        if text.contains(|c: char| c.is_control() || c.is_whitespace() || c == '\\') {
            return Err(InvalidUrl::Character);
        }
        let url = Url::parse(text)?;
        let scheme = Scheme::from_url(&url).ok_or(InvalidUrl::Scheme)?;
        let written = text
            .get(scheme.as_str().len()..)
            .and_then(|rest| rest.strip_prefix("://"))
            .map(|rest| rest.split(['/', '?', '#']).next().unwrap_or_default())
            .ok_or(InvalidUrl::NoSlashes(scheme.as_str()))?
            .to_ascii_lowercase();
        if written.contains('@') {
            return Err(InvalidUrl::UserInformation);
        }
        if url.fragment().is_some() {
            return Err(InvalidUrl::Fragment);
        }
        let host = url.host_str().unwrap_or_default();
        if host.len() > LONGEST_NAME {
            return Err(InvalidUrl::LongName);
        }
        if host.ends_with('.') {
            return Err(InvalidUrl::TrailingDot);
        }
        let port = url.port().unwrap_or(scheme.default_port());
        if written != format!("{host}:{port}") && (url.port().is_some() || written != host) {
            return Err(InvalidUrl::HostNotation(host.to_owned()));
        }
        Ok(Self { url, scheme })
    }

    pub(crate) fn scheme(&self) -> Scheme {
        self.scheme
    }

    /// The port that is written, or the scheme's own.
    pub(crate) fn port(&self) -> u16 {
        self.url.port().unwrap_or(self.scheme.default_port())
    }

    pub(crate) fn as_url(&self) -> &Url {
        &self.url
    }

    pub(crate) fn into_url(self) -> Url {
        self.url
    }
}
