//! Errors in JSON: the contract's, with the findings about a job, and those of the tool in the same form.

use std::collections::BTreeMap;
use std::fmt::Display;

use polysync_host::PluginIdentity;
use polysync_host::contract::{Error, ErrorClass, Finding};
use polysync_host::text::is_unsafe;
use serde::Serialize;

use crate::failure::Failure;
use crate::runs::call::CallFailure;

/// The document that a command writes instead of its answer.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorDocument<'a> {
    pub(crate) error: ErrorView<'a>,
    /// The plugin that was called, where one was loaded.
    pub(crate) plugin: Option<&'a PluginIdentity>,
}

#[derive(Debug, Serialize)]
pub(crate) struct ErrorView<'a> {
    #[serde(flatten)]
    error: Members<'a>,
    /// The ids of the runs that an uncertain start may have begun. In the object `details` they have one name,
    /// and most readers of JSON keep one member of a name.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    candidates: Vec<&'a str>,
    findings: &'a [Finding],
}

/// The members of the contract's error.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Members<'a> {
    Platform(&'a Error),
    Other(OtherError<'a>),
}

/// An error that isn't the platform's. Its class may be one that the contract doesn't have.
#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
struct OtherError<'a> {
    class: &'static str,
    code: &'static str,
    message: String,
    hint: &'a str,
    retryable: bool,
    request_id: (),
    details: BTreeMap<String, String>,
}

impl<'a> OtherError<'a> {
    fn new(class: &'static str, code: &'static str, message: impl Display) -> Self {
        Self {
            class,
            code,
            message: message.to_string(),
            hint: "",
            retryable: false,
            request_id: (),
            details: BTreeMap::new(),
        }
    }
}

impl<'a> From<OtherError<'a>> for ErrorView<'a> {
    fn from(error: OtherError<'a>) -> Self {
        Self {
            error: Members::Other(error),
            candidates: Vec::new(),
            findings: &[],
        }
    }
}

impl<'a> From<&'a CallFailure> for ErrorView<'a> {
    fn from(failure: &'a CallFailure) -> Self {
        match failure {
            CallFailure::Platform(error) => Self {
                error: Members::Platform(error),
                candidates: failure
                    .candidates()
                    .filter(|run_id| !run_id.contains(is_unsafe))
                    .collect(),
                findings: &[],
            },
            CallFailure::Plugin(_) => Self::from(OtherError {
                retryable: failure.is_retryable(),
                ..OtherError::new("plugin", "CallFailed", failure)
            }),
            CallFailure::Endless(_) => OtherError::new("tool", "Error", failure).into(),
        }
    }
}

impl<'a> From<&'a Failure> for ErrorView<'a> {
    fn from(failure: &'a Failure) -> Self {
        let other = |class, code| OtherError::new(class, code, failure);
        match failure {
            Failure::Call(failure)
            | Failure::InDoubt { failure, .. }
            | Failure::Uncertain { failure, .. } => failure.into(),
            Failure::InvalidJob(findings) => Self {
                findings,
                ..other(ErrorClass::Invalid.as_str(), "InvalidJob").into()
            },
            Failure::NotGranted(error) => Self::from(OtherError {
                hint: &error.hint,
                ..other("tool", "NotGranted")
            }),
            Failure::Usage(_) => other("tool", "Usage").into(),
            Failure::Ledger(_) | Failure::Tool(_) => other("tool", "Error").into(),
            Failure::StdoutClosed => other("tool", "StdoutClosed").into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use polysync_host::contract::Attribute;

    use super::*;
    use crate::samples;

    #[test]
    fn every_member_of_the_platforms_error_is_there() {
        let failure = Failure::from(samples::error());
        let view = serde_json::to_value(ErrorDocument {
            error: (&failure).into(),
            plugin: None,
        })
        .unwrap();

        assert_eq!(
            view["error"],
            serde_json::json!({
                "class": "denied", "code": "AccessDeniedException", "message": "Not authorized to start.",
                "hint": "Grant it.", "retryable": false, "requestId": "req-1", "details": { "action": "Start" },
                "findings": [],
            })
        );
    }

    #[test]
    fn an_uncertain_start_has_a_list_of_the_runs_that_it_may_have_begun() {
        let candidate = |id: &str| Attribute {
            name: "candidate-run-id".into(),
            value: id.into(),
        };
        let failure = CallFailure::from(Error {
            class: ErrorClass::Uncertain,
            details: ["run-1", "run\u{202e}", "run-2"].map(candidate).to_vec(),
            ..samples::error()
        });
        let view = serde_json::to_value(ErrorView::from(&failure)).unwrap();
        assert_eq!(view["candidates"], serde_json::json!(["run-1", "run-2"]));
    }

    #[test]
    fn an_error_of_the_tool_itself_has_the_same_shape() {
        let failure = Failure::Usage("no job is given".into());
        let view = serde_json::to_value(ErrorView::from(&failure)).unwrap();

        assert_eq!(
            (&view["class"], &view["message"]),
            (&"tool".into(), &"no job is given".into())
        );
    }
}
