//! Errors as documents, in the form that the command-line tool has: the contract's error, or one of the
//! same members whose class is `plugin` (the plugin broke) or `host` (the request to this library).

use std::borrow::Cow;
use std::collections::BTreeMap;

use polysync_host::contract::Error;
use polysync_host::{CallError, CallFault, LoadError, LoadFault, PluginIdentity};
use serde::Serialize;

use crate::status::PsStatus;

/// Why a function of the library, or a call, has no answer.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(crate) enum Failure {
    /// The platform's error, as the job type tells it.
    Platform(Box<Error>),
    /// Another.
    Own(Box<OwnError>),
}

/// An error that is not the platform's, with the members of the contract's error.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct OwnError {
    class: &'static str,
    code: &'static str,
    message: String,
    hint: Cow<'static, str>,
    retryable: bool,
    request_id: (),
    details: BTreeMap<&'static str, String>,
    #[serde(skip)]
    status: PsStatus,
}

/// The document of a failure.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorDocument<'a> {
    pub(crate) error: &'a Failure,
    /// The plugin that was called, where one was.
    pub(crate) plugin: Option<&'a PluginIdentity>,
}

impl Failure {
    /// A request to this library that can't be met.
    pub(crate) fn host(
        status: PsStatus,
        code: &'static str,
        message: impl Into<String>,
        hint: &'static str,
    ) -> Self {
        Self::own(status, "host", code, message.into(), hint)
    }

    /// An argument that can't be used.
    pub(crate) fn invalid(message: impl Into<String>, hint: &'static str) -> Self {
        Self::host(PsStatus::Invalid, "InvalidArgument", message, hint)
    }

    fn own(
        status: PsStatus,
        class: &'static str,
        code: &'static str,
        message: String,
        hint: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self::Own(Box::new(OwnError {
            class,
            code,
            message,
            hint: hint.into(),
            retryable: false,
            request_id: (),
            details: BTreeMap::new(),
            status,
        }))
    }

    fn retryable(mut self, retryable: bool) -> Self {
        if let Self::Own(error) = &mut self {
            error.retryable = retryable;
        }
        self
    }

    /// What the function returns for it.
    pub(crate) fn status(&self) -> PsStatus {
        match self {
            Self::Platform(_) => PsStatus::Invalid,
            Self::Own(error) => error.status,
        }
    }

    /// The document of the failure without a plugin.
    pub(crate) fn to_json(&self) -> String {
        let document = ErrorDocument {
            error: self,
            plugin: None,
        };
        // Text and numbers are always JSON.
        serde_json::to_string(&document).unwrap_or_default()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Platform(Box::new(error))
    }
}

impl From<&CallError> for Failure {
    fn from(error: &CallError) -> Self {
        let code = match &error.fault {
            CallFault::Timeout { .. } => "Timeout",
            CallFault::NoPlace { .. } => "NoPlace",
            CallFault::OutOfMemory { .. } => "OutOfMemory",
            CallFault::HostOutOfMemory { .. } => "HostOutOfMemory",
            CallFault::StackOverflow { .. } => "StackOverflow",
            CallFault::TooManyRequests { .. } => "TooManyRequests",
            CallFault::TooMuchData { .. } => "TooMuchData",
            CallFault::Trap { .. } => "Trap",
            CallFault::OtherTypes { .. } => "OtherTypes",
            CallFault::UnfitAnswer { .. } => "UnfitAnswer",
            _ => "Host",
        };
        let never_began = matches!(error.fault, CallFault::NoPlace { .. });
        let changes_the_platform = CHANGING.contains(&error.function);
        let may_pass = matches!(error.fault, CallFault::Timeout { .. }) && !changes_the_platform;
        let hint = match (never_began, changes_the_platform) {
            (true, _) => "Call again when fewer calls are under way.",
            (false, true) => {
                "The platform may have done what was asked. Find out before you call again."
            }
            (false, false) => "The call changes nothing on the platform.",
        };
        Self::own(PsStatus::Ok, "plugin", code, error.to_string(), hint)
            .retryable(never_began || may_pass)
    }
}

/// The calls that change something on the platform. One of them that was broken off may have done it.
const CHANGING: [&str; 3] = ["start", "cancel", "retry"];

impl Failure {
    /// A plugin that can't be loaded. `serving` says what serves instead.
    pub(crate) fn load(error: &LoadError, serving: &'static str) -> Self {
        let code = match &error.fault {
            LoadFault::Read(_) => "CannotRead",
            LoadFault::TooLarge { .. } => "TooLarge",
            LoadFault::WrongDigest { .. } => "WrongDigest",
            LoadFault::NeedsGrow { .. } => "NeedsGrow",
            LoadFault::OtherJobType { .. } => "OtherJobType",
            LoadFault::RolledBack { .. } => "RolledBack",
            _ => "CannotLoad",
        };
        let advice = match &error.fault {
            LoadFault::Read(_) => "Check the path. A relative one begins in the process's folder. ",
            LoadFault::NotAComponent(_) | LoadFault::Truncated | LoadFault::Invalid(_) => {
                "Get the plugin's file again from who built it. "
            }
            LoadFault::WrongDigest { .. } => {
                "Load the build whose digest you gave, or give this one's. "
            }
            LoadFault::OtherJobType { .. } => "Load each job type into a slot of its own. ",
            // Their messages say what to do.
            _ => "",
        };
        let hint = format!("{advice}{serving}");
        Self::own(PsStatus::Ok, "plugin", code, error.to_string(), hint)
            .retryable(error.fault.may_pass())
    }
}
