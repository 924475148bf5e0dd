//! Failures in words.

use polysync_host::{CallFault, contract};

use super::style::{self, paint};
use super::{jobs, text};
use crate::failure::Failure;
use crate::invocation;
use crate::runs::call::CallFailure;

/// A failure with its hint and details, in several lines.
pub(crate) fn failure(failure: &Failure) -> String {
    match failure {
        Failure::Call(cause) => call(cause),
        Failure::InDoubt {
            failure: cause,
            guid,
        } => format!("{}{}\n", call(cause), invocation::same_guid_again(*guid)),
        Failure::Uncertain {
            failure: cause,
            advice,
        } => format!("{}{advice}\n", call(cause)),
        Failure::InvalidJob(findings) => format!(
            "{}{}",
            jobs::findings(findings),
            headline(&failure.to_string())
        ),
        Failure::NotGranted(error) => headline(&error.to_string()) + &hint(&error.hint),
        _ => headline(&failure.to_string()),
    }
}

/// One line, for a call that failed while the tool goes on.
pub(crate) fn in_one_line(failure: &CallFailure) -> String {
    text::line(&failure.to_string())
}

/// ` (hint)`, or nothing.
pub(crate) fn hint_in_brackets(failure: &CallFailure) -> String {
    match failure.platform() {
        Some(error) if !error.hint.is_empty() => format!(" ({})", text::line(&error.hint)),
        _ => String::new(),
    }
}

fn call(failure: &CallFailure) -> String {
    match failure {
        CallFailure::Platform(error) => platform(failure, error),
        CallFailure::Plugin(error) => {
            let headline = headline(&format!("the {error}"));
            match error.fault {
                CallFault::Timeout { .. } => {
                    headline + &hint("give it more time with --call-timeout")
                }
                _ => headline,
            }
        }
        CallFailure::Endless(_) => headline(&failure.to_string()),
    }
}

fn platform(failure: &CallFailure, error: &contract::Error) -> String {
    let mut block = headline(&failure.to_string());
    if !error.hint.is_empty() {
        block += &hint(&error.hint);
    }
    let facts = error
        .details
        .iter()
        .map(|detail| (detail.name.as_str(), &detail.value));
    let request_id = error.request_id.iter().map(|id| ("request id", id));
    block.extend(
        facts
            .chain(request_id)
            .map(|(name, value)| fact(name, value)),
    );
    block
}

/// A named fact, on a line of its own.
pub(crate) fn fact(name: &str, value: &str) -> String {
    let label = paint(style::DIM, format_args!("{}:", text::line(name)));
    format!("{label} {}\n", text::hanging(value, 2))
}

fn headline(message: &str) -> String {
    format!(
        "{} {}\n",
        paint(style::ERROR, "error:"),
        text::hanging(message, 2)
    )
}

fn hint(hint: &str) -> String {
    format!(
        "{} {}\n",
        paint(style::HINT, "hint:"),
        text::hanging(hint, 2)
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{self, plain};

    #[test]
    fn the_platforms_error_is_one_block() {
        let text = plain(&failure(&samples::error().into()));

        assert_eq!(
            text,
            "error: AccessDeniedException: Not authorized to start.\n\
             hint: Grant it.\n\
             action: Start\n\
             request id: req-1\n"
        );
    }

    #[test]
    fn an_error_without_code_and_hint_is_a_line() {
        let error = contract::Error {
            code: String::new(),
            hint: String::new(),
            request_id: None,
            details: Vec::new(),
            ..samples::error()
        };
        assert_eq!(
            plain(&failure(&error.into())),
            "error: Not authorized to start.\n"
        );
    }

    #[test]
    fn a_failure_with_many_causes_is_one_sentence_without_a_backtrace() {
        let cause =
            anyhow::anyhow!("No such file or directory").context("cannot read the job file x.json");
        let text = plain(&failure(&cause.into()));
        assert_eq!(
            text,
            "error: cannot read the job file x.json: No such file or directory\n"
        );
    }

    #[test]
    fn after_a_start_in_doubt_the_advice_to_use_the_same_guid_comes_last() {
        let guid = uuid::Uuid::nil();
        let shown =
            |error: contract::Error| plain(&failure(&Failure::from_repeatable(error.into(), guid)));

        let doubtful = shown(samples::throttled());
        let advice = format!("request id: req-1\n{}\n", invocation::same_guid_again(guid));
        assert!(doubtful.ends_with(&advice), "{doubtful}");
        assert!(!shown(samples::error()).contains("--guid"));
    }

    #[test]
    fn a_job_that_was_refused_has_its_findings_above_the_error() {
        let text = plain(&failure(&Failure::InvalidJob(samples::findings())));

        assert!(
            text.starts_with("error    parameters.Rate: must be a number\n"),
            "{text}"
        );
        assert!(
            text.ends_with("error: the job isn't right; nothing was started\n"),
            "{text}"
        );
    }
}
