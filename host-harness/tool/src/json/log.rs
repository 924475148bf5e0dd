//! The lines of logs, in JSON.

use polysync_host::contract::LogLine;
use serde::Serialize;

use super::error::ErrorView;
use crate::runs::step_logs::StepLog;

/// A line of `logs`, and the step that wrote it.
#[derive(Debug, Serialize)]
pub(crate) struct StepLineView<'a> {
    pub(crate) step: &'a str,
    #[serde(flatten)]
    pub(crate) line: &'a LogLine,
}

/// The end of the log of a step to blame.
#[derive(Debug, Serialize)]
pub(crate) struct StepLogView<'a> {
    step: &'a str,
    lines: &'a [LogLine],
    /// Why it can't be read.
    error: Option<ErrorView<'a>>,
}

impl<'a> From<&'a StepLog> for StepLogView<'a> {
    fn from(log: &'a StepLog) -> Self {
        Self {
            step: &log.step,
            lines: log.lines.as_deref().unwrap_or_default(),
            error: log.lines.as_ref().err().map(ErrorView::from),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn a_log_has_lines_or_an_error() {
        let line = LogLine {
            time: Some(1_751_371_200_500),
            source: "algo-1".into(),
            message: "killed".into(),
        };
        let view = |lines| {
            let step = "Train".to_owned();
            serde_json::to_value(StepLogView::from(&StepLog { step, lines })).unwrap()
        };
        assert_eq!(
            view(Ok(vec![line])),
            serde_json::json!({
                "step": "Train", "error": null,
                "lines": [ { "time": "2025-07-01T12:00:00.5Z", "source": "algo-1", "message": "killed" } ],
            })
        );
        let failed = view(Err(samples::error().into()));
        assert_eq!(failed["error"]["class"], "denied");
        assert_eq!(failed["lines"], serde_json::json!([]));
    }
}
