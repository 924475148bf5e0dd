//! A start that may have happened, where the same GUID doesn't give the same run: it isn't repeated, and an
//! operator is told.

use polysync_host::contract::{self, ErrorClass};
use uuid::Uuid;

use super::call::CallFailure;
use super::reason;

/// Whether a start that failed like this isn't made again. Where a plugin promises that the same GUID
/// never starts a second run, only its own word says so.
pub(crate) fn is_uncertain(failure: &CallFailure, is_idempotent: bool) -> bool {
    failure.is_uncertain() || (!is_idempotent && failure.broke())
}

/// The failure of a start that may have been sent before a restart, where the plugin can't ask for the same
/// run again.
pub(crate) fn sent_before() -> CallFailure {
    contract::Error {
        class: ErrorClass::Uncertain,
        code: "StartInDoubt".to_owned(),
        message: "an earlier start may have reached the platform, and its answer is lost; this \
                  plugin can't ask for the same run again"
            .to_owned(),
        hint: "Look for the run on the platform.".to_owned(),
        retryable: false,
        request_id: None,
        details: Vec::new(),
    }
    .into()
}

/// What the record of a run says whose start is uncertain.
pub(crate) fn reason(failure: &CallFailure, guid: Uuid) -> String {
    let cause = match failure.platform() {
        Some(error) => reason::from_error(error),
        None => failure.to_string(),
    };
    let candidates: Vec<_> = failure.named_candidates().collect();
    let candidates = match candidates.is_empty() {
        true => String::new(),
        false => format!("; it may be {}", candidates.join(" or ")),
    };
    format!(
        "{cause}{candidates}; to follow the run, give the order `adopt {guid} RUN-ID`; to start anew, \
         give the job again"
    )
}

#[cfg(test)]
mod tests {
    use polysync_host::contract::Attribute;

    use super::*;
    use crate::samples;

    #[test]
    fn the_record_names_the_runs_that_it_may_be_and_what_can_be_done() {
        let guid = Uuid::from_u128(7);
        let candidate = |id: &str| Attribute {
            name: "candidate-run-id".into(),
            value: id.into(),
        };
        let error = contract::Error {
            class: ErrorClass::Uncertain,
            code: "AnswerLost".into(),
            message: "No answer came.".into(),
            hint: String::new(),
            details: vec![candidate("run-1"), candidate("run-2")],
            ..samples::error()
        };
        assert_eq!(
            reason(&error.into(), guid),
            "AnswerLost: No answer came.; it may be run-1 or run-2; to follow the run, give the order \
             `adopt 00000000-0000-0000-0000-000000000007 RUN-ID`; to start anew, give the job again"
        );
    }

    #[test]
    fn an_error_of_that_class_is_uncertain_although_starts_are_idempotent() {
        let failure = CallFailure::from(contract::Error {
            class: ErrorClass::Uncertain,
            ..samples::error()
        });
        assert!(is_uncertain(&failure, true));
        assert!(!is_uncertain(&samples::throttled().into(), false));
    }
}
