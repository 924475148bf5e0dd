//! Why a call is refused.

use std::fmt;

use wasmtime::component::{ComponentType, Lift, Lower};

use super::connection::Attribute;

/// What kind of trouble it is, for a host that has to decide. `error.code` says more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ComponentType, Lift, Lower)]
#[component(enum)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "kebab-case"))]
#[repr(u8)]
pub enum ErrorClass {
    /// The job, connection or run is not as it should be; the same again fails again.
    #[component(name = "invalid")]
    Invalid,
    /// Credentials are missing, expired or refused, a permission is missing, or the host doesn't
    /// grant what is needed.
    #[component(name = "denied")]
    Denied,
    /// The job or run doesn't exist (any more).
    #[component(name = "not-found")]
    NotFound,
    /// It can't be done in the present state of the job or run.
    #[component(name = "conflict")]
    Conflict,
    /// A quota of the account is used up.
    #[component(name = "limit")]
    Limit,
    /// Too many requests; later it works.
    #[component(name = "throttled")]
    Throttled,
    /// The platform or the way to it fails at present, or time ran out.
    #[component(name = "unavailable")]
    Unavailable,
    /// The platform doesn't offer this.
    #[component(name = "unsupported")]
    Unsupported,
    /// It may have been done, and doing it again may do it twice. Never retryable: a person or the host
    /// looks before it is repeated. An error of `start` names each run that may be the one that was
    /// asked for in a detail `candidate-run-id`.
    #[component(name = "uncertain")]
    Uncertain,
    /// Anything else, for example an answer that can't be understood.
    #[component(name = "other")]
    #[cfg_attr(feature = "serde", serde(other))]
    Other,
}

impl ErrorClass {
    /// The contract's word for it, which is its JSON form too.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Invalid => "invalid",
            Self::Denied => "denied",
            Self::NotFound => "not-found",
            Self::Conflict => "conflict",
            Self::Limit => "limit",
            Self::Throttled => "throttled",
            Self::Unavailable => "unavailable",
            Self::Unsupported => "unsupported",
            Self::Uncertain => "uncertain",
            Self::Other => "other",
        }
    }
}

impl fmt::Display for ErrorClass {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

/// Why the platform, or the plugin on the way to it, refuses a call.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize))]
#[cfg_attr(feature = "serde", serde(rename_all = "camelCase"))]
pub struct Error {
    /// What kind of trouble it is, for a host that has to decide.
    pub class: ErrorClass,
    /// The platform's own code where it gave one (`ValidationException`), else a code of the
    /// plugin's in the same style. Open.
    pub code: String,
    /// What happened, in the platform's own words where it gave any.
    pub message: String,
    /// What to do about it, for a person. May be empty.
    pub hint: String,
    /// Whether the same call may succeed later without anybody changing anything. For a call with a
    /// GUID: the same call with the same GUID.
    pub retryable: bool,
    /// The platform's id of the request that failed, for its support.
    #[component(name = "request-id")]
    pub request_id: Option<String>,
    /// Other facts of interest.
    #[cfg_attr(
        feature = "serde",
        serde(default, with = "crate::contract::json::attributes")
    )]
    pub details: Vec<Attribute>,
}
