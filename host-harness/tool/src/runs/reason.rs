//! Why a run ended as it did, in one text for the record.

use polysync_host::contract::{Error, RunStatus};
use polysync_host::text::{self, PARAGRAPH_BYTES};

/// Code, message and hint, as far as the platform gave them.
pub(crate) fn from_error(error: &Error) -> String {
    [&error.code, &error.message, &error.hint]
        .into_iter()
        .filter(|part| !part.is_empty())
        .map(String::as_str)
        .collect::<Vec<_>>()
        .join(": ")
}

/// The message of the status and the reasons of the steps that failed, as much as a paragraph has.
pub(crate) fn from_status(status: &RunStatus) -> Option<String> {
    let steps = status.failed_steps.iter().map(|step| {
        let reason = step.reason.as_deref().unwrap_or(&step.platform_status);
        format!("{}: {reason}", step.name)
    });
    let parts: Vec<_> = status.message.iter().cloned().chain(steps).collect();
    let reason = || text::paragraph(&parts.join("; "), PARAGRAPH_BYTES).into_owned();
    (!parts.is_empty()).then(reason)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples;

    #[test]
    fn the_reason_of_a_refusal_has_code_message_and_hint() {
        assert_eq!(
            from_error(&samples::error()),
            "AccessDeniedException: Not authorized to start.: Grant it."
        );
    }

    #[test]
    fn the_reason_of_a_failed_run_names_the_steps_that_failed() {
        assert_eq!(
            from_status(&samples::failed_status()).as_deref(),
            Some("Step failure.; Train: AlgorithmError: exit code 1")
        );
    }

    #[test]
    fn the_reasons_of_many_steps_are_cut() {
        let step = samples::failed_step();
        let status = RunStatus {
            failed_steps: vec![step; 10_000],
            ..samples::failed_status()
        };
        let reason = from_status(&status).unwrap();
        // It says too how much was cut.
        assert!(reason.len() < PARAGRAPH_BYTES + 64, "{}", reason.len());
        assert!(reason.ends_with(" more bytes)"), "{reason}");
    }

    #[test]
    fn without_a_message_and_failed_steps_there_is_no_reason() {
        let status = RunStatus {
            message: None,
            failed_steps: Vec::new(),
            ..samples::failed_status()
        };
        assert_eq!(from_status(&status), None);
    }
}
