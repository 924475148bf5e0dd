//! Errors in JSON.

use serde::Serialize;

use super::Named;
use super::finding::FindingView;
use super::plugin::PluginView;
use crate::failure::Failure;
use crate::runs::call::CallFailure;
use crate::words;

/// The document that a command writes instead of its answer.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorDocument<'a> {
    pub(crate) error: ErrorView<'a>,
    /// The plugin that was called, where one was loaded.
    pub(crate) plugin: Option<PluginView<'a>>,
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ErrorView<'a> {
    class: &'static str,
    code: &'a str,
    message: String,
    hint: &'a str,
    retryable: bool,
    request_id: Option<&'a str>,
    details: Named<'a>,
    findings: Vec<FindingView<'a>>,
}

impl<'a> ErrorView<'a> {
    fn plain(class: &'static str, code: &'a str, message: String, retryable: bool) -> Self {
        Self {
            class,
            code,
            message,
            hint: "",
            retryable,
            request_id: None,
            details: Named(&[]),
            findings: Vec::new(),
        }
    }
}

impl<'a> From<&'a CallFailure> for ErrorView<'a> {
    fn from(failure: &'a CallFailure) -> Self {
        let message = failure.to_string();
        match failure {
            CallFailure::Platform(error) => Self {
                class: words::error_class(error.class),
                code: &error.code,
                message: error.message.clone(),
                hint: &error.hint,
                retryable: error.retryable,
                request_id: error.request_id.as_deref(),
                details: Named(&error.details),
                findings: Vec::new(),
            },
            CallFailure::Plugin(_) => {
                Self::plain("plugin", "CallFailed", message, failure.is_retryable())
            }
            CallFailure::Endless(_) => Self::plain("tool", "Error", message, false),
        }
    }
}

impl<'a> From<&'a Failure> for ErrorView<'a> {
    fn from(failure: &'a Failure) -> Self {
        let plain = |class, code| Self::plain(class, code, failure.to_string(), false);
        match failure {
            Failure::Call(failure)
            | Failure::InDoubt { failure, .. }
            | Failure::Uncertain { failure, .. } => failure.into(),
            Failure::InvalidJob(findings) => Self {
                findings: findings.iter().map(FindingView::from).collect(),
                ..plain("invalid", "InvalidJob")
            },
            Failure::NotGranted(error) => Self {
                hint: &error.hint,
                ..plain("tool", "NotGranted")
            },
            Failure::Usage(_) => plain("tool", "Usage"),
            Failure::Ledger(_) | Failure::Tool(_) => plain("tool", "Error"),
            Failure::StdoutClosed => plain("tool", "StdoutClosed"),
        }
    }
}

#[cfg(test)]
mod tests {
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
    fn an_error_of_the_tool_itself_has_the_same_shape() {
        let failure = Failure::Usage("no job is given".into());
        let view = serde_json::to_value(ErrorView::from(&failure)).unwrap();

        assert_eq!(
            (&view["class"], &view["message"]),
            (&"tool".into(), &"no job is given".into())
        );
    }
}
