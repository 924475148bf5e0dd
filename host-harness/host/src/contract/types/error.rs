//! Why a call is refused.

use wasmtime::component::{ComponentType, Lift, Lower};

use super::connection::Attribute;

/// What kind of trouble it is, for a host that has to decide. `error.code` says more.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, ComponentType, Lift, Lower)]
#[component(enum)]
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
    /// It may have been done, and doing it again may do it twice. A person, or the host, looks before
    /// it is repeated. Never retryable. An error of `start` names each run that may be the one that was
    /// asked for in a detail `candidate-run-id`.
    #[component(name = "uncertain")]
    Uncertain,
    /// Anything else, for example an answer that can't be understood.
    #[component(name = "other")]
    Other,
}

/// Why the platform, or the plugin on the way to it, refuses a call.
#[derive(Debug, Clone, PartialEq, Eq, ComponentType, Lift, Lower)]
#[component(record)]
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
    /// Whether the same call may succeed later without anybody changing anything.
    pub retryable: bool,
    /// The platform's id of the request that failed, for its support.
    #[component(name = "request-id")]
    pub request_id: Option<String>,
    /// Other facts of interest.
    pub details: Vec<Attribute>,
}
