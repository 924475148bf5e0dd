//! Errors in JSON.

use serde::Serialize;

use super::Named;
use super::job::FindingView;
use super::plugin::PluginView;
use crate::failure::Failure;
use crate::words;

/// The document that stands in place of an answer.
#[derive(Debug, Serialize)]
pub(crate) struct ErrorDocument<'a> {
    pub(crate) error: ErrorView<'a>,
    /// Which plugin was asked; none where it isn't about a plugin.
    pub(crate) plugin: Option<PluginView>,
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

impl<'a> From<&'a Failure> for ErrorView<'a> {
    fn from(failure: &'a Failure) -> Self {
        let plain = |class, code| Self {
            class,
            code,
            message: failure.to_string(),
            hint: "",
            retryable: failure.is_retryable(),
            request_id: None,
            details: Named(&[]),
            findings: Vec::new(),
        };
        match failure {
            Failure::Platform(error) => Self {
                class: words::error_class(error.class),
                code: &error.code,
                message: error.message.clone(),
                hint: &error.hint,
                retryable: error.retryable,
                request_id: error.request_id.as_deref(),
                details: Named(&error.details),
                findings: Vec::new(),
            },
            Failure::InDoubt { failure, .. } => failure.as_ref().into(),
            Failure::InvalidJob(findings) => Self {
                findings: findings.iter().map(FindingView::from).collect(),
                ..plain("invalid", "InvalidJob")
            },
            Failure::Plugin(_) => plain("plugin", "CallFailed"),
            Failure::Usage(_) => plain("tool", "Usage"),
            Failure::Tool(_) => plain("tool", "Error"),
            Failure::StdoutClosed => plain("tool", "StdoutClosed"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn the_platforms_error_is_given_whole() {
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
    fn an_error_of_the_tools_own_has_the_same_shape() {
        let failure = Failure::Usage("no job is given".into());
        let view = serde_json::to_value(ErrorView::from(&failure)).unwrap();

        assert_eq!(
            (&view["class"], &view["message"]),
            (&"tool".into(), &"no job is given".into())
        );
    }
}
