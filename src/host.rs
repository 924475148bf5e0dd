//! What the guest may ask of its host: the contract's four imports as one trait of plain types.

/// A request that the host sends. The host adds `host` and `content-length`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpRequest {
    /// Upper-case.
    pub method: &'static str,
    /// Absolute.
    pub url: String,
    /// Sent in this order.
    pub headers: Vec<(&'static str, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

/// A response, whatever its status.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpResponse {
    /// The HTTP status code.
    pub status: u16,
    /// Names are lower-case.
    pub headers: Vec<(String, String)>,
    /// The whole body.
    pub body: Vec<u8>,
}

impl HttpResponse {
    /// The first header of that name (lower-case), without surrounding blanks.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, value)| value.trim())
    }
}

/// Why there is no response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HttpErrorKind {
    /// The host doesn't let this request out.
    Denied,
    /// No complete answer in time; it may have been carried out.
    Timeout,
    /// No connection; it was not carried out.
    Connect,
    /// The TLS handshake failed; it was not carried out.
    Tls,
    /// The response is larger than the host takes; it was carried out.
    BodyTooLarge,
    /// Cut off or malformed; it may have been carried out.
    Protocol,
}

/// Why there is no response, and the host's words about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HttpError {
    /// For decisions.
    pub kind: HttpErrorKind,
    /// For people.
    pub message: String,
}

/// The credential scope of Signature Version 4.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scope {
    /// UTC, `YYYYMMDD`.
    pub date: String,
    /// The region's name.
    pub region: String,
    /// The signing name.
    pub service: &'static str,
}

/// Whether credentials that the host keeps will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Freshness {
    /// Those in use.
    Cached,
    /// From a new look at where the host has them from.
    Renewed,
}

/// What it takes to sign within one scope. The secret access key isn't part of it.
#[derive(Clone, PartialEq, Eq)]
pub struct SigningCredentials {
    /// Public: it stands in each request.
    pub access_key_id: String,
    /// For temporary credentials.
    pub session_token: Option<String>,
    /// The key derived for the scope.
    pub signing_key: Vec<u8>,
}

impl std::fmt::Debug for SigningCredentials {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SigningCredentials")
            .field("access_key_id", &self.access_key_id)
            .finish_non_exhaustive()
    }
}

/// Why the host hands out no credentials.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SigningError {
    /// Whether an operator has to grant something, as opposed to: there are none just now.
    pub not_granted: bool,
    /// For people.
    pub message: String,
}

/// How much a log line matters.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Level {
    /// Of use to the plugin's author.
    Debug,
    /// Worth knowing.
    Info,
    /// Something was left out or tried again.
    Warn,
    /// Something is broken.
    Error,
}

/// The host, for the time of one call. Times are milliseconds since 1970-01-01T00:00:00Z.
pub trait Host {
    /// Sends requests together; the results are in their order.
    fn send_all(&self, requests: Vec<HttpRequest>) -> Vec<Result<HttpResponse, HttpError>>;
    /// Credentials for a scope.
    fn signing_credentials(
        &self,
        scope: &Scope,
        freshness: Freshness,
    ) -> Result<SigningCredentials, SigningError>;
    /// The host's time.
    fn now(&self) -> u64;
    /// When the host ends this call.
    fn deadline(&self) -> u64;
    /// A random number from 0 to `max`, both included.
    fn jitter(&self, max: u64) -> u64;
    /// Waits for so many milliseconds.
    fn sleep(&self, milliseconds: u64);
    /// One line for the operator.
    fn log(&self, level: Level, message: &str);
}
