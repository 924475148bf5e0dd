//! What a used-up quota means: whether waiting can help, as far as SageMaker's message tells.
//!
//! SageMaker answers `ResourceLimitExceeded` for quotas of two kinds. One counts what runs at once, and is free
//! again when other runs are over. The other counts what exists, or is less than what one run needs, and stays
//! used up until somebody acts. Most messages have the quota's name and three figures:
//! `… limit 'NAME' is 4 Instances, with current utilization of 4 Instances and a request delta of 1
//! Instances.`

use job_type_kit::contains;
use job_type_kit::contract::Error;

/// The words by which a quota's name tells that it counts what runs at once.
const RUNNING: [&str; 5] = [
    "job usage",
    "concurrent",
    "executions",
    "running",
    "in progress",
];

/// Whether waiting can help.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Waiting {
    Helps,
    DoesNotHelp { quota: u64, asked: u64 },
    Unknown,
}

/// Completes the hint of an error `ResourceLimitExceeded`, and marks it as retryable where waiting can
/// help. Other errors stay as they are.
pub fn explain(error: &mut Error) {
    if error.code != "ResourceLimitExceeded" {
        return;
    }
    let waiting = read(&error.message);
    error.retryable = waiting == Waiting::Helps;
    error.hint = hint(waiting);
}

fn read(message: &str) -> Waiting {
    if let (Some(quota), Some(asked)) = figures(message)
        && asked > quota
    {
        return Waiting::DoesNotHelp { quota, asked };
    }
    // Without a name in quotes, the message itself has to tell.
    let name = message.split('\'').nth(1).unwrap_or(message);
    let name = name.to_ascii_lowercase();
    if RUNNING.iter().any(|word| contains(&name, word)) {
        Waiting::Helps
    } else {
        Waiting::Unknown
    }
}

/// The quota, and how much is asked for.
fn figures(message: &str) -> (Option<u64>, Option<u64>) {
    let (mut quota, mut asked) = (None, None);
    let (mut last_but_one, mut last) = ("", "");
    for word in message.split(' ') {
        match (last_but_one, last) {
            (name, "is") if name.ends_with('\'') => quota = word.parse().ok(),
            ("delta", "of") => asked = word.parse().ok(),
            _ => {}
        }
        (last_but_one, last) = (last, word);
    }
    (quota, asked)
}

fn hint(waiting: Waiting) -> String {
    let can_waiting_help = match waiting {
        Waiting::Helps => "It counts what runs at once: when other runs are over, the start works \
                           again."
            .to_owned(),
        Waiting::DoesNotHelp { quota, asked } => {
            format!("Waiting does not help: the quota is {quota}, and {asked} are asked for.")
        }
        Waiting::Unknown => {
            "If it counts what runs at once, the start works again when other runs are \
                             over; otherwise waiting does not help."
                .to_owned()
        }
    };
    format!(
        "A SageMaker quota (concurrent executions, training jobs, endpoints) has been hit. \
         {can_waiting_help} Request a quota increase from AWS Service Quotas if it happens a lot or \
         waiting does not help."
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use job_type_kit::contract::ErrorClass;

    fn explained(message: &str) -> Error {
        let mut error = Error::new(ErrorClass::Limit, "ResourceLimitExceeded", message, "");
        explain(&mut error);
        error
    }

    fn limit(name: &str, quota: u64, used: u64) -> Error {
        explained(&format!(
            "The account-level service limit '{name}' is {quota} Instances, with current utilization of \
             {used} Instances and a request delta of 1 Instances. Please use AWS Service Quotas to \
             request an increase for this quota."
        ))
    }

    #[test]
    fn a_quota_of_what_runs_at_once_is_free_again_when_other_runs_are_over() {
        for error in [
            limit("ml.m5.xlarge for training job usage", 4, 4),
            limit("Maximum number of concurrent pipeline executions", 200, 200),
            explained("You have reached the limit of concurrent executions."),
        ] {
            assert!(error.retryable, "{error:?}");
            assert!(error.hint.contains("when other runs are over"), "{error:?}");
        }
    }

    #[test]
    fn a_quota_that_is_less_than_what_one_run_needs_stays_used_up() {
        let error = limit("ml.p3.2xlarge for training job usage", 0, 0);
        assert!(!error.retryable);
        assert!(
            error
                .hint
                .contains("Waiting does not help: the quota is 0, and 1 are asked for"),
            "{error:?}"
        );
    }

    #[test]
    fn a_message_that_does_not_tell_leaves_both_open() {
        for error in [
            limit("ml.m5.large for endpoint usage", 4, 4),
            limit("Total number of models", 500, 500),
            explained(""),
            explained("limit ' is 99999999999999999999999 and a request delta of 1"),
        ] {
            assert!(!error.retryable, "{error:?}");
            assert!(
                error.hint.contains("If it counts what runs at once"),
                "{error:?}"
            );
        }
    }

    #[test]
    fn another_error_stays_as_it_is() {
        let mut error = Error::new(ErrorClass::Limit, "ResponseTooLarge", "", "hint");
        let before = error.clone();
        explain(&mut error);
        assert_eq!(error, before);
    }
}
