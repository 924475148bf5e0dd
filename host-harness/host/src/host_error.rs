//! Why a host can't be set up.

use std::io;
use std::path::PathBuf;

/// A host or its HTTP client can't be set up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum HostError {
    /// A limit is zero.
    #[error(
        "`Limits::{field}` is zero, so that no plugin could do anything; \
         `Limits::recommended()` has a value to start from"
    )]
    ZeroLimit {
        /// The field of [`Limits`](crate::Limits).
        field: &'static str,
    },
    /// The WebAssembly engine can't be set up, in most cases because this machine lacks the address
    /// space for the limits.
    #[error(
        "the WebAssembly engine can't be set up: {0}; \
         if memory is short, lower `Limits::concurrent_calls` or `Limits::memory_bytes`"
    )]
    Engine(String),
    /// The cache of compiled components can't be used.
    #[error("compiled components can't be kept in {}: {reason}", directory.display())]
    Cache {
        /// The directory that was given for the cache.
        directory: PathBuf,
        /// What the engine says about it.
        reason: String,
    },
    /// The threads that compile plugins can't be started.
    #[error(
        "the threads that compile plugins can't be started: {0}; lower `CompileLimits::threads`"
    )]
    Compiler(String),
    /// The thread that counts the engine's epochs can't be started.
    #[error("the thread that interrupts running plugins can't be started: {0}")]
    Ticker(#[source] io::Error),
    /// A proxy's address isn't one.
    #[error(
        "{name} is not the address of an HTTP proxy, such as `http://proxy.example.com:3128`; \
         proxies of other kinds are not supported"
    )]
    Proxy {
        /// The variable that holds it, or what it is.
        name: &'static str,
    },
    /// The text of a CA bundle isn't one.
    #[error(
        "the CA bundle isn't a list of X.509 certificates in PEM form (`-----BEGIN CERTIFICATE-----`)"
    )]
    CaBundle,
    /// The HTTP client can't be set up, in most cases because no root certificates were found.
    #[error("the HTTP client can't be set up: {0}; are root certificates installed?")]
    HttpClient(String),
}
